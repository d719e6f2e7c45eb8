"""What the judge asks of the project: where a place lies in its file, and which comments suppress findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from purposelint.dataflow.flows import Place
from purposelint.facts.span import Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that suppresses findings: ``# purposelint: allow[...] reason`` or ``# noqa: ...``.

    ``codes`` as written; empty for a bare ``# noqa``. ``reason`` is empty when none is given.
    ``malformed``: what is wrong with one that was meant for purposelint and cannot be read. Line and column (from 1)
    are the comment's. ``alone``: nothing else is on its line.
    """

    kind: Literal["allow", "noqa"]
    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    malformed: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot be decoded or parsed: where it goes wrong (line and column from 1) and how."""

    path: str
    line: int
    column: int
    message: str


class Places(Protocol):
    """The project's files, as far as the judge needs them."""

    def span(self, place: Place) -> Span:
        """Where a place lies in its file."""

    def placed(self, path: str, span: Span) -> Span:
        """A place in a file with the cell that it is in, where the file is a notebook."""

    def prepare(self, places: Iterable[Place]) -> None:
        """Say that the spans of these places will be asked for: their files may be read in parallel."""

    def statement(self, path: str, line: int) -> tuple[int, int]:
        """The first and last line of the statement that ``line`` belongs to; of a compound one, of its header."""

    def definition(self, place: Place) -> str:
        """The qualified name (``Account.phone``) of the function or class that a place stands in; empty: in none."""

    def suppressions(self, path: str) -> Sequence[Suppression]:
        """The comments of a file that suppress findings, in order of place."""

    def suppressed_paths(self) -> Sequence[str]:
        """The files that have any such comment."""
