"""What gives away the whole of something does not name the attribute that is a source: it is run all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
security = "Protect accounts"
advertising = "Adverts"

[[source]]
id = "phone"
match = "people.User.phone"
purposes = ["security"]

[[sink]]
id = "partner"
match = "ads.send()"
purpose = "advertising"
"""

PEOPLE = "from dataclasses import dataclass\n\n\n@dataclass\nclass User:\n    name: str\n    phone: str\n"

HEAD = """\
import json
from dataclasses import asdict
from operator import attrgetter

import ads
from people import User

FIELDS = ["name", "phone"]
PUBLIC = ["name"]
COLUMNS = [("Name", lambda user: user.name), ("Phone", lambda user: user.phone)]
NAMES = [("Name", lambda user: user.name)]
TEMPLATE = "Call {user.phone}"
GREETING = "Hello {user.name}"
phone = attrgetter("phone")
name = attrgetter("name")


class Encoder(json.JSONEncoder):
    def default(self, value):
        return {"phone": value.phone}


class Short(json.JSONEncoder):
    def default(self, value):
        return {"name": value.name}


def counted(user: User):
    ads.send(len(user.phone))


"""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("asdict(user)", True),
        ("asdict(user)['name']", False),
        ("{'user': user}", True),
        ("{'user': user.name}", False),
        ("[getattr(user, field) for field in FIELDS]", True),
        ("[getattr(user, field) for field in PUBLIC]", False),
        ("[get(user) for _, get in COLUMNS]", True),
        ("[get(user) for _, get in NAMES]", False),
        ("phone(user)", True),
        ("name(user)", False),
        ("TEMPLATE.format(user=user)", True),
        ("GREETING.format(user=user)", False),
        ("json.dumps([user], cls=Encoder)", True),
        ("vars(user)", True),
        ("len(vars(user))", False),
    ],
)
def test_beside_a_function_that_names_the_attribute(tmp_path: Path, given: str, told: bool) -> None:
    code = f"{HEAD}def job(user: User):\n    ads.send({given})\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": PEOPLE, "job.py": code})
    found = [finding for finding in purposelint.analyse(tmp_path).findings if finding.code == "PUR001"]
    assert {(finding.path, finding.span.line) for finding in found} == (
        {("job.py", HEAD.count("\n") + 2)} if told else set()
    )


ORIGINS = """\
import ads
from people import User


class Team:
    owner: User
    size: int


class Repository:
    def find_account(self, key) -> User:
        return self._rows[key]


def first_account(rows) -> "User":
    return rows[0]


def pushed(thing):
    ads.send({"thing": thing})


def measured(thing):
    ads.send(len(thing))


def counted(user: User):
    ads.send(len(user.phone))


"""


@pytest.mark.parametrize(
    ("parameters", "given", "told"),
    [
        ("user: User", "ads.send(user)", True),
        ("users: list[User]", "ads.send(users)", True),
        ("users: list[User]", "ads.send(len(users))", False),
        ("team: Team", "ads.send(team.owner)", True),
        ("team: Team", "ads.send(team.size)", False),
        ("repository: Repository, key", "ads.send(repository.find_account(key))", True),
        ("repository: Repository, key", "ads.send(repository.find_account(key).name)", False),
        ("rows", "user = first_account(rows); ads.send(user)", True),
        ("rows", "user = first_account(rows); ads.send(user.name)", False),
        ("user: User", "pushed(user)", True),
        ("user: User", "measured(vars(user))", False),
        ("user: User", "pushed(user.name)", False),
    ],
)
def test_wherever_the_instance_comes_from(tmp_path: Path, parameters: str, given: str, told: bool) -> None:
    code = f"{ORIGINS}def job({parameters}):\n    {given}\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": PEOPLE, "job.py": code})
    found = [finding for finding in purposelint.analyse(tmp_path).findings if finding.code == "PUR001"]
    assert bool(found) == told


METHODS = """\
from dataclasses import asdict

import ads
from people import User


def counted(user: User):
    ads.send(len(user.phone))


"""


@pytest.mark.parametrize(
    ("parameters", "given", "told"),
    [
        ("users: list[User]", "ads.send(asdict(users[0]))", True),
        ("users: list[User]", "ads.send(users[0].name)", False),
        ("users: list[User]", "ads.send(users[1:])", True),
        ("users: dict[str, User], key", "ads.send(users[key])", True),
        ("users: dict[str, User], key", "ads.send(users[key].name)", False),
        ("users: dict[str, User]", "ads.send([user for _, user in users.items()])", True),
        ("users: dict[str, User]", "ads.send([key for key, _ in users.items()])", False),
    ],
)
def test_elements_are_given_away_as_what_holds_them_is(tmp_path: Path, parameters: str, given: str, told: bool) -> None:
    code = f"{METHODS}def job({parameters}):\n    {given}\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": PEOPLE, "job.py": code})
    found = {finding.span.line for finding in purposelint.analyse(tmp_path).findings if finding.code == "PUR001"}
    assert found == ({code.count("\n")} if told else set())


@pytest.mark.parametrize(
    ("given", "told"), [("asdict(self)", True), ("self.name", False), ("len(asdict(self))", False)]
)
def test_a_method_of_the_class_gives_away_its_instance(tmp_path: Path, given: str, told: bool) -> None:
    people = f"{PEOPLE}\n    def push(self):\n        ads.send({given})\n"
    people = people.replace("from dataclasses import", "import ads\nfrom dataclasses import asdict,", 1)
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": people, "job.py": METHODS})
    found = [finding.path for finding in purposelint.analyse(tmp_path).findings if finding.code == "PUR001"]
    assert found == (["people.py"] if told else [])
