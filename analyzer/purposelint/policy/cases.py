"""What the judge works on: flows that are against what the data was collected for, before they are told.

A *way* is the data of one source on its way to a sink. A *case* is what will be one finding:
a code, the sink's place, and its way; a linkage has a way for each source that comes together there.
"""

from __future__ import annotations

from dataclasses import dataclass

from purposelint.dataflow.flows import Place


@dataclass(frozen=True, slots=True)
class Way:
    """``site`` indexes `Flows.sources`; ``category`` is what arrives; ``path`` are the graph nodes on the way.

    ``right``: it comes to the right-hand side of a comparison (linkages only).
    """

    site: int
    category: str | None
    path: tuple[int, ...]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """``sinks`` index `Annotations.sinks`: the one to tell first, then others at the same place that are the same use.

    A matching has no sinks. ``linkage`` indexes `Annotations.linkages` (PUR005), ``missing`` are the
    requirements that no gate provides (PUR004), ``kept`` is for how long the sink keeps the data (PUR003).
    ``comments`` are the suppressing comments that end the case; without any, it is to be told.
    """

    code: str
    place: Place
    sinks: tuple[int, ...]
    ways: tuple[Way, ...]
    linkage: int | None = None
    missing: tuple[str, ...] = ()
    kept: float | None = None
    comments: tuple[int, ...] = ()

    @property
    def way(self) -> Way:
        """The way that is told."""
        return self.ways[0]
