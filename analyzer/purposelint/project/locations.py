"""Where the few nodes of a finding lie in their files, and what comments stand there: asked late, kept once known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from purposelint import syntax
from purposelint.facts.syntax import Span
from purposelint.project.program import ProjectProgram

_SUPPRESSION = re.compile(rb"#[^\r\n]*(?:purposelint|noqa[^\r\n]*PUR)", re.IGNORECASE)
_WHOLE_FILE = Span(1, 1, 1, 1)


class Locations:
    """Spans, statements and suppression comments of a project's files."""

    def __init__(self, program: ProjectProgram) -> None:
        self._program = program
        self._spans: dict[str, dict[int, Span]] = {}
        self._statements: dict[str, tuple[Span, ...]] = {}
        self._comments: dict[str, tuple[syntax.Comment, ...]] = {}
        self._definitions: dict[str, tuple[tuple[int, str], ...]] = {}

    def prepare(self, path: str, refs: Iterable[int]) -> None:
        """Find the spans of these nodes of a file in one go."""
        known = self._spans.setdefault(path, {})
        missing = {ref for ref in refs if ref not in known}
        if missing:
            # Asked together with the definitions: each question goes through the file anew.
            missing.update(ref for ref, _ in self._defined(path) if ref not in known)
            known.update(syntax.locate(self._program.read(path), missing))
            for ref in missing:
                known.setdefault(ref, _WHOLE_FILE)  # the file changed since its facts were read

    def span(self, path: str, ref: int) -> Span:
        """Where a node lies in its file."""
        self.prepare(path, (ref,))
        return self._spans[path][ref]

    def definition(self, path: str, ref: int) -> str:
        """The qualified name of the innermost function or class whose lines hold a node; empty at the top level."""
        line = self.span(path, ref).line
        around = [(self._spans[path][ref], name) for ref, name in self._defined(path) if ref in self._spans[path]]
        holding = [(span.line, name) for span, name in around if span.line <= line <= span.end_line]
        return max(holding, default=(0, ""))[1]

    def statement(self, path: str, line: int) -> tuple[int, int]:
        """The first and last line of the statement that ``line`` belongs to; the line itself where there is none."""
        if path not in self._statements:
            self._statements[path] = syntax.statements(self._program.read(path))
        return syntax.statement_lines(self._statements[path], line)

    def comments(self, path: str) -> Sequence[syntax.Comment]:
        """The comments of a file that suppress findings, in order of place; none where it cannot be parsed."""
        if path not in self._comments:
            try:
                self._comments[path] = syntax.comments(self._program.read(path))
            except syntax.UnreadableSource:
                self._comments[path] = ()
        return self._comments[path]

    def commented_paths(self) -> Sequence[str]:
        """The files that may have such a comment, sorted."""
        named = {path for word in ("purposelint", "noqa") for path in self._program.mentions_in_any_case(word)}
        return sorted(path for path in named if _SUPPRESSION.search(self._program.read(path)))

    def _defined(self, path: str) -> tuple[tuple[int, str], ...]:
        """The refs and qualified names of a file's functions and classes; lambdas have no name."""
        if path not in self._definitions:
            facts = self._program.facts(path)
            functions, classes = (facts.functions, facts.classes) if facts is not None else ((), ())
            defined = [(each.ref, each.qualname) for each in functions]
            defined += [(each.ref, each.qualname) for each in classes]
            named = [(ref, name.replace("<locals>.", "")) for ref, name in defined]
            self._definitions[path] = tuple((ref, name) for ref, name in named if "<lambda>" not in name)
        return self._definitions[path]
