"""SARIF 2.1.0, held against the schema that OASIS publishes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from purposelint.facts.span import Span
from purposelint.policy.codes import CODES
from purposelint.policy.findings import Report, Step
from purposelint.report import render
from purposelint.report.setting import Setting
from support.findings import FLOW, SAID, STALE, UNREADABLE, WIDENED
from support.sarif import PUBLISHED, sarif_mistakes

SILENCED = replace(FLOW, suppressed="DPIA-7", suppressed_by="comment")
EXCUSED = replace(FLOW, suppressed="DPIA-8", suppressed_by="exception", fingerprint="beef")
EVERYTHING = Report(findings=(FLOW, STALE), errors=(UNREADABLE,), suppressed=(SILENCED, EXCUSED))


def sarif(report: Report, setting: Setting | None = None) -> dict[str, Any]:
    document = json.loads(render(report, "sarif", setting))
    assert isinstance(document, dict)
    return document


CHANGED = Report(findings=(FLOW,), widened=(WIDENED,))


@pytest.mark.parametrize(
    "report",
    [Report(), EVERYTHING, CHANGED, Report(widened=()), Report(findings=(replace(FLOW, path="a\udcff b.py"),))],
)
def test_the_log_is_valid_against_the_official_schema(report: Report) -> None:
    log = sarif(report)
    assert log["$schema"] == PUBLISHED
    assert sarif_mistakes(log) == []


def test_what_a_change_widens_is_a_note_with_a_rule_of_its_own() -> None:
    run = sarif(CHANGED)["runs"][0]
    _, note = run["results"]
    rule = run["tool"]["driver"]["rules"][note["ruleIndex"]]
    assert (note["ruleId"], note["level"]) == (rule["id"], "note") == ("widened-use", "note")
    assert rule["defaultConfiguration"] == {"level": "note"}
    assert "now reaches mail (security, to mailer): a new recipient of this data" in note["message"]["text"]
    assert note["properties"]["new"] == ["recipient", "source"]
    assert set(note["partialFingerprints"].values()) != {FLOW.fingerprint}


def test_a_run_that_compares_nothing_has_no_such_rule() -> None:
    rules = sarif(Report())["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.code for code in CODES]


def test_the_schema_finds_mistakes() -> None:
    log = sarif(EVERYTHING)
    del log["runs"][0]["results"][0]["message"]
    log["runs"][0]["results"][1]["level"] = "fatal"
    assert len(sarif_mistakes(log)) == 2


def test_every_hop_of_the_way_is_in_the_code_flow() -> None:
    (result,) = sarif(Report(findings=(FLOW,)))["runs"][0]["results"]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    places = [step["location"] for step in thread["locations"]]
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in places] == [
        "accounts/views.py",
        "ads/sync.py",
    ]
    assert [place["message"]["text"] for place in places] == ["read of user.phone", "handed over"]
    assert places[0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 12,
        "endLine": 2,
        "endColumn": 22,
    }


def test_a_result_has_its_rule_its_message_its_source_and_its_fingerprint() -> None:
    run = sarif(Report(findings=(FLOW,)))["runs"][0]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "PUR001"
    assert result["message"]["text"] == SAID
    assert result["partialFingerprints"] == {"purposelint/v1": "f00d", "primaryLocationLineHash": "f00d"}
    assert result["relatedLocations"][0]["message"]["text"] == "source two-factor-phone"
    assert "suppressions" not in result


def test_every_code_is_a_rule_with_its_help() -> None:
    rules = sarif(Report())["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.code for code in CODES]
    assert all(code.mend in rule["help"]["markdown"] for code, rule in zip(CODES, rules, strict=True))


def test_what_is_suppressed_is_told_as_such_with_its_reason() -> None:
    results = sarif(Report(suppressed=(SILENCED, EXCUSED)))["runs"][0]["results"]
    assert [result["suppressions"] for result in results] == [
        [{"kind": "inSource", "status": "accepted", "justification": "DPIA-7"}],
        [{"kind": "external", "status": "accepted", "justification": "DPIA-8"}],
    ]


def test_paths_are_uris_from_the_top_of_the_repository() -> None:
    finding = replace(FLOW, path="ads/été 100%.py", trace=())
    (result,) = sarif(Report(findings=(finding,)), Setting(prefix="services/web/"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "services/web/ads/%C3%A9t%C3%A9%20100%25.py", "uriBaseId": "%SRCROOT%"}


def test_a_file_above_the_project_is_named_from_the_top_of_the_repository() -> None:
    (result,) = sarif(Report(findings=(replace(STALE, path="../shared.toml"),)), Setting(prefix="services/web/"))[
        "runs"
    ][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "services/shared.toml"


def test_the_other_sources_of_a_linkage_are_related_and_named_from_the_top_of_the_repository() -> None:
    other = Step("people/places.py", Span(3, 1, 3, 9), "home")
    said = "profile: user.contact (phone) and user.location (home, people/places.py:3) come together at store"
    linkage = replace(FLOW, code="PUR005", said=said, message=f"{said}: ads/sync.py:5", others=(other,))
    (result,) = sarif(Report(findings=(linkage,)), Setting(prefix="web/"))["runs"][0]["results"]
    assert "(home, web/people/places.py:3)" in result["message"]["text"]
    assert [(each["id"], each["message"]["text"]) for each in result["relatedLocations"]] == [
        (1, "source two-factor-phone"),
        (2, "source home"),
    ]
    assert sarif_mistakes(sarif(Report(findings=(linkage,)))) == []
