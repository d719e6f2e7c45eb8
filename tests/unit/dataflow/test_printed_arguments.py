"""What a logger is given behind its format is a text in the end: of an object, what it shows of itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
operations = "Run the shop"

[[source]]
id = "email"
match = "models.Order.email"
purposes = ["service"]

[[sink]]
id = "log"
match = "logging.Logger.info()"
purpose = "operations"
"""

MODELS = """\
class Order:
    def __init__(self, code, email):
        self.code = code
        self.email = email


class Shown(Order):
    def __repr__(self):
        return "<" + self.email + ">"
"""


@pytest.mark.parametrize(
    ("cls", "call", "arrives"),
    [
        ("Order", 'logger.info("order %r", order)', False),
        ("Order", 'logger.info("order %s of %s", order.code, order)', False),
        ("Order", 'logger.info("order %s", order.email)', True),
        ("Order", 'logger.info("order %s", [order.email])', True),
        ("Order", 'logger.info("order %r", {"email": order.email})', True),
        ("Order", 'logger.info("order %(email)s", vars(order))', True),
        ("Order", 'logger.info("order", extra={"to": order.email})', True),
        ("Shown", 'logger.info("order %r", order)', True),
    ],
)
def test_an_object_is_printed_as_it_shows_itself(
    cls: str, call: str, arrives: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS,
            "models.py": MODELS,
            "shop.py": f"import logging\nfrom models import {cls}\n\nlogger = logging.getLogger(__name__)\n\n\n"
            f"def told(order: {cls}):\n    {call}\n",
        },
    )
    found = [finding.code for finding in purposelint.analyse(tmp_path).findings]
    assert found == (["PUR001"] if arrives else [])

    made: dict[str, type] = {}
    exec(MODELS, made)
    with caplog.at_level(logging.INFO):
        exec(call, {"logger": logging.getLogger("shop"), "order": made[cls]("A1", "kim@example.org")})
    said = [record.getMessage() + str(record.__dict__.get("to", "")) for record in caplog.records]
    assert any("kim@example.org" in text for text in said) is arrives
