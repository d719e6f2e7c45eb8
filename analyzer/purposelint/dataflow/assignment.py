"""Assignment: values to targets, unpacking included."""

from __future__ import annotations

from purposelint.dataflow import elements, events, hints, names, objects, types
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import UNKNOWN, Value, join_all, ref
from purposelint.facts import syntax as s


def assign(frame: Frame, target: s.Expr, value: Value) -> None:
    """Store a value in a target."""
    if value.tags and frame.state.gates:
        value = events.hop(frame, value, target)
    if isinstance(target, s.Name):
        frame.writing = target.ref
        names.store(frame, target.name, hints.assigned(frame, target.name, value))
    elif isinstance(target, s.Attribute):
        from purposelint.dataflow.expressions import evaluate  # noqa: PLC0415 - expressions assign too

        objects.store_attribute(frame, evaluate(frame, target.value), target.attr, value, target)
    elif isinstance(target, s.Subscript):
        from purposelint.dataflow.expressions import evaluate  # noqa: PLC0415

        owner = evaluate(frame, target.value)
        elements.store_item(frame, owner, evaluate(frame, target.key), value, target.ref, target)
    elif isinstance(target, s.Sequence):
        unpack(frame, target, value)
    elif isinstance(target, s.Star):
        assign(frame, target.value, value)


def unpack(frame: Frame, target: s.Sequence, value: Value) -> None:
    """``a, *b, c = value``."""
    run = elements.iterate(frame, value, target.ref)
    starred = next((index for index, item in enumerate(target.items) if isinstance(item, s.Star)), None)
    known = run.known
    if run.rest is None:
        if starred is None:
            for index, item in enumerate(target.items):
                assign(frame, item, known[index] if index < len(known) else UNKNOWN)
            return
        behind = len(target.items) - starred - 1
        middle = known[starred : len(known) - behind] if len(known) >= starred + behind else []
        for index, item in enumerate(target.items):
            if index < starred:
                assign(frame, item, known[index] if index < len(known) else UNKNOWN)
            elif index == starred:
                assign(frame, item, new_list(frame, item.ref, middle))
            else:
                position = len(known) - (len(target.items) - index)
                assign(frame, item, known[position] if 0 <= position < len(known) else UNKNOWN)
        return
    anything = join_all([*known, run.rest])
    for index, item in enumerate(target.items):
        if isinstance(item, s.Star):
            oid = frame.allocate(item.ref, Obj("list", cls=types.native_value("list"), rest=anything))
            assign(frame, item, Value((ref(oid),)))
        elif index < len(known) and (starred is None or index < starred):
            assign(frame, item, known[index])
        else:
            assign(frame, item, anything)


def new_list(frame: Frame, at: int, values: list[Value]) -> Value:
    """A new list of known elements."""
    obj = Obj("list", cls=types.native_value("list"), items=dict(enumerate(values)))
    return Value((ref(frame.allocate(at, obj)),))
