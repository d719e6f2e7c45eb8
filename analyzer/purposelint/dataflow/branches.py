"""One of several things, and it is not known which: each in a state of its own, joined behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from purposelint.dataflow.frame import Frame, Unreachable
from purposelint.dataflow.heap import State, join_states
from purposelint.dataflow.values import NOTHING, Value, join

T = TypeVar("T")


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
