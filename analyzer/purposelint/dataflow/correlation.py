"""Tests that say the same twice: ``if new: name = ask()`` … ``if new: save(name)``.

States are joined behind an ``if``, and what was known there of a test and of what it decided together is lost. Where a
later statement of the same block tests the same thing again, or a variable to which a branch gives a constant, the
statements up to there are run for each branch apart. In each, a test that was decided is decided the same way.

A test counts that looks at local variables which nothing stores into in between, and compares them with constants or
asks for their truth.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from purposelint.dataflow.frame import Frame
from purposelint.dataflow.values import Ref, Value
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

MAX_STATEMENTS = 40
"""Statements that are run for each branch apart; where the last test comes later, none is."""
MAX_APART = 2
"""Tests that may be kept apart inside one another."""

_Test = tuple[Hashable, bool]
_OPPOSITE = {"!=": "==", "is not": "is", "not in": "in", ">=": "<", ">": "<="}


def until(frame: Frame, body: Sequence[s.Statement], index: int) -> int:
    """The last statement that is to be run for the branches of an ``if`` apart; ``index`` itself where none is."""
    node = body[index]
    if type(node) is not s.If or index + 1 >= len(body) or frame.function is None:
        return index
    if frame.function.is_generator or frame.apart >= MAX_APART:
        return index
    key = (frame.path, node.ref, body[-1].ref)
    plans = frame.machine.correlated
    if key not in plans:
        plans[key] = _planned(frame, frame.function, node, body[index + 1 :])
    return index + plans[key]


def key_of(test: s.Expr) -> _Test | None:
    """What a test asks, whatever its place, and whether it asks for the opposite; None: what is not kept in mind."""
    if isinstance(test, s.Unary) and test.op == "not":
        inner = key_of(test.value)
        return None if inner is None else (inner[0], not inner[1])
    if isinstance(test, s.Name):
        return (("name", test.name), True)
    if isinstance(test, s.Compare) and len(test.rest) == 1 and isinstance(test.left, s.Name):
        op, right = test.rest[0]
        if isinstance(right, s.Const):
            return ((_OPPOSITE.get(op, op), test.left.name, type(right.value), right.value), op not in _OPPOSITE)
    return None


def assumed(frame: Frame, test: s.Expr) -> bool | None:
    """How a test comes out, if that was decided before; None where it was not."""
    if not frame.assumed:
        return None
    if isinstance(test, s.Unary) and test.op == "not":
        inner = assumed(frame, test.value)
        return None if inner is None else not inner
    if isinstance(test, s.Boolean):
        parts = [assumed(frame, part) for part in test.values]
        deciding = test.op == "or"
        return deciding if deciding in parts else None if None in parts else not deciding
    key = key_of(test)
    if key is None:
        return None
    sense = frame.assumed.get(key[0])
    return None if sense is None else sense is key[1]


def stays(frame: Frame, test: s.Expr, value: Value) -> bool:
    """Whether a test comes out the same when it is asked again: not where it looks at what can be filled or emptied."""
    inner = test.value if isinstance(test, s.Unary) else test
    return not isinstance(inner, s.Name) or all(
        type(atom) is not Ref or frame.get(atom.oid).kind == "opaque" for atom in value.atoms
    )


def _planned(frame: Frame, function: s.Function, node: s.If, rest: Sequence[s.Statement]) -> int:
    wanted: set[Hashable] = set()
    key = key_of(node.test)
    names = {each.name for each in nodes(node.test) if isinstance(each, s.Name)}
    if key is not None and _are_own(frame, function, names) and not names & set(_stored((*node.body, *node.orelse))):
        wanted.add(key[0])
    flags = {name for name in _flags((*node.body, *node.orelse)) if _are_own(frame, function, {name})}
    last = count = 0
    for position, statement in enumerate(rest, 1):
        count += sum(1 for each in nodes(statement) if isinstance(each, s.ExprStatement | s.Assign | s.Return | s.If))
        if count > MAX_STATEMENTS:
            break
        for asked in _asked(statement):
            if asked in wanted or (isinstance(asked, tuple) and asked[1] in flags):
                last = position
        stored = set(_stored((statement,)))
        flags -= stored
        if names & stored:
            wanted.clear()
    return last


def _are_own(frame: Frame, function: s.Function, names: set[str]) -> bool:
    """Whether names are variables of a function that no other one stores into."""
    if not names <= function.locals or names & (function.globals | function.nonlocals):
        return False
    return not any(_is_within(frame, each) and names & each.nonlocals for each in frame.module.functions)


def _is_within(frame: Frame, function: s.Function) -> bool:
    """Whether a function is defined in the one that is run."""
    parent = function.parent
    while parent is not None and parent != frame.instance.function:
        parent = frame.module.functions[parent].parent
    return parent is not None


def _asked(statement: s.Statement) -> Iterator[Hashable]:
    """The tests in a statement, those that are put together one by one."""
    queue: list[s.Expr] = []
    for each in nodes(statement):
        if isinstance(each, s.If | s.While | s.Conditional | s.Assert):
            queue.append(each.test)
    for test in queue:
        if isinstance(test, s.Boolean):
            queue.extend(test.values)
        elif isinstance(test, s.Unary) and isinstance(test.value, s.Boolean):
            queue.append(test.value)
        else:
            key = key_of(test)
            if key is not None:
                yield key[0]


def _flags(body: Sequence[s.Statement]) -> Iterator[str]:
    """The variables to which statements give a constant."""
    for statement in body:
        if isinstance(statement, s.Assign) and isinstance(statement.value, s.Const):
            yield from (target.name for target in statement.targets if isinstance(target, s.Name))


def _stored(body: Sequence[s.Statement]) -> Iterator[str]:
    """The names that statements bind, or into whose values they store."""
    for statement in body:
        for each in nodes(statement):
            targets: tuple[object, ...] = ()
            match each:
                case s.Assign() | s.Delete():
                    targets = each.targets
                case s.AugAssign() | s.AnnAssign() | s.For() | s.WithItem() | s.ForClause() | s.Walrus():
                    targets = (each.target,)
                case s.Match():
                    targets = tuple(case.pattern for case in each.cases)
                case s.Handler() if each.name is not None:
                    yield each.name
                case s.Import():
                    yield each.alias or each.module.partition(".")[0]
                case s.ImportFrom():
                    yield from (bound for _, bound in each.names)
            for target in targets:
                yield from (inner.name for inner in nodes(target) if isinstance(inner, s.Name))
