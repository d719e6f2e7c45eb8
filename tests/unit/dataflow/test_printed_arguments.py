"""What a logger is given behind its format is a text in the end: of an object, what it shows of itself."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from types import ModuleType

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
match = ["logging.Logger.info()", "logging.LoggerAdapter.info()", "logging.info()"]
purpose = "operations"

[[sink]]
id = "mailing"
match = "mailing.send()"
purpose = "operations"
"""

MAILING = """\
def send(subject, order):
    SENT.append(subject + str(vars(order)))
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
        ("Order", 'logging.info("order %s", order)', False),
        ("Order", 'logging.info("order %s", order.email)', True),
        ("Order", 'logging.LoggerAdapter(logger, {}).info("order %s", order)', False),
        ("Order", 'logging.LoggerAdapter(logger, {}).info("order %s", [order.email])', True),
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
    found = {finding.code for finding in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings}
    assert found == ({"PUR001"} if arrives else set())

    made: dict[str, type] = {}
    exec(MODELS, made)
    with caplog.at_level(logging.INFO):
        exec(
            call, {"logging": logging, "logger": logging.getLogger("shop"), "order": made[cls]("A1", "kim@example.org")}
        )
    said = [record.getMessage() + str(record.__dict__.get("to", "")) for record in caplog.records]
    assert any("kim@example.org" in text for text in said) is arrives


@pytest.mark.parametrize(
    ("handed", "arrives"), [("order", True), ("copy.copy(order)", True), ("Order('B2', '')", False)]
)
def test_what_no_model_says_that_it_prints_is_handed_the_object_itself(
    handed: str, arrives: bool, tmp_path: Path
) -> None:
    call = f'mailing.send("50 % off", {handed})'
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS,
            "models.py": MODELS,
            "mailing.py": f"SENT = []\n\n\n{MAILING}",
            "shop.py": f"import copy\nimport mailing\nfrom models import Order\n\n\n"
            f"def told(order: Order):\n    {call}\n",
        },
    )
    found = {finding.code for finding in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings}
    assert found == ({"PUR001"} if arrives else set())

    made: dict[str, type] = {}
    exec(MODELS, made)
    mailing = ModuleType("mailing")
    sent: list[str] = vars(mailing).setdefault("SENT", [])
    exec(MAILING, vars(mailing))
    exec(call, {"copy": copy, "mailing": mailing, "order": made["Order"]("A1", "kim@example.org"), **made})
    assert any("kim@example.org" in text for text in sent) is arrives
