"""Reading a TOML file as a `Document`, which gathers the mistakes found in it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import tomli

from purposelint.config.model import Origin
from purposelint.config.positions import KeyPath, Positions, outline
from purposelint.errors import ConfigMistake

PYPROJECT = "pyproject.toml"
PYPROJECT_TABLE = ("tool", "purposelint")

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TOMLI_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.S)
_SYNTAX_HINTS = {
    "Invalid value": "; text is written in quotes",
    "Cannot overwrite a value": '; is it written twice? A name with dots is written in quotes: "advertising.targeting"',
}
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class UnreadableError(Exception):
    """A file that gives no TOML at all; ``mistake`` says why. It does not leave this package."""

    def __init__(self, mistake: ConfigMistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


class Document:
    """A TOML file that was read, and what is wrong with its content.

    ``path`` is the path shown to the user. ``values`` is the annotation table: the whole file, or
    ``[tool.purposelint]`` of a ``pyproject.toml``; key paths count from there. ``pack`` says that the
    file is a rule pack.
    """

    def __init__(self, path: str, text: str, values: Mapping[str, object], prefix: KeyPath = (), *, pack: bool) -> None:
        self.path = path
        self.text = text
        self.values = values
        self.prefix = prefix
        self.pack = pack
        self.mistakes: list[ConfigMistake] = []

    @cached_property
    def positions(self) -> Positions:
        """Where things stand in the text; scanned when first asked for."""
        return Positions(self.text)

    @cached_property
    def _outline(self) -> Mapping[KeyPath, int] | None:
        return outline(self.text, self.values) if self.pack else None

    def origin(self, path: KeyPath) -> Origin:
        """Where the key (or header) at ``path`` stands; for packs, of which there is much to read, by a quick look."""
        line = self._outline.get(path) if self._outline is not None else None
        return Origin(self.path, line or self.positions.key(self.prefix + path).line)

    def refuse(self, path: KeyPath, message: str) -> None:
        """Note a mistake in the value, or the table, at ``path``."""
        where = f"{shown_path(path)}: " if path else ""
        line = self.positions.key(self.prefix + path).line
        self.mistakes.append(ConfigMistake(self.path, line, 0, where + message))

    def refuse_inside(self, path: KeyPath, index: int, message: str) -> None:
        """Note a mistake at the character ``index`` (from 0) of the string at ``path``."""
        place = self.positions.inside(self.prefix + path, index)
        self.mistakes.append(ConfigMistake(self.path, place.line, place.column, f"{shown_path(path)}: {message}"))


def shown_path(path: KeyPath) -> str:
    """A key path as messages show it: ``sink[2].purpose``, counted from 0; names that need it are quoted."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            name = step if _BARE_KEY.fullmatch(step) else f'"{step}"'
            shown += f".{name}" if shown else name
    return shown


def relative_path(path: Path, root: Path) -> str:
    """The path with ``/``, relative to ``root``; of what has nothing in common with it, the whole path."""
    path, root = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    try:
        apart = os.path.commonpath((path, root)) == path.anchor != str(root)
    except ValueError:  # they lie on different drives
        apart = True
    return path.as_posix() if apart else Path(os.path.relpath(path, root)).as_posix()


def read_document(path: Path, shown: str, *, pack: bool = False) -> Document:
    """Read a file; of a ``pyproject.toml`` its ``[tool.purposelint]``.

    Raises `UnreadableError` when it cannot be read or is no TOML.
    """
    text = _decode(_read_bytes(path, shown), shown)
    values = parse_toml(text, shown)
    if path.name != PYPROJECT:
        return Document(shown, text, values, pack=pack)
    for name in PYPROJECT_TABLE:
        below = values.get(name)
        if not isinstance(below, dict):
            message = "has no [tool.purposelint] table; add one, or write a purposes.toml beside it"
            raise UnreadableError(ConfigMistake(shown, 1, 0, message))
        values = below
    return Document(shown, text, values, PYPROJECT_TABLE, pack=pack)


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = "there is no such file"
    except (IsADirectoryError, NotADirectoryError):
        message = "is not a file; name the annotation file itself, such as purposes.toml"
    except PermissionError:
        # Windows answers so for a directory too.
        message = "is a directory" if path.is_dir() else "may not be read; check the file's permissions"
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
    raise UnreadableError(ConfigMistake(shown, 1, 0, message))


def _decode(content: bytes, shown: str) -> str:
    if content.startswith(_BYTE_ORDER_MARKS):
        message = "begins with a byte order mark; save it as UTF-8 without one"
        raise UnreadableError(ConfigMistake(shown, 1, 1, message))
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableError(ConfigMistake(shown, line, column, message)) from error


def parse_toml(text: str, shown: str) -> Mapping[str, object]:
    """The values of a TOML text. Raises `UnreadableError` with tomli's own message and place."""
    try:
        return tomli.loads(text)
    except RecursionError:
        mistake = ConfigMistake(shown, 1, 0, "is nested too deeply")
    except ValueError as error:
        # ValueError alone: an integer longer than Python reads.
        mistake = _syntax_mistake(str(error), text, shown)
    raise UnreadableError(mistake)


def _syntax_mistake(message: str, text: str, shown: str) -> ConfigMistake:
    found = _TOMLI_PLACE.match(message)
    if not found:
        return ConfigMistake(shown, 1, 0, f"is no TOML: {message}")
    if found["line"]:
        line, column = int(found["line"]), int(found["column"])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    what = found["what"]
    return ConfigMistake(shown, line, column, f"is no TOML: {what}{_SYNTAX_HINTS.get(what, '')}")
