"""Gates: ``permits`` opens PUR001, ``provides`` opens PUR004; a way on which neither holds is a finding still."""

from __future__ import annotations

import pytest

from support.graphs import Story


def advertised(*, deny: tuple[str, ...] = (), gates: tuple[str, ...] = ()) -> Story:
    story = Story()
    story.gate("ads-consent", permits=("advertising",))
    story.gate("login", provides=("login",))
    story.source("phone", at="phone@a.py:1", purposes=("security",), deny=deny)
    story.way("phone", "digest@a.py:3", "users@a.py:5")
    story.sink("ads", at="users", purpose="advertising.targeting", gates=gates)
    return story


@pytest.mark.parametrize("node", ["phone", "digest", "users"])
def test_a_gate_that_permits_the_purpose_opens_it_at_any_hop(node: str) -> None:
    story = advertised()
    assert story.told() == ["a.py:5 PUR001"]
    story.guarded(node, "ads-consent")
    assert story.told() == []


def test_a_gate_at_the_sink_opens_it() -> None:
    assert advertised(gates=("ads-consent",)).told() == []
    assert advertised(gates=("login",)).told() == ["a.py:5 PUR001"]


def test_a_gate_permits_nothing_above_or_beside_its_purposes() -> None:
    story = advertised()
    story.guarded("digest", "ads-consent")
    story.way("digest", "stored@a.py:7")
    story.sink("stats", at="stored", purpose="analytics")
    assert story.told() == ["a.py:7 PUR001"]


def test_a_way_around_the_gate_is_told_and_shown() -> None:
    story = advertised()
    story.guarded("digest", "ads-consent")
    story.way("phone", "copy@b.py:1", "other@b.py:2", "users")
    (finding,) = story.judge().findings
    assert [step.note for step in finding.trace] == ["phone", "copy", "other", "users"]


def test_of_two_instances_of_a_call_the_ungated_one_is_told() -> None:
    story = advertised(gates=("ads-consent",))
    story.way("phone", "second@a.py:5")
    story.use("ads", "second")
    assert story.told() == ["a.py:5 PUR001"]


def test_a_gate_does_not_open_a_denied_purpose() -> None:
    story = advertised(deny=("advertising.targeting",))
    story.guarded("digest", "ads-consent")
    assert story.told() == ["a.py:5 PUR001"]


def test_a_gate_does_not_open_sharing() -> None:
    story = advertised()
    story.guarded("users", "ads-consent")
    story.sink("meta", at="users", purpose="advertising", recipient="meta")
    assert story.told() == ["a.py:5 PUR002"]


def test_the_inside_of_a_gated_wrapper_is_silent() -> None:
    story = advertised(gates=("ads-consent",))
    story.way("users", "post@http.py:9")
    story.sink("inner", at="post", purpose="advertising.targeting")
    assert story.told() == []
    story.way("phone", "post")
    assert story.told() == ["http.py:9 PUR001"]


def exposed(*requires: str) -> Story:
    story = Story()
    story.gate("login", provides=("login",))
    story.gate("age", provides=("adult",))
    story.gate("consent", permits=("service",))
    story.source("location", at="location@a.py:1", purposes=("service",), requires=requires)
    story.way("location", "context@a.py:3", "page@a.py:5")
    story.sink("public-page", at="page", exposure=True)
    return story


def test_required_data_is_not_exposed_without_the_gate_that_provides_it() -> None:
    story = exposed("login")
    assert story.told() == ["a.py:5 PUR004"]
    story.guarded("page", "consent", "age")
    assert story.told() == ["a.py:5 PUR004"]
    story.guarded("page", "login")
    assert story.told() == []


def test_data_that_requires_nothing_may_be_exposed() -> None:
    assert exposed().told() == []


def test_all_requirements_count_and_one_finding_names_what_is_missing() -> None:
    story = exposed("login", "adult")
    (finding,) = story.judge().findings
    assert "without a gate that provides login and adult" in finding.message
    story.guarded("context", "login")
    (finding,) = story.judge().findings
    assert "without a gate that provides adult" in finding.message
    story.guarded("page", "age")
    assert story.told() == []


def test_a_sink_that_is_no_exposure_needs_no_gate() -> None:
    story = exposed("login")
    story.way("context", "mail@a.py:9")
    story.sink("mail", at="mail", purpose="service")
    assert story.told() == ["a.py:5 PUR004"]
