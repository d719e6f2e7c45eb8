"""Import statements, lazy ones too."""

from __future__ import annotations

from sys import intern

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Statement
from purposelint.syntax.lowering import Lowering, Table


def _dotted(low: Lowering, node: cst.BaseExpression | None) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(low.word(node.attr.value))
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(low.word(node.value))
    return intern(".".join(reversed(parts)))


def _alias(alias: cst.ImportAlias) -> str | None:
    name = None if alias.asname is None else alias.asname.name
    return name.value if isinstance(name, cst.Name) else None


def _import(low: Lowering, node: cst.Import | cst.LazyImport) -> tuple[Statement, ...]:
    lowered = []
    for name in node.names:
        ref = low.mark(name)
        module = _dotted(low, name.name)
        alias = _alias(name)
        bound = low.bind(module.partition(".")[0] if alias is None else alias)
        lowered.append(facts.Import(module, None if alias is None else bound, ref))
    return tuple(lowered)


def _import_from(low: Lowering, node: cst.ImportFrom | cst.LazyImportFrom) -> tuple[Statement, ...]:
    ref = low.mark(node)
    module = _dotted(low, node.module)
    names: list[tuple[str, str]] = []
    if isinstance(node.names, cst.ImportStar):
        names.append(("*", "*"))
    else:
        for name in node.names:
            plain = _dotted(low, name.name)
            names.append((plain, low.bind(_alias(name) or plain)))
    return (facts.ImportFrom(module, len(node.relative), tuple(names), ref),)


HANDLERS = Table(
    {
        cst.Import: _import,
        cst.LazyImport: _import,
        cst.ImportFrom: _import_from,
        cst.LazyImportFrom: _import_from,
    }
)
