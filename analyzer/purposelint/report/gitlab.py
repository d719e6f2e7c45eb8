"""GitLab's Code Quality report: the findings of a merge request, told apart by their fingerprints."""

from __future__ import annotations

from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report
from purposelint.report.findings import in_cell, message_from, told
from purposelint.report.json_document import Json, written
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report, setting: Setting) -> str:
    """A list with an object for each finding. GitLab has no word for what is suppressed: it is left out."""
    regions = Regions(setting)
    return written([_issue(finding, setting, regions) for finding in told(report)])


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
