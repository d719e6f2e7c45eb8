"""What a function puts into a variable of a module, and another reads: caches, states, the one user at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import sharing, write

ANNOTATIONS = sharing("users.User.phone", "users.send()")

USERS = """\
class User:
    def __init__(self, phone, size):
        self.phone = phone
        self.size = size


class Shop:
    def __init__(self, phone, size):
        self.phone = phone
        self.size = size


def send(*things):
    pass


def load(number) -> KIND:
    return KIND("1", "L")
"""

STATE = """\
from collections import defaultdict
from contextvars import ContextVar

from users import load

STATE = {"user": None}
BY_SIZE = defaultdict(list)
ALL = []
current = ContextVar("current")
USER = None


def fill(number):
    STATE["user"] = load(number)


def fill_lists(number):
    user = load(number)
    BY_SIZE[user.size].append(user)
    ALL.append(user)


def enter(number):
    current.set(load(number))


def setup():
    global USER
    USER = load(1)


def at_hand():
    return USER
"""

FILLING_ELSEWHERE = """\
import state
from users import load

def refill(number):
    state.LATER["user"] = load(number)
"""


def lines_told(root: Path, read: str, field: str, kind: str = "User", fillers: int = 0) -> list[str]:
    """The lines of the reading module that are told of."""
    reading = (
        f"import state\nfrom state import *\nfrom users import send\n\n\ndef read(key):\n    send({read}.{field})\n"
    )
    files = {
        "purposes.toml": ANNOTATIONS,
        "users.py": USERS.replace("KIND", kind),
        "state.py": STATE + "\n\nLATER = {}\n",
        "later.py": FILLING_ELSEWHERE,
        "reading.py": reading,
    }
    files.update({f"other{number}.py": f"def work{number}(user):\n    return user.size\n" for number in range(fillers)})
    write(root, files)
    found = [each for each in purposelint.analyse(root).findings if each.code == "PUR001"]
    return [reading.splitlines()[each.span.line - 1].strip() for each in found if each.path == "reading.py"]


READS = [
    'state.STATE["user"]',
    'state.STATE.get("user")',
    "next(iter(state.BY_SIZE[key]))",
    "state.ALL[key]",
    "state.current.get()",
    "state.USER",
    "state.at_hand()",
    'state.LATER["user"]',
]


@pytest.mark.parametrize("read", READS)
def test_an_object_that_a_function_keeps_in_a_module(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, read, "phone") == [f"send({read}.phone)"]


@pytest.mark.parametrize("read", READS)
def test_another_field_of_an_object_that_is_kept_in_a_module(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, read, "size") == []


@pytest.mark.parametrize("read", READS)
def test_an_object_of_another_class_that_is_kept_in_a_module(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, read, "phone", kind="Shop") == []


@pytest.mark.parametrize("read", ['state.STATE["user"]', "state.at_hand()"])
def test_an_object_that_is_kept_in_a_module_of_a_large_project(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, read, "phone", fillers=120) == [f"send({read}.phone)"]
    assert lines_told(tmp_path, read, "size", fillers=120) == []


def test_another_variable_of_the_module(tmp_path: Path) -> None:
    assert lines_told(tmp_path, "state.current.name", "phone") == []
