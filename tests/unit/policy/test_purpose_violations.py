"""PUR001: data reaches a sink whose purpose is not one it was collected for, nor below one."""

from __future__ import annotations

import pytest

from support.graphs import Story


def security_phone(**limits: tuple[str, ...]) -> Story:
    story = Story()
    story.source("phone", at="phone@accounts.py:31", data="user.contact.phone_number", **limits)  # type: ignore[arg-type]
    story.way("phone", "digest@sync.py:12", "users@sync.py:14")
    return story


@pytest.mark.parametrize(
    ("allowed", "purpose", "told"),
    [
        ("security", "advertising", True),
        ("security", "security", False),
        ("security", "security.authentication", False),
        ("security.authentication", "security", True),
        ("security", "securities", True),
        ("*", "advertising", False),
    ],
)
def test_data_may_go_where_it_was_collected_for_and_below(allowed: str, purpose: str, told: bool) -> None:
    story = security_phone(purposes=(allowed,))
    story.sink("sink", at="users", purpose=purpose)
    assert story.told() == (["sync.py:14 PUR001"] if told else [])


@pytest.mark.parametrize(
    ("denied", "purpose", "told"),
    [
        ("advertising.political", "advertising.political", True),
        ("advertising", "advertising.political", True),
        ("advertising.political", "advertising", False),
        ("advertising.political", "advertising.measurement", False),
    ],
)
def test_a_denial_wins_over_the_allowance_and_reaches_downwards_only(denied: str, purpose: str, told: bool) -> None:
    story = security_phone(purposes=("advertising",), deny=(denied,))
    story.sink("sink", at="users", purpose=purpose)
    assert story.told() == (["sync.py:14 PUR001"] if told else [])


def test_a_sink_without_a_purpose_is_no_purpose_violation() -> None:
    story = security_phone(purposes=("security",))
    story.sink("sink", at="users")
    assert story.told() == []


def test_a_sink_that_the_data_does_not_reach_is_not_told() -> None:
    story = security_phone(purposes=("security",))
    story.sink("sink", at="other@sync.py:20", purpose="advertising")
    assert story.told() == []


def test_each_of_two_sources_that_meet_is_judged_for_itself() -> None:
    story = security_phone(purposes=("security",))
    story.source("interests", at="interests@profile.py:3", purposes=("advertising",))
    story.source("email", at="email@profile.py:4", purposes=("service",))
    story.way("interests", "users")
    story.way("email", "users")
    story.sink("sink", at="users", purpose="advertising")
    findings = story.judge().findings
    assert [finding.source.id for finding in findings if finding.source] == ["email", "phone"]


def test_two_entries_on_one_read_are_both_judged() -> None:
    story = security_phone(purposes=("security",))
    story.source("number", at="phone", purposes=("service",))
    story.sink("sink", at="users", purpose="advertising")
    assert story.told() == ["sync.py:14 PUR001", "sync.py:14 PUR001"]


def test_two_reads_are_two_findings_and_two_instances_of_one_call_are_one() -> None:
    story = security_phone(purposes=("security",))
    story.read("phone", "again@accounts.py:40")
    story.way("again", "users")
    story.sink("sink", at="users", purpose="advertising")
    story.way("phone", "second instance@sync.py:14")
    story.use("sink", "second instance")
    findings = story.judge().findings
    assert [finding.source.span.line for finding in findings if finding.source] == [31, 40]


def test_the_shortest_way_is_shown_whichever_instance_has_it() -> None:
    story = security_phone(purposes=("security",))
    story.sink("sink", at="users", purpose="advertising")
    story.way("phone", "second instance@sync.py:14")
    story.use("sink", "second instance")
    (finding,) = story.judge().findings
    assert [step.span.line for step in finding.trace] == [31, 14]


def test_a_wrapper_hides_what_it_wraps_for_the_same_purpose() -> None:
    story = security_phone(purposes=("security",))
    story.way("users", "body@http.py:5")
    story.sink("wrapper", at="users", purpose="advertising")
    story.sink("inner", at="body", purpose="advertising")
    assert story.told() == ["sync.py:14 PUR001"]


def test_a_wrapper_does_not_hide_another_purpose_inside_it() -> None:
    story = security_phone(purposes=("security",))
    story.way("users", "body@http.py:5")
    story.sink("wrapper", at="users", purpose="advertising")
    story.sink("inner", at="body", purpose="analytics")
    assert story.told() == ["http.py:5 PUR001", "sync.py:14 PUR001"]


def test_a_way_around_the_wrapper_is_told_at_the_inner_sink() -> None:
    story = security_phone(purposes=("security",))
    story.way("users", "body@http.py:5")
    story.way("phone", "direct@other.py:7", "x@other.py:8", "body")
    story.sink("wrapper", at="users", purpose="advertising")
    story.sink("inner", at="body", purpose="advertising")
    assert story.told() == ["http.py:5 PUR001", "sync.py:14 PUR001"]


def test_the_wrapper_of_a_wrapper_hides_both() -> None:
    story = security_phone(purposes=("security",))
    story.way("users", "body@http.py:5", "raw@socket.py:2")
    for name, node in (("outer", "users"), ("middle", "body"), ("inner", "raw")):
        story.sink(name, at=node, purpose="advertising")
    assert story.told() == ["sync.py:14 PUR001"]


def test_several_entries_at_one_call_are_one_finding_and_the_projects_own_is_named() -> None:
    story = security_phone(purposes=("security",))
    story.sink("pack-sink", at="users", purpose="advertising", pack="advertising.toml")
    story.way("digest", "same call@sync.py:14")
    story.sink("own-sink", at="same call", purpose="advertising.audience_matching")
    (finding,) = story.judge().findings
    assert finding.sink is not None
    assert finding.sink.id == "own-sink"
