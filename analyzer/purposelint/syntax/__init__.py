"""The front end: from source text to facts. The only door to LibCST."""

from purposelint.syntax.comments import Comment, comments
from purposelint.syntax.deep import run_deep
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.lower import lower
from purposelint.syntax.positions import locate, statement_lines, statements

__all__ = [
    "Comment",
    "UnreadableSource",
    "comments",
    "locate",
    "lower",
    "run_deep",
    "statement_lines",
    "statements",
]
