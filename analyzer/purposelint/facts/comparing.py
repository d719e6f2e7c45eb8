"""Two versions of a file's facts: what is the same in both but for its place, and what is not.

Words used here
---------------
*label*
    What tells a function or class of a file apart: its qualified name, and the how many-th of that name it is. Numbers
    and refs shift when something is written above; labels do not.
*body*
    Of a function: its statements and what follows from them (local names, whether it yields).
*added*, *removed*
    A ``def`` without decorators at the top level or in a class, of which the other version knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from purposelint.facts import syntax as s
from purposelint.facts.observed import EVERY_NAME

Label: TypeAlias = "tuple[str, int]"

BODY = ("body", "is_generator", "locals", "globals", "nonlocals")
_SEPARATE = frozenset({*BODY, "names", "ref", "parent", "cls", "outer"})
"""Fields that are not compared as they stand."""


@dataclass(slots=True)
class Comparison:
    """What differs between two versions of a file that have the same top level, classes and headers of functions.

    ``bodies`` are the functions, by their number before, whose body is another, ``listings`` those that mention other
    names; those that are gone are among both. ``named`` are the names that something (function, class, top level)
    mentions in one version only; of a function that is in one version only, all of them and `EVERY_NAME`. ``added`` and
    ``removed`` are the names of such functions. ``refs`` leads from the nodes that are in both versions, by their ref
    before, to their ref now.
    """

    bodies: set[int] = field(default_factory=set)
    listings: set[int] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    refs: dict[int, int] = field(default_factory=dict)


def compare(before: s.Module, now: s.Module) -> Comparison | None:
    """How two versions of a file differ; None where they do in more than a `Comparison` can say."""
    comparing = Comparing(before, now)
    return comparing.found if comparing.is_told() else None


class Side:
    """One version."""

    def __init__(self, module: s.Module) -> None:
        self.module = module
        self.functions = _labels(module.functions)
        self.classes = _labels(module.classes)
        self.function_of = {label: number for number, label in enumerate(self.functions)}
        self.class_of = {label: number for number, label in enumerate(self.classes)}

    def function(self, number: int | None) -> Label | None:
        """What tells a function apart."""
        return None if number is None else self.functions[number]

    def cls(self, number: int | None) -> Label | None:
        """What tells a class apart."""
        return None if number is None else self.classes[number]

    def around(self, number: int | None) -> Iterator[Label]:
        """The functions around something that stands in one, from the inside."""
        while number is not None:
            yield self.functions[number]
            number = self.module.functions[number].parent


def _labels(definitions: Sequence[s.Function | s.Class]) -> list[Label]:
    counts: dict[str, int] = {}
    labels = []
    for each in definitions:
        count = counts[each.qualname] = counts.get(each.qualname, -1) + 1
        labels.append((each.qualname, count))
    return labels


class Comparing:
    """Two versions side by side."""

    def __init__(self, before: s.Module, now: s.Module) -> None:
        self.before, self.now = Side(before), Side(now)
        self.found = Comparison()
        self._both = self.before.function_of.keys() & self.now.function_of.keys()
        self._changed: set[Label] = set()
        self._comprehensions: dict[str, str] = {}

    def is_told(self) -> bool:
        """Fill in what is found; whether that is all."""
        functions, classes = self.paired_functions(), self.paired_classes()
        self._changed.update(
            self.before.functions[one] for one, other in functions if not self._has_same_body(one, other)
        )
        for number, label in enumerate(self.before.functions):
            if label in self._changed or label not in self._both:
                self.found.bodies.add(number)
            if label not in self._both:
                self.found.listings.add(number)
        return (
            self._is_accounted_for(self.before, self.now)
            and self._is_accounted_for(self.now, self.before)
            and all(self._has_same_header(one, other) for one, other in functions)
            and all(self._is_same_class(one, other) for one, other in classes)
            and self._has_same_top()
        )

    def paired_functions(self) -> list[tuple[int, int]]:
        """The functions that both versions have: the number before, and now."""
        pairs = self.before.function_of.items()
        return [(number, self.now.function_of[label]) for label, number in pairs if label in self._both]

    def paired_classes(self) -> list[tuple[int, int]]:
        """The classes that both versions have: the number before, and now."""
        pairs = self.before.class_of.items()
        return [(number, self.now.class_of[label]) for label, number in pairs if label in self.now.class_of]

    # --- what is in one version only -----------------------------------------------------

    def _is_accounted_for(self, side: Side, other: Side) -> bool:
        """Whether what only one version defines is `added` or `removed`, or in a function that has another body."""
        names = self.found.removed if side is self.before else self.found.added
        for function, label in zip(side.module.functions, side.functions, strict=True):
            if label in self._both or self._is_inside_changed(side, function.parent):
                continue
            if function.parent is not None or not _is_plain(function):
                return False
            names.add(function.name)
            self.found.named |= {*_mentioned(function), EVERY_NAME}
        return all(
            self._is_inside_changed(side, cls.parent)
            for cls, label in zip(side.module.classes, side.classes, strict=True)
            if label not in other.class_of
        )

    def _is_inside_changed(self, side: Side, parent: int | None) -> bool:
        """Whether what stands in a function, or in none, belongs to one that has another body or is in one version."""
        return any(label in self._changed or label not in self._both for label in side.around(parent))

    def _block(self, before: Sequence[s.Statement], now: Sequence[s.Statement]) -> bool:
        """Whether the statements of a top level or of a class are the same, but for definitions in one only."""
        ours = [each for each in before if not self._is_alone(each, self.before)]
        theirs = [each for each in now if not self._is_alone(each, self.now)]
        return self.same(tuple(ours), tuple(theirs), self.found.refs)

    def _is_alone(self, statement: s.Statement, side: Side) -> bool:
        return isinstance(statement, s.FunctionDef) and side.functions[statement.function] not in self._both

    def _listed(self, before: s.Module | s.Class, now: s.Module | s.Class) -> bool:
        """Whether a top level or a class binds the same names, but for those of definitions in one version only."""
        self.found.named |= _mentioned(before) ^ _mentioned(now)
        return before.locals ^ now.locals <= self.found.added | self.found.removed

    # --- what is in both -----------------------------------------------------------------

    def _has_same_top(self) -> bool:
        before, now = self.before.module, self.now.module
        if (before.tagging, now.tagging) != (False, False) and (self.found.added or self.found.removed):
            return False  # a definition may bring a tag of its own
        return before.tagging == now.tagging and self._block(before.body, now.body) and self._listed(before, now)

    def _has_same_body(self, one: int, other: int) -> bool:
        before, now = self.before.module.functions[one], self.now.module.functions[other]
        changed = _mentioned(before) ^ _mentioned(now)
        if changed:
            self.found.listings.add(one)
            self.found.named |= changed
        refs: dict[int, int] = {}
        if not all(self.same(getattr(before, name), getattr(now, name), refs) for name in BODY):
            return False
        self.found.refs.update(refs)
        return True

    def _has_same_header(self, one: int, other: int) -> bool:
        before, now = self.before.module.functions[one], self.now.module.functions[other]
        return self._is_inside_changed(self.before, before.parent) or (
            self.before.function(before.parent) == self.now.function(now.parent)
            and self.before.cls(before.cls) == self.now.cls(now.cls)
            and self._has_same_fields(before, now)
        )

    def _is_same_class(self, one: int, other: int) -> bool:
        before, now = self.before.module.classes[one], self.now.module.classes[other]
        return self._is_inside_changed(self.before, before.parent) or (
            self.before.function(before.parent) == self.now.function(now.parent)
            and self.before.cls(before.outer) == self.now.cls(now.outer)
            and self._has_same_fields(before, now)
            and self._block(before.body, now.body)
            and self._listed(before, now)
        )

    def _has_same_fields(self, before: s.Function | s.Class, now: s.Function | s.Class) -> bool:
        """Whether all fields are the same but those that are compared apart."""
        self.found.refs[before.ref] = now.ref
        names = (name for name in type(before).__match_args__ if name not in _SEPARATE)
        return all(self.same(getattr(before, name), getattr(now, name), self.found.refs) for name in names)

    def same(self, before: object, now: object, refs: dict[int, int]) -> bool:
        """Whether two pieces of syntax are the same; fills in the refs of their nodes."""
        waiting: list[tuple[Any, Any]] = [(before, now)]
        while waiting:
            one, other = waiting.pop()
            kind = type(one)
            if kind is not type(other):
                return False
            fields = getattr(kind, "__match_args__", None)
            if kind is tuple:
                if len(one) != len(other):
                    return False
                waiting.extend(zip(one, other, strict=True))
            elif fields is None:
                if one != other and repr(one) != repr(other):  # nan
                    return False
            elif kind is s.Name:
                if not self._is_same_variable(one.name, other.name):
                    return False
                refs[one.ref] = other.ref
            else:
                for name in fields:
                    ours, theirs = getattr(one, name), getattr(other, name)
                    if name == "ref":
                        refs[ours] = theirs
                    elif name == "function":
                        if self.before.functions[ours] != self.now.functions[theirs]:
                            return False
                    elif name == "cls" and kind is s.ClassDef:
                        if self.before.classes[ours] != self.now.classes[theirs]:
                            return False
                    else:
                        waiting.append((ours, theirs))
        return True

    def _is_same_variable(self, one: str, other: str) -> bool:
        """Whether two names are the same, but for the ref by which a comprehension's variable is named: ``x@7``."""
        (ours, _, before), (theirs, _, now) = one.partition("@"), other.partition("@")
        return ours == theirs and bool(before) == bool(now) and self._comprehensions.setdefault(before, now) == now


def _mentioned(part: s.Module | s.Class | s.Function) -> set[str]:
    """The names that it mentions, without those that shift (``x@7`` of a comprehension stands there as ``x`` too)."""
    return {name for name in part.names if "@" not in name}


def _is_plain(function: s.Function) -> bool:
    """Whether defining a function does nothing but that."""
    defaults = [param.default for param in function.params if param.default is not None]
    return not function.decorators and all(isinstance(each, s.Const | s.Unary) for each in defaults)
