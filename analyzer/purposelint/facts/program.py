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

    def size(self, path: str) -> int:
        """How many bytes of source a file has; 0 where it cannot be read."""

    def prefetch(self, paths: Collection[str]) -> None:
        """Say that the facts of these files will be asked for: they may be lowered in parallel."""

    def mentions(self, name: str) -> Sequence[str]:
        """The files in which the identifier ``name`` stands (in code, strings or comments), sorted.

        Sound: none is missing.
        """

    def defining(self, kind: str, name: str) -> Sequence[str]:
        """The files with a ``class`` or ``def`` of that name, a class header (``base``) or ``import`` that names it.

        ``tag`` and ``purpose`` give those with a definition that a comment or annotation tags. Sorted; sound: none is
        missing.
        """
