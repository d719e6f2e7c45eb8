"""Which part of a container data is in: sets in fields, mappings of which little is known, unzipped columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

SETS = """\
from shop import User, send


class Run:
    def __init__(self):
        self.seen = set()
        self.names = set()

    def run(self, users: list[User]):
        for user in users:
            if user.phone in self.seen:
                continue
            self.seen.add(user.phone)
            self.names.add(user.name)
        send(sorted(self.seen))  # told
        send(sorted(self.names))
        send(",".join(self.seen))  # told
        send([*self.names])

    def report(self):
        for number in self.seen:
            send(number)  # told
        for name in self.names:
            send(name)
"""

ONE_OF_TWO = """\
from shop import User, send


def either(user: User, flag):
    one, other = {}, {}
    chosen = one if flag else other
    chosen["phone"] = user.phone
    chosen["name"] = user.name
    send(chosen["phone"])  # told
    send(chosen["name"])
    send(one["phone"])  # told
    send(other["name"])
    send(list(one.values()))  # told
    send(list(one))
    send(one.get("phone", "-"))  # told
    send(one.get("other", "-"))


def default(user: User, settings):
    held = settings.get("held") or {}
    held["phone"] = user.phone
    held["name"] = user.name
    send(held["phone"])  # told
    send(held["name"])
"""

UPDATED = """\
import hashlib

from shop import User, send


def keywords(user: User, state):
    state.update(phone=user.phone, name=user.name)
    send(state["phone"])  # told
    send(state["name"])
    send(state)  # told


def mapping(user: User, client):
    client.session.headers.update({"phone": user.phone, "name": user.name})
    send(client.session.headers["phone"])  # told
    send(client.session.headers["name"])


def record(user: User, row):
    row.update(phone=user.phone)
    send(row.phone)  # told
    send(row.city)


def text(user: User):
    digest = hashlib.sha256()
    digest.update(user.phone.encode())
    send(digest.hexdigest())  # told


def by_chat(user: User, chat, states: dict[int, dict]):
    states[chat].update(phone=user.phone, name=user.name)
    send(states[chat]["phone"])  # told
    send(states[chat]["name"])
"""

COLUMNS = """\
from shop import User, send


def unzipped(users: list[User]):
    names, numbers = zip(*[(user.name, user.phone) for user in users])
    send(names)
    send(numbers)  # told


def lists(users: list[User]):
    names, numbers = map(list, zip(*((user.name, user.phone) for user in users)))
    send(names)
    send(numbers)  # told


class Rows(list):
    pass


def pairs(user: User):
    held = dict(Rows([(user.phone, user.name)]))
    send(list(held))  # told
    send(held["x"])
"""


UNDER_UNKNOWN_KEYS = """\
from collections import defaultdict

from shop import User, send


class Chats:
    def __init__(self):
        self.data = {}
        self.held = defaultdict(dict)


def keep(user: User, chats: Chats, chat):
    chats.data.setdefault(chat, {}).update(phone=user.phone, name=user.name)
    send(chats.data[chat]["phone"])  # told
    send(chats.data[chat]["name"])


def read(chats: Chats, chat):
    send(chats.data[chat]["phone"])  # told
    send(chats.data[chat]["name"])


def keep_by_default(user: User, chats: Chats, chat):
    chats.held[chat]["phone"] = user.phone
    chats.held[chat]["name"] = user.name
    send(chats.held[chat]["phone"])  # told
    send(chats.held[chat]["name"])


def one_of_two(user: User, given):
    state = given or {}
    state.update(phone=user.phone)
    send(state["phone"])  # told
    send(state["city"])
    send(given)  # told
"""


@pytest.mark.parametrize("code", [SETS, ONE_OF_TWO, UPDATED, COLUMNS, UNDER_UNKNOWN_KEYS])
def test_data_stays_in_its_part(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code)
    assert told == expected


MADE = """\
from collections import namedtuple
from dataclasses import make_dataclass

User = namedtuple("User", ["name", "phone"])
Shop = namedtuple("Shop", "name phone")


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

OF_MADE = """\
from shop import Shop, User, send


def made(line):
    user = User(*line.split())
    send(user.phone)  # told
    send(user.name)
    send(Shop(*line.split()).phone)


def handed(user: User, shop: Shop):
    send(user.phone)  # told
    send(shop.phone)
"""


@pytest.mark.parametrize(
    "models", [MADE, MADE.replace('namedtuple("User", ', 'make_dataclass("User", ')], ids=["namedtuple", "dataclass"]
)
def test_classes_that_calls_make_have_names(models: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, OF_MADE, models=models)
    assert told == expected
