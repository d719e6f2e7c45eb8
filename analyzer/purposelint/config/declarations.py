"""``[purposes]``, ``[recipients]`` and ``[data]``: the words that the entries are written in.

Their names have dots, and TOML reads dots as nesting: ``"a.b" = "…"`` and ``a.b = "…"`` mean the same here.

A purpose is its meaning, or a table ``{ meaning = "…", fideslang = "…", dpv = ["…"], tcf = ["2"] }`` that also gives
the terms of other vocabularies. A category takes the limits ``purposes``, ``deny``, ``retention``, ``requires``,
``share_with``, and describes itself by ``meaning``, ``names`` (what fields that hold it are usually called),
``special`` (Art. 9 or 10 GDPR, children) and the same terms.
"""

from __future__ import annotations

from collections.abc import Iterator

from purposelint.config.hierarchy import is_name
from purposelint.config.model import Purpose, Recipient
from purposelint.config.suggestions import did_you_mean
from purposelint.config.tables import Table, type_name
from purposelint.config.written import Written, WrittenCategory, WrittenLimits

TERMS = ("fideslang", "dpv", "tcf")
LIMITS = ("purposes", "deny", "retention", "requires", "share_with")
ROLES = ("third-party", "processor")

_PURPOSE_KEYS = frozenset({"meaning", *TERMS})
_CATEGORY_KEYS = frozenset({*LIMITS, *TERMS, "meaning", "names", "special"})
_RECIPIENT_KEYS = frozenset({"name", "role"})


def read_declarations(top: Table, written: Written) -> None:
    """Read the three tables into ``written``."""
    if purposes := top.table("purposes"):
        _read_purposes(purposes, written)
    if recipients := top.table("recipients"):
        for key in recipients.values:
            if (table := recipients.table(key)) and _is_name(recipients, key, key):
                written.recipients[key] = _recipient(key, table)
    if data := top.table("data"):
        _read_categories(data, written)


def read_limits(table: Table) -> WrittenLimits:
    """The limits that a category or a source states."""
    purposes = table.names("purposes", "purpose")
    if purposes == () and table.values["purposes"] == []:
        table.refuse("names no purpose; name what the data was collected for, or leave the key out", "purposes")
    return WrittenLimits(
        table,
        purposes or None,
        table.names("deny", "purpose") or (),
        table.duration("retention"),
        table.names("requires", "condition") or (),
        table.names("share_with", "recipient"),
    )


def _read_purposes(purposes: Table, written: Written) -> None:
    for name, parent, key in _leaves(purposes, _PURPOSE_KEYS):
        value = parent.values[key]
        if parent is not purposes and not isinstance(value, dict) and not _PURPOSE_KEYS.isdisjoint(parent.values):
            parent.refuse(f"there is no such key{did_you_mean(key, _PURPOSE_KEYS)}", key)
            continue
        if not _is_name(parent, key, name) or _is_twice(parent, key, name, name in written.purposes):
            continue
        if isinstance(value, str):
            written.purposes[name] = Purpose(name, value, parent.origin(key))
        elif isinstance(value, dict):
            table = parent.below(key)
            meaning = table.text("meaning") or ""
            written.purposes[name] = Purpose(name, meaning, parent.origin(key), _mapping(table))
        else:
            parent.refuse(f"must be a string that says what the purpose means, not {type_name(value)}", key)


def _recipient(key: str, table: Table) -> Recipient:
    table.only(_RECIPIENT_KEYS)
    name = table.text("name") or key
    role = table.one_of("role", ROLES) or "third-party"
    return Recipient(key, name, role, table.origin())


def _read_categories(data: Table, written: Written) -> None:
    for name, parent, key in _leaves(data, _CATEGORY_KEYS):
        value = parent.values[key]
        if not isinstance(value, dict):
            on_top = '; categories stand here, as in [data."user.contact.email"], and limits in them'
            hint = on_top if parent is data else did_you_mean(key, _CATEGORY_KEYS)
            parent.refuse(f"there is no such key{hint}", key)
        elif _is_name(parent, key, name) and not _is_twice(parent, key, name, name in written.categories):
            written.categories[name] = _category(name, parent.below(key))


def _category(name: str, table: Table) -> WrittenCategory:
    return WrittenCategory(
        name,
        read_limits(table),
        table.origin(),
        table.text("meaning") or "",
        table.flag("special") or False,
        table.texts("names") or (),
        _mapping(table),
    )


def _mapping(table: Table) -> dict[str, tuple[str, ...]]:
    mapping: dict[str, tuple[str, ...]] = {}
    for term in TERMS:
        if not isinstance(table.values.get(term), str):
            mapping[term] = table.texts(term) or ()
        elif text := table.text(term):
            mapping[term] = (text,)
    return {term: words for term, words in mapping.items() if words}


def _leaves(top: Table, own: frozenset[str]) -> Iterator[tuple[str, Table, str]]:
    """What is declared below ``top``: dotted name, the table it stands in, its key there.

    A table declares something itself when it is empty or has one of its ``own`` keys; all other keys in it are
    names below it. Without recursion: a dotted key may be longer than Python's stack.
    """
    waiting: list[tuple[str, Table, str]] = [(key, top, key) for key in reversed(list(top.values))]
    while waiting:
        name, parent, key = waiting.pop()
        value = parent.values[key]
        if not isinstance(value, dict):
            yield name, parent, key
            continue
        if not value or not own.isdisjoint(value):
            yield name, parent, key
        table = parent.below(key)
        waiting.extend((f"{name}.{each}", table, each) for each in reversed(value) if each not in own)


def _is_name(table: Table, key: str, name: str) -> bool:
    if is_name(name):
        return True
    table.refuse(f'"{name}" is no name; a name is letters, digits, "-" and "_", with dots between', key)
    return False


def _is_twice(table: Table, key: str, name: str, known: bool) -> bool:
    if known:
        table.refuse(f'"{name}" is declared twice; dots in quotes and without them mean the same', key)
    return known
