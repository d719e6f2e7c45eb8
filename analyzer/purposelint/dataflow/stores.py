"""What a function may store into what it is given, by what its text says, without running it.

A call that is put off (`purposelint.dataflow.deferred`) must not hide that its arguments are no more what they were.
The function's own statements say which attributes of a parameter they set; calls inside are followed through the
methods of the arguments' classes and the functions that the file knows by name, a few levels deep.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from purposelint.dataflow import classes
from purposelint.dataflow.heap import State
from purposelint.dataflow.values import Atom, Ref, Value, ref
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from purposelint.dataflow.frame import Frame
    from purposelint.facts.syntax import Function, Module

ELEMENTS = "[]"
"""What stands for the elements of a container, where an attribute's name stands for an attribute."""
ANYTHING = "*"
"""Attributes whose names are not known."""
MAX_LEVELS = 5

_FILLING = frozenset(
    [
        *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem"),
        *("popleft", "remove", "reverse", "setdefault", "sort", "update"),
    ]
)
"""Methods by which a container is changed."""

Stored = dict[str, frozenset[str]]
"""By parameter: attributes, `ELEMENTS`, `ANYTHING`."""
Typed = tuple[tuple[str, tuple[Atom, ...]], ...]


class _Called(NamedTuple):
    """A call inside that is given parameters: by which name, on which parameter, and which argument is which."""

    kind: str
    name: str
    receiver: str
    positional: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]


class _Said(NamedTuple):
    """What a function's own text says."""

    stored: Stored
    called: tuple[_Called, ...]


class Stores:
    """Answers for all functions, by the classes of their arguments."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, int], _Said] = {}
        self._known: dict[tuple[int, Typed], Stored] = {}

    def of(self, frame: Frame, func: int, given: Mapping[str, Value]) -> Stored:
        """What a call may store into each of its arguments."""
        typed = tuple((name, _classes(frame.state, value)) for name, value in given.items())
        return self._of(frame, func, typed, 0)

    def _of(self, frame: Frame, func: int, typed: Typed, level: int) -> Stored:
        key = (func, typed)
        known = self._known.get(key)
        if known is None:
            # While it is worked out, calls of itself add nothing.
            self._known[key] = {}
            known = self._known[key] = self._work_out(frame, func, dict(typed), level)
        return known

    def _work_out(self, frame: Frame, func: int, typed: dict[str, tuple[Atom, ...]], level: int) -> Stored:
        path, number = frame.get(func).data[:2]
        facts = frame.machine.facts(str(path))
        assert facts is not None
        assert isinstance(number, int)
        function = facts.functions[number]
        said = self._said.get((str(path), number))
        if said is None:
            said = self._said[(str(path), number)] = _said(facts, function)
        found: dict[str, set[str]] = defaultdict(set)
        for name, steps in said.stored.items():
            found[name].update(steps)
        for called in said.called if level < MAX_LEVELS else ():
            for target, first in self._targets(frame, func, called, typed):
                params = _parameters(frame, target)
                arguments = called.positional if first is None else (first, *called.positional)
                passed = {param: name for param, name in zip(params, arguments, strict=False) if name}
                passed.update((param, name) for param, name in called.keywords if param in params)
                below = tuple((param, typed.get(name, ())) for param, name in passed.items())
                for param, steps in self._of(frame, target, below, level + 1).items():
                    if param in passed:
                        found[passed[param]].update(steps)
        return {name: frozenset(steps) for name, steps in found.items()}

    def _targets(
        self, frame: Frame, func: int, called: _Called, typed: dict[str, tuple[Atom, ...]]
    ) -> Iterator[tuple[int, str | None]]:
        """The functions that a call may mean, and the parameter that is their first argument, if one is."""
        if called.kind == "name":
            path = str(frame.get(func).data[0])
            module = frame.machine.base.get(frame.machine.loader.module_oid(path))
            value = None if module is None else module.attrs.get(called.name)
            for atom in frame.machine.loader.settled(value).atoms if value is not None else ():
                if type(atom) is Ref and frame.get(atom.oid).kind == "function":
                    yield atom.oid, None
            return
        owner = frame.get(func).data[3]
        for cls in typed.get(called.receiver, ()):
            if called.kind == "super":
                found = classes.lookup_behind(frame, cls, owner, called.name) if isinstance(owner, int) else None
            else:
                found = classes.lookup_in(frame, cls, called.name)
            for atom in found.atoms if found is not None else ():
                if type(atom) is Ref and frame.get(atom.oid).kind == "function":
                    yield atom.oid, called.receiver


def _classes(state: State, value: Value) -> tuple[Atom, ...]:
    """The project's classes that a value may be of."""
    found: dict[Atom, None] = {}
    for oid in value.refs():
        obj = state.get(oid)
        if obj.kind == "instance":
            found.update((cls, None) for cls in obj.cls.atoms if type(cls) is Ref)
        elif obj.kind == "class":
            found[ref(oid)] = None
    return tuple(found)


def _parameters(frame: Frame, func: int) -> list[str]:
    from purposelint.dataflow.functions import function_facts  # noqa: PLC0415 - the interpreter is one knot

    kinds = ("positional", "normal", "keyword")
    return [param.name for param in function_facts(frame, func).params if param.kind in kinds]


def fields_stored(facts: Module, function: Function) -> frozenset[str]:
    """The attributes of its first parameter that a function sets, or puts something into."""
    first = function.params[0].name if function.params else ""
    return _said(facts, function).stored.get(first, frozenset())


def _said(facts: Module, function: Function) -> _Said:
    params = {param.name for param in function.params}
    first = function.params[0].name if function.params else ""
    stored: dict[str, set[str]] = defaultdict(set)
    called: dict[_Called, None] = {}
    for node in nodes(function.body, facts):
        for target in _targets_of(node):
            owner, step = _owned(target)
            if owner in params and step:
                stored[owner].add(step)
        if type(node) is not s.Call:
            continue
        positional = tuple(_name(each.value, params) for each in node.args if not each.name and not each.star)
        keywords = tuple((each.name, _name(each.value, params)) for each in node.args if each.name)
        keywords = tuple(row for row in keywords if row[1])
        func = node.func
        if type(func) is s.Attribute:
            of = func.value
            if type(of) is s.Name and of.name in params:
                if func.attr in _FILLING:
                    stored[of.name].add(ELEMENTS)
                called[_Called("method", func.attr, of.name, positional, keywords)] = None
            elif type(of) is s.Call and type(of.func) is s.Name and of.func.name == "super":
                called[_Called("super", func.attr, first, positional, keywords)] = None
            elif func.attr in _FILLING or func.attr.startswith("set_"):
                name, step = _owned(of)
                if name in params and step:
                    stored[name].add(step if step != "__dict__" else ANYTHING)
        elif type(func) is s.Name:
            if func.name in ("setattr", "delattr") and positional and positional[0]:
                known = node.args[1].value if len(node.args) > 1 else None
                step = known.value if type(known) is s.Const and isinstance(known.value, str) else ANYTHING
                stored[positional[0]].add(step)
            elif any(positional) or keywords:
                called[_Called("name", func.name, "", positional, keywords)] = None
    return _Said({name: frozenset(steps) for name, steps in stored.items()}, tuple(called))


def _name(node: object, params: set[str]) -> str:
    return node.name if type(node) is s.Name and node.name in params else ""


def _targets_of(node: object) -> Iterator[s.Expr]:
    """What a statement stores into."""
    queue: list[s.Expr] = []
    if type(node) is s.Assign or type(node) is s.Delete:
        queue.extend(node.targets)
    elif type(node) is s.AnnAssign or type(node) is s.AugAssign or type(node) is s.For:
        queue.append(node.target)
    elif type(node) is s.With:
        queue.extend(item.target for item in node.items if item.target is not None)
    for target in queue:
        if type(target) is s.Sequence:
            queue.extend(target.items)
        elif type(target) is s.Star:
            queue.append(target.value)
        else:
            yield target


def _owned(target: object) -> tuple[str, str]:
    """The variable at the root of a target, and the first step from there: ``order`` and ``total``; none: empty."""
    step = ""
    while True:
        if type(target) is s.Attribute:
            step, target = target.attr, target.value
        elif type(target) is s.Subscript:
            step, target = ELEMENTS, target.value
        elif type(target) is s.Name:
            return target.name, step
        else:
            return "", ""
