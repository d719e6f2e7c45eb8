"""What a run may ask of the index, and the answer: by itself a plain value, so that both can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from purposelint.project.index import Index

Question: TypeAlias = "tuple[tuple[bytes, ...], tuple[str, ...] | None, int]"
"""Identifiers or definitions as in the index; the files that are asked about (None: all); and how many files at most.

With -1 for the last it is asked which files have all of them; else, of the first alone, whether no more have it.
Without names it is asked for the files themselves, the smallest first; the last is how many bytes at most (-1: all).
"""

Answer: TypeAlias = "tuple[str, ...] | bool"

WHICH = -1


def answer(index: Index, question: Question) -> Answer:
    """The files in order, or whether there are no more."""
    names, within, most = question
    if not names:
        return tuple(_smallest(index, within or (), most))
    files_of = index.files_of
    files = files_of.get(names[0], ())
    if most != WHICH:
        return len(files) <= most
    if within is None and len(names) == 1:
        return tuple(files)
    chosen = set(files)
    for name in names[1:]:
        chosen.intersection_update(files_of.get(name, ()))
    return tuple(sorted(chosen if within is None else chosen.intersection(within)))


def _smallest(index: Index, paths: tuple[str, ...], most: int) -> Iterator[str]:
    """Sizes count as the next power of two, so that few edits change the order."""
    sizes = {path: 1 << index.sizes.get(path, 0).bit_length() for path in paths}
    total = 0
    for path in sorted(paths, key=lambda path: (sizes[path], path)):
        total += sizes[path]
        if most != WHICH and total > most:
            return
        yield path
