"""A folder of bytes under digests.

Words used here
---------------
*entry*
    One file: a line that says what it is and the digest of the rest, and the rest. It is written under another name
    and then renamed, so that it is there whole or not at all, whoever else writes or is killed. What was damaged all
    the same (a full disk, a machine that lost power) does not fit its digest, and is as good as absent.
*shard*
    One of the folders that entries are spread over. Each may hold its part of the limit. Who wrote into a shard sweeps
    it at the end of the run: the entries that were not used for longest go, until it fits.

There are no locks, no index and no database, so nothing that two runs could disagree about, or that could be left
behind half done. Two runs that find out the same write the same.

The folder is a convenience: whatever is wrong with it costs time, never a run. What cannot be read or written is told
once, and from then on left alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import platformdirs

LIMIT = 1 << 30
"""How many bytes a store holds at most, unless told otherwise."""

_SHARDS = 64
_HEAD = b"purposelint 1 "
_DIGEST = 16
_SUFFIX = ".entry"
_UNFINISHED = ".unfinished"
_UNFINISHED_FOR = 3600.0
"""After so many seconds nobody writes at it any more: its run was killed."""

_USED_AGAIN_AFTER = 3600.0
"""An entry's time of use is right to so many seconds."""

_TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of purposelint. It may be deleted at any time.
# About cache directory tags: https://bford.info/cachedir/
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a store holds: entries, and their size in bytes."""

    entries: int
    size: int


class Store:
    """The entries in ``folder``, which is made when first written to.

    ``limit`` is in bytes. ``tell`` is given one sentence, once, when the folder cannot be used. Use it as a context
    manager, or `close` it.
    """

    def __init__(self, folder: Path, *, limit: int = LIMIT, tell: Callable[[str], None] | None = None) -> None:
        self.folder = folder
        self._limit = limit
        self._tell = tell
        self._reads = True
        self._writes = True
        self._written: set[str] = set()
        self._unfinished = 0

    def get(self, kind: str, key: bytes) -> bytes | None:
        """What was put under this kind and key; None where there is nothing, or what there is was damaged."""
        if not self._reads:
            return None
        path = self._path(kind, key)
        try:
            with open(path, "rb") as file:
                head, _, value = file.read().partition(b"\n")
                used = os.fstat(file.fileno()).st_mtime
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self._reads = False
            self._refused("read", error)
            return None
        if head != _head(value):
            with contextlib.suppress(OSError):
                os.unlink(path)
            return None
        if abs(time.time() - used) > _USED_AGAIN_AFTER:
            with contextlib.suppress(OSError):
                os.utime(path)
        return value

    def put(self, kind: str, key: bytes, value: bytes) -> None:
        """Keep ``value`` under this kind and key. What would fill a shard alone is not kept."""
        if not self._writes or len(value) > self._limit // _SHARDS:
            return
        path = self._path(kind, key)
        try:
            try:
                self._write(path, value)
            except FileNotFoundError:  # the folder is new, or was cleared by another run
                self._make(os.path.dirname(path))
                self._write(path, value)
        except OSError as error:
            # Elsewhere than on POSIX, an entry that another run reads or writes right now cannot be replaced.
            if not (isinstance(error, PermissionError) and os.path.exists(path)):
                self._writes = False
                self._refused("written to", error)
        self._written.add(os.path.dirname(path))

    def content(self) -> Content:
        """How much there is. Raises `OSError` where the folder cannot be listed."""
        sizes = [size for shard in self._shards() for _, size, _ in _entries(shard)]
        return Content(len(sizes), sum(sizes))

    def clear(self) -> Content:
        """Delete every entry; nothing else that may lie in the folder. Raises `OSError` where that is refused."""
        before = self.content()
        for shard in self._shards():
            for path, _, _ in _entries(shard, unfinished=True):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
            with contextlib.suppress(OSError):  # another run wrote into it meanwhile
                os.rmdir(shard)
        return before

    def close(self) -> None:
        """Sweep the shards that were written to."""
        for shard in sorted(self._written):
            with contextlib.suppress(OSError):
                _sweep(shard, self._limit // _SHARDS)
        self._written.clear()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, path: str, value: bytes) -> None:
        self._unfinished += 1
        name = f"{os.getpid()}-{id(self):x}-{self._unfinished}{_UNFINISHED}"
        unfinished = os.path.join(os.path.dirname(path), name)
        try:
            with open(unfinished, "xb") as file:
                file.write(_head(value) + b"\n")
                file.write(value)
            os.replace(unfinished, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise

    def _path(self, kind: str, key: bytes) -> str:
        name = hashlib.blake2b(key, digest_size=20, person=kind.encode()[:16]).hexdigest()
        return os.path.join(self.folder, f"{int(name[:2], 16) % _SHARDS:02x}", f"{name}{_SUFFIX}")

    def _shards(self) -> Iterator[str]:
        for number in range(_SHARDS):
            shard = os.path.join(self.folder, f"{number:02x}")
            if os.path.isdir(shard):
                yield shard

    def _make(self, shard: str) -> None:
        if not (self.folder / "CACHEDIR.TAG").is_file():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.folder / "CACHEDIR.TAG").write_bytes(_TAG)
            (self.folder / ".gitignore").write_bytes(b"*\n")
        os.makedirs(shard, exist_ok=True)

    def _refused(self, what: str, error: OSError) -> None:
        if self._tell is not None:
            tell, self._tell = self._tell, None
            reason = error.strerror or type(error).__name__
            tell(f"the cache folder {self.folder} cannot be {what} ({reason}); going on without it")


def default_folder() -> Path:
    """Where the user's system keeps caches."""
    return Path(platformdirs.user_cache_dir("purposelint", appauthor=False))


def _head(value: bytes) -> bytes:
    return _HEAD + hashlib.blake2b(value, digest_size=_DIGEST).hexdigest().encode()


def _entries(shard: str, *, unfinished: bool = False) -> list[tuple[str, int, float]]:
    """The path, size and time of last use of each entry of a shard; of what is ``unfinished`` too."""
    found = []
    with os.scandir(shard) as listing:
        for entry in listing:
            if entry.name.endswith(_SUFFIX) or (unfinished and entry.name.endswith(_UNFINISHED)):
                with contextlib.suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    found.append((entry.path, status.st_size, status.st_mtime))
    return found


def _sweep(shard: str, limit: int) -> None:
    """Delete what was left unfinished, and the entries longest unused until the rest is no larger than ``limit``."""
    now = time.time()
    size = 0
    for path, length, used in sorted(_entries(shard, unfinished=True), key=lambda entry: (-entry[2], entry[0])):
        size += length
        lost = path.endswith(_UNFINISHED) and now - used > _UNFINISHED_FOR
        if lost or (size > limit and path.endswith(_SUFFIX)):
            size -= length
            with contextlib.suppress(OSError):
                os.unlink(path)
