"""What git has at a revision, written to a temporary folder. The user's work tree, index and branches stay as they are.

Only what an analysis reads is written: Python files, TOML, ignore files, and links. Submodules are written where they
are checked out and have the commit that the revision names.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from purposelint.errors import PurposelintError
from purposelint.project.roots import git_top

_WANTED = (".py", ".ipynb", ".toml", ".gitignore", "pyvenv.cfg")
_LINK = "120000"
_SUBMODULE = "160000"
_MERGE_BASE = "..."


@contextmanager
def top_at(root: Path, revision: str) -> Iterator[tuple[Path, Path]]:
    """The top of the checkout that ``root`` lies in, and a folder that holds what it was at ``revision``.

    ``REV...`` means the commit at which the current one left ``REV``, as ``git diff`` does. The folder is removed
    at the end. Raises `PurposelintError` where there is no checkout, no git, or no such revision.
    """
    top = git_top(root)
    if top is None:
        raise PurposelintError(f"--diff: {root} is in no git checkout, so nothing can be said of {revision}")
    if revision.endswith(_MERGE_BASE):
        base = _git(top, "merge-base", revision.removesuffix(_MERGE_BASE) or "HEAD", "HEAD", naming=revision)
    else:
        base = revision
    if base.startswith("-") or not base:
        raise PurposelintError(f"--diff: {revision or 'an empty text'} is no revision")
    tree = _git(top, "rev-parse", "--verify", "--quiet", f"{base.strip()}^{{tree}}", naming=revision).strip()
    with tempfile.TemporaryDirectory(prefix="purposelint-") as folder:
        there = Path(folder).resolve() / "tree"
        _write(top, tree, there, Path(folder))
        # Ignore files above the project count up to the top of a checkout.
        (there / ".git").mkdir(exist_ok=True)
        yield top, there


def _write(top: Path, tree: str, there: Path, scratch: Path) -> None:
    """Write the wanted files of a tree below ``there``."""
    there.mkdir(parents=True)
    index = Path(tempfile.mkdtemp(dir=scratch)) / "index"
    _git(top, "read-tree", tree, index=index)
    names: list[str] = []
    submodules: list[tuple[str, str]] = []
    for entry in _git(top, "ls-files", "--stage", "-z", index=index).split("\0"):
        about, _, name = entry.partition("\t")
        mode, commit = about.split(" ")[:2] if name else ("", "")
        if mode == _SUBMODULE:
            submodules.append((name, commit))
        elif name and (mode == _LINK or name.endswith(_WANTED)):
            names.append(name)
    given = "".join(f"{name}\0" for name in names)
    _git(top, "checkout-index", "-f", "-q", "-z", "--stdin", f"--prefix={there}{os.sep}", index=index, given=given)
    for name, commit in submodules:
        inner = top / name
        if (inner / ".git").exists() and _has(inner, commit):
            _write(inner, f"{commit}^{{tree}}", there / name, scratch)


def _has(top: Path, commit: str) -> bool:
    return _run(top, ("cat-file", "-e", f"{commit}^{{tree}}")).returncode == 0


def _git(top: Path, *args: str, naming: str = "", index: Path | None = None, given: str | None = None) -> str:
    """What a git command prints. Raises `PurposelintError` where it fails; ``naming`` is the revision to name then."""
    done = _run(top, args, index, given)
    if done.returncode != 0:
        said = os.fsdecode(done.stderr).strip().removeprefix("fatal: ")
        if naming:
            why = f" ({said})" if said else ""
            if _run(top, ("rev-parse", "--is-shallow-repository")).stdout.strip() == b"true":
                why += "; the clone is shallow, and `git fetch --unshallow` brings the rest of its history"
            raise PurposelintError(f"--diff: git knows no revision {naming} in {top}{why}")
        raise PurposelintError(f"--diff: git {args[0]} failed in {top}: {said}")
    return os.fsdecode(done.stdout)


def _run(
    top: Path, args: tuple[str, ...], index: Path | None = None, given: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    # In a hook git sets variables that would lead to another repository or to the index of the commit.
    ours = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    settings = ("core.hooksPath=" + os.devnull, "core.fsmonitor=false", "core.sparseCheckout=false")
    options = [option for setting in settings for option in ("-c", setting)]
    try:
        return subprocess.run(
            ["git", *options, *args],
            cwd=top,
            env=environment,
            input=os.fsencode(given) if given is not None else None,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise PurposelintError(f"--diff: git cannot be run: {error}") from error
