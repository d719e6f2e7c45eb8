"""The lines of code that a report shows."""

from __future__ import annotations

import contextlib
import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from purposelint.facts.span import Span
from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, as_written, notebook
from purposelint.project.notebooks import is_notebook
from purposelint.report.escaping import printable

_LINE_END = re.compile(r"\r\n|\r|\n")


_WIDEST = 160
"""Longer lines of code are shown in part, around the place."""
_BEFORE = 60

_TAB = "    "


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of code in three parts: what stands before the place, the place, what stands behind it."""

    number: int
    before: str
    place: str
    after: str


class CodeLines:
    """Lines of the project's files, read once. Without a root there are none.

    ``contents`` goes before what is on disk. Lines of a notebook are those of the module that its cells make;
    ``raw``: those of its file.
    """

    def __init__(self, root: Path | None, contents: Contents = NO_CONTENTS, *, raw: bool = False) -> None:
        self._root = root
        self._contents = contents
        self._raw = raw
        self._files: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """A line (from 1) without its end; None where the file has none, or cannot be read."""
        if path not in self._files:
            self._files[path] = self._read(path)
        lines = self._files[path]
        return lines[number - 1] if 0 < number <= len(lines) else None

    def excerpt(self, path: str, span: Span) -> Excerpt | None:
        """The first line of a place, or as much of it as can be shown; None where there is nothing to see."""
        line = self.line(path, span.line)
        if line is None or not line.strip():
            return None
        start = min(span.column - 1, len(line))
        end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line.rstrip())
        parts = _cut(line, start, max(end, start + 1))
        return Excerpt(span.shown_line, *(printable(part.replace("\t", _TAB)) for part in parts))

    def _read(self, path: str) -> list[str]:
        if self._root is None:
            return []
        if is_notebook(path) and not self._raw:
            found = notebook(self._root, path, self._contents)
            if not isinstance(found, Unreadable):
                return found.lines()
        source = as_written(self._root, path, self._contents)
        if not isinstance(source, bytes):
            return []
        return _LINE_END.split(_decoded(source, path.endswith(".py")))


def _cut(line: str, start: int, end: int) -> tuple[str, str, str]:
    """The line in three parts, and no more of it than fits."""
    first = max(0, start - _BEFORE) if len(line) > _WIDEST else 0
    last = min(len(line), first + _WIDEST)
    end = min(end, last) if last > start else end
    before, after = line[first:start], line[end:last]
    return ("…" if first else "") + before, line[start:end], after + ("…" if last < len(line) else "")


def _decoded(source: bytes, python: bool) -> str:
    """The text as Python decodes it, with marks where it would not."""
    encoding = "utf-8-sig"
    if python:
        with contextlib.suppress(SyntaxError):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding, "replace")
