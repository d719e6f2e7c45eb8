"""Where a project begins, judged by the paths that a user named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from purposelint.errors import PurposelintError


def common_folder(paths: Sequence[Path | str]) -> Path:
    """The nearest folder that holds all ``paths``, absolute; of one folder, itself. They must exist."""
    folders = []
    for path in paths:
        real = Path(path).resolve()
        if not real.exists():
            raise PurposelintError(f"{path}: no such file or folder")
        folders.append(real if real.is_dir() else real.parent)
    try:
        return Path(os.path.commonpath(folders))
    except ValueError as error:
        raise PurposelintError("the paths have no folder in common; check one project at a time") from error


def git_top(folder: Path) -> Path | None:
    """The top of the git checkout that ``folder`` (absolute) lies in."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def prefix_in_repository(root: Path) -> str:
    """How the top of the git checkout leads to ``root``: ``services/web/``, or nothing where they are the same."""
    top = git_top(root)
    return f"{root.relative_to(top).as_posix()}/" if top is not None and top != root else ""
