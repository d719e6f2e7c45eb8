"""Compound statements that hold blocks of the same scope."""

from __future__ import annotations

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Statement
from purposelint.syntax.lowering import Lowering, Table


def _orelse(low: Lowering, node: cst.If | cst.Else | None) -> tuple[Statement, ...]:
    if node is None:
        return ()
    return _if(low, node) if isinstance(node, cst.If) else low.suite(node.body)


def _if(low: Lowering, node: cst.If) -> tuple[Statement, ...]:
    ref = low.mark(node)
    return (facts.If(low.expr(node.test), low.suite(node.body), _orelse(low, node.orelse), ref),)


def _while(low: Lowering, node: cst.While) -> tuple[Statement, ...]:
    ref = low.mark(node)
    return (facts.While(low.expr(node.test), low.suite(node.body), _orelse(low, node.orelse), ref),)


def _for(low: Lowering, node: cst.For) -> tuple[Statement, ...]:
    ref = low.mark(node)
    iterable = low.expr(node.iter)
    target = low.target(node.target)
    body = low.suite(node.body)
    return (facts.For(target, iterable, body, _orelse(low, node.orelse), node.asynchronous is not None, ref),)


def _handler(low: Lowering, node: cst.ExceptHandler | cst.ExceptStarHandler) -> facts.Handler:
    ref = low.mark(node)
    kind = low.maybe(node.type)
    asname = None if node.name is None else node.name.name
    name = low.bind(asname.value) if isinstance(asname, cst.Name) else None
    return facts.Handler(kind, name, low.suite(node.body), ref)


def _try(low: Lowering, node: cst.Try | cst.TryStar) -> tuple[Statement, ...]:
    ref = low.mark(node)
    body = low.suite(node.body)
    handlers = tuple([_handler(low, handler) for handler in node.handlers])
    orelse = _orelse(low, node.orelse)
    final = () if node.finalbody is None else low.suite(node.finalbody.body)
    return (facts.Try(body, handlers, orelse, final, isinstance(node, cst.TryStar), ref),)


def _with_item(low: Lowering, node: cst.WithItem) -> facts.WithItem:
    ref = low.mark(node)
    context = low.expr(node.item)
    target = None if node.asname is None else low.target(node.asname.name)
    return facts.WithItem(context, target, ref)


def _with(low: Lowering, node: cst.With) -> tuple[Statement, ...]:
    ref = low.mark(node)
    items = tuple([_with_item(low, item) for item in node.items])
    return (facts.With(items, low.suite(node.body), node.asynchronous is not None, ref),)


def _case(low: Lowering, node: cst.MatchCase) -> facts.Case:
    ref = low.mark(node)
    return facts.Case(low.pattern(node.pattern), low.maybe(node.guard), low.suite(node.body), ref)


def _match(low: Lowering, node: cst.Match) -> tuple[Statement, ...]:
    ref = low.mark(node)
    subject = low.expr(node.subject)
    return (facts.Match(subject, tuple([_case(low, case) for case in node.cases]), ref),)


HANDLERS = Table(
    {
        cst.If: _if,
        cst.While: _while,
        cst.For: _for,
        cst.Try: _try,
        cst.TryStar: _try,
        cst.With: _with,
        cst.Match: _match,
    }
)
