"""Findings: cases and complaints about entries and comments, put into words and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from purposelint.config.model import Annotations, Origin
from purposelint.dataflow.flows import Flows, Place
from purposelint.facts.span import Span
from purposelint.policy.cases import Case, Way
from purposelint.policy.findings import Finding, SinkEnd, SourceEnd, Step, SuppressedBy, shown_steps, way_of
from purposelint.policy.fingerprints import identity, unqualified
from purposelint.policy.messages import Messages
from purposelint.policy.places import Places, Suppression, Unreadable
from purposelint.policy.uses import known_name


class Telling:
    """Makes findings. Their ``fingerprint`` is the identity that `fingerprints.numbered` goes on from."""

    def __init__(self, annotations: Annotations, flows: Flows, places: Places, severities: Mapping[str, str]) -> None:
        self._annotations = annotations
        self._flows = flows
        self._places = places
        self._severities = severities
        self._messages = Messages(annotations, flows, places)

    def prepare(self, cases: Sequence[Case]) -> None:
        """Announce the places that will be shown."""
        self._places.prepare(sorted({place for case in cases for place in self._shown(case)}, key=_order))

    def case(
        self, case: Case, note: str = "", suppressed: str | None = None, by: SuppressedBy | None = None
    ) -> Finding:
        """The finding of a case. ``note`` is added to its message, ``suppressed`` says why it is not told."""
        said = self._messages.said(case)
        trace = self._trace(case)
        source, sink = self._source_end(case.way), self._sink_end(case)
        return Finding(
            code=case.code,
            severity=self._severities[case.code],
            message=f"{said}: {way_of(trace)}{note}",
            path=case.place.path,
            span=self._places.span(case.place),
            source=source,
            sink=sink,
            trace=trace,
            fingerprint=self._identity(case, sink),
            suppressed=suppressed,
            suppressed_by=by,
            said=said + note,
            others=tuple(self._entry_of(way) for way in case.ways if case.linkage is not None and way is not case.way),
        )

    def entry(self, code: str, origin: Origin, about: str, message: str) -> Finding:
        """A finding about an entry of the annotation file, on the line where it stands. ``about`` identifies it."""
        span = Span(origin.line, 1, origin.line, 1)
        return Finding(code, self._severities[code], message, origin.path, span, fingerprint=identity((code, about)))

    def comment(self, path: str, comment: Suppression, message: str) -> Finding:
        """A finding about a suppressing comment."""
        span = self._places.placed(path, Span(comment.line, comment.column, comment.line, comment.column))
        about = identity(("PUR902", comment.kind, *comment.codes, "", comment.reason))
        return Finding("PUR902", self._severities["PUR902"], message, path, span, fingerprint=about)

    def unreadable(self, file: Unreadable) -> Finding:
        """A finding about a file that was not read."""
        span = self._places.placed(file.path, Span(file.line, file.column, file.line, file.column))
        about = identity(("PUR901", file.message))
        return Finding("PUR901", self._severities["PUR901"], file.message, file.path, span, fingerprint=about)

    def _identity(self, case: Case, sink: SinkEnd) -> str:
        """What the finding is known by: a linkage by its sources, since many may come together, a flow by its own."""
        ends = [case.code, sink.id, self._places.definition(case.place)]
        if case.linkage is not None:
            names = {
                known_name(self._flows.sources_declared[self._flows.sources[way.site].source]) for way in case.ways
            }
            return identity((*ends, self._annotations.linkages[case.linkage].id, *sorted(names)))
        site = self._flows.sources[case.way.site]
        read = unqualified(self._flows.hop(case.way.path[0]).note) if case.way.path else ""
        source = self._flows.sources_declared[site.source]
        return identity((*ends, known_name(source), self._places.definition(site.place), read))

    def _entry_of(self, way: Way) -> Step:
        site = self._flows.sources[way.site]
        return Step(site.place.path, self._places.span(site.place), self._flows.sources_declared[site.source].id)

    def _source_end(self, way: Way) -> SourceEnd:
        site = self._flows.sources[way.site]
        source = self._flows.sources_declared[site.source]
        span = self._places.span(site.place)
        return SourceEnd(source.id, site.place.path, span, source.data, source.limits.purposes or ())

    def _sink_end(self, case: Case) -> SinkEnd:
        """The sink; a comparison has none, and is named by its linkage."""
        if not case.sinks:
            assert case.linkage is not None
            return SinkEnd(self._annotations.linkages[case.linkage].id, None, None)
        sink = self._annotations.sinks[case.sinks[0]]
        return SinkEnd(sink.id, sink.purpose, sink.recipient)

    def _shown(self, case: Case) -> Iterator[Place]:
        for way in case.ways:
            yield self._flows.sources[way.site].place
        for node in case.way.path:
            place = self._flows.hop(node).place
            if not place.is_modelled:
                yield place
        yield case.place

    def _trace(self, case: Case) -> tuple[Step, ...]:
        """The hops of the way, from the source's line to the sink's; a hop that says nothing new is left out."""
        source = self._flows.sources[case.way.site]
        hops = [hop for hop in map(self._flows.hop, case.way.path) if not hop.place.is_modelled]
        shown = [(hop.place, hop.note) for hop in hops]
        if not hops or self._line(hops[0].place) != self._line(source.place):
            shown.insert(0, (source.place, self._flows.sources_declared[source.source].id))
        if self._line(shown[-1][0]) != self._line(case.place):
            shown.append((case.place, self._sink_end(case).id))
        return shown_steps(Step(place.path, self._places.span(place), note) for place, note in shown)

    def _line(self, place: Place) -> tuple[str, int]:
        return place.path, self._places.span(place).line


def _order(place: Place) -> tuple[str, int]:
    return place.path, place.ref
