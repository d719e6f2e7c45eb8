"""Sinks that models of libraries use: they are told where the project's code calls the library.

A model's function is run once for all calls that look alike, so that its place says nothing of who calls it. What comes
to a sink in it is given a node of its own where the way enters the library last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from purposelint.dataflow.flows import Place, SinkSite
from purposelint.dataflow.graph import Edge

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine


def sinks(machine: Machine) -> list[SinkSite]:
    """The places where sinks are given data, none of them in a model."""
    rows = machine.sites.sinks()
    inside = [row for row in rows if row.place.is_modelled]
    if not inside:
        return rows
    found: dict[tuple[int, Place, frozenset[int], float | None], set[int]] = {}
    for start, edge, reached in _entered(machine, frozenset(node for row in inside for node in row.nodes)):
        hop = machine.graph.hop(start)
        place = machine.called_at[edge.site] if edge.kind == "call" else hop.place
        for row in inside:
            if reached.isdisjoint(row.nodes) or place.is_modelled:
                continue
            key = ("outside", start, edge, row.sink)
            node = machine.graph.node(key, place, "handed over", hop.gates, machine.graph.owners[start])
            machine.graph.edge(start, node, Edge("value", through=edge.through, transform=edge.transform))
            found.setdefault((row.sink, place, row.gates, row.retention), set()).add(node)
    rows = [row for row in rows if not row.place.is_modelled]
    rows += [
        SinkSite(sink, place, tuple(sorted(nodes)), gates, retention)
        for (sink, place, gates, retention), nodes in found.items()
    ]
    return sorted(rows, key=lambda row: (row.place.path, row.place.ref, row.sink, row.nodes))


def _entered(machine: Machine, goals: frozenset[int]) -> list[tuple[int, Edge, frozenset[int]]]:
    """The edges by which data enters models: where each begins, and which goals it leads to from there on."""
    from purposelint.dataflow.solve import Leading, Search  # noqa: PLC0415

    graph, hop = machine.graph.graph, machine.graph.hop
    leading = Leading(graph, goals)
    adjacent = cast("Mapping[int, Mapping[int, Mapping[Edge, object]]]", graph.adj)
    search = Search(leading, machine.annotations.transforms, lambda node: hop(node).place.is_modelled)
    reached: dict[tuple[int, bool], frozenset[int]] = {}
    found: list[tuple[int, Edge, frozenset[int]]] = []
    for end in sorted(node for node in leading.nodes if hop(node).place.is_modelled):
        for start in sorted(node for node in graph.pred[end] if not hop(node).place.is_modelled):
            for edge in sorted(adjacent[start][end], key=lambda each: (each.kind, each.site, each.through)):
                down = edge.kind == "call"
                if (end, down) not in reached:
                    facts = search.from_source((end,), None, goals, down=down)
                    reached[end, down] = frozenset(node for node, _ in facts)
                found.append((start, edge, reached[end, down]))
    return found
