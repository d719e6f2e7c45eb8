"""Which entries of rule packs can matter to a project: those that speak of a library that it names.

A pack's pattern begins with the name of a library's module, and code that uses the library names that module, be it in
an import or in a string. The models of libraries are code as well: what a model in use imports is named too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from purposelint.config.model import Annotations, Gate, LibraryModel, Passthrough, Sink, Source, Transform
from purposelint.config.patterns import NameStep, Pattern

_Entry = TypeVar("_Entry", Source, Sink, Gate, Transform, Passthrough)
_IMPORTED = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)


def applicable(annotations: Annotations, named: Callable[[str], bool]) -> Annotations:
    """The annotations without the packs' patterns for libraries that are not ``named`` in the project.

    ``named`` says whether an identifier stands anywhere in the project's code. The project's own entries stay as
    they are.
    """
    known: dict[str, bool] = {}

    def is_named(name: str) -> bool:
        if name not in known:
            known[name] = named(name)
        return known[name]

    for name in _imported_by_models(annotations.models, is_named):
        known[name] = True
    return replace(
        annotations,
        sources=tuple(_possible(annotations.sources, is_named)),
        sinks=tuple(_possible(annotations.sinks, is_named)),
        gates=tuple(_possible(annotations.gates, is_named)),
        transforms=tuple(_possible(annotations.transforms, is_named)),
        passthroughs=tuple(_possible(annotations.passthroughs, is_named)),
    )


def _possible(entries: Sequence[_Entry], is_named: Callable[[str], bool]) -> Iterator[_Entry]:
    """The entries with the patterns that can match; of packs, only those that have some."""
    for entry in entries:
        if entry.pack is None:
            yield entry
            continue
        match = tuple(pattern for pattern in entry.match if _may_match(pattern, is_named))
        if match:
            yield entry if len(match) == len(entry.match) else replace(entry, match=match)


def _may_match(pattern: Pattern, is_named: Callable[[str], bool]) -> bool:
    first = pattern.steps[0]
    return not isinstance(first, NameStep) or first.name in ("*", "**") or is_named(first.name)


def _imported_by_models(models: Sequence[LibraryModel], is_named: Callable[[str], bool]) -> list[str]:
    """The modules that models in use import, those that a model so reached imports too; builtins need no import."""
    found: dict[str, None] = {}
    waiting = [model for model in models if model.module == "builtins" or is_named(model.module.partition(".")[0])]
    rest = [model for model in models if model not in waiting]
    while waiting:
        model = waiting.pop()
        new = [name for name in _IMPORTED.findall(model.code) if name not in found]
        found.update(dict.fromkeys(new))
        waiting += [each for each in rest if each.module.partition(".")[0] in new]
        rest = [each for each in rest if each.module.partition(".")[0] not in new]
    return list(found)
