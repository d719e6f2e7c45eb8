"""The program with the library models that rule packs bring."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from purposelint.cache import digest
from purposelint.config.model import LibraryModel
from purposelint.facts.program import Program
from purposelint.facts.syntax import Module
from purposelint.project.files import Unreadable
from purposelint.project.kept import Kept
from purposelint.project.reading import decode, encode, lower


class ModelledProgram:
    """A program whose path ``<queue>`` is the model that stands for the library module ``queue``."""

    def __init__(self, program: Program, models: Sequence[LibraryModel], kept: Kept | None = None) -> None:
        self._program = program
        self._kept = kept
        self._models: Mapping[str, LibraryModel] = {f"<{model.module}>": model for model in models}
        self._lowered: dict[str, Module | None] = {}

    @property
    def paths(self) -> Sequence[str]:
        """The project's own files."""
        return self._program.paths

    def facts(self, path: str) -> Module | None:
        """The facts of a file or model; None where it cannot be parsed."""
        if path not in self._models:
            return self._program.facts(path)
        if path not in self._lowered:
            self._lowered[path] = self._lower(self._models[path].code.encode())
        return self._lowered[path]

    def written(self, text: str) -> Module | None:
        """The facts of code in a string."""
        return self._program.written(text)

    def sought(self, name: str) -> None:
        """Note a name under which something was looked for."""
        self._program.sought(name)

    def prefetch(self, paths: Collection[str]) -> None:
        """Announce files of the project."""
        self._program.prefetch(paths)

    def mentions(self, *names: str, within: Collection[str] | None = None) -> Sequence[str]:
        """The project's files that mention identifiers."""
        return self._program.mentions(*names, within=within)

    def is_mentioned(self, name: str) -> bool:
        """Whether a file of the project mentions an identifier."""
        return self._program.is_mentioned(name)

    def is_rare(self, name: str, most: int) -> bool:
        """Whether so many files of the project mention an identifier at most."""
        return self._program.is_rare(name, most)

    def smallest(self, paths: Collection[str], most: int = -1) -> Sequence[str]:
        """These files of the project, the smallest first."""
        return self._program.smallest(paths, most)

    def defining(self, kind: str, name: str) -> Sequence[str]:
        """The project's files that define a name."""
        return self._program.defining(kind, name)

    def _lower(self, code: bytes) -> Module | None:
        content = digest(code)
        encoded = None if self._kept is None else self._kept.facts_of(content)
        if encoded is not None:
            return decode(encoded)
        facts = lower(code)
        if isinstance(facts, Unreadable):
            return None
        if self._kept is not None:
            self._kept.keep_facts(content, encode(facts))
        return facts
