"""``path:line:column: CODE message``, a finding a line, as flake8 writes it and editors read it."""

from __future__ import annotations

from purposelint.facts.span import place_of
from purposelint.policy.findings import Finding, Report
from purposelint.report import widenings
from purposelint.report.escaping import printable
from purposelint.report.findings import told
from purposelint.report.setting import Setting


def render(report: Report, setting: Setting) -> str:
    """Every finding, unreadable files too, by place; nothing at all when there is none. Then what a change widens."""
    lines = [line(finding) for finding in told(report, setting.show_suppressed)]
    lines += [widenings.line(widening) for widening in report.widened or ()]
    return "".join(f"{each}\n" for each in lines)


def line(finding: Finding) -> str:
    """One finding, on one line whatever the analysed files are called."""
    why = "" if finding.suppressed is None else f"[suppressed: {finding.suppressed}] "
    return printable(f"{place_of(finding.path, finding.span)}: {finding.code} {why}{finding.message}")
