"""GitLab's Code Quality report: the findings of a merge request, told apart by their fingerprints."""

from __future__ import annotations

from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report, Widening
from purposelint.report.findings import in_cell, message_from, told
from purposelint.report.json_document import Json, written
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting
from purposelint.report.widenings import NAME, fingerprint, said

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report, setting: Setting) -> str:
    """A list with an object for each finding, and of the severity ``info`` for what a change widens.

    GitLab has no word for what is suppressed: it is left out.
    """
    regions = Regions(setting)
    issues = [_issue(finding, setting, regions) for finding in told(report)]
    return written([*issues, *(_widening(each, setting, regions) for each in report.widened or ())])


def _issue(finding: Finding, setting: Setting, regions: Regions) -> Json:
    region = regions.of(finding.path, finding.span)
    return {
        "description": f"{finding.code} {message_from(setting, finding)}{in_cell(finding.span)}",
        "check_name": f"{finding.code} {BY_CODE[finding.code].name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": setting.from_top(finding.path),
            "lines": {"begin": region.line, "end": region.end_line},
        },
    }


def _widening(widening: Widening, setting: Setting, regions: Regions) -> Json:
    region = regions.of(widening.use.path, widening.span)
    return {
        "description": f"{said(widening)}{in_cell(widening.span)}",
        "check_name": NAME,
        "fingerprint": fingerprint(widening),
        "severity": "info",
        "location": {
            "path": setting.from_top(widening.use.path),
            "lines": {"begin": region.line, "end": region.end_line},
        },
    }
