"""The same input gives the same bytes: whatever the hash seed, the number of processes, or how much is read ahead."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import purposelint
from purposelint.report import render
from support.expectations import LANGUAGE, ROOT, constructs
from support.language import report

SCENARIOS = sorted(path for path in (ROOT / "fixtures" / "scenarios").glob("S*/*") if path.is_dir())
PUT_RIGHT = [path for path in SCENARIOS if path.name == "put_right"]
REPEATED = [
    ROOT / "fixtures/scenarios/S1/as_it_happened",
    ROOT / "fixtures/scenarios/S3/as_it_happened",
    LANGUAGE / "dicts",
    LANGUAGE / "modules",
]


def named(folder: Path) -> str:
    return folder.relative_to(ROOT / "fixtures").as_posix()


def check(folder: Path, *, seed: str = "0", jobs: str = "1") -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    command = (sys.executable, "-m", "purposelint", "check", "--quiet", "--format", "json", "--jobs", jobs, folder)
    return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)


def uncounted(document: bytes) -> object:
    """What a document says, without the statistics: they count what was read."""
    said = json.loads(document)
    said.pop("statistics")
    return said


@pytest.mark.parametrize("folder", REPEATED, ids=named)
def test_hash_seeds_and_processes_change_no_byte(folder: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(folder, project)
    if not (project / "purposes.toml").exists():
        shutil.copy(LANGUAGE / "purposes.toml", project)
    first = check(project)
    assert json.loads(first.stdout)["findings"], first.stderr
    for seed, jobs in (("1", "2"), ("2", "1")):
        assert check(project, seed=seed, jobs=jobs).stdout == first.stdout


@pytest.mark.parametrize("folder", PUT_RIGHT, ids=named)
def test_the_command_has_nothing_to_say_of_what_was_put_right(folder: Path) -> None:
    run = check(folder)
    assert (run.returncode, json.loads(run.stdout)["findings"], run.stderr) == (0, [], b"")


@pytest.mark.parametrize("folder", [*SCENARIOS, *constructs()], ids=named)
def test_reading_every_file_finds_the_same(folder: Path) -> None:
    config = LANGUAGE / "purposes.toml" if folder.is_relative_to(LANGUAGE) else None
    some = report(folder) if config else purposelint.analyse(folder)
    every = purposelint.analyse(folder, config, whole_program=True)
    assert uncounted(render(every, "json")) == uncounted(render(some, "json"))
