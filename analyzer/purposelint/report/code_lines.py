"""The lines of code that a report shows."""

from __future__ import annotations

import contextlib
import io
import re
import tokenize
from pathlib import Path

from purposelint.project.files import read

_LINE_END = re.compile(r"\r\n|\r|\n")


class CodeLines:
    """Lines of the project's files, read once. Without a root there are none."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._files: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """A line (from 1) without its end; None where the file has none, or cannot be read."""
        if path not in self._files:
            self._files[path] = self._read(path)
        lines = self._files[path]
        return lines[number - 1] if 0 < number <= len(lines) else None

    def _read(self, path: str) -> list[str]:
        source = read(self._root, path) if self._root is not None else b""
        if not isinstance(source, bytes):
            return []
        return _LINE_END.split(_decoded(source, path.endswith(".py")))


def _decoded(source: bytes, python: bool) -> str:
    """The text as Python decodes it, with marks where it would not."""
    encoding = "utf-8-sig"
    if python:
        with contextlib.suppress(SyntaxError):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding, "replace")
