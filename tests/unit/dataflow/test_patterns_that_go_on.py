"""Patterns that go on behind what the code knows: keys, elements, attributes of attributes and of results."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

SOURCES = """\
[[source]]
id = "parts"
match = [
    'main.Box.extra["email"]',
    'main.Box.nested["user"]["email"]',
    'event["user"]["email"]',
    'main.Box.phones[*]',
    'main.Box.people()[*]["email"]',
    'main.Box.others[*].email',
    'main.settings.contact.email',
    'main.Box.load()["email"]',
    'main.Box.prop["email"]',
    'main.Box.contact.email',
    'main.Box.field["email"]',
    'main.Box.other.email',
    'main.Box.rows[*].email',
    'main.fetch()["email"]',
    'main.CONF["email"]',
    'main.Box.make().email',
]
purposes = ["security"]

[[sink]]
id = "outbox"
match = ['main.Box.outbox["to"]', "main.Box.client.publish()"]
purpose = "advertising"

"""

CODE = """\
import json

from lib import JSONField
from shop import send


class Contact:
    def __init__(self, email, city):
        self.email = email
        self.city = city


class Settings:
    def __init__(self):
        self.contact = Contact(input(), input())


settings = Settings()


class Client:
    def publish(self, x):
        print(x)


class Box:
    field = JSONField()
    rows: list[Contact]

    def __init__(self, x, y, other):
        self.extra = {"email": x, "b": y}
        self.clean = {"email": x, "b": y}
        self.nested = {"user": {"email": x, "city": y}, "email": y}
        self.phones = [x, y]
        self.cities = [x, y]
        self.others = [Contact(x, y), Contact(y, x)]
        self.outbox = {"to": "", "from": ""}
        self.contact = Contact(x, y)
        self.other = other
        self.client = Client()
        self.other_client = Client()

    def people(self):
        return [{"email": input(), "city": input()} for _ in range(3)]

    def load(self):
        return {"email": input(), "b": input()}

    def make(self):
        return Contact(input(), input())

    @property
    def prop(self):
        return {"email": input(), "b": input()}


CONF = {"email": input(), "b": input()}


def fetch():
    return {"email": input(), "b": input()}


def steps(box: Box):
    send(box.extra["email"])  # told
    send(box.extra.get("email"))  # told
    send(box.extra["b"])
    send(box.load()["email"])  # told
    send(box.load()["b"])
    send(box.prop["email"])  # told
    send(box.prop["b"])
    send(box.contact.email)  # told
    send(box.contact.city)
    send(box.field["email"])  # told
    send(box.field["b"])
    send(box.other.email)  # told
    send(box.other.b)
    for row in box.rows:
        send(row.email)  # told
        send(row.city)
    send(fetch()["email"])  # told
    send(fetch()["b"])
    send(CONF["email"])  # told
    send(CONF["b"])
    send(box.make().email)  # told
    send(box.make().city)
    send(Contact("", "").email)


def whole(box: Box):
    send(box.extra)  # told
    send(json.dumps(box.extra))  # told
    send(list(box.extra.values()))  # told
    send({**box.extra})  # told
    send(box.clean)
    send(json.dumps(box.clean))


def by_run_time_keys(box: Box):
    for k, v in box.extra.items():
        send(v)  # told
    for k in box.extra:
        send(box.extra[k])  # told


def nested(box: Box):
    send(box.nested["user"]["email"])  # told
    send(box.nested["user"]["city"])
    send(box.nested["email"])
    u = box.nested["user"]
    send(u["email"])  # told
    send(u.get("city"))


def by_name(x, y):
    event = {"user": {"email": x, "city": y}}
    send(event["user"]["email"])  # told
    send(event["user"]["city"])
    u = event["user"]
    send(u["email"])  # told
    send(u["city"])
    other = {"user": {"email": x, "city": y}}
    send(other["user"]["email"])


def elements(box: Box):
    for p in box.phones:
        send(p)  # told
    send(box.phones[0])  # told
    send(box.phones)  # told
    for p in box.cities:
        send(p)


def elements_of_results(box: Box):
    for p in box.people():
        send(p["email"])  # told
        send(p["city"])
    send([p["email"] for p in box.people()])  # told
    send([p["city"] for p in box.people()])


def objects_in_lists(box: Box):
    for p in box.others:
        send(p.email)  # told
        send(p.city)
    send(box.others[1].email)  # told
    send(Contact(input(), input()).email)


def of_a_module():
    send(settings.contact.email)  # told
    send(settings.contact.city)


def sinks(box: Box):
    box.outbox["to"] = box.phones[0]  # told
    box.outbox["from"] = box.phones[0]
    box.client.publish(box.phones[0])  # told
    box.other_client.publish(box.phones[0])


def made_here(x, y):
    box = Box(x, y, 1)
    send(box.extra)  # told
    send(json.dumps(box.extra))  # told
    send(json.dumps(box.clean))
    send(box.phones)  # told
    send(box.cities)
    send(box.nested)  # told
    send(box.nested["user"])  # told
    send({"email": "", **box.clean})
    send(dict(box.extra))  # told
    send([*box.phones])  # told
    send(box.people())  # told
"""


def test_a_pattern_goes_on_behind_what_the_code_knows(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE, annotations=SOURCES)
    assert told == expected
