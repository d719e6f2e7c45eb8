"""Where keys and values stand in a TOML text.

``tomli`` tells what a file says and not where. `Positions` scans the text once more and keeps, for
every key path, where the key (or the header of a table) and where the value begin::

    [[sink]]                       ("sink", 0)
    match = ["a.b()",              ("sink", 0, "match")  and  ("sink", 0, "match", 0)
             "c.d()"]              ("sink", 0, "match", 1)
    storage = { unit = "s" }       ("sink", 0, "storage", "unit")

The scan trusts that the text is well-formed, because tomli has read it before: it skips what it
need not understand and checks nothing.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

KeyPath: TypeAlias = "tuple[str | int, ...]"
"""Keys and, for elements of arrays, indices counted from 0."""

_SPACE = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_LONG_BASIC = re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)
_BASIC = re.compile(r'"(?:\\.|[^"\\])*"')
_LITERAL = re.compile(r"'[^']*'")
_ESCAPE = re.compile(
    r"\\(?:u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|x(?P<x>[0-9A-Fa-f]{2})|(?P<trim>[ \t]*\n[ \t\n]*)|.)"
)
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


_HEADER_NAME = re.compile(r'"([^"]*)"|([A-Za-z0-9_-]+)')
_LINE = re.compile(
    r"^[ \t]*(?:\[(?P<array>\[)?[ \t]*(?P<header>[^\[\]\n]+)\]|(?P<key>[A-Za-z0-9_-]+|\"[^\"\n]*\")[ \t]*=)", re.M
)


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both counted from 1; columns count characters."""

    line: int
    column: int


class Positions:
    """The places of a TOML text that tomli has read; line ends are ``\\n``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        scanner = _Scanner(text)
        # Nesting beyond Python's stack: what was found so far serves.
        with suppress(RecursionError):
            scanner.document()
        self._keys = scanner.keys
        self._values = scanner.values

    def key(self, path: KeyPath) -> Place:
        """Where the key of ``path`` begins, or the header of that table.

        A path that is not written has the place of the nearest one above it; the document itself has its first line.
        """
        while path and path not in self._keys:
            path = path[:-1]
        return self._place(self._keys[path]) if path else Place(1, 1)

    def paths(self) -> frozenset[KeyPath]:
        """All key paths that are written, or implied by a longer one."""
        return frozenset(self._keys)

    def inside(self, path: KeyPath, index: int) -> Place:
        """Where the character ``index`` (from 0) of the string at ``path`` stands, escapes seen through.

        An index at or past its end is the closing quote. Falls back to the key where there is no such string.
        """
        begin = self._values.get(path)
        if begin is None:
            return self.key(path)
        return self._place(_offset_in_string(self._text, begin, index))

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)


def outline(text: str, values: Mapping[str, object]) -> Mapping[KeyPath, int] | None:
    """The lines (from 1) of headers and of keys that begin a line: a tenth of the work of `Positions`.

    A look at the beginnings of lines that can be led astray by strings of several lines. None when it was: when its
    arrays of tables are not as long as those of ``values``, which is what tomli made of the text.
    """
    lines: dict[KeyPath, int] = {}
    sizes: dict[str, int] = {}
    table: KeyPath = ()
    line, counted = 1, 0
    for found in _LINE.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        header, key = found["header"], found["key"]
        if header is None:
            lines.setdefault((*table, key.strip('"')), line)
            continue
        names = tuple(found_name[1] or found_name[2] for found_name in _HEADER_NAME.finditer(header))
        if found["array"]:
            name = ".".join(names)
            table = (name, sizes.get(name, 0))
            sizes[name] = sizes.get(name, 0) + 1
        else:
            table = names
        lines.setdefault(table, line)
    arrays = {name: value for name, value in values.items() if isinstance(value, list)}
    return lines if sizes == {name: len(value) for name, value in arrays.items()} else None


def _offset_in_string(text: str, begin: int, index: int) -> int:
    """The offset in ``text`` of the character ``index`` of the string that begins at ``begin``."""
    quote = text[begin]
    size = 3 if text.startswith(quote * 3, begin) else 1
    at = begin + size
    if size == 3 and text.startswith("\n", at):
        at += 1
    while True:
        if quote == '"' and (found := _ESCAPE.match(text, at)):
            width, step = (0 if found["trim"] is not None else 1), found.end() - at
        elif text.startswith(quote * size, at) and not (size == 3 and text.startswith(quote * 4, at)):
            return at
        else:
            width = step = 1
        if width and index == 0:
            return at
        index -= width
        at += step


class _Scanner:
    """A cursor (``at``) over the text that fills ``keys`` and ``values`` with offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, int] = {}
        self.sizes: dict[KeyPath, int] = {}
        """How many elements each array of tables has so far."""

    def document(self) -> None:
        text = self.text
        table: KeyPath = ()
        while True:
            self.skip(_SPACE)
            if self.at >= len(text):
                return
            if text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> KeyPath:
        begin = self.at
        several = self.text.startswith("[[", begin)
        self.at += 2 if several else 1
        names = self.dotted_key()
        self.at += 2 if several else 1
        path: KeyPath = ()
        for name in names[:-1]:
            path = self.element(path, name)
            self.keys.setdefault(path, begin)
        if not several:
            path = self.element(path, names[-1])
        else:
            array = (*path, names[-1])
            self.keys.setdefault(array, begin)
            number = self.sizes.get(array, 0)
            self.sizes[array] = number + 1
            path = (*array, number)
        self.keys.setdefault(path, begin)
        return path

    def element(self, path: KeyPath, name: str) -> KeyPath:
        """The path of ``name`` in a header: of an array of tables its latest element is meant."""
        path = (*path, name)
        size = self.sizes.get(path)
        return path if size is None else (*path, size - 1)

    def pair(self, table: KeyPath) -> None:
        begin = self.at
        path = table
        for name in self.dotted_key():
            path = (*path, name)
            self.keys.setdefault(path, begin)
        self.at += 1  # the "="
        self.skip(_BLANKS)
        self.value(path)

    def dotted_key(self) -> list[str]:
        """The names of a key; the cursor is then at what follows it."""
        names: list[str] = []
        while True:
            self.skip(_BLANKS)
            names.append(self.simple_key())
            self.skip(_BLANKS)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def simple_key(self) -> str:
        begin = self.at
        if self.text[begin] == '"':
            self.skip(_BASIC)
            return _unescape(self.text[begin + 1 : self.at - 1])
        if self.text[begin] == "'":
            self.skip(_LITERAL)
            return self.text[begin + 1 : self.at - 1]
        self.skip(_BARE_KEY)
        return self.text[begin : self.at]

    def value(self, path: KeyPath) -> None:
        text, begin = self.text, self.at
        first = text[begin]
        if first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        elif first == '"':
            self.values[path] = begin
            self.skip(_LONG_BASIC if text.startswith('"""', begin) else _BASIC)
        elif first == "'":
            self.values[path] = begin
            self.skip(_LONG_LITERAL if text.startswith("'''", begin) else _LITERAL)
        else:
            self.skip(_SCALAR)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_SPACE)
            if self.text[self.at] == "]":
                break
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.keys[(*path, index)] = self.at
            self.value((*path, index))
            index += 1
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self.skip(_SPACE)
            if self.text[self.at] == "}":
                break
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.pair(path)
        self.at += 1

    def skip(self, expression: re.Pattern[str]) -> None:
        found = expression.match(self.text, self.at)
        if found:
            self.at = found.end()


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(found: re.Match[str]) -> str:
    digits = found["u"] or found["U"] or found["x"]
    if digits:
        return chr(int(digits, 16))
    return _SHORT.get(found[0][1], found[0][1])
