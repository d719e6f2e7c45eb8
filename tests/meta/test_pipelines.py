"""The GitHub Action and the GitLab job: of the form that the platforms ask for, and their scripts run in bash."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.git import environment
from support.small_project import FILES, write

pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed (it comes with the extra `test`)")
pytestmark = pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="there is no bash")

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
JOB = ROOT / "templates" / "purposelint.gitlab-ci.yml"


def load(file: Path) -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415  (comes with check-jsonschema)

    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "a project"
    write(root, FILES)
    return root


def run_action(project: Path, temporary: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the action's step `check`, with the inputs' defaults where none are given; the run, and its outputs."""
    action = load(ACTION)
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "check"]
    values = {name: each["default"] for name, each in action["inputs"].items()} | inputs
    variables = {
        name: values[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, expression in step["env"].items()
    }
    installed = temporary / "purposelint" / "bin"
    installed.mkdir(parents=True)
    (installed / "purposelint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m purposelint "$@"\n')
    (installed / "purposelint").chmod(0o755)
    outputs = temporary / "outputs"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env={
            **environment(),
            **variables,
            "RUNNER_TEMP": str(temporary),
            "GITHUB_OUTPUT": str(outputs),
            "PURPOSELINT_CACHE_DIR": str(temporary / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done, outputs.read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "schema"), [(ACTION, "github-actions"), (JOB, "gitlab-ci")])
def test_the_file_has_the_form_that_the_platform_asks_for(file: Path, schema: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_writes_sarif_and_leaves_it_to_a_later_step_to_fail(project: Path, tmp_path: Path) -> None:
    done, outputs = run_action(project, tmp_path / "runner")
    assert (done.returncode, outputs) == (0, "status=1\n"), done.stderr
    (finding,) = json.loads((project / "purposelint.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert finding["ruleId"] == "PUR001"
    assert "jobs/sync.py:6:5: PUR001" in done.stdout


def test_the_action_checks_the_paths_it_is_given_though_they_hold_blanks(project: Path, tmp_path: Path) -> None:
    write(project, {"some jobs/clean.py": "def clean():\n    return 1\n"})
    done, outputs = run_action(project, tmp_path / "runner", paths="some jobs\njobs/clean.py\n", args="--ignore PUR9")
    assert (done.returncode, outputs, done.stdout) == (0, "status=0\n", ""), done.stderr


def test_the_action_fails_at_once_where_the_annotations_are_wrong(project: Path, tmp_path: Path) -> None:
    write(project, {"purposes.toml": "purposes = 1\n"})
    done, outputs = run_action(project, tmp_path / "runner")
    assert (done.returncode, outputs) == (2, "status=2\n")
    assert "purposes.toml:1" in done.stderr


def test_an_input_of_the_action_is_no_part_of_a_script() -> None:
    """What stands in an input could be a command otherwise."""
    scripts = [step["run"] for step in load(ACTION)["runs"]["steps"] if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_the_job_of_gitlab_writes_the_report_that_it_names(project: Path, tmp_path: Path) -> None:
    job = load(JOB)["purposelint"]
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "purposelint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m purposelint "$@"\n')
    (commands / "purposelint").chmod(0o755)
    variables = {
        "PURPOSELINT_ARGS": job["variables"]["PURPOSELINT_ARGS"],
        "PURPOSELINT_CACHE_DIR": str(project / ".cache/purposelint"),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])],
        cwd=project,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert finding["check_name"].startswith("PUR001")
    assert (project / job["cache"]["paths"][0]).is_dir()
