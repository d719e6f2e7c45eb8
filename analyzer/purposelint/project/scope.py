"""The part of a project that a run was asked about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path


class Scope:
    """Files and folders of the project at ``root``; the whole project when none are given.

    ``whole`` is a file that concerns all of it (the annotations): when it is among ``paths``, so is everything.
    """

    def __init__(self, root: Path, paths: Sequence[Path | str], whole: Path) -> None:
        self._everything = not paths
        self._each: list[set[str]] = []
        for path in paths:
            names = set()
            if Path(path).resolve() == whole.resolve():
                self._everything = True
                continue
            for place in (Path(os.path.abspath(path)), Path(path).resolve()):
                if place.is_relative_to(root):
                    names.add(place.relative_to(root).as_posix())
                if root.is_relative_to(place):
                    self._everything = True
            self._each.append(names)
        self._named = {name for names in self._each for name in names}

    @property
    def is_everything(self) -> bool:
        """Whether it is the whole project."""
        return self._everything

    def holds(self, path: str) -> bool:
        """Whether a file of the project (relative, with ``/``) is part of it."""
        return self._everything or any(place in self._named for place in _with_folders(path))

    def unmet(self, files: Iterable[str]) -> tuple[str, ...]:
        """What was named below ``root`` and is none of these files, nor a folder of one, sorted."""
        met = {place for path in files for place in _with_folders(path)} | {"."} if self._each else set()
        return tuple(sorted({min(names) for names in self._each if names and not names & met}))

    def parts(self) -> tuple[str, ...] | None:
        """The places that are part of it, sorted; None: everything."""
        return None if self._everything else tuple(sorted(self._named))


def _with_folders(path: str) -> Iterator[str]:
    """A path and the folders above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]
