"""A run that uses what earlier ones kept tells what a fresh one tells, byte for byte."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

import purposelint
from purposelint import engine
from purposelint.cache import Store
from purposelint.policy.findings import Report
from purposelint.policy.packing import pack, unpack
from purposelint.project.files import Snapshot
from purposelint.report import FORMATS, render
from support.expectations import LANGUAGE, ROOT, constructs
from support.small_project import ANNOTATIONS, FILES, write

SCENARIOS = sorted(path for path in (ROOT / "fixtures" / "scenarios").glob("S*/*") if path.is_dir())

EXCEPTION = """
[[exception]]
source = "two-factor-phone"
sink = "audience"
reason = "DPIA-7"
owner = "privacy@example.org"
expires = 2026-06-30
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(folder, FILES)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "kept")


def bytes_of(report: Report) -> list[bytes]:
    return [render(report, form) for form in FORMATS]


def is_kept(report: Report) -> bool:
    return "reports taken from the cache" in report.effort


def named(folder: Path) -> str:
    return folder.relative_to(ROOT / "fixtures").as_posix()


@pytest.mark.parametrize("folder", [*SCENARIOS, *constructs()[::6]], ids=named)
def test_a_kept_report_and_kept_facts_tell_what_a_fresh_run_tells(folder: Path, tmp_path: Path, store: Store) -> None:
    project = tmp_path / "project"
    shutil.copytree(folder, project)
    if folder.is_relative_to(LANGUAGE):
        shutil.copy(LANGUAGE / "purposes.toml", project)
    fresh = purposelint.analyse(project)
    first = purposelint.analyse(project, cache=store)
    second = purposelint.analyse(project, cache=store)
    assert not is_kept(first)
    assert is_kept(second)
    assert bytes_of(first) == bytes_of(second) == bytes_of(fresh)

    # With one file more there is no report, but all the facts.
    write(project, {"added_by_the_test.py": "x = 1\n"})
    third = purposelint.analyse(project, cache=store)
    assert not is_kept(third)
    assert third.effort["files parsed by this run"] == 0
    assert bytes_of(third) == bytes_of(purposelint.analyse(project))


@pytest.mark.parametrize("folder", SCENARIOS, ids=named)
def test_a_report_is_packed_and_unpacked_the_same(folder: Path) -> None:
    report = purposelint.analyse(folder)
    assert unpack(pack(report)) == report


@pytest.mark.parametrize(
    "changed",
    [
        {"jobs/sync.py": FILES["jobs/sync.py"].replace("user.phone", "'nobody'")},
        {"jobs/more.py": FILES["jobs/sync.py"]},
        {"jobs/broken.py": "def f(:\n"},
        {"jobs/sync.py": FILES["jobs/sync.py"].rstrip() + "  # purposelint: allow[PUR001] agreed\n"},
        {"purposes.toml": ANNOTATIONS.replace('["security"]', '["security", "advertising"]')},
        {"purposes.toml": ANNOTATIONS + '[codes]\nPUR001 = "warning"\n'},
        {"purposes.toml": 'exclude = ["jobs"]\n' + ANNOTATIONS},
        {".gitignore": "jobs\n"},
        {"accounts.py": "class Customer:\n    phone: str\n"},
    ],
    ids=lambda changed: next(iter(changed)) if isinstance(changed, dict) else "",
)
def test_whatever_is_changed_is_noticed_and_so_is_that_it_is_changed_back(
    root: Path, store: Store, changed: dict[str, str]
) -> None:
    before = purposelint.analyse(root, cache=store)
    write(root, changed)
    after = purposelint.analyse(root, cache=store)
    assert not is_kept(after)
    assert bytes_of(after) == bytes_of(purposelint.analyse(root))
    assert bytes_of(after) != bytes_of(before)
    for name in changed:
        if name in FILES:
            write(root, {name: FILES[name]})
        else:
            (root / name).unlink()
    again = purposelint.analyse(root, cache=store)
    assert is_kept(again)
    assert bytes_of(again) == bytes_of(before)


def test_a_file_that_an_annotation_file_extends_counts_too(root: Path, store: Store) -> None:
    write(root, {"purposes.toml": 'extend = "base.toml"\n', "base.toml": ANNOTATIONS})
    before = purposelint.analyse(root, cache=store)
    write(root, {"base.toml": ANNOTATIONS + '[codes]\nPUR001 = "off"\n'})
    after = purposelint.analyse(root, cache=store)
    assert (len(before.findings), len(after.findings)) == (1, 0)


def test_what_is_asked_for_counts(root: Path, store: Store) -> None:
    purposelint.analyse(root, cache=store)
    assert not is_kept(purposelint.analyse(root, cache=store, ignore=["PUR001"]))
    assert not is_kept(purposelint.analyse(root, cache=store, select=["PUR001"]))
    assert not is_kept(purposelint.analyse(root, cache=store, paths=[root / "jobs"]))
    assert not is_kept(purposelint.analyse(root, cache=store, whole_program=True))
    assert is_kept(purposelint.analyse(root, cache=store, jobs=2))


def test_the_day_counts_where_exceptions_end(root: Path, store: Store) -> None:
    last, after = datetime.date(2026, 6, 30), datetime.date(2026, 7, 1)
    purposelint.analyse(root, cache=store, today=last)
    assert is_kept(purposelint.analyse(root, cache=store, today=after))
    write(root, {"purposes.toml": ANNOTATIONS + EXCEPTION})
    covered = purposelint.analyse(root, cache=store, today=last)
    expired = purposelint.analyse(root, cache=store, today=after)
    assert not is_kept(expired)
    assert [finding.code for finding in covered.findings] == []
    assert "PUR001" in [finding.code for finding in expired.findings]


def test_another_version_of_the_tool_takes_nothing_over(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = purposelint.analyse(root, cache=store)
    monkeypatch.setattr(engine, "tool", lambda: b"changed")
    after = purposelint.analyse(root, cache=store)
    assert not is_kept(after)
    assert after.effort["files parsed by this run"] == 0
    monkeypatch.setattr(engine, "tool", lambda: b"changed again")
    monkeypatch.setattr("purposelint.project.kept.front_end", lambda: b"changed")
    last = purposelint.analyse(root, cache=store)
    assert last.effort["files parsed by this run"] == first.effort["files parsed by this run"] > 0


def test_a_checkout_elsewhere_uses_the_same_entries(root: Path, store: Store, tmp_path: Path) -> None:
    before = purposelint.analyse(root, cache=store)
    shutil.copytree(root, tmp_path / "elsewhere")
    after = purposelint.analyse(tmp_path / "elsewhere", cache=store)
    assert is_kept(after)
    assert bytes_of(after) == bytes_of(before)


def test_what_was_found_while_files_changed_is_not_kept(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = Snapshot.of

    def late(folder: Path, paths: list[str], contents: dict[str, bytes]) -> Snapshot:
        taken = snapshot(folder, paths, contents)
        write(root, {"jobs/sync.py": "x = 1\n"})
        return taken

    monkeypatch.setattr(Snapshot, "of", late)
    purposelint.analyse(root, cache=store)
    monkeypatch.undo()
    write(root, {"jobs/sync.py": FILES["jobs/sync.py"]})
    after = purposelint.analyse(root, cache=store)
    assert not is_kept(after)
    assert [finding.code for finding in after.findings] == ["PUR001"]


@pytest.mark.parametrize("damage", [b"", b"purposelint 1 00\nx"])
def test_a_damaged_cache_changes_nothing(root: Path, store: Store, damage: bytes) -> None:
    before = purposelint.analyse(root, cache=store)
    store.close()
    for entry in store.folder.rglob("*.entry"):
        entry.write_bytes(damage)
    after = purposelint.analyse(root, cache=store)
    assert not is_kept(after)
    assert bytes_of(after) == bytes_of(before)
