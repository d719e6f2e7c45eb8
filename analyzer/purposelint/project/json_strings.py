"""Where the strings of a JSON document stand in its text. `json` reads it, and says nothing of places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]', re.DOTALL)
_UNIT = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string as it is written, with its quotes, and the offset of its first character, behind the quote."""

    written: str
    offset: int

    @property
    def value(self) -> str:
        """The text that it stands for."""
        return str(json.loads(self.written, strict=False))

    def offset_of(self, text: str, index: int) -> int:
        """The offset in the text of the document of a character of the value, or of its end."""
        at = self.offset
        for _ in range(index):
            unit = _UNIT.match(text, at)
            assert unit is not None  # the document was read
            at = unit.end()
        return at


def strings(text: str) -> Iterator[tuple[tuple[str | int, ...], JsonString]]:
    """The strings among the values of a document that is right, each with the keys and indices that lead to it."""
    path: list[str | int] = []
    key = False  # whether the next string is one
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark == "{":
            path.append("")
            key = True
        elif mark == "[":
            path.append(0)
            key = False
        elif mark in "}]":
            path.pop()
            key = False
        elif mark == ",":
            last = path[-1]
            key = isinstance(last, str)
            if isinstance(last, int):
                path[-1] = last + 1
        elif mark == ":":
            key = False
        elif key:
            path[-1] = json.loads(mark)
        else:
            yield tuple(path), JsonString(mark, token.start() + 1)
