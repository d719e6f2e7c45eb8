"""What a project's files hold: each as it is now, or why it cannot be had."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from purposelint.cache import digest
from purposelint.project.notebooks import MAX_BYTES as MAX_NOTEBOOK
from purposelint.project.notebooks import BrokenNotebook, Notebook, is_notebook, parsed

MAX_BYTES = 10_000_000
"""Larger files are generated data; reading one would take gigabytes."""


Contents: TypeAlias = Mapping[str, bytes]
"""What files hold in the place of what is on disk (a buffer that an editor has not saved), by path as in a project."""

NO_CONTENTS: Contents = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file has no facts, or not all: where it goes wrong (line and column from 1) and how.

    ``others`` are the further places where it does: those of a notebook's cells, each by itself.
    """

    line: int
    column: int
    message: str
    others: tuple[Unreadable, ...] = ()

    def each(self) -> tuple[Unreadable, ...]:
        """All the places where it goes wrong."""
        return (self, *self.others)


def read(root: Path, path: str, contents: Contents = NO_CONTENTS) -> bytes | Unreadable:
    """The Python source of a file: its bytes, or the module that the cells of a notebook make."""
    if is_notebook(path):
        found = notebook(root, path, contents)
        if isinstance(found, Unreadable):
            return found
        source: bytes | Unreadable = found.module()
    else:
        source = as_written(root, path, contents)
    if isinstance(source, bytes) and len(source) > MAX_BYTES:
        return _too_large(MAX_BYTES)
    return source


def notebook(root: Path, path: str, contents: Contents = NO_CONTENTS) -> Notebook | Unreadable:
    """The notebook that a file holds."""
    source = as_written(root, path, contents, MAX_NOTEBOOK)
    if isinstance(source, Unreadable):
        return source
    try:
        return parsed(source)
    except BrokenNotebook as error:
        return Unreadable(error.line, error.column, error.message)


def as_written(root: Path, path: str, contents: Contents = NO_CONTENTS, bound: int = MAX_BYTES) -> bytes | Unreadable:
    """The bytes of a file, no more than ``bound``."""
    if path in contents:
        source = contents[path]
    else:
        try:
            with open(os.path.join(root, path), "rb") as file:
                source = file.read(bound + 1)
        except OSError as error:
            return Unreadable(1, 1, f"cannot be read: {error.strerror or error}")
    return source if len(source) <= bound else _too_large(bound)


def _too_large(bound: int) -> Unreadable:
    return Unreadable(1, 1, f"larger than {bound // 1_000_000} MB; name it under `exclude`")


def content_digest(source: bytes | Unreadable) -> bytes:
    """The digest of a file's bytes; of a file that cannot be read, that of the reason."""
    return digest(source) if isinstance(source, bytes) else digest("unreadable", source.message)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The digests of a project's files at the time when they were all read."""

    digests: dict[str, bytes]

    @classmethod
    def of(cls, root: Path, paths: Sequence[str], contents: Contents = NO_CONTENTS) -> Snapshot:
        """Read every file once, and keep none."""
        return cls({path: content_digest(read(root, path, contents)) for path in paths})

    def key(self) -> bytes:
        """A digest of all of it."""
        return digest(*(part for path in sorted(self.digests) for part in (path, self.digests[path])))
