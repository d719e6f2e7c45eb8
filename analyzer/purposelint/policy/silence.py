"""Why nothing is told: of a source and a sink where the flow ends, of a line which patterns name something on it.

What is said comes from the flow graph and from which entries matched. Why a pattern that was tried on an expression
did not match is in `purposelint.policy.tried`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from purposelint.config.model import Annotations, Gate, Limits, Sink, Source, Transform
from purposelint.config.patterns import KeyStep, NameStep, Pattern
from purposelint.config.suggestions import did_you_mean
from purposelint.dataflow.flows import Arrival, Flows, SinkSite
from purposelint.errors import PurposelintError
from purposelint.facts.span import line_of
from purposelint.policy.categories import limits_on_arrival
from purposelint.policy.findings import Finding, Report, Step
from purposelint.policy.holdings import Graph, Holdings, reached_from
from purposelint.policy.purposes import covered, permitted

_SHOWN = 8
"""So many places where a flow ends are shown, those nearest to the sink first."""

_Entry: TypeAlias = "Source | Sink | Gate | Transform"

Mentions: TypeAlias = Callable[[str], Sequence[str]]
"""The files in which a name stands."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``said`` in sentences; ``way`` the flow that there is; ``ends`` where it ends where there is none."""

    said: tuple[str, ...]
    way: tuple[Step, ...] = ()
    ends: tuple[Step, ...] = ()
    more: int = 0
    """So many ends more than are shown."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with a pattern whose last name stands somewhere. ``matched``: the entry matched, here or elsewhere."""

    kind: str
    id: str
    pattern: str
    matched: bool
    within: tuple[str, ...] = ()


class Silence:
    """Explains what one run did not tell."""

    def __init__(
        self,
        flows: Flows,
        graph: Graph,
        declared: Annotations,
        annotations: Annotations,
        holdings: Holdings,
        mentions: Mentions,
        report: Report,
    ) -> None:
        self._flows = flows
        self._graph = graph
        self._declared = declared
        self._annotations = annotations
        self._holdings = holdings
        self._mentions = mentions
        self._report = report

    def between(self, source_id: str, sink_id: str) -> Answer:
        """Why no flow from a source to a sink is told, or that one is. Raises `PurposelintError` for unknown ids."""
        sources = [index for index, each in enumerate(self._flows.sources_declared) if each.id == source_id]
        sinks = [index for index, each in enumerate(self._annotations.sinks) if each.id == sink_id]
        declared = [each.id for each in (*self._declared.sources, *self._flows.sources_declared)]
        _known("source", source_id, declared)
        _known("sink", sink_id, [each.id for each in self._declared.sinks])
        for finding in (*self._report.findings, *self._report.suppressed):
            if _is_between(finding, source_id, sink_id):
                return _told(finding)
        missing = self._missing("source", source_id, sources) or self._missing("sink", sink_id, sinks)
        if missing is not None:
            return Answer((missing,))
        rows = [row for row in self._flows.sinks if row.sink in sinks]
        goals = frozenset(node for row in rows for node in row.nodes)
        best: tuple[Arrival, int, int] | None = None
        for site in self._flows.sources:
            if site.source in sources:
                for node, arrivals in self._flows.arrivals(site, goals).items():
                    for arrival in arrivals:
                        if best is None or len(arrival.path) < len(best[0].path):
                            best = arrival, site.source, node
        if best is None:
            return self._ended(sources, sink_id, rows)
        arrival, source, node = best
        row = next(row for row in rows if node in row.nodes)
        said = self._permitted(self._flows.sources_declared[source], self._annotations.sinks[row.sink], row, arrival)
        return Answer(tuple(said), self._holdings.way(arrival.path))

    def candidates(self, names: frozenset[str]) -> list[Candidate]:
        """The entries that a line with these names might have matched, the project's own first."""
        found = [
            Candidate(
                kind,
                name,
                pattern.text,
                (kind, index) in self._flows.matched,
                tuple(each.text for each in getattr(entry, "within", ())),
            )
            for kind, index, name, entry in _entries(self._annotations)
            for pattern in entry.match
            if _last_name(pattern) in names and entry.pack is None
        ]
        return list(dict.fromkeys(found))

    def _missing(self, kind: str, name: str, indices: Sequence[int]) -> str | None:
        """What is wrong with an entry that matched nothing; None where it matched."""
        if any((kind, index) in self._flows.matched for index in indices):
            return None
        declared = self._declared.sources if kind == "source" else self._declared.sinks
        patterns = [pattern for entry in declared if entry.id == name for pattern in entry.match]
        written = ", ".join(pattern.text for pattern in patterns)
        files = sorted({file for pattern in patterns for file in self._mentions(_last_name(pattern) or "")})
        if not files:
            return f"The {kind} {name} matches nothing: the names of its patterns ({written}) stand in no file."
        listed = ", ".join(files[:_SHOWN]) + (", …" if len(files) > _SHOWN else "")
        if kind == "sink":
            return (
                f"The sink {name} ({written}) was met in no code that was run. What names it stands in {listed}: either"
                " no tagged data comes there, so that it was not run, or what is used there is known to be another."
            )
        return (
            f"The source {name} ({written}) matches nothing. Its names stand in {listed}, but there they are not known"
            " to mean it: `purposelint why PATH:LINE` says what is known of a line."
        )

    def _permitted(self, source: Source, sink: Sink, row: SinkSite, arrival: Arrival) -> Iterator[str]:
        """Why data that arrives is not told."""
        limits = limits_on_arrival(self._annotations, source, arrival.category)
        yield f"Data of {source.id} comes to {sink.id}, and nothing is told of it."
        if arrival.category != source.data:
            yield f"On the way it has become {arrival.category}, whose limits hold."
        if sink.purpose is not None:
            if permitted(limits, sink.purpose):
                yield f"It may be used for {sink.purpose}: it was collected for {_for(limits)}."
            else:
                yield from self._held_back(sink, sink.purpose, row, arrival)
        else:
            yield f"{sink.id} says no purpose, so none can be the wrong one."
        if sink.recipient is not None:
            shared = covered(limits.share_with, sink.recipient)
            yield f"It may be shared with {sink.recipient}." if shared else f"{sink.recipient} acts on our behalf."

    def _held_back(self, sink: Sink, purpose: str, row: SinkSite, arrival: Arrival) -> Iterator[str]:
        """What keeps a use that is not permitted from being told."""
        gates = set(row.gates).union(*(self._flows.hop(node).gates for node in arrival.path))
        opening = [self._annotations.gates[gate] for gate in sorted(gates)]
        opening = [gate for gate in opening if covered(gate.permits, purpose)]
        for gate in opening:
            yield f"The gate {gate.id} holds on this way, and permits {', '.join(gate.permits)}."
        met = {(step.path, step.span.line) for step in self._holdings.way(arrival.path)}
        others = dict.fromkeys(
            other.sink.id
            for other in (*self._report.findings, *self._report.suppressed)
            if other.sink is not None
            and other.sink.purpose == sink.purpose
            and other.sink.id != sink.id
            and (other.path, other.span.line) in met
        )
        if others and not opening:
            yield f"It is told at a sink of the same purpose that the way leads through: {', '.join(others)}."
        if not opening and not others:
            yield "It may not be used so, but the code may be off, or each of its ways may lead through a gate."

    def _ended(self, sources: Sequence[int], sink: str, rows: Sequence[SinkSite]) -> Answer:
        """Where the data of sources gets, when it does not get to a sink."""
        starts = [site for site in self._flows.sources if site.source in sources]
        name = self._flows.sources_declared[sources[0]].id
        around = reached_from((node for site in starts for node in site.nodes), self._graph.successors)
        reached: dict[int, Arrival] = {}
        for site in starts:
            for node, arrivals in self._flows.arrivals(site, around).items():
                reached.setdefault(node, arrivals[0])
        files = {row.place.path for row in rows}
        ends: dict[tuple[str, int], tuple[bool, int, Step]] = {}
        for node, arrival in sorted(reached.items()):
            place = self._flows.hop(node).place
            if place.is_modelled or any(after in reached for after in self._graph.successors(node)):
                continue
            step = self._holdings.way((node,))[0]
            rank = (place.path not in files, -len(arrival.path), step)
            ends.setdefault((step.path, step.span.line), rank)
        ordered = [step for _, _, step in sorted(ends.values(), key=lambda end: (end[0], end[1], end[2].path))]
        said = [f"No way leads from {name} to {sink}."]
        if not starts:
            said.append(f"{name} is read nowhere in code that was run.")
        if rows:
            others = sorted(
                {
                    self._flows.sources_declared[site.source].id
                    for site in self._flows.sources
                    if self._flows.arrivals(site, frozenset(node for row in rows for node in row.nodes))
                }
            )
            said.append(
                f"{sink} is given other data: {', '.join(others)}."
                if others
                else f"What {sink} is given has other ways."
            )
        else:
            said.append(f"{sink} is used, and given no tagged data.")
        passed = [
            each
            for index, each in enumerate(self._annotations.transforms)
            if ("transform", index) in self._flows.matched
        ]
        if passed:
            said.append(f"Transforms that end data are called in the code: {', '.join(each.id for each in passed)}.")
        return Answer(tuple(said), ends=tuple(ordered[:_SHOWN]), more=max(0, len(ordered) - _SHOWN))


def unseen(report: Report) -> str:
    """What the run knows that it did not see: what an answer is worth hangs on it."""
    counts = report.statistics

    def counted(name: str, noun: str) -> str:
        number = counts.get(name, 0)
        return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

    return (
        f"What is not seen: {counted('calls unknown', 'call')} of code that is not there (data goes on through to what"
        f" is given back), {counted('calls cut short', 'call')} cut short,"
        f" {counted('files unreadable', 'file')} that cannot be read."
    )


def _is_between(finding: Finding, source: str, sink: str) -> bool:
    return (
        finding.source is not None
        and finding.sink is not None
        and (finding.source.id, finding.sink.id) == (source, sink)
    )


def _told(finding: Finding) -> Answer:
    place = line_of(finding.path, finding.span)
    if finding.suppressed is None:
        return Answer((f"It is told: {finding.code} at {place}.",), finding.trace)
    return Answer(
        (f"{finding.code} at {place} is suppressed ({finding.suppressed_by}): {finding.suppressed}",), finding.trace
    )


def _known(kind: str, name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise PurposelintError(f"there is no {kind} {name}{did_you_mean(name, names)}")


def _for(limits: Limits) -> str:
    return "anything" if limits.purposes is None else ", ".join(limits.purposes)


def _entries(
    annotations: Annotations,
) -> Iterator[tuple[str, int, str, _Entry]]:
    groups: tuple[tuple[str, Sequence[_Entry]], ...] = (
        ("source", annotations.sources),
        ("sink", annotations.sinks),
        ("gate", annotations.gates),
        ("transform", annotations.transforms),
    )
    for kind, entries in groups:
        for index, entry in enumerate(entries):
            yield kind, index, entry.id, entry


def _last_name(pattern: Pattern) -> str | None:
    """The name that an expression must end in for the pattern to match; None where any will do."""
    for step in reversed(pattern.steps):
        if isinstance(step, NameStep) and step.name not in ("*", "**"):
            return step.name
        if isinstance(step, KeyStep) and isinstance(step.key, str):
            return step.key
    return None
