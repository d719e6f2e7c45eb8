"""Where hundreds of files mention a source's name, only those are looked into that may meet its class."""

from __future__ import annotations

import dataclasses
import textwrap
from pathlib import Path
from typing import cast

import pytest

import purposelint
from purposelint.config import load
from purposelint.dataflow import vicinity
from purposelint.dataflow.seeds import Seeds
from purposelint.dataflow.vicinity import declared
from purposelint.facts.program import Program
from purposelint.syntax import lower
from support.small_project import sharing, write

ANNOTATIONS = sharing("accounts.User.phone", "client.send()")

FILES = {
    "purposes.toml": ANNOTATIONS,
    "accounts.py": """\
        class User:
            phone: str

        class Staff(User):
            pass
        """,
    "client.py": "def send(value):\n    pass\n",
    "stored.py": """\
        from accounts import User

        class Session:
            holder: User

        class Registry:
            def __init__(self):
                self.everyone = {}

            def add(self):
                self.newest = User()

            def find(self) -> User | None:
                return self.everyone.get(1)

        def made():
            return User()
        """,
    "by_class.py": "import client\nfrom accounts import User\n\ndef run(user: User):\n    client.send(user.phone)\n",
    "by_heir.py": "import client\nfrom accounts import Staff\n\ndef run(one: Staff):\n    client.send(one.phone)\n",
    "by_field.py": """\
        import client
        import stored

        def run(session: stored.Session):
            client.send(session.holder.phone)
        """,
    "by_attribute.py": """\
        import client
        import stored

        def run():
            registry = stored.Registry()
            registry.add()
            client.send(registry.newest.phone)
        """,
    "by_annotated_result.py": """\
        import client
        import stored

        def run(registry: stored.Registry):
            client.send(registry.find().phone)
        """,
    "by_result.py": "import client\nfrom stored import made\n\ndef run():\n    client.send(made().phone)\n",
}
OTHERS = {f"others/o{number}.py": "def dial(shop):\n    return shop.phone\n" for number in range(20)}


@pytest.fixture
def crowded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {name: textwrap.dedent(text) for name, text in (FILES | OTHERS).items()})
    monkeypatch.setattr(vicinity, "MAX_FILES", 10)
    return tmp_path


def test_what_names_the_class_or_what_is_declared_to_hold_one_is_looked_into(crowded: Path) -> None:
    report = purposelint.analyse(crowded)

    assert [found.path for found in report.findings] == sorted(name for name in FILES if name.startswith("by_"))


def test_the_rest_is_not_even_parsed(crowded: Path) -> None:
    assert int(purposelint.analyse(crowded).statistics["files parsed"]) <= len(FILES)


def test_the_whole_program_says_the_same(crowded: Path) -> None:
    assert purposelint.analyse(crowded, whole_program=True).findings == purposelint.analyse(crowded).findings


def test_a_class_that_is_met_everywhere_confines_nothing(crowded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vicinity, "MAX_OF_CLASS", 2)

    assert int(purposelint.analyse(crowded).statistics["files parsed"]) > len(OTHERS)


def test_what_was_confined_is_free_again_where_its_name_is_rare(crowded: Path) -> None:
    annotations = load(crowded / "purposes.toml", root=crowded)
    own = tuple(source for source in annotations.sources if source.pack is None)
    seeds = Seeds(cast("Program", None), dataclasses.replace(annotations, sources=own))
    (pattern,) = own[0].match

    seeds.confine({pattern: frozenset({"by_class.py"})})
    assert "phone" in seeds.named_in("by_class.py")
    assert "phone" not in seeds.named_in("others/o1.py")

    seeds.confine({})
    assert "phone" in seeds.named_in("others/o1.py")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("owner: User\n", {"owner"}),
        ("class A:\n    owner: 'User | None'\n", {"owner"}),
        ("class A:\n    owner = ForeignKey('shop.User', related_name='baskets')\n", {"owner", "baskets"}),
        ("def get() -> list[User]: ...\n", {"get"}),
        ("def get():\n    return User.objects.first()\n", {"get"}),
        ("async def get():\n    return await User.load()\n", {"get"}),
        ("def fill(cache):\n    cache.people[1] = User()\n", {"people"}),
        ("def find():\n    local = User()\n    return local\n", {"find"}),
        ("def fill():\n    local = User()\n    local.save()\n", set()),
        ("from accounts import User as Person\n", {"Person"}),
        ("def get():\n    return Visitor()\n", set()),
        ("class A:\n    owner: Username\n", set()),
    ],
)
def test_names_that_a_file_declares(code: str, names: set[str]) -> None:
    assert set(declared(lower(code.encode()), {"User"})) == names
