"""A new version of a file's facts under the numbers of an older one, as far as they say the same.

Whatever was worked out for the older version is known by its functions' and classes' numbers and by its refs. In the
aligned version these mean the same thing where nothing has changed; what is new has numbers and refs of its own.

Words used here
---------------
*label*
    As in `purposelint.facts.comparing`: what tells a definition apart, whatever stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from purposelint.facts import packing
from purposelint.facts import syntax as s
from purposelint.facts.comparing import BODY, Comparing, Label, Side

_HEADER = ("name", "params", "returns", "decorators", "is_async", "tag", "type_parameters")
_COMPREHENSION = re.compile(r"@(\d+)$")


@dataclass(frozen=True, slots=True)
class Aligned:
    """``module`` is the new version; what is gone from it keeps its number there, and is in ``removed``.

    ``changed`` are the functions that are new or have another body or header; those inside one of them, and those
    around one, are among them. ``rearranged``: top level, classes or headers differ. ``refs`` leads from the module's
    refs to those that the front end gave.
    """

    module: s.Module
    changed: frozenset[int]
    removed: frozenset[int]
    rearranged: bool
    refs: Mapping[int, int]


def align(before: s.Module, now: s.Module) -> Aligned:
    """A version of a file, aligned to an older one."""
    aligning = _Aligning(before, now)
    functions = _numbers(aligning.before.functions, aligning.now.functions)
    classes = _numbers(aligning.before.classes, aligning.now.classes)
    refs = {there: here for here, there in aligning.refs.items()}
    rows = packing.pack(now)
    free = 1 + max(packing.refs(packing.pack(before)), default=-1)
    for ref in packing.refs(rows):
        if ref not in refs:
            refs[ref] = free
            free += 1

    def name(text: str) -> str:
        return _COMPREHENSION.sub(lambda found: f"@{refs[int(found[1])]}", text)

    def number(kind: type, field: str, value: Any) -> Any:
        if value is None:
            return None
        if field == "ref":
            return refs[value]
        if field in ("function", "parent"):
            return functions[value]
        if field in ("cls", "outer"):
            return classes[value]
        if kind is s.Name and field == "name":
            return name(value)
        return tuple(map(name, value)) if field == "names" and kind in (s.Function, s.Class, s.Module) else value

    module = packing.unpack(packing.renumbered(rows, number))
    return Aligned(
        replace(
            module,
            functions=_placed(before.functions, module.functions, functions),
            classes=_placed(before.classes, module.classes, classes),
        ),
        frozenset(functions[each] for each in aligning.changed()),
        frozenset(range(len(before.functions))).difference(functions.values()),
        aligning.rearranged,
        {here: there for there, here in refs.items()},
    )


class _Aligning(Comparing):
    """Pairs what is the same in both versions, definition by definition and statement by statement."""

    def __init__(self, before: s.Module, now: s.Module) -> None:
        super().__init__(before, now)
        self.refs: dict[int, int] = {}
        self.rearranged = _outermost(self.before) != _outermost(self.now)
        self._different: set[int] = set()
        for one, other in self.paired_functions():
            self._pair_function(before.functions[one], now.functions[other], other)
        for one, other in self.paired_classes():
            self._pair_class(before.classes[one], now.classes[other])
        self._pair_block(before.body, now.body)

    def changed(self) -> set[int]:
        """The functions of the new version that are not the same, those inside them, and those around them."""
        functions = self.now.module.functions
        known = self.before.function_of
        found = self._different.union(number for number, label in enumerate(self.now.functions) if label not in known)
        for number in sorted(found):
            around = functions[number].parent
            while around is not None:
                found.add(around)
                around = functions[around].parent
        for number, function in enumerate(functions):
            if function.parent in found:
                found.add(number)
        return found

    def _pair_function(self, before: s.Function, now: s.Function, number: int) -> None:
        self.refs[before.ref] = now.ref
        if not all(self._pair(getattr(before, name), getattr(now, name)) for name in _HEADER):
            self.rearranged = True
            self._different.add(number)
        if not self._pair(*(tuple([getattr(each, name) for name in BODY]) for each in (before, now))):
            self._different.add(number)

    def _pair_class(self, before: s.Class, now: s.Class) -> None:
        self.refs[before.ref] = now.ref
        for name in ("bases", "decorators", "type_parameters"):
            self.rearranged |= not self._pair(getattr(before, name), getattr(now, name))
        self._pair_block(before.body, now.body)

    def _pair_block(self, before: Sequence[s.Statement], now: Sequence[s.Statement]) -> None:
        """Pair the statements of a top level or class that are the same, in order."""
        outlines = [_outline(self.before, each) for each in before], [_outline(self.now, each) for each in now]
        for tag, first, last, start, _ in SequenceMatcher(None, *outlines, autojunk=False).get_opcodes():
            self.rearranged |= tag != "equal"
            for one, other in zip(before[first:last], now[start:], strict=False) if tag == "equal" else ():
                self.rearranged |= not self._pair(one, other)

    def _pair(self, before: object, now: object) -> bool:
        refs: dict[int, int] = {}
        same = self.same(before, now, refs)
        if same:
            self.refs.update(refs)
        return same


def _outermost(side: Side) -> list[Label]:
    """What a version defines outside functions."""
    defined: tuple[s.Function | s.Class, ...] = (*side.module.functions, *side.module.classes)
    both = zip(defined, (*side.functions, *side.classes), strict=True)
    return [label for each, label in both if each.parent is None and "<lambda>" not in label[0]]


def _outline(side: Side, statement: s.Statement) -> tuple[object, ...]:
    """What makes a statement likely to be the same as one of the other version."""
    if isinstance(statement, s.FunctionDef):
        return ("def", side.functions[statement.function])
    if isinstance(statement, s.ClassDef):
        return ("class", side.classes[statement.cls])
    bound = tuple(each.name for each in getattr(statement, "targets", ()) if isinstance(each, s.Name))
    return (type(statement).__name__, bound)


def _numbers(before: Sequence[Label], now: Sequence[Label]) -> dict[int, int]:
    """The number before of each definition of the new version; new ones come behind all."""
    known = {label: number for number, label in enumerate(before)}
    new = count(len(before))
    return {number: known[label] if label in known else next(new) for number, label in enumerate(now)}


def _placed(before: Sequence[Any], now: Sequence[Any], numbers: Mapping[int, int]) -> tuple[Any, ...]:
    """The definitions in the order of their new numbers; those that are gone keep their place."""
    found = dict(enumerate(before))
    found.update((numbers[number], each) for number, each in enumerate(now))
    return tuple(found[number] for number in sorted(found))
