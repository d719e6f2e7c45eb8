"""What comes to a sink in the model of a library is told where the library is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

ADAPTER = """\
import logging
from shop import User, send

logger = logging.getLogger(__name__)


def told(user: User):
    log = logging.LoggerAdapter(logger, {"user": user.id})
    phone = user.phone
    log.warning(
        "bad number %s", phone)
    log.info("called %s", phone)  # told
    log.info("called %s", user.name)


def told_of_itself(user: User):
    log = logging.LoggerAdapter(logger, {"user": user.phone})
    log.info("called %s", user.name)  # told
""".replace("    log.warning(\n", "    log.warning(  # told\n")

FILES = """\
import json
from shop import User


def told(user: User):
    with open("a.json", "w") as file:
        content = {"phone": user.phone}
        json.dump(content, file)  # told
        json.dump({"name": user.name}, file)
"""

KEPT = """
[[sink]]
id = "file"
match = "io.TextIOBase.write()"
purpose = "advertising"
"""


@pytest.mark.parametrize(("code", "annotations"), [(ADAPTER, ""), (FILES, KEPT)])
def test_it_is_told_at_the_call(code: str, annotations: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code, annotations)
    assert told == expected
