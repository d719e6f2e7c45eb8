"""Progress: on a terminal, for what takes long; nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.cli.progress import Progress, progress_wanted
from support.command import Run
from support.terminal import on_a_terminal

LONG = (
    "import time\n"
    "from purposelint.cli.progress import Progress, progress_wanted\n"
    "with Progress(progress_wanted(), patience={patience}) as progress:\n"
    "    progress.begin('dataflow')\n"
    "    progress.count(lambda: {{'files': 1200, 'bytes indexed': 5000, 'files parsed': 3}})\n"
    "    time.sleep(0.6)\n"
)


def test_a_long_run_says_on_a_terminal_what_it_is_at() -> None:
    assert "following the data (1,200 files, 5 kB indexed, 3 parsed)" in on_a_terminal(LONG.format(patience=0), {})


def test_a_short_run_says_nothing() -> None:
    assert on_a_terminal(LONG.format(patience=5), {}) == ""


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_ci_and_terminals_that_cannot_move_the_cursor_are_told_nothing(environment: dict[str, str]) -> None:
    assert on_a_terminal(LONG.format(patience=0), environment) == ""


def test_a_pipe_is_told_nothing(project: Path, run: Run) -> None:
    assert not progress_wanted()
    assert run().err.count("\n") == 1


def test_before_anything_is_known_it_says_so() -> None:
    assert Progress(wanted=False).words() == "beginning"


def test_verbose_says_each_stage_on_stderr_wherever_it_goes(project: Path, run: Run) -> None:
    result = run("check", "--verbose", "--no-cache", "--quiet")
    assert result.out == run("check", "--no-cache", "--quiet").out
    first, *stages = result.err.splitlines()
    assert first == f"purposelint: {project.resolve()}, by {project.resolve() / 'purposes.toml'}"
    assert [line.partition(" s  ")[2].partition(" (")[0] for line in stages] == [
        "reading the annotations",
        "looking for files",
        "looking what all files name",
        "following the data",
        "looking whether all files can be read",
        "judging what was found",
    ]
    assert "7 files" in stages[-1] or "6 files" in stages[-1]
