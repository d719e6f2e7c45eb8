"""GitLab's Code Quality report: the findings of a merge request, told apart by their fingerprints."""

from __future__ import annotations

from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report
from purposelint.report.findings import message_from, told
from purposelint.report.json_document import Json, written
from purposelint.report.setting import Setting

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report, setting: Setting) -> str:
    """A list with an object for each finding. GitLab has no word for what is suppressed: it is left out."""
    return written([_issue(finding, setting) for finding in told(report)])


def _issue(finding: Finding, setting: Setting) -> Json:
    return {
        "description": f"{finding.code} {message_from(setting, finding)}",
        "check_name": f"{finding.code} {BY_CODE[finding.code].name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": setting.from_top(finding.path),
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }
