"""What the index leaves out is never missed: generated projects of many modules, each analysed in several ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import purposelint
from purposelint.cache import Store
from purposelint.policy.findings import Report
from purposelint.report import render
from support.generated import project
from support.small_project import write

SEEDS = range(5)


def told(report: Report) -> object:
    """What a report says, without the statistics: they count what was read."""
    said = json.loads(render(report, "json"))
    said.pop("statistics")
    return said


@pytest.mark.parametrize("seed", SEEDS)
def test_every_way_to_run_tells_the_same(seed: int, tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, project(seed, 60))
    some = purposelint.analyse(root)
    every = purposelint.analyse(root, whole_program=True)
    assert told(every) == told(some)

    store = Store(tmp_path / "kept")
    first = purposelint.analyse(root, cache=store, jobs=2)
    assert render(first, "json") == render(some, "json")
    (root / "added_by_the_test.py").write_text("from people import Person\n", encoding="utf-8")
    again = purposelint.analyse(root, cache=store)
    assert told(again) == told(some)
    assert again.effort["files parsed by this run"] <= 1


def test_an_index_that_misses_something_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purposelint.project.identifiers._assembled", lambda _source: ())
    differ = 0
    for seed in SEEDS:
        root = tmp_path / str(seed)
        write(root, project(seed, 60))
        differ += told(purposelint.analyse(root)) != told(purposelint.analyse(root, whole_program=True))
    assert differ > 0


def test_the_projects_have_something_to_find(tmp_path: Path) -> None:
    findings = 0
    for seed in SEEDS:
        root = tmp_path / str(seed)
        write(root, project(seed, 60))
        findings += len(purposelint.analyse(root).findings)
    assert findings >= 20


def test_code_that_no_data_can_reach_is_not_parsed(tmp_path: Path) -> None:
    write(tmp_path, project(3, 40))
    before = purposelint.analyse(tmp_path)
    write(
        tmp_path, {f"other/m{number}.py": f"def unrelated_{number}():\n    return {number}\n" for number in range(60)}
    )
    after = purposelint.analyse(tmp_path)
    assert told(after) == told(before)
    assert after.statistics["files parsed"] == before.statistics["files parsed"]
    assert after.statistics["files"] == int(before.statistics["files"]) + 60
