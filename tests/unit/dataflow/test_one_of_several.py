"""In a loop, what is made for one of several things that a value may be is not what is made for another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "shop.email()"
purposes = ["service"]

[[sink]]
id = "sent"
match = "shop.send()"
purpose = "sharing"
"""

SHOP = """\
SENT = []


def email():
    return "kim@example.org"


def send(value):
    SENT.append(value)


class Box:
    def __init__(self, value):
        self.value = value

    def __getitem__(self, key):
        return [self.value, key]


"""


@pytest.mark.parametrize(
    "values",
    [
        "(['', email()] if flag else [])[1:]",
        "([email(), ''] if flag else [])[1:]",
        "(Box(email()) if flag else Box(''))['k']",
        "(Box('') if flag else Box(''))['k']",
    ],
)
def test_what_is_made_for_each_is_kept_apart(values: str, tmp_path: Path) -> None:
    body = f"def use(flag):\n    for _ in 'w':\n        for value in {values}:\n            send(value)\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "shop.py": SHOP + body})
    found = purposelint.analyse(tmp_path, ignore=["PUR904"]).findings

    namespace: dict[str, Any] = {}
    exec(SHOP + body, namespace)
    namespace["use"](True)
    assert bool(found) is ("kim@example.org" in namespace["SENT"])
