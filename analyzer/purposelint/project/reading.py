"""Bytes to facts: the one way from a file to what it says, and the ways in which it fails.

`read_facts` takes and gives plain values and depends on nothing but the file, so it runs in any
process, and its result may be kept under a digest of the bytes.
"""

from __future__ import annotations

import ast
import marshal
import warnings
from pathlib import Path
from typing import NamedTuple, TypeAlias

from purposelint import syntax
from purposelint.facts.collector import collector_paused
from purposelint.facts.packing import names, pack, unpack
from purposelint.facts.syntax import Module
from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, content_digest, notebook, read
from purposelint.project.notebooks import is_notebook

Facts: TypeAlias = "Module | Unreadable"


class Reading(NamedTuple):
    """What came of a file: the digest of the bytes that were read, and the outcome.

    That is why it has no facts; or its facts as `encode` gives them, None where only that was asked.
    """

    digest: bytes
    outcome: bytes | Unreadable | None


def lower(source: bytes) -> Facts:
    """The facts of a file with these bytes."""
    try:
        return syntax.lower(source)
    except syntax.UnreadableSource as error:
        return Unreadable(error.line, error.column, error.message)


def read_facts(root: Path, path: str, contents: Contents = NO_CONTENTS) -> tuple[bytes, Facts]:
    """The digest of a file, and its facts."""
    source = read(root, path, contents)
    facts = source if isinstance(source, Unreadable) else lower(source)
    return content_digest(source), _in_its_cell(facts, root, path, contents) if isinstance(facts, Unreadable) else facts


def read_encoded(root: Path, path: str) -> Reading:
    """As `read_facts`, with the facts as bytes."""
    content, facts = read_facts(root, path)
    return Reading(content, facts if isinstance(facts, Unreadable) else encode(facts))


def encode(module: Module) -> bytes:
    """Facts as bytes, without recursion and without a name of any class in them: to be sent, or kept."""
    return marshal.dumps(pack(module))


def decode(facts: bytes) -> Module:
    """The facts of `encode`."""
    with collector_paused():
        return unpack(marshal.loads(facts))


def names_in(facts: bytes) -> set[str]:
    """Every name that the facts of `encode` mention."""
    return names(marshal.loads(facts))


def check(root: Path, path: str) -> Reading:
    """Why a file has no facts; the outcome is None when it has.

    Ten times as fast as `read_facts`: Python's own parser is asked first. Only its yes counts, for the
    file may be in the syntax of another version.
    """
    source = read(root, path)
    complaint = source if isinstance(source, Unreadable) else _complaint(source, path)
    return Reading(content_digest(source), None if complaint is None else _in_its_cell(complaint, root, path))


def _in_its_cell(wrong: Unreadable, root: Path, path: str, contents: Contents = NO_CONTENTS) -> Unreadable:
    """What is wrong with a notebook, where it is: the module goes wrong below a cell that ends too early."""
    found = notebook(root, path, contents) if is_notebook(path) else wrong
    for cell in () if isinstance(found, Unreadable) else found.cells:
        facts = lower(f"{cell.python}\n".encode("utf-8", "replace"))
        if isinstance(facts, Unreadable) and not cell.is_indented:
            last = len(cell.lines)
            message = facts.message.replace("end of file", "end of cell")
            return Unreadable(cell.first - 1 + min(facts.line, last), facts.column, message)
    return wrong


def _complaint(source: bytes, path: str) -> Unreadable | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SyntaxWarnings of the code under analysis
            compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        facts = lower(source)
        return facts if isinstance(facts, Unreadable) else None
    return None
