"""Findings and what is known of a point, in the terms of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.workspace import PositionCodec

from purposelint.errors import ConfigMistake
from purposelint.facts.span import Span
from purposelint.inquiry import Inquiry
from purposelint.policy.findings import Finding, way_of
from purposelint.policy.holdings import Holding
from purposelint.project.files import Contents, Unreadable, notebook
from purposelint.project.notebooks import is_notebook
from purposelint.report.answers import described, sink_described
from purposelint.report.code_lines import CodeLines
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting

SOURCE = "purposelint"


class Places:
    """Places of a project as the client counts them: from 0, in its units, on files by their URI.

    ``contents`` is what the last run read in the place of what is on disk, ``opened`` are the URIs by which the client
    knows the files it has open, ``cells`` those of a notebook's cells, by its path, where each is a document of its
    own. A place in another notebook is told where it stands in the notebook's file.
    """

    def __init__(
        self,
        root: Path,
        contents: Contents,
        codec: PositionCodec,
        opened: Mapping[Path, str],
        cells: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._root = root
        self._contents = contents
        self._cells = cells
        self._code = CodeLines(root, contents)
        self._lines = CodeLines(root, contents, raw=True)
        self._regions = Regions(Setting(root, contents=contents))
        self._codec = codec
        self._opened = opened

    def uri(self, path: str) -> str:
        """The URI of a file of the project, or of one beside it."""
        file = (self._root / path).resolve()
        return self._opened.get(file) or uris.from_fs_path(str(file)) or ""

    def location(self, path: str, span: Span) -> types.Location:
        """A place; one without extent stands for its line."""
        cells = self._cells.get(path, ())
        if 0 < span.cell <= len(cells):
            uri, lines = cells[span.cell - 1], self._code
        else:
            uri, lines, span = self.uri(path), self._lines, self._regions.of(path, span)

        def position(line: int, column: int) -> types.Position:
            before = (lines.line(path, line) or "")[: column - 1]
            return types.Position(max(line - span.above - 1, 0), self._codec.client_num_units(before))

        start, end = position(span.line, span.column), position(span.end_line, span.end_column)
        if start == end:
            end = position(span.line, len(lines.line(path, span.line) or "") + 1)
        return types.Location(uri, types.Range(start, end))

    def point(self, uri: str, path: str, position: types.Position) -> tuple[int, int] | None:
        """The line and the column of the source, from 1, of a position in a document; None where no code stands."""
        line: int | None = position.line + 1
        if is_notebook(path):
            cells, found = self._cells.get(path, ()), notebook(self._root, path, self._contents)
            if uri not in cells or isinstance(found, Unreadable):
                return None
            line = found.module_line(cells.index(uri) + 1, position.line + 1)
        if line is None:
            return None
        text = self._code.line(path, line) or ""
        before = self._codec.position_from_client_units([text], types.Position(0, position.character))
        return line, before.character + 1


def diagnostic(finding: Finding, places: Places) -> types.Diagnostic:
    """A finding, with each hop of its way as related information."""
    severity = types.DiagnosticSeverity.Error if finding.severity == "error" else types.DiagnosticSeverity.Warning
    return types.Diagnostic(
        range=places.location(finding.path, finding.span).range,
        severity=severity,
        code=finding.code,
        source=SOURCE,
        message=finding.said or finding.message,
        related_information=[
            types.DiagnosticRelatedInformation(places.location(step.path, step.span), step.note or "on the way")
            for step in finding.trace
        ],
        data={"fingerprint": finding.fingerprint},
    )


def mistake(wrong: ConfigMistake, places: Places) -> types.Diagnostic:
    """A mistake in an annotation file."""
    column = max(wrong.column, 1)
    return types.Diagnostic(
        range=places.location(wrong.path, Span(wrong.line, column, wrong.line, column)).range,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        message=wrong.message,
    )


def hover(inquiry: Inquiry, path: str, line: int, column: int) -> str | None:
    """What is known of a point, in Markdown: sources, sinks, and the data that is there; None where nothing is."""
    said = [f"**source** {described(entry.source)}" for entry in inquiry.holdings.entries(path, line, column)]
    for use in inquiry.holdings.uses(path, line, column):
        behind = f", behind {', '.join(use.gates)}" if use.gates else ""
        said.append(f"**sink** {sink_described(use.sink)}{behind}")
    for holding in _nearest(inquiry.holdings.at(path, line, column)):
        became = "" if holding.data == holding.source.data else f", by now {holding.data}"
        said.append(f"**data of** {described(holding.source)}{became}  \nby {way_of(holding.way)}")
    return "\n\n".join(dict.fromkeys(said)) or None


def _nearest(holdings: Iterable[Holding]) -> list[Holding]:
    """Of what is held around a point the innermost place of each source's data."""
    found: dict[tuple[str, str | None], Holding] = {}
    for holding in holdings:
        key = (holding.source.id, holding.data)
        if key not in found or _size(holding.span) < _size(found[key].span):
            found[key] = holding
    return list(found.values())


def _size(span: Span) -> tuple[int, int]:
    return span.end_line - span.line, span.end_column - span.column
