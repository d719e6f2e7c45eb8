"""Annotations: expressions in which a string stands for the expression that it holds."""

from __future__ import annotations

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.collector import collector_paused
from purposelint.facts.syntax import Expr
from purposelint.syntax.expressions import subscript_key
from purposelint.syntax.lowering import Lowering
from purposelint.syntax.tags import is_named

# A forward reference is short; long strings in annotations are documentation.
_LONGEST = 1000


def annotation(low: Lowering, node: cst.BaseExpression) -> Expr:
    """Lower an annotation. A string that is no expression stays a `Const`."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        return _forward(low, node)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        ref = low.mark(node)
        return facts.Binary("|", annotation(low, node.left), annotation(low, node.right), ref)
    if isinstance(node, cst.Subscript):
        return _generic(low, node)
    if isinstance(node, cst.List):
        ref = low.mark(node)
        return facts.Sequence("list", tuple([_item(low, item) for item in node.elements]), ref)
    return low.expr(node)


def _item(low: Lowering, item: cst.BaseElement) -> Expr:
    return annotation(low, item.value) if isinstance(item, cst.Element) else low.expr(item)


def _generic(low: Lowering, node: cst.Subscript) -> Expr:
    """``list["User"]`` holds an annotation, ``Literal["User"]`` a string, ``Annotated["User", "note"]`` one of each."""
    ref = low.mark(node)
    value = low.expr(node.value)
    if is_named(value, "Literal") or any(not _is_plain(element) for element in node.slice):
        return facts.Subscript(value, subscript_key(low, node), ref)
    keys = [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]
    if len(keys) == 1 and not isinstance(node.slice[0].comma, cst.Comma):
        return facts.Subscript(value, annotation(low, keys[0]), ref)
    key_ref = low.mark(node)
    types = 1 if is_named(value, "Annotated") else len(keys)
    items = [annotation(low, key) for key in keys[:types]] + [low.expr(key) for key in keys[types:]]
    return facts.Subscript(value, facts.Sequence("tuple", tuple(items), key_ref), ref)


def _is_plain(element: cst.SubscriptElement) -> bool:
    return isinstance(element.slice, cst.Index) and element.slice.star is None


def _forward(low: Lowering, node: cst.SimpleString | cst.ConcatenatedString) -> Expr:
    constant = low.expr(node)
    if not isinstance(constant, facts.Const) or not isinstance(constant.value, str):
        return constant
    text = constant.value.strip()
    if not text or len(text) > _LONGEST:
        return constant
    parsed = _parse(text)
    if parsed is None:
        return constant
    first = len(low.nodes)
    lowered = annotation(low, parsed)
    # The nodes of the parsed text have no place in the file: the string's has to do.
    low.nodes[first:] = [node] * (len(low.nodes) - first)
    return lowered


def _parse(text: str) -> cst.BaseExpression | None:
    if text.isidentifier():
        return cst.Name(text)
    try:
        with collector_paused():
            # Python reads a string annotation as if it stood in parentheses.
            return cst.parse_expression(f"({text})")
    except cst.ParserSyntaxError:
        return None
