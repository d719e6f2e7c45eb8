"""Run the cases of one construct's modules: a program of its own, started by `support.truth`.

Usage: run_cases.py FOLDER MODULE... Prints JSON: ``arrived`` and ``reached`` are lists of (path, line) of sink calls,
``problems`` are cases that did not run to their end, in words.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import inspect
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

SECONDS_PER_CASE = 5


def run(folder: Path, modules: list[str]) -> dict[str, Any]:
    """Run every case of the modules, each in a fresh import of what the folder holds."""
    probe = _load_probe(folder)
    problems: list[str] = []
    sys.path.insert(0, str(folder))
    signal.signal(signal.SIGALRM, _give_up)
    for name in modules:
        for case in _names_of_cases(folder, name, problems):
            _purge(folder)
            with _told(problems, f"{name}.{case}"):
                asked = getattr(importlib.import_module(name), case)()
                if inspect.isawaitable(asked):
                    asyncio.run(_awaited(asked))
    places = [(_relative(path, folder), line, arrived) for path, line, arrived in probe.records]
    if any(line == 0 for _, line, _ in places):
        problems.append("a sink was called by code outside the fixture: wrap it in a function of the fixture")
    return {
        "arrived": sorted({(path, line) for path, line, arrived in places if arrived}),
        "reached": sorted({(path, line) for path, line, _ in places}),
        "problems": problems,
    }


def _names_of_cases(folder: Path, name: str, problems: list[str]) -> list[str]:
    _purge(folder)
    with _told(problems, name):
        module = importlib.import_module(name)
        return [
            key
            for key, value in vars(module).items()
            if key.startswith("case_") and callable(value) and getattr(value, "__module__", name) == name
        ]
    return []


async def _awaited(asked: Any) -> Any:
    return await asked


def _load_probe(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("probe", Path(__file__).with_name("probe.py"))
    assert spec is not None
    assert spec.loader is not None
    probe = importlib.util.module_from_spec(spec)
    sys.modules["probe"] = probe
    spec.loader.exec_module(probe)
    vars(probe)["within"] = str(folder) + os.sep
    return probe


def _purge(folder: Path) -> None:
    inside = str(folder) + os.sep
    for name, module in list(sys.modules.items()):
        places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", [])]
        if any(place.startswith(inside) for place in places):
            del sys.modules[name]


@contextlib.contextmanager
def _told(problems: list[str], name: str) -> Any:
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_CASE)
    try:
        yield
    except (Exception, SystemExit) as error:
        problems.append(f"{name}: {type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"took longer than {SECONDS_PER_CASE} seconds")


def _relative(path: str, folder: Path) -> str:
    return Path(path).relative_to(folder).as_posix() if path.startswith(str(folder)) else path


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).parent.resolve()]
    with contextlib.redirect_stdout(sys.stderr):
        outcome = run(Path(sys.argv[1]).resolve(), sys.argv[2:])
    json.dump(outcome, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # threads that a case left behind must not hold the answer back
