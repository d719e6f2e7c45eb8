"""The errors that purposelint raises."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from pathlib import PurePath


class PurposelintError(Exception):
    """Base of all errors that are told to the user; the command exits with status 2."""


@dataclass(frozen=True, slots=True)
class ConfigMistake:
    """A mistake in an annotation file: where (line and column from 1; column 0: whole line), and what is right."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" + (f":{self.column}" if self.column else "")
        return f"{place}: {self.message}"


class ConfigError(PurposelintError):
    """The annotation file is wrong; ``mistakes`` holds every mistake found, in order of place."""

    def __init__(self, mistakes: tuple[ConfigMistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes

    def below(self, folder: str) -> ConfigError:
        """The same of a project in ``folder``, with paths that begin where that does."""

        def moved(path: str) -> str:
            return path if PurePath(path).is_absolute() else posixpath.normpath(f"{folder}/{path}")

        return ConfigError(tuple(replace(mistake, path=moved(mistake.path)) for mistake in self.mistakes))
