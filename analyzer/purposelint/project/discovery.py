"""Which Python files, notebooks among them, belong to a project.

Left out, always: hidden folders, ``__pycache__``, ``node_modules``, ``*.egg-info``, virtual environments (a folder
that holds ``pyvenv.cfg`` or ``conda-meta``), and what a ``.gitignore`` names: those of the project, nested ones too,
and those above it up to the top of the git checkout. A project that is ignored as a whole by a ``.gitignore`` above
it was asked for by name, so that file does not count. ``exclude`` uses the same pattern language, relative to the root.

Symbolic links: a file is listed once, by its real path where that lies in the project. Links that lead out of the
project are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from purposelint.errors import PurposelintError
from purposelint.project.notebooks import SUFFIX as NOTEBOOK

_WANTED = (".py", NOTEBOOK)
_SKIPPED = frozenset({"__pycache__", "node_modules"})
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})

OnError = Callable[[str, OSError], None]


def discover(root: Path, exclude: Sequence[str] = (), on_error: OnError | None = None) -> tuple[str, ...]:
    """The project's ``*.py`` and ``*.ipynb`` files, relative to ``root`` with ``/``, sorted.

    ``on_error`` is told of each folder that cannot be listed. Raises `PurposelintError` when a
    pattern in ``exclude`` is none, or ``root`` is not a folder.
    """
    root = root.resolve()
    if not root.is_dir():
        raise PurposelintError(f"{root}: no such folder")
    walk = _Walk(root, _excluding(exclude), on_error or _ignore_error)
    walk.run()
    return tuple(sorted(walk.files))


def is_analysed(name: str) -> bool:
    """Whether a file of this name may belong to a project."""
    return name.endswith(_WANTED)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Ignore rules that were written in the folder ``base`` (relative; ``""`` is the root)."""

    base: str
    spec: GitIgnoreSpec

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Whether ``path`` is ignored; None when nothing is said of it."""
        below = path[len(self.base) + 1 :] if self.base else path
        return self.spec.check_file(below + "/" if is_folder else below).include


@dataclass(slots=True)
class _Walk:
    """One walk over the tree: real entries first, then the links that were met."""

    root: Path
    excluded: GitIgnoreSpec
    on_error: OnError
    files: set[str] = field(default_factory=set)
    links: list[tuple[str, tuple[_Rules, ...]]] = field(default_factory=list)
    seen_files: set[str] = field(default_factory=set)
    seen_folders: set[str] = field(default_factory=set)

    def run(self) -> None:
        self._folder("", str(self.root), _rules_above(self.root))
        # Links may be met while links are followed; sorted, so that the first name wins whatever the disk's order.
        while self.links:
            batch, self.links = sorted(self.links, key=lambda link: link[0]), []
            for path, rules in batch:
                self._link(path, rules)

    def _folder(self, path: str, real: str, rules: tuple[_Rules, ...]) -> None:
        """Walk ``path``, whose real place is ``real``, without recursion: trees may be deep."""
        pending = [(path, real, rules)]
        while pending:
            path, real, rules = pending.pop()
            if real in self.seen_folders:
                continue
            self.seen_folders.add(real)
            try:
                with os.scandir(real) as listing:
                    entries = list(listing)
            except OSError as error:
                self.on_error(path or ".", error)
                continue
            names = {entry.name for entry in entries}
            if path and names & _ENVIRONMENT_MARKS:
                continue
            if ".gitignore" in names:
                rules = (*rules, _rules_in(path, Path(real, ".gitignore")))
            for entry in entries:
                below = f"{path}/{entry.name}" if path else entry.name
                if entry.is_symlink():
                    self.links.append((below, rules))
                elif entry.is_dir(follow_symlinks=False):
                    if self._wanted_folder(below, rules):
                        pending.append((below, entry.path, rules))
                elif entry.is_file(follow_symlinks=False):
                    self._file(below, entry.path, rules)

    def _file(self, path: str, real: str, rules: tuple[_Rules, ...]) -> None:
        if path.endswith(_WANTED) and real not in self.seen_files and not self._ignored(path, False, rules):
            self.seen_files.add(real)
            self.files.add(path)

    def _link(self, path: str, rules: tuple[_Rules, ...]) -> None:
        try:
            target = (self.root / path).resolve(strict=True)
        except (OSError, RuntimeError):  # it leads nowhere, or in a circle
            return
        if not target.is_relative_to(self.root):
            return
        if target.is_file():
            self._file(path, str(target), rules)
        elif target.is_dir() and self._wanted_folder(path, rules):
            self._folder(path, str(target), rules)

    def _wanted_folder(self, path: str, rules: tuple[_Rules, ...]) -> bool:
        name = path.rpartition("/")[2]
        if name.startswith(".") or name in _SKIPPED or name.endswith(".egg-info"):
            return False
        return not self._ignored(path, True, rules)

    def _ignored(self, path: str, is_folder: bool, rules: tuple[_Rules, ...]) -> bool:
        if self.excluded.match_file(path + "/" if is_folder else path):
            return True
        for rule in reversed(rules):  # the nearest file has the last word
            verdict = rule.verdict(path, is_folder)
            if verdict is not None:
                return verdict
        return False


def _ignore_error(_path: str, _error: OSError) -> None:
    """For callers who do not ask."""


def _excluding(patterns: Sequence[str]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise PurposelintError(f"exclude: {error}") from error


def _rules_in(base: str, file: Path) -> _Rules:
    try:
        lines = file.read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except OSError:
        lines = []
    return _Rules(base, GitIgnoreSpec.from_lines(_valid(lines)))


def _valid(lines: Iterable[str]) -> Iterable[str]:
    """The lines that are patterns: git passes over the others without a word."""
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        yield line


def _rules_above(root: Path) -> tuple[_Rules, ...]:
    """The rules of the folders above ``root`` in its git checkout, outermost first, for paths below ``root``."""
    folders = []
    for folder in (root, *root.parents):
        if folder != root:
            folders.append(folder)
        if (folder / ".git").exists():
            break
    else:
        return ()
    rules = []
    for folder in reversed(folders):
        file = folder / ".gitignore"
        if file.is_file():
            prefix = root.relative_to(folder).as_posix()
            rule = _RulesAbove("", _rules_in("", file).spec, prefix)
            if not rule.covers_root():
                rules.append(rule)
    return tuple(rules)


@dataclass(frozen=True, slots=True)
class _RulesAbove(_Rules):
    """Rules written above the root; ``prefix`` leads from their folder to the root."""

    prefix: str

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        return _Rules.verdict(self, f"{self.prefix}/{path}", is_folder)

    def covers_root(self) -> bool:
        """Whether the root, or a folder on the way to it, is ignored itself."""
        parts = self.prefix.split("/")
        return any(_Rules.verdict(self, "/".join(parts[: i + 1]), True) for i in range(len(parts)))
