"""Pysa and Semgrep: into an environment of their own, with the same rules, on the same tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from measuring import Cost, measure
from rules import Rules

PACKAGES = ("pyre-check", "semgrep")


@dataclass(frozen=True)
class Peers:
    """The environment that they are installed in."""

    python: Path

    @classmethod
    def install(cls, folder: Path) -> Peers:
        """Install the newest of both from PyPI, where they are not yet there."""
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        return cls(python)

    def versions(self) -> dict[str, str]:
        """The version of each package."""
        code = f"import importlib.metadata as m, json; print(json.dumps({{p: m.version(p) for p in {PACKAGES!r}}}))"
        done = subprocess.run([self.python, "-c", code], check=True, capture_output=True, text=True)
        versions: dict[str, str] = json.loads(done.stdout)
        return versions

    def pysa(self, tree: Path, work: Path, rules: Rules, limit: float) -> list[Cost]:
        """Pysa with the types that Pyrefly infers: both steps, each measured. Unannotated functions count.

        The second step is run only where the first has finished.
        """
        work.mkdir(parents=True, exist_ok=True)
        taint, types = work / "taint", work / "types"
        taint.mkdir(exist_ok=True)
        config, models = rules.pysa()
        (taint / "taint.config").write_text(config, "utf-8")
        (taint / "models.pysa").write_text(models, "utf-8")
        configuration = {"source_directories": [str(tree)], "taint_models_path": str(taint), "strict": False}
        (work / ".pyre_configuration").write_text(json.dumps(configuration), "utf-8")
        included = f"project-includes = [{json.dumps(f'{tree}/**/*.py')}]\nsearch-path = [{json.dumps(str(tree))}]\n"
        (work / "pyrefly.toml").write_text(included, "utf-8")
        typing: list[str | Path] = [self._tool("pyrefly"), "check", "--config", work / "pyrefly.toml"]
        typing += ["--check-unannotated-defs=true", "--summary=none", "--report-pysa", types]
        costs = [measure(typing, folder=work, limit=limit)]
        if costs[0].finished and types.is_dir():
            analysis: list[str | Path] = [self._tool("pyre"), "--noninteractive", "analyze", "--no-verify"]
            analysis += ["--pyrefly-results", types, "--save-results-to", work / "results"]
            costs.append(measure(analysis, folder=work, limit=limit - costs[0].wall))
        return costs

    def semgrep(self, tree: Path, work: Path, rules: Rules, limit: float) -> Cost:
        """Semgrep's open source engine: flows inside single functions."""
        work.mkdir(parents=True, exist_ok=True)
        (work / "rules.json").write_text(rules.semgrep(), "utf-8")
        command: list[str | Path] = [
            self._tool("semgrep"),
            "scan",
            "--config",
            work / "rules.json",
            "--metrics=off",
            "--disable-version-check",
            "--no-git-ignore",
            "--quiet",
            "--json",
            "--jobs",
            str(os.cpu_count() or 1),
            tree,
        ]
        path = f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return measure(command, folder=work, limit=limit, env={**os.environ, "PATH": path})

    def _tool(self, name: str) -> Path:
        return self.python.parent / name


def _toml(values: dict[str, object]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
