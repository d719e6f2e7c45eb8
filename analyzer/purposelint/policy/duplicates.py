"""One finding for a source place, a sink place and a code, however many entries and function instances tell it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace

from purposelint.config.model import Annotations
from purposelint.dataflow.flows import Flows
from purposelint.policy.cases import Case, Way


class Duplicates:
    """Recognises cases that tell the same."""

    def __init__(self, annotations: Annotations, flows: Flows) -> None:
        self._sinks = annotations.sinks
        self._flows = flows

    def same_flow(self, cases: Iterable[Case]) -> list[Case]:
        """Join cases of one flow: same ends, and sinks of the same purpose and recipient.

        What stands wins over what comments end. Requirements add up.
        """
        return self._joined(cases, self._flow)

    def same_place(self, cases: Iterable[Case]) -> list[Case]:
        """Join cases whose sinks differ, and whose place does not; the project's own entries go before a pack's."""
        return self._joined(cases, self._ends)

    def _ends(self, case: Case) -> Hashable:
        if case.linkage is not None:
            return case.code, case.place, case.linkage
        return case.code, case.place, self._source(case.way)

    def _flow(self, case: Case) -> Hashable:
        sinks = {(self._sinks[sink].purpose, self._sinks[sink].recipient) for sink in case.sinks}
        together = frozenset(self._source(way) for way in case.ways)
        return self._ends(case), frozenset(sinks), together

    def _source(self, way: Way) -> Hashable:
        site = self._flows.sources[way.site]
        return site.source, site.place

    def _joined(self, cases: Iterable[Case], key: Callable[[Case], Hashable]) -> list[Case]:
        groups: dict[Hashable, list[Case]] = {}
        for case in cases:
            groups.setdefault(key(case), []).append(case)
        return [self._best(group) for group in groups.values()]

    def _best(self, group: list[Case]) -> Case:
        if len(group) == 1:
            return group[0]
        standing = [case for case in group if not case.comments] or group
        first = min(standing, key=lambda case: (self._rank(case), len(case.way.path), case.way.path))
        others = sorted({sink for case in standing for sink in case.sinks} - set(first.sinks[:1]))
        return replace(
            first,
            sinks=(*first.sinks[:1], *others),
            missing=tuple(dict.fromkeys((*first.missing, *(name for case in standing for name in case.missing)))),
            comments=tuple(dict.fromkeys(comment for case in standing for comment in case.comments)),
        )

    def _rank(self, case: Case) -> tuple[bool, bool, bool, int]:
        if not case.sinks:
            return False, False, False, 0
        sink = self._sinks[case.sinks[0]]
        return sink.pack is not None, sink.purpose is None, sink.recipient is None, case.sinks[0]
