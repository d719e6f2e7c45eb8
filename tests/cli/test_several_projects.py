"""A monorepo: several annotation files, each for what lies below it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command import Run
from support.small_project import ANNOTATIONS, FILES, write

ALLOWED = ANNOTATIONS.replace('["security"]', '["security", "advertising"]')


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "services/one", FILES)
    write(tmp_path / "services/two", {**FILES, "purposes.toml": ALLOWED})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_is_judged_by_the_annotations_that_are_nearest(monorepo: Path, run: Run) -> None:
    result = run("check")
    assert result.status == 1
    (line,) = result.out.splitlines()
    assert line.startswith("one/jobs/sync.py:6:5: PUR001")
    assert line.endswith(": one/jobs/sync.py:6")
    assert "12 files analysed" in result.err


def test_in_a_checkout_paths_are_those_from_its_top(monorepo: Path, run: Run) -> None:
    write(monorepo, {".git/HEAD": ""})
    assert run("services").out.startswith("services/one/jobs/sync.py:6:5: PUR001")


def test_files_of_several_projects_are_told_as_a_hook_hands_them_over(monorepo: Path, run: Run) -> None:
    found = run("services/two/jobs/sync.py", "services/one/jobs/sync.py", "--format", "json").out
    (finding,) = json.loads(found)["findings"]
    assert finding["path"] == "one/jobs/sync.py"
    assert finding["source"]["path"] == "one/jobs/sync.py"
    assert [step["path"] for step in finding["trace"]] == ["one/jobs/sync.py"] * len(finding["trace"])
    assert finding["message"].endswith(": one/jobs/sync.py:6")
    assert run("services/two/jobs/sync.py", "services/one/jobs/clean.py").status == 0


def test_the_way_is_shown_with_its_code(monorepo: Path, run: Run) -> None:
    assert "ads.send(user.phone)" in run("services/one/jobs", "services/two/jobs", "--format", "full").out


def test_shared_purposes_are_extended_from_above(monorepo: Path, run: Run) -> None:
    head, _, rest = ANNOTATIONS.partition("[[source]]")
    write(monorepo, {"shared/purposes.toml": head})
    write(monorepo / "services/one", {"purposes.toml": f'extend = "../../shared/purposes.toml"\n\n[[source]]{rest}'})
    assert "PUR001" in run("services/one").out


def test_a_baseline_that_is_named_goes_with_one_project(monorepo: Path, run: Run) -> None:
    write(monorepo, {"accepted.json": "{}"})
    assert run("services", "--baseline", "accepted.json").status == 2
