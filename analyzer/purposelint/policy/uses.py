"""Uses: which data arrives at which sink at all, whether it may or not. What a change widens is told from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from purposelint.config.model import Annotations, Source
from purposelint.dataflow.flows import Arrival, Flows, SinkSite
from purposelint.policy.findings import Use
from purposelint.policy.fingerprints import unqualified
from purposelint.policy.walls import leaves_undeclared


class Uses:
    """Collects the uses of a run. ``undeclared``: also those at sinks that nobody described (see PUR006)."""

    def __init__(self, annotations: Annotations, flows: Flows, undeclared: bool) -> None:
        self._sinks = annotations.sinks
        self._flows = flows
        self._rows: dict[int, list[SinkSite]] = {}
        for row in flows.sinks:
            if not row.place.is_modelled and (undeclared or not leaves_undeclared(self._sinks[row.sink])):
                for node in row.nodes:
                    self._rows.setdefault(node, []).append(row)
        self._found: dict[Use, Use] = {}

    def note(self, site: int, arrivals: Mapping[int, Sequence[Arrival]]) -> None:
        """What arrives from a source place is used."""
        source = known_name(self._flows.sources_declared[self._flows.sources[site].source])
        for node, arrived in arrivals.items():
            for row in self._rows.get(node, ()):
                sink = self._sinks[row.sink]
                path, ref = row.place.path, row.place.ref
                for arrival in arrived:
                    use = Use(source, arrival.category, sink.id, sink.purpose, sink.recipient, path, ref)
                    known = self._found.get(use)
                    if known is None or (path, ref) < (known.path, known.ref):
                        self._found[use] = replace(use, way=self._way(arrival))

    def _way(self, arrival: Arrival) -> tuple[tuple[str, int, str], ...]:
        hops = map(self._flows.hop, arrival.path)
        return tuple((hop.place.path, hop.place.ref, hop.note) for hop in hops if not hop.place.is_modelled)

    def found(self) -> tuple[Use, ...]:
        """The uses, in order of place."""
        return tuple(sorted(self._found.values(), key=_order))


def known_name(source: Source) -> str:
    """What a source is known by when files are renamed: one that a comment declares is called by its module, too."""
    return unqualified(source.id) if source.pack == "comment" else source.id


def new_uses(before: Iterable[Use], now: Iterable[Use]) -> dict[Use, tuple[str, ...]]:
    """What the uses of now have that those before have not, and in what: ``recipient``, ``purpose``, ``source``.

    A recipient or purpose is new to the data of a source, a source is new to a sink. Data that has become
    another category is not new.
    """
    known = list(before)
    recipients = {(use.source, use.recipient) for use in known}
    purposes = {(use.source, use.purpose) for use in known}
    sources = {(use.source, use.sink) for use in known}
    result: dict[Use, tuple[str, ...]] = {}
    seen: set[Use] = set()
    for use in now:
        whatever = replace(use, data=None)
        if whatever in seen:
            continue
        seen.add(whatever)
        news = []
        if use.recipient is not None and (use.source, use.recipient) not in recipients:
            news.append("recipient")
        if use.purpose is not None and (use.source, use.purpose) not in purposes:
            news.append("purpose")
        if (use.source, use.sink) not in sources:
            news.append("source")
        if news:
            result[use] = tuple(news)
    return result


def _order(use: Use) -> tuple[str, int, str, str, str, str, str]:
    return use.path, use.ref, use.source, use.data or "", use.sink, use.purpose or "", use.recipient or ""
