"""Retention: how long a sink keeps what it is given, against how long the data may be kept. All in seconds."""

from __future__ import annotations

from purposelint.config.model import FOREVER, Limits, Sink
from purposelint.dataflow.flows import SinkSite

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def kept_for(sink: Sink, site: SinkSite) -> float | None:
    """How long the storage ``sink`` keeps what ``site`` gives it; None where it cannot be told.

    A time of nothing is a time without an end: that is how the stores read it.
    """
    assert sink.storage is not None
    asked = site.retention
    if asked is None and sink.storage.retention_from is None:
        asked = sink.storage.retention
    if asked is not None and asked <= 0:
        return FOREVER
    return asked


def exceeds(limits: Limits, kept: float | None) -> bool:
    """Whether ``kept`` is longer than the data may be kept, or cannot be told. Equal is not longer."""
    if limits.retention is None:
        return False
    return kept is None or kept > limits.retention


def duration(seconds: float) -> str:
    """A time as the annotation file writes it (``24h``, ``30d``), in the largest unit that divides it."""
    if seconds == FOREVER:
        return "for ever"
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"
