"""``path:line:column: CODE message``, a finding a line, as flake8 writes it and editors read it."""

from __future__ import annotations

from purposelint.policy.findings import Finding, Report
from purposelint.report.escaping import printable
from purposelint.report.findings import told
from purposelint.report.setting import Setting


def render(report: Report, setting: Setting) -> str:
    """Every finding, unreadable files too, by place; nothing at all when there is none."""
    return "".join(f"{line(finding)}\n" for finding in told(report, setting.show_suppressed))


def line(finding: Finding) -> str:
    """One finding, on one line whatever the analysed files are called."""
    why = "" if finding.suppressed is None else f"[suppressed: {finding.suppressed}] "
    return printable(f"{finding.path}:{finding.span.line}:{finding.span.column}: {finding.code} {why}{finding.message}")
