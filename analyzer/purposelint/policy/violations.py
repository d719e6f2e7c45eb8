"""Which codes hold where data of a source arrives at a sink, and what would open each: PUR001 to PUR004, PUR006."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from purposelint.config.model import Annotations, Limits, Sink
from purposelint.dataflow.flows import Arrival, Flows, Place, SinkSite
from purposelint.policy.cases import Case, Way
from purposelint.policy.categories import limits_on_arrival
from purposelint.policy.purposes import ANY, covered, denied, permitted
from purposelint.policy.retention import exceeds, kept_for
from purposelint.policy.suppressions import Outcome
from purposelint.policy.walls import Walls, leaves_undeclared
from purposelint.policy.ways import Question

_NO_GATES: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Offence:
    """A code that holds for data under some limits at a sink, unless one of ``gates`` holds on the way."""

    code: str
    gates: frozenset[int] = _NO_GATES
    missing: tuple[str, ...] = ()
    kept: float | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A case that stands if its question has a way for an answer."""

    question: Question
    sink: int
    offence: Offence

    def case(self, outcome: Outcome) -> Case:
        """The case, told by the way that is left."""
        arrival, offence = outcome.arrival, self.offence
        return Case(
            offence.code,
            self.question.place,
            (self.sink,),
            (Way(self.question.site, arrival.category, arrival.path),),
            missing=offence.missing,
            kept=offence.kept,
            comments=outcome.comments,
        )


class Violations:
    """Judges arrivals at sinks, one source place at a time. ``codes`` are those in force."""

    def __init__(self, annotations: Annotations, flows: Flows, walls: Walls, codes: Collection[str]) -> None:
        self._annotations = annotations
        self._flows = flows
        self._walls = walls
        self._codes = codes
        self._limits: dict[tuple[int, str | None], Limits] = {}
        self._offences: dict[tuple[int, float | None, Limits], tuple[Offence, ...]] = {}
        self._rows: dict[int, list[SinkSite]] = {}
        for row in flows.sinks:
            for node in row.nodes:
                self._rows.setdefault(node, []).append(row)
        self._declared = {row.place for row in flows.sinks if annotations.sinks[row.sink].purpose is not None}

    def suspicions(self, site: int, arrivals: Mapping[int, Sequence[Arrival]]) -> list[Suspicion]:
        """What may be wrong with what arrives from the source place ``site``, gates and wrappers aside."""
        goals: dict[tuple[int, Place, Offence, frozenset[int]], set[tuple[int, str | None]]] = {}
        for node in sorted(arrivals):
            for row in self._rows.get(node, ()):
                for arrival in arrivals[node]:
                    limits = self._limits_of(self._flows.sources[site].source, arrival.category)
                    for offence in self._offences_of(row, limits):
                        if offence.gates.isdisjoint(row.gates):
                            walls = self._walls.before(offence.code, self._annotations.sinks[row.sink], limits)
                            # The rows of several function instances are one question.
                            key = (row.sink, row.place, offence, walls)
                            goals.setdefault(key, set()).add((node, arrival.category))
        result = []
        for (sink, place, offence, walls), pairs in goals.items():
            own = self._walls.own(place)
            question = Question(offence.code, site, place, frozenset(pairs), offence.gates, walls, own)
            result.append(Suspicion(question, sink, offence))
        return result

    def _limits_of(self, source: int, category: str | None) -> Limits:
        key = (source, category)
        if key not in self._limits:
            declared = self._flows.sources_declared[source]
            self._limits[key] = limits_on_arrival(self._annotations, declared, category)
        return self._limits[key]

    def _offences_of(self, row: SinkSite, limits: Limits) -> tuple[Offence, ...]:
        sink = self._annotations.sinks[row.sink]
        key = (row.sink, row.retention, limits)
        if key not in self._offences:
            found = offences(self._annotations, sink, row, limits)
            self._offences[key] = tuple(offence for offence in found if offence.code in self._codes)
        if sink.purpose is None and row.place in self._declared:
            # Another entry says what this call is for.
            return tuple(offence for offence in self._offences[key] if offence.code != "PUR006")
        return self._offences[key]


def offences(annotations: Annotations, sink: Sink, row: SinkSite, limits: Limits) -> Iterator[Offence]:
    """Which codes hold for data under ``limits`` at a sink, and which gates would open each."""
    gates = annotations.gates
    if sink.purpose is not None and not permitted(limits, sink.purpose):
        # A denial wins over every allowance, a gate's too.
        opening = (
            _NO_GATES
            if denied(limits, sink.purpose)
            else frozenset(index for index, gate in enumerate(gates) if covered(gate.permits, sink.purpose))
        )
        yield Offence("PUR001", opening)
    if sink.recipient is not None and not {sink.recipient, ANY} & set(limits.share_with):
        recipient = annotations.recipients.get(sink.recipient)
        if recipient is None or recipient.role != "processor":
            yield Offence("PUR002")
    if sink.storage is not None:
        kept = kept_for(sink, row)
        if exceeds(limits, kept):
            yield Offence("PUR003", kept=kept)
    if sink.exposure:
        for name in limits.requires:
            provided = frozenset(index for index, gate in enumerate(gates) if name in gate.provides)
            yield Offence("PUR004", provided, missing=(name,))
    if leaves_undeclared(sink):
        yield Offence("PUR006")
