"""SARIF 2.1.0 (OASIS): what code scanning of GitHub, Azure DevOps and editors read.

Every finding has its way as a code flow, with all hops; rules carry their help; ``partialFingerprints`` make a
finding the same one when lines move. What comments, exceptions and the baseline end is told as suppressed. What a
change widens is a result of the level ``note``, with a rule of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from purposelint.facts.span import Span, place_of
from purposelint.policy.codes import CODES, Code
from purposelint.policy.findings import Finding, Report, Step, Widening, moved
from purposelint.report.json_document import Json, written
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting
from purposelint.report.widenings import NAME, SUMMARY, fingerprint, said

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "purposelint/v1"
GITHUB_FINGERPRINT = "primaryLocationLineHash"
"""The one that GitHub tells alerts apart by. Without it GitHub makes one of the line, and a flow is not its line."""

_WIDENED: Json = {
    "id": NAME,
    "name": "WidenedUse",
    "shortDescription": {"text": SUMMARY},
    "fullDescription": {"text": f"{SUMMARY} It is told for who reviews the change, and is no finding."},
    "help": {"text": "Ask whether the data was meant to go there too; nothing is to be done where it was."},
    "defaultConfiguration": {"level": "note"},
    "properties": {"tags": ["privacy", "purpose-limitation"]},
}

_ROOT = "%SRCROOT%"
_RULES = {code.code: index for index, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class _Places:
    """Places as SARIF has them."""

    setting: Setting
    regions: Regions

    def location(self, path: str, span: Span) -> dict[str, Json]:
        """A region of a file; in a notebook, which is JSON, with its cell and line as a logical location."""
        place = self.regions.of(path, span)
        region: dict[str, Json] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        uri = quote(self.setting.from_top(path).encode("utf-8", "surrogateescape"))
        location: dict[str, Json] = {
            "physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}, "region": region}
        }
        if span.cell:
            location["logicalLocations"] = [
                {
                    "name": f"cell {span.cell}",
                    "kind": "cell",
                    "fullyQualifiedName": place_of(self.setting.from_top(path), span),
                    "properties": {"cell": span.cell, "line": span.shown_line, "column": span.column},
                }
            ]
        return location


def render(report: Report, setting: Setting) -> str:
    """One log with one run. Paths are relative to ``%SRCROOT%``, the top of the repository."""
    places = _Places(setting, Regions(setting))
    results = [*report.findings, *report.errors, *report.suppressed]
    driver: dict[str, Json] = {
        "name": "purposelint",
        "shortDescription": {"text": "Static analysis for purpose limitation"},
        "rules": [*(_rule(code) for code in CODES), *([_WIDENED] if report.widened is not None else [])],
    }
    if setting.version:
        driver["semanticVersion"] = setting.version
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(error, places) for error in report.errors],
            }
        ],
        "results": [
            *(_result(finding, places) for finding in results),
            *(_widening(each, places) for each in report.widened or ()),
        ],
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: Code) -> Json:
    return {
        "id": code.code,
        "name": "".join(word.capitalize() for word in code.name.split("-")),
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": f"{code.summary} {code.why}"},
        "help": {
            "text": f"{code.why}\n\nWhat to do: {code.mend}",
            "markdown": f"{code.why}\n\n**What to do.** {code.mend}",
        },
        "defaultConfiguration": {
            "enabled": code.default != "off",
            "level": code.default if code.default != "off" else "error",
        },
        "properties": {"tags": ["privacy", "purpose-limitation"]},
    }


def _result(finding: Finding, places: _Places) -> Json:
    words = moved(finding, places.setting.from_top)
    result: dict[str, Json] = {
        "ruleId": finding.code,
        "ruleIndex": _RULES[finding.code],
        "level": finding.severity,
        "message": {"text": words.said or words.message},
        "locations": [places.location(finding.path, finding.span)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint, GITHUB_FINGERPRINT: finding.fingerprint},
    }
    if finding.trace:
        result["codeFlows"] = _flows(finding.trace, places)
    entries = [(each.note, each.path, each.span) for each in finding.others]
    if finding.source is not None:
        entries.insert(0, (finding.source.id, finding.source.path, finding.source.span))
    if entries:
        result["relatedLocations"] = [
            {**places.location(path, span), "id": number, "message": {"text": f"source {name}"}}
            for number, (name, path, span) in enumerate(entries, 1)
        ]
    ends = _ends(finding)
    if ends:
        result["properties"] = ends
    if finding.suppressed is not None:
        kind = "inSource" if finding.suppressed_by == "comment" else "external"
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": finding.suppressed}]
    return result


def _widening(widening: Widening, places: _Places) -> Json:
    use = widening.use
    known_by = fingerprint(widening)
    return {
        "ruleId": NAME,
        "ruleIndex": len(CODES),
        "level": "note",
        "message": {"text": said(widening)},
        "locations": [places.location(use.path, widening.span)],
        **({"codeFlows": _flows(widening.trace, places)} if widening.trace else {}),
        "partialFingerprints": {FINGERPRINT: known_by, GITHUB_FINGERPRINT: known_by},
        "properties": {
            "source": {"id": use.source, "data": use.data},
            "sink": {"id": use.sink, "purpose": use.purpose, "recipient": use.recipient},
            "new": list(widening.news),
        },
    }


def _flows(trace: Sequence[Step], places: _Places) -> Json:
    """A way, as the one thread flow of the one code flow of a result."""
    steps: list[Json] = []
    for number, step in enumerate(trace, 1):
        location = places.location(step.path, step.span)
        location["message"] = {"text": step.note or "passed on"}
        importance = "essential" if number in (1, len(trace)) else "important"
        steps.append({"location": location, "executionOrder": number, "importance": importance})
    return [{"threadFlows": [{"locations": steps}]}]


def _ends(finding: Finding) -> dict[str, Json]:
    """The annotations' own words for a finding's ends."""
    ends: dict[str, Json] = {}
    if finding.source is not None:
        source = finding.source
        ends["source"] = {"id": source.id, "data": source.data, "purposes": list(source.purposes)}
    if finding.sink is not None:
        sink = finding.sink
        ends["sink"] = {"id": sink.id, "purpose": sink.purpose, "recipient": sink.recipient}
    return ends


def _notification(error: Finding, places: _Places) -> Json:
    return {
        "level": "error",
        "associatedRule": {"id": error.code, "index": _RULES[error.code]},
        "message": {"text": error.message},
        "locations": [places.location(error.path, error.span)],
    }
