"""The small parts: hierarchy, durations, suggestions."""

from __future__ import annotations

import pytest

from purposelint.config import covers
from purposelint.config.durations import nearest as nearest_duration
from purposelint.config.durations import seconds
from purposelint.config.hierarchy import is_name, lineage
from purposelint.config.model import FOREVER
from purposelint.config.suggestions import did_you_mean


def test_an_allowance_reaches_itself_and_what_lies_below() -> None:
    assert covers("advertising", "advertising")
    assert covers("advertising", "advertising.targeting.local")
    assert not covers("advertising.targeting", "advertising")
    assert not covers("ads", "adsense")


def test_the_lineage_of_a_name_begins_with_itself() -> None:
    assert list(lineage("a.b.c")) == ["a.b.c", "a.b", "a"]
    assert list(lineage("")) == []


def test_names_are_words_with_dots_between() -> None:
    assert is_name("user.contact-2.größe")
    assert not any(map(is_name, ["", ".a", "a.", "a..b", "a b", "*", "a\n"]))


@pytest.mark.parametrize(
    ("text", "length"),
    [("30d", 30 * 86400.0), ("24h", 86400.0), ("15m", 900.0), ("60s", 60.0), ("0s", 0.0), ("forever", FOREVER)],
)
def test_times_are_a_number_and_a_unit(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "24", "h", "1.5h", "-1d", "24 h", "24H", "1w", "1d12h", "500ms", "٣d", "24h\n"])
def test_other_times_are_none(text: str) -> None:
    assert seconds(text) is None


def test_a_slip_in_a_time_is_guessed_at_where_it_is_plain() -> None:
    slips = ["24 hours", "7D", "Forever", "3 months", "a week"]
    assert [nearest_duration(text) for text in slips] == ["24h", "7d", "forever", None, None]


def test_the_nearest_word_is_proposed_and_a_far_one_is_not() -> None:
    assert did_you_mean("advertizing", ["analytics", "advertising"]) == '; did you mean "advertising"?'
    assert did_you_mean("PROCESSOR", ["processor"]) == '; did you mean "processor"?'
    assert did_you_mean("xyz", ["analytics", "advertising"]) == ""
