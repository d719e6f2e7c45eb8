"""Comments that silence findings. They are read as comment tokens: a string that looks like one is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from purposelint.syntax.deep import run_deep
from purposelint.syntax.positions import positioned

_WORTH_PARSING = re.compile(rb"#[ \t]*purposelint[ \t]*:|#[ \t]*noqa", re.IGNORECASE)

_OURS = re.compile(r"#+\s*purposelint\s*:\s*(.*)", re.DOTALL)
_ALLOW = re.compile(r"allow\s*\[([^\]]*)\]\s*(.*)", re.DOTALL)
_CODE = re.compile(r"[A-Z]+[0-9]+")

# As flake8 reads it: codes after a colon, separated by commas or spaces.
_NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)

_HOW = "write `# purposelint: allow[PUR001] reason`"


@dataclass(frozen=True, slots=True)
class Comment:
    """A suppression: kind ``allow`` (with a reason) or ``noqa``; line and column (of the ``#``) count from 1.

    ``codes`` are as written, in capitals. ``malformed`` says what is wrong, where it silences nothing for that;
    an `allow` without a reason is not malformed: its ``reason`` is empty.
    """

    kind: str
    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    malformed: str | None = None


def comments(source: bytes) -> tuple[Comment, ...]:
    """The suppression comments of a file, in order. Raises `UnreadableSource` as `lower` does.

    A file without one is not parsed.
    """
    if _WORTH_PARSING.search(source) is None:
        return ()
    return run_deep(_comments, source)


def _comments(source: bytes) -> tuple[Comment, ...]:
    _, positions = positioned(source)
    found = []
    for node, place in positions.items():
        if isinstance(node, cst.Comment):
            comment = suppression(node.value, place.start.line, place.start.column + 1)
            if comment is not None:
                found.append(comment)
    return tuple(sorted(found, key=lambda comment: (comment.line, comment.column)))


def suppression(text: str, line: int, column: int) -> Comment | None:
    """What a comment silences; None where it is about something else."""
    if (ours := _OURS.match(text)) is not None:
        return _allow(ours[1].strip(), line, column)
    if (noqa := _NOQA.search(text)) is not None:
        return Comment("noqa", _codes(noqa[1]), "", line, column)
    return None


def _allow(text: str, line: int, column: int) -> Comment:
    match = _ALLOW.fullmatch(text)
    if match is None:
        word = re.match(r"\w*", text)
        name = word[0] if word is not None else ""
        wrong = "`allow` names no codes" if name == "allow" else f'"{name or text}" is no suppression'
        return Comment("allow", (), "", line, column, f"{wrong}: {_HOW}")
    codes = _codes(match[1])
    wrong_codes = [code for code in codes if _CODE.fullmatch(code) is None]
    malformed = None
    if not codes:
        malformed = f"`allow[]` names no codes: {_HOW}"
    elif wrong_codes:
        malformed = f'"{wrong_codes[0]}" is no code: {_HOW}'
    return Comment("allow", codes, match[2].strip(" \t:-"), line, column, malformed)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.upper() for code in re.split(r"[,\s]+", text) if code)
