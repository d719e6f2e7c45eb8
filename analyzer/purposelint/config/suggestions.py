"""What somebody probably meant to write."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """``; did you mean "advertising"?`` for the nearest of ``known``, an empty string when none is near.

    Of equals difflib takes the alphabetically last. ``cutoff`` is difflib's ratio, 0 to 1.
    """
    near = nearest(word, known, cutoff=cutoff)
    return f'; did you mean "{near}"?' if near is not None else ""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The one of ``known`` that looks most like ``word``; case is not looked at."""
    spellings: dict[str, str] = {}
    for name in sorted(known):
        spellings.setdefault(name.lower(), name)
    near = difflib.get_close_matches(word.lower(), list(spellings), n=1, cutoff=cutoff)
    return spellings[near[0]] if near else None
