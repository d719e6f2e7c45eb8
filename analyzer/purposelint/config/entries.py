"""The entries of the annotation file: ``[[source]]``, ``[[sink]]``, ``[[gate]]`` and the other arrays of tables.

Each is checked for itself here; the names it mentions are looked up once all files are read (`references`).
In rule packs an entry may also say where its names were checked:
``checked = { package = "twitter-ads", version = "11.0.0", at = "twitter_ads/audience.py:38" }``,
and a sink may say nothing but ``match``: a known way out, for which only the project can have a purpose (PUR006).
A project gives it one with ``like = "the-id"`` in the place of ``match`` (see `purposelint.config.resolve`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from purposelint.config import roles
from purposelint.config.declarations import LIMITS, read_limits
from purposelint.config.durations import UNITS
from purposelint.config.model import (
    Convention,
    ExceptionEntry,
    Gate,
    LibraryModel,
    Limits,
    Linkage,
    Passthrough,
    Sink,
    Source,
    Storage,
    Transform,
)
from purposelint.config.patterns import Pattern
from purposelint.config.tables import Table, type_name
from purposelint.config.written import Written, WrittenSource

EXCEPTION_LASTS = datetime.timedelta(days=90)
"""How long an exception holds for which nobody has said better."""

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_MATCH = frozenset({"match", "except"})
_SOURCE_KEYS = frozenset({"id", "data", "within", *_MATCH, *LIMITS})
_SINK_KEYS = frozenset({"id", "like", "where", "within", "purpose", "recipient", "exposure", "storage", *_MATCH})
_STORAGE_KEYS = frozenset({"retention", "retention_from", "unit"})
_GATE_KEYS = frozenset({"id", "permits", "provides", *_MATCH})
_TRANSFORM_KEYS = frozenset({"id", "removes", "becomes", *_MATCH})
_PASSTHROUGH_KEYS = frozenset({"to", *_MATCH})
_LINKAGE_KEYS = frozenset({"id", "combine", "at_least", "purposes"})
_EXCEPTION_KEYS = frozenset({"source", "sink", "reason", "owner", "expires", "flows"})
_MODEL_KEYS = frozenset({"module", "code"})
_CHECKED = frozenset({"checked"})
_CONVENTION_KEYS = frozenset({"names", "type"})
_CHECKED_KEYS = frozenset({"package", "version", "at"})

_Reader = Callable[[Table, Written], None]


def read_entries(top: Table, written: Written, today: datetime.date) -> None:
    """Read every array of entries into ``written``; ``today`` serves the date that a message proposes."""
    readers: dict[str, _Reader] = {
        "source": _source,
        "sink": _sink,
        "gate": _gate,
        "transform": _transform,
        "passthrough": _passthrough,
        "linkage": _linkage,
        "exception": lambda table, into: _exception(table, into, today + EXCEPTION_LASTS),
        "model": _model,
        "convention": _convention,
    }
    for kind, reader in readers.items():
        for table in top.tables(kind):
            reader(table, written)


def _source(table: Table, written: Written) -> None:
    _only(table, _SOURCE_KEYS)
    name = _id(table, written, "source")
    match = _match(table, roles.SOURCE)
    data = table.name("data", "category")
    limits = read_limits(table)
    source = Source(
        name, match, _patterns(table, "except", roles.EXCEPT), _within(table), data, Limits(), table.origin("match")
    )
    written.sources.append(WrittenSource(source, limits))


def _sink(table: Table, written: Written) -> None:
    _only(table, _SINK_KEYS)
    name = _id(table, written, "sink")
    like = _like(table, name)
    match = () if like and "match" not in table else _match(table, roles.SINK)
    purpose = table.name("purpose", "purpose")
    recipient = table.name("recipient", "recipient")
    exposure = table.flag("exposure")
    if table.values.get("exposure") is False and not table.values.keys() & {"purpose", "recipient", "storage"}:
        table.refuse("false says nothing; give the sink a purpose, a recipient or a storage", "exposure")
    elif not table.document.pack and not table.values.keys() & {"purpose", "recipient", "exposure", "storage"}:
        table.refuse('says of no use; give it a "purpose", a "recipient", "exposure = true" or a "storage"')
    written.sinks.append(
        Sink(
            name,
            match,
            _patterns(table, "except", roles.EXCEPT),
            _where(table),
            _within(table),
            purpose,
            recipient,
            exposure or False,
            _storage(table),
            table.origin("match" if "match" in table else "like"),
            like=like,
        )
    )


def _like(sink: Table, name: str) -> tuple[str, ...]:
    """The ids of the sinks that this one is like."""
    like: tuple[str, ...]
    if isinstance(sink.values.get("like"), str):
        one = sink.name("like", "sink or pack")
        like = () if one is None else (one,)
    else:
        like = sink.names("like", "sink or pack") or ()
        if sink.values.get("like") == []:
            sink.refuse("names no sink", "like")
    if name and name in like:
        sink.refuse(f'"{name}" is this sink itself; give it an id of its own', "like")
    return like


def _storage(sink: Table) -> Storage | None:
    if "storage" in sink and not isinstance(sink.values["storage"], dict):
        value = sink.values["storage"]
        shown = f'"{value}"' if isinstance(value, str) else '"forever"'
        sink.refuse(f"must be a table, not {type_name(value)}; write {{ retention = {shown} }}", "storage")
        return None
    table = sink.table("storage")
    if table is None:
        return None
    table.only(_STORAGE_KEYS)
    if not table.values.keys() & {"retention", "retention_from"}:
        table.refuse('says no time; write { retention = "30d" } or { retention_from = "ttl", unit = "s" }')
    argument = table.text("retention_from")
    if argument is not None and not _IDENTIFIER.fullmatch(argument):
        table.refuse(f'"{argument}" is no name of an argument', "retention_from")
    unit = table.one_of("unit", UNITS)
    if "unit" in table and "retention_from" not in table:
        table.refuse('goes with "retention_from"; a "retention" has its unit in it, as in "30d"', "unit")
    return Storage(table.duration("retention"), argument, UNITS.get(unit or "s", 1.0))


def _where(sink: Table) -> dict[str, tuple[str, ...]]:
    table = sink.table("where")
    if table is None:
        return {}
    if not table.values:
        table.refuse('names no argument; write { url = "https://graph.facebook.com/**" }')
    accepted: dict[str, tuple[str, ...]] = {}
    for argument, value in table.values.items():
        if not _IDENTIFIER.fullmatch(argument):
            table.refuse(f'"{argument}" is no name of an argument', argument)
        elif isinstance(value, str):
            accepted[argument] = (value,)
        elif isinstance(value, list):
            accepted[argument] = table.texts(argument) or ()
            if not value:
                table.refuse("accepts no value", argument)
        else:
            table.refuse(f"must be a string or a list of strings, not {type_name(value)}", argument)
    return accepted


def _gate(table: Table, written: Written) -> None:
    _only(table, _GATE_KEYS)
    name = _id(table, written, "gate")
    match = _match(table, roles.GATE)
    permits = table.names("permits", "purpose") or ()
    provides = table.texts("provides") or ()
    if not any(table.values.get(key) for key in ("permits", "provides")):
        table.refuse('opens nothing; say what it "permits" (purposes) or "provides" (what sources require)')
    excluded = _patterns(table, "except", roles.GATE)
    written.gates.append(Gate(name, match, excluded, permits, provides, table.origin("match")))


def _transform(table: Table, written: Written) -> None:
    _only(table, _TRANSFORM_KEYS)
    match = _match(table, roles.TRANSFORM)
    name = _id(table, written, "transform") if "id" in table else match[0].text if match else ""
    removes = table.names("removes", "category or *") or ()
    becomes = table.name("becomes", "category")
    if ("removes" in table) == ("becomes" in table):
        table.refuse('needs one of "removes" (categories, or "*") and "becomes" (a category)')
    elif table.values.get("removes") == []:
        table.refuse('removes nothing; name categories, or "*" for all', "removes")
    excluded = _patterns(table, "except", roles.EXCEPT)
    written.transforms.append(Transform(name, match, excluded, removes, becomes, table.origin("match")))


def _passthrough(table: Table, written: Written) -> None:
    _only(table, _PASSTHROUGH_KEYS)
    match = _match(table, roles.PASSTHROUGH)
    table.needs("to", 'say where the data goes: to = ["return"], "self" or the name of an argument; [] is nowhere')
    to = table.texts("to") or ()
    for name in to:
        if not _IDENTIFIER.fullmatch(name):
            table.refuse(f'"{name}" is neither "return", "self" nor the name of an argument', "to")
    excluded = _patterns(table, "except", roles.EXCEPT)
    written.passthroughs.append(Passthrough(match, excluded, to, table.origin("match")))


def _linkage(table: Table, written: Written) -> None:
    table.only(_LINKAGE_KEYS)
    name = _id(table, written, "linkage")
    remedy = 'name the categories that must not come together: combine = ["user.location", "user.contact"]'
    combine = table.names("combine", "category") or ()
    if table.needs("combine", remedy) and isinstance(table.values["combine"], list) and len(combine) < 2:
        table.refuse("must name two categories or more", "combine")
    at_least = table.count("at_least", 2) or 2
    if len(combine) >= 2 and at_least > len(combine):
        table.refuse(f'is {at_least}, but "combine" names {len(combine)} categories', "at_least")
    purposes = table.names("purposes", "purpose or *") or ("*",)
    written.linkages.append(Linkage(name, combine, at_least, purposes, table.origin()))


def _exception(table: Table, written: Written, example: datetime.date) -> None:
    table.only(_EXCEPTION_KEYS)
    table.needs("source", "name the id of the source")
    table.needs("sink", "name the id of the sink")
    table.needs("reason", "say why the flow is right")
    table.needs("owner", "say who answers for it")
    table.needs("expires", f"write the last day that it holds: expires = {example.isoformat()}")
    written.exceptions.append(
        ExceptionEntry(
            table.name("source", "source") or "",
            table.name("sink", "sink") or "",
            table.text("reason") or "",
            table.text("owner") or "",
            table.date("expires", example) or example,
            table.count("flows", 1),
            table.origin(),
        )
    )


def _model(table: Table, written: Written) -> None:
    _only(table, _MODEL_KEYS)
    table.needs("module", 'name the module that the code stands for: module = "queue"')
    table.needs("code", "write the module in Python, between '''")
    module, code = table.text("module"), table.text("code")
    if module is not None and not all(part.isidentifier() for part in module.split(".")):
        table.refuse(f'"{module}" is no name of a module', "module")
    if module and code:
        written.models.append(LibraryModel(module, code, table.origin()))


def _convention(table: Table, written: Written) -> None:
    _only(table, _CONVENTION_KEYS)
    table.needs("names", 'list what such objects are called: names = ["request"]')
    table.needs("type", 'name their class: type = "vendor.Request"')
    names, kind = table.texts("names"), table.text("type")
    if names and kind:
        written.conventions.append(Convention(names, kind, table.origin()))


def _only(table: Table, allowed: frozenset[str]) -> None:
    """Tell of unknown keys; in packs, look at ``checked`` and leave it."""
    if not table.document.pack:
        table.only(allowed)
        return
    if not table.values.keys() <= allowed | _CHECKED:
        table.only(allowed | _CHECKED)
    checked = table.table("checked")
    if checked is not None:
        checked.only(_CHECKED_KEYS)
        for key in ("package", "version"):
            checked.needs(key, "say what was looked at")
        for key in sorted(_CHECKED_KEYS):
            checked.text(key)


def _id(table: Table, written: Written, kind: str) -> str:
    """The entry's id, which no other of its kind in this document may have."""
    if not table.needs("id", "give it a name of its own"):
        return ""
    name = table.text("id")
    if name is None:
        return ""
    if name != name.strip() or not name.isprintable():
        table.refuse("must be one line without blanks around it", "id")
    elif (owner := written.ids.get((kind, name))) is not None:
        line = table.document.positions.key((*table.document.prefix, *owner.path, "id")).line
        table.refuse(f'"{name}" is the id of the {kind} in line {line} already', "id")
    else:
        written.ids[(kind, name)] = table
    return name


def _match(table: Table, role: roles.Role) -> tuple[Pattern, ...]:
    if not table.needs("match", f'say which code it is: match = "{role.example}"'):
        return ()
    if table.values["match"] == []:
        table.refuse(f'names no code; write match = "{role.example}"', "match")
    return _patterns(table, "match", role)


def _within(table: Table) -> tuple[Pattern, ...]:
    return _patterns(table, "within", roles.WITHIN)


def _patterns(table: Table, key: str, role: roles.Role) -> tuple[Pattern, ...]:
    """The patterns at ``key`` that may stand in ``role``; of the others it is told why not."""
    fitting: list[Pattern] = []
    for path, pattern in table.patterns(key):
        fault = role.fault(pattern)
        if fault is None:
            fitting.append(pattern)
        else:
            table.document.refuse_inside(path, 0, f'"{pattern.text}" {fault}')
    return tuple(fitting)
