"""Finding the annotation file and loading it: the entrance of this package.

Top-level keys beside the annotations themselves:

``exclude``        gitignore-style globs of files that are not analysed
``packs``          the names of the rule packs to use; all, when it is left out
``exclude_packs``  the names of rule packs not to use
``extend``         another annotation file, relative to this one, that is read first. What it says holds here too:
                   purposes, recipients, categories, codes and entries of the same name or id are replaced by those
                   here. Its exceptions and its ``exclude`` stay with the project they were written for.

In a ``pyproject.toml`` the same keys stand below ``[tool.purposelint]``.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import tomli

from purposelint.cache import digest
from purposelint.config.documents import PYPROJECT, UnreadableError, read_document, relative_path
from purposelint.config.model import Annotations
from purposelint.config.reading import read_written
from purposelint.config.references import check_references, vocabulary_of
from purposelint.config.resolve import resolve
from purposelint.config.rules import Pack, available_packs, in_force
from purposelint.config.suggestions import did_you_mean
from purposelint.config.written import Written
from purposelint.errors import ConfigError, ConfigMistake

FILE_NAME = "purposes.toml"


def find(start: Path) -> Path | None:
    """The annotation file that governs ``start`` (a file or folder): the nearest in its folder or above.

    In one folder ``purposes.toml`` goes before a ``pyproject.toml`` with ``[tool.purposelint]``.
    """
    start = start.absolute()
    return next(filter(None, map(find_in, (start, *start.parents))), None)


def find_below(folder: Path) -> list[Path]:
    """The annotation files below ``folder`` that no other one there governs, sorted. Hidden folders hold none."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        here = find_in(Path(place)) if {FILE_NAME, PYPROJECT} & {*names} and Path(place) != folder else None
        if here is not None:
            found.append(here)
        governed = here is not None or "pyvenv.cfg" in names
        folders[:] = [] if governed else [name for name in folders if name[0] != "." and name != "node_modules"]
    return sorted(found)


def find_in(folder: Path) -> Path | None:
    """The annotation file in a folder itself."""
    if (folder / FILE_NAME).is_file():
        return folder / FILE_NAME
    return folder / PYPROJECT if _annotates(folder / PYPROJECT) else None


def extends(file: Path, other: Path) -> bool:
    """Whether an annotation file extends another one, directly or by way of more.

    One that is no TOML counts where it has the key at all: it is loaded then, and what is wrong with it is told.
    """
    seen: set[str] = set()
    while os.path.realpath(file) not in seen:
        seen.add(os.path.realpath(file))
        try:
            extended = read_document(file, file.name).values.get("extend")
        except UnreadableError:
            return len(seen) == 1 and _mentions_extend(file)
        if not isinstance(extended, str):
            return False
        file = Path(os.path.normpath(file.parent / extended))
        if os.path.realpath(file) == os.path.realpath(other):
            return True
    return False


def load(path: Path | None, *, root: Path, today: datetime.date | None = None) -> Annotations:
    """Load an annotation file (None: there is none) and the rule packs in force.

    ``root`` is the project's: paths in messages and origins are relative to it. ``today`` serves the
    date that a message proposes for an exception without one; whether one has expired is not asked here.

    Raises `ConfigError` with every mistake of the file, the files it extends and the packs.
    """
    today = today or datetime.date.today()
    own = _read_own(path, root, today) if path is not None else []
    available = available_packs()
    only, excluded = _chosen_packs(own, available)
    documents = list(own)
    packs = in_force(available, only, excluded)
    documents.extend(_of_pack(read_written(pack.document, today), pack.name) for pack in packs)
    if not documents:
        return Annotations()
    lent = _lent(documents, [pack for pack in available if pack not in packs], today)
    vocabulary = vocabulary_of(documents, lent)
    check_references(documents, vocabulary)
    annotations = resolve(documents, vocabulary, lent)
    if any(written.document.mistakes for written in documents):
        raise _error(documents)
    path_shown = own[0].document.path if own else None
    read = [written.document for written in own] + [pack.document for pack in available]
    return replace(
        annotations,
        path=path_shown,
        packs=tuple(pack.name for pack in packs),
        digest=digest(*(part for document in read for part in (document.path, document.text))),
    )


def _annotates(pyproject: Path) -> bool:
    """Whether this is a ``pyproject.toml`` with ``[tool.purposelint]``; one that is no TOML is left to others."""
    try:
        content = pyproject.read_bytes()
    except OSError:
        return False
    if b"purposelint" not in content:
        return False
    try:
        values = tomli.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return b"[tool.purposelint" in content
    tool = values.get("tool")
    return isinstance(tool, dict) and "purposelint" in tool


def _mentions_extend(file: Path) -> bool:
    try:
        return re.search(rb"^extend\s*=", file.read_bytes(), re.MULTILINE) is not None
    except OSError:
        return False


def _read_own(path: Path, root: Path, today: datetime.date) -> list[Written]:
    """The project's file and those it extends, nearest first."""
    chain: list[Written] = []
    seen: list[str] = []
    while True:
        try:
            document = read_document(path, relative_path(path, root))
        except UnreadableError as error:
            raise _error(chain, error.mistake) from error
        written = read_written(document, today)
        chain.append(written)
        seen.append(os.path.realpath(path))
        if written.extend is None:
            return chain
        path = Path(os.path.normpath(path.parent / written.extend))
        if os.path.realpath(path) in seen:
            document.refuse(("extend",), f'"{written.extend}" comes back to a file that is read already')
            return chain
        if not path.is_file():
            document.refuse(("extend",), f'"{written.extend}" is no file; the path is relative to this one')
            return chain


def _chosen_packs(own: Sequence[Written], available: Sequence[Pack]) -> tuple[Sequence[str] | None, Sequence[str]]:
    """What the project says of packs: which only, and which not. Tells of names that no pack has."""
    names = {pack.name for pack in available}
    for written in own:
        for key in ("packs", "exclude_packs"):
            for index, name in enumerate(written.packs or () if key == "packs" else written.exclude_packs or ()):
                if name not in names:
                    hint = did_you_mean(name, names) or f"; there are: {', '.join(sorted(names))}"
                    written.document.refuse((key, index), f'"{name}" is no rule pack{hint}')
    only = next((written.packs for written in own if written.packs is not None), None)
    excluded = next((written.exclude_packs for written in own if written.exclude_packs is not None), ())
    return only, excluded


def _lent(documents: Sequence[Written], others: Sequence[Pack], today: datetime.date) -> list[Written]:
    """Packs that are not in force, and lend the patterns of their sinks to those that are ``like`` them."""
    wanted = {name for written in documents for sink in written.sinks for name in sink.like}
    wanted -= {name for written in documents for sink in written.sinks for name in (sink.id, sink.pack)}
    if not wanted:
        return []
    read = [_of_pack(read_written(pack.document, today), pack.name) for pack in others]
    return [written for written in read if any(wanted & {sink.id, sink.pack} for sink in written.sinks)]


def _of_pack(written: Written, name: str) -> Written:
    """The entries with the pack's name in them."""
    written.sources = [replace(each, source=replace(each.source, pack=name)) for each in written.sources]
    written.sinks = [replace(each, pack=name) for each in written.sinks]
    written.gates = [replace(each, pack=name) for each in written.gates]
    written.transforms = [replace(each, pack=name) for each in written.transforms]
    written.passthroughs = [replace(each, pack=name) for each in written.passthroughs]
    written.models = [replace(each, pack=name) for each in written.models]
    written.conventions = [replace(each, pack=name) for each in written.conventions]
    return written


def _error(documents: Sequence[Written], *more: ConfigMistake) -> ConfigError:
    """All mistakes: file by file in the order read, in each by place."""
    mistakes: list[ConfigMistake] = []
    for written in documents:
        mistakes.extend(sorted(set(written.document.mistakes), key=lambda each: (each.line, each.column, each.message)))
    return ConfigError((*mistakes, *more))
