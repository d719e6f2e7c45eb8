"""``path:line:column: CODE message``, a finding a line, as flake8 writes it and editors read it."""

from __future__ import annotations

import re

from purposelint.policy.findings import Finding, Report

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def render(report: Report) -> str:
    """Every finding, unreadable files too, by place; nothing at all when there is none."""
    return "".join(f"{line(finding)}\n" for finding in sorted((*report.findings, *report.errors), key=_by_place))


def line(finding: Finding) -> str:
    """One finding, on one line whatever the analysed files are called."""
    text = f"{finding.path}:{finding.span.line}:{finding.span.column}: {finding.code} {finding.message}"
    return _CONTROL.sub(lambda control: f"\\x{ord(control.group()):02x}", text)


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
