"""Entries of the annotation file that matched nothing (PUR904)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from purposelint.config.model import Annotations, Gate, Origin, Passthrough, Sink, Source, Transform
from purposelint.dataflow.flows import Flows
from purposelint.policy.categories import entry_of

_Entry: TypeAlias = "Source | Sink | Gate | Transform | Passthrough"


def stale(annotations: Annotations, flows: Flows) -> Iterator[tuple[Origin, str, str]]:
    """Where each stale entry stands, what it is, and what to say.

    Not asked about are entries of packs, and those of a file that the project extends from outside of it: such a file
    is shared, and another project may use them.
    """
    return (row for row in _stale(annotations, flows) if not _shared(row[0], annotations))


def _shared(origin: Origin, annotations: Annotations) -> bool:
    outside = origin.path.startswith(("../", "/")) or origin.path[1:2] == ":"
    return outside and origin.path != annotations.path


def _stale(annotations: Annotations, flows: Flows) -> Iterator[tuple[Origin, str, str]]:
    matched = flows.matched
    kinds: tuple[tuple[str, list[tuple[str, _Entry]]], ...] = (
        ("source", [(entry.id, entry) for entry in annotations.sources]),
        ("sink", [(entry.id, entry) for entry in annotations.sinks]),
        ("gate", [(entry.id, entry) for entry in annotations.gates]),
        ("transform", [(entry.id, entry) for entry in annotations.transforms]),
        ("passthrough", [(entry.match[0].text if entry.match else "", entry) for entry in annotations.passthroughs]),
    )
    for kind, entries in kinds:
        for index, (name, entry) in enumerate(entries):
            if entry.pack is None and (kind, index) not in matched:
                patterns = ", ".join(pattern.text for pattern in entry.match)
                yield entry.origin, f"{kind} {name}", f"{kind} {name} matches nothing in the code: {patterns}"
    yield from _stale_linkages(annotations, flows)


def _stale_linkages(annotations: Annotations, flows: Flows) -> Iterator[tuple[Origin, str, str]]:
    """Linkages of which too few categories have a source, or a transform that makes them, in the code."""
    present = {flows.sources_declared[site.source].data for site in flows.sources}
    for kind, index in flows.matched:
        if kind == "source" and index < len(flows.sources_declared):
            present.add(flows.sources_declared[index].data)
        elif kind == "transform":
            present.add(annotations.transforms[index].becomes)
    for linkage in annotations.linkages:
        entries = {entry_of(linkage.combine, category) for category in present} - {None}
        if len(entries) < linkage.at_least:
            missing = [name for index, name in enumerate(linkage.combine) if index not in entries]
            yield (
                linkage.origin,
                f"linkage {linkage.id}",
                f"linkage {linkage.id} can never hold: no source in the code gives {', '.join(missing)}",
            )
