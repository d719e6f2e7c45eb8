"""Exceptions: flows that somebody answers for, until a day.

An exception covers every code of its flow. In a linkage it takes its source out of what comes together.
One that is past its date, or has more flows than it may cover, covers none.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from purposelint.config.model import Annotations, ExceptionEntry
from purposelint.dataflow.flows import Flows, Place
from purposelint.policy.cases import Case, Way
from purposelint.policy.linkage import comes_together


@dataclass(frozen=True, slots=True)
class Overrun:
    """An exception that has more flows (pairs of a source place and a sink place) than it may cover."""

    entry: ExceptionEntry
    flows: int


@dataclass(frozen=True, slots=True)
class Excused:
    """What exceptions make of the cases: those to tell, those covered and by which, and the exceptions at fault.

    ``overruns`` are told with the cases they would have covered. ``unused`` cover nothing (PUR902).
    """

    told: tuple[Case, ...]
    covered: tuple[tuple[Case, ExceptionEntry], ...]
    overruns: tuple[Overrun, ...]
    unused: tuple[ExceptionEntry, ...]


class Exceptions:
    """The exceptions of a project on a day."""

    def __init__(self, annotations: Annotations, flows: Flows, today: datetime.date) -> None:
        self._annotations = annotations
        self._flows = flows
        self.expired = tuple(entry for entry in annotations.exceptions if entry.expires < today)
        self._live = tuple(entry for entry in annotations.exceptions if entry.expires >= today)

    def excuse(self, cases: Sequence[Case]) -> Excused:
        """Sort the cases, which no comment suppresses, into what is told and what is covered."""
        flows: dict[int, set[tuple[Place, Place]]] = {index: set() for index in range(len(self._live))}
        for case in cases:
            for way in case.ways:
                for index in self._answering(case, way):
                    flows[index].add((self._flows.sources[way.site].place, case.place))
        over = {
            index: len(flows[index])
            for index, entry in enumerate(self._live)
            if entry.flows is not None and len(flows[index]) > entry.flows
        }
        used = set(over)
        told: list[Case] = []
        covered: list[tuple[Case, ExceptionEntry]] = []
        for case in cases:
            answers = [[index for index in self._answering(case, way) if index not in over] for way in case.ways]
            left = tuple(way for way, by in zip(case.ways, answers, strict=True) if not by)
            if len(left) == len(case.ways):
                told.append(case)
            elif self._stands(case, left):
                told.append(replace(case, ways=left))
            else:
                by_whom = [index for by in answers for index in by]
                used.update(by_whom)
                covered.append((case, self._live[by_whom[0]]))
        return Excused(
            tuple(told),
            tuple(covered),
            tuple(Overrun(self._live[index], count) for index, count in sorted(over.items())),
            tuple(entry for index, entry in enumerate(self._live) if index not in used),
        )

    def concerns(self, entry: ExceptionEntry, case: Case) -> bool:
        """Whether a case is a flow of the exception."""
        return any(self._answers(entry, case, way) for way in case.ways)

    def _answering(self, case: Case, way: Way) -> list[int]:
        return [index for index, entry in enumerate(self._live) if self._answers(entry, case, way)]

    def _answers(self, entry: ExceptionEntry, case: Case, way: Way) -> bool:
        source = self._flows.sources_declared[self._flows.sources[way.site].source]
        return entry.source == source.id and entry.sink in self._names(case)

    def _names(self, case: Case) -> list[str]:
        """What an exception may call the end of a case: its sinks, or the linkage where a comparison is the end."""
        if not case.sinks and case.linkage is not None:
            return [self._annotations.linkages[case.linkage].id]
        return [self._annotations.sinks[sink].id for sink in case.sinks]

    def _stands(self, case: Case, left: Sequence[Way]) -> bool:
        """Whether the ways that nobody answers for are a case still."""
        if case.linkage is None:
            return bool(left)
        return comes_together(self._annotations.linkages[case.linkage], left, matching=not case.sinks)
