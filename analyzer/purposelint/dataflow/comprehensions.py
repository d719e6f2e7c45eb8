"""Comprehensions and generator expressions."""

from __future__ import annotations

from purposelint.dataflow import conditions, elements, events, types
from purposelint.dataflow.assignment import assign
from purposelint.dataflow.branches import either, pairs_apart
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Frame, Unreachable
from purposelint.dataflow.heap import Obj, State, join_states, same_states
from purposelint.dataflow.values import NOTHING, Value, join, ref
from purposelint.facts import syntax as s

MAX_KNOWN = 16
"""Elements for which a comprehension is run one by one."""
MAX_NAMED = 64
"""The same of literals, and in models: names of fields, mostly."""
MAX_ROUNDS = 4


def comprehension(frame: Frame, node: s.Comprehension) -> Value:
    """A comprehension's value; generator expressions are evaluated at once."""
    kind = {"generator": "iterator"}.get(node.kind, node.kind)
    result = frame.allocate(node.ref, Obj(kind, cls=types.native_value(kind)), "comprehension")
    _clause(frame, node, 0, result)
    return Value((ref(result),))


def _clause(frame: Frame, node: s.Comprehension, index: int, result: int) -> None:
    if index == len(node.clauses):
        _add(frame, node, result)
        return
    clause = node.clauses[index]
    run = elements.iterate(frame, evaluate(frame, clause.iter), node.ref, asynchronous=clause.is_async)
    known = run.known if len(run.known) <= _most(frame, run.known) else []
    rest = run.rest
    for value in run.known[len(known) :]:
        rest = value if rest is None else join(rest, value)

    def met(element: Value) -> Value:
        assign(frame, clause.target, element)
        _filtered(frame, node, index, clause, 0, result)
        return NOTHING

    frame.loops += 1
    step = frame.step
    for position, value in enumerate(known):
        frame.step = step * 16 + min(position, 13) if step < 1 << 40 else step
        met(value)
    if rest is not None:
        frame.step = step * 16 + 15 if step < 1 << 40 else step
        entered = frame.state
        for rounds in range(MAX_ROUNDS):
            frame.state = entered.fork()
            try:
                either(frame, pairs_apart(frame, rest), met)
            except Unreachable:
                frame.live = True
                frame.state = entered
                break
            after = join_states(entered, frame.state, widening=rounds > 0)
            if same_states(entered, after):
                break
            entered = after
        frame.state = entered
    frame.step = step
    frame.loops -= 1


def _most(frame: Frame, known: list[Value]) -> int:
    """How many elements are told apart."""
    if len(known) <= MAX_KNOWN:
        return MAX_KNOWN
    named = frame.instance.path.startswith("<") or all(each.const() is not None for each in known)
    return MAX_NAMED if named else MAX_KNOWN


def _filtered(frame: Frame, node: s.Comprehension, index: int, clause: s.ForClause, position: int, result: int) -> None:
    """Go through the conditions of a clause, then on to the next; what they say holds for the element alone."""
    if position == len(clause.ifs):
        _clause(frame, node, index + 1, result)
        return
    test = clause.ifs[position]
    gates = frame.state.gates
    holds, fails = conditions.split(frame, test, evaluate(frame, test))
    if holds is None:
        return
    frame.state = holds
    _filtered(frame, node, index, clause, position + 1, result)
    state: State = frame.state
    state.gates = gates
    if fails is not None:
        fails.gates = gates
        frame.state = join_states(state, fails)


def _add(frame: Frame, node: s.Comprehension, result: int) -> None:
    if node.key is not None:
        key = evaluate(frame, node.key)
        value = (
            events.hop(frame, evaluate(frame, node.element), node)
            if frame.state.gates
            else evaluate(frame, node.element)
        )
        elements.set_key(frame, result, key, value, node.ref)
        return
    value = evaluate(frame, node.element)
    if frame.state.gates:
        value = events.hop(frame, value, node)
    if node.kind == "set":
        elements.add_to_set(frame, result, value)
    else:
        elements.append(frame, result, value)
