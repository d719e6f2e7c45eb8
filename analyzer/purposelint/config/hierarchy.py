"""Dotted names as a hierarchy: ``advertising`` stands above ``advertising.targeting``."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOTTED_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def is_name(name: str) -> bool:
    """Whether this may be the name of a purpose, a recipient or a category: words with dots between."""
    return _DOTTED_NAME.fullmatch(name) is not None


def covers(allowed: str, purpose: str) -> bool:
    """Whether data allowed for ``allowed`` may reach ``purpose``: it is the same, or lies below it.

    The same holds for categories of data. Whole names count: ``ads`` does not cover ``adsense``.
    """
    return purpose == allowed or purpose.startswith(allowed + ".")


def lineage(name: str) -> Iterator[str]:
    """The name itself and those above it, nearest first: ``a.b.c``, ``a.b``, ``a``."""
    while name:
        yield name
        name = name.rpartition(".")[0]
