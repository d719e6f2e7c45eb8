"""Generators step by step: a run goes up to a ``yield`` and is taken up again there.

A generator that was taken up to a ``yield`` keeps its variables (``<local>name``) and, in `Obj.data`, the
yields at which it may stand. Going on runs the function's body once more, but enters it at these
yields: statements before them are passed over (`resume_block`), loops go on with the iterator that they
had, ``with`` blocks with their manager. Nested functions keep the variables as they were when they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from purposelint.dataflow import elements, events, natives
from purposelint.dataflow.frame import Frame, Leaving, Outcome, Unreachable
from purposelint.dataflow.heap import Obj, State, join_states, same_states
from purposelint.dataflow.values import NONE, NOTHING, UNKNOWN, Gates, Ref, Value, join, join_all, native, ref
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

MAX_STEPS = 12
"""Elements that are taken one by one from a generator that stands in a loop; more are as those were."""
NOWHERE: frozenset[int] = frozenset()

_LOCAL = "<local>"


# --- where functions yield -----------------------------------------------------------


def yields_in(frame: Frame, node: object) -> frozenset[int]:
    """The yields of a statement or expression, those of nested functions left out."""
    known = frame.machine.yield_points
    key = (frame.path, getattr(node, "ref", -1), type(node).__name__)
    if key not in known:
        known[key] = frozenset(each.ref for each in nodes(node) if isinstance(each, s.Yield))
    return known[key]


def yields_of(frame: Frame, nodes: Iterable[object]) -> frozenset[int]:
    """The yields of several."""
    return frozenset().union(*(yields_in(frame, node) for node in nodes))


def is_straight(frame: Frame, oid: int) -> bool:
    """Whether every yield of a generator runs at most once: then it is followed step by step at little cost."""
    from purposelint.dataflow import functions  # noqa: PLC0415

    target = frame.get(oid).attrs.get("<function>")
    if target is None or len(target.refs()) != 1:
        return False
    (func,) = target.refs()
    path = str(frame.get(func).data[0])
    function = functions.function_facts(frame, func)
    key = (path, function.ref, "straight")
    known = frame.machine.yield_points
    if key not in known:
        loops = [each for each in nodes(function.body) if isinstance(each, s.For | s.While)]
        nested = [each for each in nodes(tuple(loops)) if isinstance(each, s.Yield)]
        delegated = [each for each in nodes(function.body) if isinstance(each, s.Yield) and each.delegate]
        known[key] = frozenset() if nested or delegated else frozenset((1,))
    return bool(known[key])


# --- from outside: one step --------------------------------------------------------------


def can_step(frame: Frame, oid: int) -> bool:
    """Whether an object is a generator that can be taken to its next yield."""
    obj = frame.get(oid)
    if obj.kind != "generator" or obj.many or obj.data[:1] not in (("pending",), ("stepped",)):
        return False
    return len(obj.attrs.get("<function>", NOTHING).refs()) == 1


def advance(frame: Frame, oid: int, at: int, sent: Value = NONE, thrown: Value | None = None) -> tuple[Value, Value]:
    """Run a generator up to its next yield: what it yields and what it returns (`NOTHING` where it does not).

    Raises `Unreachable` where it raises; ``thrown`` is raised at the yield where it stands.
    """
    obj = frame.get(oid)
    target = obj.attrs["<function>"]
    resumed = obj.data[0] == "stepped"
    prefix = _LOCAL if resumed else "<argument>"
    given = {
        name[len(prefix) :]: elements.settled_missing(value, None)
        for name, value in obj.attrs.items()
        if name.startswith(prefix)
    }
    given.update((f"<at {point}>", NONE) for point in obj.data[1:])
    given["<step>"] = NONE
    mine = frame.edit(oid)
    mine.data = ("done",)
    mine.attrs = {"<function>": target}
    if thrown is not None:
        if not resumed:
            frame.raises.append((thrown, frame.state))
            frame.live = False
            raise Unreachable
        given["<thrown>"] = thrown
    (func,) = target.refs()
    result, yielded, _ = frame.machine.invocations.invoke(frame, func, given, at, {}, sent if resumed else None)
    value, held = (yielded[0], yielded[1]) if len(yielded) > 1 else (join_all(yielded), NOTHING)
    mine = frame.edit(oid)
    mine.attrs["<return>"] = result
    points: set[int] = set()
    for local in held.refs():
        kept = frame.get(local)
        points.update(key for key in kept.items if isinstance(key, int))
        mine.attrs.update((_LOCAL + name, each) for name, each in kept.attrs.items())
    if points:
        mine.data = ("stepped", *sorted(points))
    return events.read_element(frame, Value((ref(oid),)), value, at), result


def drain(frame: Frame, oid: int, at: int) -> elements.Run:
    """All that a generator yields from where it stands."""
    known: list[Value] = []
    certain = True
    for _ in range(MAX_STEPS):
        before = frame.get(oid)
        value, returned = advance(frame, oid, at)
        if not value.atoms:
            return elements.Run(known) if certain else elements.Run([], join_all(known))
        known.append(value)
        certain = certain and not returned.atoms
        if not can_step(frame, oid) or frame.get(oid).same(before):
            break
    return elements.Run([], join_all(known))


def close(frame: Frame, oid: int, at: int) -> None:
    """``generator.close()``: what stands in ``finally`` runs."""
    if not can_step(frame, oid) or frame.get(oid).data[0] == "pending":
        frame.edit(oid).data = ("done",)
        return
    error = natives.new_exception(frame, native("GeneratorExit"), [], at)
    outer, frame.raises = frame.raises, []
    ends: list[State] = []
    try:
        advance(frame, oid, at, thrown=error)
        ends.append(frame.state)
    except Unreachable:
        frame.live = True
    raised, frame.raises = frame.raises, outer
    for each, state in raised:
        if each.atoms == error.atoms:
            ends.append(state)
        else:
            frame.raises.append((each, state))
    if not ends:
        frame.live = False
        raise Unreachable
    frame.state = ends[0]
    for state in ends[1:]:
        frame.state = join_states(frame.state, state)


def pull(frame: Frame, iterator: Value, at: int) -> tuple[Value, bool]:
    """The next element of a generator or iterator (`NOTHING`: none is left), and whether it may have ended instead."""
    (oid,) = iterator.refs()
    if can_step(frame, oid):
        value, returned = advance(frame, oid, at)
        return value, bool(returned.atoms) or not value.atoms
    obj = frame.get(oid)
    if obj.items and not obj.many:
        mine = frame.edit(oid)
        values = list(mine.items.values())
        mine.items = dict(enumerate(values[1:]))
        return events.read_element(frame, iterator, elements.settled_missing(values[0], None), at), False
    run = [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]
    return events.read_element(frame, iterator, elements.settled_missing(join_all(run), None), at), True


# --- from inside ---------------------------------------------------------------------------


def begin(frame: Frame, given: dict[str, Value]) -> None:
    """Take what says how to run a body out of its variables."""
    frame.stepping = given.pop("<step>", None) is not None
    frame.thrown = given.pop("<thrown>", None)
    points = [name for name in given if name.startswith("<at ")]
    for name in points:
        del given[name]
    frame.resuming = frozenset(int(name[4:-1]) for name in points)


def outcome(frame: Frame, entered: Gates) -> Outcome:
    """The ways out of one step: what is returned, what is yielded, the variables where it is."""
    held = Value((ref(_held(frame)),))
    ways = [((value, NOTHING, NOTHING), state) for value, state in frame.returns]
    ways.extend(((NOTHING, value, held), state) for value, state in frame.suspended)
    returned = None
    for values, state in ways:
        if returned is None:
            returned = Leaving(values, state, ())
        else:
            returned.values = tuple(join(left, right) for left, right in zip(returned.values, values, strict=True))
            returned.state = join_states(returned.state, state)
    raised = None
    for error, state in frame.raises:
        if raised is None:
            raised = Leaving((error,), state, ())
        else:
            raised = Leaving((join(raised.values[0], error),), join_states(raised.state, state), ())
    for leaving in (returned, raised):
        if leaving is not None:
            leaving.state.gates -= entered
    return Outcome(returned, raised, True, frozenset(frame.implicit))


def _held(frame: Frame) -> int:
    return frame.machine.oid((frame.instance.number, "locals"))


def suspend(frame: Frame, point: int, value: Value) -> None:
    """Stand at a yield; raises `Unreachable`."""
    variables = dict(frame.get(frame.scope).attrs)
    frame.state.put(_held(frame), Obj("locals", attrs=variables, items={point: NONE}))
    frame.suspended.append((value, frame.state))
    frame.live = False
    raise Unreachable


def resumed(frame: Frame, node: s.Yield) -> Value | None:
    """What the yield gives at which a generator goes on; None: it is not that one, and is evaluated."""
    if node.ref not in frame.resuming:
        if node.value is not None and yields_in(frame, node.value) & frame.resuming:
            return None
        return UNKNOWN
    frame.resuming = NOWHERE
    thrown, frame.thrown = frame.thrown, None
    if node.delegate:
        return _delegated(frame, node, thrown)
    if thrown is not None:
        frame.raises.append((thrown, frame.state))
        frame.live = False
        raise Unreachable
    return frame.sent


def delegate(frame: Frame, node: s.Yield, value: Value) -> Value:
    """``yield from value``, begun."""
    frame.sent = NONE
    frame.edit(frame.scope).attrs[f"<from {node.ref}>"] = lazily(frame, value, node.ref)
    return _delegated(frame, node, None)


def lazily(frame: Frame, value: Value, at: int, *, asynchronous: bool = False) -> Value:
    """An iterator over a value; a generator is not run yet."""
    if len(value.atoms) == 1 and type(value.atoms[0]) is Ref:
        oid = value.atoms[0].oid
        if can_step(frame, oid) or (frame.get(oid).kind == "iterator" and not frame.get(oid).open):
            return value
    return natives.iterator_of(frame, elements.iterate(frame, value, at, asynchronous=asynchronous), at, "lazily")


def _delegated(frame: Frame, node: s.Yield, thrown: Value | None) -> Value:
    inner = elements.settled_missing(frame.get(frame.scope).attrs.get(f"<from {node.ref}>", NOTHING), None)
    if not inner.refs():
        return UNKNOWN
    value, returned = _step_inner(frame, inner, node.ref, thrown)
    if not value.atoms:
        return returned if returned.atoms else NONE
    if not returned.atoms:
        suspend(frame, node.ref, value)
    ended_state = frame.state.fork()
    try:
        suspend(frame, node.ref, value)
    except Unreachable:
        frame.state, frame.live = ended_state, True
    return returned


def _step_inner(frame: Frame, inner: Value, at: int, thrown: Value | None) -> tuple[Value, Value]:
    """One step of what is delegated to; where it may be several, each goes on in a state of its own."""
    before, ends = frame.state, list[State]()
    value = returned = NOTHING
    for oid in inner.refs():
        frame.state = before.fork()
        try:
            if can_step(frame, oid):
                one, end = advance(frame, oid, at, frame.sent, thrown)
            else:
                one, ended = pull(frame, Value((ref(oid),)), at)
                end = NONE if ended else NOTHING
        except Unreachable:
            frame.live = True
            continue
        ends.append(frame.state)
        value, returned = join(value, one), join(returned, end)
    if not ends:
        frame.live = False
        raise Unreachable
    frame.state = ends[0]
    for state in ends[1:]:
        frame.state = join_states(frame.state, state)
    return value, returned


# --- statements ----------------------------------------------------------------------------


def resume_block(frame: Frame, body: Sequence[s.Statement]) -> None:
    """Enter a block at the yields where the generator stands."""
    from purposelint.dataflow.statements import execute, merge  # noqa: PLC0415

    points, entry = frame.resuming, frame.state
    frame.live = False
    for statement in body:
        inside = points & yields_in(frame, statement)
        ends: list[State] = []
        if frame.live:
            frame.resuming = NOWHERE
            execute(frame, statement)
            if frame.live:
                ends.append(frame.state)
        if inside:
            frame.state, frame.live, frame.resuming = entry.fork(), True, inside
            execute(frame, statement)
            if frame.live:
                ends.append(frame.state)
        frame.resuming = NOWHERE
        merge(frame, ends)
    frame.resuming = NOWHERE


def resume_one_of(frame: Frame, bodies: Iterable[Sequence[s.Statement]]) -> None:
    """Enter those of several blocks in which the generator stands."""
    from purposelint.dataflow.statements import merge  # noqa: PLC0415

    points, entry = frame.resuming, frame.state
    ends: list[State] = []
    for body in bodies:
        inside = points & yields_of(frame, body)
        if inside:
            frame.state, frame.live, frame.resuming = entry.fork(), True, inside
            resume_block(frame, body)
            if frame.live:
                ends.append(frame.state)
    frame.resuming = NOWHERE
    merge(frame, ends)


def stands_in(frame: Frame, body: Iterable[object]) -> bool:
    """Whether a generator goes on within a block."""
    return bool(frame.resuming) and bool(frame.resuming & yields_of(frame, body))


def for_each(frame: Frame, node: s.For, iterator: Value | None) -> list[State]:
    """A ``for`` loop that takes its elements one by one; None: it goes on with the iterator that it had.

    Returns the states in which the elements came to their end.
    """
    from purposelint.dataflow.assignment import assign  # noqa: PLC0415
    from purposelint.dataflow.statements import execute_block, merge  # noqa: PLC0415

    name = f"<for {node.ref}>"
    frame.continues = []
    if iterator is None:
        iterator = elements.settled_missing(frame.get(frame.scope).attrs.get(name, NOTHING), None)
        execute_block(frame, node.body)
        merge(frame, [*frame.continues, *([frame.state] if frame.live else [])])
        if not frame.live or len(iterator.refs()) != 1:
            return [frame.state] if frame.live else []
    elif frame.stepping:
        frame.edit(frame.scope).attrs[name] = iterator
    exits: list[State] = []
    step = frame.step
    for index in range(MAX_STEPS * 2):
        frame.step = step * 16 + min(index, MAX_STEPS) if step < 1 << 40 else step
        value, ended = pull(frame, iterator, node.ref)
        if ended:
            exits.append(frame.state.fork())
        if not value.atoms:
            break
        entered = frame.state.fork()
        frame.continues = []
        assign(frame, node.target, value)
        execute_block(frame, node.body)
        merge(frame, [*frame.continues, *([frame.state] if frame.live else [])])
        if not frame.live:
            break
        if ended:
            after = join_states(entered, frame.state, widening=True)
            if same_states(entered, after):
                break
            frame.state = after
    frame.step = step
    return exits
