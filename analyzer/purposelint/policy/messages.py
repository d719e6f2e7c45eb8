"""The text of a finding: the data, what it was collected for, the sink, what is wrong, and the way there."""

from __future__ import annotations

from collections.abc import Sequence

from purposelint.config.model import Annotations, Sink, Source
from purposelint.dataflow.flows import Flows
from purposelint.facts.span import line_of
from purposelint.policy.cases import Case, Way
from purposelint.policy.categories import limits_on_arrival
from purposelint.policy.places import Places
from purposelint.policy.purposes import denied
from purposelint.policy.retention import duration


class Messages:
    """Writes what a case says."""

    def __init__(self, annotations: Annotations, flows: Flows, places: Places) -> None:
        self._annotations = annotations
        self._flows = flows
        self._places = places

    def said(self, case: Case) -> str:
        """What is wrong, in one line, without the way."""
        return self._linkage(case) if case.linkage is not None else self._flow(case)

    def _flow(self, case: Case) -> str:
        source = self._source(case.way)
        sink = self._annotations.sinks[case.sinks[0]]
        match case.code:
            case "PUR001":
                return f"{source.id} ({self._collected(case.way, sink.purpose)}) reaches {sink.id} ({sink.purpose})"
            case "PUR002":
                return (
                    f"{source.id} ({self._collected(case.way)}) reaches {sink.id} ({self._recipient(sink)}), "
                    "a third party that it may not be shared with"
                )
            case "PUR003":
                return f"{source.id} ({self._kept(case.way)}) reaches {sink.id}, which keeps it {_for(case.kept)}"
            case "PUR004":
                missing = " and ".join(case.missing)
                return f"{source.id} (requires {missing}) reaches {sink.id} without a gate that provides {missing}"
            case _:
                return f"{source.id} ({self._collected(case.way)}) leaves by {sink.id}, with no declared purpose"

    def _linkage(self, case: Case) -> str:
        assert case.linkage is not None
        linkage = self._annotations.linkages[case.linkage]
        if case.sinks:
            sink = self._annotations.sinks[case.sinks[0]]
            where = f"{sink.id} ({sink.purpose})" if sink.purpose else sink.id
            return f"{linkage.id}: {self._parts(case.ways, case.way)} come together at {where}"
        one = [way for way in case.ways if way.right == case.way.right]
        other = [way for way in case.ways if way.right != case.way.right]
        return f"{linkage.id}: {self._parts(one, case.way)} is matched against {self._parts(other, case.way)}"

    def _parts(self, ways: Sequence[Way], told: Way) -> str:
        """The categories that come, each with its source; and where that enters, unless the way tells it."""
        parts: dict[tuple[str, str], str] = {}
        for way in ways:
            source = self._source(way)
            named = f"{way.category} ({source.id}"
            if way is not told:
                place = self._flows.sources[way.site].place
                named += f", {line_of(place.path, self._places.span(place))}"
            parts.setdefault((way.category or "", source.id), named + ")")
        *most, last = parts.values()
        return f"{', '.join(most)} and {last}" if most else last

    def _source(self, way: Way) -> Source:
        return self._flows.sources_declared[self._flows.sources[way.site].source]

    def _collected(self, way: Way, purpose: str | None = None) -> str:
        """What the data was collected for; what it has become; and that ``purpose`` is denied to it, if it is."""
        source = self._source(way)
        limits = limits_on_arrival(self._annotations, source, way.category)
        collected = source.limits.purposes
        words = [f"collected for {', '.join(collected)}"] if collected else []
        if way.category is not None and way.category != source.data:
            words.append(f"now {way.category}")
            if limits.purposes and limits.purposes != collected:
                words[-1] += f" for {', '.join(limits.purposes)}"
        if purpose is not None and denied(limits, purpose):
            words.append("never for " + ", ".join(name for name in limits.deny))
        return "; ".join(words) or f"{source.data or 'no purpose said'}"

    def _recipient(self, sink: Sink) -> str:
        assert sink.recipient is not None
        declared = self._annotations.recipients.get(sink.recipient)
        return declared.name if declared else sink.recipient

    def _kept(self, way: Way) -> str:
        limits = limits_on_arrival(self._annotations, self._source(way), way.category)
        return f"to be kept {duration(limits.retention)} at most" if limits.retention is not None else "to be kept"


def _for(kept: float | None) -> str:
    return "for a time that cannot be told" if kept is None else duration(kept)
