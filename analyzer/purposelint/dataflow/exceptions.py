"""Exceptions: raising, handlers, ``finally`` and what runs when a ``with`` block ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from purposelint.dataflow import (
    calls,
    classes,
    conditions,
    elements,
    failing,
    generators,
    groups,
    names,
    natives,
    objects,
)
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Exit, Frame, Unreachable
from purposelint.dataflow.heap import Obj, State, join_states
from purposelint.dataflow.newest import builtins
from purposelint.dataflow.statements import execute_block, merge
from purposelint.dataflow.values import NOTHING, UNKNOWN, Atom, External, Native, Ref, Value, join, native, of_kind, ref
from purposelint.facts import syntax as s


def raise_statement(frame: Frame, node: s.Raise) -> None:
    """``raise exc from cause``."""
    if node.exc is None:
        current = frame.get(frame.scope).attrs.get("<exception>", UNKNOWN)
        frame.raises.append((current, frame.state))
        frame.live = False
        return
    value = evaluate(frame, node.exc)
    error = NOTHING
    for atom in value.atoms:
        if _is_exception_class(frame, atom):
            error = join(error, calls.call(frame, Value((atom,)), Arguments(), node.ref))
        else:
            error = join(error, Value((atom,), value.tags))
    if node.cause is not None:
        cause = evaluate(frame, node.cause)
        for oid in error.refs():
            objects.set_field(frame, oid, "__cause__", cause, strong=True)
    else:
        handled = frame.get(frame.scope).attrs.get("<exception>")
        if handled is not None:
            for oid in error.refs():
                if oid not in handled.refs():
                    objects.set_field(frame, oid, "__context__", Value(handled.atoms), strong=True)
    frame.raises.append((error, frame.state))
    frame.live = False


def _is_exception_class(frame: Frame, atom: Atom) -> bool:
    if type(atom) is Native or type(atom) is External:
        return True
    return type(atom) is Ref and frame.get(atom.oid).kind == "class"


def raise_builtin(frame: Frame, name: str, given: list[Value], at: int) -> None:
    """Raise a builtin exception: nothing behind it runs."""
    error = natives.new_exception(frame, native(name), given, at)
    frame.raises.append((error, frame.state))
    frame.live = False
    raise Unreachable


def implicit(frame: Frame, before: State) -> None:
    """The statement at hand may have raised by itself: what held before it may reach a handler."""
    frame.raises.append((_raised(frame, frame.implicit), before))


def _raised(frame: Frame, kinds: Iterable[str]) -> Value:
    """The exception that stands for those of some kinds."""
    ordered = tuple(sorted(kinds))
    oid = frame.machine.oid(("implicit", ordered))
    if oid not in frame.machine.base:
        frame.machine.base[oid] = Obj("opaque", open=True, data=("implicit", *ordered))
    return Value((ref(oid),))


def may_raise(frame: Frame, name: str, given: list[Value], at: int) -> None:
    """An operation may raise an exception that shows its operands."""
    tags = elements.deep(frame, given)
    if not frame.trying or not tags:
        frame.implicit.add(name)
        return
    may_raise_plain(frame, name, at, of_kind("str", tags))


def may_raise_plain(frame: Frame, name: str, at: int, *given: Value) -> None:
    """A builtin exception may leave here; the run goes on too."""
    going_on = frame.state
    frame.state = going_on.fork()
    error = natives.new_exception(frame, native(name), list(given), at)
    frame.raises.append((error, frame.state))
    frame.state = going_on


# --- handlers --------------------------------------------------------------------------


def caught(frame: Frame, error: Value, wanted: Value | None) -> bool | None:
    """Whether a handler for ``wanted`` (None: any) catches an exception; None when it may."""
    if wanted is None:
        return True
    verdicts = {caught_one(frame, atom, wanted) for atom in error.atoms}
    return verdicts.pop() if len(verdicts) == 1 else None


def caught_one(frame: Frame, atom: Atom, wanted: Value) -> bool | None:
    """The same for one of the things that an exception may be."""
    kinds: tuple[object, ...] = ()
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        if obj.data[:1] == ("implicit",):
            kinds = obj.data[1:]
            return _implicit_caught(frame, kinds, wanted)
        if obj.kind == "instance":
            return natives.is_instance(frame, Value((atom,)), wanted)
    for cls in _alternatives(frame, wanted):
        if type(cls) is Native and cls.name in ("Exception", "BaseException"):
            return True
    return None


def _is_implicit(frame: Frame, error: Value) -> bool:
    """Whether an exception is what calls that are not known may raise: a ``raise`` that a handler has goes before."""
    base = frame.machine.base
    return any(base[oid].data[:1] == ("implicit",) for oid in error.refs() if oid in base)


def _has_one(frame: Frame, told: list[Exit], wanted: Value | None) -> bool:
    """Whether a handler catches one of the exceptions that are raised in so many words."""
    here = frame.state
    for error, state in told:
        frame.state = state
        if wanted is None or (all(state.has(oid) for oid in wanted.refs()) and caught(frame, error, wanted)):
            break
    else:
        frame.state = here
        return False
    frame.state = here
    return True


def _alternatives(frame: Frame, wanted: Value) -> list[Atom]:
    result: list[Atom] = []
    for atom in wanted.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind in ("tuple", "list"):
            for held in frame.get(atom.oid).items.values():
                result.extend(_alternatives(frame, held))
        else:
            result.append(atom)
    return result


_BUT = "but "
"""Before the name of a builtin exception among the kinds of those that may be raised: it was caught already."""

ENDS = ("StopIteration", "StopAsyncIteration", "GeneratorExit")
"""What ends iteration is not among what calls that are not known may raise."""


def _implicit_caught(frame: Frame, kinds: tuple[object, ...], wanted: Value) -> bool | None:
    """Whether a handler may catch what an operation raises by itself."""
    for cls in _alternatives(frame, wanted):
        if type(cls) is not Native:
            # A library does not raise what the project defines.
            if "*" in kinds or (failing.FOREIGN in kinds and not _is_own(frame, cls)):
                return None
            continue
        if (cls.name in ENDS and cls.name not in kinds) or _is_caught_already(cls.name, kinds):
            continue
        handler = getattr(builtins, cls.name, None)
        if cls.name in ("Exception", "BaseException"):
            return True
        if not isinstance(handler, type) or "*" in kinds or failing.FOREIGN in kinds:
            return None
        for kind in kinds:
            raised = getattr(builtins, str(kind), None)
            if isinstance(raised, type) and (issubclass(raised, handler) or issubclass(handler, raised)):
                return None
    return False


def _but(frame: Frame, error: Value, wanted: Value) -> Value:
    """What is left of exceptions that were not raised in so many words behind a handler that may have caught them."""
    (oid, *others) = error.refs() or (0,)
    if others or not _is_implicit(frame, error):
        return error
    caught = {f"{_BUT}{cls.name}" for cls in _alternatives(frame, wanted) if type(cls) is Native}
    return _raised(frame, {*map(str, frame.get(oid).data[1:]), *caught})


def _is_caught_already(name: str, kinds: tuple[object, ...]) -> bool:
    """Whether a builtin exception, or one that it is of, was caught by an inner handler or one before."""
    cls = getattr(builtins, name, None)
    return isinstance(cls, type) and any(f"{_BUT}{each.__name__}" in kinds for each in cls.__mro__)


def _is_own(frame: Frame, cls: Atom) -> bool:
    """Whether the project defines a class."""
    obj = frame.get(cls.oid) if type(cls) is Ref else None
    return obj is not None and obj.kind == "class" and not str(obj.data[0]).startswith("<")


def try_statement(frame: Frame, node: s.Try) -> None:
    """``try`` with its handlers, ``else`` and ``finally``."""
    if generators.stands_in(frame, node.final):
        execute_block(frame, node.final)
    elif node.final:
        _with_final(frame, lambda: _handled(frame, node), lambda: execute_block(frame, node.final))
    else:
        _handled(frame, node)


def _handled(frame: Frame, node: s.Try) -> None:
    if not node.handlers:
        execute_block(frame, node.body)
        return
    if frame.resuming and not generators.stands_in(frame, node.body):
        _resume_behind(frame, node)
        return
    raised = _protected(frame, lambda: execute_block(frame, node.body))
    ends: list[State] = []
    if frame.live:
        execute_block(frame, node.orelse)
        if frame.live:
            ends.append(frame.state)
    told = [each for each in raised if not _is_implicit(frame, each[0])]
    for error, state in raised:
        if node.star:
            groups.handle(frame, node.handlers, error, state, ends)
            continue
        waiting: Exit | None = (error, state)
        for handler in node.handlers:
            if waiting is None:
                break
            frame.state, frame.live = waiting[1].fork(), True
            wanted = None if handler.type is None else evaluate(frame, handler.type)
            verdict = caught(frame, waiting[0], wanted)
            if verdict is None and _is_implicit(frame, error) and _has_one(frame, told, wanted):
                verdict = False
            if verdict is False:
                continue
            run_handler(frame, handler, waiting[0], wanted, ends)
            if verdict is True:
                waiting = None
            elif wanted is not None:
                waiting = (_but(frame, waiting[0], wanted), waiting[1])
        if waiting is not None and waiting[0].atoms:
            frame.raises.append(waiting)
    merge(frame, ends)


def _resume_behind(frame: Frame, node: s.Try) -> None:
    """Go on in a handler or in ``else``."""
    generators.resume_one_of(frame, [*(handler.body for handler in node.handlers), node.orelse])
    if frame.live:
        frame.edit(frame.scope).attrs.pop("<exception>", None)


def _protected(frame: Frame, body: Callable[[], None]) -> list[Exit]:
    """Run a body; the exceptions that leave it."""
    outer, frame.raises = frame.raises, []
    outer_implicit, frame.implicit = frame.implicit, set()
    entered = frame.state.fork()
    frame.trying += 1
    try:
        body()
    finally:
        frame.trying -= 1
        if frame.implicit:
            implicit(frame, entered)
        raised, frame.raises = frame.raises, outer
        frame.implicit = outer_implicit
    return _merged(frame, raised)


def _merged(frame: Frame, raised: list[Exit]) -> list[Exit]:
    """Exceptions that are the same one (an implicit one of each statement) as one."""
    result: dict[tuple[Atom, ...], Exit] = {}
    for error, state in raised:
        known = result.get(error.atoms)
        if known is None:
            result[error.atoms] = (error, state)
        else:
            result[error.atoms] = (join(known[0], error), join_states(known[1], state))
    return list(result.values())


def run_handler(frame: Frame, handler: s.Handler, error: Value, wanted: Value | None, ends: list[State]) -> None:
    """Run a handler's body; where it comes to its end is added to ``ends``."""
    bound_error = _narrowed(frame, error, wanted)
    scope = frame.edit(frame.scope)
    outer = scope.attrs.get("<exception>")
    scope.attrs["<exception>"] = bound_error
    if handler.name is not None:
        names.store(frame, handler.name, bound_error)
    execute_block(frame, handler.body)
    if frame.live:
        if handler.name is not None:
            names.delete(frame, handler.name)
        scope = frame.edit(frame.scope)
        if outer is None:
            scope.attrs.pop("<exception>", None)
        else:
            scope.attrs["<exception>"] = outer
        ends.append(frame.state)


def _narrowed(frame: Frame, error: Value, wanted: Value | None) -> Value:
    if wanted is None:
        return error
    kept = tuple(atom for atom in error.atoms if caught_one(frame, atom, wanted) is not False)
    return Value(kept or error.atoms, error.tags)


# --- finally -----------------------------------------------------------------------------


def _with_final(frame: Frame, body: Callable[[], None], final: Callable[[], None]) -> None:
    """Run a body, then ``final`` on every way out of it."""
    outer = (frame.returns, frame.raises, frame.breaks, frame.continues)
    frame.returns, frame.raises, frame.breaks, frame.continues = [], [], [], []
    outer_implicit, frame.implicit = frame.implicit, set()
    entered = frame.state.fork()
    frame.trying += 1
    try:
        body()
    finally:
        frame.trying -= 1
    if frame.implicit:
        implicit(frame, entered)
    frame.implicit = outer_implicit
    inner = (frame.returns, _merged(frame, frame.raises), frame.breaks, frame.continues)
    frame.returns, frame.raises, frame.breaks, frame.continues = outer
    ends = [frame.state] if frame.live else []
    after: list[State] = []
    for state in ends:
        frame.state, frame.live = state, True
        final()
        if frame.live:
            after.append(frame.state)
    for value, state in inner[0]:
        frame.state, frame.live = state, True
        final()
        if frame.live:
            frame.returns.append((value, frame.state))
    for error, state in inner[1]:
        frame.state, frame.live = state, True
        final()
        if frame.live:
            frame.raises.append((error, frame.state))
    for states, collected in ((inner[2], frame.breaks), (inner[3], frame.continues)):
        for state in states:
            frame.state, frame.live = state, True
            final()
            if frame.live:
                collected.append(frame.state)
    merge(frame, after)


def guarded(frame: Frame, body: Callable[[], None], manager: Value, at: int, *, asynchronous: bool) -> None:
    """Run the body of a ``with``; its manager's ``__exit__`` runs on every way out and may swallow exceptions."""
    if not _has_exit(frame, manager, asynchronous=asynchronous):
        body()
        return
    swallowed: list[State] = []

    def leave(error: Value | None) -> bool | None:
        try:
            return conditions.truth(frame, objects.exit_context(frame, manager, error, at, asynchronous=asynchronous))
        except Unreachable:
            frame.live = False
            return False

    outer = (frame.returns, frame.raises, frame.breaks, frame.continues)
    frame.returns, frame.raises, frame.breaks, frame.continues = [], [], [], []
    outer_implicit, frame.implicit = frame.implicit, set()
    entered = frame.state.fork()
    frame.trying += 1
    try:
        body()
    finally:
        frame.trying -= 1
    if frame.implicit:
        implicit(frame, entered)
    frame.implicit = outer_implicit
    returns, raises, breaks, continues = frame.returns, _merged(frame, frame.raises), frame.breaks, frame.continues
    frame.returns, frame.raises, frame.breaks, frame.continues = outer
    told = any(not _is_implicit(frame, error) for error, _ in raises)
    after: list[State] = []
    if frame.live:
        leave(None)
        if frame.live:
            after.append(frame.state)
    for value, state in returns:
        frame.state, frame.live = state, True
        leave(None)
        if frame.live:
            frame.returns.append((value, frame.state))
    for error, state in raises:
        frame.state, frame.live = state, True
        verdict = leave(error)
        if not frame.live:
            continue
        if verdict is not False and not (told and _is_implicit(frame, error)):
            swallowed.append(frame.state.fork())
        if verdict is not True:
            frame.raises.append((error, frame.state))
    for states, collected in ((breaks, frame.breaks), (continues, frame.continues)):
        for state in states:
            frame.state, frame.live = state, True
            leave(None)
            if frame.live:
                collected.append(frame.state)
    merge(frame, [*after, *swallowed])


def _has_exit(frame: Frame, manager: Value, *, asynchronous: bool) -> bool:
    method = "__aexit__" if asynchronous else "__exit__"
    return classes.lookup_value(frame, manager, method) is not None
