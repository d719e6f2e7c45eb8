"""The program under analysis, as the later stages see it: paths, facts on demand, and who mentions what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from purposelint.facts.syntax import Module


class Program(Protocol):
    """All Python files of a project. Paths are relative to its root, with ``/``."""

    @property
    def paths(self) -> Sequence[str]:
        """Every Python file, sorted."""

    def facts(self, path: str) -> Module | None:
        """The facts of a file, lowered when first asked for; None where it cannot be read or parsed (PUR901)."""

    def written(self, text: str) -> Module | None:
        """The facts of code that stands in a string; None where it cannot be parsed."""

    def sought(self, name: str) -> None:
        """Say that something was looked for under a name in a module or class, whatever has made up the name."""

    def prefetch(self, paths: Collection[str]) -> None:
        """Say that the facts of these files will be asked for: they may be lowered in parallel."""

    def mentions(self, *names: str, within: Collection[str] | None = None) -> Sequence[str]:
        """The files (of those ``within``) in which identifiers stand (in code, strings or comments), sorted.

        Those that have all of ``names``. Sound: none is missing. The less is asked, the more edits leave the answer as
        it was, and with it what was found (see `purposelint.project.ledger`).
        """

    def is_mentioned(self, name: str) -> bool:
        """Whether `mentions` names any file."""

    def is_rare(self, name: str, most: int) -> bool:
        """Whether `mentions` names no more than ``most`` files."""

    def smallest(self, paths: Collection[str], most: int = -1) -> Sequence[str]:
        """These files, the smallest first, as far as they have no more than ``most`` bytes together (-1: all).

        Sizes count as the next power of two.
        """

    def defining(self, kind: str, name: str) -> Sequence[str]:
        """The files with a ``class`` or ``def`` of that name, a class header (``base``) or ``import`` that names it.

        ``tag`` and ``purpose`` give those with a definition that a comment or annotation tags. Sorted; sound: none is
        missing.
        """


class Relaying:
    """A program that passes on to another what it does not answer itself."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @property
    def paths(self) -> Sequence[str]:
        """See `Program`."""
        return self.program.paths

    def facts(self, path: str) -> Module | None:
        """See `Program`."""
        return self.program.facts(path)

    def written(self, text: str) -> Module | None:
        """See `Program`."""
        return self.program.written(text)

    def sought(self, name: str) -> None:
        """See `Program`."""
        self.program.sought(name)

    def prefetch(self, paths: Collection[str]) -> None:
        """See `Program`."""
        self.program.prefetch(paths)

    def mentions(self, *names: str, within: Collection[str] | None = None) -> Sequence[str]:
        """See `Program`."""
        return self.program.mentions(*names, within=within)

    def is_mentioned(self, name: str) -> bool:
        """See `Program`."""
        return self.program.is_mentioned(name)

    def is_rare(self, name: str, most: int) -> bool:
        """See `Program`."""
        return self.program.is_rare(name, most)

    def smallest(self, paths: Collection[str], most: int = -1) -> Sequence[str]:
        """See `Program`."""
        return self.program.smallest(paths, most)

    def defining(self, kind: str, name: str) -> Sequence[str]:
        """See `Program`."""
        return self.program.defining(kind, name)
