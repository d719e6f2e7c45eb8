from __future__ import annotations

import json

import pytest

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Report, SinkEnd, SourceEnd, Step
from purposelint.report import FORMATS, render

MESSAGE = (
    "two-factor-phone (collected for security) reaches twitter-tailored-audience (advertising.audience_matching):"
    " accounts/two_factor.py:31 -> ads/sync.py:14"
)
FLOW = Finding(
    code="PUR001",
    severity="error",
    message=MESSAGE,
    path="ads/sync.py",
    span=Span(14, 9, 14, 40),
    source=SourceEnd(
        "two-factor-phone",
        "accounts/two_factor.py",
        Span(31, 5, 31, 15),
        "user.contact.phone_number",
        ("security",),
    ),
    sink=SinkEnd("twitter-tailored-audience", "advertising.audience_matching", "twitter-ads"),
    trace=(
        Step("accounts/two_factor.py", Span(31, 5, 31, 15), "read of user.phone"),
        Step("ads/sync.py", Span(14, 9, 14, 40), "argument users"),
    ),
    fingerprint="f00d",
)
UNREADABLE = Finding("PUR901", "error", "cannot be parsed", "ads/broken.py", Span(2, 3, 2, 3))
STALE = Finding("PUR904", "warning", "sink 'x' matched nothing", "purposes.toml", Span(7, 1, 7, 1))


def document(report: Report) -> dict[str, object]:
    parsed = json.loads(render(report, "json"))
    assert isinstance(parsed, dict)
    return parsed


def test_text_is_a_line_for_a_finding_as_flake8_writes_it() -> None:
    assert render(Report(findings=(FLOW,)), "text").decode() == f"ads/sync.py:14:9: PUR001 {MESSAGE}\n"


def test_text_puts_unreadable_files_among_the_findings_by_place() -> None:
    lines = render(Report(findings=(FLOW, STALE), errors=(UNREADABLE,)), "text").decode().splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["ads/broken.py:2:3", "ads/sync.py:14:9", "purposes.toml:7:1"]


def test_text_of_nothing_is_nothing() -> None:
    assert render(Report(suppressed=(FLOW,), statistics={"files": 3}), "text") == b""


def test_a_file_name_cannot_forge_a_line_or_a_colour() -> None:
    forged = Finding("PUR001", "error", "m\u2028n", "a\nb\x1b[31m.py", Span(1, 1, 1, 1))
    assert render(Report(findings=(forged,)), "text") == b"a\\x0ab\\x1b[31m.py:1:1: PUR001 m\\x2028n\n"


def test_json_is_the_documented_form() -> None:
    statistics = {"files": 3, "seconds for dataflow": 0.25}
    assert document(Report(findings=(FLOW,), errors=(UNREADABLE,), statistics=statistics)) == {
        "version": 1,
        "findings": [
            {
                "code": "PUR001",
                "severity": "error",
                "message": MESSAGE,
                "path": "ads/sync.py",
                "line": 14,
                "column": 9,
                "source": {
                    "id": "two-factor-phone",
                    "path": "accounts/two_factor.py",
                    "line": 31,
                    "column": 5,
                    "data": "user.contact.phone_number",
                    "purposes": ["security"],
                },
                "sink": {
                    "id": "twitter-tailored-audience",
                    "purpose": "advertising.audience_matching",
                    "recipient": "twitter-ads",
                },
                "trace": [
                    {"path": "accounts/two_factor.py", "line": 31, "column": 5, "note": "read of user.phone"},
                    {"path": "ads/sync.py", "line": 14, "column": 9, "note": "argument users"},
                ],
                "fingerprint": "f00d",
            }
        ],
        "errors": [
            {
                "code": "PUR901",
                "severity": "error",
                "message": "cannot be parsed",
                "path": "ads/broken.py",
                "line": 2,
                "column": 3,
                "source": None,
                "sink": None,
                "trace": [],
                "fingerprint": "",
            }
        ],
        "statistics": {"files": 3},
    }


def test_json_of_nothing_is_a_document_all_the_same() -> None:
    assert document(Report()) == {"version": 1, "findings": [], "errors": [], "statistics": {}}


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_gives_the_same_bytes_for_the_same_report(form: str) -> None:
    report = Report(findings=(FLOW, STALE), errors=(UNREADABLE,), suppressed=(FLOW,))
    assert render(report, form) == render(report, form)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_is_utf8_whatever_the_file_names_hold(form: str) -> None:
    finding = Finding("PUR001", "error", "né", "été.py", Span(1, 1, 1, 1))
    assert "né" in render(Report(findings=(finding,)), form).decode("utf-8")


def test_a_file_name_that_is_no_text_keeps_its_bytes_in_text_and_is_escaped_in_json() -> None:
    report = Report(findings=(Finding("PUR001", "error", "m", "a\udcff.py", Span(1, 1, 1, 1)),))
    assert render(report, "text").startswith(b"a\xff.py:1:1")
    assert rb"a\udcff.py" in render(report, "json")
    assert document(report)["version"] == 1
