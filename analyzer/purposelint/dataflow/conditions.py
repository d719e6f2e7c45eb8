"""Conditions: which branches are taken, what is known in them, and the gates that hold there."""

from __future__ import annotations

from collections.abc import Callable

from purposelint.dataflow import classes, correlation, flags
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import State
from purposelint.dataflow.values import (
    FALSE,
    NO_GATES,
    NO_TAGS,
    TRUE,
    UNKNOWN,
    Atom,
    Const,
    Gates,
    Ref,
    Some,
    Value,
    literal,
    of_kind,
    surely_true,
)
from purposelint.facts import syntax as s

_PLAIN = frozenset({"str", "bytes", "int", "float", "bool"})
CONTAINERS = frozenset({"list", "tuple", "dict", "set", "frozenset"})


def truth(frame: Frame, value: Value) -> bool | None:
    """Whether a value is true; None when it may be either."""
    result: bool | None = None
    for atom in value.atoms:
        this = _atom_truth(frame, atom)
        if this is None or (result is not None and result is not this):
            return None
        result = this
    return result


def _atom_truth(frame: Frame, atom: Atom) -> bool | None:
    if type(atom) is Const:
        return bool(atom.value)
    if surely_true(atom):
        return True
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        if obj.kind in CONTAINERS:
            if obj.exact():
                certain = [held for held in obj.items.values() if not _missing(held)]
                return True if certain else (None if obj.items else False)
            return True if any(not _missing(held) for held in obj.items.values()) and not obj.many else None
        if obj.kind in ("function", "class", "module", "property", "generator", "coroutine"):
            return True
        if obj.kind == "instance" and not obj.open:
            flag = flags.truth(frame, obj)
            if flag is not None:
                return flag
            for name in ("__bool__", "__len__"):
                if classes.lookup(frame, obj.cls, name) is not None:
                    return None
            return None if classes.has_unknown_base(frame, obj.cls) else True
    return None


def _missing(value: Value) -> bool:
    return any(type(atom) is Some and atom.kind == "missing" for atom in value.atoms)


def decided(frame: Frame, value: Value, at: int) -> Value:
    """A value whose ``__bool__`` or ``__len__`` was called, so that its atoms say whether it is true."""
    for atom in value.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind == "instance":
            obj = frame.get(atom.oid)
            for name in ("__bool__", "__len__"):
                if classes.lookup(frame, obj.cls, name) is not None:
                    result = classes.call_special(frame, Value((atom,)), name, [], at)
                    if result is not None and len(value.atoms) == 1:
                        return result
    return value


def split(frame: Frame, node: s.Expr, value: Value) -> tuple[State | None, State | None]:
    """The states in which a test is true and is false; None for one that cannot be."""
    if any(type(atom) is Ref for atom in value.atoms):
        value = _with_truth(decided(frame, value, node.ref), value)
    decision = truth(frame, value)
    if decision is None:
        decision = correlation.assumed(frame, node)
    if decision is True:
        frame.state.gates |= value.when_true
        return frame.state, None
    if decision is False:
        frame.state.gates |= value.when_false
        return None, frame.state
    holds, fails = frame.state, frame.state.fork()
    for state, sense, gates in ((holds, True, value.when_true), (fails, False, value.when_false)):
        frame.state = state
        state.gates |= gates
        narrow(frame, node, sense)
    frame.state = holds
    return holds, fails


def _with_truth(value: Value, original: Value) -> Value:
    if value is original:
        return value
    return Value(value.atoms, value.tags, original.when_true | value.when_true, original.when_false | value.when_false)


def narrow(frame: Frame, node: s.Expr, sense: bool) -> None:
    """What a test that came out one way says of the variables in it."""
    if isinstance(node, s.Unary) and node.op == "not":
        narrow(frame, node.value, not sense)
    elif isinstance(node, s.Boolean) and (node.op == "and") is sense:
        for part in node.values:
            narrow(frame, part, sense)
    elif isinstance(node, s.Boolean):
        deciding = _deciding(frame, node, sense)
        if deciding is not None:
            narrow(frame, deciding, sense)
    elif isinstance(node, s.Walrus):
        narrow(frame, node.target, sense)
    elif isinstance(node, s.Name | s.Attribute):
        _narrow_place(frame, node, lambda value: _by_truth(frame, value, sense))
    elif isinstance(node, s.Compare) and len(node.rest) == 1:
        _narrow_compare(frame, node, sense)
    elif isinstance(node, s.Call) and isinstance(node.func, s.Name) and node.func.name == "isinstance":
        _narrow_isinstance(frame, node, sense)
    elif isinstance(node, s.Call) and sense and len(node.args) == 1:
        _narrow_guarded(frame, node)


def _deciding(frame: Frame, node: s.Boolean, sense: bool) -> s.Expr | None:
    """The one part that can have made an ``and`` false, or an ``or`` true: all others surely came out otherwise."""
    left = [part for part in node.values if _plain_truth(frame, part) is not (not sense)]
    return left[0] if len(left) == 1 else None


def is_false_there(frame: Frame, test: s.Expr, sense: bool, part: s.Expr) -> bool:
    """Whether a variable or an attribute is known to be false where a test came out one way: it is what was tested."""
    if isinstance(test, s.Unary) and test.op == "not":
        return is_false_there(frame, test.value, not sense, part)
    if isinstance(test, s.Boolean):
        if (test.op == "and") is sense:
            return any(is_false_there(frame, each, sense, part) for each in test.values)
        deciding = _deciding(frame, test, sense)
        return deciding is not None and is_false_there(frame, deciding, sense, part)
    path = _path(part)
    return not sense and path is not None and path == _path(test)


def _path(node: s.Expr) -> tuple[str, ...] | None:
    """The names in ``user.contact.phone``; None for what is read otherwise."""
    if isinstance(node, s.Name):
        return (node.name,)
    if not isinstance(node, s.Attribute):
        return None
    owner = _path(node.value)
    return None if owner is None else (*owner, node.attr)


def _plain_truth(frame: Frame, node: s.Expr) -> bool | None:
    """How a test comes out that looks at nothing but a variable, whether it is true or what constant it is."""
    from purposelint.dataflow.expressions import evaluate  # noqa: PLC0415

    if isinstance(node, s.Unary) and node.op == "not":
        inner = _plain_truth(frame, node.value)
        return None if inner is None else not inner
    plain = isinstance(node, s.Name) or (
        isinstance(node, s.Compare)
        and isinstance(node.left, s.Name)
        and all(op in ("is", "is not") and isinstance(right, s.Const) for op, right in node.rest)
    )
    return truth(frame, evaluate(frame, node)) if plain else None


def _by_truth(frame: Frame, value: Value, sense: bool) -> Value:
    """What a variable holds where it is known to be true, or false: a text or number that is false carries no data."""
    kept = narrowed(frame, value, sense)
    if sense or not all(_is_plain(frame, atom) for atom in kept.atoms):
        return kept
    held = [atom for atom in kept.atoms if type(atom) is Ref and frame.get(atom.oid).tags]
    if not kept.tags and not held:
        return kept
    atoms = tuple(atom for atom in kept.atoms if atom not in held)
    return Value((*atoms, *UNKNOWN.atoms) if held else atoms, NO_TAGS, kept.when_true, kept.when_false)


def _is_plain(frame: Frame, atom: Atom) -> bool:
    """Whether something is a text or number, or what a field holds of which no more is known than that it is data."""
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        made = any(trail[-1] == "()" for trail in obj.trails)
        empty = not (obj.attrs or obj.items or obj.rest is not None)
        return obj.kind == "opaque" and empty and not obj.cls.atoms and not made
    return type(atom) is Const or (type(atom) is Some and atom.kind in _PLAIN)


def _narrow_name(frame: Frame, name: str, keep: Callable[[Value], Value]) -> None:
    scope = frame.get(frame.scope)
    value = scope.attrs.get(name)
    if value is None or scope.kind == "module":
        return
    new = keep(value)
    if new is not value and new.atoms:
        frame.edit(frame.scope).attrs[name] = new


def _narrow_place(frame: Frame, node: s.Name | s.Attribute, keep: Callable[[Value], Value]) -> None:
    """Narrow a variable, or an attribute that the instance in a variable is known to hold."""
    if isinstance(node, s.Name):
        _narrow_name(frame, node.name, keep)
        return
    owner = frame.get(frame.scope).attrs.get(node.value.name) if isinstance(node.value, s.Name) else None
    oid = owner.refs()[0] if owner is not None and len(owner.atoms) == 1 and owner.refs() else None
    if oid is None or oid in frame.state.base:
        return
    obj = frame.get(oid)
    held = obj.attrs.get(node.attr)
    if held is None or obj.kind != "instance" or obj.many or _missing(held):
        return
    new = keep(held)
    if new is not held and new.atoms:
        frame.edit(oid).attrs[node.attr] = new


def narrowed(frame: Frame, value: Value, sense: bool) -> Value:
    """The value where it is known to be true, or false."""
    atoms = tuple(atom for atom in value.atoms if _atom_truth(frame, atom) in (sense, None))
    if len(atoms) == len(value.atoms):
        return value
    return Value(atoms, value.tags, value.when_true, value.when_false)


def emptied(frame: Frame, value: Value) -> Value:
    """A value that is known to be false: an empty text or container, zero or None carry no data."""
    kept = tuple(
        atom for atom in value.atoms if type(atom) is not Ref or frame.get(atom.oid).kind in ("instance", *CONTAINERS)
    )
    atoms = kept if len(kept) == len(value.atoms) else (*kept, *(a for a in UNKNOWN.atoms if a not in kept))
    full = any(type(atom) is Ref and not frame.get(atom.oid).exact() for atom in kept)
    if full:
        # What a container may hold, it does not hold where it is empty.
        plain = [atom for atom in atoms if type(atom) is not Ref or frame.get(atom.oid).kind == "instance"]
        atoms = tuple(dict.fromkeys([*plain, *UNKNOWN.atoms]))
    return Value(atoms, NO_TAGS, value.when_true, value.when_false)


def _narrow_compare(frame: Frame, node: s.Compare, sense: bool) -> None:
    op, right = node.rest[0]
    if op in ("is not", "!="):
        op, sense = {"is not": "is", "!=": "=="}[op], not sense
    tested = node.left.target if isinstance(node.left, s.Walrus) else node.left
    if op not in ("is", "==") or not isinstance(right, s.Const) or not isinstance(tested, s.Name | s.Attribute):
        return
    wanted = literal(right.value).atoms[0]

    def keep(value: Value) -> Value:
        if sense:
            if right.value is None:
                return Value((wanted,), NO_TAGS)
            if wanted in value.atoms:
                return Value((wanted,), value.tags if right.value else NO_TAGS)
            return value if right.value else _by_truth(frame, value, False)
        atoms = tuple(atom for atom in value.atoms if atom is not wanted)
        return value if len(atoms) == len(value.atoms) else Value(atoms, value.tags)

    _narrow_place(frame, tested, keep)


def _narrow_isinstance(frame: Frame, node: s.Call, sense: bool) -> None:
    if len(node.args) != 2 or not isinstance(node.args[0].value, s.Name | s.Attribute):
        return
    from purposelint.dataflow import hints, natives  # noqa: PLC0415
    from purposelint.dataflow.expressions import evaluate  # noqa: PLC0415

    given, wanted = node.args[0].value, evaluate(frame, node.args[1].value)

    def keep(value: Value) -> Value:
        atoms: list[Atom] = []
        for atom in value.atoms:
            verdict = natives.is_instance(frame, Value((atom,)), wanted)
            if verdict in (sense, None):
                atoms.append(atom)
                if sense and verdict is None:
                    hints.assume(frame, atom, wanted)
        return value if len(atoms) == len(value.atoms) else Value(tuple(atoms), value.tags)

    if isinstance(given, s.Name):
        _narrow_name(frame, given.name, keep)
    elif sense:
        keep(evaluate(frame, given))


def _narrow_guarded(frame: Frame, node: s.Call) -> None:
    """``if is_person(x)``, where the function says ``-> TypeGuard[Person]``."""
    from purposelint.dataflow import hints, names  # noqa: PLC0415

    given = node.args[0].value
    if not isinstance(node.func, s.Name) or not isinstance(given, s.Name):
        return
    wanted = hints.guarded(frame, names.load(frame, node.func.name, node.ref))
    for atom in names.load(frame, given.name, given.ref).atoms if wanted.atoms else ():
        hints.assume(frame, atom, wanted)


def negated(frame: Frame, value: Value) -> Value:
    """``not value``."""
    decision = truth(frame, value)
    if decision is None and any(type(atom) is Ref for atom in value.atoms):
        decision = truth(frame, decided(frame, value, 0))
    if decision is not None:
        result = FALSE if decision else TRUE
    else:
        result = of_kind("bool")
    if value.when_true or value.when_false:
        return Value(result.atoms, result.tags, value.when_false, value.when_true)
    return result


def combined(op: str, values: list[Value]) -> tuple[Gates, Gates]:
    """Gates of ``and``/``or``: all hold where ``and`` is true, any where only one value can decide."""
    if not any(value.when_true or value.when_false for value in values):
        return NO_GATES, NO_GATES
    all_true = frozenset().union(*(value.when_true for value in values))
    all_false = frozenset().union(*(value.when_false for value in values))
    shared_true = frozenset.intersection(*(value.when_true for value in values))
    shared_false = frozenset.intersection(*(value.when_false for value in values))
    return (all_true, shared_false) if op == "and" else (shared_true, all_false)
