"""From bytes to LibCST's tree, or to an `UnreadableSource` in the words of the person who wrote the file."""

from __future__ import annotations

import io
import re
import tokenize
from functools import lru_cache

import libcst as cst

from purposelint.facts.collector import collector_paused
from purposelint.syntax.errors import UnreadableSource
from purposelint.syntax.nesting import nests_too_deeply

_PARSER_MESSAGE = re.compile(r"parser error: error at (\d+):(\d+): expected ")
_TOKENIZER_MESSAGE = re.compile(r"tokenizer error: (.*)", re.DOTALL)
_LAST_TOKEN = re.compile(r"(?:\w+|\"[^\"]*\"|'[^']*'|[^\w\s])\Z")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+", re.MULTILINE)
_PYTHON_2 = re.compile(r"\s*(?:print|exec)\s+[^\s=(.:,]|\s*raise\s+\w+\s*,")
_OPERATOR_ENDS = tuple("([{,:=+-*/%&|^<>~@.;")
_LONGEST_SHOWN = 40
_TOO_DEEP = "nested too deeply, or a chain of too many operands or calls"


@lru_cache(maxsize=1)
def parse(source: bytes) -> cst.Module:
    """Parse a file; the byte order mark and the coding cookie are honoured. The last tree is kept for more questions.

    Raises `UnreadableSource`, never anything else (but an interrupt). Wants the stack of `run_deep`.
    """
    if (offset := source.find(b"\0")) >= 0:
        line_start = source.rfind(b"\n", 0, offset) + 1
        raise UnreadableSource(source.count(b"\n", 0, offset) + 1, offset - line_start + 1, "null byte")
    if (line := nests_too_deeply(source)) is not None:
        raise UnreadableSource(line, 1, _TOO_DEEP)
    try:
        with collector_paused():
            return cst.parse_module(source)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the native parser is no Exception
        raise _unreadable(source, error) from None


def _unreadable(source: bytes, error: BaseException) -> UnreadableSource:
    if isinstance(error, cst.ParserSyntaxError):
        return _from_parser(source, error)
    if isinstance(error, RecursionError | MemoryError):
        return UnreadableSource(1, 1, _TOO_DEEP)
    if isinstance(error, UnicodeDecodeError):
        return _undecodable(error.object, error.start, error.encoding)
    if isinstance(error, SyntaxError | LookupError):
        return _from_encoding(source, error)
    return UnreadableSource(1, 1, f"cannot be parsed: {error}")


def _from_encoding(source: bytes, error: SyntaxError | LookupError) -> UnreadableSource:
    """The encoding could not be found out, or is unknown (both come from `tokenize.detect_encoding`)."""
    head = b"\n".join(source.split(b"\n", 2)[:2])
    if (cookie := _CODING.search(head)) is None:
        try:
            source.decode("utf-8")
        except UnicodeDecodeError as failure:
            return _undecodable(source, failure.start, "utf-8")
        return UnreadableSource(1, 1, f"cannot be decoded: {error}")
    return UnreadableSource(head.count(b"\n", 0, cookie.start()) + 1, 1, f"cannot be decoded: {error}")


def _undecodable(source: bytes, offset: int, encoding: str) -> UnreadableSource:
    before = source[:offset]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode(encoding, "replace")) + 1
    byte = f"byte 0x{source[offset]:02x}" if offset < len(source) else "end of file"
    return UnreadableSource(before.count(b"\n") + 1, column, f"cannot be decoded as {encoding}: {byte}")


def _from_parser(source: bytes, error: cst.ParserSyntaxError) -> UnreadableSource:
    message = str(error.message)
    lines = _lines(source)
    if (match := _PARSER_MESSAGE.match(message)) is not None:
        return _unexpected(lines, int(match[1]), int(match[2]))
    if (match := _TOKENIZER_MESSAGE.match(message)) is not None:
        line = _line_of_token_error(lines, message)
        text = lines[line - 1] if line <= len(lines) else ""
        return UnreadableSource(line, len(text) - len(text.lstrip()) + 1, match[1])
    return UnreadableSource(error.raw_line, error.raw_column + 1, message)


def _unexpected(lines: list[str], line: int, end: int) -> UnreadableSource:
    """The parser tells where the token that it did not expect *ends*: ``line`` from 1, ``end`` in characters.

    After an operator the end is where the next token begins, on a later line even.
    """
    if not end:
        return _unexpected_end(lines, line - 1)
    before = lines[line - 1][:end].rstrip() if line <= len(lines) else ""
    if not before:
        above, before = _line_before(lines, line)
        if not before.endswith(_OPERATOR_ENDS):
            return UnreadableSource(line, end + 1, "unexpected indent")
        line = above
    token = _LAST_TOKEN.search(before)
    start = token.start() if token is not None else len(before) - 1
    shown = before[start:] if len(before) - start <= _LONGEST_SHOWN else f"{before[start : start + _LONGEST_SHOWN]}…"
    hint = "; is this Python 2?" if _PYTHON_2.match(lines[line - 1]) else ""
    return UnreadableSource(line, start + 1, f"unexpected `{shown}`{hint}")


def _line_before(lines: list[str], line: int) -> tuple[int, str]:
    """The last line with code before ``line``: its number, and its code up to a comment."""
    for number in range(line - 1, 0, -1):
        if code := lines[number - 1].partition("#")[0].rstrip():
            return number, code
    return line, ""


def _unexpected_end(lines: list[str], line: int) -> UnreadableSource:
    line = max(1, min(line, len(lines)))
    what = "file" if not any(text.strip() for text in lines[line:]) else "line"
    while line > 1 and not lines[line - 1].strip():
        line -= 1
    column = len(lines[line - 1].rstrip()) + 1 if lines else 1
    return UnreadableSource(line, column, f"unexpected end of {what}")


def _line_of_token_error(lines: list[str], message: str) -> int:
    """The parser does not tell where a token is wrong: find the shortest beginning of the file that is as wrong."""
    if "triple-quoted" in message:
        quotes = [number for number, text in enumerate(lines, 1) if '"""' in text or "'''" in text]
        return quotes[-1] if quotes else 1
    low, high = 1, max(1, len(lines))
    while low < high:
        middle = (low + high) // 2
        if _message("\n".join(lines[:middle]) + "\n") == message:
            high = middle
        else:
            low = middle + 1
    return low


def _message(text: str) -> str | None:
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return str(error.message)
    except Exception:  # other errors are not the one that is looked for
        return None
    return None


def _lines(source: bytes) -> list[str]:
    """The lines as the parser counts them; the decoding has succeeded before."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return re.split(r"\r\n?|\n", source.decode(encoding, "replace").removeprefix("\ufeff"))
