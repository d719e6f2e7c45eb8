"""Workflow commands of GitHub Actions: each finding becomes an annotation beside the code of a pull request."""

from __future__ import annotations

from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report
from purposelint.report.escaping import encodable
from purposelint.report.findings import message_from, told
from purposelint.report.setting import Setting


def render(report: Report, setting: Setting) -> str:
    """``::error file=…,line=…::message``, a finding a line; what is suppressed is a notice, where it is asked for."""
    return "".join(f"{_command(finding, setting)}\n" for finding in told(report, setting.show_suppressed))


def _command(finding: Finding, setting: Setting) -> str:
    span = finding.span
    properties = {
        "file": setting.prefix + finding.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "title": f"{finding.code} {BY_CODE[finding.code].name}",
    }
    if span.line == span.end_line:  # GitHub takes columns on one line only
        properties |= {"col": str(span.column), "endColumn": str(max(span.end_column, span.column))}
    level = finding.severity if finding.suppressed is None else "notice"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message_from(setting.prefix, finding))}"


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
