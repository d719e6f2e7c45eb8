"""Where places stand in files as they are on disk: platforms show a notebook's lines of JSON, not its cells."""

from __future__ import annotations

from purposelint.facts.span import Span
from purposelint.project.files import Unreadable, notebook
from purposelint.project.notebooks import Notebook
from purposelint.report.setting import Setting


class Regions:
    """Places in files of a project. Without a root a place in a notebook is its first line."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._notebooks: dict[str, Notebook | None] = {}

    def of(self, path: str, span: Span) -> Span:
        """A place, with lines and columns of the file."""
        if not span.cell:
            return span
        if path not in self._notebooks:
            self._notebooks[path] = self._read(path)
        found = self._notebooks[path]
        return found.in_file(span) if found is not None else Span(1, 1, 1, 1)

    def _read(self, path: str) -> Notebook | None:
        root = self._setting.root
        found = notebook(root, path, self._setting.contents) if root is not None else None
        return None if isinstance(found, Unreadable) else found
