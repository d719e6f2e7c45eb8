"""Which identifiers stand in a file, found in its bytes without parsing it: a superset, never less.

Python compares identifiers in NFKC form and strings by their value, so a name may stand in a file in a spelling of
its own: ``ﬁle`` is ``file``, ``"\\x70hone"`` and ``"pho" "ne"`` are ``"phone"``. All of these are found.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_WORD = rb"[\w\x80-\xff]"
_IDENTIFIER = re.compile(rb"[A-Za-z_\x80-\xff]" + _WORD + rb"*")
_SPACE = rb"(?:[ \t\f]|\\\r?\n)"
_DEFINED = re.compile(
    rb"\b(?:(class|def)" + _SPACE + rb"+(" + _WORD + rb"+)|(?:from|import)" + _SPACE + rb"+([^\r\n;#(]*))"
)
_HEADER = re.compile(_SPACE + rb"*(?:\[[^\]:]*[^(]*)?\(([^:]*)")
_TAG = b"purpose:"
"""What stands in every file that has a tag; as the front end looks for it."""
_BACKSLASH = 0x5C
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#[^\r\n]*)?\r?$")

_ESCAPE = rb"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}\r\n]*\}|[0-7]{1,3}|\r?\n)"
_GAP = rb"\s*(?:(?:#[^\n]*\n|\\\r?\n)\s*){0,50}[A-Za-z]{0,2}"
_QUOTES = rb"[\"'](?:" + _GAP + rb"[\"']{2}){0,3}" + _GAP + rb"[\"'](?=" + _WORD + rb"|\\)"
_JOINT = re.compile(_ESCAPE + rb"|" + _QUOTES)
"""Where a string goes on though the word in the source ends: an escape, or the quotes between two literals.

The bounds (50 comment lines, 3 empty literals) keep the search linear.
"""


def identifiers(source: bytes) -> set[bytes]:
    """Every identifier in ``source`` (code, strings, comments), in UTF-8 and NFKC; some that are none besides.

    Of a path of names (``author__email``, as look-ups of fields are written) the names too.
    """
    source = _as_utf8(source)
    found = set(_IDENTIFIER.findall(source))
    for token in [token for token in found if b"__" in token]:
        found.update(part for part in token.split(b"__") if part)
    assembled = {token for text in _assembled(source) for token in _IDENTIFIER.findall(text)}
    found |= assembled
    for token in [token for token in (assembled if source.isascii() else found) if not token.isascii()]:
        found.update(_normalised(token))
    return found


def definitions(source: bytes) -> set[bytes]:
    """What ``source`` defines: ``def:name``, ``class:name``, and ``base:name`` for what a class header names.

    ``import:name`` says that an import may name it, and ``tag:purpose`` that there may be a tag (see
    `purposelint.syntax.tags`). A superset, as `identifiers` is: what stands so in a string or comment counts too.
    """
    found: set[bytes] = {b"tag:purpose"} if _TAG in source else set()
    source = _as_utf8(source)
    texts: dict[bytes, list[bytes]] = {b"def:": [], b"class:": [], b"import:": [], b"base:": []}
    for match in _DEFINED.finditer(source):
        word, name, imported = match.groups()
        texts[b"import:" if word is None else word + b":"].append(name or imported)
        header = _HEADER.match(source, match.end()) if word == b"class" else None
        if header is not None:
            texts[b"base:"].append(header.group(1))
    for kind, found_here in texts.items():
        found.update(kind + name for name in _spellings(_IDENTIFIER.findall(b" ".join(found_here))))
    return found


def _spellings(names: Iterable[bytes]) -> set[bytes]:
    """Names in NFKC; of one that is not ASCII all that it may be."""
    found = set(names)
    for name in [name for name in found if not name.isascii()]:
        found.remove(name)
        found.update(_normalised(name))
    return found


def key(name: str) -> bytes:
    """The form in which `identifiers` gives ``name``."""
    return unicodedata.normalize("NFKC", name).encode("utf-8", "surrogatepass")


def _as_utf8(source: bytes) -> bytes:
    """``source`` in UTF-8 where it declares another coding that Python knows (a file may: PEP 263)."""
    coding = _declared_coding(source)
    if coding is None:
        return source
    try:
        if codecs.lookup(coding).name == "utf-8":
            return source
        return source.decode(coding, "replace").encode("utf-8", "replace")
    except (LookupError, UnicodeError):
        return source  # nor can the parser read it


def _declared_coding(source: bytes) -> str | None:
    if b"coding" not in source[:1000]:
        return None
    for line in source.split(b"\n", 2)[:2]:
        match = _CODING.match(line)
        if match:
            return match.group(1).decode("ascii", "replace")
        if not _BLANK_OR_COMMENT.match(line):
            return None
    return None


def _assembled(source: bytes) -> Iterator[bytes]:
    """Words that have joints in them, as the string says them."""
    reached = 0
    for joint in _JOINT.finditer(source):
        start, end = joint.span()
        if start < reached:
            continue
        while start > reached and _is_word(source[start - 1]):
            start -= 1
        if start == joint.start() and source[start] != _BACKSLASH:
            continue  # quotes with no word before them
        more: re.Match[bytes] | None = joint
        while more is not None:
            end = more.end()
            while end < len(source) and _is_word(source[end]):
                end += 1
            more = _JOINT.match(source, end)
        reached = end
        yield _JOINT.sub(_joint_value, source[start:end])


def _joint_value(joint: re.Match[bytes]) -> bytes:
    text = joint.group()
    if text[0] != _BACKSLASH or text.endswith(b"\n"):
        return b""
    try:
        return text.decode("unicode_escape").encode("utf-8", "surrogatepass")
    except UnicodeError:
        return b" "


def _is_word(byte: int) -> bool:
    return byte >= 0x80 or byte == 0x5F or 0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A


def _normalised(token: bytes) -> Iterator[bytes]:
    """The identifiers in a token that is not ASCII: what is no identifier character may stand beside them."""
    text = unicodedata.normalize("NFKC", token.decode("utf-8", "replace"))
    for piece in "".join(char if _continues(char) else " " for char in text).split():
        yield piece.encode("utf-8")


@lru_cache(maxsize=4096)
def _continues(char: str) -> bool:
    return ("a" + char).isidentifier()
