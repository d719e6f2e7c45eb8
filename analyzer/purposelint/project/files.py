"""The bytes of a project's files: each as it is now, or why it cannot be had."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from purposelint.cache import digest

MAX_BYTES = 10_000_000
"""Larger files are generated data; reading one would take gigabytes."""


Contents: TypeAlias = Mapping[str, bytes]
"""What files hold in the place of what is on disk (a buffer that an editor has not saved), by path as in a project."""

NO_CONTENTS: Contents = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file has no facts: where it goes wrong (line and column from 1) and how."""

    line: int
    column: int
    message: str


def read(root: Path, path: str, contents: Contents = NO_CONTENTS) -> bytes | Unreadable:
    """The bytes of a file."""
    if path in contents:
        source = contents[path]
    else:
        try:
            with open(os.path.join(root, path), "rb") as file:
                source = file.read(MAX_BYTES + 1)
        except OSError as error:
            return Unreadable(1, 1, f"cannot be read: {error.strerror or error}")
    if len(source) > MAX_BYTES:
        return Unreadable(1, 1, f"larger than {MAX_BYTES // 1_000_000} MB; name it under `exclude`")
    return source


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
