"""The baseline: findings that were accepted when a project began with purposelint, so that only new ones are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from purposelint.policy.findings import Finding, Report

Baseline: TypeAlias = Mapping[str, Mapping[str, str]]
"""Accepted findings by fingerprint. Only that counts; code, path and message are for who reads the file."""

_LINE = re.compile(r":(?:cell \d+:)?\d+(?=\))")
"""The line at the end of a place in a message. The file is to change only when findings do."""


def accepting(report: Report, known: Baseline | None = None) -> Baseline:
    """The baseline that accepts everything a report tells; of that, what is ``known`` already, where that is given."""
    told = (*report.findings, *report.errors)
    entries = [
        {
            "path": each.path,
            "code": each.code,
            "message": _LINE.sub("", each.said or each.message),
            "fingerprint": each.fingerprint,
        }
        for each in told
        if known is None or each.fingerprint in known
    ]
    entries.sort(key=lambda entry: tuple(entry.values()))
    return {entry["fingerprint"]: entry for entry in entries}


def without(report: Report, baseline: Baseline, *, whole: bool) -> Report:
    """The report with what is in the baseline suppressed.

    ``whole``: it is about the whole project and all codes, so that entries without a finding are counted as gone.
    """
    if not baseline:
        return report
    findings = (*report.findings, *report.errors)
    accepted = [each for each in findings if each.fingerprint in baseline]
    suppressed = [replace(each, suppressed="in the baseline", suppressed_by="baseline") for each in accepted]
    gone = set(baseline).difference(each.fingerprint for each in findings) if whole else ()
    return replace(
        report,
        findings=tuple(each for each in report.findings if each.fingerprint not in baseline),
        errors=tuple(each for each in report.errors if each.fingerprint not in baseline),
        suppressed=tuple(sorted((*report.suppressed, *suppressed), key=_by_place)),
        statistics={**report.statistics, "baseline gone": len(gone)},
    )


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
