"""Handlers around calls of libraries that are not there: they may run where the call may fail."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "user.email"
purposes = ["service"]

[[sink]]
id = "channel"
match = "channel.send()"
purpose = "sharing"
"""

HEAD = """\
import channel
import pydantic
import requests
import shop
import smtplib


class Own(Exception):
    pass


class Closer(requests.RequestException):
    pass


class Order(pydantic.BaseModel):
    number: int


def helper(url):
    requests.get(url)


def careful(url):
    try:
        requests.get(url)
    except Exception:
        pass
"""


@pytest.mark.parametrize(
    ("body", "caught", "told"),
    [
        ("requests.post('x')", "requests.RequestException", True),
        ("requests.post('x')", "Exception", True),
        ("requests.post('x')", "OSError", True),
        ("requests.post('x')", "", True),
        ("requests.post('x')", "Own", False),
        ("requests.post('x')", "StopIteration", False),
        ("shop.buy()", "shop.Refused", True),
        ("shop.buy()", "(Own, shop.Refused)", True),
        ("smtplib.SMTP('x').sendmail('a', 'b', 'c')", "smtplib.SMTPException", True),
        ("Order(number=user.text)", "pydantic.ValidationError", True),
        ("helper('x')", "requests.RequestException", True),
        ("helper('x')", "Own", False),
        ("careful('x')", "requests.RequestException", False),
        ("number = 1", "Exception", False),
        ("number = [1, 2][0]", "LookupError", False),
        ("number = max(1, 2)", "Exception", False),
    ],
)
def test_a_handler_may_run_where_what_it_waits_for_may_be_raised(
    tmp_path: Path, body: str, caught: str, told: bool
) -> None:
    code = (
        f"{HEAD}\n\ndef run(user):\n    try:\n        {body}\n    except {caught}:\n        channel.send(user.email)\n"
    )
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "job.py": code.replace("except :", "except:")})
    found = [finding for finding in purposelint.analyse(tmp_path).findings if finding.code == "PUR001"]
    assert bool(found) == told


def test_what_may_be_raised_leaves_the_function_behind_its_finally(tmp_path: Path) -> None:
    body = "\n\ndef run(user):\n    try:\n        helper('x')\n    finally:\n        channel.send(user.email)\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "job.py": HEAD + body})
    assert [finding.code for finding in purposelint.analyse(tmp_path).findings] == ["PUR001"]
