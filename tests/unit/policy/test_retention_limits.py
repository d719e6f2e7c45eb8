"""PUR003: data with a retention reaches storage that keeps it longer, or for a time that cannot be told."""

from __future__ import annotations

import pytest

from purposelint.config.model import FOREVER, Storage
from purposelint.policy.retention import duration
from support.graphs import Story

HOUR = 3600.0
READ_OFF = Storage(retention_from="ttl")


def story_media(retention: float | None = 24 * HOUR) -> Story:
    story = Story()
    story.source("media", at="media@a.py:1", purposes=("service",), retention=retention)
    story.way("media", "stored@a.py:5")
    return story


@pytest.mark.parametrize(
    ("storage", "asked", "told"),
    [
        (Storage(retention=FOREVER), FOREVER, True),
        (Storage(retention=FOREVER), None, True),
        (Storage(retention=24 * HOUR), None, False),
        (Storage(retention=25 * HOUR), 25 * HOUR, True),
        (READ_OFF, 24 * HOUR, False),
        (READ_OFF, 24 * HOUR + 1, True),
        (READ_OFF, None, True),
        (READ_OFF, FOREVER, True),
        (READ_OFF, 0.0, True),
    ],
)
def test_storage_may_keep_data_as_long_as_its_retention_and_no_longer(
    storage: Storage, asked: float | None, told: bool
) -> None:
    story = story_media()
    story.sink("store", at="stored", storage=storage, retention=asked)
    assert story.told() == (["a.py:5 PUR003"] if told else [])


def test_data_without_a_retention_may_be_kept() -> None:
    story = story_media(None)
    story.sink("store", at="stored", storage=Storage(retention=FOREVER))
    assert story.told() == []


def test_a_sink_that_is_no_storage_keeps_nothing() -> None:
    story = story_media()
    story.sink("page", at="stored", purpose="service")
    assert story.told() == []


def test_of_two_instances_the_one_that_keeps_too_long_is_told() -> None:
    story = story_media()
    story.way("media", "second@a.py:5")
    story.sink("store", at="stored", storage=READ_OFF, retention=HOUR)
    story.use("store", "second", retention=48 * HOUR)
    (finding,) = story.judge().findings
    assert "keeps it 2d" in finding.message


def test_storage_inside_a_wrapper_is_told_where_the_wrapper_was_not() -> None:
    story = story_media()
    story.way("stored", "inner@redis.py:3")
    story.sink("wrapper", at="stored", storage=Storage(retention=HOUR))
    story.sink("inner", at="inner", storage=Storage(retention=FOREVER))
    assert story.told() == ["redis.py:3 PUR003"]


def test_storage_inside_a_wrapper_that_was_told_is_silent() -> None:
    story = story_media()
    story.way("stored", "inner@redis.py:3")
    story.sink("wrapper", at="stored", storage=Storage(retention=FOREVER))
    story.sink("inner", at="inner", storage=Storage(retention=FOREVER))
    assert story.told() == ["a.py:5 PUR003"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(FOREVER, "for ever"), (86400, "1d"), (5400, "90m"), (7200, "2h"), (61, "61s"), (0.5, "0.5s")]
)
def test_times_are_written_as_in_the_annotation_file(seconds: float, text: str) -> None:
    assert duration(seconds) == text
