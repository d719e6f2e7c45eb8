"""String literals: plain, formatted, templates, and those that stand side by side."""

from __future__ import annotations

import re
from sys import intern

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Expr
from purposelint.syntax.literals import field_text, string_value
from purposelint.syntax.lowering import Lowering, Table

_BETWEEN = re.compile(r"__|\.")
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def _constant(low: Lowering, value: str | bytes, ref: int) -> facts.Const:
    if isinstance(value, str) and value.isidentifier():
        # Not normalised: as a value it is what it is, whatever Python makes of an equal identifier.
        value = intern(value)
        low.names.add(value)
    if isinstance(value, str) and ("__" in value or "." in value) and _PATH.fullmatch(value):
        # A path of names, as look-ups of fields are written: "author__email", "author.email".
        low.names.update(intern(part) for part in _BETWEEN.split(value) if part)
    return facts.Const(value, ref)


def _simple(low: Lowering, node: cst.SimpleString) -> Expr:
    return _constant(low, string_value(node.value), low.mark(node))


def _formatted(low: Lowering, node: cst.FormattedString | cst.TemplatedString) -> Expr:
    ref = low.mark(node)
    return _joined(low, _parts(low, node), isinstance(node, cst.TemplatedString), ref)


def _concatenated(low: Lowering, node: cst.ConcatenatedString) -> Expr:
    ref = low.mark(node)
    literals: list[cst.BaseString] = []
    rest: cst.BaseString = node
    while isinstance(rest, cst.ConcatenatedString):
        literals.append(rest.left)
        rest = rest.right
    literals.append(rest)
    parts: list[Expr] = []
    for literal in literals:
        if isinstance(literal, cst.SimpleString):
            parts.append(facts.Const(string_value(literal.value), low.mark(literal)))
        else:
            assert isinstance(literal, cst.FormattedString | cst.TemplatedString)
            parts += _parts(low, literal)
    if isinstance(first := parts[0] if parts else None, facts.Const) and isinstance(first.value, bytes):
        return facts.Const(b"".join(_bytes(part) for part in parts), ref)
    return _joined(low, parts, any(isinstance(literal, cst.TemplatedString) for literal in literals), ref)


def _bytes(part: Expr) -> bytes:
    """What a literal adds to bytes: text beside bytes is no Python, and adds nothing."""
    return part.value if isinstance(part, facts.Const) and isinstance(part.value, bytes) else b""


def _joined(low: Lowering, parts: list[Expr], template: bool, ref: int) -> Expr:
    """Parts as one value; neighbouring texts become one, and a string without fields is a constant."""
    merged: list[Expr] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, facts.Const) and isinstance(last, facts.Const):
            merged[-1] = facts.Const(f"{last.value!s}{part.value!s}", last.ref)
        else:
            merged.append(part)
    if not template and len(merged) <= 1 and all(isinstance(part, facts.Const) for part in merged):
        return _constant(low, "".join(str(part.value) for part in merged if isinstance(part, facts.Const)), ref)
    return facts.Joined(tuple(merged), template, ref)


def _parts(low: Lowering, node: cst.FormattedString | cst.TemplatedString) -> list[Expr]:
    return [_part(low, part, node.start) for part in node.parts]


def _part(low: Lowering, part: cst.CSTNode, start: str) -> Expr:
    ref = low.mark(part)
    if isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
        return facts.Const(field_text(part.value, start), ref)
    assert isinstance(part, cst.FormattedStringExpression | cst.TemplatedStringExpression)
    value = low.expr(part.expression)
    spec = tuple([_part(low, piece, start) for piece in part.format_spec or ()])
    debug = isinstance(part.equal, cst.AssignEqual)
    return facts.Formatted(value, intern(part.conversion or ""), spec, debug, ref)


HANDLERS = Table(
    {
        cst.SimpleString: _simple,
        cst.FormattedString: _formatted,
        cst.TemplatedString: _formatted,
        cst.ConcatenatedString: _concatenated,
    }
)
