"""One of several things, and it is not known which: each in a state of its own, joined behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from purposelint.dataflow.frame import Frame, Unreachable
from purposelint.dataflow.heap import State, join_states
from purposelint.dataflow.values import NOTHING, Ref, Value, is_literal, join

T = TypeVar("T")

MAX_PAIRS = 8
"""Pairs, of which any may come, for which the body of a loop or comprehension is run one by one."""


def either(frame: Frame, things: Iterable[T], act: Callable[[T], Value]) -> Value:
    """What acting on one of them gives. Raises `Unreachable` where none comes back."""
    before, result, ends = frame.state, NOTHING, list[State]()
    for thing in things:
        frame.state, frame.live = before.fork(), True
        try:
            result = join(result, act(thing))
            ends.append(frame.state)
        except Unreachable:
            continue
    if not ends:
        frame.live = False
        raise Unreachable
    state = ends[0]
    for other in ends[1:]:
        state = join_states(state, other)
    frame.live, frame.state = True, state
    return result


def pairs_apart(frame: Frame, element: Value) -> list[Value]:
    """An element that is one of a few pairs, each of a key and what belongs to it, is one pair at a time."""
    if not 1 < len(element.atoms) <= MAX_PAIRS:
        return [element]
    for atom in element.atoms:
        obj = frame.get(atom.oid) if type(atom) is Ref else None
        if obj is None or obj.kind != "tuple" or not obj.exact() or not is_literal(obj.items.get(0, NOTHING)):
            return [element]
    return [Value((atom,), element.tags) for atom in element.atoms]
