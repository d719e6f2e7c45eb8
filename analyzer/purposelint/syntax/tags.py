"""Tags: ``# purpose: …`` comments of definitions, and ``Annotated[..., "purpose: …"]``."""

from __future__ import annotations

import re

import libcst as cst

from purposelint.facts.syntax import Attribute, Binary, Const, Expr, Name, Sequence, Subscript

_COMMENT = re.compile(r"#\s*purpose:\s*([^#]*[^#\s])")
_ANNOTATION = re.compile(r"\s*purpose:\s*(.*\S)", re.DOTALL)


def may_hold_tags(source: bytes) -> bool:
    """False where no definition of the file can have a tag."""
    return b"purpose:" in source


def comment_tag(whitespace: object) -> str | None:
    """The tag in the comment at the end of a line (a `TrailingWhitespace`), or just after an open bracket."""
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        whitespace = whitespace.first_line
    if not isinstance(whitespace, cst.TrailingWhitespace) or whitespace.comment is None:
        return None
    match = _COMMENT.search(whitespace.comment.value)
    return match[1] if match is not None else None


def opening_tag(value: cst.BaseExpression | None) -> str | None:
    """The tag on the first line of a value that goes on over several: ``x = Field(  # purpose: security``."""
    if value is None:
        return None
    if isinstance(value, cst.Call):
        return comment_tag(value.whitespace_before_args) or opening_tag(value.func)
    if value.lpar:
        return comment_tag(value.lpar[0].whitespace_after)
    if isinstance(value, cst.List | cst.ListComp):
        return comment_tag(value.lbracket.whitespace_after)
    if isinstance(value, cst.Dict | cst.Set | cst.DictComp | cst.SetComp):
        return comment_tag(value.lbrace.whitespace_after)
    return None


def annotation_tag(annotation: Expr | None) -> str | None:
    """The tag of an annotation: that of the first ``Annotated`` in it, in unions and generics too."""
    if isinstance(annotation, Binary):
        return annotation_tag(annotation.left) or annotation_tag(annotation.right)
    if isinstance(annotation, Sequence):
        return next(filter(None, map(annotation_tag, annotation.items)), None)
    if not isinstance(annotation, Subscript):
        return None
    if is_named(annotation.value, "Annotated") and isinstance(annotation.key, Sequence):
        for item in annotation.key.items[1:]:
            if isinstance(item, Const) and isinstance(item.value, str) and (match := _ANNOTATION.match(item.value)):
                return match[1]
    return annotation_tag(annotation.key)


def is_named(expr: Expr, name: str) -> bool:
    """Whether an expression is ``name`` or an attribute of that name."""
    return (isinstance(expr, Name) and expr.name == name) or (isinstance(expr, Attribute) and expr.attr == name)
