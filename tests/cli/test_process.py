"""The command as a process of its own: pipes, locales, interrupts."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from support.small_project import FILES, write

COMMAND = (sys.executable, "-m", "purposelint", "check", "--jobs", "1", "--ignore", "PUR904")


def test_python_dash_m_runs_the_command(project: Path) -> None:
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("jobs/sync.py:6:5: PUR001 ")


def test_output_is_utf8_on_a_locale_that_knows_ascii_alone(project: Path) -> None:
    write(project, {"jobs/sync.py": "", "café/sync.py": FILES["jobs/sync.py"]})
    environment = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(COMMAND, capture_output=True, check=False, env=environment)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("café/sync.py:6:5: PUR001 ".encode())


def test_a_reader_that_closes_the_pipe_early_is_no_error(project: Path) -> None:
    write(project, {f"jobs/sync{number}.py": FILES["jobs/sync.py"] for number in range(3)})
    read, end = os.pipe()
    os.close(read)
    done = subprocess.run(COMMAND, stdout=end, stderr=subprocess.PIPE, text=True, check=False)
    os.close(end)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="there is no shell that closes streams")
@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "1>&- 2>&-"])
def test_streams_that_are_closed_are_no_error(project: Path, closed: str) -> None:
    done = subprocess.run(f"{shlex.join(COMMAND)} {closed}", shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert ("PUR001" in done.stdout) == ("1>" not in closed)
    assert done.stderr == ("" if "2>" in closed else "purposelint: 1 error (6 files analysed)\n")


@pytest.mark.skipif(os.name != "posix", reason="a folder that is in use cannot be deleted")
def test_a_working_folder_that_was_deleted_is_told(project: Path) -> None:
    command = f"mkdir gone; cd gone; rmdir ../gone; {shlex.join(COMMAND)}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "the working folder cannot be used: No such file or directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_told_and_is_no_finding(project: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(COMMAND, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("stdout cannot be written: No space left on device")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_output_does_not_depend_on_the_hash_seed_nor_on_the_number_of_processes(project: Path, seed: str) -> None:
    write(project, {f"more/m{number:02}.py": FILES["jobs/sync.py"] for number in range(45)})
    outputs = set()
    for jobs in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [*COMMAND, "--format", "json", "--jobs", jobs]
        outputs.add(subprocess.run(command, capture_output=True, check=False, env=environment).stdout)
    (output,) = outputs
    assert output.count(b'"PUR001"') == 46


def test_the_report_is_to_be_had_from_python(project: Path) -> None:
    import purposelint  # noqa: PLC0415

    report = purposelint.analyse(project)
    assert [finding.code for finding in report.findings] == ["PUR001"]
    assert [finding.code for finding in purposelint.analyse(str(project), paths=["jobs/clean.py"]).findings] == []
