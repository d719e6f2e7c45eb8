"""The names that annotations are written in, and what is wrong with one that is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from purposelint.config.hierarchy import is_name, lineage
from purposelint.config.suggestions import did_you_mean, nearest
from purposelint.config.written import Written

_TYPO = 0.8
"""How alike (difflib's ratio) an undeclared category must be to a declared one to count as a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names that may be used, by kind; those above a declared purpose or category count as declared.

    The kinds are ``purpose``, ``category`` (each also with `` or *``), ``recipient``, ``condition`` (what gates
    provide), ``source`` and ``sink``.
    """

    known: Mapping[str, frozenset[str]]

    def fault(self, kind: str, name: str) -> str | None:
        """What is wrong with ``name`` as a name of ``kind``; None when nothing is."""
        kind, star, _ = kind.partition(" or *")
        known = self.known[kind]
        if name in known or (star and name == "*"):
            return None
        if kind == "category":
            return _category_fault(name, known)
        if kind == "source" and "." in name:
            # A comment tag in the code is a source too; its id is a qualified name, which is not known here.
            return None
        what, remedy = _WORDING[kind]
        if name == "*":
            return f'"*" {what}; name each'
        return f'"{name}" {what}{did_you_mean(name, known) or remedy.format(name=name)}'


_WORDING = {
    "purpose": ("is no purpose", '; declare it in [purposes]: "{name}" = "what it means"'),
    "recipient": ("is no recipient", '; declare it: [recipients."{name}"]'),
    "condition": ("is provided by no gate", '; add it to the "provides" of one'),
    "source": ("is the id of no source", ""),
    "sink": ("is the id of no sink", ""),
    "sink or pack": ("is the id of no sink, nor the name of a pack that has any", ""),
}


def vocabulary_of(documents: Sequence[Written], lent: Sequence[Written] = ()) -> Vocabulary:
    """The names that the documents declare, each in their own words or another's; sinks may be like those ``lent``."""
    sinks = frozenset(sink.id for written in documents for sink in written.sinks)
    linkages = {linkage.id for written in documents for linkage in written.linkages}
    return Vocabulary(
        {
            "purpose": _with_parents(name for written in documents for name in written.purposes),
            "category": _with_parents(name for written in documents for name in written.categories),
            "recipient": frozenset(name for written in documents for name in written.recipients),
            "condition": frozenset(name for written in documents for gate in written.gates for name in gate.provides),
            "source": frozenset(each.source.id for written in documents for each in written.sources),
            # Categories that are matched against each other meet at no sink: there the linkage is named.
            "sink": sinks | linkages,
            "sink or pack": sinks
            | frozenset(sink.id for written in lent for sink in written.sinks)
            | frozenset(
                sink.pack for written in (*documents, *lent) for sink in written.sinks if sink.pack is not None
            ),
        }
    )


def check_references(documents: Sequence[Written], vocabulary: Vocabulary) -> None:
    """Tell, in its document, of every name that is not in the vocabulary."""
    for written in documents:
        for kind, name, document, path in written.references:
            fault = vocabulary.fault(kind, name)
            if fault is not None:
                document.refuse(path, fault)


def _with_parents(names: Iterable[str]) -> frozenset[str]:
    return frozenset(each for name in names for each in lineage(name))


def _category_fault(name: str, known: frozenset[str]) -> str | None:
    """A category needs no declaration: naming it makes it. But one that differs by a letter or two is a slip."""
    if not is_name(name):
        return f'"{name}" is no category; a name is letters, digits, "-" and "_", with dots between'
    parts = name.split(".")
    for each in sorted(known):
        others = each.split(".")
        if len(others) == len(parts) and all(map(_alike, parts, others)):
            return f'"{name}" is no category; did you mean "{each}"? If not, declare it: [data."{name}"]'
    return None


def _alike(word: str, other: str) -> bool:
    return word == other or nearest(word, (other,), cutoff=_TYPO) is not None
