"""The patterns of ``match``."""

from __future__ import annotations

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Pattern
from purposelint.syntax.lowering import Lowering, Table


def _value(low: Lowering, node: cst.MatchValue | cst.MatchSingleton) -> Pattern:
    ref = low.mark(node)
    return facts.ValuePattern(low.expr(node.value), ref)


def _captured(low: Lowering, name: cst.Name | None) -> facts.Name | None:
    return None if name is None else low.target_name(name)


def _capture(low: Lowering, node: cst.MatchAs) -> Pattern:
    ref = low.mark(node)
    pattern = None if node.pattern is None else low.pattern(node.pattern)
    return facts.CapturePattern(pattern, _captured(low, node.name), ref)


def _star(low: Lowering, node: cst.MatchStar) -> Pattern:
    ref = low.mark(node)
    return facts.StarPattern(_captured(low, node.name), ref)


def _element(low: Lowering, node: cst.MatchSequenceElement | cst.MatchStar) -> Pattern:
    return _star(low, node) if isinstance(node, cst.MatchStar) else low.pattern(node.value)


def _sequence(low: Lowering, node: cst.MatchList | cst.MatchTuple) -> Pattern:
    ref = low.mark(node)
    return facts.SequencePattern(tuple([_element(low, element) for element in node.patterns]), ref)


def _mapping(low: Lowering, node: cst.MatchMapping) -> Pattern:
    ref = low.mark(node)
    items = tuple([(low.expr(element.key), low.pattern(element.pattern)) for element in node.elements])
    return facts.MappingPattern(items, _captured(low, node.rest), ref)


def _class(low: Lowering, node: cst.MatchClass) -> Pattern:
    ref = low.mark(node)
    cls = low.expr(node.cls)
    positional = tuple([low.pattern(element.value) for element in node.patterns])
    keywords = tuple([(low.word(element.key.value), low.pattern(element.pattern)) for element in node.kwds])
    return facts.ClassPattern(cls, positional, keywords, ref)


def _or(low: Lowering, node: cst.MatchOr) -> Pattern:
    ref = low.mark(node)
    return facts.OrPattern(tuple([low.pattern(element.pattern) for element in node.patterns]), ref)


HANDLERS = Table(
    {
        cst.MatchValue: _value,
        cst.MatchSingleton: _value,
        cst.MatchAs: _capture,
        cst.MatchStar: _star,
        cst.MatchList: _sequence,
        cst.MatchTuple: _sequence,
        cst.MatchMapping: _mapping,
        cst.MatchClass: _class,
        cst.MatchOr: _or,
    }
)
