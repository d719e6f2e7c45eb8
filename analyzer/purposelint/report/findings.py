"""Which findings are told, in which order, and with which words."""

from __future__ import annotations

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Report, moved
from purposelint.report.setting import Setting


def told(report: Report, suppressed: bool = False) -> list[Finding]:
    """Every finding, unreadable files too, by place; with those that are suppressed where these are asked for."""
    more = report.suppressed if suppressed else ()
    return sorted((*report.findings, *report.errors, *more), key=_by_place)


def message_from(setting: Setting, finding: Finding) -> str:
    """The message with the paths of the way as they are from the top of the repository.

    What is suppressed says so.
    """
    message = moved(finding, setting.from_top).message
    return message if finding.suppressed is None else f"suppressed ({finding.suppressed}): {message}"


def in_cell(span: Span) -> str:
    """Which line of which cell a place in a notebook is, to be put behind other words; nothing elsewhere."""
    return f" (cell {span.cell}, line {span.shown_line})" if span.cell else ""


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
