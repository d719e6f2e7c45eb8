from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from purposelint.project import workers
from purposelint.project.workers import Workers
from support.readers import dying, failing, leaving


def test_a_process_that_dies_costs_the_file_it_was_at_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "run_chunk", dying)
    paths = sorted([*(f"m{n:02}.py" for n in range(45)), "dies.py"])
    pool = Workers(tmp_path, 2)
    outcomes = dict(pool.run("facts", paths))
    pool.close()
    assert list(outcomes) == paths
    lost = {path: reading.wrong for path, reading in outcomes.items() if reading.wrong is not None}
    assert list(lost) == ["dies.py"]
    assert "died (SIGKILL, perhaps for want of memory)" in lost["dies.py"].message


def test_several_processes_that_die_cost_a_file_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run_chunk", leaving)
    paths = sorted([*(f"m{n:02}.py" for n in range(80)), "dies1.py", "dies2.py", "m40_dies.py", "dies_m.py"])
    pool = Workers(tmp_path, 2)
    outcomes = dict(pool.run("facts", paths))
    pool.close()
    assert list(outcomes) == paths
    lost = {path: reading.wrong for path, reading in outcomes.items() if reading.wrong is not None}
    assert list(lost) == ["dies1.py", "dies2.py", "dies_m.py"]
    assert {each.message for each in lost.values()} == {"the process that read it died (exit status 9)"}


def test_processes_that_die_while_others_begin_hang_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run_chunk", leaving)
    paths = ["dies.py", *(f"m{n:02}.py" for n in range(44))]
    for _ in range(12):
        pool = Workers(tmp_path, 8)
        outcomes = dict(pool.run("facts", paths))
        pool.close()
        assert [path for path, reading in outcomes.items() if reading.wrong is not None] == ["dies.py"]


def test_a_run_that_is_left_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    names = [f"m{n:02}.py" for n in range(90)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"x{number} = 1\n", encoding="utf-8")
    pool = Workers(tmp_path, 2)
    left = pool.run("facts", names)
    assert next(left)[0] == "m00.py"
    left.close()
    assert [path for path, _ in pool.run("facts", names[45:])] == names[45:]
    pool.close()


def test_a_file_that_kills_its_reader_when_it_is_read_alone_raises_what_the_reader_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "run_chunk", failing)
    with pytest.raises(ZeroDivisionError):
        Workers(tmp_path, 2)._alone("facts", "m.py")


def test_an_error_in_a_process_is_raised_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run_chunk", failing)
    pool = Workers(tmp_path, 2)
    with pytest.raises(ZeroDivisionError):
        list(pool.run("facts", [f"m{n:02}.py" for n in range(45)]))
    pool.close()


_UNGUARDED = """
import sys
from pathlib import Path
from purposelint.project.workers import Workers
pool = Workers(Path(sys.argv[1]), 2)
print(len(list(pool.run("facts", [f"m{n:02}.py" for n in range(45)]))), pool._jobs)
"""


def test_processes_do_not_begin_with_what_the_main_module_does(tmp_path: Path) -> None:
    for number in range(45):
        (tmp_path / f"m{number:02}.py").write_text("x = 1\n", encoding="utf-8")
    script = tmp_path / "without_a_guard.py"
    script.write_text(_UNGUARDED, encoding="utf-8")
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "45 2\n"
