from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.project import workers
from purposelint.project.reading import Unreadable
from purposelint.project.workers import Workers
from support.readers import dying, failing


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
