"""A run after an edit tells what a fresh one tells, also where it takes the data's ways from a run before the edit."""

from __future__ import annotations

import ast
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import purposelint
from purposelint.cache import Store
from purposelint.policy.findings import Report
from purposelint.report import FORMATS, render
from support.expectations import ROOT
from support.small_project import ANNOTATIONS, write

SCENARIOS = sorted(path for path in (ROOT / "fixtures" / "scenarios").glob("S*/as_it_happened") if path.is_dir())

SHOP = """\
import ads
import messages
from accounts import User


class Desk:
    def greet(self, user: User):
        messages.send(user.phone)

    def close(self, day):
        total = 0
        return [total + hour for hour in day]


def sync(user: User):
    ads.send(user.phone)


def report(rows):
    def line(row):
        return row + 1
    return [line(row) for row in rows]
"""
FILES = {
    "purposes.toml": ANNOTATIONS,
    "accounts.py": "class User:\n    phone: str\n",
    "ads.py": "def send(value):\n    pass\n",
    "messages.py": "def send(value):\n    pass\n",
    "shop.py": SHOP,
    "jobs.py": "import shop\nfrom accounts import User\n\n\ndef nightly(user: User):\n    shop.sync(user)\n",
}


def is_earlier(report: Report) -> bool:
    return "flows taken from an earlier run" in report.effort


def bytes_of(report: Report) -> list[bytes]:
    return [render(replace(report, effort={}), form) for form in FORMATS]


def edited(
    tmp_path: Path, files: dict[str, str], beside: Mapping[str, str] = MappingProxyType({})
) -> tuple[Report, Report, Report]:
    """What is told before an edit, after it, and by a run that knows of nothing."""
    root = tmp_path / "project"
    write(root, {**FILES, **beside})
    store = Store(tmp_path / "kept")
    before = purposelint.analyse(root, cache=store)
    write(root, files)
    return before, purposelint.analyse(root, cache=store), purposelint.analyse(root)


@pytest.mark.parametrize(
    "files",
    [
        {"shop.py": "# A shop.\n\n" + SHOP},
        {"shop.py": SHOP.replace("total = 0", "total = 1")},
        {"shop.py": SHOP.replace("total = 0", "started = total = len(day)")},
        {"shop.py": SHOP.replace("return row + 1", "return row + 2")},
        {
            "shop.py": SHOP.replace(
                "    def line(row):\n        return row + 1\n    return [line(row)", "    return [str(row)"
            )
        },
        {"shop.py": SHOP + "\n\ndef added(value):\n    return value\n"},
        {"shop.py": SHOP.replace("    def close", "    def unlock(self):\n        return 1\n\n    def close")},
        {"shop.py": SHOP.replace("    def greet", "    def added(self, user):\n        return user\n\n    def greet")},
        {"shop.py": SHOP.replace("    ads.send(user.phone)", "    ads.send(\n        user.phone\n    )")},
        {
            "shop.py": SHOP.replace(
                "user.phone)\n\n\ndef report", "user.phone)  # purposelint: allow[PUR001] agreed\n\n\ndef report"
            )
        },
        {"messages.py": "# Messages.\ndef send(value):\n    pass\n", "shop.py": "\n" + SHOP},
    ],
    ids=range(11),
)
def test_an_edit_that_no_data_comes_near_is_told_from_the_run_before(tmp_path: Path, files: dict[str, str]) -> None:
    before, after, fresh = edited(tmp_path, files)
    assert is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert len(before.findings) == 1


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"shop.py": SHOP.replace("total = 0", "ads.send(self.user.phone)")}, ["PUR001"]),
        ({"shop.py": SHOP.replace("ads.send", "messages.send")}, ["PUR904"]),
        ({"shop.py": SHOP.replace("return row + 1", "return ads.send(row.phone)")}, ["PUR001"]),
        ({"shop.py": SHOP + "\n\ndef added(user: User):\n    ads.send(user.phone)\n"}, ["PUR001", "PUR001"]),
        ({"shop.py": SHOP.replace("def sync(user: User)", "def sync(user: dict)")}, ["PUR001"]),
        ({"shop.py": SHOP.replace("import ads", "import messages as ads")}, ["PUR904"]),
        (
            {"accounts.py": "class User:\n    phone: str\n\n    def __getattr__(self, name):\n        return 1\n"},
            ["PUR001"],
        ),
        ({"more.py": "import shop\n"}, ["PUR001"]),
        ({"shop.py": SHOP.replace("def report", "def nightly(user):\n    sync(user)\n\n\ndef report")}, ["PUR001"]),
        ({"shop.py": SHOP + "\n\ndef sync(user):\n    return None\n"}, ["PUR001"]),
        ({"shop.py": "def f(:\n"}, ["PUR904", "PUR904", "PUR904", "PUR901"]),
    ],
    ids=range(11),
)
def test_an_edit_that_may_matter_is_followed(tmp_path: Path, files: dict[str, str], codes: list[str]) -> None:
    _, after, fresh = edited(tmp_path, files)
    assert not is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert [finding.code for finding in (*after.findings, *after.errors)] == codes


def test_a_method_that_something_calls_by_its_name_is_no_new_one(tmp_path: Path) -> None:
    caller = SHOP + "\n\ndef call(desk: Desk, user: User):\n    desk.added(user)\n"
    root = tmp_path / "project"
    write(root, {**FILES, "shop.py": caller})
    store = Store(tmp_path / "kept")
    purposelint.analyse(root, cache=store)
    write(
        root,
        {
            "shop.py": caller.replace(
                "    def greet", "    def added(self, user):\n        return user\n\n    def greet"
            )
        },
    )
    after = purposelint.analyse(root, cache=store)
    assert not is_earlier(after)


FORMS = """\
import ads
from accounts import User


class Form:
    def clean_name(self, value):
        return None
    # here

    def told(self, user: User, field: str):
        {}
"""
MORE = "    def clean_phone(self, value):\n        return value\n"
OTHER = "    def tidy(self, value):\n        return value\n"


@pytest.mark.parametrize(
    "call",
    [
        'method = getattr(Form(), "clean_" + "phone", None)\n        ads.send(method and method(user.phone))',
        'if hasattr(Form(), "clean_" + "phone"):\n            ads.send(user.phone)',
        'method = getattr(Form, "clean_" + "phone", None)\n        ads.send(method and method(self, user.phone))',
    ],
)
def test_a_method_that_is_looked_for_by_a_name_made_at_run_time_is_no_new_one(tmp_path: Path, call: str) -> None:
    for number, (added, earlier, codes) in enumerate([(MORE, False, ["PUR001", "PUR001"]), (OTHER, True, ["PUR001"])]):
        _, after, fresh = edited(
            tmp_path / str(number),
            {"forms.py": FORMS.format(call).replace("    # here\n", added)},
            {"forms.py": FORMS.format(call)},
        )
        assert is_earlier(after) is earlier
        assert bytes_of(after) == bytes_of(fresh)
        assert [finding.code for finding in after.findings] == codes


@pytest.mark.parametrize(
    "source",
    [
        FORMS.format('ads.send(getattr(self, "clean_" + field)(user.phone))'),
        FORMS.format('ads.send(getattr(Form, "clean_" + field)(self, user.phone))'),
        FORMS.format('ads.send(vars(Form)["clean_" + field](self, user.phone))'),
        FORMS.format('ads.send(Form.__dict__["clean_" + field](self, user.phone))'),
        FORMS.format('ads.send(eval("self.clean_" + "phone")(user.phone))'),
    ],
)
def test_where_any_method_may_be_called_a_new_one_counts(tmp_path: Path, source: str) -> None:
    _, after, fresh = edited(
        tmp_path / "form", {"forms.py": source.replace("    # here\n", MORE)}, {"forms.py": source}
    )
    assert not is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert [finding.code for finding in after.findings] == ["PUR001", "PUR001"]
    elsewhere = SHOP.replace("    def greet", OTHER + "\n    def greet")
    _, after, fresh = edited(tmp_path / "shop", {"shop.py": elsewhere}, {"forms.py": source})
    assert is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)


TOLD = (
    "import ads\nfrom accounts import User\n{}\n\n\ndef told(user: User, field: str):\n    ads.send({}(user.phone))\n"
)
CLEANERS = """\
class Cleaning(type):
    def __new__(mcs, name, bases, attrs):
        made = super().__new__(mcs, name, bases, attrs)
        made.cleaners = [each for key, each in attrs.items() if key.startswith("clean_")]
        return made


class Cleaner(metaclass=Cleaning):
    def clean_name(self):
        return None
"""


@pytest.mark.parametrize(
    ("imported", "called"),
    [
        ("import cleaning", 'getattr(cleaning, "clean_" + field)'),
        ("import cleaning", 'vars(cleaning)["clean_" + field]'),
        ("import cleaning", 'cleaning.__dict__["clean_" + field]'),
        ("from cleaning import *", 'globals()["clean_" + field]'),
    ],
)
def test_where_any_function_of_a_module_may_be_called_a_new_one_counts(
    tmp_path: Path, imported: str, called: str
) -> None:
    beside = {"forms.py": TOLD.format(imported, called), "cleaning.py": "def clean_name(value):\n    return None\n"}
    more = beside["cleaning.py"] + "\n\ndef clean_phone(value):\n    return value\n"
    _, after, fresh = edited(tmp_path / "cleaning", {"cleaning.py": more}, beside)
    assert not is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert [finding.code for finding in after.findings] == ["PUR001", "PUR001"]
    _, after, fresh = edited(tmp_path / "shop", {"shop.py": SHOP + "\n\ndef tidy(value):\n    return value\n"}, beside)
    assert is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)


def test_a_method_that_a_metaclass_is_given_is_no_new_one(tmp_path: Path) -> None:
    loop = "\n\n\ndef told(user: User):\n    for each in Cleaner.cleaners:\n        ads.send(each(user.phone))\n"
    source = "import ads\nfrom accounts import User\n\n\n" + CLEANERS + loop
    more = source.replace("    def clean_name", "    def clean_phone(self):\n        return self\n\n    def clean_name")
    _, after, fresh = edited(tmp_path, {"forms.py": more}, {"forms.py": source})
    assert not is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert [finding.code for finding in after.findings] == ["PUR001", "PUR001"]


PROTOCOL = """\
import ads
from typing import Protocol, runtime_checkable
from accounts import User


@runtime_checkable
class Opening(Protocol):
    def begin(self): ...


class Box:
    def begin(self):
        return 1


def told(user: User):
    if isinstance(Box(), Opening):
        ads.send(user.phone)
"""


def test_a_method_more_that_a_protocol_asks_for_counts(tmp_path: Path) -> None:
    more = "    def begin(self): ...\n    def finish(self): ...\n"
    asked = {"forms.py": PROTOCOL.replace("    def begin(self): ...\n", more)}
    before, after, fresh = edited(tmp_path, asked, {"forms.py": PROTOCOL})
    assert not is_earlier(after)
    assert bytes_of(after) == bytes_of(fresh)
    assert (len(before.findings), len(after.findings)) == (2, 1)


def test_other_paths_and_codes_share_what_was_followed(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, FILES)
    store = Store(tmp_path / "kept")
    purposelint.analyse(root, cache=store)
    narrowed = purposelint.analyse(root, cache=store, paths=[root / "jobs.py"])
    ignoring = purposelint.analyse(root, cache=store, ignore=["PUR001"])
    assert is_earlier(narrowed)
    assert is_earlier(ignoring)
    assert bytes_of(ignoring) == bytes_of(purposelint.analyse(root, ignore=["PUR001"]))


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.parent.name)
def test_whatever_is_edited_what_is_told_is_what_a_fresh_run_tells(folder: Path, tmp_path: Path) -> None:
    chance = random.Random(folder.parent.name)
    root = tmp_path / "project"
    shutil.copytree(folder, root)
    kept = tmp_path / "kept"
    purposelint.analyse(root, cache=Store(kept))
    files = sorted(root.rglob("*.py"))
    for number in range(4):
        file = chance.choice(files)
        source = file.read_text(encoding="utf-8")
        file.write_text(_edited(source, chance), encoding="utf-8")
        shutil.copytree(kept, tmp_path / f"kept-{number}")
        after = purposelint.analyse(root, cache=Store(tmp_path / f"kept-{number}"))
        assert bytes_of(after) == bytes_of(purposelint.analyse(root)), file.read_text(encoding="utf-8")
        file.write_text(source, encoding="utf-8")


def _edited(source: str, chance: random.Random) -> str:
    """The source with a statement more or less in one of its functions, or a definition more; else a line more."""
    lines = source.split("\n")
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    bodies = [[each for each in node.body if each.lineno > node.lineno] for node in functions]
    bodies = [body for body in bodies if len(body) > 1]
    kind = chance.choice(["more", "less", "definition", "line"])
    if kind == "definition":
        return f"{source}\n\ndef added(value):\n    return value\n"
    if kind == "line" or not bodies:
        return f"# a line\n{source}"
    body = chance.choice(bodies)
    statement = chance.choice(body[:-1])
    if kind == "more":
        lines.insert(body[-1].lineno - 1, " " * body[-1].col_offset + "unused = None")
    else:
        del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines)
