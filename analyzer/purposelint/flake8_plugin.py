"""The plugin for flake8: what `purposelint check` finds, under the codes PUR001 and so on.

flake8 asks a plugin about one file at a time, in as many processes as it has jobs; a flow concerns several files. So
the analysis is made once, where flake8 has read its options and has started no process yet. Processes that are
forked have its result; those that begin anew read their options again, and find the result in a file that the
first process names in the environment.

A finding about the annotation file, or in a notebook, stands in no Python file: flake8 cannot tell it, and that is
said on stderr.
"""

from __future__ import annotations

import argparse
import ast
import atexit
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, TypeAlias

from flake8 import utils
from flake8.exceptions import ExecutionError
from flake8.style_guide import Decision, DecisionEngine

from purposelint import __version__
from purposelint.errors import PurposelintError

_HANDED_ON = "PURPOSELINT_FLAKE8_RUN"
_STDIN = "-"

Row: TypeAlias = "tuple[int, int, str]"
"""Line (from 1), column (from 0), text that begins with the code."""

Found: TypeAlias = "dict[str, list[Row]]"
"""Rows by the real path of their file."""


class Plugin:
    """What was found in one file."""

    name = "purposelint"
    version = __version__

    _found: ClassVar[Found] = {}
    _stdin: ClassVar[str] = ""

    def __init__(self, tree: ast.AST, filename: str) -> None:
        """``tree`` is what makes flake8 ask once a file."""
        self._file = self._stdin if filename == _STDIN else filename

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """The findings, as flake8 wants them."""
        for line, column, text in self._found.get(os.path.realpath(self._file), ()):
            yield line, column, text, type(self)

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Analyse what flake8 was asked about. Raises `ExecutionError` where the annotations are wrong."""
        cls._stdin = options.stdin_display_name
        paths = [str(path) for path in options.filenames or ["."]]
        handed_on = _handed_on(paths)
        if handed_on is not None:
            cls._found = handed_on
        elif not _is_told(options):
            cls._found = {}
        else:
            try:
                cls._found = _analyse(paths, cls._stdin, quiet=bool(options.quiet))
            except PurposelintError as error:
                raise ExecutionError(f"purposelint: {error}") from error
            _hand_on(paths, cls._found)


def _is_told(options: argparse.Namespace) -> bool:
    """Whether flake8 would show any of the codes."""
    from purposelint.policy.codes import BY_CODE  # noqa: PLC0415  (start-up time)

    decide = DecisionEngine(options).decision_for
    return any(decide(code) is Decision.Selected for code in BY_CODE)


def _analyse(paths: Sequence[str], stdin: str, *, quiet: bool) -> Found:
    """What is found in the projects around ``paths``, each analysed once; nothing where no annotations are."""
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.cache import Store, default_folder  # noqa: PLC0415
    from purposelint.policy.reports import joined  # noqa: PLC0415

    contents: dict[Path | str, bytes] = {}
    if _STDIN in paths:
        contents[Path(stdin)] = utils.stdin_get_value().encode("utf-8", "surrogateescape")
    places = [Path(stdin if path == _STDIN else path) for path in paths]
    found: Found = {}
    folder = os.environ.get("PURPOSELINT_CACHE_DIR")
    with Store(Path(folder) if folder else default_folder()) as cache:
        reports = {
            project: engine.analyse(project.root, project.config, contents=contents, cache=cache)
            for project in engine.projects_around(places)
        }
    for project, report in engine.apart(reports).items():
        # flake8 tells paths from where it runs, so the way in a message begins there too.
        from_here = joined([(os.path.relpath(project.root).replace(os.sep, "/"), report)])
        for finding in (*from_here.findings, *from_here.errors):
            row = (finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}")
            found.setdefault(os.path.realpath(finding.path), []).append(row)
    untold = sum(len(rows) for file, rows in found.items() if not file.endswith(".py"))
    if untold and not quiet:
        are = "finding is" if untold == 1 else "findings are"
        print(f"purposelint: {untold} {are} in no Python file: `purposelint check` tells what", file=sys.stderr)
    return found


def _hand_on(paths: Sequence[str], found: Mapping[str, Sequence[Row]]) -> None:
    """Write what was found where processes that this one starts will look for it."""
    number, file = tempfile.mkstemp(prefix="purposelint-", suffix=".json")
    with open(number, "w", encoding="utf-8", errors="surrogateescape") as stream:
        json.dump({"paths": list(paths), "found": found}, stream)
    os.environ[_HANDED_ON] = f"{os.getpid()}:{file}"
    atexit.register(_remove, os.getpid(), file)


def _handed_on(paths: Sequence[str]) -> Found | None:
    """What the process that started this one has found; None in a first process."""
    parent = multiprocessing.parent_process()
    number, _, file = os.environ.get(_HANDED_ON, "").partition(":")
    if parent is None or number != str(parent.pid):
        return None
    with open(file, encoding="utf-8", errors="surrogateescape") as stream:
        run = json.load(stream)
    return (
        {name: [tuple(row) for row in rows] for name, rows in run["found"].items()} if run["paths"] == paths else None
    )


def _remove(owner: int, file: str) -> None:
    if os.getpid() == owner:
        Path(file).unlink(missing_ok=True)
