"""What the front end refuses to read."""

from __future__ import annotations

from purposelint.errors import PurposelintError


class UnreadableSource(PurposelintError):
    """A file that is no Python text: ``line`` and ``column`` count from 1; ``message`` says what is wrong there."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line = line
        self.column = column
        self.message = message

    def __reduce__(self) -> tuple[type[UnreadableSource], tuple[int, int, str]]:
        return UnreadableSource, (self.line, self.column, self.message)
