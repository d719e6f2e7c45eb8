"""Digests of what a result is made from: its inputs, and the tool itself.

The tool counts by the bytes of its modules, not by its version alone: what a working copy or a patched installation
computed is never taken for what the release computes.
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FRONT_END = ("facts", "project", "syntax")
"""The packages that decide what is kept of one file."""


def digest(*parts: bytes | str) -> bytes:
    """A digest (20 bytes) of these parts, in this order; where one ends and the next begins counts."""
    hashed = hashlib.blake2b(digest_size=20)
    for part in parts:
        # A file's name may hold bytes that are no text.
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.digest()


@cache
def front_end() -> bytes:
    """What the facts and identifiers of a file depend on beside its bytes: parser, lowering, version of Python."""
    return digest("front end", *_surroundings("libcst"), *_modules(_FRONT_END))


@cache
def tool() -> bytes:
    """What a report depends on beside its inputs: all of purposelint and of what it computes with."""
    return digest("tool", *_surroundings("libcst", "networkx", "pathspec", "tomli"), *_modules(None))


def _surroundings(*distributions: str) -> Iterable[str]:
    # The layout of what `marshal` writes, and the tables by which identifiers are compared.
    yield f"{sys.implementation.cache_tag} {unicodedata.unidata_version}"
    for name in distributions:
        yield f"{name} {_version(name)}"


def _version(distribution: str) -> str:
    import importlib.metadata  # noqa: PLC0415 - it loads much, and is not needed where nothing is kept

    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:  # it was put beside us without its description
        return ""


def _modules(packages: tuple[str, ...] | None) -> Iterable[bytes | str]:
    """The names and bytes of purposelint's modules; of these packages, or of all."""
    folders = [_ROOT] if packages is None else [_ROOT / package for package in packages]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        yield path.relative_to(_ROOT).as_posix()
        yield path.read_bytes()
