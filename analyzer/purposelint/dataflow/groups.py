"""Exception groups: ``except*`` and ``split`` take out of a group what is of a kind; the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from purposelint.dataflow import calls, conditions, elements, exceptions, natives, types
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj, State, join_states
from purposelint.dataflow.values import NONE, NOTHING, UNKNOWN, Atom, Bound, Ref, Value, join, literal, native, ref
from purposelint.facts import syntax as s

MAX_NESTED = 5

_Verdict = Callable[[Atom], bool | None]


def handle(frame: Frame, handlers: Sequence[s.Handler], error: Value, state: State, ends: list[State]) -> None:
    """Run the ``except*`` handlers for an exception, one after another; what none takes is raised again."""
    left = error
    for handler in handlers:
        if not left.atoms or handler.type is None:
            break
        frame.state, frame.live = state.fork(), True
        wanted = evaluate(frame, handler.type)
        certain = exceptions.caught(frame, left, wanted) is True
        taken, left = _split(frame, left, partial(exceptions.caught_one, frame, wanted=wanted), handler.ref, 0)
        state = frame.state
        if not taken.atoms:
            continue
        without = frame.state.fork()
        after: list[State] = []
        exceptions.run_handler(frame, handler, _as_group(frame, taken, handler.ref), None, after)
        for each in after:
            state = each if certain or _is_whole(frame, taken) else join_states(without, each)
        if not after:
            return
    if left.atoms:
        frame.raises.append((left, state))
    else:
        ends.append(state)


def _is_whole(frame: Frame, taken: Value) -> bool:
    """Whether something was certainly taken: a group of which the elements are known."""
    return len(taken.atoms) == 1 and all(
        (held := _held(frame, oid)) is not None and bool(held.known) for oid in taken.refs()
    )


def _held(frame: Frame, oid: int) -> elements.Run | None:
    """The exceptions in a group; None for an exception that is no group."""
    inside = frame.get(oid).attrs.get("exceptions")
    return None if inside is None else elements.iterate(frame, inside, 0)


def method(frame: Frame, name: str, group: Value, args: Arguments, at: int) -> Value:
    """``split``, ``subgroup`` and ``derive`` of a group."""
    given = args.positional[0] if args.positional else UNKNOWN
    if name == "derive":
        result = NOTHING
        for oid in group.refs():
            message = frame.get(oid).attrs.get("message", UNKNOWN)
            result = join(result, natives.new_exception(frame, native("ExceptionGroup"), [message, given], at))
        return result if result.atoms else UNKNOWN
    if not all(_held(frame, oid) is not None for oid in group.refs()) or not group.refs():
        return UNKNOWN.tagged(elements.deep(frame, [group]))
    sides = [_or_none(frame, side) for side in _split(frame, group, partial(_satisfies, frame, given, at), at, 0)]
    if name == "subgroup":
        return sides[0]
    pair = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(sides)))
    return Value((ref(frame.allocate(at, pair, "split")),))


def _satisfies(frame: Frame, condition: Value, at: int, atom: Atom) -> bool | None:
    """Whether an exception is of a kind, or one for which a function says True."""
    functions = all(type(each) is Bound or _kind(frame, each) == "function" for each in condition.atoms)
    if not functions or not condition.atoms:
        return exceptions.caught_one(frame, atom, condition)
    answer = calls.call(frame, condition, Arguments([Value((atom,))]), at)
    return conditions.truth(frame, answer)


def _kind(frame: Frame, atom: Atom) -> str:
    return frame.get(atom.oid).kind if type(atom) is Ref else ""


def _or_none(frame: Frame, side: Value) -> Value:
    return side if _is_whole(frame, side) else join(side, NONE)


def _split(frame: Frame, error: Value, verdict_of: _Verdict, at: int, depth: int) -> tuple[Value, Value]:
    """What of an exception is wanted, and what is not; what may be stands in both."""
    taken = left = NOTHING
    for position, atom in enumerate(error.atoms):
        one = Value((atom,), error.tags)
        held = _held(frame, atom.oid) if type(atom) is Ref and depth < MAX_NESTED else None
        if held is None:
            verdict = verdict_of(atom)
            taken = taken if verdict is False else join(taken, one)
            left = left if verdict is True else join(left, one)
            continue
        assert type(atom) is Ref
        inner = [_split(frame, each, verdict_of, at, depth + 1) for each in held.known]
        rest = NOTHING if held.rest is None else held.rest
        for side in (0, 1):
            parts = [pair[side] for pair in inner if pair[side].atoms]
            if not parts and not rest.atoms:
                continue
            made = _group_of(frame, atom.oid, parts, rest, at, slot=(side, depth, position))
            if side == 0:
                taken = join(taken, made)
            else:
                left = join(left, made)
    return taken, left


def _group_of(frame: Frame, oid: int, parts: list[Value], rest: Value, at: int, *, slot: object) -> Value:
    """A group like another one, with some of its exceptions."""
    held = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(parts)))
    held.rest = rest if rest.atoms else None
    inside = Value((ref(frame.allocate(at, held, ("exceptions", slot))),))
    new = frame.get(oid).copy()
    new.many = False
    new.attrs["exceptions"] = inside
    if "args" in new.attrs:
        message = new.attrs.get("message", literal(""))
        args = Obj("tuple", cls=types.native_value("tuple"), items={0: message, 1: inside})
        new.attrs["args"] = Value((ref(frame.allocate(at, args, ("args", slot))),))
    return Value((ref(frame.allocate(at, new, ("group", slot))),))


def _as_group(frame: Frame, taken: Value, at: int) -> Value:
    """``except*`` binds a group, also to an exception that was raised alone."""
    result = NOTHING
    for atom in taken.atoms:
        obj = frame.get(atom.oid) if type(atom) is Ref else None
        if obj is not None and obj.kind == "instance" and "exceptions" not in obj.attrs:
            held = Obj("tuple", cls=types.native_value("tuple"), items={0: Value((atom,), taken.tags)})
            inside = Value((ref(frame.allocate(at, held, ("alone", atom))),))
            result = join(result, natives.new_exception(frame, native("ExceptionGroup"), [literal(""), inside], at))
        else:
            result = join(result, Value((atom,), taken.tags))
    return result
