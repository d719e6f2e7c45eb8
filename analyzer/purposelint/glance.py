"""What a change of a few files does to the findings, told at once: a part of what `engine.study` tells later.

A `Glance` has looked at the files that are asked about (`purposelint.dataflow.nearby`) and takes new versions of them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from purposelint.cache import Store
from purposelint.config import applicable, load
from purposelint.dataflow.flows import Place
from purposelint.dataflow.nearby import Nearby
from purposelint.engine import Earlier, Project, ProjectPlaces, held, listed
from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Step
from purposelint.policy.judge import judge
from purposelint.project.files import Snapshot
from purposelint.project.kept import Kept
from purposelint.project.locations import Locations
from purposelint.project.models import ModelledProgram
from purposelint.project.program import ProjectProgram
from purposelint.project.versions import VersionedProgram
from purposelint.syntax import run_deep


class Glance:
    """A project of which some files are looked at. ``contents`` is what files hold in the place of what is on disk.

    ``cache`` is where the runs of the whole project keep what they find out; nothing is looked at until `look_at`.

    Raises `ConfigError` when the annotation file is wrong.
    """

    def __init__(self, project: Project, cache: Store | None, contents: Mapping[Path, bytes]) -> None:
        root = project.root
        self.root = root
        self._today = datetime.date.today()
        declared = load(project.config, root=root, today=self._today)
        there = held(root, contents)
        files = listed(root, declared, {}, there)
        kept = Kept(cache, Snapshot.of(root, files, there)) if cache is not None else None
        self._project = ProjectProgram(root, files, 1, kept, there)
        annotations = applicable(declared, self._project.is_mentioned)
        modelled = ModelledProgram(self._project, annotations.models, kept)
        self._program = VersionedProgram(modelled, self._project)
        self._earlier = Earlier(kept, annotations).flows(self._project, modelled) if kept is not None else None
        self._annotations = annotations
        self._nearby = Nearby(self._program, annotations)
        self._locations = Locations(self._project)
        self._contents = dict(there)
        self._looked_at: set[str] = set()

    def look_at(self, path: str) -> None:
        """Run what matters in a file, as it is now."""
        if path not in self._looked_at and path in self._project.paths:
            self._looked_at.add(path)
            run_deep(self._nearby.look_at, path, self._earlier)

    def take(self, contents: Mapping[Path, bytes]) -> bool:
        """Take what files hold now (those that are not among them what is on disk); whether all of it can be parsed."""
        now = held(self.root, contents)
        taken = True
        for path in sorted(now.keys() | self._contents.keys()):
            source = now[path] if path in now else self._on_disk(path)
            if path in self._project.paths and source is not None and source != self.source(path):
                taken &= run_deep(self._replace, path, source)
        return taken

    def source(self, path: str) -> bytes | None:
        """What a file holds."""
        return self._contents[path] if path in self._contents else self._on_disk(path)

    def findings(self) -> tuple[Finding, ...]:
        """The findings of flows that are known now."""
        flows = self._nearby.flows()
        places = _VersionedPlaces(self._locations, self._program)
        report = run_deep(judge, flows, self._annotations, places, (), self._today)
        return tuple(finding for finding in report.findings if finding.source is not None)

    def _replace(self, path: str, source: bytes) -> bool:
        aligned = self._program.replace(path, source)
        if aligned is None:
            return False
        self._contents[path] = source
        self._locations.forget(path)
        self._nearby.changed(path, aligned.changed, aligned.removed, rearranged=aligned.rearranged)
        return True

    def _on_disk(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return None


class _VersionedPlaces(ProjectPlaces):
    """Places of aligned facts, in the files as they are."""

    def __init__(self, locations: Locations, program: VersionedProgram) -> None:
        super().__init__(locations)
        self._program = program

    def prepare(self, places: Iterable[Place]) -> None:
        """See `ProjectPlaces`."""
        super().prepare(map(self._there, places))

    def span(self, place: Place) -> Span:
        """See `ProjectPlaces`."""
        return super().span(self._there(place))

    def definition(self, place: Place) -> str:
        """See `ProjectPlaces`."""
        return super().definition(self._there(place))

    def _there(self, place: Place) -> Place:
        return replace(place, ref=self._program.ref(place.path, place.ref))


# --- beside what a whole run has told ---------------------------------------------------------

Move = Callable[[str, int], int]
"""Where a line of a file is now, by the line that it was."""

MAX_COMPARED = 2_000
"""Lines between the first and the last that differ, behind which they are not compared one by one."""


def carried(told: Sequence[Finding], before: Sequence[Finding], now: Sequence[Finding], move: Move) -> list[Finding]:
    """What a run of the whole project has told, as far as a change leaves it, and what the change brings.

    ``before`` and ``now`` are the findings of a `Glance` at what that run saw and at what there is now. What it did not
    find before stays as it was told.
    """
    found = {_identity(finding): finding for finding in now}
    gone = Counter(_identity(_shifted(finding, move)) for finding in before)
    new = Counter(map(_identity, now)) - gone
    gone -= Counter(map(_identity, now))
    result: list[Finding] = []
    for finding in told:
        moved = _shifted(finding, move)
        identity = _identity(moved)
        if gone[identity] > 0:
            gone[identity] -= 1
            continue
        if new[identity] > 0:
            new[identity] -= 1
        result.append(found.get(identity, moved))
    result.extend(finding for finding in now if new[_identity(finding)] > 0)
    return result


def moves(before: bytes, now: bytes) -> Callable[[int], int]:
    """Where the lines of a file are in a new version of it, counted from 1."""
    ours, theirs = before.splitlines(), now.splitlines()
    first = next((index for index, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    first = min(len(ours), len(theirs)) if first is None else first
    behind = zip(reversed(ours[first:]), reversed(theirs[first:]), strict=False)
    last = next((index for index, pair in enumerate(behind) if pair[0] != pair[1]), None)
    last = min(len(ours), len(theirs)) - first if last is None else last
    middle, other = ours[first : len(ours) - last], theirs[first : len(theirs) - last]
    places = list(range(len(ours)))
    for line in range(len(ours) - last, len(ours)):
        places[line] += len(theirs) - len(ours)
    if max(len(middle), len(other)) <= MAX_COMPARED:
        for _, start, end, there, until in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            for line in range(start, end):
                places[first + line] = first + min(there + line - start, max(until - 1, there))
    return lambda line: places[line - 1] + 1 if 0 < line <= len(places) else line


def _identity(finding: Finding) -> tuple[object, ...]:
    """What makes a finding the same in two versions of the code, whose lines are the same."""
    source, sink = finding.source, finding.sink
    ends = (source.id if source else "", source.path if source else "", sink.id if sink else "")
    return (finding.code, finding.path, finding.span.line, *ends)


def _shifted(finding: Finding, move: Move) -> Finding:
    """A finding whose places are moved."""

    def span(path: str, at: Span) -> Span:
        return replace(at, line=move(path, at.line), end_line=move(path, at.end_line))

    def steps(held: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(replace(step, span=span(step.path, step.span)) for step in held)

    source = finding.source
    return replace(
        finding,
        span=span(finding.path, finding.span),
        source=None if source is None else replace(source, span=span(source.path, source.span)),
        trace=steps(finding.trace),
        others=steps(finding.others),
    )
