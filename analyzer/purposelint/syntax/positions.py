"""Where things stand in a file. LibCST writes the file again for that: only files with findings are asked for it.

Its `PositionProvider` gives the same places. Going by way of its metadata takes twice the time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from purposelint.facts.collector import collector_paused
from purposelint.facts.span import Span
from purposelint.syntax.deep import run_deep
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.lower import lower_tree
from purposelint.syntax.parsing import parse

_Range = tuple[int, int, int, int]
Positions = Mapping[cst.CSTNode, _Range]
"""Line and column of a node's start, then of its end; lines from 1, columns from 0."""

_NEWLINE = re.compile(r"\r\n?|\n")


def locate(source: bytes, refs: Collection[int]) -> dict[int, Span]:
    """The places of refs that `lower` gave for the same source, in ascending order of refs.

    A compound statement's place is all of it, its blocks included; a definition's begins at
    ``def``, ``async`` or ``class``. What stands in a string annotation has the string's place.
    Refs that the file does not have are left out. Raises `UnreadableSource` as `lower` does.
    """
    return run_deep(_locate, source, refs) if refs else {}


def statements(source: bytes) -> tuple[Span, ...]:
    """The lines of code as Python joins them: simple statements, and headers of compound ones, in order.

    A header goes from its keyword, or from the first decorator, to its colon. Raises
    `UnreadableSource` as `lower` does.
    """
    return run_deep(_statements, source)


def statement_lines(spans: Sequence[Span], line: int) -> tuple[int, int]:
    """The first and the last line of the statement (of `statements`) on ``line``; the line itself where there is none.

    Where several meet on the line, the lines of all of them.
    """
    around = [span for span in spans if span.line <= line <= span.end_line]
    if not around:
        return line, line
    return min(span.line for span in around), max(span.end_line for span in around)


@lru_cache(maxsize=1)
def positioned(source: bytes) -> tuple[cst.Module, Positions]:
    """A file's tree with the places of all its nodes; that of the last file is kept for the next question."""
    tree = parse(source)
    writing = _Writing(tree.default_indent, tree.default_newline)
    try:
        with collector_paused(), _shallow_c_stack():
            tree._codegen(writing)
    except RecursionError:
        raise UnreadableSource(1, 1, "nested too deeply") from None
    return tree, writing.positions


class _Writing(CodegenState):
    """Notes where each node begins and ends while a tree is written; nothing is kept of the text."""

    __slots__ = ("_open", "column", "line", "positions")

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline)
        self.line, self.column = 1, 0
        self.positions: dict[cst.CSTNode, _Range] = {}
        self._open: list[tuple[int, int]] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.column += len(token)

    def add_token(self, value: str) -> None:
        if "\n" in value or "\r" in value:
            *lines, last = _NEWLINE.split(value)
            self.line += len(lines)
            self.column = len(last)
        else:
            self.column += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._open.append((self.line, self.column))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._open.pop()
        if node not in self.positions:  # else it has said itself what of it counts
            self.positions[node] = (*start, self.line, self.column)

    @contextmanager
    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Iterator[None]:
        start = self.line, self.column
        yield
        end = self.line, self.column
        if start_node is not None:
            start = self.positions[start_node][:2]
        if end_node is not None:
            end = self.positions[end_node][2:]
        self.positions[node] = (*start, *end)


@contextmanager
def _shallow_c_stack() -> Iterator[None]:
    """Let LibCST write deep trees on Python 3.12 and 3.13, whose bound of calls from C cannot be moved.

    There a call of a bound method with ``**`` goes by way of C; the same call of the function does not.
    """
    if not (3, 12) <= sys.version_info < (3, 14):
        yield
        return
    original = cst.CSTNode._codegen
    cst.CSTNode._codegen = _codegen  # type: ignore[method-assign]
    try:
        yield
    finally:
        cst.CSTNode._codegen = original  # type: ignore[method-assign]


def _codegen(self: cst.CSTNode, state: Any, **options: Any) -> None:
    state.before_codegen(self)
    if options:
        type(self)._codegen_impl(self, state, **options)
    else:
        self._codegen_impl(state)
    state.after_codegen(self)


def span(place: _Range) -> Span:
    """A place as LibCST counts it (columns from 0) as ours (columns from 1)."""
    line, column, end_line, end_column = place
    return Span(line, column + 1, end_line, end_column + 1)


def _locate(source: bytes, refs: Collection[int]) -> dict[int, Span]:
    tree, positions = positioned(source)
    with collector_paused():
        _, nodes = lower_tree(tree, source)
    return {ref: span(positions[nodes[ref]]) for ref in sorted(refs) if 0 <= ref < len(nodes)}


def _statements(source: bytes) -> tuple[Span, ...]:
    _, positions = positioned(source)
    spans = []
    for node, place in positions.items():
        if isinstance(node, cst.BaseSmallStatement):
            spans.append(span(place))
        elif (header := _header(node)) is not None:
            first, colon = header
            spans.append(span((*positions[first][:2], *positions[colon][:2])))
    return tuple(sorted(spans, key=_order))


def _order(place: Span) -> tuple[int, int, int, int]:
    return place.line, place.column, place.end_line, place.end_column


def _header(node: cst.CSTNode) -> tuple[cst.CSTNode, cst.CSTNode] | None:
    """The node with which the header of a block begins, and the node that follows its colon."""
    if isinstance(node, cst.Match):
        return node, node.whitespace_after_colon
    body = getattr(node, "body", None)
    if isinstance(body, cst.IndentedBlock):
        colon: cst.CSTNode = body.header
    elif isinstance(body, cst.SimpleStatementSuite):
        colon = body.leading_whitespace
    else:
        return None
    decorators = getattr(node, "decorators", ())
    return (decorators[0] if decorators else node), colon
