"""Simple statements. What carries no data (``pass``, literals that stand alone, declarations) gives none."""

from __future__ import annotations

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Statement
from purposelint.syntax.annotations import annotation
from purposelint.syntax.lowering import Lowering, Table
from purposelint.syntax.tags import annotation_tag, opening_tag

_AUGMENTED = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.MatrixMultiplyAssign: "@",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.BitAndAssign: "&",
    cst.BitOrAssign: "|",
    cst.BitXorAssign: "^",
}


def _tag(low: Lowering, value: cst.BaseExpression | None) -> str | None:
    return low.tag or opening_tag(value) if low.tagging else None


def _expr(low: Lowering, node: cst.Expr) -> tuple[Statement, ...]:
    value = node.value
    if isinstance(value, cst.SimpleString | cst.Ellipsis | cst.BaseNumber):
        return ()
    ref = low.mark(node)
    lowered = low.expr(value)
    return () if isinstance(lowered, facts.Const) else (facts.ExprStatement(lowered, ref),)


def _assign(low: Lowering, node: cst.Assign) -> tuple[Statement, ...]:
    ref = low.mark(node)
    value = low.expr(node.value)
    targets = tuple([low.target(target.target) for target in node.targets])
    return (facts.Assign(targets, value, _tag(low, node.value), ref),)


def _aug_assign(low: Lowering, node: cst.AugAssign) -> tuple[Statement, ...]:
    ref = low.mark(node)
    target = low.target(node.target)
    return (facts.AugAssign(target, _AUGMENTED[type(node.operator)], low.expr(node.value), ref),)


def _ann_assign(low: Lowering, node: cst.AnnAssign) -> tuple[Statement, ...]:
    ref = low.mark(node)
    lowered = annotation(low, node.annotation.annotation)
    value = low.maybe(node.value)
    target = low.target(node.target)
    tag = _tag(low, node.value) or (annotation_tag(lowered) if low.tagging else None)
    return (facts.AnnAssign(target, lowered, value, tag, ref),)


def _type_alias(low: Lowering, node: cst.TypeAlias) -> tuple[Statement, ...]:
    ref = low.mark(node)
    target = low.target_name(node.name)
    return (facts.Assign((target,), annotation(low, node.value), None, ref),)


def _delete(low: Lowering, node: cst.Del) -> tuple[Statement, ...]:
    ref = low.mark(node)
    target = low.target(node.target)
    return (facts.Delete(target.items if isinstance(target, facts.Sequence) else (target,), ref),)


def _return(low: Lowering, node: cst.Return) -> tuple[Statement, ...]:
    ref = low.mark(node)
    return (facts.Return(low.maybe(node.value), ref),)


def _raise(low: Lowering, node: cst.Raise) -> tuple[Statement, ...]:
    ref = low.mark(node)
    exc = low.maybe(node.exc)
    return (facts.Raise(exc, None if node.cause is None else low.expr(node.cause.item), ref),)


def _assert(low: Lowering, node: cst.Assert) -> tuple[Statement, ...]:
    ref = low.mark(node)
    return (facts.Assert(low.expr(node.test), low.maybe(node.msg), ref),)


def _break(low: Lowering, node: cst.Break) -> tuple[Statement, ...]:
    return (facts.Break(low.mark(node)),)


def _continue(low: Lowering, node: cst.Continue) -> tuple[Statement, ...]:
    return (facts.Continue(low.mark(node)),)


def _pass(_low: Lowering, _node: cst.Pass) -> tuple[Statement, ...]:
    return ()


def _global(low: Lowering, node: cst.Global) -> tuple[Statement, ...]:
    low.scope.globals.update(low.identifier(item.name.value) for item in node.names)
    return ()


def _nonlocal(low: Lowering, node: cst.Nonlocal) -> tuple[Statement, ...]:
    low.scope.nonlocals.update(low.identifier(item.name.value) for item in node.names)
    return ()


HANDLERS = Table(
    {
        cst.Expr: _expr,
        cst.Assign: _assign,
        cst.AugAssign: _aug_assign,
        cst.AnnAssign: _ann_assign,
        cst.TypeAlias: _type_alias,
        cst.Del: _delete,
        cst.Return: _return,
        cst.Raise: _raise,
        cst.Assert: _assert,
        cst.Break: _break,
        cst.Continue: _continue,
        cst.Pass: _pass,
        cst.Global: _global,
        cst.Nonlocal: _nonlocal,
    }
)
