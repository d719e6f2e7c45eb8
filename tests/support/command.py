"""What a run of the command gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Result:
    """Exit status, stdout and stderr."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """Runs the command with these arguments."""

    def __call__(self, *args: str) -> Result:
        """Run it."""
