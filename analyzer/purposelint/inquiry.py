"""Questions about a run: what is known of a line, and why nothing is told of a source and a sink."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from purposelint.engine import Study
from purposelint.errors import PurposelintError
from purposelint.facts.span import Span
from purposelint.policy.findings import Finding
from purposelint.policy.holdings import Holdings
from purposelint.policy.silence import Silence, unseen
from purposelint.policy.tried import recorded
from purposelint.project.roots import path_in
from purposelint.report import answers
from purposelint.report.code_lines import CodeLines
from purposelint.report.setting import Setting

_NEAR = 3


class Inquiry:
    """Answers questions about one run."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.holdings = Holdings(study.flows, study.flows.graph, study.annotations, study.places)
        self.silence = Silence(
            study.flows,
            study.flows.graph,
            study.declared,
            study.annotations,
            self.holdings,
            study.program.mentions,
            study.report,
        )

    def path_of(self, file: Path) -> str:
        """The path of a file in the project; one that is none of it keeps its own."""
        return path_in(self._study.root, file, self._study.program.paths)

    def findings(self, path: str, line: int) -> list[Finding]:
        """The findings whose way leads over a line, told or suppressed."""
        report = self._study.report
        return [
            finding
            for finding in (*report.findings, *report.errors, *report.suppressed)
            if (finding.path, finding.span.line) == (path, line)
        ]

    def why(self, file: Path, line: int, column: int | None, setting: Setting, cell: int = 0) -> str:
        """What is known of a line, or of a point on it; in a notebook, of a line of a cell.

        Raises `PurposelintError` where the file has no such line.
        """
        path = self.path_of(file)
        line = self._module_line(path, line, cell)
        code = CodeLines(setting.root, setting.contents).line(path, line)
        if code is None:
            raise PurposelintError(f"{file} has no line {line}")
        span = self._study.places.placed(path, Span(line, 1, line, 1))
        entries = self.holdings.entries(path, line, column)
        uses = self.holdings.uses(path, line, column)
        held = self.holdings.at(path, line, column)
        findings = self.findings(path, line)
        record = recorded(self._study.flows.trials, self._study.places, path, line, column)
        if entries or uses or held or findings:
            return answers.of_line(path, span, entries, uses, held, findings, record, setting)
        names = frozenset(re.findall(r"\w+", code))
        candidates = [] if record.tried else self.silence.candidates(names)
        return answers.of_silent_line(path, span, self._unknown(path, line), candidates, record, setting)

    def _module_line(self, path: str, line: int, cell: int) -> int:
        notebook = self._study.program.notebook(path)
        if notebook is None:
            if cell:
                raise PurposelintError(f"{path} is no notebook that can be read: it has no cells")
            return line
        if not cell:
            raise PurposelintError(f"{path} is a notebook: say which cell, as in `{path}:cell 3:{line}`")
        found = notebook.module_line(cell, line)
        if found is None:
            raise PurposelintError(f"{path} has no line {line} of code in cell {cell}")
        return found

    def why_not(self, source: str, sink: str, setting: Setting) -> str:
        """Why no flow from a source to a sink is told. Raises `PurposelintError` where there is no such id."""
        return answers.of_pair(self.silence.between(source, sink), unseen(self._study.report), setting)

    def _unknown(self, path: str, line: int) -> Sequence[str]:
        """Why nothing is known of a line."""
        program = self._study.program
        if path not in program.paths:
            return ("The file is not analysed: it is ignored or excluded, or no Python file of this project.",)
        wrong = program.unreadable.get(path)
        if wrong is not None and program.lowered(path) is None:
            return (f"The file cannot be read: {wrong.message}.",)
        for at in () if wrong is None else wrong.each():
            if self._cell(path, at.line) == self._cell(path, line):
                return (f"The cell cannot be read: {at.message}.",)
        lines = self.holdings.lines(path)
        if not lines:
            return ("No tagged data is known to come into this file.",)
        near = sorted(sorted(lines, key=lambda other: (abs(other - line), other))[:_NEAR])
        listed = ", ".join(self._line_named(path, other) for other in near)
        return (f"No tagged data is known to be here; the nearest in this file: line {listed}.",)

    def _cell(self, path: str, line: int) -> int:
        return self._study.places.placed(path, Span(line, 1, line, 1)).cell

    def _line_named(self, path: str, line: int) -> str:
        span = self._study.places.placed(path, Span(line, 1, line, 1))
        return f"{span.shown_line} of cell {span.cell}" if span.cell else str(line)
