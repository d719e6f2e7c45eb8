"""Workflow commands of GitHub Actions: each finding becomes an annotation beside the code of a pull request."""

from __future__ import annotations

from purposelint.facts.span import Span
from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report
from purposelint.report.escaping import encodable
from purposelint.report.findings import in_cell, message_from, told
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting
from purposelint.report.widenings import said


def render(report: Report, setting: Setting) -> str:
    """``::error file=…,line=…::message``, a finding a line; what is suppressed is a notice, where it is asked for."""
    regions = Regions(setting)
    commands = [_finding(finding, setting, regions) for finding in told(report, setting.show_suppressed)]
    commands += [
        _command(
            "notice",
            setting.from_top(each.use.path),
            regions.of(each.use.path, each.span),
            f"widened, and allowed{in_cell(each.span)}",
            said(each),
        )
        for each in report.widened or ()
    ]
    return "".join(f"{command}\n" for command in commands)


def _finding(finding: Finding, setting: Setting, regions: Regions) -> str:
    level = finding.severity if finding.suppressed is None else "notice"
    title = f"{finding.code} {BY_CODE[finding.code].name}{in_cell(finding.span)}"
    region = regions.of(finding.path, finding.span)
    return _command(level, setting.from_top(finding.path), region, title, message_from(setting, finding))


def _command(level: str, path: str, span: Span, title: str, message: str) -> str:
    properties = {"file": path, "line": str(span.line), "endLine": str(span.end_line), "title": title}
    if span.line == span.end_line:  # GitHub takes columns on one line only
        properties |= {"col": str(span.column), "endColumn": str(max(span.end_column, span.column))}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
