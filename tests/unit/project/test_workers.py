from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from purposelint.project import workers
from purposelint.project.reading import Unreadable
from purposelint.project.workers import Outcomes, Task, Workers


def dying(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader whose process ends at one file, as it does when memory runs out."""
    if "dies.py" in paths:
        os._exit(9)
    return [(path, None) for path in paths]


def test_a_process_that_dies_costs_the_file_it_was_at_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "run_chunk", dying)
    paths = sorted([*(f"m{n:02}.py" for n in range(45)), "dies.py"])
    pool = Workers(tmp_path, 2)
    outcomes = dict(pool.run("facts", paths))
    pool.close()
    assert list(outcomes) == paths
    lost = {path: outcome for path, outcome in outcomes.items() if outcome is not None}
    assert list(lost) == ["dies.py"]
    assert isinstance(lost["dies.py"], Unreadable)
    assert "died" in lost["dies.py"].message


def test_an_error_in_a_process_is_raised_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run_chunk", failing)
    pool = Workers(tmp_path, 2)
    with pytest.raises(ZeroDivisionError):
        list(pool.run("facts", [f"m{n:02}.py" for n in range(45)]))
    pool.close()


def failing(_task: Task, _root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader with a mistake in it."""
    return [(path, None) for path in paths if 1 // 0]
