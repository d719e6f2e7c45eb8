"""Reports of several projects: as one, with paths relative to the folder that holds them all; and held apart."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace

from purposelint.policy.findings import Finding, Report, Use, Widening, moved
from purposelint.policy.fingerprints import distinct


def joined(reports: Iterable[tuple[str, Report]]) -> Report:
    """The reports of projects, each with its folder relative to the common one (``.``: it is that); counts add up.

    Projects may each have a finding of the same fingerprint. Then the order of their paths tells them apart.
    """
    moved = [report if folder == "." else _moved(report, folder) for folder, report in reports]
    if len(moved) == 1:
        return moved[0]
    statistics: dict[str, int | float | str] = {}
    effort: dict[str, int | float] = {}
    for report in moved:
        for name, value in report.statistics.items():
            before = statistics.get(name, 0)
            numbers = isinstance(value, int | float) and isinstance(before, int | float)
            statistics[name] = value + before if numbers else value  # type: ignore[operator]
        for name, taken in report.effort.items():
            effort[name] = effort.get(name, 0) + taken
    widened = [report.widened for report in moved if report.widened is not None]
    findings = sorted((each for report in moved for each in (*report.findings, *report.suppressed)), key=_order)
    findings = distinct(findings)
    errors = sorted((each for report in moved for each in report.errors), key=_order)
    return Report(
        findings=tuple(each for each in findings if each.suppressed is None),
        errors=tuple(distinct(errors)),
        suppressed=tuple(each for each in findings if each.suppressed is not None),
        statistics=statistics,
        uses=tuple(use for report in moved for use in report.uses),
        widened=tuple(each for report in widened for each in report) if widened else None,
        effort=effort,
        unmet=tuple(sorted(path for report in moved for path in report.unmet)),
    )


def outside(report: Report, folders: Sequence[str]) -> Report:
    """A report without what lies wholly in one of these folders, with its source and its way."""

    def stays(paths: Iterable[str]) -> bool:
        places = set(paths)
        return not any(all(path.startswith(f"{folder}/") for path in places) for folder in folders)

    def told(finding: Finding) -> bool:
        source = [finding.source.path] if finding.source is not None else []
        return stays([finding.path, *source, *(step.path for step in finding.trace)])

    if not folders:
        return report
    widened = report.widened
    if widened is not None:
        widened = tuple(each for each in widened if stays([each.use.path]))
    return replace(
        report,
        findings=tuple(filter(told, report.findings)),
        errors=tuple(filter(told, report.errors)),
        suppressed=tuple(filter(told, report.suppressed)),
        uses=tuple(use for use in report.uses if stays([use.path])),
        widened=widened,
    )


def _moved(report: Report, folder: str) -> Report:
    """A report with its paths below a folder."""
    widened = report.widened
    if widened is not None:
        widened = tuple(_moved_widening(each, folder) for each in widened)
    return replace(
        report,
        findings=tuple(_moved_finding(finding, folder) for finding in report.findings),
        errors=tuple(_moved_finding(finding, folder) for finding in report.errors),
        suppressed=tuple(_moved_finding(finding, folder) for finding in report.suppressed),
        uses=tuple(_moved_use(use, folder) for use in report.uses),
        widened=widened,
        unmet=tuple(_below(folder, path) for path in report.unmet),
    )


def _moved_use(use: Use, folder: str) -> Use:
    way = tuple((_below(folder, path), ref, note) for path, ref, note in use.way)
    return replace(use, path=_below(folder, use.path), way=way)


def _moved_widening(widening: Widening, folder: str) -> Widening:
    trace = tuple(replace(step, path=_below(folder, step.path)) for step in widening.trace)
    return replace(widening, use=_moved_use(widening.use, folder), trace=trace)


def _moved_finding(finding: Finding, folder: str) -> Finding:
    return moved(finding, lambda path: _below(folder, path))


def _below(folder: str, path: str) -> str:
    return posixpath.normpath(f"{folder}/{path}")


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
