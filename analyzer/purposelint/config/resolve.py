"""Joining what the documents say: limits are inherited, own entries take the place of others', mistakes are told.

How categories and sources inherit: the nearest ``purposes``, ``retention`` and ``share_with`` count, ``deny`` and
``requires`` add up. A source may narrow its category and not widen it: neither in its purposes, nor in its retention,
nor, where the category names recipients, in those.

A sink that is ``like`` others takes over their patterns, beside its own, and what they agree on of ``where``,
``recipient`` and ``storage``, unless it says that itself. The name of a pack stands for all of its sinks that leave
their purpose open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from purposelint.config.hierarchy import covers, lineage
from purposelint.config.model import Annotations, Category, Limits, Sink, Source
from purposelint.config.patterns import Pattern
from purposelint.config.references import Vocabulary
from purposelint.config.written import Written, WrittenCategory, WrittenLimits, WrittenSource

_T = TypeVar("_T")
_Categories = Mapping[str, WrittenCategory]


def resolve(documents: Sequence[Written], vocabulary: Vocabulary, lent: Sequence[Written] = ()) -> Annotations:
    """The annotations of all documents; a declaration or id of an earlier one hides the same of a later one.

    Sinks may be like those of the documents ``lent``, of which nothing else counts.
    Mistakes that show only now (a source wider than its category) are told in their documents.
    """
    categories = _first(documents, lambda written: written.categories)
    own, *_ = documents
    return Annotations(
        purposes=_first(documents, lambda written: written.purposes),
        recipients=_first(documents, lambda written: written.recipients),
        categories={name: _category(category, categories) for name, category in categories.items()},
        sources=tuple(_sources(documents, categories, vocabulary)),
        sinks=tuple(_sinks(documents, lent)),
        gates=tuple(_visible(documents, lambda written: written.gates, lambda gate: gate.id)),
        transforms=tuple(_visible(documents, lambda written: written.transforms, lambda transform: transform.id)),
        passthroughs=tuple(each for written in documents for each in written.passthroughs),
        models=tuple(_visible(documents, lambda written: written.models, lambda model: model.module)),
        conventions=tuple(each for written in documents for each in written.conventions),
        linkages=tuple(_visible(documents, lambda written: written.linkages, lambda linkage: linkage.id)),
        exceptions=tuple(own.exceptions),
        codes=_first(documents, lambda written: written.codes),
        exclude=own.exclude,
        fails=frozenset(name for written in documents for name in written.fails),
    )


def _first(documents: Sequence[Written], of: Callable[[Written], Mapping[str, _T]]) -> dict[str, _T]:
    joined: dict[str, _T] = {}
    for written in documents:
        for name, value in of(written).items():
            joined.setdefault(name, value)
    return joined


def _visible(
    documents: Sequence[Written], of: Callable[[Written], Sequence[_T]], name_of: Callable[[_T], str]
) -> Iterator[_T]:
    """The entries that no earlier document hides. Packs do not hide each other's: their ids are not coordinated."""
    hidden: set[str] = set()
    for written in documents:
        entries = of(written)
        yield from (entry for entry in entries if name_of(entry) not in hidden)
        if not written.document.pack:
            hidden.update(name_of(entry) for entry in entries)


def _sinks(documents: Sequence[Written], lent: Sequence[Written]) -> Iterator[Sink]:
    """The sinks, those that are ``like`` others completed."""
    known: dict[str, list[Sink]] = {}
    for written in (*documents, *lent):
        for sink in written.sinks:
            known.setdefault(sink.id, [sink])
    for written in (*documents, *lent):
        for sink in written.sinks:
            if sink.pack is not None and sink.purpose is None:
                known.setdefault(sink.pack, []).append(sink)
    patterns: _Joined = {}
    for sink in _visible(documents, lambda written: written.sinks, lambda sink: sink.id):
        yield _completed(sink, known, patterns, frozenset((sink.id,))) if sink.like else sink


_Patterns = tuple[tuple[Pattern, ...], tuple[Pattern, ...]]
_Joined = dict[tuple[str, ...], _Patterns]
"""``match`` and ``except`` of what several sinks are like, kept: many addresses are like the same clients."""


def _completed(sink: Sink, known: Mapping[str, list[Sink]], joined: _Joined, seen: frozenset[str]) -> Sink:
    """A sink with what it takes from those that it is like; ``seen`` ends circles."""
    likes = [
        _completed(each, known, joined, seen | {each.id}) if each.like else each
        for name in sink.like
        for each in known.get(name, ())
        if each.id not in seen
    ]
    if not likes:
        return sink
    if sink.like not in joined:
        joined[sink.like] = _union_of_patterns(likes)
    match, excluded = joined[sink.like]
    first, *others = likes
    return replace(
        sink,
        match=(*sink.match, *match) if sink.match else match,
        excluded=(*sink.excluded, *excluded) if sink.excluded else excluded,
        where=sink.where or (first.where if all(each.where == first.where for each in others) else {}),
        recipient=sink.recipient
        or (first.recipient if all(each.recipient == first.recipient for each in others) else None),
        storage=sink.storage or (first.storage if all(each.storage == first.storage for each in others) else None),
    )


def _union_of_patterns(sinks: Sequence[Sink]) -> _Patterns:
    match = {pattern.text: pattern for sink in sinks for pattern in sink.match}
    excluded = {pattern.text: pattern for sink in sinks for pattern in sink.excluded}
    return tuple(match.values()), tuple(excluded.values())


def _category(category: WrittenCategory, categories: _Categories) -> Category:
    return Category(
        category.name,
        _inherited(category.name, categories),
        category.origin,
        category.meaning,
        category.special,
        category.names,
        category.mapping,
    )


def _inherited(name: str | None, categories: _Categories) -> Limits:
    """What a category (declared or not) states and inherits."""
    stated = list(_stated(name, categories))
    return Limits(
        _nearest(limits.purposes for limits in stated),
        _union(limits.deny for limits in stated),
        _nearest(limits.retention for limits in stated),
        _union(limits.requires for limits in stated),
        _nearest(limits.share_with for limits in stated) or (),
    )


def _stated(name: str | None, categories: _Categories) -> Iterator[WrittenLimits]:
    """The limits stated by the category and those above it, nearest first."""
    for each in lineage(name or ""):
        if each in categories:
            yield categories[each].limits


def _nearest(values: Iterator[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _union(values: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in values for name in names))


def _sources(documents: Sequence[Written], categories: _Categories, vocabulary: Vocabulary) -> Iterator[Source]:
    visible = list(_visible(documents, lambda written: written.sources, lambda each: each.source.id))
    unknown = _unknown_to_packs(documents)
    for each in visible:
        inherited = _inherited(each.source.data, categories)
        if each.limits.table.document.pack:
            # A pack proposes: without purposes it only knows what the data is, and counts where the project says more.
            if each.limits.purposes is not None or inherited.purposes is not None:
                yield replace(each.source, limits=_pack_limits(each.limits, inherited, unknown))
            continue
        _check_named(each, inherited, vocabulary)
        _check_width(each, categories, vocabulary)
        yield replace(each.source, limits=_narrowed(each.limits, inherited))


def _narrowed(own: WrittenLimits, inherited: Limits) -> Limits:
    return Limits(
        inherited.purposes if own.purposes is None else own.purposes,
        _union(iter((own.deny, inherited.deny))),
        inherited.retention if own.retention is None else own.retention,
        _union(iter((own.requires, inherited.requires))),
        inherited.share_with if own.share_with is None else own.share_with,
    )


def _unknown_to_packs(documents: Sequence[Written]) -> tuple[str, ...]:
    """The topmost purposes that the project has made up: no pack can say whether data was collected for them."""
    known = {name.partition(".")[0] for written in documents if written.document.pack for name in written.purposes}
    own = [name.partition(".")[0] for written in documents if not written.document.pack for name in written.purposes]
    return tuple(dict.fromkeys(name for name in own if name not in known))


def _pack_limits(own: WrittenLimits, inherited: Limits, unknown: tuple[str, ...]) -> Limits:
    """The limits of a pack's source: what the project says of its category takes the place of the pack's."""
    narrowed = _narrowed(own, inherited)
    return replace(
        narrowed,
        purposes=(*(narrowed.purposes or ()), *unknown) if inherited.purposes is None else inherited.purposes,
        retention=narrowed.retention if inherited.retention is None else inherited.retention,
    )


def _check_named(each: WrittenSource, inherited: Limits, vocabulary: Vocabulary) -> None:
    """A source must say, itself or by its category, what the data was collected for."""
    table, data = each.limits.table, each.source.data
    if "purposes" in table or inherited.purposes is not None:
        return
    if data is None and "data" not in table:
        table.refuse(
            'does not say what the data was collected for; add "purposes", or "data" with a category that has some'
        )
    elif data is not None and vocabulary.fault("category", data) is None:
        table.refuse(f'does not say what the data was collected for; add "purposes", here or in [data."{data}"]')


def _check_width(each: WrittenSource, categories: _Categories, vocabulary: Vocabulary) -> None:
    """A source must not allow what its category does not."""
    own, above = each.limits, list(_stated(each.source.data, categories))
    table = own.table
    limiting = next((limits for limits in above if limits.purposes is not None), None)
    for index, purpose in enumerate(_written(own, "purposes")):
        allowed = (limiting.purposes or ()) if limiting else (purpose,)
        if vocabulary.fault("purpose", purpose) is None and not any(covers(name, purpose) for name in allowed):
            table.refuse(
                f'"{purpose}" is not among what {_shown(limiting)} allows: {", ".join(allowed)}', "purposes", index
            )
    limiting = next((limits for limits in above if limits.retention is not None), None)
    if limiting and limiting.retention is not None and own.retention is not None and own.retention > limiting.retention:
        written, limit = own.table.values["retention"], limiting.table.values["retention"]
        table.refuse(f'"{written}" is longer than {_shown(limiting)} allows: {limit}', "retention")
    limiting = next((limits for limits in above if limits.share_with is not None), None)
    for index, recipient in enumerate(_written(own, "share_with")):
        allowed = (limiting.share_with or ()) if limiting else (recipient,)
        if vocabulary.fault("recipient", recipient) is None and recipient not in allowed:
            listed = ", ".join(allowed) or "nobody"
            table.refuse(
                f'"{recipient}" is not among those {_shown(limiting)} is shared with: {listed}', "share_with", index
            )


def _written(limits: WrittenLimits, key: str) -> list[str]:
    """The list at ``key`` as it is written: with the indices that messages name."""
    values = limits.table.values.get(key)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _shown(limits: WrittenLimits | None) -> str:
    return f'category "{".".join(map(str, limits.table.path[1:]))}"' if limits else ""
