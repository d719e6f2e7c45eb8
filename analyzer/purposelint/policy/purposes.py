"""Purposes: which uses an allowance covers. The dots of a name make the hierarchy."""

from __future__ import annotations

from collections.abc import Iterable

from purposelint.config import hierarchy
from purposelint.config.model import Limits

ANY = "*"


def covers(name: str, other: str) -> bool:
    """Whether the dotted ``name`` is ``other`` or stands above it (``*`` stands above all)."""
    return name == ANY or hierarchy.covers(name, other)


def covered(names: Iterable[str], other: str) -> bool:
    """Whether one of ``names`` covers ``other``."""
    return any(covers(name, other) for name in names)


def denied(limits: Limits, purpose: str) -> bool:
    """Whether a denial reaches ``purpose``: it stands at it or above it. A denial wins over every allowance."""
    return covered(limits.deny, purpose)


def permitted(limits: Limits, purpose: str) -> bool:
    """Whether data under ``limits`` may be used for ``purpose``. No purposes said: only denials count."""
    if denied(limits, purpose):
        return False
    return limits.purposes is None or covered(limits.purposes, purpose)
