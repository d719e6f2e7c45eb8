"""Fields that are read by names which stand elsewhere: in a class, an heir of one, a constructor, a module."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import sharing, write

ANNOTATIONS = sharing("users.User.phone", "users.send()")

USERS = """\
from dataclasses import dataclass


@dataclass
class User:
    id: int
    size: str
    phone: str


def send(*things):
    pass


def direct(user: User):
    print(user.phone)
"""

WITH_METHODS = """\
class User:
    def __init__(self, size, phone):
        self.size = size
        self.phone = phone

    def grow(self, size):
        self.size = size


def send(*things):
    unknown(*things)


def direct(user: User):
    print(user.phone)
"""

WHERE = {
    "an attribute of an heir": """\
class Base:
    field = None

    def __init__(self, user: User):
        self.user = user

    def give(self):
        send(getattr(self.user, self.field))


class Heir(Base):
    field = "FIELD"
""",
    "an attribute of an heir that the class does not have": """\
class Base:
    def give(self, user: User):
        send(getattr(user, self.field))


class Heir(Base):
    field = "FIELD"
""",
    "a list of a class": """\
class Export:
    fields = ("id", "FIELD")

    def give(self, user: User):
        for each in self.fields:
            send(getattr(user, each))
""",
    "a list of a constructor": """\
class Export:
    def __init__(self):
        self.fields = ["id", "FIELD"]

    def give(self, user: User):
        for each in self.fields:
            send(getattr(user, each))
""",
    "a list of a constructor, read elsewhere": """\
class Export:
    def __init__(self):
        self.fields = ["id", "FIELD"]


def give(user: User, export: Export):
    for each in export.fields:
        send(getattr(user, each))
""",
    "an attribute of a constructor": """\
class Export:
    def __init__(self):
        self.first = "FIELD"
        self.other = "phone"

    def give(self, user: User):
        send(getattr(user, self.first))
""",
    "a dict of a module": """\
COLUMNS = {"first": "FIELD", "other": "phone"}


def give(user: User):
    send(getattr(user, COLUMNS["first"]))
""",
}


def lines_told(root: Path, text: str, users: str = USERS) -> list[str]:
    text = "from users import User, send\n\n\n" + text
    write(root, {"purposes.toml": ANNOTATIONS, "users.py": users, "app.py": text})
    found = [each for each in purposelint.analyse(root).findings if each.code == "PUR001"]
    return [text.splitlines()[each.span.line - 1].strip() for each in found]


@pytest.mark.parametrize("where", WHERE)
def test_the_name_of_the_source_is_kept(tmp_path: Path, where: str) -> None:
    (told,) = lines_told(tmp_path, WHERE[where].replace("FIELD", "phone"))
    assert told.startswith("send(getattr(")


@pytest.mark.parametrize("where", WHERE)
def test_the_name_of_another_field_is_kept(tmp_path: Path, where: str) -> None:
    assert lines_told(tmp_path, WHERE[where].replace("FIELD", "size")) == []


def test_a_method_of_another_class_with_such_an_attribute(tmp_path: Path) -> None:
    text = WHERE["an attribute of an heir"].replace("FIELD", "phone")
    text += """

class Other:
    field = "size"

    def give(self, user: User):
        send(getattr(user, self.field), 1)
"""
    assert lines_told(tmp_path, text) == ["send(getattr(self.user, self.field))"]


def test_methods_are_not_called_with_what_a_field_gives(tmp_path: Path) -> None:
    text = WHERE["a list of a constructor, read elsewhere"].replace("FIELD", "phone")
    text += "\n\ndef other(user: User):\n    send(user.size, 1)\n"
    assert lines_told(tmp_path, text, WITH_METHODS) == ["send(getattr(user, each))"]
