"""Readers that fail, for worker processes, which import them by name."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from purposelint.project.reading import Reading
from purposelint.project.workers import Outcomes, Task

NOTHING = Reading(b"", None)


def dying(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader whose process ends at one file, as it does when memory runs out."""
    if "dies.py" in paths:
        os.kill(os.getpid(), signal.SIGKILL)
    return [(path, NOTHING) for path in paths]


def leaving(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader whose process ends itself at some files."""
    if any(path.startswith("dies") for path in paths):
        os._exit(9)
    return [(path, NOTHING) for path in paths]


def failing(_task: Task, _root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader with a mistake in it."""
    return [(path, NOTHING) for path in paths if 1 // 0]
