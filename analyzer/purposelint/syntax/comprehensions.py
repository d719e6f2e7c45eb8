"""Comprehensions. Their variables get unique names, so that they need no scope of their own."""

from __future__ import annotations

from sys import intern

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Expr
from purposelint.syntax.lowering import Lowering, Table
from purposelint.syntax.scopes import target_names


def _simple(low: Lowering, node: cst.BaseSimpleComp) -> Expr:
    return _comprehension(low, node, node.for_in, None, node.elt)


def _dict(low: Lowering, node: cst.DictComp) -> Expr:
    return _comprehension(low, node, node.for_in, node.key, node.value)


def _spread_dict(low: Lowering, node: cst.StarredDictComp) -> Expr:
    return _comprehension(low, node, node.for_in, None, node.value)


_KINDS = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.GeneratorExp: "generator",
    cst.DictComp: "dict",
    cst.StarredDictComp: "dict",
}


def _comprehension(
    low: Lowering, node: cst.BaseComp, first: cst.CompFor, key: cst.CSTNode | None, element: cst.CSTNode
) -> Expr:
    ref = low.mark(node)
    # The first iterable is evaluated outside; all the rest sees the variables of every clause.
    iterable = low.expr(first.iter)
    outer = low.renames
    low.renames = {**outer, **_renames(low, first, ref)}
    clauses = _clauses(low, first, iterable)
    lowered_key = low.maybe(key)
    value = low.expr(element)
    low.renames = outer
    return facts.Comprehension(_KINDS[type(node)], lowered_key, value, clauses, ref)


def _renames(low: Lowering, first: cst.CompFor, ref: int) -> dict[str, str]:
    renames = {}
    clause: cst.CompFor | None = first
    while clause is not None:
        for text in target_names(clause.target):
            name = low.identifier(text)
            renames[name] = intern(f"{name}@{ref}")
        clause = clause.inner_for_in
    return renames


def _clauses(low: Lowering, first: cst.CompFor, iterable: Expr) -> tuple[facts.ForClause, ...]:
    clauses = []
    clause: cst.CompFor | None = first
    while clause is not None:
        if clause is not first:
            iterable = low.expr(clause.iter)
        target = low.target(clause.target)
        ifs = tuple([low.expr(condition.test) for condition in clause.ifs])
        clauses.append(facts.ForClause(target, iterable, ifs, clause.asynchronous is not None))
        clause = clause.inner_for_in
    return tuple(clauses)


HANDLERS = Table(
    {
        cst.ListComp: _simple,
        cst.SetComp: _simple,
        cst.GeneratorExp: _simple,
        cst.DictComp: _dict,
        cst.StarredDictComp: _spread_dict,
    }
)
