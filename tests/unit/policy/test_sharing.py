"""PUR002: data reaches a third party that the source does not name. PUR006: a way out that nobody declared."""

from __future__ import annotations

import pytest

from purposelint.config.model import Storage
from support.graphs import Story


def shared(*share_with: str, role: str = "third-party") -> Story:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("service",), share_with=share_with)
    story.recipient("twilio", "Twilio", role)
    story.way("phone", "body@a.py:5")
    return story


@pytest.mark.parametrize(
    ("share_with", "role", "told"),
    [
        ((), "third-party", True),
        (("meta",), "third-party", True),
        (("twilio",), "third-party", False),
        ((), "processor", False),
    ],
)
def test_a_third_party_must_be_named_and_a_processor_need_not(
    share_with: tuple[str, ...], role: str, told: bool
) -> None:
    story = shared(*share_with, role=role)
    story.sink("sms", at="body", purpose="service", recipient="twilio")
    assert story.told() == (["a.py:5 PUR002"] if told else [])


def test_purpose_and_recipient_are_told_beside_each_other() -> None:
    story = shared()
    story.sink("ads", at="body", purpose="advertising", recipient="twilio")
    assert story.told() == ["a.py:5 PUR001", "a.py:5 PUR002"]


def test_where_only_the_inner_sink_has_a_recipient_only_the_sharing_stands_there() -> None:
    story = shared()
    story.way("body", "post@http.py:9")
    story.sink("wrapper", at="body", purpose="advertising")
    story.sink("inner", at="post", purpose="advertising", recipient="twilio")
    assert story.told() == ["a.py:5 PUR001", "http.py:9 PUR002"]


def test_another_recipient_inside_a_wrapper_is_told_there() -> None:
    story = shared()
    story.way("body", "post@http.py:9")
    story.sink("wrapper", at="body", purpose="service", recipient="twilio")
    story.sink("inner", at="post", purpose="service", recipient="meta")
    assert story.told() == ["a.py:5 PUR002", "http.py:9 PUR002"]
    story = shared()
    story.way("body", "post@http.py:9")
    story.sink("wrapper", at="body", purpose="service", recipient="twilio")
    story.sink("inner", at="post", purpose="service", recipient="twilio")
    assert story.told() == ["a.py:5 PUR002"]


def test_a_way_out_with_no_purpose_is_told_when_it_is_asked_for() -> None:
    story = shared()
    story.sink("requests", at="body", pack="http.toml")
    assert story.told() == []
    assert story.told(select=["PUR006"]) == ["a.py:5 PUR006"]
    story.codes(PUR006="warning")
    assert [finding.severity for finding in story.judge().findings] == ["warning"]


def test_a_way_out_that_an_entry_at_the_same_call_declares_is_not_undeclared() -> None:
    story = shared()
    story.way("phone", "same call@a.py:5")
    story.sink("requests", at="body", pack="http.toml")
    story.sink("own", at="same call", purpose="service")
    assert story.told(select=["PUR006"]) == []


def test_a_way_out_inside_a_declared_wrapper_is_not_undeclared() -> None:
    story = shared()
    story.way("body", "post@http.py:9")
    story.sink("own", at="body", purpose="service")
    story.sink("requests", at="post", pack="http.toml")
    assert story.told(select=["PUR006"]) == []


def test_storage_and_exposure_alone_are_no_ways_out() -> None:
    story = shared()
    story.sink("cache", at="body", storage=Storage(retention=60.0))
    story.sink("page", at="body", exposure=True)
    assert story.told(select=["PUR006"]) == []
