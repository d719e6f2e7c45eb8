"""Bytes to facts: the one way from a file to what it says, and the ways in which it fails.

`read_facts` takes and gives plain values and depends on nothing but the file, so it runs in any
process, and its result may be kept under a digest of the bytes.

A notebook whose module cannot be parsed is tried cell by cell: its facts are those of the cells that can be, and what
is wrong is told for each of the others.
"""

from __future__ import annotations

import marshal
import symtable
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from purposelint.facts.collector import collector_paused
from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, content_digest, notebook, read
from purposelint.project.notebooks import is_notebook

if TYPE_CHECKING:
    from purposelint.facts.syntax import Module
    from purposelint.project.kept import Indexed

Facts: TypeAlias = "Module | Unreadable"


class Reading(NamedTuple):
    """What came of a file: the digest of the bytes that were read, its facts as `encode` gives them, what is wrong.

    ``facts`` None: it has none, or they were not asked for. ``wrong`` None: all of it could be read. ``indexed`` is
    what it has for the index; None where that was not asked for, or it cannot be read.
    """

    digest: bytes
    facts: bytes | None = None
    wrong: Unreadable | None = None
    indexed: Indexed | None = None


def lower(source: bytes) -> Facts:
    """The facts of a file with these bytes."""
    from purposelint import syntax  # noqa: PLC0415 - most processes lower no file, and LibCST takes long to load

    try:
        return syntax.lower(source)
    except syntax.UnreadableSource as error:
        return Unreadable(error.line, error.column, error.message)


def read_facts(
    root: Path, path: str, contents: Contents = NO_CONTENTS
) -> tuple[bytes, Module | None, Unreadable | None]:
    """The digest of a file, its facts as far as it can be parsed, and why it cannot be further."""
    source = read(root, path, contents)
    facts = source if isinstance(source, Unreadable) else lower(source)
    if not isinstance(facts, Unreadable):
        return content_digest(source), facts, None
    rest, wrong = _cell_by_cell(facts, root, path, contents)
    facts = lower(rest) if rest is not None else facts
    return content_digest(source), None if isinstance(facts, Unreadable) else facts, wrong


def read_parsable(root: Path, path: str, contents: Contents = NO_CONTENTS) -> bytes:
    """The source of a file that `check` says is wrong, as far as it can be parsed."""
    source = read(root, path, contents)
    facts = source if isinstance(source, Unreadable) else lower(source)
    rest = _cell_by_cell(facts, root, path, contents)[0] if isinstance(facts, Unreadable) else None
    return rest if rest is not None else b"" if isinstance(source, Unreadable) else source


def read_encoded(root: Path, path: str) -> Reading:
    """As `read_facts`, with the facts as bytes."""
    content, facts, wrong = read_facts(root, path)
    return Reading(content, None if facts is None else encode(facts), wrong)


def encode(module: Module) -> bytes:
    """Facts as bytes, without recursion and without a name of any class in them: to be sent, or kept."""
    from purposelint.facts.packing import pack  # noqa: PLC0415 - see `lower`

    return marshal.dumps(pack(module))


def decode(facts: bytes) -> Module:
    """The facts of `encode`."""
    from purposelint.facts.packing import unpack  # noqa: PLC0415 - see `lower`

    with collector_paused():
        return unpack(marshal.loads(facts))


def names_in(facts: bytes) -> set[str]:
    """Every name that the facts of `encode` mention."""
    from purposelint.facts.packing import names  # noqa: PLC0415 - see `lower`

    return names(marshal.loads(facts))


def check(root: Path, path: str) -> Reading:
    """Why a file has no facts, or not all.

    Twenty times as fast as `read_facts`: Python's own parser is asked first. Only its yes counts, for the
    file may be in the syntax of another version.
    """
    source = read(root, path)
    complaint = source if isinstance(source, Unreadable) else _complaint(source, path)
    wrong = None if complaint is None else _cell_by_cell(complaint, root, path)[1]
    return Reading(content_digest(source), wrong=wrong)


def _cell_by_cell(
    wrong: Unreadable, root: Path, path: str, contents: Contents = NO_CONTENTS
) -> tuple[bytes | None, Unreadable]:
    """The module of those of a notebook's cells that can be parsed, and what is wrong with the others, where it is.

    The module as a whole goes wrong below a cell that ends too early. None where no single cell is to blame.
    """
    found = notebook(root, path, contents) if is_notebook(path) else wrong
    broken: dict[int, Unreadable] = {}
    for cell in () if isinstance(found, Unreadable) else found.cells:
        facts = lower(cell.alone())
        if isinstance(facts, Unreadable):
            line = min(max(facts.line - 1, 1), len(cell.lines))
            message = facts.message.replace("end of file", "end of cell")
            broken[cell.number] = Unreadable(cell.first - 1 + line, facts.column, message)
    if isinstance(found, Unreadable) or not broken:
        return None, wrong
    first, *others = broken.values()
    return found.without(broken).module(), replace(first, others=tuple(others))


def _complaint(source: bytes, path: str) -> Unreadable | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SyntaxWarnings of the code under analysis
            # It parses, and makes nothing of it but tables of names: no tree of objects, no code.
            symtable.symtable(source, path, "exec")  # type: ignore[arg-type]  # bytes are decoded as in a file
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        facts = lower(source)
        return facts if isinstance(facts, Unreadable) else None
    return None
