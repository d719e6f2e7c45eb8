from __future__ import annotations

import pickle

import pytest

from purposelint.errors import PurposelintError
from purposelint.syntax import UnreadableSource, lower


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        (b"x = 5 5\n", 1, 7, "unexpected `5`"),
        (b"\xef\xbb\xbfx = = 1\n", 1, 5, "unexpected `=`"),
        (b"def f(:\n  pass\n", 1, 7, "unexpected `:`"),
        (b"x = (\n\n", 1, 6, "unexpected end of file"),
        (b"class A:\n", 1, 9, "unexpected end of file"),
        (b"x = \ny = 1\n", 1, 4, "unexpected end of line"),
        (b"if a:\n  x\n\n    # c\n    y\n", 5, 5, "unexpected indent"),
        (b"y\nx = $\n", 2, 1, "'$' is not a valid character in this position"),
        (b"y\nx = 'a\n", 2, 1, "unterminated string literal"),
        (b"y\n  \nx = '''a\ny\n", 3, 1, "unterminated triple-quoted string literal"),
        (b'print "a"\n', 1, 7, 'unexpected `"a"`; is this Python 2?'),
        (b"a = 1\nb\0c", 2, 2, "null byte"),
        (b"a\nx = '\xe9'\n", 2, 6, "cannot be decoded as utf-8: byte 0xe9"),
        (b"# coding: nonsense\n", 1, 1, "cannot be decoded: unknown encoding: nonsense"),
        (b"#!x\n# coding: utf-8\n'\xff'\n", 3, 2, "cannot be decoded as utf-8: byte 0xff"),
    ],
)
def test_a_broken_file_says_where_and_what(source: bytes, line: int, column: int, message: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        lower(source)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, message)


@pytest.mark.parametrize(
    "source", [b"# coding: rot13\n", b"\xff\xfex\x00", b"# coding: utf-16\nx\n", b"0777", b"$" * 9]
)
def test_whatever_the_bytes_the_error_is_ours(source: bytes) -> None:
    with pytest.raises(PurposelintError):
        lower(source)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"   \n",
        b"\n\n",
        b"\x0cx = 1",
        b"x = 1\ry = 2\r",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"\xef\xbb\xbf",
        b"x",
    ],
)
def test_odd_but_sound_files_are_read(source: bytes) -> None:
    lower(source)


def test_the_cookie_decides_what_the_bytes_mean() -> None:
    assert "é" in repr(lower(b"# coding: latin-1\nx = '\xe9'\n").body)


def test_the_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnreadableSource(2, 3, "what")))
    assert (error.line, error.column, error.message, str(error)) == (2, 3, "what", "2:3: what")
