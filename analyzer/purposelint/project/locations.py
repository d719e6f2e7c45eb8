"""Where the few nodes of a finding lie in their files, and what comments stand there: asked late, kept once known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field

from purposelint import syntax
from purposelint.facts.span import Span
from purposelint.project.program import ProjectProgram

_WHOLE_FILE = Span(1, 1, 1, 1)


@dataclass(slots=True)
class _Places:
    """What is known of one file; None: not asked for yet."""

    spans: dict[int, Span] = field(default_factory=dict)
    definitions: tuple[tuple[int, str], ...] | None = None
    statements: tuple[Span, ...] | None = None
    comments: tuple[syntax.Comment, ...] | None = None
    changed: bool = False


class Locations:
    """Spans, statements and suppression comments of a project's files. Call `close` when no more is asked."""

    def __init__(self, program: ProjectProgram) -> None:
        self._program = program
        self._paths = frozenset(program.paths)
        self._files: dict[str, _Places] = {}

    def prepare(self, path: str, refs: Iterable[int]) -> None:
        """Find the spans of these nodes of a file in one go."""
        places = self._places(path)
        missing = {ref for ref in refs if ref not in places.spans}
        if missing:
            # Asked together with the definitions: each question goes through the file anew.
            missing.update(ref for ref, _ in self._defined(path) if ref not in places.spans)
            found = syntax.locate(self._program.read(path), missing)
            places.spans.update({ref: self.placed(path, span) for ref, span in found.items()})
            places.changed = True
            for ref in missing:
                places.spans.setdefault(ref, _WHOLE_FILE)  # the file changed since its facts were read

    def span(self, path: str, ref: int) -> Span:
        """Where a node lies in its file."""
        self.prepare(path, (ref,))
        return self._places(path).spans[ref]

    def placed(self, path: str, span: Span) -> Span:
        """A place in a file with the cell that it is in, where it is a notebook's."""
        notebook = self._program.notebook(path)
        return span if notebook is None else notebook.placed(span)

    def definition(self, path: str, ref: int) -> str:
        """The qualified name of the innermost function or class whose lines hold a node; empty at the top level."""
        line = self.span(path, ref).line
        spans = self._places(path).spans
        around = [(spans[ref], name) for ref, name in self._defined(path) if ref in spans]
        holding = [(span.line, name) for span, name in around if span.line <= line <= span.end_line]
        return max(holding, default=(0, ""))[1]

    def statement(self, path: str, line: int) -> tuple[int, int]:
        """The first and last line of the statement that ``line`` belongs to; the line itself where there is none."""
        places = self._places(path)
        if places.statements is None:
            places.statements = syntax.statements(self._program.read(path))
            places.changed = True
        return syntax.statement_lines(places.statements, line)

    def comments(self, path: str) -> Sequence[syntax.Comment]:
        """The comments of a file that suppress findings, in order of place; none where it cannot be parsed."""
        places = self._places(path)
        if places.comments is None:
            places.changed = True
            try:
                places.comments = syntax.comments(self._program.read(path))
            except syntax.UnreadableSource:
                places.comments = ()
        return places.comments

    def commented_paths(self) -> Sequence[str]:
        """The files that may have such a comment, sorted."""
        return self._program.commented()

    def forget(self, path: str) -> None:
        """Forget a file: it has another version now."""
        self._files.pop(path, None)

    def close(self) -> None:
        """Keep what was found out, for the next run."""
        kept = self._program.kept
        if kept is None or kept.disturbed:
            return
        for path, places in sorted(self._files.items()):
            if places.changed:
                kept.keep_places(path, _packed(places))
                places.changed = False

    def _places(self, path: str) -> _Places:
        places = self._files.get(path)
        if places is None:
            found = None if self._program.kept is None else self._program.kept.places(path)
            places = self._files[path] = _Places() if found is None else _unpacked(found)
        return places

    def _defined(self, path: str) -> tuple[tuple[int, str], ...]:
        """The refs and qualified names of a file's functions and classes; lambdas have no name."""
        places = self._places(path)
        if places.definitions is None:
            facts = self._program.lowered(path) if path in self._paths else None
            functions, classes = (facts.functions, facts.classes) if facts is not None else ((), ())
            defined = [(each.ref, each.qualname) for each in functions]
            defined += [(each.ref, each.qualname) for each in classes]
            named = [(ref, name.replace("<locals>.", "")) for ref, name in defined]
            places.definitions = tuple((ref, name) for ref, name in named if "<lambda>" not in name)
            places.changed = True
        return places.definitions


_Row = tuple[object, ...]
_Packed = tuple[dict[int, _Row], "tuple[tuple[int, str], ...] | None", "list[_Row] | None", "list[_Row] | None"]


def _packed(places: _Places) -> _Packed:
    return (
        {ref: astuple(span) for ref, span in places.spans.items()},
        places.definitions,
        None if places.statements is None else [astuple(span) for span in places.statements],
        None if places.comments is None else [astuple(comment) for comment in places.comments],
    )


def _unpacked(found: _Packed) -> _Places:
    spans, definitions, statements, comments = found
    return _Places(
        {ref: Span(*row) for ref, row in spans.items()},  # type: ignore[arg-type]
        definitions,
        None if statements is None else tuple([Span(*row) for row in statements]),  # type: ignore[arg-type]
        None if comments is None else tuple([syntax.Comment(*row) for row in comments]),  # type: ignore[arg-type]
    )
