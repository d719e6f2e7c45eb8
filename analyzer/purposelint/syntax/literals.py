"""The values of literals, read from their text: no Python decides what a newer Python's literal means."""

from __future__ import annotations

import re
from unicodedata import lookup

_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\r\n|\r|\n)|(?P<octal>[0-7]{1,3})|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|N\{(?P<name>[^{}]+)\}|(?P<simple>[\\'\"abfnrtv]))"
)
_ESCAPE_OR_BRACES = re.compile(_ESCAPE.pattern + r"|(?P<braces>\{\{|\}\})")
_BRACES = re.compile(r"(?P<braces>\{\{|\}\})")
_TEXT_ONLY = frozenset({"u", "U", "name"})
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_DIGITS_AT_ONCE = 4000


def string_value(literal: str) -> str | bytes:
    """The value of a string literal without replacement fields, prefix and quotes included."""
    start = 0
    while literal[start] not in "'\"":
        start += 1
    prefix = literal[:start].lower()
    size = 3 if len(literal) >= start + 6 and literal.startswith(('"""', "'''"), start) else 1
    text = _with_newlines(literal[start + size : -size])
    is_bytes = "b" in prefix
    if "\\" in text and "r" not in prefix:
        text = _ESCAPE.sub(_byte_escape if is_bytes else _escape, text)
    if not is_bytes:
        return text
    # Bytes hold ASCII and escapes below 256, else they are no Python.
    return text.encode("latin-1", "replace")


def field_text(text: str, start: str) -> str:
    """The value of literal text between the fields of an f- or t-string that opens with ``start`` (``rf'``)."""
    text = _with_newlines(text)
    if "\\" in text and "r" not in start.lower():
        return _ESCAPE_OR_BRACES.sub(_escape, text)
    if "{" in text or "}" in text:
        return _BRACES.sub(_escape, text)
    return text


def integer_value(literal: str) -> int:
    """The value of an integer literal of any base and length."""
    digits = literal.replace("_", "")
    if len(digits) <= _DIGITS_AT_ONCE or not digits.isdecimal():
        return int(digits, 0) if digits.strip("0") else 0
    # Python refuses to convert very long decimal numbers in one go.
    value = 0
    for start in range(0, len(digits), _DIGITS_AT_ONCE):
        part = digits[start : start + _DIGITS_AT_ONCE]
        value = value * 10 ** len(part) + int(part)
    return value


def float_value(literal: str) -> float:
    """The value of a floating point literal."""
    return float(literal.replace("_", ""))


def imaginary_value(literal: str) -> complex:
    """The value of an imaginary literal, ``j`` included."""
    return complex(0.0, float_value(literal[:-1]))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _byte_escape(match: re.Match[str]) -> str:
    if match.lastgroup in _TEXT_ONLY:
        return match[0]
    if match.lastgroup == "octal":
        return chr(int(match["octal"], 8) & 0xFF)
    return _escape(match)


def _escape(match: re.Match[str]) -> str:
    kind = match.lastgroup
    text = match[kind] if kind else ""
    if kind == "newline":
        return ""
    if kind == "octal":
        return chr(int(text, 8))
    if kind == "simple":
        return _SIMPLE.get(text, text)
    if kind == "braces":
        return text[0]
    try:
        return lookup(text) if kind == "name" else chr(int(text, 16))
    except (KeyError, ValueError, OverflowError):
        return match[0]
