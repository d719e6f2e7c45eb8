"""The search for flows: reachability in the graph with calls and returns matched.

A way is *realizable* when it leaves every function by the call through which it came in. From
a source, a way may first return into callers it was never called from here (the source may lie
deep), and then go down into callees; what goes down and comes back up does so by one site.
Such a round trip is a *summary*: from the argument node to the result node of one call.

Summaries are tabulated as in Reps, Horwitz and Sagiv (POPL 1995): for every entry node of an
instance, the nodes of the same instance that it reaches on the same level. What is searched is
the networkx graph; its adjacency is read through `networkx.MultiDiGraph.adj`.

Transforms: the category of the data is part of the state, since a transform may remove one
category and let another pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from purposelint.config.model import Annotations, Source, Transform
from purposelint.dataflow.flows import Arrival, Failure, Hop, MatchSite, SinkSite, SourceSite
from purposelint.dataflow.graph import Edge, GraphBuilder

if TYPE_CHECKING:
    import networkx as nx

    from purposelint.dataflow.trials import Trials

Category = str | None
Fact = tuple[int, Category]
Passable = Callable[[int], bool]
_Way = tuple[int, ...]


def removed_by(transform: Transform, category: Category) -> bool:
    """Whether a transform ends data of a category."""
    for removed in transform.removes:
        if removed in ("*", "**") or (
            category is not None and (category == removed or category.startswith(removed + "."))
        ):
            return True
    return False


class Leading:
    """The part of a graph that leads to goals, by whatever edges: no other node lies on a way to one."""

    def __init__(self, graph: nx.MultiDiGraph[int], goals: Iterable[int]) -> None:
        # The stubs of networkx take the keys of edges for ints.
        self._adjacent = cast("Mapping[int, Mapping[int, Iterable[Edge]]]", graph.adj)
        self._edges: dict[int, tuple[tuple[int, Edge], ...]] = {}
        self.nodes: set[int] = {goal for goal in goals if goal in graph}
        waiting = list(self.nodes)
        while waiting:
            for before in graph.pred[waiting.pop()]:
                if before not in self.nodes:
                    self.nodes.add(before)
                    waiting.append(before)

    def edges(self, node: int) -> tuple[tuple[int, Edge], ...]:
        """The edges from a node to nodes that lead to a goal."""
        known = self._edges.get(node)
        if known is None:
            known = self._edges[node] = tuple(
                (end, edge) for end, edges in self._adjacent[node].items() if end in self.nodes for edge in edges
            )
        return known


class Search:
    """Searches what leads to goals, under one condition on nodes; keeps the summaries it has made."""

    def __init__(self, leading: Leading, transforms: Sequence[Transform], passable: Passable | None) -> None:
        self._edges = leading.edges
        self._leads = leading.nodes
        self._transforms = transforms
        self._passable = passable
        # entry fact -> facts of the same level, each with the way to it
        self._reached: dict[Fact, dict[Fact, _Way]] = {}
        # entry fact -> call sites that wait for its exits: (caller's entry fact, caller's fact, site)
        self._waiting: dict[Fact, list[tuple[Fact, Fact, int]]] = {}
        # entry fact -> exits found: (site, node behind the return, category, way to the exit)
        self._exits: dict[Fact, list[tuple[int, Fact, _Way]]] = {}

    def _open(self, node: int) -> bool:
        return self._passable is None or self._passable(node)

    def _passed(self, edge: Edge, category: Category) -> tuple[bool, Category]:
        """Whether data goes along an edge, and its category behind it."""
        if edge.transform >= 0:
            transform = self._transforms[edge.transform]
            if transform.becomes is not None:
                return True, transform.becomes
            if removed_by(transform, category):
                return False, category
        return edge.through < 0 or self._open(edge.through), category

    def _summarise(self, entry: Fact) -> None:
        """Tabulate what an entry reaches on its level, and all entries below it."""
        if entry in self._reached:
            return
        work: deque[tuple[Fact, Fact]] = deque()
        self._seed(entry, work)
        while work:
            start, fact = work.popleft()
            way = self._reached[start][fact]
            node, category = fact
            for end, edge in self._edges(node):
                if edge.kind == "cell" or not self._open(end):
                    continue
                passes, then = self._passed(edge, category)
                if not passes:
                    continue
                if edge.kind == "value":
                    self._reach(start, (end, then), (*way, end), work)
                elif edge.kind == "call":
                    self._enter(start, fact, (end, then), edge.site, work)
                elif edge.kind == "return":
                    self._leave(start, edge.site, (end, then), way, work)

    def _seed(self, entry: Fact, work: deque[tuple[Fact, Fact]]) -> None:
        self._reached[entry] = {entry: (entry[0],)}
        self._waiting.setdefault(entry, [])
        self._exits.setdefault(entry, [])
        work.append((entry, entry))

    def _reach(self, start: Fact, fact: Fact, way: _Way, work: deque[tuple[Fact, Fact]]) -> None:
        reached = self._reached[start]
        if fact not in reached:
            reached[fact] = way
            work.append((start, fact))

    def _enter(self, start: Fact, fact: Fact, entry: Fact, site: int, work: deque[tuple[Fact, Fact]]) -> None:
        if entry not in self._reached:
            self._seed(entry, work)
        self._waiting[entry].append((start, fact, site))
        way = self._reached[start][fact]
        for exit_site, result, inner in list(self._exits[entry]):
            if exit_site == site:
                self._reach(start, result, (*way, *inner, result[0]), work)

    def _leave(self, start: Fact, site: int, result: Fact, way: _Way, work: deque[tuple[Fact, Fact]]) -> None:
        self._exits[start].append((site, result, way))
        for caller, fact, waiting in list(self._waiting[start]):
            if waiting == site:
                outer = self._reached[caller][fact]
                self._reach(caller, result, (*outer, *way, result[0]), work)

    def summaries(self, fact: Fact, site: int, entry: Fact) -> list[tuple[Fact, _Way]]:
        """Where a fact that enters a callee by a site comes out again: the facts behind the return, with the way."""
        self._summarise(entry)
        return [(result, (*inner, result[0])) for at, result, inner in self._exits[entry] if at == site]

    def from_source(
        self, nodes: Sequence[int], category: Category, goals: frozenset[int], *, down: bool = False
    ) -> dict[Fact, _Way]:
        """The goals that data at ``nodes`` reaches, with a shortest way to each. ``down``: none into a caller."""
        seen: set[tuple[Fact, bool]] = set()
        found: dict[Fact, _Way] = {}
        # Ways are kept by length, so that what is found first is shortest.
        levels: dict[int, list[tuple[Fact, bool, _Way]]] = {}
        for node in nodes:
            if node in self._leads and self._open(node):
                levels.setdefault(1, []).append(((node, category), down, (node,)))
        while levels:
            length = min(levels)
            for fact, below, way in levels.pop(length):
                if (fact, below) in seen or (below and (fact, False) in seen):
                    continue
                seen.add((fact, below))
                if fact[0] in goals and fact not in found:
                    found[fact] = way
                for then, is_down, more in self._next(fact, below):
                    if (then, is_down) not in seen:
                        levels.setdefault(length + len(more), []).append((then, is_down, way + more))
        return found

    def _next(self, fact: Fact, down: bool) -> list[tuple[Fact, bool, _Way]]:
        node, category = fact
        result: list[tuple[Fact, bool, _Way]] = []
        for end, edge in self._edges(node):
            if not self._open(end):
                continue
            passes, then = self._passed(edge, category)
            if not passes:
                continue
            if edge.kind == "value":
                result.append(((end, then), down, (end,)))
            elif edge.kind == "cell" or (edge.kind == "return" and not down):
                result.append(((end, then), False, (end,)))
            elif edge.kind == "call":
                result.append(((end, then), True, (end,)))
                result.extend((behind, down, way) for behind, way in self.summaries(fact, edge.site, (end, then)))
        return result


class GraphFlows:
    """The result of a run: implements `purposelint.dataflow.flows.Flows`."""

    def __init__(
        self,
        built: GraphBuilder,
        annotations: Annotations,
        sources: Sequence[SourceSite],
        sinks: Sequence[SinkSite],
        matches: Sequence[MatchSite],
        matched: frozenset[tuple[str, int]],
        statistics: Mapping[str, int],
        trials: Trials | None = None,
        failures: Sequence[Failure] = (),
    ) -> None:
        self._built = built
        self.sources_declared: Sequence[Source] = annotations.sources
        self.sources = sources
        self.sinks = sinks
        self.matches = matches
        self.matched = matched
        self.statistics = statistics
        self.trials = trials
        self.failures = failures
        self._annotations = annotations
        self._leading: dict[frozenset[int], tuple[Leading, Search]] = {}

    @property
    def graph(self) -> nx.MultiDiGraph[int]:
        """The graph of the run."""
        return self._built.graph

    def hop(self, node: int) -> Hop:
        """What a node of the graph stands for."""
        return self._built.hop(node)

    def arrivals(
        self, site: SourceSite, goals: frozenset[int], passable: Passable | None = None
    ) -> Mapping[int, tuple[Arrival, ...]]:
        """Which goals the data of a source reaches; see `Flows.arrivals`."""
        if goals not in self._leading:
            leading = Leading(self.graph, goals)
            self._leading[goals] = leading, Search(leading, self._annotations.transforms, None)
        leading, search = self._leading[goals]
        if passable is not None:
            search = Search(leading, self._annotations.transforms, passable)
        category = self._annotations.sources[site.source].data
        result: dict[int, list[Arrival]] = {}
        for (node, at), way in search.from_source(site.nodes, category, goals).items():
            result.setdefault(node, []).append(Arrival(at, way))
        return {node: tuple(found) for node, found in sorted(result.items())}
