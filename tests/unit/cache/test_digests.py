from __future__ import annotations

from purposelint.cache import digest, front_end, tool


def test_where_a_part_ends_counts() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")
    assert digest("abc") != digest("abc", "")


def test_a_name_that_is_no_text_has_a_digest() -> None:
    assert digest("caf\udce9") != digest("cafe")


def test_the_front_end_is_not_the_whole_tool() -> None:
    assert front_end() != tool()
    assert front_end() == front_end()
