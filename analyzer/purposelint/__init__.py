"""purposelint: static analysis for purpose limitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purposelint.engine import analyse

__version__ = "0.1.0"
__all__ = ["__version__", "analyse"]


def __getattr__(name: str) -> object:
    """Import the engine when it is asked for: ``purposelint --version`` needs none of it."""
    if name == "analyse":
        from purposelint.engine import analyse  # noqa: PLC0415

        return analyse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
