"""Where the few nodes of a finding lie in their files, and what comments stand there: asked late, kept once known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from purposelint.facts.syntax import Span
from purposelint.project.program import ProjectProgram

if TYPE_CHECKING:
    from purposelint.syntax import Comment

_SUPPRESSION = re.compile(rb"#[^\r\n]*(?:purposelint|noqa[^\r\n]*PUR)", re.IGNORECASE)
_WORDS = ("purposelint", "noqa", "NOQA", "NoQA")
_WHOLE_FILE = Span(1, 1, 1, 1)


class Locations:
    """Spans, statements and suppression comments of a project's files."""

    def __init__(self, program: ProjectProgram) -> None:
        self._program = program
        self._spans: dict[str, dict[int, Span]] = {}
        self._statements: dict[str, tuple[Span, ...]] = {}
        self._comments: dict[str, tuple[Comment, ...]] = {}

    def prepare(self, path: str, refs: Iterable[int]) -> None:
        """Find the spans of these nodes of a file in one go."""
        from purposelint.syntax import locate  # noqa: PLC0415  (libcst is slow to import)

        known = self._spans.setdefault(path, {})
        missing = {ref for ref in refs if ref not in known}
        if missing:
            known.update(locate(self._program.read(path), missing))
            for ref in missing:
                known.setdefault(ref, _WHOLE_FILE)  # the file changed since its facts were read

    def span(self, path: str, ref: int) -> Span:
        """Where a node lies in its file."""
        self.prepare(path, (ref,))
        return self._spans[path][ref]

    def statement(self, path: str, line: int) -> tuple[int, int]:
        """The first and last line of the statement that ``line`` belongs to; the line itself where there is none."""
        from purposelint.syntax import statements  # noqa: PLC0415

        if path not in self._statements:
            self._statements[path] = statements(self._program.read(path))
        around = [span for span in self._statements[path] if span.line <= line <= span.end_line]
        if not around:
            return line, line
        innermost = min(around, key=lambda span: span.end_line - span.line)
        return innermost.line, innermost.end_line

    def comments(self, path: str) -> Sequence[Comment]:
        """The comments of a file that suppress findings, in order of place."""
        from purposelint.syntax import comments  # noqa: PLC0415

        if path not in self._comments:
            self._comments[path] = comments(self._program.read(path))
        return self._comments[path]

    def commented_paths(self) -> Sequence[str]:
        """The readable files that may have such a comment, sorted."""
        named = {path for word in _WORDS for path in self._program.mentions(word)}
        return sorted(
            path
            for path in named
            if path not in self._program.unreadable and _SUPPRESSION.search(self._program.read(path))
        )
