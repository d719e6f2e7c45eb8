"""What GitHub, GitLab and build servers are given."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Report
from purposelint.report import render
from purposelint.report.setting import Setting
from support.findings import FLOW, SAID, STALE, UNREADABLE, WIDENED

SILENCED = replace(FLOW, suppressed="DPIA-7", suppressed_by="comment")
SHOWING = Setting(show_suppressed=True)


# --- GitHub ---


def test_github_is_given_a_command_for_each_finding() -> None:
    assert render(Report(findings=(FLOW, STALE)), "github").decode().splitlines() == [
        "::error file=ads/sync.py,line=5,endLine=5,title=PUR001 purpose-violation,col=5,endColumn=21::" + FLOW.message,
        "::warning file=purposes.toml,line=7,endLine=7,title=PUR904 stale-annotation,col=1,endColumn=1::"
        "sink 'x' matched nothing",
    ]


def test_github_is_given_paths_from_the_top_of_the_repository_in_the_way_too() -> None:
    (line,) = render(Report(findings=(FLOW,)), "github", Setting(prefix="web/")).decode().splitlines()
    assert line.startswith("::error file=web/ads/sync.py,")
    assert line.endswith(f"::{SAID}: web/accounts/views.py:2 -> web/ads/sync.py:5")


def test_github_cannot_be_given_a_command_by_a_file_name_or_a_message() -> None:
    forged = Finding("PUR001", "error", "50%\n::stop-commands::x", "a,b:c\n.py", Span(1, 1, 1, 1))
    (line,) = render(Report(findings=(forged,)), "github").decode().splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%0A.py,line=1,")
    assert line.endswith("::50%25%0A::stop-commands::x")


def test_github_is_given_no_columns_for_a_place_of_several_lines() -> None:
    line = render(Report(findings=(replace(FLOW, span=Span(5, 5, 8, 2)),)), "github").decode()
    assert "line=5,endLine=8,title" in line
    assert "col=" not in line


def test_github_is_given_what_is_suppressed_as_a_notice_where_that_is_asked_for() -> None:
    report = Report(suppressed=(SILENCED,))
    assert render(report, "github") == b""
    line = render(report, "github", SHOWING).decode()
    assert line.startswith("::notice ")
    assert "::suppressed (DPIA-7): " in line


# --- GitLab ---


def test_gitlab_is_given_a_list_of_issues() -> None:
    issues = json.loads(render(Report(findings=(FLOW, STALE), errors=(UNREADABLE,)), "gitlab", Setting(prefix="web/")))
    assert [issue["severity"] for issue in issues] == ["major", "major", "minor"]
    assert issues[1] == {
        "description": f"PUR001 {SAID}: web/accounts/views.py:2 -> web/ads/sync.py:5",
        "check_name": "PUR001 purpose-violation",
        "fingerprint": "f00d",
        "severity": "major",
        "location": {"path": "web/ads/sync.py", "lines": {"begin": 5, "end": 5}},
    }


def test_gitlab_is_given_an_empty_list_where_nothing_is_found() -> None:
    assert json.loads(render(Report(suppressed=(SILENCED,)), "gitlab", SHOWING)) == []


# --- JUnit ---


def cases(report: Report, setting: Setting | None = None) -> list[TestCase]:
    document = JUnitXml.fromstring(render(report, "junit", setting))
    (suite,) = document
    assert isinstance(suite, TestSuite)
    assert suite.tests == len(list(suite))
    return list(suite)


def test_junit_has_a_failing_case_for_each_error_with_its_way() -> None:
    (case,) = cases(Report(findings=(FLOW,)))
    (failure,) = case.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("PUR001", SAID)
    assert failure.text == "accounts/views.py:2: read of user.phone\nads/sync.py:5: handed over"


def test_junit_does_not_fail_for_a_warning_nor_for_what_is_suppressed() -> None:
    warning, silenced = cases(Report(findings=(STALE,), suppressed=(SILENCED,)), SHOWING)[::-1]
    assert warning.is_passed
    assert "matched nothing" in str(warning.system_out)
    assert isinstance(silenced.result[0], Skipped)


def test_junit_tells_an_unreadable_file_as_an_error() -> None:
    (case,) = cases(Report(errors=(UNREADABLE,)))
    assert isinstance(case.result[0], Error)


def test_junit_has_a_case_that_passes_where_nothing_is_found() -> None:
    (case,) = cases(Report())
    assert case.is_passed


@pytest.mark.parametrize("odd", ["a\x1b[31m.py", "a\udcff.py", "a\ufffe<&>.py"])
def test_junit_is_xml_whatever_the_files_are_called(odd: str) -> None:
    (case,) = cases(Report(findings=(replace(FLOW, path=odd),)))
    assert case.classname


# --- what a change widens ---


def test_gitlab_is_given_what_a_change_widens_as_information() -> None:
    finding, note = json.loads(render(Report(findings=(FLOW,), widened=(WIDENED,)), "gitlab"))
    assert (finding["severity"], note["severity"]) == ("major", "info")
    assert note["check_name"] == "widened-use"
    assert note["location"] == {"path": "ads/sync.py", "lines": {"begin": 5, "end": 5}}
    assert note["description"].startswith("two-factor-phone (user.contact.phone_number) now reaches mail")
    moved = replace(WIDENED, span=Span(9, 1, 9, 2), use=replace(WIDENED.use, path="other.py"))
    (elsewhere,) = json.loads(render(Report(widened=(moved,)), "gitlab"))
    assert elsewhere["fingerprint"] == note["fingerprint"]


def test_junit_has_what_a_change_widens_as_a_case_that_passes() -> None:
    text = render(Report(findings=(FLOW,), widened=(WIDENED,)), "junit")
    (suite,) = JUnitXml.fromstring(text)
    failed, noted = suite
    assert isinstance(failed.result[0], Failure)
    assert noted.result == []
    assert noted.name == "widened-use (ads/sync.py:5:5)"
    assert noted.system_out.startswith("note: two-factor-phone")
    assert (suite.tests, suite.failures) == (2, 1)
    (alone,) = JUnitXml.fromstring(render(Report(widened=(WIDENED,)), "junit"))
    assert [case.name for case in alone] == ["widened-use (ads/sync.py:5:5)"]
