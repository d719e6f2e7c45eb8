"""Functions that call themselves with what lies deeper in a structure from elsewhere."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

MODELS = """\
from dataclasses import dataclass, field


@dataclass
class User:
    name: str
    phone: str
    head: "User | None" = None


@dataclass
class Lead(User):
    team: list[User] = field(default_factory=list)

    def add(self, *users):
        for user in users:
            user.head = self
            self.team.append(user)
        return self

    def walk(self):
        for user in self.team:
            yield user
            if isinstance(user, Lead):
                yield from user.walk()


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

CODE = """\
from shop import Lead, User, send


def tree(user, get):
    return {get(user): [tree(each, get) for each in getattr(user, "team", ())]}


def teams(user: User):
    top = Lead("T", input()).add(user, Lead("S", input()).add(User("L", input())))
    for each in top.walk():
        send(each.name)
        send(each.head.phone)  # told
        send(each.head.name)
    send([each.phone for each in top.walk()])  # told
    send([each.name for each in top.walk()])
    send(next(each.phone for each in top.walk() if each.name == "L"))  # told
    send(tree(top, lambda each: each.name))
    send(tree(top, lambda each: each.phone))  # told
"""


def test_what_lies_deep_in_a_structure_from_elsewhere_has_a_name_that_does_not_grow(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE, models=MODELS)
    assert told == expected
