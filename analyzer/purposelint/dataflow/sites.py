"""Where data enters, where declared sinks are given it, and where it is compared: what a run has met so far."""

from __future__ import annotations

from collections.abc import Collection

from purposelint.dataflow.flows import MatchSite, Place, SinkSite, SourceSite
from purposelint.dataflow.values import Tags


class Sites:
    """Collects the places of a run, each once, with the nodes of the data there."""

    def __init__(self) -> None:
        self._sources: dict[tuple[int, Place], dict[int, None]] = {}
        self._sinks: dict[tuple[int, int, Place], SinkSite] = {}
        self._matches: dict[Place, tuple[dict[int, None], dict[int, None]]] = {}

    def add_source(self, source: int, place: Place, node: int) -> None:
        """Data of a source enters at a place."""
        self._sources.setdefault((source, place), {})[node] = None

    def add_sink(
        self, sink: int, instance: int, place: Place, nodes: Tags, gates: frozenset[int], retention: float | None
    ) -> None:
        """A declared sink is given tagged data in an instance."""
        key = (sink, instance, place)
        old = self._sinks.get(key)
        if old is not None:
            nodes |= frozenset(old.nodes)
            gates &= old.gates
            if old.retention is None or retention is None:
                retention = None
            else:
                retention = max(old.retention, retention)
        self._sinks[key] = SinkSite(sink, place, tuple(sorted(nodes)), gates, retention)

    def add_match(self, place: Place, left: Tags, right: Tags) -> None:
        """Tagged data is compared with other tagged data; what models compare for themselves is no match."""
        if place.is_modelled:
            return
        sides = self._matches.setdefault(place, ({}, {}))
        for node in sorted(left):
            sides[0][node] = None
        for node in sorted(right):
            sides[1][node] = None

    def sources(self) -> list[SourceSite]:
        """Where data enters, sorted."""
        rows = [SourceSite(source, place, tuple(sorted(nodes))) for (source, place), nodes in self._sources.items()]
        return sorted(rows, key=lambda row: (row.place.path, row.place.ref, row.source))

    def sinks(self) -> list[SinkSite]:
        """Where sinks are given data, sorted."""
        rows = list(self._sinks.values())
        return sorted(rows, key=lambda row: (row.place.path, row.place.ref, row.sink, row.nodes))

    def matches(self) -> list[MatchSite]:
        """Where data is compared, sorted."""
        rows = [MatchSite(place, tuple(left), tuple(right)) for place, (left, right) in self._matches.items()]
        return sorted(rows, key=lambda row: (row.place.path, row.place.ref))

    def forget(self, instances: Collection[int], nodes: set[int]) -> None:
        """Take out sinks that instances have met, and nodes that are no more."""
        for held in (*self._sources.values(), *(side for sides in self._matches.values() for side in sides)):
            for node in nodes & held.keys():
                del held[node]
        self._sources = {key: held for key, held in self._sources.items() if held}
        self._sinks = {key: site for key, site in self._sinks.items() if key[1] not in instances}
