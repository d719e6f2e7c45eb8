"""Comments that end findings: which flows they close, and which of them close none.

``allow[...]`` closes the statement it stands in to ways to findings of its codes, so a finding stands
where another way leads around. ``noqa`` ends the findings of its codes on its own line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from purposelint.dataflow.flows import Arrival, Flows, Place
from purposelint.policy.cases import Case
from purposelint.policy.codes import BY_CODE
from purposelint.policy.places import Places, Suppression
from purposelint.policy.ways import Question, Ways


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a way fares against the comments: the one to tell, and the comments that end it (none: it stands)."""

    arrival: Arrival
    comments: tuple[int, ...] = ()


class Comments:
    """All suppressing comments of a project; a comment is known by its number."""

    def __init__(self, flows: Flows, places: Places) -> None:
        self._flows = flows
        self._places = places
        self.all: list[tuple[str, Suppression]] = [
            (path, comment)
            for path in sorted(places.suppressed_paths())
            for comment in sorted(places.suppressions(path), key=lambda each: (each.line, each.column))
        ]
        self._by_path: dict[str, list[tuple[int, int, int]]] = {}
        for number, (path, comment) in enumerate(self.all):
            if honoured(comment) and comment.kind == "allow":
                first, last = places.statement(path, comment.line)
                self._by_path.setdefault(path, []).append((first, last, number))
        self._noqa: dict[str, dict[int, list[int]]] = {}
        for number, (path, comment) in enumerate(self.all):
            if honoured(comment) and comment.kind == "noqa":
                self._noqa.setdefault(path, {}).setdefault(comment.line, []).append(number)
        self._at: dict[Place, tuple[int, ...]] = {}

    def closing(self, code: str, place: Place) -> list[int]:
        """The comments that close a place to ways to findings of ``code``."""
        if place.path not in self._by_path:
            return []
        if place not in self._at:
            line = self._places.span(place).line
            self._at[place] = tuple(
                number for first, last, number in self._by_path[place.path] if first <= line <= last
            )
        return [number for number in self._at[place] if code in self.all[number][1].codes]

    def silencing(self, code: str, place: Place) -> list[int]:
        """The ``noqa`` comments on a finding's line that name its code, or the beginning of it."""
        if place.path not in self._noqa:
            return []
        on_the_line = self._noqa[place.path].get(self._places.span(place).line, ())
        return [
            number for number in on_the_line if any(code.startswith(prefix) for prefix in _ours(self.all[number][1]))
        ]

    def outcomes(self, ways: Ways, questions: Sequence[Question], found: Sequence[Arrival]) -> list[Outcome]:
        """Hold open ways against the comments: another way may lead around them."""
        result = [Outcome(arrival) for arrival in found]
        if not self._by_path:
            return result
        struck = [index for index, question in enumerate(questions) if self._along(question, found[index])]
        around = ways.search([questions[index] for index in struck], self._closed)
        for index, arrival in zip(struck, around, strict=True):
            if arrival is not None:
                result[index] = Outcome(arrival)
            else:
                result[index] = Outcome(found[index], self._ending(ways, questions[index], found[index]))
        return result

    def silenced(self, case: Case) -> Case:
        """The case as ``noqa`` leaves it."""
        return replace(case, comments=(*case.comments, *self.silencing(case.code, case.place)))

    def _closed(self, code: str, place: Place) -> bool:
        return bool(self.closing(code, place))

    def _ending(self, ways: Ways, question: Question, first: Arrival) -> tuple[int, ...]:
        """The comments that together leave no way: those on a shortest way, then on the next around these, …"""
        used: dict[int, None] = {}

        def closed(code: str, place: Place) -> bool:
            return any(number in used for number in self.closing(code, place))

        following: Arrival | None = first
        while following is not None:
            used.update(dict.fromkeys(self._along(question, following)))
            (following,) = ways.search([question], closed)
        return tuple(used)

    def _along(self, question: Question, arrival: Arrival) -> list[int]:
        """The comments that close a place on a way, in the order of the way."""
        on_the_way = [self._flows.hop(node).place for node in arrival.path]
        places = [self._flows.sources[question.site].place, *on_the_way, question.place]
        return list(dict.fromkeys(number for place in places for number in self.closing(question.code, place)))


def honoured(comment: Suppression) -> bool:
    """Whether a comment suppresses at all: an ``allow`` gives a reason, a ``noqa`` names codes."""
    if comment.malformed or not comment.codes:
        return False
    return comment.kind == "noqa" or bool(comment.reason.strip())


def complaints(
    comments: Comments, used: Collection[tuple[int, str]], codes: Collection[str]
) -> Iterator[tuple[str, Suppression, str]]:
    """Comments that suppress nothing or cannot be honoured (PUR902): the file, the comment and what to say.

    ``used`` are the comments that end findings, each with the findings' codes. A comment for codes that are not in
    force is not called unused.
    """
    in_use = {number for number, _ in used}
    for number, (path, comment) in enumerate(comments.all):
        if comment.kind == "noqa":
            ours = _ours(comment)
            in_force = any(code.startswith(prefix) for prefix in ours for code in codes)
            if in_force and not comment.malformed and number not in in_use:
                yield path, comment, f"noqa: {', '.join(ours)} suppresses nothing; remove it"
        elif comment.malformed or not comment.codes:
            yield path, comment, f"suppression cannot be read: {comment.malformed or 'it names no codes'}"
        elif not comment.reason.strip():
            text = f"allow[{', '.join(comment.codes)}]"
            yield path, comment, f"{text} gives no reason and is not honoured; write the reason after it"
        else:
            ended = [code for code in comment.codes if (number, code) in used]
            idle = [code for code in comment.codes if code not in ended and (code in codes or code not in BY_CODE)]
            if idle:
                yield path, comment, _of_no_use(comment, idle, ended)


def _of_no_use(comment: Suppression, idle: Sequence[str], ended: Sequence[str]) -> str:
    """What to say of an ``allow`` with codes that end nothing, beside those that end something."""
    text = f"allow[{', '.join(idle if ended else comment.codes)}] suppresses nothing"
    unknown = [code for code in idle if code not in BY_CODE]
    if unknown:
        return f"{text}: {unknown[0]} is no code"
    if ended:
        return f"{text}, only {', '.join(ended)} does; remove the rest"
    if comment.alone:
        return f"{text}; write it on a line of the statement that it is about, or remove it"
    return f"{text}; remove it"


def _ours(comment: Suppression) -> list[str]:
    return [code for code in comment.codes if code.startswith("PUR")]
