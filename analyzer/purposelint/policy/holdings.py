"""What is known at a place of the code: tagged data that is there, sources and sinks that are, and how it came.

A *holding* is data of one source at a place. It is asked for after the run, for a line or a point in one, so ways are
searched only from the sources that lead there at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from purposelint.config.model import Annotations, Limits, Sink, Source
from purposelint.dataflow.flows import Flows, Place
from purposelint.facts.span import Span
from purposelint.policy.categories import limits_on_arrival
from purposelint.policy.findings import Step
from purposelint.policy.places import Places


class Graph(Protocol):
    """The data-flow graph, as far as it is walked here."""

    def successors(self, n: int, /) -> Iterator[int]:
        """The nodes that edges lead to."""

    def predecessors(self, n: int, /) -> Iterator[int]:
        """The nodes from which edges come."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Data of ``source`` at ``span``: what happens there, the category it has, its limits, and a shortest way."""

    span: Span
    note: str
    source: Source
    data: str | None
    limits: Limits
    way: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class UsedAt:
    """A use of a declared sink to which tagged data is handed, and the gates that hold there."""

    span: Span
    sink: Sink
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryAt:
    """A place where data of a source enters."""

    span: Span
    source: Source


class Holdings:
    """Answers what is where, for the flows of one run."""

    def __init__(self, flows: Flows, graph: Graph, annotations: Annotations, places: Places) -> None:
        self._flows = flows
        self._graph = graph
        self._annotations = annotations
        self._places = places
        self._nodes: dict[str, dict[int, list[int]]] | None = None

    def lines(self, path: str) -> list[int]:
        """The lines of a file on which tagged data is known to be, sorted."""
        self._prepare(path)
        return sorted({self._places.span(Place(path, ref)).line for ref in self._of(path)})

    def at(self, path: str, line: int, column: int | None = None) -> list[Holding]:
        """What is held on a line, or at a point of it, by place and source; one way for each."""
        self._prepare(path)
        chosen = {
            node: span
            for ref, nodes in sorted(self._of(path).items())
            if holds(span := self._places.span(Place(path, ref)), line, column)
            for node in nodes
        }
        found: dict[tuple[Span, str, str, str | None], Holding] = {}
        for site, arrivals in self._arrivals(frozenset(chosen)):
            source = self._flows.sources_declared[site]
            for node, category, way in arrivals:
                note = self._flows.hop(node).note
                key = (chosen[node], note, source.id, category)
                if key not in found or len(way) < len(found[key].way):
                    limits = limits_on_arrival(self._annotations, source, category)
                    found[key] = Holding(chosen[node], note, source, category, limits, self.way(way))
        return sorted(found.values(), key=lambda each: (order(each.span), each.source.id, each.note))

    def entries(self, path: str, line: int, column: int | None = None) -> list[EntryAt]:
        """The places on a line where data enters."""
        found = {
            (span, site.source): EntryAt(span, self._flows.sources_declared[site.source])
            for site in self._flows.sources
            if site.place.path == path and holds(span := self._places.span(site.place), line, column)
        }
        return sorted(found.values(), key=lambda each: (order(each.span), each.source.id))

    def uses(self, path: str, line: int, column: int | None = None) -> list[UsedAt]:
        """The uses of declared sinks on a line to which tagged data is handed."""
        found: dict[tuple[Span, int], UsedAt] = {}
        for row in self._flows.sinks:
            if row.place.path == path and holds(span := self._places.span(row.place), line, column):
                gates = tuple(self._annotations.gates[gate].id for gate in sorted(row.gates))
                found.setdefault((span, row.sink), UsedAt(span, self._annotations.sinks[row.sink], gates))
        return sorted(found.values(), key=lambda each: (order(each.span), each.sink.id))

    def way(self, path: Iterable[int]) -> tuple[Step, ...]:
        """The steps of a way through the graph; what lies in the model of a library is left out."""
        steps: list[Step] = []
        for hop in map(self._flows.hop, path):
            if not hop.place.is_modelled:
                step = Step(hop.place.path, self._places.span(hop.place), hop.note)
                if not steps or (steps[-1].path, steps[-1].span.line) != (step.path, step.span.line):
                    steps.append(step)
        return tuple(steps)

    def _arrivals(self, goals: frozenset[int]) -> Iterator[tuple[int, list[tuple[int, str | None, tuple[int, ...]]]]]:
        """By source: the goals that its data reaches, the category there, and the way."""
        feeding = reached_from(goals, self._graph.predecessors)
        for site in self._flows.sources:
            if not feeding.isdisjoint(site.nodes):
                arrivals = self._flows.arrivals(site, goals)
                yield (
                    site.source,
                    [(node, each.category, each.path) for node, found in sorted(arrivals.items()) for each in found],
                )

    def _of(self, path: str) -> dict[int, list[int]]:
        """The nodes of a file, by ref."""
        if self._nodes is None:
            self._nodes = {}
            starts = frozenset(node for site in self._flows.sources for node in site.nodes)
            for node in sorted(reached_from(starts, self._graph.successors)):
                place = self._flows.hop(node).place
                self._nodes.setdefault(place.path, {}).setdefault(place.ref, []).append(node)
        return self._nodes.get(path, {})

    def _prepare(self, path: str) -> None:
        self._places.prepare([Place(path, ref) for ref in sorted(self._of(path))])


def reached_from(starts: Iterable[int], following: Callable[[int], Iterable[int]]) -> frozenset[int]:
    """All nodes that are met from ``starts``, these included, whichever calls and returns lead there."""
    seen = set(starts)
    queue = deque(sorted(seen))
    while queue:
        for node in following(queue.popleft()):
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return frozenset(seen)


def holds(span: Span, line: int, column: int | None) -> bool:
    """Whether a place is on a line, or around a point of it."""
    if not span.line <= line <= span.end_line:
        return False
    if column is None:
        return True
    after = (line, column) >= (span.line, span.column)
    return after and (line, column) <= (span.end_line, span.end_column)


def order(span: Span) -> tuple[int, int, int, int]:
    """By which places are sorted."""
    return span.line, span.column, span.end_line, span.end_column
