"""Patterns against names: which entries of the annotations a piece of code matches.

What code names is given as *trails* (see `purposelint.dataflow.values`): ``requests.post`` is
``("requests", "post")``, an attribute of an instance of a class is the class's trail, ``()``
and the attribute. A pattern that names a class's attribute matches with the ``()`` left out,
since ``C.m`` means the method of an instance.

A pattern is tried in two ways: against qualified trails as a whole, and, when its first name
is no module of the project, as the end of what the code spells (`user.phone` in
``self.user.phone``). The patterns of packs begin with a library's module and are tried in the
first way alone, unless they begin with a wildcard; calls find them by their first name as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from purposelint.config.model import COMMENT, Annotations, Gate, Passthrough, Sink, Source, Transform
from purposelint.config.patterns import CallStep, KeyStep, NameStep, Pattern, Step

Entry: TypeAlias = Source | Sink | Gate | Transform | Passthrough
"""What patterns belong to."""


STEM = "stem"
"""The kind of rules for what a pattern names on its way to its last step."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of one entry.

    ``steps`` are the pattern's without its last call or key. ``by_name``: it may match what is
    spelled. ``packed``: it comes from a rule pack. ``kind`` and ``index`` name the entry in the annotations.
    """

    kind: str
    index: int
    pattern: Pattern
    steps: tuple[Step, ...]
    last: Step
    by_name: bool
    excluded: tuple[Rule, ...] = ()
    packed: bool = False

    @property
    def trail(self) -> tuple[object, ...]:
        """The pattern as a trail; a wildcard stands for itself."""
        steps = self.steps if type(self.last) is NameStep else (*self.steps, self.last)
        return tuple(
            step.name if type(step) is NameStep else ("[]", step.key) if type(step) is KeyStep else "()"
            for step in steps
        )

    @property
    def entry(self) -> tuple[str, int]:
        """The entry: its kind and index."""
        return self.kind, self.index


def matches(steps: Sequence[Step], trail: Sequence[object], start: int = 0, at: int = 0) -> bool:
    """Whether pattern steps from ``start`` match a whole trail from ``at``."""
    while start < len(steps):
        step = steps[start]
        if type(step) is NameStep and step.name == "**":
            return any(matches(steps, trail, start + 1, then) for then in range(at, len(trail) + 1))
        if at >= len(trail):
            return False
        here = trail[at]
        if here == "()" and type(step) is not CallStep:
            at += 1
            continue
        if type(step) is NameStep:
            if not isinstance(here, str) or here == "()" or step.name not in ("*", here):
                return False
        elif type(step) is CallStep:
            if here != "()":
                return False
        elif type(step) is KeyStep and (not isinstance(here, tuple) or step.key not in (None, here[1])):
            return False
        start += 1
        at += 1
    return at == len(trail) or all(step == "()" for step in trail[at:])


def matches_end(steps: Sequence[Step], trail: Sequence[object]) -> bool:
    """Whether pattern steps match the end of a trail."""
    return any(matches(steps, trail, 0, at) for at in range(len(trail)) if trail[at] != "()")


class Rules:
    """The patterns of the annotations, by what can trigger them.

    ``attributes``, ``calls``, ``keys`` and ``decorators`` map the last name (or key) to rules; ``None`` holds
    those that end in a wildcard. ``all_keys`` are all of ``keys``. ``packed`` holds the calls of libraries that packs
    know, by last and first name. ``onward`` are the stems that end in a key, by the trail before it.
    ``defined_in_project`` says of a pattern whether its first names are
    a module's, and ``canonical`` gives the steps under the defining module's name. ``hides`` says of a pack's pattern
    whether the project has a module of its own in the place of the library.
    """

    def __init__(
        self,
        annotations: Annotations,
        defined_in_project: Callable[[Pattern], bool],
        canonical: Callable[[tuple[Step, ...]], tuple[Step, ...]],
        hides: Callable[[Pattern], bool] = lambda pattern: False,
    ) -> None:
        self.attributes: dict[str | None, list[Rule]] = {}
        self.calls: dict[str | None, list[Rule]] = {}
        self.keys: dict[str | int | None, list[Rule]] = {}
        self.all_keys: list[Rule] = []
        self.decorators: dict[str | None, list[Rule]] = {}
        self.packed: dict[str, dict[str, list[Rule]]] = {}
        self.onward: dict[tuple[object, ...], list[Rule]] = {}
        self._defined = defined_in_project
        self._canonical = canonical
        # Patterns that several entries share are looked into once: their steps, their last step, by name or not.
        self._read: dict[tuple[int, bool], tuple[tuple[Step, ...], Step, bool]] = {}
        groups: tuple[tuple[str, Sequence[Entry]], ...] = (
            ("source", annotations.sources),
            ("sink", annotations.sinks),
            ("gate", annotations.gates),
            ("transform", annotations.transforms),
            ("passthrough", annotations.passthroughs),
        )
        hidden: dict[int, bool] = {}
        for kind, entries in groups:
            for index, entry in enumerate(entries):
                packed = entry.pack not in (None, COMMENT)
                excluded = tuple(self._rule(kind, index, pattern, packed) for pattern in entry.excluded)
                for pattern in entry.match:
                    if packed and id(pattern) not in hidden:
                        hidden[id(pattern)] = hides(pattern)
                    if packed and hidden[id(pattern)]:
                        continue  # the project's own module of that name hides the library
                    rule = self._rule(kind, index, pattern, packed, excluded)
                    self._add(rule)
                    for stem in () if packed or pattern.decorator else _stems(rule):
                        self._add(stem)
                        if type(stem.last) is KeyStep:
                            self.onward.setdefault(stem.trail[:-1], []).append(stem)

    def _rule(self, kind: str, index: int, pattern: Pattern, packed: bool, excluded: tuple[Rule, ...] = ()) -> Rule:
        known = self._read.get((id(pattern), packed))
        if known is None:
            defined = self._defined(pattern)
            steps = self._canonical(pattern.steps) if defined else pattern.steps
            last = steps[-1]
            by_name = not defined and not (packed and _first_name(pattern.steps))
            known = steps if type(last) is NameStep else steps[:-1], last, by_name
            self._read[(id(pattern), packed)] = known
        steps, last, by_name = known
        return Rule(kind, index, pattern, steps, last, by_name, excluded, packed)

    def _add(self, rule: Rule) -> None:
        last = rule.last
        if rule.pattern.decorator:
            self.decorators.setdefault(_last_name(rule.steps), []).append(rule)
        elif type(last) is KeyStep:
            self.keys.setdefault(last.key, []).append(rule)
            self.all_keys.append(rule)
        elif type(last) is CallStep and rule.packed and not rule.by_name and (name := _last_name(rule.steps)):
            by_first = self.packed.setdefault(name, {})
            by_first.setdefault(_first_name(rule.steps), []).append(rule)
        elif type(last) is CallStep:
            self.calls.setdefault(_last_name(rule.steps), []).append(rule)
        else:
            self.attributes.setdefault(_last_name(rule.steps), []).append(rule)

    def attribute(self, name: str) -> Iterable[Rule]:
        """Rules that a read or write of an attribute (or global, or class) of this name may match."""
        return _both(self.attributes, name)

    def call(self, name: str) -> Iterable[Rule]:
        """Rules that a call of something of this name may match."""
        return _both(self.calls, name)

    def call_of_library(self, name: str, firsts: Iterable[str]) -> Iterable[Rule]:
        """Packs' rules that a call of something of this name may match, in a module or class of these first names."""
        by_first = self.packed[name]
        return [rule for first in firsts for rule in by_first.get(first, ())]

    def parameter_rules(self, function: str) -> Iterable[Rule]:
        """Source rules that may name parameters of a function."""
        return [
            rule
            for rule in _both(self.calls, function)
            if rule.kind == "source" and isinstance(rule.last, CallStep) and rule.last.params
        ]

    def key(self, key: str | int) -> Iterable[Rule]:
        """Rules that a read or write of this key may match."""
        return _both(self.keys, key)

    def decorator(self, name: str) -> Iterable[Rule]:
        """Rules for functions decorated by something of this name."""
        return _both(self.decorators, name)


def _stems(rule: Rule) -> Iterable[Rule]:
    """What a pattern names on its way to its last step: ``C.extra`` of ``C.extra["phone"]``, ``f()`` of ``f().phone``.

    A library's objects and unknown ones know how they are named. Others are told when they come out of a stem.
    """
    steps = (
        rule.pattern.steps if rule.by_name else rule.steps if type(rule.last) is NameStep else (*rule.steps, rule.last)
    )
    for length in range(1, len(steps)):
        last, following = steps[length - 1], steps[length]
        if type(last) is NameStep and (
            length == 1
            or last.name in ("*", "**")
            or type(following) is CallStep
            # What is called so may be of a type that is known and differs.
            or (rule.by_name and type(following) is not KeyStep)
        ):
            continue
        if type(last) is CallStep and last.params is not None:
            continue
        before = steps[:length] if type(last) is NameStep else steps[: length - 1]
        yield Rule(STEM, rule.index, rule.pattern, before, last, rule.by_name, rule.excluded)


def _both(table: dict, key: object) -> Sequence[Rule]:  # type: ignore[type-arg]
    named = table.get(key, ())
    anywhere = table.get(None, ())
    return [*named, *anywhere] if named and anywhere else named or anywhere


def _last_name(steps: Sequence[Step]) -> str | None:
    for step in reversed(steps):
        if type(step) is NameStep:
            return None if step.name in ("*", "**") else step.name
    return None


def _first_name(steps: Sequence[Step]) -> str:
    """The first name; empty where it is a wildcard."""
    first = steps[0] if steps else None
    return "" if type(first) is not NameStep or first.name in ("*", "**") else first.name
