"""Lengths of time as the annotation file writes them: ``30d``, ``24h``, ``15m``, ``60s``, ``forever``."""

from __future__ import annotations

import re
from typing import Final

from purposelint.config.model import FOREVER

UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
"""What a storage's ``unit`` may be, in seconds. Durations use all but ``ms``."""

_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_NEARLY = re.compile(r"\s*([0-9]{1,9})\s*([smhd])", re.IGNORECASE)


def seconds(text: str) -> float | None:
    """The seconds of a duration (`FOREVER` for ``forever``), None when it is none."""
    if text == "forever":
        return FOREVER
    found = _DURATION.fullmatch(text)
    return int(found[1]) * UNITS[found[2]] if found else None


def nearest(text: str) -> str | None:
    """The duration that ``text`` probably means (``24 hours`` -> ``24h``), None when there is no telling.

    Months are not guessed at: ``m`` is minutes.
    """
    if text.strip().lower() == "forever":
        return "forever"
    found = _NEARLY.match(text)
    if not found or "mo" in text.lower():
        return None
    return found[1] + found[2].lower()
