"""Is there a way? Searches for a flow that no gate, no wrapper and no comment closes.

Two steps keep the number of searches low. The flow analysis is asked once for each source, with
everything it may reach. The shortest ways it gives are then held against what may close them:
only where a shortest way is closed must another be searched for. Such searches are
bundled: questions about one source that the same things close are one search with many goals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from purposelint.dataflow.flows import Arrival, Flows, Place

Closed: TypeAlias = Callable[[str, Place], bool]
"""Whether a place is closed to ways to a finding of a code."""


@dataclass(frozen=True, slots=True)
class Question:
    """Does data of a source come, as one of these categories, to one of these nodes, by a way that is open?

    ``site`` indexes `Flows.sources`; ``goals`` are pairs of node and category at ``place``. A way is
    closed where one of ``gates`` holds on it, and where it leads through ``walls`` that are not ``own``
    (the nodes of all sinks that would tell the same; those at the same place do not hide each other).
    """

    code: str
    site: int
    place: Place
    goals: frozenset[tuple[int, str | None]]
    gates: frozenset[int] = frozenset()
    walls: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()


class Ways:
    """Answers questions about the ways of a run's flows."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    def first(self, questions: Sequence[Question], known: Mapping[int, Sequence[Arrival]]) -> list[Arrival | None]:
        """For each question what arrives by a shortest open way; ``known`` is what arrives by any way at all."""
        answers: list[Arrival | None] = [_shortest(question, known) for question in questions]
        closed = [
            index
            for index, (question, arrival) in enumerate(zip(questions, answers, strict=True))
            if arrival is not None and not self._is_open(question, arrival)
        ]
        for index, arrival in zip(closed, self.search([questions[index] for index in closed]), strict=True):
            answers[index] = arrival
        return answers

    def search(self, questions: Sequence[Question], closed: Closed | None = None) -> list[Arrival | None]:
        """For each question what arrives by a shortest way that is open and leads through no ``closed`` place."""
        answers: list[Arrival | None] = [None] * len(questions)
        bundles: dict[tuple[object, ...], list[int]] = {}
        for index, question in enumerate(questions):
            if closed is None or not self._ends_closed(question, closed):
                key = (question.site, question.gates, question.walls, question.code if closed else None)
                bundles.setdefault(key, []).append(index)
        for bundle in bundles.values():
            asked = [questions[index] for index in bundle]
            own = frozenset[int]().union(*(question.own for question in asked))
            arrivals = self._arrivals(asked, own, closed)
            for index in bundle:
                question = questions[index]
                arrival = _shortest(question, arrivals)
                if arrival is not None and not self._is_open(question, arrival):
                    # It came through another goal of the bundle, which is a wall to this question.
                    arrival = _shortest(question, self._arrivals([question], question.own, closed))
                answers[index] = arrival
        return answers

    def _ends_closed(self, question: Question, closed: Closed) -> bool:
        source = self._flows.sources[question.site].place
        return closed(question.code, source) or closed(question.code, question.place)

    def _is_open(self, question: Question, arrival: Arrival) -> bool:
        return not any(
            (node in question.walls and node not in question.own)
            or (question.gates and not question.gates.isdisjoint(self._flows.hop(node).gates))
            for node in arrival.path
        )

    def _arrivals(
        self, questions: Iterable[Question], own: frozenset[int], closed: Closed | None
    ) -> Mapping[int, tuple[Arrival, ...]]:
        """One search for questions that share their source, gates and walls."""
        asked = list(questions)
        code, gates, walls = asked[0].code, asked[0].gates, asked[0].walls
        hop = self._flows.hop

        def passable(node: int) -> bool:
            if node in walls and node not in own:
                return False
            there = hop(node)
            if gates and not gates.isdisjoint(there.gates):
                return False
            return closed is None or not closed(code, there.place)

        goals = frozenset(node for question in asked for node, _ in question.goals)
        return self._flows.arrivals(self._flows.sources[asked[0].site], goals, passable)


def _shortest(question: Question, arrivals: Mapping[int, Sequence[Arrival]]) -> Arrival | None:
    fitting = (
        arrival
        for node in {node for node, _ in question.goals}
        for arrival in arrivals.get(node, ())
        if (node, arrival.category) in question.goals
    )
    return min(fitting, key=lambda arrival: (len(arrival.path), arrival.path, arrival.category or ""), default=None)
