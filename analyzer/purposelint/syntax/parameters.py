"""Parameters of functions and lambdas, and the comments that tag them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.syntax.annotations import annotation
from purposelint.syntax.lowering import Lowering
from purposelint.syntax.tags import annotation_tag, comment_tag

_RECEIVERS = frozenset({"self", "cls", "mcs"})


def parameters(low: Lowering, node: cst.Parameters, line_tag: str | None) -> tuple[facts.Parameter, ...]:
    """Lower parameters in the enclosing scope (there defaults and annotations are evaluated).

    ``line_tag`` is the tag at the end of the line on which the last of them stands.
    """
    tags = _comment_tags(node, line_tag) if low.tagging else {}
    return tuple([_parameter(low, param, kind, tags) for param, kind in _in_order(node)])


def _in_order(node: cst.Parameters) -> Iterator[tuple[cst.Param, str]]:
    for param in node.posonly_params:
        yield param, "positional"
    for param in node.params:
        yield param, "normal"
    if isinstance(node.star_arg, cst.Param):
        yield node.star_arg, "args"
    for param in node.kwonly_params:
        yield param, "keyword"
    if node.star_kwarg is not None:
        yield node.star_kwarg, "kwargs"


def _parameter(low: Lowering, node: cst.Param, kind: str, tags: Mapping[str, str]) -> facts.Parameter:
    ref = low.mark(node)
    lowered = None if node.annotation is None else annotation(low, node.annotation.annotation)
    default = low.maybe(node.default)
    tag = (tags.get(node.name.value) or annotation_tag(lowered)) if low.tagging else None
    return facts.Parameter(low.identifier(node.name.value), kind, default, lowered, tag, ref)


def _comment_tags(node: cst.Parameters, line_tag: str | None) -> dict[str, str]:
    """The tag of each parameter on whose line a tag stands; receivers have none."""
    tags: dict[str, str] = {}
    line: list[str] = []
    for item in _with_markers(node):
        if isinstance(item, cst.Param):
            line.append(item.name.value)
        for whitespace in _spaces_after(item):
            if isinstance(whitespace, cst.ParenthesizedWhitespace):
                _tag_line(tags, line, comment_tag(whitespace))
                line = []
    _tag_line(tags, line, line_tag)
    return tags


def _tag_line(tags: dict[str, str], line: list[str], tag: str | None) -> None:
    if tag is not None:
        tags.update((name, tag) for name in line if name not in _RECEIVERS)


def _with_markers(node: cst.Parameters) -> Iterator[cst.CSTNode]:
    yield from node.posonly_params
    if isinstance(node.posonly_ind, cst.ParamSlash):
        yield node.posonly_ind
    yield from node.params
    if isinstance(node.star_arg, cst.Param | cst.ParamStar):
        yield node.star_arg
    yield from node.kwonly_params
    if node.star_kwarg is not None:
        yield node.star_kwarg


def _spaces_after(item: cst.CSTNode) -> Iterator[object]:
    comma = getattr(item, "comma", None)
    yield from (getattr(item, name, None) for name in ("whitespace_after", "whitespace_after_param"))
    if isinstance(comma, cst.Comma):
        yield comma.whitespace_before
        yield comma.whitespace_after
