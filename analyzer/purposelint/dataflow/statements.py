"""Statements: control flow over states."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from purposelint.dataflow.branches import pairs_apart
from purposelint.dataflow.frame import Frame, Unreachable
from purposelint.dataflow.heap import State, join_states, same_states
from purposelint.dataflow.values import MISSING_ATOM, NONE, NOTHING, Ref, Value, join, join_all
from purposelint.facts import syntax as s

if TYPE_CHECKING:
    pass

MAX_UNROLLED = 12
"""Elements of a known sequence for which a loop's body is run one by one."""
MAX_ROUNDS = 8


def execute_block(frame: Frame, body: Sequence[s.Statement]) -> None:
    """Run statements one after another, as long as a way leads on."""
    if frame.resuming:
        generators.resume_block(frame, body)
        return
    index = 0
    while index < len(body):
        if not frame.live:
            return
        last = correlation.until(frame, body, index) if type(body[index]) is s.If else index
        if last > index:
            frame.machine.steps += 1
            _apart(frame, body[index : last + 1])
        else:
            execute(frame, body[index])
        index = last + 1


def _apart(frame: Frame, body: Sequence[s.Statement]) -> None:
    """Run an ``if`` and what follows it, for each of its branches apart."""
    node = body[0]
    assert isinstance(node, s.If)
    try:
        value = evaluate(frame, node.test)
        holds, fails = conditions.split(frame, node.test, value)
    except Unreachable:
        frame.live = False
        return
    key = correlation.key_of(node.test) if correlation.stays(frame, node.test, value) else None
    outer, ends = frame.assumed, list[State]()
    frame.apart += 1
    for state, branch, sense in ((holds, node.body, True), (fails, node.orelse, False)):
        if state is None:
            continue
        if key is not None and holds is not None and fails is not None:
            frame.assumed = {**outer, key[0]: sense is key[1]}
        frame.state = state
        frame.live = True
        execute_block(frame, branch)
        execute_block(frame, body[1:])
        frame.assumed = outer
        if frame.live:
            ends.append(frame.state)
    frame.apart -= 1
    merge(frame, ends)


def execute(frame: Frame, statement: s.Statement) -> None:
    """Run one statement."""
    frame.machine.steps += 1
    handler = _HANDLERS[type(statement)]
    if not frame.trying:
        try:
            handler(frame, statement)
        except Unreachable:
            frame.live = False
        return
    if type(statement) in _COMPOUND:
        try:
            handler(frame, statement)
        except Unreachable:
            frame.live = False
        return
    outer, frame.implicit = frame.implicit, set()
    before = frame.state
    frame.state = before.fork()
    try:
        handler(frame, statement)
    except Unreachable:
        frame.live = False
    if frame.implicit:
        exceptions.implicit(frame, before)
    frame.implicit = outer


def dead(frame: Frame) -> None:
    """No way leads on from here."""
    frame.live = False


def merge(frame: Frame, states: Sequence[State], *, widening: bool = False) -> None:
    """Go on behind several ways; there may be none."""
    if not states:
        frame.live = False
        return
    state = states[0]
    for other in states[1:]:
        state = join_states(state, other, widening=widening)
    frame.state = state
    frame.live = True


# --- simple statements -----------------------------------------------------------


def _expression(frame: Frame, node: s.ExprStatement) -> None:
    evaluate(frame, node.value)


def _assign(frame: Frame, node: s.Assign) -> None:
    value = evaluate(frame, node.value)
    if node.tag is not None:
        value = events.tagged_definition(frame, node.targets, value, node.tag, node.ref)
    for target in node.targets:
        assign(frame, target, value)


def _ann_assign(frame: Frame, node: s.AnnAssign) -> None:
    if node.value is None:
        if node.tag is not None:
            value = events.tagged_definition(frame, (node.target,), NOTHING, node.tag, node.ref)
            if value.atoms or value.tags:
                assign(frame, node.target, value)
        return
    value = evaluate(frame, node.value)
    value = hints.annotated(frame, value, node)
    if node.tag is not None:
        value = events.tagged_definition(frame, (node.target,), value, node.tag, node.ref)
    assign(frame, node.target, value)


def _aug_assign(frame: Frame, node: s.AugAssign) -> None:
    target = node.target
    if isinstance(target, s.Name):
        left = evaluate(frame, target)
        right = evaluate(frame, node.value)
        assign(frame, target, operators.augmented(frame, node.op, left, right, node.ref))
    elif isinstance(target, s.Attribute):
        owner = evaluate(frame, target.value)
        left = objects.load_attribute(frame, owner, target.attr, target)
        right = evaluate(frame, node.value)
        value = operators.augmented(frame, node.op, left, right, node.ref)
        objects.store_attribute(frame, owner, target.attr, value, target)
    elif isinstance(target, s.Subscript):
        owner = evaluate(frame, target.value)
        key = evaluate(frame, target.key)
        left = elements.load_item(frame, owner, key, target.ref, target)
        right = evaluate(frame, node.value)
        value = operators.augmented(frame, node.op, left, right, node.ref)
        elements.store_item(frame, owner, key, value, target.ref, target)


def _delete(frame: Frame, node: s.Delete) -> None:
    for target in node.targets:
        if isinstance(target, s.Name):
            names.delete(frame, target.name)
        elif isinstance(target, s.Attribute):
            objects.delete_attribute(frame, evaluate(frame, target.value), target.attr, target.ref)
        elif isinstance(target, s.Subscript):
            owner = evaluate(frame, target.value)
            elements.delete_item(frame, owner, evaluate(frame, target.key), target.ref)
        elif isinstance(target, s.Sequence):
            _delete(frame, s.Delete(target.items, node.ref))


def _return(frame: Frame, node: s.Return) -> None:
    value = NONE if node.value is None else evaluate(frame, node.value)
    value = events.returning(frame, value, node)
    frame.returns.append((value, frame.state))
    frame.live = False


def _break(frame: Frame, node: s.Break) -> None:
    frame.breaks.append(frame.state)
    frame.live = False


def _continue(frame: Frame, node: s.Continue) -> None:
    frame.continues.append(frame.state)
    frame.live = False


def _assert(frame: Frame, node: s.Assert) -> None:
    value = evaluate(frame, node.test)
    holds, fails = conditions.split(frame, node.test, value)
    if fails is not None:
        frame.state = fails
        try:
            message = NOTHING if node.message is None else evaluate(frame, node.message)
            exceptions.raise_builtin(frame, "AssertionError", [message] if message.atoms else [], node.ref)
        except Unreachable:
            frame.live = False
    if holds is None:
        frame.live = False
        return
    frame.state = holds
    frame.live = True


def _function(frame: Frame, node: s.FunctionDef) -> None:
    function = frame.module.functions[node.function]
    names.store(frame, function.name, functions.define_function(frame, node.function, node.ref))


def _class(frame: Frame, node: s.ClassDef) -> None:
    names.store(frame, frame.module.classes[node.cls].name, classes.define_class(frame, node.cls, node.ref))


# --- branches and loops ------------------------------------------------------------


def _if(frame: Frame, node: s.If) -> None:
    if generators.stands_in(frame, (*node.body, *node.orelse)):
        generators.resume_one_of(frame, (node.body, node.orelse))
        return
    value = evaluate(frame, node.test)
    holds, fails = conditions.split(frame, node.test, value)
    ends: list[State] = []
    for state, body in ((holds, node.body), (fails, node.orelse)):
        if state is None:
            continue
        frame.state = state
        frame.live = True
        execute_block(frame, body)
        if frame.live:
            ends.append(frame.state)
    merge(frame, ends)


def _while(frame: Frame, node: s.While) -> None:
    breaks, continues = frame.breaks, frame.continues
    frame.breaks, frame.continues = [], []
    exits: list[State] = []
    if generators.stands_in(frame, node.body):
        execute_block(frame, node.body)
        merge(frame, [*frame.continues, *([frame.state] if frame.live else [])])
    entered = frame.state
    reached = frame.live
    rounds = 0
    frame.loops += 1
    step = frame.step
    while reached:
        rounds += 1
        frame.step = step * 16 + min(rounds, MAX_UNROLLED) if step < 1 << 40 else step
        unrolled = rounds <= MAX_UNROLLED
        frame.state = entered.fork()
        frame.live = True
        try:
            value = evaluate(frame, node.test)
        except Unreachable:
            break
        holds, fails = conditions.split(frame, node.test, value)
        if fails is not None:
            exits.append(fails)
        if holds is None:
            break
        frame.state = holds
        frame.continues = []
        execute_block(frame, node.body)
        ends = [*frame.continues, *([frame.state] if frame.live else [])]
        if not ends:
            break
        merge(frame, ends)
        if unrolled and fails is None:
            entered = frame.state
            continue
        after = join_states(entered, frame.state, widening=rounds > 1)
        if same_states(entered, after) or rounds > MAX_UNROLLED + MAX_ROUNDS:
            break
        entered = after
    frame.loops -= 1
    frame.step = step
    ends = _orelse(frame, exits, node.orelse)
    ends.extend(frame.breaks)
    frame.breaks, frame.continues = breaks, continues
    merge(frame, ends)


def _orelse(frame: Frame, exits: list[State], orelse: Sequence[s.Statement]) -> list[State]:
    """The ends of a loop's ``else``, which runs where no ``break`` did; it belongs to the enclosing loop."""
    if not exits:
        return []
    if not orelse:
        return exits
    merge(frame, exits)
    execute_block(frame, orelse)
    return [frame.state] if frame.live else []


def _as_it_is_now(frame: Frame, source: Value, run: elements.Run, index: int, first: int) -> elements.Run:
    """What an iteration gives from an index on: a list is read as the rounds so far have left it.

    ``first``: how many elements it had. Where more and more are added, they become any number of them.
    """
    if len(source.atoms) != 1 or type(source.atoms[0]) is not Ref:
        return run
    obj = frame.get(source.atoms[0].oid)
    if obj.kind != "list" or obj.many or obj.open or any(MISSING_ATOM in held.atoms for held in obj.items.values()):
        return run
    known = list(obj.items.values())
    if len(known) <= max(first, MAX_UNROLLED):
        return elements.Run(known, obj.rest)
    return elements.Run(known[:index], join_all([*known[index:], *(() if obj.rest is None else (obj.rest,))]))


def _for(frame: Frame, node: s.For) -> None:
    resuming = generators.stands_in(frame, node.body)
    source = NOTHING if resuming else evaluate(frame, node.iter)
    breaks, continues = frame.breaks, frame.continues
    frame.breaks = []
    frame.loops += 1
    if resuming or _one_by_one(frame, node, source):
        lazy = None if resuming else generators.lazily(frame, source, node.ref, asynchronous=node.is_async)
        ended = generators.for_each(frame, node, lazy)
        frame.loops -= 1
        ends = _orelse(frame, ended, node.orelse)
        ends.extend(frame.breaks)
        frame.breaks, frame.continues = breaks, continues
        merge(frame, ends)
        return
    run = elements.iterate(frame, source, node.ref, asynchronous=node.is_async)
    step = frame.step
    first = len(run.known)
    for index in itertools.count():
        if index:
            run = _as_it_is_now(frame, source, run, index, first)
        if index >= len(run.known):
            break
        frame.step = step * 16 + min(index, MAX_UNROLLED) if step < 1 << 40 else step
        frame.continues = []
        assign(frame, node.target, run.known[index])
        execute_block(frame, node.body)
        ends = [*frame.continues, *([frame.state] if frame.live else [])]
        merge(frame, ends)
        if not ends:
            break
    exits: list[State] = []
    if frame.live and run.rest is not None:
        exits = _repeat(frame, node, run.rest)
    elif frame.live:
        exits = [frame.state]
    frame.loops -= 1
    frame.step = step
    ends = _orelse(frame, exits, node.orelse)
    ends.extend(frame.breaks)
    frame.breaks, frame.continues = breaks, continues
    merge(frame, ends)


def _one_by_one(frame: Frame, node: s.For, source: Value) -> bool:
    """Whether the loop's body runs between the steps of a generator: its own one, or the one it takes from."""
    if frame.stepping and generators.yields_of(frame, node.body):
        return True
    if len(source.refs()) != 1 or len(source.atoms) != 1:
        return False
    (oid,) = source.refs()
    return generators.can_step(frame, oid) and generators.is_straight(frame, oid)


def _repeat(frame: Frame, node: s.For, element: Value) -> list[State]:
    """Run the body for any number of equal elements, until nothing new comes; none is a way too."""
    entered = frame.state
    for rounds in range(MAX_ROUNDS):
        frame.step = frame.step * 16 + 15 if rounds == 0 and frame.step < 1 << 40 else frame.step
        ends: list[State] = []
        for one in pairs_apart(frame, element):
            frame.state = entered.fork()
            frame.live = True
            frame.continues = []
            try:
                assign(frame, node.target, one)
                execute_block(frame, node.body)
            except Unreachable:
                frame.live = False
            ends += [*frame.continues, *([frame.state] if frame.live else [])]
        if not ends:
            break
        merge(frame, ends)
        after = join_states(entered, frame.state, widening=rounds > 0)
        if same_states(entered, after):
            break
        entered = after
    return [entered]


# --- with --------------------------------------------------------------------------


def _with(frame: Frame, node: s.With) -> None:
    _with_items(frame, node, 0)


def _with_items(frame: Frame, node: s.With, index: int) -> None:
    if index == len(node.items):
        execute_block(frame, node.body)
        return
    item = node.items[index]
    kept = f"<with {item.ref}>"
    if generators.stands_in(frame, (*node.items[index + 1 :], *node.body)):
        manager = frame.get(frame.scope).attrs.get(kept, NOTHING)
    else:
        manager = evaluate(frame, item.context)
        entered = objects.enter_context(frame, manager, item.ref, asynchronous=node.is_async)
        if item.target is not None:
            assign(frame, item.target, entered)
        if frame.stepping:
            frame.edit(frame.scope).attrs[kept] = manager

    def body() -> None:
        _with_items(frame, node, index + 1)

    exceptions.guarded(frame, body, manager, item.ref, asynchronous=node.is_async)


# --- match -------------------------------------------------------------------------


def _match(frame: Frame, node: s.Match) -> None:
    if generators.stands_in(frame, [statement for case in node.cases for statement in case.body]):
        generators.resume_one_of(frame, [case.body for case in node.cases])
        return
    subject = evaluate(frame, node.subject)
    ends: list[State] = []
    waiting: State | None = frame.state
    for case in node.cases:
        if waiting is None:
            break
        frame.state = waiting.fork()
        frame.live = True
        verdict = matching_cases.match(frame, case.pattern, subject, node.subject)
        matched = frame.state
        if verdict is False:
            continue
        passed: State | None = matched
        failed: State | None = None
        if case.guard is not None:
            value = evaluate(frame, case.guard)
            passed, failed = conditions.split(frame, case.guard, value)
        if verdict is True:
            waiting = failed
        elif failed is not None:
            waiting = join_states(waiting, failed)
        if passed is None:
            continue
        frame.state = passed
        frame.live = True
        execute_block(frame, case.body)
        if frame.live:
            ends.append(frame.state)
    if waiting is not None:
        ends.append(waiting)
    merge(frame, ends)


from purposelint.dataflow import (  # noqa: E402 - statements and expressions need one another
    classes,
    conditions,
    correlation,
    elements,
    events,
    exceptions,
    functions,
    generators,
    hints,
    imports,
    matching_cases,
    names,
    objects,
    operators,
)
from purposelint.dataflow.assignment import assign  # noqa: E402
from purposelint.dataflow.expressions import evaluate  # noqa: E402

_HANDLERS: dict[type, Callable[..., None]] = {
    s.ExprStatement: _expression,
    s.Assign: _assign,
    s.AnnAssign: _ann_assign,
    s.AugAssign: _aug_assign,
    s.Delete: _delete,
    s.Return: _return,
    s.Break: _break,
    s.Continue: _continue,
    s.Assert: _assert,
    s.Raise: exceptions.raise_statement,
    s.Try: exceptions.try_statement,
    s.FunctionDef: _function,
    s.ClassDef: _class,
    s.Import: imports.import_module,
    s.ImportFrom: imports.import_names,
    s.If: _if,
    s.While: _while,
    s.For: _for,
    s.With: _with,
    s.Match: _match,
}
_COMPOUND = frozenset({s.If, s.While, s.For, s.Try, s.With, s.Match})

__all__ = ["execute", "execute_block", "join", "join_all", "merge"]
