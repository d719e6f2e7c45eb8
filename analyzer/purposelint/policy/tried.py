"""What was recorded of a line that is asked about: what its expressions may be, and the patterns that were tried."""

from __future__ import annotations

from dataclasses import dataclass

from purposelint.dataflow.flows import Place
from purposelint.dataflow.trials import Trial, Trials
from purposelint.facts.span import Span
from purposelint.policy.holdings import holds, order
from purposelint.policy.places import Places


@dataclass(frozen=True, slots=True)
class SeenAt:
    """An expression, and what it was each time that it was run."""

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriedAt:
    """A pattern that was tried on an expression."""

    span: Span
    trial: Trial


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded of a line. ``packed`` is how many patterns of rule packs were tried and do not apply."""

    seen: tuple[SeenAt, ...] = ()
    tried: tuple[TriedAt, ...] = ()
    packed: int = 0


def recorded(trials: Trials | None, places: Places, path: str, line: int, column: int | None) -> Record:
    """The record of a line, or of a point on it, by place; nothing where it is not of the file that was recorded."""
    if trials is None or trials.path != path:
        return Record()
    refs = sorted({*trials.seen, *(trial.ref for trial in trials.tried)})
    places.prepare([Place(path, ref) for ref in refs])
    spans = {ref: span for ref in refs if holds(span := places.span(Place(path, ref)), line, column)}
    seen = [SeenAt(span, tuple(trials.seen[ref])) for ref, span in spans.items() if ref in trials.seen]
    here = [TriedAt(spans[trial.ref], trial) for trial in trials.tried if trial.ref in spans]
    told = [each for each in here if each.trial.matched or not each.trial.packed]
    return Record(
        tuple(sorted(seen, key=lambda each: order(each.span))),
        tuple(
            sorted(told, key=lambda each: (order(each.span), not each.trial.matched, each.trial.kind, each.trial.id))
        ),
        len({(each.trial.kind, each.trial.id, each.trial.pattern) for each in here if each not in told}),
    )
