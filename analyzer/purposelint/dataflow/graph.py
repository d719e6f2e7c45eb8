"""The data-flow graph as it is built: nodes for tagged data, edges for its movements.

A node belongs to one *instance*, a function (or module body) run with one kind of input.
Calls are recorded by a *site*, a number for one call in one caller's instance to one callee's
instance, which stands on the edges into and out of the callee: a way through the graph must
leave by the site it came in by.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from purposelint.dataflow.flows import Hop, Place

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True)
class Edge:
    """What an edge does. kind: ``value``, ``call``, ``return``, ``cell``.

    ``site``: of a call or return. ``through``: the node of the declared sink's argument that a
    call edge stands for (-1: none). ``transform``: the index of the transform that the data
    passes (-1: none).
    """

    kind: str
    site: int = -1
    through: int = -1
    transform: int = -1


VALUE = Edge("value")
CELL = Edge("cell")


class GraphBuilder:
    """Collects nodes and edges; ``graph`` is the networkx graph, an edge's key is its `Edge`."""

    def __init__(self) -> None:
        self._nodes: dict[Hashable, int] = {}
        self._edges: set[tuple[int, int, Edge]] = set()
        self.owners: list[frozenset[int]] = []

    @cached_property
    def graph(self) -> nx.MultiDiGraph[int]:
        """The graph; networkx is loaded for the first node, for where no data is tagged there is none."""
        import networkx as nx  # noqa: PLC0415

        return nx.MultiDiGraph()

    def size(self) -> tuple[int, int]:
        """The numbers of nodes and edges."""
        return len(self._nodes), len(self._edges)

    def node(
        self,
        key: Hashable,
        place: Place,
        note: str,
        gates: frozenset[int] = frozenset(),
        owners: frozenset[int] = frozenset(),
    ) -> int:
        """The node of a key; gates that do not hold every time it is met do not count."""
        number = self._nodes.get(key)
        if number is None:
            number = self._nodes[key] = len(self.owners)
            self.graph.add_node(number, hop=Hop(place, note, gates))
            self.owners.append(owners)
            return number
        hop: Hop = self.graph.nodes[number]["hop"]
        if hop.gates != gates:
            self.graph.nodes[number]["hop"] = Hop(hop.place, hop.note, hop.gates & gates)
        if owners and not owners <= self.owners[number]:
            self.owners[number] |= owners
        return number

    def forget(self, instances: Collection[int]) -> set[int]:
        """Take out the nodes of some instances, and give their numbers, which nothing will have again."""
        gone = {key: number for key, number in self._nodes.items() if type(key) is tuple and key[0] in instances}
        for key in gone:
            del self._nodes[key]
        numbers = set(gone.values())
        self._edges = {each for each in self._edges if each[0] not in numbers and each[1] not in numbers}
        if numbers:
            self.graph.remove_nodes_from(numbers)
        return numbers

    def is_cell(self, node: int, key: tuple[object, ...]) -> bool:
        """Whether a node is the cell of a key."""
        return self._nodes.get(("cell", *key)) == node

    def edge(self, start: int, end: int, edge: Edge = VALUE) -> None:
        """Add an edge, once."""
        key = (start, end, edge)
        if start != end and key not in self._edges:
            self._edges.add(key)
            self.graph.add_edge(start, end, key=edge)

    def edges(self, starts: Iterable[int], end: int, edge: Edge = VALUE) -> None:
        """Add an edge from each of several nodes, in order."""
        for start in sorted(starts):
            self.edge(start, end, edge)

    def hop(self, node: int) -> Hop:
        """What a node stands for."""
        hop: Hop = self.graph.nodes[node]["hop"]
        return hop
