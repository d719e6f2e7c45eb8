"""The state of one walk over a file's tree, and the dispatch from node class to handler.

Every handler takes the `Lowering` and a node; it takes the node's ref (`Lowering.mark`)
before it lowers the children, so refs count in the order in which nodes are met. The
handlers live in the modules beside this one; `purposelint.syntax.lower` puts the tables
together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import libcst as cst

from purposelint.facts.syntax import Class, Expr, Function, Name, Pattern, Star, Statement
from purposelint.facts.syntax import Sequence as SequenceDisplay
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.scopes import Scope, mangled, spelling
from purposelint.syntax.tags import comment_tag

ExpressionHandler = Callable[["Lowering", Any], Expr]
PatternHandler = Callable[["Lowering", Any], Pattern]
StatementHandler = Callable[["Lowering", Any], tuple[Statement, ...]]


class Table(dict[type[cst.CSTNode], Any]):
    """Handlers by node class; a class that a newer LibCST made up makes the file unreadable, not the run."""

    def __missing__(self, kind: type[cst.CSTNode]) -> Any:
        raise UnreadableSource(1, 1, f"has syntax that this version does not know ({kind.__name__})")


class Lowering:
    """One walk. ``nodes[ref]`` is the node of a ref; ``functions`` and ``classes`` fill as definitions end."""

    __slots__ = (
        "_expressions",
        "_patterns",
        "_private",
        "_spellings",
        "_statements",
        "classes",
        "functions",
        "names",
        "nodes",
        "renames",
        "scope",
        "tag",
        "tagging",
    )

    def __init__(
        self,
        expressions: Mapping[type[cst.CSTNode], ExpressionHandler],
        statements: Mapping[type[cst.CSTNode], StatementHandler],
        patterns: Mapping[type[cst.CSTNode], PatternHandler],
        *,
        tagging: bool,
    ) -> None:
        self._expressions = expressions
        self._statements = statements
        self._patterns = patterns
        self._private = ""
        self._spellings: dict[str, str] = {}
        self.nodes: list[cst.CSTNode] = []
        self.functions: list[Function | None] = []
        self.classes: list[Class | None] = []
        self.names: set[str] = set()
        self.renames: dict[str, str] = {}
        self.scope = Scope("module")
        self.tag: str | None = None
        self.tagging = tagging

    # --- refs and names

    def mark(self, node: cst.CSTNode) -> int:
        """The ref of a node."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def identifier(self, text: str) -> str:
        """A variable's or attribute's name, mangled where it is private; noted among the names of the block."""
        found = self._spellings.get(text)
        if found is None:
            plain = spelling(text)
            found = self._spellings[text] = mangled(plain, self._private) if self._private else plain
        if found != text:
            self.names.add(spelling(text))
        self.names.add(found)
        return found

    def word(self, text: str) -> str:
        """A name that is never mangled (keyword, part of a module's name); noted among the names of the block."""
        plain = spelling(text)
        self.names.add(plain)
        return plain

    def bind(self, text: str) -> str:
        """The name that this block binds when it binds ``text``."""
        found = self.identifier(text)
        self.scope.bound.add(found)
        return found

    @contextmanager
    def block(self, scope: Scope, private: str | None = None) -> Iterator[Scope]:
        """Lower what is inside in ``scope``; ``private`` is the class's name where it is a class."""
        before = self.scope, self.renames, self._private, self._spellings, self.tag
        self.scope, self.tag = scope, None
        if private is not None:
            self._private, self._spellings = private, {}
        yield scope
        self.scope, self.renames, self._private, self._spellings, self.tag = before

    # --- dispatch

    def expr(self, node: cst.CSTNode) -> Expr:
        """Lower an expression that is read."""
        handler: ExpressionHandler = self._expressions[type(node)]
        return handler(self, node)

    def maybe(self, node: cst.CSTNode | None) -> Expr | None:
        """Lower an expression that may be absent."""
        return None if node is None else self.expr(node)

    def target(self, node: cst.CSTNode) -> Expr:
        """Lower what is assigned to (or deleted), binding its names."""
        if isinstance(node, cst.Name):
            return self.target_name(node)
        if isinstance(node, cst.Tuple | cst.List):
            ref = self.mark(node)
            items = tuple([self.target(_element(item)) for item in node.elements])
            return SequenceDisplay("tuple" if isinstance(node, cst.Tuple) else "list", items, ref)
        if isinstance(node, cst.StarredElement):
            ref = self.mark(node)
            return Star(self.target(node.value), ref)
        return self.expr(node)

    def target_name(self, node: cst.Name) -> Name:
        """Lower a name that is bound; that of a comprehension's variable is its unique one."""
        ref = self.mark(node)
        if self.renames and (renamed := self.renames.get(self.identifier(node.value))) is not None:
            return Name(renamed, ref)
        return Name(self.bind(node.value), ref)

    def pattern(self, node: cst.CSTNode) -> Pattern:
        """Lower a pattern of a case."""
        handler: PatternHandler = self._patterns[type(node)]
        return handler(self, node)

    def suite(self, suite: cst.BaseSuite) -> tuple[Statement, ...]:
        """Lower the block of a compound statement."""
        if isinstance(suite, cst.SimpleStatementSuite):
            return self._line(suite)
        assert isinstance(suite, cst.IndentedBlock)
        return self.statements(suite.body)

    def statements(self, body: Any) -> tuple[Statement, ...]:
        """Lower statements in their order."""
        lowered: list[Statement] = []
        for node in body:
            if type(node) is cst.SimpleStatementLine:
                lowered += self._line(node)
            else:
                lowered += self._statements[type(node)](self, node)
        return tuple(lowered)

    def _line(self, line: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> tuple[Statement, ...]:
        if self.tagging:
            self.tag = comment_tag(line.trailing_whitespace)
        handlers = self._statements
        if len(line.body) == 1:
            (only,) = line.body
            return handlers[type(only)](self, only)
        return tuple([statement for node in line.body for statement in handlers[type(node)](self, node)])


def _element(item: cst.BaseElement) -> cst.BaseExpression:
    """What an element of a target holds; a starred one stands for itself."""
    return item if isinstance(item, cst.StarredElement) else item.value
