"""Typed access to the tables of a document: every method tells what is wrong and answers with what is left.

None means: not written, or written wrong and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from purposelint.config import durations
from purposelint.config.documents import Document
from purposelint.config.model import Origin
from purposelint.config.pattern_parser import PatternError, parse_pattern
from purposelint.config.patterns import Pattern
from purposelint.config.positions import KeyPath
from purposelint.config.suggestions import did_you_mean


class Reference(NamedTuple):
    """A name that must be known once all files are read. kind: see `purposelint.config.references`."""

    kind: str
    name: str
    document: Document
    path: KeyPath


class Table:
    """A table of a document, at ``path``. ``references`` gathers the names that it mentions."""

    __slots__ = ("document", "path", "references", "values")

    def __init__(
        self, document: Document, path: KeyPath, values: Mapping[str, object], references: list[Reference]
    ) -> None:
        self.document = document
        self.path = path
        self.values = values
        self.references = references

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def refuse(self, message: str, *keys: str | int) -> None:
        """Note a mistake in this table, or in what stands at ``keys`` in it."""
        self.document.refuse(self.path + keys, message)

    def below(self, key: str) -> Table:
        """The table at ``key``, which is known to be one."""
        values = self.values[key]
        assert isinstance(values, dict)
        return Table(self.document, (*self.path, key), values, self.references)

    def origin(self, *keys: str) -> Origin:
        """Where this table's header, or the key in it, stands."""
        return self.document.origin(self.path + keys)

    def only(self, allowed: Collection[str]) -> None:
        """Tell of keys that are not ``allowed``."""
        for key in self.values:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or f"; known here: {', '.join(sorted(allowed))}"
                self.refuse(f"there is no such key{hint}", key)

    def needs(self, key: str, remedy: str) -> bool:
        """Tell when ``key`` is missing; ``remedy`` shows what to write."""
        if key in self.values:
            return True
        self.refuse(f'"{key}" is missing; {remedy}')
        return False

    def text(self, key: str) -> str | None:
        """A string with something in it."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(f"must be a string, not {type_name(value)}", key)
            return None
        if not value.strip():
            self.refuse("is empty", key)
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of strings; each once, in the order written."""
        pairs = self._strings(key)
        return None if pairs is None else tuple(dict.fromkeys(text for _, text in pairs))

    def names(self, key: str, kind: str) -> tuple[str, ...] | None:
        """A list of names of ``kind``, which are looked up later."""
        pairs = self._strings(key)
        if pairs is None:
            return None
        for index, name in pairs:
            self.references.append(Reference(kind, name, self.document, (*self.path, key, index)))
        return tuple(dict.fromkeys(name for _, name in pairs))

    def name(self, key: str, kind: str) -> str | None:
        """A name of ``kind``, which is looked up later."""
        name = self.text(key)
        if name is not None:
            self.references.append(Reference(kind, name, self.document, (*self.path, key)))
        return name

    def one_of(self, key: str, allowed: Collection[str]) -> str | None:
        """A string that is one of ``allowed``."""
        value = self.text(key)
        if value is None or value in allowed:
            return value
        listed = ", ".join(f'"{each}"' for each in allowed)
        self.refuse(f'"{value}" is none of {listed}{did_you_mean(value, allowed)}', key)
        return None

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.refuse(f"must be true or false, not {type_name(value)}", key)
        return None

    def count(self, key: str, least: int) -> int | None:
        """A whole number, at least ``least``."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(f"must be a whole number, not {type_name(value)}", key)
            return None
        if value < least:
            self.refuse(f"must be at least {least}, not {value}", key)
            return None
        return value

    def duration(self, key: str) -> float | None:
        """A length of time, in seconds."""
        value = self.values.get(key)
        if value is None:
            return None
        example = 'a length of time such as "30d", "24h", "15m", "60s" or "forever"'
        if not isinstance(value, str):
            self.refuse(f"must be {example}, not {type_name(value)}", key)
            return None
        length = durations.seconds(value)
        if length is None:
            near = durations.nearest(value)
            hint = f'did you mean "{near}"?' if near is not None else f"write {example}"
            self.refuse(f'"{value}" is no length of time; {hint}', key)
        return length

    def date(self, key: str, example: datetime.date) -> datetime.date | None:
        """A TOML date, without a time; ``example`` is shown where there is none."""
        value = self.values.get(key)
        if isinstance(value, datetime.datetime):
            self.refuse(f"must be a date alone: {value.date().isoformat()}", key)
            return None
        if value is None or isinstance(value, datetime.date):
            return value
        written = _date_in(value)
        if written is not None:
            self.refuse(f"a date is written without quotes: {written.isoformat()}", key)
        else:
            self.refuse(f"must be a date such as {example.isoformat()}, not {type_name(value)}", key)
        return None

    def table(self, key: str) -> Table | None:
        """The table at ``key``."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            several = isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
            found = f"an array of tables; write [{key}]" if several else type_name(value)
            self.refuse(f"must be a table, not {found}", key)
            return None
        return self.below(key)

    def tables(self, key: str) -> Iterator[Table]:
        """The elements of an array of tables."""
        value = self.values.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.refuse(f"must be an array of tables; write [[{key}]]", key)
            return
        for index, element in enumerate(value):
            if isinstance(element, dict):
                yield Table(self.document, (*self.path, key, index), element, self.references)
            else:
                self.refuse(f"must be a table, not {type_name(element)}; write [[{key}]]", key, index)

    def patterns(self, key: str) -> tuple[tuple[KeyPath, Pattern], ...]:
        """A pattern or a list of them, each with the key path where it stands."""
        value = self.values.get(key)
        if isinstance(value, str):
            texts: list[tuple[KeyPath, str]] = [((*self.path, key), value)]
        else:
            pairs = self._strings(key, or_one=True) or ()
            texts = [((*self.path, key, index), text) for index, text in pairs]
        parsed: list[tuple[KeyPath, Pattern]] = []
        for path, text in texts:
            try:
                parsed.append((path, parse_pattern(text)))
            except PatternError as error:
                message = f'"{text}" is no pattern: {error.message}' if text.strip() else error.message
                self.document.refuse_inside(path, error.column - 1, message)
        return tuple(parsed)

    def _strings(self, key: str, *, or_one: bool = False) -> list[tuple[int, str]] | None:
        """The strings of a list with their indices; without those that are none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            wanted = "a string or a list of strings" if or_one else "a list of strings"
            hint = f'; write ["{value}"]' if isinstance(value, str) else ""
            self.refuse(f"must be {wanted}, not {type_name(value)}{hint}", key)
            return None
        strings: list[tuple[int, str]] = []
        for index, element in enumerate(value):
            if not isinstance(element, str):
                self.refuse(f"must be a string, not {type_name(element)}", key, index)
            elif or_one or element.strip():
                strings.append((index, element))
            else:
                self.refuse("is empty", key, index)
        return strings


def type_name(value: object) -> str:
    """What TOML calls a value of this type, with its article; a number is shown."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    return "a time" if isinstance(value, datetime.time) else "a date"


def _date_in(value: object) -> datetime.date | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
