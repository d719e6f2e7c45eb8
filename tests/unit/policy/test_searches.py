"""How often the flow analysis is asked: once for each source place, and again only for what is closed."""

from __future__ import annotations

import dataclasses

from support.graphs import Story


def many(sources: int, sinks: int) -> Story:
    """Sources that all reach all sinks, through one hub."""
    story = Story()
    story.gate("consent", permits=("advertising",))
    story.sink("ads", purpose="advertising")
    story.node("hub@hub.py:1")
    for number in range(sinks):
        story.way("hub", f"sent{number}@sync.py:{number + 1}")
        story.use("ads", f"sent{number}")
    for number in range(sources):
        story.source(f"source{number}", at=f"read{number}@read.py:{number + 1}", purposes=("security",))
        story.way(f"read{number}", "hub")
    return story


def test_an_open_flow_costs_one_search_for_each_source_place() -> None:
    story = many(5, 7)
    assert len(story.judge().findings) == 35
    assert story.graph.searches == 5


def test_gated_flows_are_searched_for_together() -> None:
    story = many(5, 7)
    story.guarded("hub", "consent")
    assert story.judge().findings == ()
    assert story.graph.searches == 10


def test_sinks_inside_a_wrapper_are_searched_for_together() -> None:
    story = many(5, 1)
    for number in range(6):
        story.way("sent0", f"inner{number}@http.py:{number + 1}")
        story.use("ads", f"inner{number}")
    assert len(story.judge().findings) == 5
    assert story.graph.searches == 10


def test_nothing_is_searched_for_where_there_is_no_sink() -> None:
    story = many(5, 0)
    assert story.judge(select=["PUR0"]).findings == ()
    assert story.graph.searches == 0


def test_the_same_flows_are_told_in_the_same_words() -> None:
    story = many(4, 4)
    again = many(4, 4)
    again.graph.sources.reverse()
    again.graph.sinks.reverse()
    assert story.judge() == again.judge()


def test_two_codes_that_the_same_comment_ends_are_told_apart() -> None:
    story = many(1, 1)
    story.annotations = dataclasses.replace(
        story.annotations, sinks=(dataclasses.replace(story.annotations.sinks[0], recipient="meta"),)
    )
    story.allow("hub.py:1", "PUR002")
    assert story.told() == ["sync.py:1 PUR001"]
