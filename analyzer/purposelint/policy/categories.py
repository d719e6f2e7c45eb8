"""Categories of data: which limits data is under when it arrives, and what it counts as in a linkage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from purposelint.config.model import Annotations, Limits, Source
from purposelint.policy.purposes import covers


def limits_on_arrival(annotations: Annotations, source: Source, category: str | None) -> Limits:
    """The limits of a source's data that arrives as ``category``.

    Where a transform made it another category, that one's limits replace the source's, if it has any.
    A category that limits something but says no purposes leaves the source's: that its data
    may be kept for 30 days does not mean that it may be used for anything.
    """
    if category is None or category == source.data:
        return source.limits
    limits = annotations.limits_of(category)
    if limits == Limits():
        return source.limits
    if limits.purposes is None:
        return replace(limits, purposes=source.limits.purposes, deny=_joined(source.limits.deny, limits.deny))
    return limits


def entry_of(combine: Sequence[str], category: str | None) -> int | None:
    """Which entry of a linkage's ``combine`` a category belongs to: the nearest above it or equal, None for none."""
    if category is None:
        return None
    fitting = [index for index, entry in enumerate(combine) if covers(entry, category)]
    return max(fitting, key=lambda index: len(combine[index]), default=None)


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
