"""A program whose files may get new versions while what was found out about it is kept."""

from __future__ import annotations

from purposelint.facts.aligning import Aligned, align
from purposelint.facts.program import Relaying
from purposelint.facts.syntax import Module
from purposelint.project.models import ModelledProgram
from purposelint.project.program import ProjectProgram


class VersionedProgram(Relaying):
    """A program with library models. A new version's facts are aligned to those before (`purposelint.facts.aligning`).

    ``project`` are the files themselves.
    """

    def __init__(self, program: ModelledProgram, project: ProjectProgram) -> None:
        super().__init__(program)
        self.project = project
        self._aligned: dict[str, Aligned] = {}

    def facts(self, path: str) -> Module | None:
        """The facts of a file as it is now."""
        known = self._aligned.get(path)
        return known.module if known is not None else self.program.facts(path)

    def replace(self, path: str, source: bytes) -> Aligned | None:
        """Take a new version of a file; None where one of them cannot be parsed: what is known stays as it is."""
        before = self._aligned[path].module if path in self._aligned else self.project.lowered(path)
        now = self.project.lowered(path) if self.project.replace(path, source) else None
        if before is None or now is None:
            return None
        self._aligned[path] = align(before, now)
        return self._aligned[path]

    def ref(self, path: str, ref: int) -> int:
        """The ref of a node in the file as it is."""
        known = self._aligned.get(path)
        return ref if known is None else known.refs.get(ref, -1)
