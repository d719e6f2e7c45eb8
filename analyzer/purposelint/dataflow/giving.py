"""Who may give away the whole of something of which an attribute is a source: ``send(asdict(user))`` names none.

Such a function hands a sink, as it is or as an argument of other calls, what comes from the attribute's class, from a
field, a variable or a parameter that is said to be of it, or from a function that is said to give one; also an element
of such a thing, and in methods of the class its ``self``. Or it hands it to a function that hands a parameter of its
own to a sink. All this is by name: rather too many than too few, as of each only what leads to these calls is run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from purposelint.config.patterns import CallStep, Pattern
from purposelint.facts import syntax as s
from purposelint.facts.walking import last_name, nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 25
"""Files that may have the name of a function, or of a sink that others hand things to, before it is taken as common."""
MAX_SENDERS = 60
"""Functions that are known to hand a parameter of theirs to a sink."""

Keywords: TypeAlias = "frozenset[str] | None"
"""The keywords by which something is given to a sink; None: by any. What is given by position may be meant too."""


@dataclass(frozen=True, slots=True)
class Giver:
    """A function that may give the whole of something to what has one of ``names``."""

    path: str
    number: int
    names: tuple[str, ...]


@dataclass(slots=True)
class _Origins:
    """By what code may have an instance of some classes: names, functions, attributes, chains (``request.user``)."""

    classes: frozenset[str]
    functions: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    chains: set[str] = field(default_factory=set)

    def names(self) -> set[str]:
        """One of these a function must mention."""
        return {*self.classes, *self.functions, *self.attributes, *(chain.rpartition(".")[2] for chain in self.chains)}


def keywords(pattern: Pattern) -> Keywords:
    """By which keywords a sink is given what counts."""
    last = pattern.steps[-1]
    if not isinstance(last, CallStep) or last.params is None or "*" in last.params:
        return None
    return frozenset(each for each in last.params if isinstance(each, str))


def either(one: Keywords, other: Keywords) -> Keywords:
    """The keywords of two sinks of one name."""
    return None if one is None or other is None else one | other


def givers(
    machine: Machine, classes: Collection[str], sinks: Mapping[str, Keywords], within: Collection[str] | None
) -> Iterator[Giver]:
    """The functions that may give away the whole of an instance of one of some classes."""
    program = machine.program
    origins = _origins(machine, frozenset(filter(program.is_mentioned, classes)))
    if not origins.classes:
        return
    receivers = {**dict.fromkeys(_senders(machine, sinks)), **sinks}
    named = sorted(origins.names())
    paths = {path for name in named for path in program.mentions(name, within=within)}
    paths &= {path for name in receivers for path in program.mentions(name, within=within)}
    program.prefetch(paths)
    for path in sorted(paths):
        facts = machine.facts(path)
        for number, function in enumerate(() if facts is None else facts.functions):
            own = facts is not None and _is_method(facts, function, origins.classes)
            if function.parent is None and (own or any(map(function.mentions, named))):
                given = _receivers(function, origins, receivers, own=own)
                if given:
                    yield Giver(path, number, tuple(sorted(given)))


def _origins(machine: Machine, classes: frozenset[str]) -> _Origins:
    """What the project says of some classes: fields that are of them, functions that give one."""
    program = machine.program
    chains = (chain for chain in machine.conventions.chains() if program.is_mentioned(chain.rpartition(".")[2]))
    found = _Origins(classes, chains=set(chains))
    for path in sorted({path for name in classes for path in program.mentions(name)}):
        facts = machine.facts(path)
        for cls in () if facts is None else facts.classes:
            found.attributes.update(_fields(cls, classes))
        for function in () if facts is None else facts.functions:
            is_one = any(map(function.mentions, classes)) and _gives(function, classes)
            if is_one and program.is_rare(function.name, MAX_FILES):
                found.functions.add(function.name)
    return found


def _fields(cls: s.Class, classes: Collection[str]) -> Iterator[str]:
    """The fields that a class body says are of one of some classes."""
    for statement in cls.body:
        if isinstance(statement, s.AnnAssign) and isinstance(statement.target, s.Name):
            if _mentions(statement.annotation, classes):
                yield statement.target.name
        elif isinstance(statement, s.Assign) and _mentions(statement.value, classes):
            yield from (each.name for each in statement.targets if isinstance(each, s.Name))


def _gives(function: s.Function, classes: Collection[str]) -> bool:
    """Whether a function's annotation or a ``return`` mentions one of some classes."""
    if function.returns is not None and _mentions(function.returns, classes):
        return True
    return any(
        type(node) is s.Return and node.value is not None and _mentions(node.value, classes)
        for node in nodes(function.body)
    )


def _mentions(node: object, names: Collection[str]) -> bool:
    for each in nodes(node):
        if (type(each) is s.Name and each.name in names) or (type(each) is s.Attribute and each.attr in names):
            return True
        if type(each) is s.Const and type(each.value) is str and each.value.rpartition(".")[2] in names:
            return True
    return False


def _senders(machine: Machine, sinks: Mapping[str, Keywords]) -> list[str]:
    """The functions that hand a parameter of theirs, as a whole, to a sink."""
    near: defaultdict[str, list[str]] = defaultdict(list)
    for sink in sorted(sinks):
        for path in machine.program.mentions(sink) if machine.program.is_rare(sink, MAX_FILES) else ():
            near[path].append(sink)
    found: dict[str, None] = {}
    for path in sorted(near):
        facts = machine.facts(path)
        for function in () if facts is None else facts.functions:
            if function.name[:2] == "__" or not function.params:
                continue
            named = {sink: sinks[sink] for sink in near[path] if function.mentions(sink)}
            given = {param.name for param in function.params[function.cls is not None :]}
            if named and _handed(function, None, given, named) and machine.program.is_rare(function.name, MAX_FILES):
                found[function.name] = None
                if len(found) == MAX_SENDERS:
                    return list(found)
    return list(found)


def _is_method(facts: s.Module, function: s.Function, classes: Collection[str]) -> bool:
    """Whether a function is a method of one of some classes."""
    return function.cls is not None and bool(function.params) and facts.classes[function.cls].name in classes


def _receivers(function: s.Function, origins: _Origins, receivers: Mapping[str, Keywords], *, own: bool) -> set[str]:
    """To which of ``receivers`` a function hands, as a whole, what comes from origins; ``own``: its ``self`` too."""
    given = {
        param.name
        for param in function.params
        if param.annotation is not None and _mentions(param.annotation, origins.classes)
    }
    if own:
        given.add(function.params[0].name)
    return _handed(function, origins, given, receivers)


def _handed(
    function: s.Function, origins: _Origins | None, held: set[str], receivers: Mapping[str, Keywords]
) -> set[str]:
    """Which of ``receivers`` are called with something as a whole: with what variables hold, or what origins give."""
    calls: list[tuple[str, s.Call]] = []
    bindings: list[tuple[s.Expr, s.Expr]] = []
    for node in nodes(function.body):
        kind = type(node)
        if kind is s.Call:
            name = last_name(node.func)
            if name in receivers:
                calls.append((name, node))
        elif kind is s.Assign:
            bindings.extend((target, node.value) for target in node.targets)
        elif kind is s.For or kind is s.ForClause:
            bindings.append((node.target, node.iter))
        elif kind is s.WithItem and node.target is not None:
            bindings.append((node.target, node.context))
        elif kind is s.Walrus:
            bindings.append((node.target, node.value))
        elif kind is s.AnnAssign and origins is not None and _mentions(node.annotation, origins.classes):
            held.update(each.name for each in nodes(node.target) if type(each) is s.Name)
    if not calls:
        return set()
    size = -1
    while size != len(held):
        size = len(held)
        for target, value in bindings:
            if any(_is_origin(part, origins, held) for part in _parts(value)):
                held.update(each.name for each in nodes(target) if type(each) is s.Name)
    return {
        name
        for name, call in calls
        if any(_is_origin(part, origins, held) for each in _counting(call, receivers[name]) for part in _parts(each))
    }


def _counting(call: s.Call, wanted: Keywords) -> Iterator[s.Expr]:
    """The arguments of a call that may be those that count."""
    for each in call.args:
        if wanted is None or each.name is None or each.name in wanted:
            yield each.value


def _is_origin(part: s.Expr, origins: _Origins | None, held: Collection[str]) -> bool:
    if isinstance(part, s.Name):
        return part.name in held
    if origins is None:
        return False
    if isinstance(part, s.Attribute):
        return part.attr in origins.attributes or f"{last_name(part.value)}.{part.attr}" in origins.chains
    if not isinstance(part, s.Call):
        return False
    return last_name(part.func) in origins.functions or _mentions(part.func, origins.classes)


def _parts(value: s.Expr) -> Iterator[s.Expr]:
    """An expression, and what goes into its value as it is: not what is read from an attribute or key of it."""
    yield value
    inner: Iterable[s.Expr] = ()
    if isinstance(value, s.Call):
        inner = (each.value for each in value.args)
        if isinstance(value.func, s.Attribute) and isinstance(value.func.value, s.Name):
            inner = (*inner, value.func.value)
    elif isinstance(value, s.Subscript):
        inner = () if isinstance(value.key, s.Const) and type(value.key.value) is str else (value.value,)
    elif isinstance(value, s.Attribute):
        inner = (value.value,) if value.attr == "__dict__" else ()
    elif isinstance(value, s.Dict):
        inner = (each for _, each in value.items)
    elif isinstance(value, s.Sequence):
        inner = value.items
    elif isinstance(value, s.Star | s.Await | s.Formatted):
        inner = (value.value,)
    elif isinstance(value, s.Joined):
        inner = value.parts
    elif isinstance(value, s.Binary):
        inner = (value.left, value.right)
    elif isinstance(value, s.Boolean):
        inner = value.values
    elif isinstance(value, s.Conditional):
        inner = (value.body, value.orelse)
    elif isinstance(value, s.Comprehension):
        inner = (value.element,)
    for each in inner:
        yield from _parts(each)
