"""What one document says, checked for itself and not yet joined with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from purposelint.config.documents import Document
from purposelint.config.model import (
    Convention,
    ExceptionEntry,
    Gate,
    LibraryModel,
    Linkage,
    Origin,
    Passthrough,
    Purpose,
    Recipient,
    Sink,
    Source,
    Transform,
)
from purposelint.config.tables import Reference, Table


@dataclass(frozen=True, slots=True)
class WrittenLimits:
    """The limits that a source or a category states; None: not stated. See `purposelint.config.model.Limits`."""

    table: Table
    purposes: tuple[str, ...] | None
    deny: tuple[str, ...]
    retention: float | None
    requires: tuple[str, ...]
    share_with: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class WrittenCategory:
    """A category as it is declared, before it inherits."""

    name: str
    limits: WrittenLimits
    origin: Origin
    meaning: str
    special: bool
    names: tuple[str, ...]
    mapping: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WrittenSource:
    """A source, whose own ``limits`` are still empty, and what it states."""

    source: Source
    limits: WrittenLimits


@dataclass(slots=True)
class Written:
    """Everything that one document says.

    ``ids`` holds, by kind of entry, each id and the key path of its first owner. ``packs`` None: not said, so all.
    """

    document: Document
    references: list[Reference] = field(default_factory=list)
    ids: dict[tuple[str, str], Table] = field(default_factory=dict)
    purposes: dict[str, Purpose] = field(default_factory=dict)
    recipients: dict[str, Recipient] = field(default_factory=dict)
    categories: dict[str, WrittenCategory] = field(default_factory=dict)
    sources: list[WrittenSource] = field(default_factory=list)
    sinks: list[Sink] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    transforms: list[Transform] = field(default_factory=list)
    passthroughs: list[Passthrough] = field(default_factory=list)
    models: list[LibraryModel] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    linkages: list[Linkage] = field(default_factory=list)
    exceptions: list[ExceptionEntry] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    packs: tuple[str, ...] | None = None
    exclude_packs: tuple[str, ...] | None = None
    extend: str | None = None
