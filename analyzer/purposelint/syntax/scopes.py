"""Scopes and spelling: which names a block binds, and how private names are mangled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern
from unicodedata import normalize

import libcst as cst


@dataclass(slots=True)
class Scope:
    """A block while it is lowered. kind: ``module``, ``class`` or ``function``.

    ``function`` is the number of the innermost function around the block's code (itself, if
    it is one), ``cls`` the number of the class whose block it is, ``path`` what stands before
    the names of its definitions in their qualified names.
    """

    kind: str
    function: int | None = None
    cls: int | None = None
    path: str = ""
    bound: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    is_generator: bool = False

    def locals(self) -> frozenset[str]:
        """The names that the block binds for itself."""
        return frozenset(self.bound - self.globals - self.nonlocals)


def spelling(name: str) -> str:
    """An identifier as Python compares it; equal identifiers are one object, which keeps pickled facts small."""
    return intern(name if name.isascii() else normalize("NFKC", name))


def mangled(name: str, cls: str) -> str:
    """A private name as seen from inside the class ``cls``: ``__x`` is ``_C__x``."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    stripped = cls.lstrip("_")
    return intern(f"_{stripped}{name}") if stripped else name


def target_names(target: cst.CSTNode) -> Iterator[str]:
    """The names that an assignment target binds, as written."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from target_names(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from target_names(target.value)


def walrus_names(node: cst.CSTNode) -> Iterator[str]:
    """The names that ``:=`` binds in an expression, those in lambdas inside it not counted."""
    if isinstance(node, cst.NamedExpr) and isinstance(node.target, cst.Name):
        yield node.target.value
    for child in node.children:
        if not isinstance(child, cst.Lambda):
            yield from walrus_names(child)
