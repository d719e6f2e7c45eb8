"""The standard-library models say what the standard library does: both are run, and compared."""

from __future__ import annotations

import importlib
import inspect
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli

from purposelint.config.load import load
from purposelint.syntax import lower
from support import native_models

SUPPORT = Path(__file__).parent / "support"
_PREAMBLE = """
import calendar, cmath, dataclasses, decimal, filecmp, fnmatch, inspect, keyword, math, mimetypes, os, os.path
import pathlib, shutil, socket, stat, struct, subprocess, sys, tarfile, tempfile, time, unicodedata, warnings, zipfile
folder = pathlib.Path(tempfile.mkdtemp()) / M
folder.mkdir()
file = folder.with_name(M + ".txt")
file.touch()
os.utime(file, (0, 0))
"""
# Not called by those who use the library, or a name that its documentation gives and the module does not have.
_NOT_CALLED = frozenset({"Handle", "TimerHandle", "Timeout", "DoneAndNotDoneFutures", "RLock", "SelectorEventLoop"})
_OF_OTHER_VERSIONS = frozenset(
    {"InterpreterPoolExecutor", "QueueShutDown", "Runner", "SafeConfigParser", "ShutDown", "TaskGroup", "assert_type"}
    | {"batched", "call", "chdir", "coroutine", "file_digest", "override", "pairwise", "replace", "reveal_type"}
    | {"timeout", "timeout_at", "AsyncContextDecorator"}
)


@pytest.fixture(autouse=True)
def _files_go_where_they_are_cleaned_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


_SINCE = {"asyncio.TaskGroup": (3, 11), "asyncio.timeout": (3, 11), "asyncio.Runner": (3, 11)}


def _runs_here(program: str) -> bool:
    return all(sys.version_info >= version for name, version in _SINCE.items() if name in program)


def _cases() -> Iterator[Any]:
    for path in sorted((SUPPORT / "stdlib_cases").glob("*.toml")):
        for module, programs in tomli.loads(path.read_text(encoding="utf-8")).items():
            for key, expected in (("carries", True), ("does_not_carry", False)):
                for number, program in enumerate(programs[key]):
                    if _runs_here(program):
                        yield pytest.param(program, expected, id=f"{module}-{key}-{number}")


@pytest.mark.parametrize(("program", "expected"), list(_cases()))
def test_a_model_lets_marked_data_out_exactly_where_the_library_does(program: str, expected: bool) -> None:
    assert native_models.carries(program) is expected, "the table is wrong about the library"
    assert native_models.may_carry(program) is expected, "the model differs from the library"


@cache
def _silent_programs() -> dict[str, str]:
    table = tomli.loads((SUPPORT / "stdlib_silent.toml").read_text(encoding="utf-8"))
    return {call: _PREAMBLE + program for call, program in table.items()}


def _silent_calls() -> list[str]:
    entries = (
        entry
        for path in sorted(native_models.RULES.glob("stdlib_*.toml"))
        for entry in tomli.loads(path.read_text(encoding="utf-8")).get("passthrough", [])
    )
    return [call for entry in entries if not entry["to"] for call in entry["match"]]


@pytest.mark.parametrize("call", _silent_calls())
def test_a_call_that_is_said_to_carry_nothing_gives_nothing_of_what_it_was_given(call: str) -> None:
    assert not native_models.carries(_silent_programs()[call])


def test_every_program_of_the_silent_table_is_of_a_call_in_the_rules() -> None:
    assert not _silent_programs().keys() - set(_silent_calls())


def test_the_default_of_a_look_up_in_the_environment_comes_out_and_the_name_does_not() -> None:
    assert native_models.carries("import os\nout = os.getenv('NO_SUCH_NAME', M), os.environ.get('NO_SUCH_NAME', M)")
    assert not native_models.carries("import os\nout = os.getenv(M), os.environ.get(M)")


def test_the_packs_of_the_standard_library_are_in_force_without_a_project_file(tmp_path: Path) -> None:
    annotations = load(None, root=tmp_path)
    assert set(native_models.models()) <= {model.module for model in annotations.models}
    assert any(pattern.text == "os.path.exists()" for entry in annotations.passthroughs for pattern in entry.match)


def test_every_model_can_be_read_by_the_analyser(tmp_path: Path) -> None:
    for model in load(None, root=tmp_path).models:
        lower(model.code.encode())  # raises what cannot be read


def _public(module: str) -> dict[str, Any]:
    """The functions and classes that a model defines for others."""
    return {
        name: value
        for name, value in vars(native_models.World().module(module)).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module and callable(value)
    }


def _parameters(function: Any) -> dict[str, inspect.Parameter] | None:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None


def _misses(model: Any, library: Any) -> list[str]:
    """The parameters of a library function that its model does not take, or takes elsewhere."""
    ours, theirs = _parameters(model), _parameters(library)
    if ours is None or theirs is None:
        return []
    kinds = {parameter.kind for parameter in ours.values()}
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    places = [name for name, parameter in ours.items() if parameter.kind in positional]
    missed = []
    for place, (name, parameter) in enumerate(theirs.items()):
        if name.startswith("_") or parameter.kind in variable:
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            found = name in ours or inspect.Parameter.VAR_KEYWORD in kinds
        elif parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
            found = place < len(places) or inspect.Parameter.VAR_POSITIONAL in kinds
        else:
            found = (place < len(places) and places[place] == name) or inspect.Parameter.VAR_POSITIONAL in kinds
        if not found:
            missed.append(name)
    return missed


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="parameters are held to those of one version of Python")
@pytest.mark.parametrize("module", sorted(native_models.models()))
def test_a_model_has_the_names_and_parameters_of_the_library(module: str) -> None:
    try:
        library = importlib.import_module(module.removeprefix("purposelint_heirs."))
    except ModuleNotFoundError:
        assert module == "typing_extensions"
        return
    for name, model in _public(module).items():
        if name in _NOT_CALLED:
            continue
        if not hasattr(library, name):
            assert name in _OF_OTHER_VERSIONS, f"{module} has no {name}"
            continue
        real = getattr(library, name)
        assert _misses(model, real) == [], f"{module}.{name}"
        if isinstance(model, type) and isinstance(real, type):
            for method in vars(model).keys() & set(dir(real)):
                if not method.startswith("_") and callable(getattr(model, method)):
                    assert _misses(getattr(model, method), getattr(real, method)) == [], f"{module}.{name}.{method}"
