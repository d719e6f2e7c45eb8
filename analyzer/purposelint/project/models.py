"""The program with the library models that rule packs bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from purposelint.cache import digest
from purposelint.config.model import LibraryModel
from purposelint.facts.program import Program, Relaying
from purposelint.facts.syntax import Module
from purposelint.project.files import Unreadable
from purposelint.project.kept import Kept
from purposelint.project.reading import decode, encode, lower


class ModelledProgram(Relaying):
    """A program whose path ``<queue>`` is the model that stands for the library module ``queue``."""

    def __init__(self, program: Program, models: Sequence[LibraryModel], kept: Kept | None = None) -> None:
        super().__init__(program)
        self._kept = kept
        self._models: Mapping[str, LibraryModel] = {f"<{model.module}>": model for model in models}
        self._lowered: dict[str, Module | None] = {}

    def facts(self, path: str) -> Module | None:
        """The facts of a file or model; None where it cannot be parsed."""
        if path not in self._models:
            return self.program.facts(path)
        if path not in self._lowered:
            self._lowered[path] = self._lower(self._models[path].code.encode())
        return self._lowered[path]

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
