"""Readers that fail, for worker processes, which import them by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from purposelint.project.workers import Outcomes, Task


def dying(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader whose process ends at one file, as it does when memory runs out."""
    if "dies.py" in paths:
        os._exit(9)
    return [(path, None) for path in paths]


def failing(_task: Task, _root: Path, paths: Sequence[str]) -> Outcomes:
    """A reader with a mistake in it."""
    return [(path, None) for path in paths if 1 // 0]
