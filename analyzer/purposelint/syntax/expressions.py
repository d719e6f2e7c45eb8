"""Expressions, one handler a node class."""

from __future__ import annotations

from sys import intern

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Expr
from purposelint.syntax.literals import float_value, imaginary_value, integer_value
from purposelint.syntax.lowering import Lowering, Table

_CONSTANTS = {"None": None, "True": True, "False": False, "__debug__": True}

_BINARY = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.MatrixMultiply: "@",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
}
_UNARY = {cst.Not: "not", cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~"}
_BOOLEAN = {cst.And: "and", cst.Or: "or"}
_COMPARE = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
}


def _name(low: Lowering, node: cst.Name) -> Expr:
    ref = low.mark(node)
    if node.value in _CONSTANTS:
        return facts.Const(_CONSTANTS[node.value], ref)
    name = low.identifier(node.value)
    if low.renames and name in low.renames:
        # A lambda in a comprehension names the variable as it is called there.
        name = low.renames[name]
        low.names.add(name)
    return facts.Name(name, ref)


def _ellipsis(low: Lowering, node: cst.Ellipsis) -> Expr:
    return facts.Const(..., low.mark(node))


def _integer(low: Lowering, node: cst.Integer) -> Expr:
    return facts.Const(integer_value(node.value), low.mark(node))


def _float(low: Lowering, node: cst.Float) -> Expr:
    return facts.Const(float_value(node.value), low.mark(node))


def _imaginary(low: Lowering, node: cst.Imaginary) -> Expr:
    return facts.Const(imaginary_value(node.value), low.mark(node))


def _attribute(low: Lowering, node: cst.Attribute) -> Expr:
    ref = low.mark(node)
    return facts.Attribute(low.expr(node.value), low.identifier(node.attr.value), ref)


def arguments(low: Lowering, args: list[cst.Arg]) -> tuple[facts.Argument, ...]:
    """The arguments of a call or of a class statement, in order."""
    lowered = []
    for arg in args:
        ref = low.mark(arg)
        name = None if arg.keyword is None else low.word(arg.keyword.value)
        lowered.append(facts.Argument(low.expr(arg.value), name, intern(arg.star), ref))
    return tuple(lowered)


def _call(low: Lowering, node: cst.Call) -> Expr:
    ref = low.mark(node)
    return facts.Call(low.expr(node.func), arguments(low, list(node.args)), ref)


def subscript_key(low: Lowering, node: cst.Subscript) -> Expr:
    """What stands between the brackets: one key, or a tuple of them."""
    elements = node.slice
    first = elements[0]
    single = len(elements) == 1 and not isinstance(first.comma, cst.Comma)
    if single and getattr(first.slice, "star", None) is None:
        return _key(low, first.slice)
    ref = low.mark(node)
    return facts.Sequence("tuple", tuple([_key(low, element.slice) for element in elements]), ref)


def _key(low: Lowering, part: cst.BaseSlice) -> Expr:
    if isinstance(part, cst.Index):
        if part.star is None:
            return low.expr(part.value)
        ref = low.mark(part)
        return facts.Star(low.expr(part.value), ref)
    assert isinstance(part, cst.Slice)
    ref = low.mark(part)
    return facts.Slice(low.maybe(part.lower), low.maybe(part.upper), low.maybe(part.step), ref)


def _subscript(low: Lowering, node: cst.Subscript) -> Expr:
    ref = low.mark(node)
    return facts.Subscript(low.expr(node.value), subscript_key(low, node), ref)


def _starred(low: Lowering, node: cst.StarredElement) -> Expr:
    ref = low.mark(node)
    return facts.Star(low.expr(node.value), ref)


def _items(low: Lowering, node: cst.Tuple | cst.List | cst.Set) -> tuple[Expr, ...]:
    return tuple([low.expr(item.value) if type(item) is cst.Element else low.expr(item) for item in node.elements])


def _tuple(low: Lowering, node: cst.Tuple) -> Expr:
    ref = low.mark(node)
    return facts.Sequence("tuple", _items(low, node), ref)


def _list(low: Lowering, node: cst.List) -> Expr:
    ref = low.mark(node)
    return facts.Sequence("list", _items(low, node), ref)


def _set(low: Lowering, node: cst.Set) -> Expr:
    ref = low.mark(node)
    return facts.Sequence("set", _items(low, node), ref)


def _dict(low: Lowering, node: cst.Dict) -> Expr:
    ref = low.mark(node)
    items: list[tuple[Expr | None, Expr]] = []
    for item in node.elements:
        key = low.expr(item.key) if isinstance(item, cst.DictElement) else None
        items.append((key, low.expr(item.value)))
    return facts.Dict(tuple(items), ref)


def _binary(low: Lowering, node: cst.BinaryOperation) -> Expr:
    ref = low.mark(node)
    return facts.Binary(_BINARY[type(node.operator)], low.expr(node.left), low.expr(node.right), ref)


def _unary(low: Lowering, node: cst.UnaryOperation) -> Expr:
    ref = low.mark(node)
    return facts.Unary(_UNARY[type(node.operator)], low.expr(node.expression), ref)


def _boolean(low: Lowering, node: cst.BooleanOperation) -> Expr:
    ref = low.mark(node)
    kind = type(node.operator)
    operands: list[cst.BaseExpression] = []
    pending: list[cst.BaseExpression] = [node]
    while pending:
        operand = pending.pop()
        if isinstance(operand, cst.BooleanOperation) and type(operand.operator) is kind:
            pending += (operand.right, operand.left)
        else:
            operands.append(operand)
    return facts.Boolean(_BOOLEAN[kind], tuple([low.expr(operand) for operand in operands]), ref)


def _comparison(low: Lowering, node: cst.Comparison) -> Expr:
    ref = low.mark(node)
    left = low.expr(node.left)
    rest = tuple([(_COMPARE[type(part.operator)], low.expr(part.comparator)) for part in node.comparisons])
    return facts.Compare(left, rest, ref)


def _conditional(low: Lowering, node: cst.IfExp) -> Expr:
    ref = low.mark(node)
    return facts.Conditional(low.expr(node.test), low.expr(node.body), low.expr(node.orelse), ref)


def _await(low: Lowering, node: cst.Await) -> Expr:
    ref = low.mark(node)
    return facts.Await(low.expr(node.expression), ref)


def _yield(low: Lowering, node: cst.Yield) -> Expr:
    ref = low.mark(node)
    low.scope.is_generator = True
    if isinstance(node.value, cst.From):
        return facts.Yield(low.expr(node.value.item), True, ref)
    return facts.Yield(low.maybe(node.value), False, ref)


def _walrus(low: Lowering, node: cst.NamedExpr) -> Expr:
    ref = low.mark(node)
    assert isinstance(node.target, cst.Name)
    # In a comprehension, too, the name belongs to the block around.
    target = facts.Name(low.bind(node.target.value), low.mark(node.target))
    return facts.Walrus(target, low.expr(node.value), ref)


HANDLERS = Table(
    {
        cst.Name: _name,
        cst.Ellipsis: _ellipsis,
        cst.Integer: _integer,
        cst.Float: _float,
        cst.Imaginary: _imaginary,
        cst.Attribute: _attribute,
        cst.Call: _call,
        cst.Subscript: _subscript,
        cst.StarredElement: _starred,
        cst.Tuple: _tuple,
        cst.List: _list,
        cst.Set: _set,
        cst.Dict: _dict,
        cst.BinaryOperation: _binary,
        cst.UnaryOperation: _unary,
        cst.BooleanOperation: _boolean,
        cst.Comparison: _comparison,
        cst.IfExp: _conditional,
        cst.Await: _await,
        cst.Yield: _yield,
        cst.NamedExpr: _walrus,
    }
)
