"""Which findings are told, in which order, and with which words."""

from __future__ import annotations

from dataclasses import replace

from purposelint.policy.findings import Finding, Report, way_of
from purposelint.report.setting import Setting


def told(report: Report, suppressed: bool = False) -> list[Finding]:
    """Every finding, unreadable files too, by place; with those that are suppressed where these are asked for."""
    more = report.suppressed if suppressed else ()
    return sorted((*report.findings, *report.errors, *more), key=_by_place)


def message_from(setting: Setting, finding: Finding) -> str:
    """The message with the paths of the way as they are from the top of the repository.

    What is suppressed says so.
    """
    message = finding.message
    if setting.prefix and finding.trace:
        message = (
            f"{finding.said}: {way_of([replace(step, path=setting.from_top(step.path)) for step in finding.trace])}"
        )
    return message if finding.suppressed is None else f"suppressed ({finding.suppressed}): {message}"


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
