"""The codes that ``[codes]`` may set, and what it may set them to."""

from __future__ import annotations

from typing import Final

CODES: Final = (
    "PUR001",
    "PUR002",
    "PUR003",
    "PUR004",
    "PUR005",
    "PUR006",
    "PUR901",
    "PUR902",
    "PUR903",
    "PUR904",
)
SEVERITIES: Final = ("error", "warning", "off")
