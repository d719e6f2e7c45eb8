"""What is installed is whole, and starts quickly."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from purposelint import __version__

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_its_rules_and_its_licence_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {
        f"purposelint/rules/{path.relative_to(ROOT / 'rules').as_posix()}" for path in ROOT.glob("rules/**/*.toml")
    }
    assert rules
    assert rules <= names
    assert {"purposelint/py.typed", "purposelint/cli/__init__.py", "purposelint/report/templates/page.html"} <= names
    assert f"purposelint-{__version__}.dist-info/licenses/LICENSE" in names
    assert {name.partition("/")[0] for name in names} == {"purposelint", f"purposelint-{__version__}.dist-info"}


def test_the_command_of_an_installed_wheel_runs_and_finds_its_rules(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=tmp_path)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    done = run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    # The dependencies are those of the tests' own environment: nothing is downloaded.
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).stdout.strip()
    Path(purelib, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    version = run(scripts / "purposelint", "--version", cwd=tmp_path)
    assert version.stdout == f"purposelint {__version__}\n"
    where = run(python, "-c", "import purposelint; print(purposelint.__file__)", cwd=tmp_path).stdout
    assert where.startswith(purelib)

    (tmp_path / "project").mkdir()
    (tmp_path / "project/purposes.toml").write_text('[purposes]\nservice = "x"\n', encoding="utf-8")
    (tmp_path / "project/app.py").write_text("x = 1\n", encoding="utf-8")
    checked = run(scripts / "purposelint", "project", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def test_the_version_is_told_without_loading_the_analysis(tmp_path: Path) -> None:
    program = (
        "import sys, purposelint.cli\n"
        "try: purposelint.cli.main(['--version'])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(sorted({'libcst', 'networkx', 'tomli', 'pathspec', 'multiprocessing', 'rich', 'jinja2'}"
        " & set(sys.modules)))"
    )
    assert run(sys.executable, "-c", program, cwd=tmp_path).stdout == f"purposelint {__version__}\n[]\n"
