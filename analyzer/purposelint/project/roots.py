"""Where a project begins, judged by the paths that a user named."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
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


def path_in(root: Path, file: Path, paths: Collection[str]) -> str:
    """The path of a file among those of the project at ``root``; one that is none of them keeps its own."""
    for place in (Path(os.path.abspath(file)), file.resolve()):
        if place.is_relative_to(root):
            path = place.relative_to(root).as_posix()
            if path in paths:
                return path
    return os.path.relpath(file.resolve(), root).replace(os.sep, "/")


def git_top(folder: Path) -> Path | None:
    """The top of the git checkout that ``folder`` (absolute) lies in."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def prefix_in_repository(root: Path) -> str:
    """How the top of the git checkout leads to ``root``: ``services/web/``, or nothing where they are the same."""
    top = git_top(root)
    return f"{root.relative_to(top).as_posix()}/" if top is not None and top != root else ""
