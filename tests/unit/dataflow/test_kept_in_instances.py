"""What one method keeps in the instance and another reads: objects, methods, and what lists and dicts hold."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import sharing, write

ANNOTATIONS = sharing("app.User.phone", "app.send()")

HEAD = """\
from dataclasses import dataclass


@dataclass
class User:
    id: int
    name: str
    phone: str


def send(*things):
    pass


"""


def lines_told(root: Path, text: str) -> list[str]:
    """The lines that are told of, without the spaces around them."""
    text = HEAD + text
    write(root, {"purposes.toml": ANNOTATIONS, "app.py": text})
    found = [each for each in purposelint.analyse(root).findings if each.code == "PUR001"]
    return [text.splitlines()[each.span.line - 1].strip() for each in sorted(found, key=lambda each: each.span.line)]


TABLE = """\
class App:
    def __init__(self):
        self.handlers = {"made": self.made, "gone": self.gone}

    def dispatch(self, user: User):
        self.handlers["KEY"](user.phone)

    def made(self, phone):
        send("made", phone)

    def gone(self, phone):
        print("gone", phone)
"""


@pytest.mark.parametrize(("key", "told"), [("made", ['send("made", phone)']), ("gone", [])])
def test_a_table_of_methods_made_in_init(tmp_path: Path, key: str, told: list[str]) -> None:
    assert lines_told(tmp_path, TABLE.replace("KEY", key)) == told


def test_a_table_looked_up_by_an_unknown_key_may_be_any_of_its_methods(tmp_path: Path) -> None:
    text = TABLE.replace("dispatch(self, user", "dispatch(self, name, user").replace('"KEY"', "name")
    assert lines_told(tmp_path, text) == ['send("made", phone)']


@pytest.mark.parametrize(("step", "told"), [("step", ["send(phone)"]), ("other", [])])
def test_a_list_of_methods_made_in_init(tmp_path: Path, step: str, told: list[str]) -> None:
    text = f"""\
class App:
    def __init__(self):
        self.steps = [self.{step}]

    def run(self, user: User):
        for step in self.steps:
            step(user.phone)

    def step(self, phone):
        send(phone)

    def other(self, phone):
        print(phone)
"""
    assert lines_told(tmp_path, text) == told


def test_the_keys_of_a_dict_made_in_init_stay_apart(tmp_path: Path) -> None:
    text = """\
class Mailer:
    def __init__(self, user: User):
        self.context = {"name": user.name, "to": {"number": user.phone, "id": user.id}}

    def push(self):
        send(self.context["name"])
        send(self.context["to"]["number"])
        send(self.context["to"]["id"])
"""
    assert lines_told(tmp_path, text) == ['send(self.context["to"]["number"])']


KEPT = """\
class Service:
    def __init__(self):
        self.pending = []
        self.names = []
        self.by_id = {}
        self.last = {}

    def login(self, user: User):
        self.pending.append(user.phone)
        self.names.append(user.name)
        self.by_id[user.id] = user.phone
        self.last["phone"] = user.phone
        self.last["name"] = user.name

    def close(self):
        send(READ)
"""


@pytest.mark.parametrize("read", ["self.pending", "self.by_id", "self.by_id[7]", 'self.last["phone"]'])
def test_what_another_method_has_put_into_a_list_or_dict(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, KEPT.replace("READ", read)) == [f"send({read})"]


@pytest.mark.parametrize("read", ["self.names", 'self.last["name"]'])
def test_what_no_method_has_put_there(tmp_path: Path, read: str) -> None:
    assert lines_told(tmp_path, KEPT.replace("READ", read)) == []


SUBSCRIBED = """\
class Bus:
    def __init__(self):
        self.handlers = []

    def subscribe(self, fn):
        self.handlers.append(fn)

    def publish(self, payload):
        for handler in self.handlers:
            handler(payload)


class App:
    def __init__(self, bus: Bus):
        self.bus = bus
        bus.subscribe(self.forward)

    def forward(self, payload):
        send(payload)

    def create(self, user: User):
        self.bus.publish(user.FIELD)
"""


@pytest.mark.parametrize(("field", "told"), [("phone", ["send(payload)"]), ("name", [])])
def test_a_method_subscribed_in_a_constructor(tmp_path: Path, field: str, told: list[str]) -> None:
    assert lines_told(tmp_path, SUBSCRIBED.replace("FIELD", field)) == told


def test_a_class_that_subscribes_nothing_is_not_called(tmp_path: Path) -> None:
    text = SUBSCRIBED.replace("        bus.subscribe(self.forward)\n", "")
    assert lines_told(tmp_path, text) == []


def test_what_code_has_set_on_one_heir_of_a_class_is_no_field_of_another(tmp_path: Path) -> None:
    text = """\
class Record:
    pass


class Session(Record):
    email = ""


class Letter(Record):
    email = ""


def find(user: User, record: Record):
    record.email = user.phone


def read(letter: Letter):
    send(letter.email)
"""
    assert lines_told(tmp_path, text) == []
    inherited = text.replace("class Record:\n    pass\n", 'class Record:\n    email = ""\n')
    assert lines_told(
        tmp_path, inherited.replace('class Letter(Record):\n    email = ""', "class Letter(Record):\n    pass")
    ) == ["send(letter.email)"]


WIZARD = """\
@dataclass
class Shop:
    phone: str


class Wizard:
    def __init__(self):
        self.user = None
        self.seen = {}
        self.users = []

    def start(self, number, given: KIND):
        print(number)
        self.user = given
        self.seen[number] = given
        self.users.append(given)

    def finish(self):
        send(READ)

    def all(self):
        for each in self.users:
            print(each)
            send(each.FIELD)
"""


@pytest.mark.parametrize("read", ["self.user.phone", "self.seen[3].phone"])
def test_an_object_that_another_method_keeps(tmp_path: Path, read: str) -> None:
    text = WIZARD.replace("READ", read).replace("KIND", "User").replace("FIELD", "phone")
    assert lines_told(tmp_path, text) == [f"send({read})", "send(each.phone)"]


@pytest.mark.parametrize("read", ["self.user.name", "self.seen[3].name"])
def test_another_field_of_an_object_that_another_method_keeps(tmp_path: Path, read: str) -> None:
    text = WIZARD.replace("READ", read).replace("KIND", "User").replace("FIELD", "name")
    assert lines_told(tmp_path, text) == []


def test_an_object_of_another_class_that_another_method_keeps(tmp_path: Path) -> None:
    text = WIZARD.replace("READ", "self.user.phone").replace("KIND", "Shop").replace("FIELD", "phone")
    assert lines_told(tmp_path, text) == []


def test_a_method_of_another_class_keeps_nothing_here(tmp_path: Path) -> None:
    text = WIZARD.replace("READ", "1").replace("KIND", "User").replace("FIELD", "phone")
    text += "\n\nclass Other:\n    def finish(self):\n        send(self.user.phone)\n"
    assert lines_told(tmp_path, text) == ["send(each.phone)"]
