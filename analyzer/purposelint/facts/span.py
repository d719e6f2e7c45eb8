"""A place in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines and columns count from 1; the end column is exclusive.

    In a notebook, lines are those of the module that its cells make; ``cell`` is the number of the cell (0: it is no
    notebook), and ``above`` how many lines of the module stand above it.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int = 0
    above: int = 0

    @property
    def shown_line(self) -> int:
        """The line as people count it: from the beginning of the cell, where there is one."""
        return self.line - self.above


def line_of(path: str, span: Span) -> str:
    """``path:line``, or ``path:cell 3:line`` in a notebook."""
    return f"{path}:cell {span.cell}:{span.shown_line}" if span.cell else f"{path}:{span.line}"


def place_of(path: str, span: Span) -> str:
    """``path:line:column``, or ``path:cell 3:line:column`` in a notebook."""
    return f"{line_of(path, span)}:{span.column}"
