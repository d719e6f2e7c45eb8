"""A place in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines and columns count from 1; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
