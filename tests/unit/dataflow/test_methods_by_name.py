"""A method that is called on what a field of the project's own class holds is found by its name."""

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
match = "client.send()"
purpose = "sharing"
"""

GATEWAY = """\
from client import send


class Gateway:
    def announce(self, text):
        send(text)

    def forget(self, text):
        print(text)
"""

OF_OWN = """\
class Desk:
    def __init__(self, gateway):
        self.gateway = gateway


def use(user, desk: Desk):
    desk.gateway.{}(user.email)
"""

OF_LIBRARY = """\
from somewhere import Desk


def use(user, desk: Desk):
    desk.gateway.{}(user.email)
"""


@pytest.mark.parametrize(
    ("text", "method", "expected"),
    [
        (OF_OWN, "announce", ["PUR001"]),
        (OF_OWN, "forget", []),
        (OF_LIBRARY, "announce", []),  # what a library's attribute holds is none of the project's
    ],
)
def test_the_receiver_may_be_of_any_class_of_the_project(
    text: str, method: str, expected: list[str], tmp_path: Path
) -> None:
    files = {"client.py": "def send(text):\n    pass\n", "gateway.py": GATEWAY, "use.py": text.format(method)}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    assert [found.code for found in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings] == expected
