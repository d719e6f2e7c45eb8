"""A glance at open files against runs of the whole project: what an edit brings and what it ends."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from purposelint import engine
from purposelint.cache import Store
from purposelint.glance import Glance, carried, moves
from purposelint.policy.findings import Finding
from support.small_project import FILES, write

WAYS = {
    **FILES,
    "helpers.py": (
        "import ads\n\n\ndef reach(value):\n    ads.send(value)\n\n\ndef quiet(value):\n    return len(value)\n"
    ),
    "jobs/far.py": (
        "import helpers\nfrom accounts import User\n\n\ndef far(user: User):\n    helpers.reach(user.phone)\n"
    ),
    "numbers.py": "from accounts import User\n\n\ndef number(user: User):\n    return user.phone\n",
    "desk.py": (
        "import ads\nfrom accounts import User\n\n\nclass Guest:\n    name: str\n\n\n"
        "def greet(rows):\n    guest: Guest\n    for guest in rows:\n        ads.send(guest.phone)\n"
    ),
    "jobs/asked.py": (
        "import ads\nimport numbers\nfrom accounts import User\n\n\ndef asked(user: User):\n"
        "    ads.send(numbers.number(user))\n"
    ),
}
EDITS = [
    ("desk.py", "guest: Guest", "guest: User"),
    ("jobs/clean.py", "return 1", "import ads, accounts\n    ads.send(accounts.User().phone)"),
    (
        "jobs/clean.py",
        "def clean",
        "import ads\nfrom accounts import User\n\n\ndef new(user: User):\n    ads.send(user.phone)\n\n\ndef clean",
    ),
    ("jobs/sync.py", "user.phone", "len(user.phone)"),
    ("jobs/sync.py", "    ads", "    # a comment\n    ads"),
    ("jobs/sync.py", "    ads.send(user.phone)", "    ads.send(user.phone)\n    ads.send(user.phone)"),
    ("helpers.py", "ads.send(value)", "ads.send(len(value))"),
    ("helpers.py", "return len(value)", "ads.send(value)"),
    ("helpers.py", "    ads.send(value)\n", "    again = [each for each in value]\n    ads.send(again)\n"),
    ("jobs/far.py", "helpers.reach", "helpers.quiet"),
    ("numbers.py", "return user.phone", "return str(len(user.phone))"),
    ("numbers.py", "def number", "LIMIT = 1\n\n\ndef more():\n    return LIMIT\n\n\ndef number"),
    ("jobs/asked.py", "numbers.number(user)", "user.name"),
    ("accounts.py", "phone: str", "phone: str\n    name: str"),
]


def places(findings: Iterable[Finding]) -> list[str]:
    return sorted(str((each.code, each.path, each.span, each.trace, each.said)) for each in findings)


@pytest.mark.parametrize(("path", "old", "new"), EDITS)
@pytest.mark.parametrize("kept", [True, False])
def test_an_edit_is_told_as_a_run_of_the_whole_project_tells_it(
    tmp_path: Path, path: str, old: str, new: str, kept: bool
) -> None:
    root = tmp_path / "project"
    write(root, WAYS)
    project = engine.project_of([root])
    cache = Store(tmp_path / "cache") if kept else None
    told = engine.study(project, cache=cache).report.findings
    assert len(told) == 3

    glance = Glance(project, cache, {})
    glance.look_at(path)
    before = glance.findings()
    edited = WAYS[path].replace(old, new)
    contents: dict[Path, bytes] = {root / path: edited.encode()}
    assert glance.take(contents)
    line = moves(WAYS[path].encode(), edited.encode())
    found = carried(told, before, glance.findings(), lambda file, at: line(at) if file == path else at)

    given: dict[Path | str, bytes] = dict(contents.items())
    whole = engine.study(project, contents=given).report.findings
    if kept or path not in ("helpers.py", "numbers.py", "jobs/asked.py"):
        assert places(found) == places(whole)
    else:
        # What comes from other files, or goes there, is known by an earlier run alone: it stays as it was told.
        assert len(found) >= len(whole)

    assert glance.take({})
    assert places(glance.findings()) == places(before)


def test_code_that_cannot_be_parsed_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, WAYS)
    glance = Glance(engine.project_of([tmp_path]), None, {})
    glance.look_at("jobs/sync.py")
    before = glance.findings()
    assert len(before) == 1
    assert not glance.take({tmp_path / "jobs/sync.py": b"def sync(user"})
    assert glance.findings() == before
    assert glance.take({tmp_path / "jobs/sync.py": b"def sync(user):\n    pass\n"})
    assert glance.findings() == ()


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("a b c", "a b c", {1: 1, 2: 2, 3: 3}),
        ("a b c", "x a b c", {1: 2, 3: 4}),
        ("a b c", "a x y b c", {1: 1, 2: 4, 3: 5}),
        ("a b c", "a c", {1: 1, 3: 2}),
        ("a b c", "a B c", {2: 2}),
        ("a b c d", "a x b c y d", {2: 3, 3: 4, 4: 6}),
        ("a a a", "a a a a", {1: 1, 2: 2, 3: 3}),
        ("", "a", {1: 1}),
    ],
)
def test_lines_are_found_again(before: str, now: str, expected: dict[int, int]) -> None:
    move = moves(*(text.replace(" ", "\n").encode() for text in (before, now)))
    assert {line: move(line) for line in expected} == expected
