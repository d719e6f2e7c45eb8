from __future__ import annotations

from textwrap import dedent

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from purposelint.config.positions import KeyPath, Place, Positions, outline

TEXT = dedent('''\
    # match = "a comment"
    top = 1
    dotted."quo.ted".'lit' = true

    [table]
      spaced   = [ # a comment with ] in it
        "first",

        [1, { deep = "x" }], 'last' ]
    inline = { a = "b", "c d" = { e = [1979-05-27 07:32:00Z, -0.5] } }
    long = """
    [[not-a-header]]
    key = "no"
    "" """
    after = \'\'\'it's\'\'\'

    [[array]]
    match = "one"
    [array.below]
    match = "two"
    [[array]]
    match = "three"
    [[array.nested]]
    x = ""
    [ table . "sub.table" ]
    x = 5 # the end''')


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("top",), 2, 1),
        (("dotted", "quo.ted", "lit"), 3, 1),
        (("dotted", "quo.ted"), 3, 1),
        (("table",), 5, 1),
        (("table", "spaced"), 6, 3),
        (("table", "spaced", 0), 7, 5),
        (("table", "spaced", 1, 1, "deep"), 9, 11),
        (("table", "spaced", 2), 9, 26),
        (("table", "inline", "c d"), 10, 21),
        (("table", "inline", "c d", "e", 1), 10, 58),
        (("table", "long"), 11, 1),
        (("table", "after"), 15, 1),
        (("array",), 17, 1),
        (("array", 0), 17, 1),
        (("array", 0, "match"), 18, 1),
        (("array", 0, "below", "match"), 20, 1),
        (("array", 1), 21, 1),
        (("array", 1, "match"), 22, 1),
        (("array", 1, "nested", 0, "x"), 24, 1),
        (("table", "sub.table", "x"), 26, 1),
        (("array", 1, "missing", "key"), 21, 1),
        (("nowhere",), 1, 1),
        ((), 1, 1),
    ],
)
def test_every_key_has_its_place(path: KeyPath, line: int, column: int) -> None:
    tomli.loads(TEXT)
    assert Positions(TEXT).key(path) == Place(line, column)


@pytest.mark.parametrize(
    ("written", "character", "line", "column"),
    [
        ('"abc"', "c", 1, 8),
        ("'abc'", "c", 1, 8),
        (r'"\"\u00e9\\c"', "c", 1, 16),
        (r"'\c'", "c", 1, 7),
        ('"""abc"""', "c", 1, 10),
        ('"""\nabc"""', "c", 2, 3),
        ("'''\na\nbc'''", "c", 3, 2),
        ('"""a\\\n\n   bc"""', "c", 3, 5),
        ('"""a"c"""', "c", 1, 10),
        ('"""a""c""""', "c", 1, 11),
    ],
)
def test_a_character_of_a_string_is_found_behind_escapes(written: str, character: str, line: int, column: int) -> None:
    text = f"x = {written}"
    value = tomli.loads(text)["x"]
    assert Positions(text).inside(("x",), value.index(character)) == Place(line, column)


def test_the_end_of_a_string_is_its_closing_quote() -> None:
    assert Positions('x = "ab"').inside(("x",), 2) == Place(1, 8)
    assert Positions('x = """ab\\\n  """').inside(("x",), 9) == Place(2, 3)


def test_what_is_no_string_has_no_inside() -> None:
    assert Positions("\n  x = 5").inside(("x",), 3) == Place(2, 3)


KEYS = st.sampled_from(["a", "b-1", '"c.d"', "'e f'", '"\\u0067"', "a . b", '"".x'])
VALUES = st.recursive(
    st.sampled_from(['"x"', "'y'", "1", "-1.5e3", "true", "1979-05-27 07:32:00", '"""m\nn"""', "'''\n]'''", '"}"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # ]\n".join(items) + "\n]"),
        st.tuples(inner).map(lambda items: "{ p = " + items[0].replace("\n", " ") + " }"),
    ),
    max_leaves=5,
)
HEADERS = st.sampled_from(["", "[t]\n", "[[s]]\n", "[s.u]\n", "[[s.v]]\n", "  [ w . 'x.y' ] # z\n"])


@given(st.lists(st.tuples(HEADERS, KEYS, VALUES), max_size=6))
def test_the_scan_finds_every_key_that_tomli_reads(entries: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{header}{key} = {value}\n" for header, key, value in entries)
    try:
        values = tomli.loads(text)
    except tomli.TOMLDecodeError:
        return
    positions = Positions(text)
    assert set(paths_of(values, ())) == positions.paths()


def paths_of(value: object, path: KeyPath) -> list[KeyPath]:
    if isinstance(value, dict):
        below = [(key, each) for key, each in value.items()]
    elif isinstance(value, list):
        below = list(enumerate(value))
    else:
        below = []
    here = [path] if path else []
    return here + [found for key, each in below for found in paths_of(each, (*path, key))]


def test_the_outline_agrees_with_the_full_scan() -> None:
    text = '[a]\nx = 1\n[a."b c"]\n[[s]]\n match = 1\n[[s]]\n\n"q" = """\n[x\n"""\nmatch = 2\n'
    lines = outline(text, tomli.loads(text))
    assert lines is not None
    full = Positions(text)
    for path in [("a",), ("a", "x"), ("a", "b c"), ("s", 0, "match"), ("s", 1), ("s", 1, "match")]:
        assert lines[path] == full.key(path).line


def test_the_outline_gives_up_when_a_string_looks_like_a_header() -> None:
    text = '[[s]]\ncode = """\n[[s]]\n"""\n'
    assert outline(text, tomli.loads(text)) is None
