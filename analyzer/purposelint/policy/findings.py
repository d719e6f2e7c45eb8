"""What a run reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from purposelint.facts.span import Span, line_of

SuppressedBy: TypeAlias = Literal["comment", "exception", "baseline"]


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a finding's way: where, and what happens there."""

    path: str
    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class SourceEnd:
    """The source of a finding. ``purposes`` are those the data was collected for."""

    id: str
    path: str
    span: Span
    data: str | None
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SinkEnd:
    """The sink of a finding."""

    id: str
    purpose: str | None
    recipient: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell. severity: ``error`` or ``warning``.

    ``path`` is relative to the project's root, with ``/``. Findings about the annotation file
    (PUR902 to PUR904 on entries) and unreadable files (PUR901) have no source, sink or trace.
    ``others`` are the places where the other data of a linkage enters, which its words name too.
    ``said`` is the message without the way, for who shows the way otherwise. ``suppressed`` says why the
    finding is not told, and ``suppressed_by`` what ended it.
    """

    code: str
    severity: str
    message: str
    path: str
    span: Span
    source: SourceEnd | None = None
    sink: SinkEnd | None = None
    trace: tuple[Step, ...] = ()
    fingerprint: str = ""
    suppressed: str | None = None
    suppressed_by: SuppressedBy | None = None
    said: str = ""
    others: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """Data of a source at a sink: ``data`` is the category it has there. Purpose and recipient are the sink's.

    ``path`` and ``ref`` are the first place of such a sink, ``way`` the hops that lead there: files, refs and notes. A
    use is the same wherever it stands.
    """

    source: str
    data: str | None
    sink: str
    purpose: str | None
    recipient: str | None
    path: str = field(compare=False)
    ref: int = field(compare=False)
    way: tuple[tuple[str, int, str], ...] = field(compare=False, default=())


@dataclass(frozen=True, slots=True)
class Widening:
    """A use that was not there before, where the sink stands, what is new (recipient, purpose, source), and its way."""

    use: Use
    span: Span
    news: tuple[str, ...]
    trace: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run: findings (sorted by path, line, column, code, message), PUR901 apart, and counts.

    ``uses`` is which data arrives at which sinks, allowed or not. ``widened`` is what a change adds to them (None:
    there was nothing to compare with). ``statistics`` are the same for the same input; ``effort`` is what
    this run took, in files and seconds, which hangs on what earlier runs have kept. ``unmet`` are paths that were
    asked about and hold nothing that is analysed.
    """

    findings: tuple[Finding, ...] = ()
    errors: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    statistics: Mapping[str, int | float | str] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    widened: tuple[Widening, ...] | None = None
    effort: Mapping[str, int | float] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()


def moved(finding: Finding, move: Callable[[str], str]) -> Finding:
    """A finding with other paths, in its words too."""

    def steps(before: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(replace(step, path=move(step.path)) for step in before)

    trace, others = steps(finding.trace), steps(finding.others)
    said, message = finding.said, finding.message
    for before, after in zip(finding.others, others, strict=True):
        named, now = f", {line_of(before.path, before.span)})", f", {line_of(after.path, after.span)})"
        said, message = said.replace(named, now), message.replace(named, now)
    if trace:
        message = message.replace(f": {way_of(finding.trace)}", f": {way_of(trace)}")
    source = replace(finding.source, path=move(finding.source.path)) if finding.source is not None else None
    return replace(
        finding,
        path=move(finding.path),
        message=message,
        said=said,
        source=source,
        trace=trace,
        others=others,
    )


def shown_steps(hops: Iterable[Step]) -> tuple[Step, ...]:
    """The hops of a way without those that say nothing new: on the line of the one before, with its note or none."""
    steps: list[Step] = []
    for hop in hops:
        last = steps[-1] if steps else None
        repeated = last is not None and (last.path, last.span.line) == (hop.path, hop.span.line)
        if not (repeated and last is not None and hop.note in ("", last.note)):
            steps.append(hop)
    return tuple(steps)


def way_of(trace: Sequence[Step]) -> str:
    """The lines that a way leads over."""
    lines: list[str] = []
    for step in trace:
        line = line_of(step.path, step.span)
        if lines[-1:] != [line]:
            lines.append(line)
    return " -> ".join(lines)
