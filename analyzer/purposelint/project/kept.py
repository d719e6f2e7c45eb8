"""What earlier runs found out about the files of a project, by the digests of their bytes.

Words used here
---------------
*facts*
    What the front end made of a file: an entry of its own, for a run wants those of few files.
*bundle*
    What a run wants of every file: its identifiers, and whether it can be parsed. One entry holds the bundle of a
    whole folder, else a tree of ten thousand files would be ten thousand entries to open. It is kept under the names
    of the folder's files and holds the digest of each: where one has changed, the others are still known.
*disturbed*
    A file was read and had other bytes than in the run's snapshot. What was found of it is kept under the digest of
    what was read, and is right; what was found of the project as a whole must not be kept.

Only what the bytes alone decide is kept. Why a file could not be read, or that its reader died, is found out anew.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass, field, replace
from typing import Any

from purposelint.cache import Store, digest, front_end
from purposelint.project.files import Snapshot


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one search through a file's bytes finds: see `purposelint.project.index`."""

    names: bytes
    size: int
    commented: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file: ``indexed`` None: not yet; ``parses``: it does, False: not known."""

    indexed: Indexed | None = None
    parses: bool = False


@dataclass(slots=True)
class _Bundle:
    key: bytes
    known: dict[bytes, Known]
    changed: bool = False


@dataclass(slots=True)
class Kept:
    """The store, as it concerns the files of ``snapshot``. Call `close` when the run is over."""

    store: Store
    snapshot: Snapshot
    disturbed: bool = False
    hits: int = 0
    """How many facts came from the store."""
    _bundles: dict[str, _Bundle] = field(default_factory=dict)
    _folders: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in sorted(self.snapshot.digests):
            self._folders.setdefault(_folder(path), []).append(path)

    def facts(self, path: str) -> bytes | None:
        """The facts of a file as they were kept."""
        found = self.facts_of(self.snapshot.digests[path])
        self.hits += found is not None
        return found

    def facts_of(self, content: bytes) -> bytes | None:
        """The facts of what has this digest."""
        return self.store.get("facts", digest(front_end(), content))

    def keep_facts(self, content: bytes, facts: bytes) -> None:
        """Keep the facts of what has this digest."""
        self.store.put("facts", digest(front_end(), content), facts)

    def places(self, path: str) -> Any:
        """What was kept of the places in a file; None where nothing was (or it is none of the project's: a model)."""
        if path not in self.snapshot.digests:
            return None
        found = self.store.get("places", digest(front_end(), self.snapshot.digests[path]))
        return None if found is None else marshal.loads(found)

    def keep_places(self, path: str, places: Any) -> None:
        """Keep places in a file, as values that `marshal` knows."""
        if path in self.snapshot.digests:
            self.store.put("places", digest(front_end(), self.snapshot.digests[path]), marshal.dumps(places))

    def saw(self, path: str, content: bytes) -> None:
        """Note that a file was read and had this digest."""
        if self.snapshot.digests.get(path, content) != content:
            self.disturbed = True

    def known(self, path: str) -> Known:
        """What is known of a file of the snapshot."""
        return self._bundle(path).known.get(self.snapshot.digests[path], Known())

    def learn(self, path: str, content: bytes, *, indexed: Indexed | None = None, parses: bool = False) -> None:
        """Add to what is known of a file with this digest."""
        bundle = self._bundle(path)
        before = bundle.known.get(content, Known())
        now = replace(before, indexed=indexed or before.indexed, parses=parses or before.parses)
        if now != before:
            bundle.known[content] = now
            bundle.changed = True

    def close(self) -> None:
        """Keep the bundles in which something is new, without what is known of files as they were once."""
        for folder, bundle in sorted(self._bundles.items()):
            if bundle.changed:
                digests = {self.snapshot.digests[path] for path in self._folders[folder]}
                current = {content: known for content, known in bundle.known.items() if content in digests}
                self.store.put("bundle", bundle.key, _packed(current))
                bundle.changed = False

    def _bundle(self, path: str) -> _Bundle:
        folder = _folder(path)
        if folder not in self._bundles:
            key = digest(front_end(), *self._folders[folder])
            found = self.store.get("bundle", key)
            self._bundles[folder] = _Bundle(key, {} if found is None else _unpacked(found))
        return self._bundles[folder]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _packed(known: dict[bytes, Known]) -> bytes:
    rows: list[tuple[bytes | bool | int, ...]] = [
        (content, each.parses)
        if each.indexed is None
        else (content, each.parses, each.indexed.names, each.indexed.size, each.indexed.commented)
        for content, each in sorted(known.items())
    ]
    return marshal.dumps(rows)


def _unpacked(found: bytes) -> dict[bytes, Known]:
    return {
        content: Known(Indexed(*indexed) if indexed else None, parses)
        for content, parses, *indexed in marshal.loads(found)
    }
