"""Comments that silence findings. They are read as comment tokens: a string that looks like one is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import libcst as cst

from purposelint.syntax.deep import run_deep
from purposelint.syntax.positions import positioned

_WORTH_PARSING = re.compile(rb"#[^\r\n]*(?:purposelint|pur\d)|#[ \t]*noqa", re.IGNORECASE)

# What other tools say in a comment may stand before ours, and behind it.
_DIRECTIVE = (
    r"(?:type|pragma|pylint|mypy|pyright|pyre-\w+|ruff|flake8|fmt|isort|yapf|purpose)\s*:"
    r"|(?:noqa|nosec|nosemgrep|NOSONAR|skipcq)\b"
)
_BEFORE = re.compile(rf"#+\s*(?:{_DIRECTIVE})[^#]*(?=#)", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*#\s*(?:{_DIRECTIVE}).*", re.IGNORECASE | re.DOTALL)

_OURS = re.compile(r"#+\s*purposelint\s*:\s*(.*)", re.DOTALL)
_ALLOW = re.compile(r"allow\s*\[([^\]]*)\]\s*(.*)", re.DOTALL)
_CODE = re.compile(r"[A-Z]+[0-9]+")

# As flake8 reads it: codes after a colon, separated by commas or spaces.
_NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)

# Forms that are near enough to be meant: a name that is nearly ours and a word for allowing, with a code, a bracket or
# nothing behind it; that word with a code in brackets, without a name; codes after `noqa` without the colon.
_WORD = r"(?:allow|ignore|disable|suppress|silence|skip|permit|accept|exempt|noqa)"
_NAMED = re.compile(
    rf"#+\s*(?P<name>[a-z]+(?:[-_ ]?lint)?)\b[\s:;,.=-]*{_WORD}\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_UNNAMED = re.compile(rf"#+\s*{_WORD}\s*[\[(]\s*PUR\d", re.IGNORECASE)
_NOQA_CODES = re.compile(r"#\s*noqa[\s\[(=-]+PUR\d", re.IGNORECASE)
_BRACKET = re.compile(r"\s*[\[(]")
_CODE_FIRST = re.compile(r"[\s:;,=\[({-]*PUR\d", re.IGNORECASE)

_HOW = "write `# purposelint: allow[PUR001] reason`"


@dataclass(frozen=True, slots=True)
class Comment:
    """A suppression: kind ``allow`` (with a reason) or ``noqa``; line and column (of the ``#``) count from 1.

    ``codes`` are as written, in capitals. ``malformed`` says what is wrong, where it silences nothing for that;
    an `allow` without a reason is not malformed: its ``reason`` is empty. ``alone``: nothing else is on its line.
    """

    kind: str
    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    malformed: str | None = None
    alone: bool = False


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
    alone = {id(node.comment) for node in positions if isinstance(node, cst.EmptyLine)}
    for node, place in positions.items():
        if isinstance(node, cst.Comment):
            comment = suppression(node.value, place[0], place[1] + 1)
            if comment is not None:
                found.append(replace(comment, alone=id(node) in alone))
    return tuple(sorted(found, key=lambda comment: (comment.line, comment.column)))


def suppression(text: str, line: int, column: int) -> Comment | None:
    """What a comment silences; None where it is about something else."""
    start = 0
    while (before := _BEFORE.match(text, start)) is not None:
        start = before.end()
    if (ours := _OURS.match(text, start)) is not None:
        return _allow(_BEHIND.sub("", ours[1]).strip(), line, column + start)
    if (noqa := _NOQA.search(text)) is not None:
        return Comment("noqa", _codes(noqa[1]), "", line, column)
    wrong = _nearly(text[start:])
    return None if wrong is None else Comment("allow", (), "", line, column + start, f"{wrong}: {_HOW}")


def _nearly(text: str) -> str | None:
    """What is wrong with a comment that is no suppression and was meant for one; None for prose."""
    if (named := _NAMED.match(text)) is not None and _resembles(named["name"]):
        exact = named["name"] == "purposelint"
        rest = named["rest"]
        if _CODE_FIRST.match(rest) or (exact and (not rest.strip() or _BRACKET.match(rest))):
            return "`purposelint` wants a colon behind it" if exact else f'"{named["name"]}" is not `purposelint`'
    if _NOQA_CODES.match(text):
        return "`noqa` names its codes behind a colon, `# noqa: PUR001`"
    if _UNNAMED.match(text):
        return "it does not begin with `purposelint:`"
    return None


def _resembles(name: str) -> bool:
    """Whether a name is ours, or ours but for its case, a hyphen or a slip of the keys."""
    plain = re.sub("[-_ ]", "", name.lower())
    return SequenceMatcher(None, plain, "purposelint").ratio() > 0.85


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
