"""The result of a run as bytes and back, for a later run of code in which only other things have changed."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Any

from purposelint.config.model import Annotations
from purposelint.dataflow.flows import Hop, MatchSite, Place, SinkSite, SourceSite
from purposelint.dataflow.graph import Edge, GraphBuilder
from purposelint.dataflow.solve import GraphFlows
from purposelint.facts.collector import collector_paused


def pack(flows: GraphFlows) -> bytes:
    """The bytes of what a run has found."""
    # To ask for an empty graph would load networkx.
    adjacent: Mapping[int, Any] = flows.graph.adj if flows.statistics.get("nodes", 1) else {}
    hops = ((node, flows.hop(node)) for node in adjacent)
    return marshal.dumps(
        (
            [(node, *_plain(hop.place), hop.note, sorted(hop.gates)) for node, hop in hops],
            [
                (start, end, edge.kind, edge.site, edge.through, edge.transform)
                for start, ends in adjacent.items()
                for end, edges in ends.items()
                for edge in _edges(edges)
            ],
            [(each.source, *_plain(each.place), each.nodes) for each in flows.sources],
            [(each.sink, *_plain(each.place), each.nodes, sorted(each.gates), each.retention) for each in flows.sinks],
            [(*_plain(each.place), each.left, each.right, sorted(each.gates)) for each in flows.matches],
            sorted(flows.matched),
            dict(flows.statistics),
        )
    )


def unpack(packed: bytes, annotations: Annotations, refs: Mapping[str, Mapping[int, int]]) -> GraphFlows | None:
    """What `pack` was given, in the files as they are now; None where a place of it is gone.

    ``annotations`` are those of that run, with the sources that the code itself tags. ``refs`` has the files in which
    nodes have other refs now: those now, by those before.
    """
    with collector_paused():
        return _unpacked(packed, annotations, refs)


def _unpacked(packed: bytes, annotations: Annotations, refs: Mapping[str, Mapping[int, int]]) -> GraphFlows | None:
    hops, edges, sources, sinks, matches, matched, statistics = marshal.loads(packed)

    def place(path: str, ref: int) -> Place:
        return Place(path, refs[path][ref] if path in refs else ref)

    built = GraphBuilder()
    try:
        for node, path, ref, note, gates in hops:
            built.graph.add_node(node, hop=Hop(place(path, ref), note, frozenset(gates)))
        for start, end, *edge in edges:
            built.graph.add_edge(start, end, key=Edge(*edge))
        return GraphFlows(
            built,
            annotations,
            [SourceSite(source, place(path, ref), nodes) for source, path, ref, nodes in sources],
            [
                SinkSite(sink, place(path, ref), nodes, frozenset(gates), retention)
                for sink, path, ref, nodes, gates, retention in sinks
            ],
            [MatchSite(place(path, ref), left, right, frozenset(gates)) for path, ref, left, right, gates in matches],
            frozenset(matched),
            statistics,
        )
    except KeyError:
        return None


def _plain(place: Place) -> tuple[str, int]:
    return place.path, place.ref


def _edges(edges: Any) -> Any:
    """The keys of `networkx` edges, which its stubs take for ints."""
    return edges
