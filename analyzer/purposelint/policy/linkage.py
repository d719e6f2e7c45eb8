"""Linkage: categories of data that must not come together, and the places where they do (PUR005).

They meet at a declared sink, in one call or in one record that reaches it, or where one is matched
against the other. Every source that arrives there as one of the categories takes part, by a way of its own;
the meeting stands as long as the ways that are left bring enough of the categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from purposelint.config.model import Annotations, Linkage
from purposelint.dataflow.flows import Arrival, Flows, Place
from purposelint.policy.cases import Case, Way
from purposelint.policy.categories import entry_of
from purposelint.policy.purposes import ANY, covered
from purposelint.policy.suppressions import Comments
from purposelint.policy.walls import Walls, same_use
from purposelint.policy.ways import Question, Ways

CODE = "PUR005"


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One sink in one function instance (``sink``: index in the annotations), or one comparison (None)."""

    place: Place
    nodes: tuple[int, ...]
    right: tuple[int, ...]
    sink: int | None


def comes_together(linkage: Linkage, ways: Iterable[Way], matching: bool) -> bool:
    """Whether the ways bring enough entries of ``combine``; to a comparison, not all of them on one side."""
    left: set[int] = set()
    right: set[int] = set()
    for way in ways:
        entry = entry_of(linkage.combine, way.category)
        if entry is not None:
            (right if way.right else left).add(entry)
    if matching:
        return bool(left and right) and len(left | right) >= max(linkage.at_least, 2)
    return len(left | right) >= linkage.at_least


class Linkages:
    """Collects what arrives where, one source place at a time; then says what came together."""

    def __init__(self, annotations: Annotations, flows: Flows, walls: Walls, ways: Ways, comments: Comments) -> None:
        self._annotations = annotations
        self._walls = walls
        self._ways = ways
        self._comments = comments
        self._meetings = [
            *(_Meeting(row.place, row.nodes, (), row.sink) for row in flows.sinks),
            *(_Meeting(match.place, match.left, match.right, None) for match in flows.matches),
        ]
        self._at: dict[int, list[int]] = {}
        for index, meeting in enumerate(self._meetings):
            for node in (*meeting.nodes, *meeting.right):
                self._at.setdefault(node, []).append(index)
        self._here: dict[int, dict[tuple[int, str, bool], Way]] = {}
        self._watched: dict[str | None, bool] = {None: False}

    def note(self, site: int, arrivals: Mapping[int, Sequence[Arrival]]) -> None:
        """Take note of what arrives from the source place ``site``."""
        for node in sorted(arrivals):
            for arrival in arrivals[node]:
                if self._is_watched(arrival.category):
                    for index in self._at.get(node, ()):
                        self._add(index, node, Way(site, arrival.category, arrival.path))

    def cases(self) -> Iterator[Case]:
        """What came together, linkage by linkage; to be asked when every source place was noted."""
        for number, linkage in enumerate(self._annotations.linkages):
            together = {
                index: brought
                for index in sorted(self._here)
                if self._asked(linkage, self._meetings[index])
                if (brought := self._brought(linkage, index))
            }
            walls: dict[tuple[str | None, str | None], frozenset[int]] = {}
            for index, brought in together.items():
                case = self._case(number, index, brought, self._before(index, together, walls))
                if case is not None:
                    yield case

    def _is_watched(self, category: str | None) -> bool:
        if category not in self._watched:
            self._watched[category] = any(
                entry_of(linkage.combine, category) is not None for linkage in self._annotations.linkages
            )
        return self._watched[category]

    def _add(self, index: int, node: int, way: Way) -> None:
        meeting = self._meetings[index]
        sides = [right for right, nodes in ((False, meeting.nodes), (True, meeting.right)) if node in nodes]
        for right in sides:
            held = self._here.setdefault(index, {})
            key = (way.site, way.category or "", right)
            if key not in held or (len(way.path), way.path) < (len(held[key].path), held[key].path):
                held[key] = Way(way.site, way.category, way.path, right)

    def _asked(self, linkage: Linkage, meeting: _Meeting) -> bool:
        """Whether a linkage counts at a sink: it is for one of its purposes. At a comparison it always does."""
        if meeting.sink is None or ANY in linkage.purposes:
            return True
        purpose = self._annotations.sinks[meeting.sink].purpose
        return purpose is not None and covered(linkage.purposes, purpose)

    def _brought(self, linkage: Linkage, index: int) -> list[Way]:
        """The ways that take part at a meeting, in the order of their sources; none where too little comes together."""
        held = self._here[index]
        taking_part = [held[key] for key in sorted(held) if entry_of(linkage.combine, held[key].category) is not None]
        return taking_part if comes_together(linkage, taking_part, self._meetings[index].sink is None) else []

    def _before(
        self,
        index: int,
        together: Iterable[int],
        known: dict[tuple[str | None, str | None], frozenset[int]],
    ) -> frozenset[int]:
        """The walls of a meeting: sinks of the same use at which the same linkage comes together."""
        number = self._meetings[index].sink
        if number is None:
            return frozenset()
        sinks = self._annotations.sinks
        inner = sinks[number]
        use = (inner.purpose, inner.recipient)
        if use not in known:
            known[use] = frozenset(
                node
                for other in together
                if (outer := self._meetings[other]).sink is not None and same_use(sinks[outer.sink], inner, CODE)
                for node in outer.nodes
            )
        return known[use]

    def _case(self, number: int, index: int, brought: Sequence[Way], walls: frozenset[int]) -> Case | None:
        """The case of a meeting, by the ways that walls and comments leave; None where too little is left."""
        linkage, meeting = self._annotations.linkages[number], self._meetings[index]
        matching = meeting.sink is None
        own = frozenset() if matching else self._walls.own(meeting.place)
        asked: list[tuple[Question, bool, Arrival]] = []
        for way in brought:
            nodes = meeting.right if way.right else meeting.nodes
            goals = frozenset((node, way.category) for node in nodes)
            question = Question(CODE, way.site, meeting.place, goals, walls=walls, own=own)
            (arrival,) = self._ways.first([question], {way.path[-1]: (Arrival(way.category, way.path),)})
            if arrival is not None:
                asked.append((question, way.right, arrival))
        if not comes_together(linkage, (Way(q.site, a.category, a.path, right) for q, right, a in asked), matching):
            return None
        outcomes = self._comments.outcomes(self._ways, [q for q, _, _ in asked], [a for _, _, a in asked])
        result = [
            (Way(question.site, outcome.arrival.category, outcome.arrival.path, right), outcome.comments)
            for (question, right, _), outcome in zip(asked, outcomes, strict=True)
        ]
        left = [way for way, ended_by in result if not ended_by]
        sinks = () if meeting.sink is None else (meeting.sink,)
        if comes_together(linkage, left, matching):
            return Case(CODE, meeting.place, sinks, tuple(left), linkage=number)
        used = tuple(dict.fromkeys(comment for _, ended_by in result for comment in ended_by))
        return Case(CODE, meeting.place, sinks, tuple(way for way, _ in result), linkage=number, comments=used)
