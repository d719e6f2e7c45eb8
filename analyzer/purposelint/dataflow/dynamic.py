"""``eval`` and ``exec`` of text that is known: it is code of the place where it is run.

Definitions in the text are not followed; what is evaluated with them carries what it was given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from purposelint.dataflow import elements, names
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.statements import execute_block
from purposelint.dataflow.values import NONE, UNKNOWN, Value, literal
from purposelint.facts import syntax as s

_Body = tuple[s.Statement, ...]


def run_eval(frame: Frame, args: Arguments, at: int) -> Value:
    """``eval(text, globals, locals)``."""
    body = _body(frame, args, at)
    statement = body[0] if body is not None and len(body) == 1 else None
    if body is None or not isinstance(statement, s.ExprStatement):
        return UNKNOWN.tagged(frame.derived(at, "eval", elements.deep(frame, args.all())))
    if isinstance(statement.value, s.Name) and not _namespaces(args):
        return names.load(frame, statement.value.name, at)
    outer = _enter(frame, args, at)
    if outer is None:
        return UNKNOWN.tagged(frame.derived(at, "eval", elements.deep(frame, args.all())))
    try:
        return evaluate(frame, statement.value)
    finally:
        frame.scope = outer


def run_exec(frame: Frame, args: Arguments, at: int) -> Value:
    """``exec(text, globals, locals)``; what it binds is in the last namespace that it is given."""
    body = _body(frame, args, at)
    if body is None:
        return _unknown_exec(frame, args, at)
    if frame.function is None and not _namespaces(args):
        execute_block(frame, body)
        return NONE
    outer = _enter(frame, args, at)
    if outer is None:
        return _unknown_exec(frame, args, at)
    try:
        before = dict(frame.get(frame.scope).attrs)
        execute_block(frame, body)
        after = frame.get(frame.scope).attrs
    finally:
        frame.scope = outer
    for name, value in after.items():
        if value is not before.get(name):
            for oid in _namespaces(args)[-1].refs() if _namespaces(args) else ():
                elements.set_key(frame, oid, literal(name), value, at)
    return NONE


def _unknown_exec(frame: Frame, args: Arguments, at: int) -> Value:
    """Anything may be in the namespaces from now on, made of what was there."""
    tags = frame.derived(at, "exec", elements.deep(frame, args.all()))
    for space in _namespaces(args):
        for oid in space.refs():
            if frame.get(oid).kind in ("dict", "opaque"):
                obj = frame.edit(oid)
                obj.open = True
                obj.tags |= tags
    return NONE


def _body(frame: Frame, args: Arguments, at: int) -> _Body | None:
    constant = args.positional[0].const() if args.positional else None
    if constant is None or not isinstance(constant.value, str):
        return None
    facts = frame.machine.program.written(constant.value)
    if facts is None or facts.functions or facts.classes:
        return None
    return cast("_Body", _moved(facts.body, at))


def expression(frame: Frame, text: str, at: int) -> s.Expr | None:
    """The expression that a string holds; None when it holds none."""
    facts = frame.machine.program.written(text.strip())
    body = facts.body if facts is not None and not facts.functions and not facts.classes else ()
    statement = body[0] if len(body) == 1 else None
    return cast("s.Expr", _moved(statement.value, at)) if isinstance(statement, s.ExprStatement) else None


def _namespaces(args: Arguments) -> list[Value]:
    given = [*args.positional[1:3], *(args.keywords[name] for name in ("globals", "locals") if name in args.keywords)]
    return [value for value in given if value.const() is None]


def _enter(frame: Frame, args: Arguments, at: int) -> int | None:
    """Go into a scope with the names of the namespaces; the scope before. None: what they hold is not known."""
    outer = frame.scope
    spaces = _namespaces(args)
    known: dict[str, Value] = {}
    for space in spaces:
        items, rest = elements.mapping_items(frame, space, at)
        if rest is not None:
            return None
        known.update({str(name): value for name, value in items.items()})
    parent = -1 if spaces or frame.get(outer).kind != "scope" else outer
    scope = Obj("scope", attrs=known, data=(parent, frame.path, frame.instance.function, "text"))
    frame.scope = frame.allocate(at, scope, "text")
    return outer


def _moved(node: Any, at: int) -> Any:
    """Code whose every node stands at one place."""
    if isinstance(node, tuple):
        return tuple([_moved(each, at) for each in node])
    if not hasattr(type(node), "__dataclass_fields__"):
        return node
    changed = {name: _moved(getattr(node, name), at) for name in type(node).__dataclass_fields__ if name != "ref"}
    return replace(node, **changed, **({"ref": at} if hasattr(node, "ref") else {}))
