"""The hook, run by pre-commit itself on a git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.small_project import FILES, write

pytest.importorskip("pre_commit", reason="pre-commit is not installed (it comes with the extra `test`)")

ROOT = Path(__file__).parents[2]
SHIPPED = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "analyzer", "rules")

Hook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which git and pre-commit see nothing of who runs the tests."""
    home = tmp_path_factory.mktemp("pre-commit")
    identity = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **inherited,
        **identity,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home),
    }


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> tuple[Path, str]:
    """The hook's repository and its revision, as people name them in .pre-commit-config.yaml."""
    repository = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, repository / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, repository / name)
    git(repository, environment, "init", "--quiet")
    git(repository, environment, "add", "--all")
    git(repository, environment, "commit", "--quiet", "--message", "Ship")
    return repository, git(repository, environment, "rev-parse", "HEAD").strip()


def git(folder: Path, environment: dict[str, str], *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def hook(project: Path, hooks: tuple[Path, str], environment: dict[str, str]) -> Hook:
    """Run the hook on files of the small project, which is committed."""
    repository, revision = hooks
    config = f"repos:\n- repo: {repository.as_posix()}\n  rev: {revision}\n  hooks:\n" + "".join(
        f"  - id: {name}\n" for name in ("purposelint", "purposelint-project")
    )
    write(project, {".pre-commit-config.yaml": config})
    git(project, environment, "init", "--quiet")
    git(project, environment, "add", "--all")
    git(project, environment, "commit", "--quiet", "--message", "Begin")

    def run(*files: str, name: str = "purposelint") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", name, "--color", "never", "--files", *files],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def test_the_hook_fails_on_files_that_a_finding_touches_and_passes_on_others(hook: Hook) -> None:
    touched = hook("jobs/sync.py", "jobs/clean.py", "purposes.toml")
    assert touched.returncode == 1, touched.stdout + touched.stderr
    assert "jobs/sync.py:6:5: PUR001 two-factor-phone" in touched.stdout
    assert touched.stdout.count("PUR001") == 1

    untouched = hook("jobs/clean.py")
    assert untouched.returncode == 0, untouched.stdout + untouched.stderr
    assert "Passed" in untouched.stdout


def test_the_hook_tells_everything_when_the_annotations_alone_change(hook: Hook) -> None:
    done = hook("purposes.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("PUR001") == 1


def test_the_hook_is_skipped_where_neither_code_nor_annotations_changed(hook: Hook) -> None:
    assert "no files to check" in hook(".pre-commit-config.yaml").stdout


def test_the_hook_of_the_whole_project_fails_whichever_file_changed(hook: Hook) -> None:
    done = hook("jobs/clean.py", name="purposelint-project")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "jobs/sync.py:6:5: PUR001 two-factor-phone" in done.stdout
