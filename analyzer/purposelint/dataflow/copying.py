"""Copies of structures, as `copy` and `pickle` make them: with what classes say of their own instances."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from purposelint.dataflow import calls, classes, elements, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import NONE, NOTHING, Ref, Value, join, literal, ref

MAX_INSIDE = 6
"""Containers and instances inside one another that are copied."""
HOOKED = frozenset({"copy", "shallow", "pickle"})
"""Kinds of packed text for which instances are asked what of them is kept."""
_REDUCED = "<reduced>"
_STATE = "<state>"
_CALLABLE, _ARGUMENTS, _LEFT = range(3)


def taken(frame: Frame, value: Value, at: int, kind: str, depth: int = 0) -> Value:
    """A copy of a structure, so that later changes do not show; of instances with hooks, what these give."""
    result = NOTHING
    for atom in value.atoms:
        if type(atom) is not Ref:
            result = join(result, Value((atom,), value.tags))
            continue
        obj = frame.get(atom.oid)
        if depth > _most(kind) or obj.kind not in ("list", "tuple", "dict", "set", "instance"):
            result = join(result, Value((atom,), value.tags))
            continue
        hooked = _hooked(frame, atom, at, kind, depth) if kind in HOOKED and obj.kind == "instance" else None
        if hooked is None:
            inner = partial(taken, frame, at=at, kind=kind, depth=depth + 1)
            hooked = _copied(frame, atom.oid, at, ("snapshot", depth), inner)
        result = join(result, hooked.tagged(value.tags))
    return result


def _most(kind: str) -> int:
    return 0 if kind == "shallow" else MAX_INSIDE


def _copied(frame: Frame, oid: int, at: int, slot: object, part: Callable[[Value], Value]) -> Value:
    """An object like another one, with its parts copied too."""
    obj = frame.get(oid)
    new = obj.copy()
    new.many = False
    new.items = {key: part(held) for key, held in obj.items.items()}
    # The `__dict__` of an instance is copied as a dict of its own.
    new.attrs = {key: part(held) for key, held in obj.attrs.items() if key != "<owner>"}
    new.rest = None if obj.rest is None else part(obj.rest)
    return Value((ref(frame.allocate(at, new, (slot, oid))),))


def _hooked(frame: Frame, instance: Ref, at: int, kind: str, depth: int) -> Value | None:
    """What an instance's own methods say is kept of it; None where its class has none."""
    one = Value((instance,))
    if classes.lookup(frame, frame.get(instance.oid).cls, "__getnewargs__") is not None:
        return None
    own = {"copy": "__deepcopy__", "shallow": "__copy__"}.get(kind)
    if own is not None:
        memo = [Value((ref(frame.allocate(at, Obj("dict", cls=types.native_value("dict")), ("memo", depth))),))]
        made = classes.call_special(frame, one, own, memo if kind == "copy" else [], at)
        if made is not None:
            return made
    reduced = classes.call_special(frame, one, "__reduce_ex__", [literal(4)], at)
    reduced = classes.call_special(frame, one, "__reduce__", [], at) if reduced is None else reduced
    if reduced is not None:
        return _empty(frame, instance.oid, at, depth, _REDUCED, taken(frame, reduced, at, kind, depth + 1))
    state = classes.call_special(frame, one, "__getstate__", [], at)
    if state is None:
        if classes.lookup(frame, frame.get(instance.oid).cls, "__setstate__") is None:
            return None
        state = types.dict_of(frame, instance.oid, at)
    return _empty(frame, instance.oid, at, depth, _STATE, taken(frame, state, at, kind, depth + 1))


def _empty(frame: Frame, oid: int, at: int, depth: int, name: str, held: Value) -> Value:
    """An instance of a class, before it is filled."""
    obj = frame.get(oid)
    new = Obj("instance", cls=obj.cls, attrs={name: held})
    if name == _STATE:
        # What a class that inherits from a container holds is no part of its state.
        new.items, new.rest = dict(obj.items), obj.rest
    return Value((ref(frame.allocate(at, new, ("kept", depth, oid))),))


def given_back(frame: Frame, value: Value, at: int, kind: str, depth: int = 0) -> Value:
    """A new structure from one that was taken, as classes of the project fill their instances."""
    result = NOTHING
    for atom in value.atoms:
        obj = frame.get(atom.oid) if type(atom) is Ref else None
        if type(atom) is not Ref or obj is None or depth > _most(kind):
            result = join(result, Value((atom,), value.tags))
        elif _REDUCED in obj.attrs:
            reduced = given_back(frame, obj.attrs[_REDUCED], at, kind, depth + 1)
            result = join(result, _rebuilt(frame, reduced, at, depth))
        elif _STATE in obj.attrs:
            inner = partial(given_back, frame, at=at, kind=kind, depth=depth + 1)
            made = _copied(frame, atom.oid, at, ("restored", depth), inner).tagged(value.tags)
            for oid in made.refs():
                _fill(frame, Value((ref(oid),)), frame.edit(oid).attrs.pop(_STATE), at)
            result = join(result, made)
        elif obj.kind in ("list", "tuple", "dict", "set", "instance"):
            inner = partial(given_back, frame, at=at, kind=kind, depth=depth + 1)
            result = join(result, _copied(frame, atom.oid, at, ("given", depth), inner).tagged(value.tags))
        else:
            result = join(result, Value((atom,), value.tags))
    return result


def _rebuilt(frame: Frame, reduced: Value, at: int, depth: int) -> Value:
    """What ``(callable, arguments, state)`` makes."""
    result = NOTHING
    for atom in reduced.atoms:
        items = frame.get(atom.oid).items if type(atom) is Ref else {}
        if _CALLABLE not in items or _ARGUMENTS not in items:
            tags = frame.derived(at, "copied", elements.deep(frame, [Value((atom,), reduced.tags)]))
            result = join(result, types.opaque(frame, at, ("reduced", depth), tags))
            continue
        run = elements.iterate(frame, items[_ARGUMENTS], at)
        made = calls.call(frame, items[_CALLABLE], Arguments(list(run.known), rest=run.rest), at)
        if _LEFT in items:
            _fill(frame, made, items[_LEFT], at)
        result = join(result, made)
    return result


def _fill(frame: Frame, made: Value, state: Value, at: int) -> None:
    """Put a state into instances: by ``__setstate__``, or as attributes."""
    if state == NONE:
        return
    if classes.call_special(frame, made, "__setstate__", [state], at) is not None:
        return
    known, rest = elements.mapping_items(frame, state, at)
    for oid in made.refs():
        obj = frame.edit(oid)
        obj.attrs.update({name: held for name, held in known.items() if isinstance(name, str)})
        if rest is not None:
            obj.tags |= elements.deep(frame, [rest])
