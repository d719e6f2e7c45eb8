"""Slices of functions: the statements that matter for what is said of some names.

A function is run for a name that it mentions: that of a source, or of something that gives tagged data. Whether data
enters there at all depends on the types of what stands before the name, and so on few statements: those that
mention it, and those that bind or fill the variables that these use. A slice has these alone; what else a function does
is left out. Slices over-approximate the ways through a function: where a test is left out, both branches are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

_NOWHERE = s.Break(-1)
_CODE = (s.FunctionDef, s.ClassDef)
_JUMPS = (s.Return, s.Break, s.Continue, s.Raise)


@dataclass(slots=True)
class _Unit:
    """A statement without the statements in it, and what it says: names by kind.

    ``around``: ids of the statements that it stands in; ``tried``: of the ``try`` statements by whose handlers it is
    guarded; ``handles``: of those in whose handlers it stands. ``later``: names in its lambdas and classes.
    """

    node: s.Statement
    owner: int
    around: frozenset[int]
    tried: frozenset[int]
    handles: frozenset[int]
    attributes: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    loads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    stores: set[tuple[str, str]] = field(default_factory=set)
    fills: set[str] = field(default_factory=set)
    calls: bool = False
    gives: bool = False

    def mentions(self, name: str) -> bool:
        """Whether a name stands here: as a variable, attribute, keyword or in a text."""
        return (
            name in self.loads
            or name in self.attributes
            or name in self.binds
            or any(name in text for text in self.texts)
        )


class Slicer:
    """Slices of the outermost function ``number`` of a module, and of the functions in it."""

    def __init__(self, facts: s.Module, number: int) -> None:
        self._facts = facts
        self._units: dict[int, _Unit] = {}
        self._built: set[str] = set()
        self._numbers: list[int] = []
        self._defined: dict[str, int] = {}
        self._add_function(number, frozenset())
        self._first = {facts.functions[each].params[0].name for each in self._numbers if facts.functions[each].params}

    # --- what each statement says --------------------------------------------------------

    def _add_function(self, number: int, around: frozenset[int]) -> None:
        self._numbers.append(number)
        self._add_block(self._facts.functions[number].body, _Unit(_NOWHERE, number, around, frozenset(), frozenset()))

    def _add_block(self, body: Iterable[s.Statement], outer: _Unit) -> None:
        for node in body:
            unit = self._units[id(node)] = _Unit(node, outer.owner, outer.around, outer.tried, outer.handles)
            self._read(unit, _header(node))
            around = outer.around | {id(node)}
            if isinstance(node, s.FunctionDef):
                function = self._facts.functions[node.function]
                unit.binds.add(function.name)
                self._read(unit, (function.decorators, function.params, function.returns))
                self._add_function(node.function, around)
            elif isinstance(node, s.ClassDef):
                unit.binds.add(self._facts.classes[node.cls].name)
                unit.later.update(self._facts.classes[node.cls].names)
                self._read(unit, (self._facts.classes[node.cls],))
            for part, block in _blocks(node):
                tried = outer.tried | {id(node)} if part == "tried" else outer.tried
                handles = outer.handles | {id(node)} if part == "handles" else outer.handles
                self._add_block(block, _Unit(node, outer.owner, around, tried, handles))

    def _read(self, unit: _Unit, parts: Iterable[Any]) -> None:
        node = unit.node
        if isinstance(node, s.Assign):
            for target in node.targets:
                self._bind(unit, target)
            built = isinstance(node.value, s.Sequence | s.Dict | s.Comprehension | s.Call)
            self._built.update(unit.binds if built else ())
        elif isinstance(node, s.AnnAssign | s.AugAssign | s.For):
            self._bind(unit, node.target)
        elif isinstance(node, s.With):
            for item in node.items:
                if item.target is not None:
                    self._bind(unit, item.target)
        elif isinstance(node, s.Delete):
            for target in node.targets:
                self._bind(unit, target)
        elif isinstance(node, s.Try):
            unit.binds.update(handler.name for handler in node.handlers if handler.name)
        elif isinstance(node, s.Import):
            unit.binds.add(node.alias or node.module.partition(".")[0])
        elif isinstance(node, s.ImportFrom):
            unit.binds.update(bound for _, bound in node.names)
            unit.attributes.update(original for original, _ in node.names)
        elif isinstance(node, s.ExprStatement):
            called = node.value.value if isinstance(node.value, s.Await) else node.value
            if isinstance(called, s.Call):
                self._fill(unit, called)
        for each in nodes(tuple(parts), self._facts):
            kind = type(each)
            if kind is s.Name:
                unit.loads.add(each.name)
            elif kind is s.Attribute:
                unit.attributes.add(each.attr)
            elif kind is s.Const:
                if type(each.value) is str:
                    unit.texts.append(each.value)
            elif kind is s.Call:
                unit.calls = True
            elif kind is s.Lambda:
                unit.later.update(self._facts.functions[each.function].names)
            elif kind is s.Argument:
                unit.attributes.update((each.name,) if each.name else ())
            elif kind is s.Walrus:
                unit.binds.add(each.target.name)
            elif kind is s.CapturePattern or kind is s.StarPattern:
                unit.binds.update((each.name.name,) if each.name else ())
            elif kind is s.MappingPattern:
                unit.binds.update((each.rest.name,) if each.rest else ())
            elif kind is s.ClassPattern:
                unit.attributes.update(name for name, _ in each.keywords)
                unit.gives = unit.gives or bool(each.positional)
            elif kind is s.Yield or kind is s.Await:
                unit.gives = unit.gives or kind is s.Yield
                unit.calls = True
        unit.gives = unit.gives or isinstance(node, s.Return | s.Raise)

    def _bind(self, unit: _Unit, target: s.Expr) -> None:
        if isinstance(target, s.Name):
            unit.binds.add(target.name)
        elif isinstance(target, s.Sequence):
            for item in target.items:
                self._bind(unit, item)
        elif isinstance(target, s.Star):
            self._bind(unit, target.value)
        elif isinstance(target, s.Attribute):
            unit.stores.add((_root(target), target.attr))
        elif isinstance(target, s.Subscript):
            unit.stores.add((_root(target), ""))

    def _fill(self, unit: _Unit, call: s.Call) -> None:
        """A call for its effect: on what it is a method of, and on what it is given."""
        unit.fills.add(_root(call.func))
        unit.fills.update(argument.value.name for argument in call.args if isinstance(argument.value, s.Name))

    # --- what matters --------------------------------------------------------------------

    def of(self, names: Iterable[str]) -> dict[int, s.Function]:
        """The functions, by number, with only what matters for names."""
        chosen = _Choice(tuple(names))
        for unit in self._units.values():
            if any(unit.mentions(name) for name in chosen.names):
                # What stands in a lambda or class is not read here, but where that is used.
                chosen.take(unit, seed=not unit.later.isdisjoint(chosen.names))
        count = -1
        while count != len(chosen.units):
            count = len(chosen.units)
            for key, unit in self._units.items():
                if key not in chosen.units and self._matters(unit, chosen):
                    chosen.take(unit, seed=not chosen.derived.isdisjoint(unit.loads))
        return {number: self._pruned(number, chosen) for number in self._numbers}

    def _matters(self, unit: _Unit, chosen: _Choice) -> bool:
        wanted = chosen.wanted
        if not wanted.isdisjoint(unit.binds):
            return True
        for root, attribute in unit.stores:
            if root in wanted and (root not in self._first or not attribute or attribute in chosen.attributes):
                return True
        if any(root in wanted and root in self._built for root in unit.fills):
            return True
        if isinstance(unit.node, s.FunctionDef) and id(unit.node) in chosen.around:
            chosen.derived.add(self._facts.functions[unit.node.function].name)
            return True
        if not chosen.derived.isdisjoint(unit.loads):
            return True
        if unit.gives and unit.owner != self._numbers[0] and self._facts.functions[unit.owner].name in wanted:
            return True
        if isinstance(unit.node, s.Assert) and not wanted.isdisjoint(unit.loads):
            return True
        if isinstance(unit.node, s.For | s.With | s.Match):
            return id(unit.node) in chosen.around
        # What a handler does is done when something in the body raises.
        return not chosen.handled.isdisjoint(unit.tried)

    def _pruned(self, number: int, chosen: _Choice) -> s.Function:
        function = self._facts.functions[number]
        said: set[str] = set()
        body = self._block(function.body, chosen, said, breaks=False)
        said.update(param.name for param in function.params)
        for each in nodes((function.params, function.decorators), self._facts):
            if type(each) is s.Name:
                said.add(each.name)
        names = tuple(name for name in function.names if name in said)
        return replace(function.lowered(), body=body, names=names)

    def _block(
        self, body: tuple[s.Statement, ...], chosen: _Choice, said: set[str], *, breaks: bool
    ) -> tuple[s.Statement, ...]:
        kept: list[s.Statement] = []
        for node in body:
            unit = self._units[id(node)]
            if isinstance(node, s.Break) and breaks:
                kept.append(node)
                continue
            new = self._kept(node, unit, chosen, said, breaks=breaks)
            if new is not None:
                kept.append(new)
        return tuple(kept)

    def _kept(
        self, node: s.Statement, unit: _Unit, chosen: _Choice, said: set[str], *, breaks: bool
    ) -> s.Statement | None:
        taken = id(node) in chosen.units
        if isinstance(node, s.If | s.While):
            inside = breaks or isinstance(node, s.While)
            body = self._block(node.body, chosen, said, breaks=inside)
            orelse = self._block(node.orelse, chosen, said, breaks=breaks)
            if isinstance(node, s.While) and not taken and not _has_more_than_jumps((*body, *orelse)):
                return None
            if not taken and not body and not orelse:
                body = node.body[-1:] if node.body and isinstance(node.body[-1], _JUMPS) else ()
                if not body or chosen.wanted.isdisjoint(unit.loads):
                    return None
                # A guard: what comes behind it knows more of what it tests.
            test = node.test
            if not taken and unit.calls and chosen.wanted.isdisjoint(unit.loads):
                test = s.Name("", node.ref)
            else:
                said.update(unit.loads, unit.attributes, unit.texts)
            return replace(node, test=test, body=body, orelse=orelse)
        if isinstance(node, s.For):
            body = self._block(node.body, chosen, said, breaks=False)
            orelse = self._block(node.orelse, chosen, said, breaks=breaks)
            new: s.Statement = replace(node, body=body, orelse=orelse)
        elif isinstance(node, s.With):
            body = self._block(node.body, chosen, said, breaks=breaks)
            new = replace(node, body=body)
            if not taken:
                return None
        elif isinstance(node, s.Try):
            body = self._block(node.body, chosen, said, breaks=breaks)
            handlers = tuple(
                replace(each, body=self._block(each.body, chosen, said, breaks=breaks)) for each in node.handlers
            )
            orelse = self._block(node.orelse, chosen, said, breaks=breaks)
            final = self._block(node.final, chosen, said, breaks=breaks)
            if not (taken or body or orelse or final or any(each.body for each in handlers)):
                return None
            taken = True
            new = replace(node, body=body, handlers=handlers, orelse=orelse, final=final)
        elif isinstance(node, s.Match):
            cases = tuple(
                replace(each, body=self._block(each.body, chosen, said, breaks=breaks)) for each in node.cases
            )
            new = replace(node, cases=cases)
        else:
            new = node
        if not taken:
            return None
        said.update(unit.loads, unit.attributes, unit.binds, unit.texts)
        return new


@dataclass(slots=True)
class _Choice:
    """Statements chosen so far; ``wanted``: variables that they use, ``derived``: what is made of the names' data."""

    names: tuple[str, ...]
    units: dict[int, _Unit] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    around: set[int] = field(default_factory=set)
    handled: set[int] = field(default_factory=set)
    derived: set[str] = field(default_factory=set)

    def take(self, unit: _Unit, *, seed: bool) -> None:
        """Choose a statement."""
        self.units[id(unit.node)] = unit
        self.around |= unit.around
        self.handled |= unit.handles
        self.wanted |= unit.loads
        self.wanted.update(root for root, _ in unit.stores)
        self.attributes |= unit.attributes
        if seed:
            self.derived |= unit.binds | unit.fills | {root for root, _ in unit.stores}


def _header(node: s.Statement) -> tuple[Any, ...]:
    """A statement's own parts, without the blocks in it."""
    if isinstance(node, s.If | s.While):
        return (node.test,)
    if isinstance(node, s.For):
        return (node.target, node.iter)
    if isinstance(node, s.With):
        return (node.items,)
    if isinstance(node, s.Try):
        return tuple(handler.type for handler in node.handlers)
    if isinstance(node, s.Match):
        return (node.subject, *((case.pattern, case.guard) for case in node.cases))
    return () if isinstance(node, _CODE) else (node,)


def _blocks(node: s.Statement) -> Iterator[tuple[str, tuple[s.Statement, ...]]]:
    """The blocks in a statement, and which of a ``try`` they are."""
    if isinstance(node, s.If | s.While | s.For):
        yield from (("", node.body), ("", node.orelse))
    elif isinstance(node, s.With):
        yield "", node.body
    elif isinstance(node, s.Try):
        yield from (("tried", node.body), ("", node.orelse), ("", node.final))
        yield from (("handles", handler.body) for handler in node.handlers)
    elif isinstance(node, s.Match):
        yield from (("", case.body) for case in node.cases)


def _has_more_than_jumps(body: Iterable[s.Statement]) -> bool:
    for node in body:
        if isinstance(node, s.If):
            if _has_more_than_jumps((*node.body, *node.orelse)):
                return True
        elif not isinstance(node, _JUMPS):
            return True
    return False


def _root(node: Any) -> str:
    """The variable that a chain of attributes, subscripts and calls begins with; empty where it is none."""
    while isinstance(node, s.Attribute | s.Subscript | s.Call | s.Await):
        node = node.func if isinstance(node, s.Call) else node.value
    return node.name if isinstance(node, s.Name) else ""
