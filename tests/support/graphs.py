"""Hand-built flows: a small graph, its annotations and its comments, in the words of a story.

A node is named, and placed where it is named first: ``"phone@accounts/two_factor.py:31"`` (column 5, or ``:31:9``).
Its name is its note. Calls and returns are not matched: the graph is taken as it stands.

    story = Story()
    story.source("phone", at="phone@accounts.py:31", purposes=("security",))
    story.sink("ads", at="users@sync.py:14", purpose="advertising")
    story.way("phone", "users")
    report = story.judge()
"""

from __future__ import annotations

import datetime
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from purposelint.config.model import (
    Annotations,
    Category,
    ExceptionEntry,
    Gate,
    Limits,
    Linkage,
    Origin,
    Passthrough,
    Recipient,
    Sink,
    Source,
    Storage,
    Transform,
)
from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow.flows import Arrival, Hop, MatchSite, Place, SinkSite, SourceSite
from purposelint.facts.span import Span
from purposelint.policy.findings import Report
from purposelint.policy.judge import judge
from purposelint.policy.places import Suppression, Unreadable

TODAY = datetime.date(2026, 6, 15)
TOML = "purposes.toml"


def pattern(text: str) -> Pattern:
    """A pattern whose text alone matters."""
    return Pattern(text, (NameStep(text),))


@dataclass
class Graph:
    """`Flows` in memory. An edge leads to a node and says which category the data becomes (None: none other)."""

    hops: list[Hop] = field(default_factory=list)
    edges: dict[int, list[tuple[int, str | None]]] = field(default_factory=dict)
    sources_declared: list[Source] = field(default_factory=list)
    sources: list[SourceSite] = field(default_factory=list)
    sinks: list[SinkSite] = field(default_factory=list)
    matches: list[MatchSite] = field(default_factory=list)
    matched: frozenset[tuple[str, int]] = frozenset()
    searches: int = 0

    def hop(self, node: int) -> Hop:
        return self.hops[node]

    def arrivals(
        self, site: SourceSite, goals: frozenset[int], passable: Callable[[int], bool] | None = None
    ) -> Mapping[int, tuple[Arrival, ...]]:
        """Breadth first, over pairs of node and category."""
        self.searches += 1
        first = self.sources_declared[site.source].data
        found: dict[int, dict[str | None, Arrival]] = {}
        seen: set[tuple[int, str | None]] = set()
        queue: deque[tuple[int, str | None, tuple[int, ...]]] = deque((node, first, (node,)) for node in site.nodes)
        while queue:
            node, category, path = queue.popleft()
            if (node, category) in seen or (passable is not None and not passable(node)):
                continue
            seen.add((node, category))
            if node in goals:
                found.setdefault(node, {}).setdefault(category, Arrival(category, path))
            for after, becomes in self.edges.get(node, ()):
                queue.append((after, becomes or category, (*path, after)))
        return {node: tuple(arrivals.values()) for node, arrivals in found.items()}


@dataclass
class Files:
    """`Places` in memory: a ref is a line times 1000, and a column. Statements are single lines unless said."""

    comments: dict[str, list[Suppression]] = field(default_factory=dict)
    statements: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)

    def span(self, place: Place) -> Span:
        line, column = divmod(place.ref, 1000)
        return Span(line, column, line, column + 3)

    def placed(self, path: str, span: Span) -> Span:
        return span

    def prepare(self, places: Iterable[Place]) -> None:
        """Nothing to prepare."""

    def statement(self, path: str, line: int) -> tuple[int, int]:
        return next((each for each in self.statements.get(path, ()) if each[0] <= line <= each[1]), (line, line))

    def definition(self, place: Place) -> str:
        return self.definitions.get(f"{place.path}:{place.ref // 1000}", "")

    def suppressions(self, path: str) -> Sequence[Suppression]:
        return self.comments.get(path, [])

    def suppressed_paths(self) -> Sequence[str]:
        return sorted(self.comments)


class Story:
    """Builds a graph and its annotations together, and has them judged."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.files = Files()
        self.annotations = Annotations(path=TOML)
        self._nodes: dict[str, int] = {}
        self._line = 0

    # --- the graph ---

    def node(self, text: str, note: str | None = None) -> int:
        """The node of a name; placed by ``name@path:line[:column]`` when it is new."""
        name, _, where = text.partition("@")
        if name not in self._nodes:
            path, line, *column = where.split(":")
            place = Place(path, int(line) * 1000 + int(column[0] if column else 5))
            self._nodes[name] = len(self.graph.hops)
            self.graph.hops.append(Hop(place, name if note is None else note))
        return self._nodes[name]

    def way(self, *names: str, becomes: str | None = None) -> None:
        """Data moves along these nodes; on the last step it becomes another category, where that is said."""
        nodes = [self.node(name) for name in names]
        for index, (before, after) in enumerate(itertools.pairwise(nodes)):
            changed = becomes if index == len(nodes) - 2 else None
            self.graph.edges.setdefault(before, []).append((after, changed))

    def guarded(self, name: str, *gates: str) -> None:
        """Gates hold at a node."""
        node = self.node(name)
        self.graph.hops[node] = replace(self.graph.hops[node], gates=self._gates(gates))

    # --- the annotations ---

    def source(
        self,
        name: str,
        *,
        at: str | None = None,
        data: str | None = None,
        purposes: tuple[str, ...] | None = None,
        deny: tuple[str, ...] = (),
        retention: float | None = None,
        requires: tuple[str, ...] = (),
        share_with: tuple[str, ...] = (),
        pack: str | None = None,
    ) -> None:
        """A source; ``at``: where it is read (None: nowhere)."""
        limits = Limits(purposes, deny, retention, requires, share_with)
        declared = Source(name, (pattern(name),), (), (), data, limits, self._origin(), pack)
        self._declare("source", sources=(*self.annotations.sources, declared), unmatched=at is None)
        self.graph.sources_declared.append(declared)
        if at is not None:
            self.read(name, at)

    def read(self, name: str, at: str) -> None:
        """A source is read at a place more."""
        node = self.node(at)
        index = [source.id for source in self.graph.sources_declared].index(name)
        self.graph.sources.append(SourceSite(index, self.graph.hops[node].place, (node,)))
        self.graph.sources.sort(key=lambda site: (site.place.path, site.place.ref))

    def sink(
        self,
        name: str,
        *,
        at: str | Sequence[str] | None = None,
        purpose: str | None = None,
        recipient: str | None = None,
        exposure: bool = False,
        storage: Storage | None = None,
        pack: str | None = None,
        gates: Sequence[str] = (),
        retention: float | None = None,
    ) -> None:
        """A sink; ``at``: the nodes it is given (None: it is not used)."""
        declared = Sink(name, (pattern(name),), (), {}, (), purpose, recipient, exposure, storage, self._origin(), pack)
        self._declare("sink", sinks=(*self.annotations.sinks, declared), unmatched=at is None)
        if at is not None:
            self.use(name, *([at] if isinstance(at, str) else at), gates=gates, retention=retention)

    def use(self, name: str, *at: str, gates: Sequence[str] = (), retention: float | None = None) -> None:
        """A sink is used once more (or by another function instance), at the place of the first node."""
        nodes = tuple(self.node(each) for each in at)
        index = [sink.id for sink in self.annotations.sinks].index(name)
        place = self.graph.hops[nodes[0]].place
        self.graph.matched |= {("sink", index)}
        self.graph.sinks.append(SinkSite(index, place, nodes, self._gates(gates), retention))
        self.graph.sinks.sort(key=lambda row: (row.place.path, row.place.ref))

    def match(self, left: Sequence[str], right: Sequence[str]) -> None:
        """The nodes of the left are compared with those of the right, at the place of the left's first."""
        nodes = tuple(self.node(each) for each in left)
        others = tuple(self.node(each) for each in right)
        self.graph.matches.append(MatchSite(self.graph.hops[nodes[0]].place, nodes, others))

    def gate(self, name: str, *, permits: tuple[str, ...] = (), provides: tuple[str, ...] = ()) -> None:
        gate = Gate(name, (pattern(name),), (), permits, provides, self._origin())
        self._declare("gate", gates=(*self.annotations.gates, gate))

    def transform(self, name: str, becomes: str | None = None, unmatched: bool = False) -> None:
        transform = Transform(name, (pattern(name),), (), (), becomes, self._origin())
        self._declare("transform", transforms=(*self.annotations.transforms, transform), unmatched=unmatched)

    def passthrough(self, name: str, unmatched: bool = False) -> None:
        entry = Passthrough((pattern(name),), (), ("return",), self._origin())
        self._declare("passthrough", passthroughs=(*self.annotations.passthroughs, entry), unmatched=unmatched)

    def category(
        self,
        name: str,
        *,
        purposes: tuple[str, ...] | None = None,
        deny: tuple[str, ...] = (),
        retention: float | None = None,
        requires: tuple[str, ...] = (),
        share_with: tuple[str, ...] = (),
    ) -> None:
        limits = Limits(purposes, deny, retention, requires, share_with)
        category = Category(name, limits, self._origin())
        self._set(categories={**self.annotations.categories, name: category})

    def recipient(self, key: str, name: str, role: str = "third-party") -> None:
        recipient = Recipient(key, name, role, self._origin())
        self._set(recipients={**self.annotations.recipients, key: recipient})

    def linkage(self, name: str, *combine: str, at_least: int = 2, purposes: tuple[str, ...] = ("*",)) -> None:
        entry = Linkage(name, combine, at_least, purposes, self._origin())
        self._set(linkages=(*self.annotations.linkages, entry))

    def exception(
        self, source: str, sink: str, *, expires: datetime.date = datetime.date(2027, 1, 31), flows: int | None = None
    ) -> None:
        entry = ExceptionEntry(source, sink, "DPIA-12", "privacy@example.com", expires, flows, self._origin())
        self._set(exceptions=(*self.annotations.exceptions, entry))

    def codes(self, **codes: str) -> None:
        self._set(codes=codes)

    # --- the comments ---

    def allow(
        self,
        where: str,
        *codes: str,
        reason: str = "settled in DPIA-7",
        malformed: str | None = None,
        alone: bool = False,
    ) -> None:
        """``# purposelint: allow[codes] reason`` at ``path:line``."""
        self._comment(where, Suppression("allow", codes, reason, 0, 0, malformed, alone))

    def noqa(self, where: str, *codes: str) -> None:
        """``# noqa: codes`` at ``path:line``."""
        self._comment(where, Suppression("noqa", codes, "", 0, 0))

    def statement(self, path: str, first: int, last: int) -> None:
        """A statement of several lines."""
        self.files.statements.setdefault(path, []).append((first, last))

    def definition(self, where: str, name: str) -> None:
        """The line at ``path:line`` belongs to this function."""
        self.files.definitions[where] = name

    # --- the verdict ---

    def judge(
        self,
        *,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        today: datetime.date = TODAY,
        unreadable: Sequence[Unreadable] = (),
    ) -> Report:
        return judge(self.graph, self.annotations, self.files, unreadable, today, select=select, ignore=ignore)

    def told(self, **options: Sequence[str]) -> list[str]:
        """What is told, as ``path:line CODE``."""
        report = self.judge(select=options.get("select", ()), ignore=options.get("ignore", ()))
        return [f"{finding.path}:{finding.span.line} {finding.code}" for finding in report.findings]

    def _comment(self, where: str, comment: Suppression) -> None:
        path, line = where.split(":")
        self.files.comments.setdefault(path, []).append(replace(comment, line=int(line), column=40))

    def _gates(self, names: Iterable[str]) -> frozenset[int]:
        known = [gate.id for gate in self.annotations.gates]
        return frozenset(known.index(name) for name in names)

    def _origin(self) -> Origin:
        self._line += 10
        return Origin(TOML, self._line)

    def _declare(self, kind: str, unmatched: bool = False, **entries: tuple[object, ...]) -> None:
        (declared,) = entries.values()
        if not unmatched:
            self.graph.matched |= {(kind, len(declared) - 1)}
        self._set(**entries)

    def _set(self, **changes: object) -> None:
        self.annotations = replace(self.annotations, **changes)  # type: ignore[arg-type]
