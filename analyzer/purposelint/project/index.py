"""The index: which files have which identifiers, and which may hold a comment that silences findings.

It is made from the bytes of all files in one search each (see `purposelint.project.identifiers`), or from what an
earlier run kept of that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, content_digest, read
from purposelint.project.identifiers import definitions, identifiers
from purposelint.project.kept import Indexed, Kept

_SUPPRESSION = re.compile(rb"#[^\r\n]*(?:purposelint|noqa[^\r\n]*PUR|PUR\d)", re.IGNORECASE)
_CODE = re.compile(rb"pur\d")


@dataclass(slots=True)
class Index:
    """Files by identifier (in UTF-8 and NFKC) and by definition (``def:name``), each list sorted.

    ``sizes`` are those of the files that can be read, in bytes.
    """

    files_of: dict[bytes, list[str]] = field(default_factory=dict)
    commented: list[str] = field(default_factory=list)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)


def build(root: Path, paths: Sequence[str], kept: Kept | None, contents: Contents = NO_CONTENTS) -> Index:
    """Index these files (sorted)."""
    index = Index()
    files_of = index.files_of
    for path in paths:
        indexed = kept.known(path).indexed if kept is not None else None
        if indexed is None:
            source = read(root, path, contents)
            if kept is not None:
                kept.saw(path, content_digest(source))
            if isinstance(source, Unreadable):
                index.unreadable[path] = source
                continue
            indexed = search(source)
            if kept is not None:
                kept.learn(path, content_digest(source), indexed=indexed)
        index.sizes[path] = indexed.size
        if indexed.commented:
            index.commented.append(path)
        for identifier in indexed.names.split():
            files_of.setdefault(identifier, []).append(path)
    return index


def search(source: bytes) -> Indexed:
    """What stands in one file's bytes."""
    small = source.lower()
    may_hold = b"purposelint" in small or (b"noqa" in small and b"pur" in small) or _CODE.search(small) is not None
    # No identifier holds a blank, so they can be kept as one text.
    names = b" ".join(sorted(identifiers(source) | definitions(source)))
    return Indexed(names, len(source), may_hold and _SUPPRESSION.search(source) is not None)
