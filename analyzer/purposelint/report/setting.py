"""What a format needs to know beside the report."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from purposelint.project.files import Contents


@dataclass(frozen=True, slots=True)
class Setting:
    """How a report is to be shown.

    ``root`` is the project's, from where lines of code are read (None: none are shown). ``prefix`` leads from the top
    of the repository to the root (``services/web/``; empty: they are the same): platforms that show findings beside
    the code count paths from there. ``show_suppressed`` tells what comments, exceptions and the baseline end, too.
    ``version`` is that of purposelint (empty: it is not told). ``contents`` is what files hold in the place of what is
    on disk.
    """

    root: Path | None = None
    prefix: str = ""
    colour: bool = False
    show_suppressed: bool = False
    version: str = ""
    contents: Contents = field(default_factory=dict)

    def from_top(self, path: str) -> str:
        """A path as it is from the top of the repository; also of a file above the root, which annotations extend."""
        return posixpath.normpath(self.prefix + path) if self.prefix else path
