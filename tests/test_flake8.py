"""The plugin, run by flake8 itself."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.small_project import ANNOTATIONS, FILES, write

pytest.importorskip("flake8", reason="flake8 is not installed (it comes with the extra `flake8`)")

SCENARIO = Path(__file__).parents[1] / "fixtures" / "scenarios" / "S1" / "as_it_happened"
FOUND = "jobs/sync.py:6:5: PUR001 two-factor-phone (collected for security) reaches audience (advertising):"

# Counts the analyses in every process that is started, and starts processes as they are started where there is no fork.
COUNTING = """\
import multiprocessing, os
multiprocessing.set_start_method(os.environ["START"])
from purposelint import engine
def counting(*args, _analyse=engine.analyse, **options):
    with open(os.environ["LOG"], "a") as log:
        log.write("analysed\\n")
    return _analyse(*args, **options)
engine.analyse = counting
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write(root, FILES)
    return root


def run(folder: Path, *command: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    cache = str(folder / ".cache") if "PURPOSELINT_CACHE_DIR" not in os.environ else os.environ["PURPOSELINT_CACHE_DIR"]
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PURPOSELINT_CACHE_DIR": cache, **variables},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def flake8(folder: Path, *args: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "flake8", "--select", "PUR", *args, stdin=stdin, **variables)


def test_flake8_tells_what_check_tells(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    checked = run(SCENARIO, "purposelint", "check", PURPOSELINT_CACHE_DIR=cache)
    told = flake8(SCENARIO, "accounts", "ads", PURPOSELINT_CACHE_DIR=cache)
    assert len(checked.stdout.splitlines()) == 3
    assert told.stdout == checked.stdout
    assert (told.returncode, checked.returncode) == (1, 1)


@pytest.mark.parametrize(("start", "jobs"), [("fork", "4"), ("spawn", "2"), ("spawn", "1")])
def test_there_is_one_analysis_whatever_the_number_of_jobs(
    project: Path, tmp_path: Path, start: str, jobs: str
) -> None:
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"processes do not {start} here")
    write(tmp_path, {"site/sitecustomize.py": COUNTING})
    log = tmp_path / "log"
    told = flake8(project, "--jobs", jobs, START=start, LOG=str(log), PYTHONPATH=str(tmp_path / "site"))
    assert told.stdout.startswith(f"./{FOUND}"), told.stderr
    assert log.read_text() == "analysed\n"


def test_an_analysis_that_nobody_asked_to_see_is_not_made(project: Path, tmp_path: Path) -> None:
    write(tmp_path, {"site/sitecustomize.py": COUNTING})
    log = tmp_path / "log"
    told = run(
        project, "flake8", "--extend-ignore", "PUR", START="spawn", LOG=str(log), PYTHONPATH=str(tmp_path / "site")
    )
    assert (told.stdout, told.stderr) == ("", "")
    assert not log.exists()


def test_an_editor_hands_over_on_stdin_what_is_not_saved(project: Path) -> None:
    typed = "import ads\nfrom accounts import User\n\n\ndef new(user: User):\n    ads.send(user.phone)\n"
    assert flake8(project, "--stdin-display-name", "jobs/clean.py", "-", stdin=typed).stdout.startswith(
        "jobs/clean.py:6:5: PUR001"
    )
    assert flake8(project, "--stdin-display-name", "jobs/sync.py", "-", stdin="import ads\n").stdout == ""


def test_noqa_silences_the_code_that_it_names(project: Path) -> None:
    source = FILES["jobs/sync.py"]
    write(project, {"jobs/sync.py": source.replace("phone)", "phone)  # noqa: PUR001")})
    assert flake8(project).stdout == ""
    write(project, {"jobs/sync.py": source.replace("phone)", "phone)  # noqa: PUR002")})
    assert "jobs/sync.py:6:5: PUR001" in flake8(project).stdout


def test_a_project_without_annotations_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n"})
    done = flake8(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_annotations_that_are_wrong_end_the_run_with_what_would_be_right(project: Path) -> None:
    write(project, {"purposes.toml": ANNOTATIONS.replace('"advertising"', '"advertizing"')})
    done = flake8(project)
    assert done.returncode == 1
    assert 'did you mean "advertising"?' in done.stdout


def test_findings_about_the_annotations_are_counted_on_stderr(project: Path) -> None:
    stale = '\n[[sink]]\nid = "gone"\nmatch = "nowhere.at_all()"\npurpose = "security"\n'
    write(project, {"purposes.toml": ANNOTATIONS + stale})
    assert flake8(project).stderr == "purposelint: 1 finding is in no Python file: `purposelint check` tells what\n"
    assert flake8(project, "--quiet").stderr == ""


def test_each_of_several_projects_is_judged_by_its_own_annotations(tmp_path: Path) -> None:
    write(tmp_path / "services/one", FILES)
    write(tmp_path / "services/two", {**FILES, "purposes.toml": ANNOTATIONS.replace('["security"]', '["advertising"]')})
    told = flake8(tmp_path, "--ignore", "PUR9").stdout
    assert "services/one/jobs/sync.py:6:5: PUR001" in told
    assert "services/two/jobs/sync.py" not in told
    assert "services/two/security.py:6:5: PUR001" in told


def test_the_way_in_a_message_begins_where_flake8_runs(tmp_path: Path) -> None:
    write(tmp_path / "services/one", FILES)
    assert "(advertising): services/one/jobs/sync.py:6" in flake8(tmp_path, "--ignore", "PUR9").stdout
    assert "(advertising): ../jobs/sync.py:6" in flake8(tmp_path / "services/one/jobs", "--ignore", "PUR9", "..").stdout
