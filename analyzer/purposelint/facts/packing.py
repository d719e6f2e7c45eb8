"""A module's facts as one flat list, so that they can be pickled however deeply the code nests.

Pickle recurses into what it pickles, and stops a few hundred levels down; a sum of as many
terms is no rare thing. Here each fact is a row: the number of its class, then its fields,
in which facts are replaced by their row's number. A fact's row comes before those of the
facts in it, so the list is read from its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeAlias

from purposelint.facts import syntax

Row: TypeAlias = "tuple[Any, ...]"


_ONE, _MANY, _PAIRS = range(3)
"""How facts stand in a field: one (or None), a tuple of them, a tuple of pairs (key or fact, fact)."""

_CLASSES = tuple(
    sorted(
        (kind for kind in vars(syntax).values() if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")),
        key=lambda kind: kind.__name__,
    )
)
_FACT = re.compile(rf"\b(?:Expr|Pattern|Statement|{'|'.join(kind.__name__ for kind in _CLASSES)})\b")


def _shapes(kind: type) -> tuple[tuple[int, int], ...]:
    """The fields that hold facts: their positions in a row, and how the facts stand there."""
    found = []
    for position, field in enumerate(fields(kind), 1):
        annotation = str(field.type)
        if _FACT.search(annotation) is not None:
            several = _PAIRS if annotation.startswith("tuple[tuple[") else _MANY
            found.append((position, several if annotation.startswith("tuple[") else _ONE))
    return tuple(found)


_SHAPES = tuple(_shapes(kind) for kind in _CLASSES)
_FIELDS = tuple(tuple(field.name for field in fields(kind)) for kind in _CLASSES)
# Asked for the first field twice, for one name alone would give no tuple.
_GETTERS = tuple(attrgetter(each[0], *each) for each in _FIELDS)
_NUMBERS = {kind: number for number, kind in enumerate(_CLASSES)}
_POSITIONS = tuple(frozenset(position for position, _ in shapes) for shapes in _SHAPES)
_REFS = {number: each.index("ref") + 1 for number, each in enumerate(_FIELDS) if "ref" in each}
_NAMES = {number: each.index("names") + 1 for number, each in enumerate(_FIELDS) if {"names", "body"} <= set(each)}
"""The fields that hold what a definition or the top level mentions: their positions in a row."""


def pack(module: syntax.Module) -> list[Row]:
    """The rows of a module's facts."""
    rows: list[Row] = []
    waiting: list[Any] = [module]

    def number(fact: Any) -> int:
        waiting.append(fact)
        return len(waiting) - 1

    for fact in waiting:  # it grows as it is walked
        kind = _NUMBERS[type(fact)]
        row: list[Any] = list(_GETTERS[kind](fact))
        row[0] = kind
        for position, shape in _SHAPES[kind]:
            value = row[position]
            if value is None:
                continue
            if shape == _ONE:
                row[position] = number(value)
            elif shape == _MANY:
                row[position] = tuple([number(item) for item in value])
            else:
                # A key that is no fact (a word, or None for a spread) stays as it is.
                pairs = [((number(key),) if type(key) in _NUMBERS else key, number(item)) for key, item in value]
                row[position] = tuple(pairs)
        rows.append(tuple(row))
    return rows


def unpack(rows: list[Row]) -> syntax.Module:
    """The module of `pack`'s rows."""
    built: list[Any] = [None] * len(rows)
    for index in range(len(rows) - 1, -1, -1):
        kind, *values = rows[index]
        for position, shape in _SHAPES[kind]:
            value = values[position - 1]
            if value is None:
                continue
            if shape == _ONE:
                values[position - 1] = built[value]
            elif shape == _MANY:
                values[position - 1] = tuple([built[item] for item in value])
            else:
                pairs = [(built[key[0]] if type(key) is tuple else key, built[item]) for key, item in value]
                values[position - 1] = tuple(pairs)
        built[index] = _CLASSES[kind](*values)
    module = built[0]
    assert isinstance(module, syntax.Module)
    return module


def renumbered(rows: list[Row], change: Callable[[type, str, Any], Any]) -> list[Row]:
    """The rows with what is no fact in them changed: ``change`` is given the class, the field's name and the value."""
    return [
        (
            kind,
            *(
                value if position in _POSITIONS[kind] else change(_CLASSES[kind], name, value)
                for position, (name, value) in enumerate(zip(_FIELDS[kind], values, strict=True), 1)
            ),
        )
        for kind, *values in rows
    ]


def refs(rows: list[Row]) -> list[int]:
    """The refs in a module's rows."""
    return [row[_REFS[row[0]]] for row in rows if row[0] in _REFS]


def names(rows: list[Row]) -> set[str]:
    """The names that a module's definitions and top level mention, read off `pack`'s rows."""
    found: set[str] = set()
    for row in rows:
        position = _NAMES.get(row[0])
        if position is not None:
            found.update(row[position])
    return found
