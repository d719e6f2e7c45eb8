"""The front end: from source text to facts. The only door to LibCST."""

from purposelint.syntax.deep import run_deep
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.lower import lower

__all__ = ["UnreadableSource", "lower", "run_deep"]
