"""Where marked values arrive when the fixtures really run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

_RUNNER = Path(__file__).with_name("run_cases.py")
_SUFFIX = re.compile(r"_py3(\d+)$")
_NEWEST = 20
_SECONDS = 120


class _Outcome(TypedDict):
    arrived: list[tuple[str, int]]
    reached: list[tuple[str, int]]
    problems: list[str]


@dataclass(frozen=True)
class Truth:
    """What a run of one construct's cases showed. Paths are relative to the construct's folder.

    ``arrived``: sink calls that received a marked value; ``reached``: sink calls that ran.
    ``skipped``: modules for which no Python that is new enough was found. ``problems``: in words.
    """

    arrived: frozenset[tuple[str, int]]
    reached: frozenset[tuple[str, int]]
    skipped: tuple[str, ...]
    problems: tuple[str, ...]


@cache
def truth_of(folder: Path) -> Truth:
    """Run the cases of every module below the folder of a construct."""
    arrived: set[tuple[str, int]] = set()
    reached: set[tuple[str, int]] = set()
    skipped: list[str] = []
    problems: list[str] = []
    by_version: dict[int, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        by_version[_minor_version(path.relative_to(folder))].append(path.relative_to(folder))
    for minor, paths in sorted(by_version.items()):
        python = interpreter(minor)
        if python is None:
            skipped += [path.as_posix() for path in paths]
            continue
        outcome = _run(python, folder, [_module_name(path) for path in paths])
        arrived.update((path, line) for path, line in outcome["arrived"])
        reached.update((path, line) for path, line in outcome["reached"])
        problems += outcome["problems"]
    return Truth(frozenset(arrived), frozenset(reached), tuple(skipped), tuple(problems))


@cache
def interpreter(minor: int) -> str | None:
    """Find a Python 3 that reads the syntax of 3.``minor``: this one, or the oldest that is new enough."""
    if sys.version_info[1] >= minor:
        return sys.executable
    for version in range(minor, _NEWEST):
        installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"3.{version}.*/bin/python"))
        on_path = shutil.which(f"python3.{version}")
        for candidate in [*map(str, installed), *([on_path] if on_path else [])]:
            if _runs(candidate, version):
                return candidate
    return None


def _runs(python: str, minor: int) -> bool:
    asked = [python, "-c", "import sys; print(sys.version_info[1])"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == str(minor)


def _minor_version(path: Path) -> int:
    found = [_SUFFIX.search(part) for part in path.with_suffix("").parts]
    return max((int(match[1]) for match in found if match), default=0)


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run(python: str, folder: Path, modules: list[str]) -> _Outcome:
    command = [python, "-B", str(_RUNNER), str(folder), *modules]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        if answer.returncode == 0:
            outcome: _Outcome = json.loads(answer.stdout)
            return outcome
        trouble = answer.stderr.strip()
    except subprocess.TimeoutExpired:
        trouble = f"the cases of {folder.name} took longer than {_SECONDS} seconds"
    return {"arrived": [], "reached": [], "problems": [trouble]}
