"""Uses: which data arrives at which sink at all, whether it may or not. What a change widens is told from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from purposelint.config.model import Annotations, Source
from purposelint.dataflow.flows import Arrival, Flows, Place, SinkSite
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
        self._found: dict[Use, Place] = {}

    def note(self, site: int, arrivals: Mapping[int, Sequence[Arrival]]) -> None:
        """What arrives from a source place is used."""
        source = known_name(self._flows.sources_declared[self._flows.sources[site].source])
        for node, arrived in arrivals.items():
            for row in self._rows.get(node, ()):
                sink = self._sinks[row.sink]
                for arrival in arrived:
                    use = Use(source, arrival.category, sink.id, sink.purpose, sink.recipient)
                    known = self._found.get(use)
                    if known is None or _order(row.place) < _order(known):
                        self._found[use] = row.place

    def found(self) -> dict[Use, Place]:
        """The uses, each with the first place of its sink, in order."""
        return dict(sorted(self._found.items(), key=lambda item: (_order(item[1]), _words(item[0]))))


def known_name(source: Source) -> str:
    """What a source is known by when files are renamed: one that a comment declares is called by its module, too."""
    return unqualified(source.id) if source.pack == "comment" else source.id


def new_uses(before: Mapping[Use, Place], now: Mapping[Use, Place]) -> dict[Use, tuple[str, ...]]:
    """What the uses of now have that those before have not, and in what: ``recipient``, ``purpose``, ``source``.

    A recipient or purpose is new to the data of a source, a source is new to a sink. One that has become
    another category of data is not new.
    """
    recipients = {(use.source, use.recipient) for use in before}
    purposes = {(use.source, use.purpose) for use in before}
    sources = {(use.source, use.sink) for use in before}
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


def _order(place: Place) -> tuple[str, int]:
    return place.path, place.ref


def _words(use: Use) -> tuple[str, ...]:
    return use.source, use.data or "", use.sink, use.purpose or "", use.recipient or ""
