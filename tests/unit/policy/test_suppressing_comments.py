"""Comments that end findings, and those that end none (PUR902)."""

from __future__ import annotations

import pytest

from purposelint.policy.findings import Report
from support.graphs import Story


def leaking() -> Story:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.way("phone", "digest@a.py:3", "users@b.py:5")
    story.sink("ads", at="users", purpose="advertising", recipient="twitter")
    return story


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("line", ["a.py:1", "a.py:3", "b.py:5"])
def test_an_allow_on_any_hop_ends_the_finding_of_its_code_alone(line: str) -> None:
    story = leaking()
    story.allow(line, "PUR001")
    report = story.judge()
    assert codes(report) == ["PUR002"]
    assert [(each.code, each.suppressed) for each in report.suppressed] == [("PUR001", "settled in DPIA-7")]


def test_an_allow_may_list_codes() -> None:
    story = leaking()
    story.allow("a.py:3", "PUR001", "PUR002")
    assert codes(story.judge()) == []


def test_an_allow_on_another_line_ends_nothing_and_is_unused() -> None:
    story = leaking()
    story.allow("a.py:2", "PUR001")
    assert story.told() == ["a.py:2 PUR902", "b.py:5 PUR001", "b.py:5 PUR002"]


def test_an_allow_counts_for_its_whole_statement() -> None:
    story = leaking()
    story.statement("a.py", 2, 6)
    story.allow("a.py:6", "PUR001")
    assert codes(story.judge()) == ["PUR002"]


def test_a_way_around_the_allow_is_told_and_the_comment_is_unused() -> None:
    story = leaking()
    story.allow("a.py:3", "PUR001")
    story.way("phone", "copy@c.py:1", "more@c.py:2", "users")
    report = story.judge()
    assert codes(report) == ["PUR902", "PUR001", "PUR002"]
    assert [step.path for step in report.findings[1].trace] == ["a.py", "c.py", "c.py", "b.py"]


def test_comments_that_end_a_finding_together_are_all_used() -> None:
    story = leaking()
    story.way("phone", "copy@c.py:1", "more@c.py:2", "users")
    story.allow("a.py:3", "PUR001", reason="hashed")
    story.allow("c.py:2", "PUR001", reason="copied")
    report = story.judge()
    assert codes(report) == ["PUR002"]
    assert [finding.suppressed for finding in report.suppressed] == ["hashed"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_allow_without_a_reason_is_not_honoured_and_told(reason: str) -> None:
    story = leaking()
    story.allow("a.py:3", "PUR001", reason=reason)
    report = story.judge()
    assert codes(report) == ["PUR902", "PUR001", "PUR002"]
    assert "gives no reason" in report.findings[0].message


def test_a_comment_that_cannot_be_read_is_told() -> None:
    story = leaking()
    story.allow("a.py:3", malformed="`allow` names no codes: write it like this")
    report = story.judge()
    assert codes(report) == ["PUR902", "PUR001", "PUR002"]
    assert report.findings[0].message.endswith("`allow` names no codes: write it like this")


def test_a_code_that_does_not_exist_is_told() -> None:
    story = leaking()
    story.allow("a.py:3", "PUR101")
    report = story.judge()
    assert "PUR101 is no code" in report.findings[0].message


def test_of_several_codes_those_that_end_nothing_are_told() -> None:
    story = leaking()
    story.allow("a.py:3", "PUR001", "PUR004", "PUR002", "PUR005")
    report = story.judge()
    assert codes(report) == ["PUR902"]
    said = "allow[PUR004, PUR005] suppresses nothing, only PUR001, PUR002 does; remove the rest"
    assert report.findings[0].message == said
    story = leaking()
    story.allow("a.py:3", "PUR001", "PUR101")
    assert story.judge().findings[0].message == "allow[PUR101] suppresses nothing: PUR101 is no code"


def test_of_several_codes_one_that_is_off_is_not_told() -> None:
    story = leaking()
    story.codes(PUR004="off")
    story.allow("a.py:3", "PUR001", "PUR004", "PUR002")
    assert codes(story.judge()) == []


def test_where_a_comment_on_a_line_of_its_own_ends_nothing_it_is_said_where_it_would_count() -> None:
    story = leaking()
    story.allow("a.py:2", "PUR001", alone=True)
    story.allow("a.py:4", "PUR001")
    above, beside = (finding.message for finding in story.judge(select=["PUR902"]).findings)
    assert above.endswith("suppresses nothing; write it on a line of the statement that it is about, or remove it")
    assert beside.endswith("suppresses nothing; remove it")


def test_noqa_counts_on_the_sinks_line_only() -> None:
    story = leaking()
    story.noqa("b.py:5", "PUR001")
    report = story.judge()
    assert codes(report) == ["PUR002"]
    assert [finding.suppressed for finding in report.suppressed] == ["noqa: PUR001"]
    story = leaking()
    story.noqa("a.py:3", "PUR001")
    assert codes(story.judge()) == ["PUR902", "PUR001", "PUR002"]


def test_a_bare_noqa_and_one_for_others_are_neither_honoured_nor_told() -> None:
    story = leaking()
    story.noqa("b.py:5")
    story.noqa("b.py:5", "E501")
    assert codes(story.judge()) == ["PUR001", "PUR002"]


def test_noqa_may_name_the_beginning_of_codes() -> None:
    story = leaking()
    story.noqa("b.py:5", "E501", "PUR")
    assert codes(story.judge()) == []


def test_an_allow_and_a_noqa_that_both_end_a_finding_are_both_used() -> None:
    story = leaking()
    story.noqa("b.py:5", "PUR001")
    story.allow("a.py:3", "PUR001")
    assert codes(story.judge()) == ["PUR002"]


def test_a_comment_for_a_code_that_is_off_is_not_called_unused() -> None:
    story = leaking()
    story.codes(PUR001="off")
    story.allow("a.py:2", "PUR001")
    story.noqa("a.py:2", "PUR001")
    assert codes(story.judge()) == ["PUR002"]


def test_a_comment_is_used_though_its_code_is_not_selected() -> None:
    story = leaking()
    story.allow("a.py:3", "PUR001")
    assert codes(story.judge(select=["PUR002", "PUR9"])) == ["PUR002"]
    assert story.judge(select=["PUR002", "PUR9"]).suppressed == ()


def test_the_inside_of_a_suppressed_wrapper_is_silent() -> None:
    story = leaking()
    story.allow("b.py:5", "PUR001", "PUR002")
    story.way("users", "post@http.py:9")
    story.sink("inner", at="post", purpose="advertising", recipient="twitter")
    assert codes(story.judge()) == []


def test_a_linkage_ends_where_too_little_is_left_of_it() -> None:
    story = Story()
    story.linkage("profile", "place", "contact", "face")
    for line, name in enumerate(("place", "contact"), 1):
        story.source(name, at=f"{name}@a.py:{line}", data=name, purposes=("service",))
        story.way(name, "record@a.py:9")
    story.sink("store", at="record", purpose="service")
    story.allow("a.py:1", "PUR005")
    report = story.judge()
    assert codes(report) == []
    assert [finding.code for finding in report.suppressed] == ["PUR005"]
    story.source("face", at="face@a.py:3", data="face", purposes=("service",))
    story.way("face", "record")
    assert story.told() == ["a.py:1 PUR902", "a.py:9 PUR005"]
