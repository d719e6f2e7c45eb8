"""Exceptions: flows that somebody answers for, until a day, and no more of them than were agreed."""

from __future__ import annotations

import datetime

from support.graphs import Story

LAST_DAY = datetime.date(2026, 6, 15)


def leaking(places: int = 1) -> Story:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.sink("gateway", purpose="service", recipient="twilio")
    for line in range(5, 5 + places):
        story.way("phone", f"body{line}@b.py:{line}")
        story.use("gateway", f"body{line}")
    return story


def test_an_exception_covers_every_code_of_its_flow() -> None:
    story = leaking()
    assert story.told() == ["b.py:5 PUR001", "b.py:5 PUR002"]
    story.exception("phone", "gateway")
    report = story.judge()
    assert report.findings == ()
    assert [finding.code for finding in report.suppressed] == ["PUR001", "PUR002"]
    assert report.suppressed[0].suppressed == "DPIA-12 (exception of privacy@example.com until 2027-01-31)"


def test_an_exception_for_another_sink_covers_nothing_and_is_told() -> None:
    story = leaking()
    story.sink("other")
    story.graph.matched |= {("sink", 1)}
    story.exception("phone", "other")
    assert story.told() == ["b.py:5 PUR001", "b.py:5 PUR002", "purposes.toml:40 PUR902"]


def test_an_exception_still_counts_on_its_last_day() -> None:
    story = leaking()
    story.exception("phone", "gateway", expires=LAST_DAY)
    assert story.judge(today=LAST_DAY).findings == ()


def test_an_exception_past_its_date_is_told_beside_its_flow() -> None:
    story = leaking()
    story.exception("phone", "gateway", expires=LAST_DAY)
    findings = story.judge(today=LAST_DAY + datetime.timedelta(days=1)).findings
    assert [finding.code for finding in findings] == ["PUR001", "PUR002", "PUR903"]
    assert (findings[2].path, findings[2].span.line, findings[2].severity) == ("purposes.toml", 30, "error")


def test_a_new_exception_takes_over_from_one_that_expired() -> None:
    story = leaking()
    story.exception("phone", "gateway", expires=LAST_DAY - datetime.timedelta(days=1))
    story.exception("phone", "gateway")
    assert story.told() == ["purposes.toml:30 PUR903"]


def test_flows_beyond_those_agreed_are_all_told_with_their_count() -> None:
    story = leaking(places=2)
    story.exception("phone", "gateway", flows=1)
    findings = story.judge().findings
    assert [finding.code for finding in findings] == ["PUR001", "PUR002", "PUR001", "PUR002"]
    assert all("(2 flows, the exception at purposes.toml:30 covers 1)" in finding.message for finding in findings)


def test_several_codes_of_one_flow_are_one_flow() -> None:
    story = leaking()
    story.exception("phone", "gateway", flows=1)
    assert story.told() == []


def test_what_a_comment_ends_is_not_counted_and_needs_no_exception() -> None:
    story = leaking(places=2)
    story.allow("b.py:6", "PUR001", "PUR002")
    story.exception("phone", "gateway", flows=1)
    assert story.told() == []
    story = leaking()
    story.allow("b.py:5", "PUR001", "PUR002")
    story.exception("phone", "gateway")
    assert story.told() == ["purposes.toml:30 PUR902"]


def test_an_exception_is_used_though_its_codes_are_not_selected() -> None:
    story = leaking()
    story.exception("phone", "gateway")
    assert story.told(select=["PUR9"]) == []


def test_the_inside_of_an_excepted_wrapper_is_silent() -> None:
    story = leaking()
    story.way("body5", "post@http.py:9")
    story.sink("post", at="post", purpose="service", recipient="twilio")
    story.exception("phone", "gateway")
    assert story.told() == []


def test_an_exception_covers_another_entry_for_the_same_use_at_the_same_call() -> None:
    story = leaking()
    story.way("phone", "same@b.py:5")
    story.sink("pack", at="same", purpose="service", recipient="twilio", pack="messaging.toml")
    story.exception("phone", "pack")
    assert story.told() == []


def test_an_exception_does_not_cover_another_use_at_the_same_call() -> None:
    story = leaking()
    story.way("phone", "same@b.py:5")
    story.sink("other", at="same", purpose="advertising", recipient="meta")
    story.exception("phone", "gateway")
    findings = story.judge().findings
    assert [(finding.code, finding.sink.id) for finding in findings if finding.sink] == [
        ("PUR001", "other"),
        ("PUR002", "other"),
    ]


def linked() -> Story:
    story = Story()
    story.linkage("profile", "place", "contact", "face")
    for line, name in enumerate(("place", "contact", "face"), 1):
        story.source(name, at=f"{name}@a.py:{line}", data=name, purposes=("service",))
    story.way("place", "record@a.py:9")
    story.way("contact", "record")
    story.sink("store", at="record", purpose="service")
    return story


def test_an_exception_takes_its_source_out_of_a_linkage() -> None:
    story = linked()
    story.exception("contact", "store")
    assert story.told() == []
    story.way("face", "record")
    (finding, unused) = story.judge().findings
    assert "contact" not in finding.message
    assert unused.code == "PUR902"


def test_a_matching_is_excepted_by_the_linkages_name() -> None:
    story = linked()
    story.graph.sinks.clear()
    story.way("face", "key@a.py:9:20")
    story.match(["record"], ["key"])
    assert story.told() == ["a.py:9 PUR005"]
    story.exception("face", "profile")
    assert story.told() == []
