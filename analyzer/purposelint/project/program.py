"""The files of a project as the later stages see them: facts on demand, and who mentions what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType

from purposelint.facts.syntax import Module
from purposelint.project.identifiers import identifiers, key
from purposelint.project.reading import Facts, Unreadable, read, read_facts
from purposelint.project.workers import Workers


class ProjectProgram:
    """A `purposelint.facts.program.Program` over files on disk.

    ``paths`` are relative to ``root``, with ``/``, sorted (see `purposelint.project.discovery`).
    ``jobs`` is how many processes may read files; 1 starts none. Use it as a context manager, or
    `close` it: processes end then. ``unreadable`` grows as files are read.
    """

    def __init__(self, root: Path, paths: Sequence[str], jobs: int = 1) -> None:
        self.root = root
        self.unreadable: dict[str, Unreadable] = {}
        self._paths = tuple(paths)
        self._facts: dict[str, Module | None] = {}
        self._files_of: dict[bytes, list[str]] | None = None
        self._bytes = 0
        self._workers = Workers(root, jobs)

    @property
    def paths(self) -> Sequence[str]:
        """Every Python file, sorted."""
        return self._paths

    def facts(self, path: str) -> Module | None:
        """The facts of a file, lowered when first asked for; None where it is `unreadable`."""
        if path not in self._facts:
            self._keep(path, read_facts(self.root, path))
        return self._facts[path]

    def prefetch(self, paths: Collection[str]) -> None:
        """Lower these files in parallel, where that pays; else they are lowered when asked for."""
        missing = sorted(path for path in set(paths) if path not in self._facts)
        if self._workers.worth("facts", len(missing)):
            for path, outcome in self._workers.run("facts", missing):
                if outcome is not None:
                    self._keep(path, outcome)

    def mentions(self, name: str) -> Sequence[str]:
        """The files in which ``name`` stands (in code, strings or comments), sorted; a superset."""
        return self._index().get(key(name), ())

    def mentions_in_any_case(self, word: str) -> Sequence[str]:
        """The files in which ``word`` (ASCII, in small letters) stands in any case, sorted; a superset."""
        wanted = key(word)
        return sorted({path for name, files in self._index().items() if name.lower() == wanted for path in files})

    def read(self, path: str) -> bytes:
        """The bytes of a file; none when it cannot be read any more."""
        source = read(self.root, path)
        return b"" if isinstance(source, Unreadable) else source

    def verify(self, paths: Iterable[str]) -> None:
        """Find which of these files are `unreadable`, also where nothing asked for their facts."""
        unread = sorted(path for path in set(paths) if path not in self._facts and path not in self.unreadable)
        for path, outcome in self._workers.run("check", unread):
            if isinstance(outcome, Unreadable):
                self.unreadable[path] = outcome

    def statistics(self) -> dict[str, int]:
        """How many files there are, were indexed (with their bytes), were parsed for facts, and could not be read."""
        return {
            "files": len(self._paths),
            "files indexed": 0 if self._files_of is None else len(self._paths),
            "bytes indexed": self._bytes,
            "files parsed": len(self._facts),
            "files unreadable": len(self.unreadable),
        }

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()

    def __enter__(self) -> ProjectProgram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self, path: str, facts: Facts) -> None:
        if isinstance(facts, Unreadable):
            self.unreadable[path] = facts
            self._facts[path] = None
        else:
            self._facts[path] = facts

    def _index(self) -> dict[bytes, list[str]]:
        """Which files have which identifiers; made when first asked for."""
        if self._files_of is not None:
            return self._files_of
        files_of: dict[bytes, list[str]] = {}
        for path in self._paths:
            source = read(self.root, path)
            if isinstance(source, Unreadable):
                self._keep(path, source)
                continue
            self._bytes += len(source)
            for identifier in identifiers(source):
                files_of.setdefault(identifier, []).append(path)
        self._files_of = files_of
        return files_of
