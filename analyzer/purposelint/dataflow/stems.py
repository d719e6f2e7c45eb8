"""Patterns that go on (``C.extra["phone"]``, ``f().phone``): what comes out of a stem is known by the stem's name."""

from __future__ import annotations

from typing import cast

from purposelint.config.patterns import KeyStep
from purposelint.dataflow import types
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.matching import Rule
from purposelint.dataflow.values import Atom, Ref, Some, Trail, Value, is_literal


def named(frame: Frame, stem: Rule, value: Value, at: int) -> Value:
    """A value that comes out of a stem: its objects are known by that name from now on, beside their own."""
    return known_as(frame, cast("Trail", stem.trail), value, at)


def known_as(frame: Frame, trail: Trail, value: Value, at: int) -> Value:
    """The same by a stem's trail."""
    atoms: list[Atom] = []
    for atom in value.atoms:
        if type(atom) is Some and atom.kind == "":
            atoms.extend(types.opaque(frame, at, ("stem", trail), value.tags, (trail,)).atoms)
            continue
        atoms.append(atom)
        if type(atom) is not Ref or frame.get(atom.oid).kind in ("module", "class", "function"):
            continue
        if trail not in types.trails_of(frame, atom):
            obj = frame.edit(atom.oid)
            obj.trails = (*obj.trails, trail)
            _onward(frame, obj, trail, at)
    return Value(tuple(dict.fromkeys(atoms)), value.tags)


def is_named(obj: Obj) -> bool:
    """Whether an object is a container of the program's own that came out of a stem."""
    return bool(obj.trails) and obj.kind in ("dict", "list", "tuple", "set")


def may_hold(obj: Obj, key: str | int | None) -> bool:
    """Whether something that is not told apart as a value may stand in an object under a key (None: any)."""
    held = [value for each, value in obj.items.items() if key in (None, each)]
    if obj.open:
        return key is None or not held or (is_named(obj) and not all(map(is_literal, held)))
    return is_named(obj) and (not all(map(is_literal, held)) or (obj.rest is not None and not obj.items))


def _onward(frame: Frame, obj: Obj, trail: Trail, at: int) -> None:
    """What stands in a container under the next key of a pattern's stem, however it is taken out."""
    for stem in frame.machine.rules.onward.get(trail, ()):
        assert isinstance(stem.last, KeyStep)
        for key, held in obj.items.items():
            if stem.last.key in (None, key):
                named(frame, stem, held, at)
        if obj.rest is not None:
            named(frame, stem, obj.rest, at)
