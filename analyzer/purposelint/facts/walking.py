"""All that stands in a piece of syntax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from purposelint.facts.syntax import Attribute, ClassDef, FunctionDef, Lambda, Module, Name


def nodes(part: object, definitions: Module | None = None) -> Iterator[Any]:
    """A node (or tuple of nodes) and all below it, what is outside before what is inside.

    Functions and classes are numbers in syntax; with ``definitions``, the module that they are of, they are entered.
    """
    queue: list[Any] = [part]
    for node in queue:
        if type(node) is tuple:
            queue.extend(node)
            continue
        names = _fields(type(node))  # type: ignore[arg-type]
        if names is None:
            continue
        yield node
        if definitions is not None:
            if type(node) is FunctionDef or type(node) is Lambda:
                queue.append(definitions.functions[node.function])
            elif type(node) is ClassDef:
                queue.append(definitions.classes[node.cls])
        for name in names:
            queue.append(getattr(node, name))


def last_name(expr: object) -> str:
    """``f`` for ``f`` and ``m.f``; empty for what is no name."""
    return expr.name if isinstance(expr, Name) else expr.attr if isinstance(expr, Attribute) else ""


_PLAIN = frozenset({"str", "str | None", "int", "int | None", "bool", "Scalar", "frozenset[str]"})
"""The types, as `purposelint.facts.syntax` writes them, of fields in which no syntax is."""


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The fields of nodes of a class in which others may be; None: it is no class of nodes.

    Asked once for each class: what fields it has stays the same.
    """
    if not is_dataclass(kind):
        return None
    return tuple(field.name for field in fields(kind) if field.type not in _PLAIN)
