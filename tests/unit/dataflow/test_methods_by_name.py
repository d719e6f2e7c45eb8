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


VOTES = """\
from client import send


class Suggestion:
    def add_vote(self, who):
        self.{}(who)

    def accept(self, who):
        print(who)

    def note(self, who):
        send(who)

    def decide(self, who):
        raise NotImplementedError()


class Invitation:
    def accept(self, who):
        send(who)


class Poll(Suggestion):
    def decide(self, who):
        send(who)


def use(user, suggestion):
    suggestion.add_vote(user.email)
"""


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("accept", []),  # its own, and not the other class's
        ("note", ["PUR001"]),
        ("decide", ["PUR001"]),
    ],
)
def test_inside_the_receiver_is_of_the_class_that_has_the_method(
    called: str, expected: list[str], tmp_path: Path
) -> None:
    files = {"client.py": "def send(text):\n    pass\n", "votes.py": VOTES.format(called)}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    assert [found.code for found in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings] == expected


KEPT = """\
from client import send


class Suggestion:
    def remember(self, who):
        self.voter = who


class Invitation:
    def tell(self):
        send(self.{0})


def use(user, suggestion):
    suggestion.remember(user.email)
    send(suggestion.{0})
"""


@pytest.mark.parametrize(("name", "expected"), [("voter", ["PUR001"]), ("other", [])])
def test_what_it_stores_in_itself_is_in_the_receiver(name: str, expected: list[str], tmp_path: Path) -> None:
    files = {"client.py": "def send(text):\n    pass\n", "votes.py": KEPT.format(name)}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    assert [found.code for found in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings] == expected
