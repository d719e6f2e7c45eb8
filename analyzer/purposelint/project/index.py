"""The index: which files have which identifiers, and which may hold a comment that silences findings.

It is made from the bytes of all files in one search each (see `purposelint.project.identifiers`), or from what an
earlier run kept of that.
"""

from __future__ import annotations

import re
from bisect import insort
from dataclasses import dataclass, field
from pathlib import Path

from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, content_digest, read
from purposelint.project.identifiers import definitions, identifiers
from purposelint.project.kept import Indexed
from purposelint.project.reading import Reading

_SUPPRESSION = re.compile(rb"#[^\r\n]*(?:purposelint|noqa[^\r\n]*PUR|PUR\d)", re.IGNORECASE)
_CODE = re.compile(rb"pur\d")


@dataclass(slots=True)
class Index:
    """Files by identifier (in UTF-8 and NFKC) and by definition (``def:name``), each list sorted.

    ``sizes`` are those of the files that can be read, in bytes.
    """

    files_of: dict[bytes, list[str]] = field(default_factory=dict)
    commented: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, path: str, indexed: Indexed) -> None:
        """Add a file; files come in order."""
        self.sizes[path] = indexed.size
        if indexed.commented:
            self.commented.append(path)
        files_of = self.files_of
        for identifier in indexed.names.split():
            found = files_of.get(identifier)
            if found is None:
                files_of[identifier] = [path]
            else:
                found.append(path)

    def add_names(self, path: str, indexed: Indexed) -> None:
        """Add what stands in a new version of a file; what stood in the old one stays."""
        self.sizes[path] = indexed.size
        if indexed.commented and path not in self.commented:
            insort(self.commented, path)
        for identifier in indexed.names.split():
            found = self.files_of.setdefault(identifier, [])
            if path not in found:
                insort(found, path)


def read_indexed(root: Path, path: str, contents: Contents = NO_CONTENTS) -> Reading:
    """What stands in a file, or why it cannot be read."""
    source = read(root, path, contents)
    if isinstance(source, Unreadable):
        return Reading(content_digest(source), wrong=source)
    return Reading(content_digest(source), indexed=search(source))


def search(source: bytes) -> Indexed:
    """What stands in one file's bytes."""
    small = source.lower()
    may_hold = b"purposelint" in small or (b"noqa" in small and b"pur" in small) or _CODE.search(small) is not None
    # No identifier holds a blank, so they can be kept as one text.
    names = b" ".join(sorted(identifiers(source) | definitions(source)))
    return Indexed(names, len(source), may_hold and _SUPPRESSION.search(source) is not None)
