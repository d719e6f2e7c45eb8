from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.cache import Store
from purposelint.project import index
from purposelint.project.discovery import discover
from purposelint.project.files import Snapshot
from purposelint.project.kept import Indexed, Kept
from purposelint.project.locations import Locations
from purposelint.project.program import ProjectProgram
from purposelint.project.reading import Reading, check
from support.small_project import FILES, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(folder, {**FILES, "jobs/told.py": "x = 1  # purposelint: allow[PUR001] asked for\n"})
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "kept")


def program(root: Path, store: Store, jobs: int = 1) -> ProjectProgram:
    files = discover(root)
    return ProjectProgram(root, files, jobs, Kept(store, Snapshot.of(root, files)))


def effort(program: ProjectProgram) -> tuple[int, int]:
    """How many files were parsed, and how many were not for they were kept."""
    counted = program.effort()
    return counted["files parsed by this run"], counted["files taken from the cache"]


def test_the_facts_of_a_file_are_found_again(root: Path, store: Store) -> None:
    with program(root, store) as first, program(root, store) as second:
        assert second.facts("ads.py") is not None
        assert first.facts("ads.py") == second.facts("ads.py")
    assert effort(second) == (1, 0)
    assert effort(first) == (0, 1)


def test_a_file_that_changed_is_read_again_and_no_other(root: Path, store: Store) -> None:
    with program(root, store) as first:
        for path in first.paths:
            first.facts(path)
    write(root, {"ads.py": "def send(value, more):\n    pass\n"})
    with program(root, store) as second:
        for path in second.paths:
            second.facts(path)
        facts = second.facts("ads.py")
    assert effort(second) == (1, len(second.paths) - 1)
    assert facts is not None
    assert len(facts.functions[0].params) == 2


def test_a_file_that_was_moved_is_known_by_its_content(root: Path, store: Store) -> None:
    with program(root, store) as first:
        before = first.facts("ads.py")
    (root / "ads.py").rename(root / "adverts.py")
    with program(root, store) as second:
        assert second.facts("adverts.py") == before
    assert effort(second) == (0, 1)


def test_the_index_searches_only_what_changed(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with program(root, store) as first:
        expected = {name: list(first.mentions(name)) for name in ("phone", "send", "User")}
    searched: list[bytes] = []
    search = index.search

    def counting(source: bytes) -> Indexed:
        searched.append(source)
        return search(source)

    monkeypatch.setattr(index, "search", counting)
    with program(root, store) as second:
        assert {name: list(second.mentions(name)) for name in expected} == expected
        assert list(second.commented()) == ["jobs/told.py"]
        assert second.statistics() == first.statistics()
    assert searched == []
    write(root, {"jobs/clean.py": "phone = 1\n"})
    with program(root, store) as third:
        assert list(third.mentions("phone")) == sorted([*expected["phone"], "jobs/clean.py"])
    assert searched == [b"phone = 1\n"]


def test_what_can_be_parsed_is_not_asked_again_and_what_cannot_is_told_again(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"broken.py": "def f(:\n"})
    with program(root, store) as first:
        first.verify(first.paths)
    asked: list[str] = []

    def counting(root: Path, path: str) -> Reading:
        asked.append(path)
        return check(root, path)

    monkeypatch.setattr("purposelint.project.workers.check", counting)
    with program(root, store) as second:
        second.verify(second.paths)
    assert asked == ["broken.py"]
    assert second.unreadable == first.unreadable
    assert list(second.unreadable) == ["broken.py"]


def test_places_and_comments_are_found_again_without_reading(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program(root, store) as first:
        locations = Locations(first)
        expected = (locations.span("jobs/sync.py", 3), locations.statement("jobs/sync.py", 6))
        (comment,) = locations.comments("jobs/told.py")
        locations.close()
    monkeypatch.setattr(ProjectProgram, "read", lambda _self, path: pytest.fail(f"{path} was read"))
    with program(root, store) as second:
        again = Locations(second)
        assert (again.span("jobs/sync.py", 3), again.statement("jobs/sync.py", 6)) == expected
        assert again.comments("jobs/told.py") == (comment,)


def test_a_file_that_changes_during_the_run_is_noticed_and_kept_as_what_it_was(root: Path, store: Store) -> None:
    with program(root, store) as first:
        write(root, {"ads.py": "x = 1\n"})
        facts = first.facts("ads.py")
        assert first.kept is not None
        assert first.kept.disturbed
    with program(root, store) as second:
        assert second.facts("ads.py") == facts
        assert second.kept is not None
        assert not second.kept.disturbed
    write(root, {"ads.py": FILES["ads.py"]})
    with program(root, store) as third:
        third_facts = third.facts("ads.py")
    assert third_facts is not None
    assert [function.name for function in third_facts.functions] == ["send"]


def test_worker_processes_keep_what_they_read(root: Path, store: Store) -> None:
    write(root, {f"more/m{number:02}.py": f"x{number} = {number}\n" for number in range(50)})
    with program(root, store, jobs=2) as first:
        first.prefetch(first.paths)
        expected = {path: first.facts(path) for path in first.paths}
    with program(root, store) as second:
        assert {path: second.facts(path) for path in second.paths} == expected
    assert effort(first) == (len(first.paths), 0)
    assert effort(second) == (0, len(second.paths))
