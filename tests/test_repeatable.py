"""The same input gives the same bytes: whatever the hash seed, the number of processes, or how much is read ahead."""

from __future__ import annotations

import json
import os
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
    (ROOT / "fixtures/scenarios/S1/as_it_happened", None),
    (ROOT / "fixtures/scenarios/S3/as_it_happened", None),
    (LANGUAGE / "dicts", LANGUAGE / "purposes.toml"),
    (LANGUAGE / "modules", LANGUAGE / "purposes.toml"),
]


def named(folder: Path) -> str:
    return folder.relative_to(ROOT / "fixtures").as_posix()


def check(
    folder: Path, config: Path | None = None, *, seed: str = "0", jobs: str = "1"
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "purposelint", "check", "--quiet", "--format", "json", "--jobs", jobs),
            *(() if config is None else ("--config", str(config))),
            str(folder),
        ],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=False,
    )


def uncounted(document: bytes) -> object:
    """What a document says, without the statistics: they count what was read."""
    said = json.loads(document)
    said.pop("statistics")
    return said


@pytest.mark.parametrize(("folder", "config"), REPEATED, ids=[named(folder) for folder, _ in REPEATED])
def test_hash_seeds_and_processes_change_no_byte(folder: Path, config: Path | None) -> None:
    runs = [check(folder, config, seed=seed, jobs=jobs) for seed, jobs in (("0", "1"), ("1", "2"), ("2", "1"))]
    assert all(run.returncode < 2 for run in runs), runs[0].stderr
    assert json.loads(runs[0].stdout)["findings"]
    assert runs[1].stdout == runs[0].stdout
    assert runs[2].stdout == runs[0].stdout


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
