"""What models of frameworks ask the interpreter for: rows of a table, look-ups by field, what was registered.

A model imports these functions from ``purposelint_model``. A model's function that mentions ``here`` is run anew
for each place that calls it, and what happens in it happens there.
"""

from __future__ import annotations

from collections.abc import Callable

from purposelint.dataflow import elements, events, hints, objects, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import UNKNOWN, Const, Some, Value, join_all, ref
from purposelint.facts import syntax as s

HERE = "here"


def here(frame: Frame, args: Arguments, at: int) -> Value:
    """Stands in a model's function to say that it belongs to the place that calls it."""
    return UNKNOWN


def instance(frame: Frame, args: Arguments, at: int) -> Value:
    """``instance(cls)``: one of which only the class is known."""
    made = [types.instance_of(frame, atom, at, "row") for atom in args.positional[0].atoms] if args.positional else []
    return join_all(made) if made else types.opaque(frame, at, "row")


def _texts(value: Value) -> list[str]:
    return [atom.value for atom in value.atoms if type(atom) is Const and isinstance(atom.value, str)]


def _field(frame: Frame, row: Value, path: str, separator: str, at: int) -> Value:
    """A field of a row, by its name or a path of names."""
    value = row
    for name in path.split(separator):
        kinds = [frame.get(oid) for oid in value.refs()]
        if not kinds or not any(obj.cls.atoms or obj.kind == "opaque" for obj in kinds):
            break
        value = objects.load_attribute(frame, value, name, s.Attribute(s.Const(None, at), name, at))
    return value


def looked_up(frame: Frame, args: Arguments, at: int) -> Value:
    """``looked_up(row, lookups, separator)``: the row's fields are compared with what the lookups give."""
    row, lookups, mark = args.positional[:3]
    (separator,) = _texts(mark)
    for oid in lookups.refs():
        for key, value in frame.get(oid).items.items():
            if isinstance(key, str):
                events.compared(frame, _field(frame, row, key, separator, at), value, at)
    return UNKNOWN


def fields(frame: Frame, args: Arguments, at: int) -> Value:
    """``fields(row, names, separator)``: the named fields of a row, as a tuple."""
    row, names, mark = args.positional[:3]
    (separator,) = _texts(mark)
    found: list[Value] = []
    for value in elements.iterate(frame, names, at).known:
        for name in _texts(value)[:1]:
            found.append(_field(frame, row, name, separator, at))
    if not found:
        # No names: every field.
        tags = events.whole_objects(frame, [row], at) | elements.deep(frame, [row])
        return types.opaque(frame, at, "fields", tags)
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(found)))
    return Value((ref(frame.allocate(at, obj, "fields")),))


def registered(frame: Frame, args: Arguments, at: int) -> Value:
    """``registered(registry, *verbs)``: what elsewhere is handed to the registry by these verbs is known from here."""
    verbs = [name for value in args.positional[1:] for name in _texts(value)]
    for oid in args.positional[0].refs() if args.positional else ():
        if oid in frame.machine.base:
            frame.machine.register(oid, verbs)
    return UNKNOWN


def typed(frame: Frame, args: Arguments, at: int) -> Value:
    """``typed(cls, value)``: the value; where nothing is known of it, an instance of the class."""
    cls, value = args.positional[:2]
    for atom in value.atoms:
        hints.assume(frame, atom, cls)
    if value.atoms and all(type(atom) is Some and not atom.kind for atom in value.atoms):
        made = instance(frame, Arguments([cls]), at)
        types.taint(frame, made, value.tags)
        return Value(made.atoms, value.tags)
    return value


FUNCTIONS: dict[str, Callable[[Frame, Arguments, int], Value]] = {
    "purposelint_model.here": here,
    "purposelint_model.instance": instance,
    "purposelint_model.looked_up": looked_up,
    "purposelint_model.fields": fields,
    "purposelint_model.typed": typed,
    "purposelint_model.registered": registered,
}
