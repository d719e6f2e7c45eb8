"""The annotations of a project, as values: what the privacy engineer wrote, checked and resolved."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from purposelint.config.hierarchy import lineage
from purposelint.config.patterns import Pattern

FOREVER: float = float("inf")
"""A retention without an end, in seconds."""

COMMENT = "comment"
"""The ``pack`` of sources that comments in the code declare: nobody wrote their patterns."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry stands: file (relative to the project's root where it lies below it) and line, from 1.

    The line is that of ``match`` where the entry has one, else that of its key or table header. Files of the
    rule packs are ``rules/NAME.toml``.
    """

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose and what it means. The dots of the name make the hierarchy; parents need not be declared."""

    name: str
    meaning: str
    origin: Origin
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The terms of other vocabularies: ``fideslang``, ``dpv``, ``tcf``."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives data. role: ``third-party`` or ``processor``."""

    key: str
    name: str
    role: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Limits:
    """What data may be used for: the limits of a category or of a source.

    ``purposes`` None: not said here. ``retention`` in seconds, None: not limited.
    ``share_with`` holds recipients' keys.
    """

    purposes: tuple[str, ...] | None = None
    deny: tuple[str, ...] = ()
    retention: float | None = None
    requires: tuple[str, ...] = ()
    share_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A category of data. ``limits`` are resolved: categories inherit through their dots.

    The nearest ``purposes``, ``retention`` and ``share_with`` count; ``deny`` and ``requires`` add up.
    ``special``: Art. 9 or 10 GDPR, or children. ``names``: what fields that hold it are usually called.
    """

    name: str
    limits: Limits
    origin: Origin
    meaning: str = ""
    special: bool = False
    names: tuple[str, ...] = ()
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The terms of other vocabularies: ``fideslang``, ``dpv``, ``tcf``."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where data enters. ``limits`` are resolved: the category's, narrowed by the source's own."""

    id: str
    match: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    within: tuple[Pattern, ...]
    data: str | None
    limits: Limits
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """How long a sink keeps what it is given, in seconds.

    Either ``retention``, or read off the argument ``retention_from`` of the call, counted in
    ``unit`` seconds, with ``retention`` as the default where the argument is absent
    (None: it cannot be told).
    """

    retention: float | None = None
    retention_from: str | None = None
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Sink:
    """Where data is used or leaves.

    ``where``: argument -> accepted globs of its constant value, all keys must hold.
    ``purpose`` None: no declared purpose (PUR006 when it leaves, or storage/exposure only).
    ``like``: the ids of the sinks whose patterns it took over; they are in ``match`` by now.
    """

    id: str
    match: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    where: Mapping[str, tuple[str, ...]]
    within: tuple[Pattern, ...]
    purpose: str | None
    recipient: str | None
    exposure: bool
    storage: Storage | None
    origin: Origin
    pack: str | None = None
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that permits purposes or provides a condition where it holds."""

    id: str
    match: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    permits: tuple[str, ...]
    provides: tuple[str, ...]
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Transform:
    """A call whose result is not the data any more: it ``removes`` categories (``*``: all) or ``becomes`` another."""

    id: str
    match: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    removes: tuple[str, ...]
    becomes: str | None
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Passthrough:
    """How data moves through a call that is not analysed: from the pattern's parameters to ``to``.

    ``to`` holds ``return``, ``self`` or argument names; when it is empty, the call carries nothing on.
    """

    match: tuple[Pattern, ...]
    excluded: tuple[Pattern, ...]
    to: tuple[str, ...]
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """What a library module does, written as a small Python module (``[[model]]`` of a rule pack).

    The code is lowered like the project's own and stands in for the module ``module``
    when the project does not define it. It is analysed, never executed.
    """

    module: str
    code: str
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Convention:
    """What an object that nothing else is known of is taken to be for its name: ``request`` is a pyramid Request.

    ``type`` is a class's dotted name; one of a pack counts where the code mentions its package.
    """

    names: tuple[str, ...]
    type: str
    origin: Origin
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Linkage:
    """Categories that must not come together, at sinks for ``purposes`` (``*``: all)."""

    id: str
    combine: tuple[str, ...]
    at_least: int
    purposes: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class ExceptionEntry:
    """A flow somebody answers for, until ``expires`` (that day still counts)."""

    source: str
    sink: str
    reason: str
    owner: str
    expires: datetime.date
    flows: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Annotations:
    """Everything an annotation file and the packs in force say.

    ``path`` is the file (None when there is none: only packs). ``codes`` maps a code to
    ``error``, ``warning`` or ``off`` where the file says so; see `purposelint.policy.codes`
    for the defaults. ``exclude`` holds gitignore-style globs, ``packs`` the names of the rule packs
    in force. Entries of the project stand before those of packs.
    """

    path: str | None = None
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    sinks: tuple[Sink, ...] = ()
    gates: tuple[Gate, ...] = ()
    transforms: tuple[Transform, ...] = ()
    passthroughs: tuple[Passthrough, ...] = ()
    models: tuple[LibraryModel, ...] = ()
    conventions: tuple[Convention, ...] = ()
    linkages: tuple[Linkage, ...] = ()
    exceptions: tuple[ExceptionEntry, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    fails: frozenset[str] = frozenset()
    """What may fail of Python's own library, though it is used well: modules, classes and functions by dotted name."""
    digest: bytes = field(default=b"", compare=False)
    """Of the bytes of every file that was read for them."""

    def limits_of(self, category: str | None) -> Limits:
        """The limits of a category: its own or, where it is not declared, those of the nearest one above it.

        No limits (``Limits()``) when nothing is said of it.
        """
        for name in lineage(category or ""):
            if name in self.categories:
                return self.categories[name].limits
        return Limits()
