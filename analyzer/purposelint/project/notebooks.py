"""Jupyter notebooks: their code cells as one module, in the order in which they stand.

Words used here
---------------
*cell*
    Counted from 1 among all cells of the notebook, text too: so editors count them.
*module line*
    A line of the module that the cells make, from 1. Each cell stands below a line that names its number, so
    that the module's bytes say which line is whose.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from purposelint.facts.span import Span
from purposelint.project.json_strings import JsonString, strings
from purposelint.project.magics import as_python

SUFFIX = ".ipynb"
MAX_BYTES = 100_000_000
"""Notebooks hold what they have shown; this much of it is read past."""

_PYTHON = frozenset({"python", "ipython", "pyspark", "sage"})
_HEAD = "# coding: utf-8"
_LINE_END = re.compile(r"\r\n|\r|\n")
_FIRST_CODE = re.compile(r"^([ \t]*)[^\s#]", re.MULTILINE)


class BrokenNotebook(Exception):
    """What is wrong with the file of a notebook, at a line and a column (from 1) of the file."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell in Python: its number, its text, and the module line on which it begins.

    ``broken``: it cannot be parsed, and the module has blank lines in its place.
    """

    number: int
    text: str
    first: int
    broken: bool = False

    @property
    def lines(self) -> list[str]:
        """The lines as they were written."""
        return _LINE_END.split(self.text)

    @property
    def python(self) -> str:
        """The cell as Python, with as many lines."""
        return "\n" * (len(self.lines) - 1) if self.broken else as_python("\n".join(self.lines))

    @property
    def module_lines(self) -> list[str]:
        """What the module has for it: the line that names it, and its own."""
        # Below an `if` columns stay what they are.
        return [f"{'if True:  ' if self.is_indented else ''}# %% cell {self.number}", *self.python.split("\n")]

    def alone(self) -> bytes:
        """The source of a module of nothing but this cell; its first line is the one that names it."""
        return _encoded(self.module_lines)

    @property
    def is_indented(self) -> bool:
        """Whether its first line of code is: IPython takes away what all lines have."""
        code = _FIRST_CODE.search(self.python)
        return code is not None and bool(code[1])


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook that are Python, and the text of its file."""

    cells: tuple[Cell, ...]
    document: str

    def module(self) -> bytes:
        """The source of the module that the cells make."""
        lines = [_HEAD]
        for cell in self.cells:
            lines += cell.module_lines
        return _encoded(lines)

    def without(self, broken: Collection[int]) -> Notebook:
        """The notebook without the code of the cells of these numbers."""
        cells = [replace(cell, broken=True) if cell.number in broken else cell for cell in self.cells]
        return Notebook(tuple(cells), self.document)

    def lines(self) -> list[str]:
        """The lines of the module as the notebook has them."""
        lines = [""]
        for cell in self.cells:
            lines += ["", *cell.lines]
        return lines

    def cell_at(self, line: int) -> Cell | None:
        """The cell of a module line; of a line above the first cell that one. None where there are none."""
        if not self.cells:
            return None
        return self.cells[max(0, bisect_right(self._firsts, line) - 1)]

    def module_line(self, number: int, line: int) -> int | None:
        """The module line of a line in a cell; None where there is no such line of code."""
        for cell in self.cells:
            if cell.number == number and 0 < line <= len(cell.lines):
                return cell.first + line - 1
        return None

    def placed(self, span: Span) -> Span:
        """A place in the module, with the cell that it is in. What is below a cell's last line counts as its end."""
        cell = self.cell_at(span.line)
        if cell is None:
            return span
        line = min(max(span.line, cell.first), cell.first + len(cell.lines) - 1)
        end = max(line, span.end_line)
        return Span(line, span.column, end, span.end_column, cell.number, cell.first - 1)

    def in_file(self, span: Span) -> Span:
        """Where a place in the module stands in the notebook's file, which is JSON."""
        line, column = self._in_file(span.line, span.column)
        end_line, end_column = self._in_file(span.end_line, span.end_column)
        return Span(
            line, column, max(line, end_line), end_column if (end_line, end_column) > (line, column) else column
        )

    def _in_file(self, line: int, column: int) -> tuple[int, int]:
        cell = self.cell_at(line)
        if cell is None:
            return 1, 1
        starts = [0, *(end.end() for end in _LINE_END.finditer(cell.text))]
        at = starts[min(max(line - cell.first, 0), len(starts) - 1)] + column - 1
        pieces = self._pieces.get(cell.number - 1, [])
        for piece in pieces:
            length = len(piece.value)
            if at < length or piece is pieces[-1]:
                offset = piece.offset_of(self.document, min(at, length))
                begin = self.document.rfind("\n", 0, offset) + 1
                return self.document.count("\n", 0, offset) + 1, offset - begin + 1
            at -= length
        return 1, 1

    @cached_property
    def _firsts(self) -> list[int]:
        return [cell.first for cell in self.cells]

    @cached_property
    def _pieces(self) -> dict[int, list[JsonString]]:
        """The strings that make the text of each cell, by its index."""
        found: dict[int, list[JsonString]] = {}
        for path, string in strings(self.document):
            match path:
                case ("cells", int(index), "source") | ("cells", int(index), "source", int()):
                    found.setdefault(index, []).append(string)
        return found


def is_notebook(path: str) -> bool:
    """Whether a path is a notebook's."""
    return path.endswith(SUFFIX)


@lru_cache(maxsize=2)
def parsed(source: bytes) -> Notebook:
    """The notebook of a file's bytes. Raises `BrokenNotebook`."""
    try:
        document = source.decode("utf-8-sig")
        found = json.loads(document)
    except UnicodeDecodeError as error:
        raise BrokenNotebook(
            source.count(b"\n", 0, error.start) + 1, 1, f"cannot be decoded as utf-8: byte 0x{source[error.start]:02x}"
        ) from None
    except json.JSONDecodeError as error:
        raise BrokenNotebook(error.lineno, error.colno, f"is no notebook: the JSON is broken ({error.msg})") from None
    except (ValueError, RecursionError) as error:
        raise BrokenNotebook(1, 1, f"is no notebook: the JSON cannot be read ({error})") from None
    if not isinstance(found, dict) or ("nbformat" not in found and "cells" not in found):
        raise BrokenNotebook(1, 1, "is no notebook: the JSON has neither `nbformat` nor `cells`")
    if isinstance(form := found.get("nbformat"), int) and form < 4:
        raise BrokenNotebook(
            1, 1, f"is a notebook of format {form}, and 4 is read: `jupyter nbconvert --to notebook` converts it"
        )
    if not isinstance(cells := found.get("cells"), list):
        raise BrokenNotebook(1, 1, "is no notebook: `cells` is no list")
    return Notebook(tuple(_code(cells) if _speaks_python(found.get("metadata")) else ()), document)


def written(cells: Iterable[tuple[str | None, str]]) -> bytes:
    """The file of a notebook with cells of these languages (None: prose) and texts."""
    found = [
        {
            "cell_type": "markdown" if language is None else "code",
            "metadata": {"vscode": {"languageId": "python" if language in _PYTHON else language}},
            "source": text,
        }
        for language, text in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found}).encode()


def _code(cells: list[Any]) -> list[Cell]:
    """The code cells; one whose `source` cannot be read raises `BrokenNotebook`."""
    found: list[Cell] = []
    line = 2
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code" or not _is_python(cell.get("metadata")):
            continue
        source = cell.get("source", "")
        pieces = source if isinstance(source, list) else [source]
        if not all(isinstance(piece, str) for piece in pieces):
            raise BrokenNotebook(1, 1, f"is no notebook: the `source` of cell {number} is no text")
        found.append(Cell(number, "".join(pieces), line + 1))
        line += 1 + len(found[-1].lines)
    return found


def _encoded(lines: list[str]) -> bytes:
    return "\n".join([*lines, ""]).encode("utf-8", "replace")


def _speaks_python(metadata: object) -> bool:
    """Whether the kernel is one for Python; where nothing is said, it is."""
    told = metadata if isinstance(metadata, dict) else {}
    names = [
        str(about[key]).lower()
        for part, key in (("kernelspec", "language"), ("language_info", "name"))
        if isinstance(about := told.get(part), dict) and about.get(key)
    ]
    return not names or not _PYTHON.isdisjoint(names)


def _is_python(metadata: object) -> bool:
    """Whether a cell is in the notebook's language: VS Code notes where one is not."""
    about = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = about.get("languageId") if isinstance(about, dict) else None
    return language is None or language == "python"
