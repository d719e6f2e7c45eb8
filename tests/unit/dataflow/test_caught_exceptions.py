"""What tells the exception that the handler at hand has caught takes what a traceback shows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

BEGINNING = """\
import logging
import sys
import traceback

from shop import User, send

log = logging.getLogger(__name__)


class Refused(Exception):
    def __init__(self, user):
        super().__init__("refused")
        self.user = user


def ring(user):
    raise ValueError(f"bad phone {user.phone}")


def told(user: User):
"""

CALLED = """\
    try:
        ring(user)
    except ValueError:
        log.exception("failed")  # told
        log.warning("failed", exc_info=True)  # told
        log.warning("failed", exc_info=False)
        log.warning("failed")
        send(traceback.format_exc())  # told
        send(sys.exc_info()[1])  # told
    log.exception("failed")
    send(traceback.format_exc())
"""

BEHIND = """\
    try:
        try:
            ring(user)
        except ValueError as error:
            raise KeyError("unknown") from error
    except KeyError as error:
        send(str(error))
        log.exception("failed")  # told
"""

NOT_SHOWN = """\
    try:
        raise Refused(user)
    except Refused:
        log.exception("failed")
"""

OTHER = """\
    try:
        send(user.name)
        raise ValueError("bad phone")
    except ValueError:
        log.exception("failed")
        log.exception("failed for %s", user.phone)  # told
"""


@pytest.mark.parametrize("body", [CALLED, BEHIND, NOT_SHOWN, OTHER])
def test_a_traceback_shows_the_messages(body: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, BEGINNING + body)
    assert told == expected
