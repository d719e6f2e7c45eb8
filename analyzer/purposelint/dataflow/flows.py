"""What the data-flow analysis tells the judge: where data enters, where it is used, and the way between.

`Flows` is the result of a run. Its graph is a ``networkx.MultiDiGraph`` whose nodes are
ints with the attribute ``hop`` (a `Hop`); only tagged data has nodes. Edges carry
``kind``:

``value``      inside one function instance
``call``       from an argument to what the callee sees of it (``site``: the call)
``return``     from what the callee gives back to the caller (``site``: the call)
``summary``    from an argument to a result of the same call, when the callee connects them
``cell``       through a variable that outlives calls (global, field of a class): any caller may read it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from purposelint.config.model import Source


@dataclass(frozen=True, slots=True)
class Place:
    """A syntax node: the file (relative, with ``/``) and the node's ref in it."""

    path: str
    ref: int

    @property
    def is_modelled(self) -> bool:
        """Whether it lies in the model of a library (``<queue>``), which has no file to show."""
        return self.path.startswith("<")


@dataclass(frozen=True, slots=True)
class Hop:
    """A node of the graph. ``gates`` are the indices (in `Annotations.gates`) of gates that hold there."""

    place: Place
    note: str
    gates: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SourceSite:
    """A place where data enters: ``source`` indexes `Flows.sources_declared`, ``nodes`` are its nodes in the graph."""

    source: int
    place: Place
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SinkSite:
    """A use of a declared sink in one function instance: one row for each instance that runs through the place.

    ``sink`` indexes `Annotations.sinks`; ``nodes`` are the graph nodes of the tagged data that it
    is given: nodes of their own, from which data goes on into the called function only, never to the
    call's result. ``gates`` hold at the call. ``retention`` is what the call asks for in seconds
    (`FOREVER`: no end; None: it cannot be told, or the sink is no storage). Data that comes to a sink through the
    ``nodes`` of another sink's site came by a wrapper around it.
    """

    sink: int
    place: Place
    nodes: tuple[int, ...]
    gates: frozenset[int] = frozenset()
    retention: float | None = None


@dataclass(frozen=True, slots=True)
class MatchSite:
    """A place where values are compared or looked up by one another: ``==``, ``in``, a key, a filter.

    ``left`` and ``right`` are the graph nodes of the two sides' tagged data. A linkage is
    told when a category of the left and another of the right come together here.
    """

    place: Place
    left: tuple[int, ...]
    right: tuple[int, ...]
    gates: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Data of a source at a node: the category it has there (a transform may have changed it) and the way.

    ``path`` are the graph nodes from the source's to the arrival, a shortest one.
    """

    category: str | None
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A function at which the analysis itself has failed, and how: what it would have found from there is missing."""

    place: Place
    function: str
    error: str


class Flows(Protocol):
    """The result of the data-flow analysis, ready to be asked."""

    @property
    def sources_declared(self) -> Sequence[Source]:
        """All sources: those of the annotations, at their index there, then those that the code itself tags."""

    @property
    def matched(self) -> frozenset[tuple[str, int]]:
        """The entries of the annotations that matched something, or may have, as kind and index.

        Kinds: ``source`` (index in `sources_declared`), ``sink``, ``gate``, ``transform``,
        ``passthrough`` (index in the annotations' tuple of that kind).
        """

    @property
    def sources(self) -> Sequence[SourceSite]:
        """Where data enters, sorted by place."""

    @property
    def sinks(self) -> Sequence[SinkSite]:
        """Where declared sinks are used with tagged data, sorted by place."""

    @property
    def matches(self) -> Sequence[MatchSite]:
        """Where tagged data is compared or looked up, sorted by place."""

    def hop(self, node: int) -> Hop:
        """What a node of the graph stands for."""

    def arrivals(
        self, site: SourceSite, goals: frozenset[int], passable: Callable[[int], bool] | None = None
    ) -> Mapping[int, tuple[Arrival, ...]]:
        """Which of ``goals`` the data of ``site`` reaches, with calls and returns matched.

        One `Arrival` for each category the data has at the goal. ``passable`` says of a
        node whether a way may lead through it (source and goal included); by default all may.
        """
