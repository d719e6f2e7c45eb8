"""Put the handlers together: `lower` gives a file's facts, `lower_tree` their refs' nodes as well."""

from __future__ import annotations

import libcst as cst

from purposelint.facts.collector import collector_paused
from purposelint.facts.syntax import Module
from purposelint.syntax import (
    compound,
    comprehensions,
    definitions,
    expressions,
    imports,
    patterns,
    statements,
    strings,
)
from purposelint.syntax.deep import run_deep
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.lowering import Lowering, Table
from purposelint.syntax.parsing import parse
from purposelint.syntax.tags import may_hold_tags

_EXPRESSIONS = Table({**expressions.HANDLERS, **strings.HANDLERS, **comprehensions.HANDLERS, **definitions.EXPRESSIONS})
_STATEMENTS = Table({**statements.HANDLERS, **imports.HANDLERS, **compound.HANDLERS, **definitions.STATEMENTS})


def lower(source: bytes) -> Module:
    """The facts of a file. Raises `UnreadableSource` where it cannot be decoded or parsed, and nothing else."""
    return run_deep(_lower, source)


def _lower(source: bytes) -> Module:
    with collector_paused():
        module, _ = lower_tree(parse(source), source)
    return module


def lower_tree(tree: cst.Module, source: bytes) -> tuple[Module, list[cst.CSTNode]]:
    """The facts of a parsed file, and the node of each ref. Same source, same refs."""
    low = Lowering(_EXPRESSIONS, _STATEMENTS, patterns.HANDLERS, tagging=may_hold_tags(source))
    try:
        body = low.statements(tree.body)
    except RecursionError:
        raise UnreadableSource(1, 1, "nested too deeply") from None
    module = Module(
        body=body,
        functions=tuple([function for function in low.functions if function is not None]),
        classes=tuple([cls for cls in low.classes if cls is not None]),
        locals=low.scope.locals(),
        names=tuple(sorted(low.names)),
        tagging=low.tagging,
    )
    return module, low.nodes
