"""One self-contained file to read and to hand on: findings with their ways, and the data map, drawn.

It loads nothing and runs no script, and says so to the browser.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from purposelint.facts.span import line_of, place_of
from purposelint.policy.codes import BY_CODE, Code
from purposelint.policy.findings import Finding, Report, Step
from purposelint.report.code_lines import CodeLines, Excerpt
from purposelint.report.data_map import data_map
from purposelint.report.escaping import encodable, printable
from purposelint.report.findings import told
from purposelint.report.full import suppressor, what_was_recognised
from purposelint.report.setting import Setting
from purposelint.report.widenings import said


@dataclass(frozen=True, slots=True)
class _Hop:
    step: Step
    code: Excerpt | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A finding as the page shows it."""

    finding: Finding
    code: Code
    said: str
    hops: tuple[_Hop, ...]
    suppressed_by: str


def render(report: Report, setting: Setting) -> str:
    """The page. What is suppressed has a part of its own there, always."""
    lines = CodeLines(setting.root, setting.contents)
    findings = told(report)
    environment = Environment(
        loader=PackageLoader("purposelint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["printable"] = printable
    environment.globals |= {"line_of": line_of, "place_of": place_of}
    page = environment.get_template("page.html").render(
        findings=[_shown(finding, lines) for finding in findings],
        suppressed=[_shown(finding, lines) for finding in report.suppressed],
        counts=[(BY_CODE[code], count) for code, count in sorted(Counter(each.code for each in findings).items())],
        widened=[(widening, said(widening)) for widening in report.widened or ()],
        recognised=what_was_recognised(report),
        map=data_map(report),
        uses=sorted(report.uses, key=lambda use: (use.source, use.data or "", use.sink)),
        version=setting.version,
    )
    return encodable(page)


def _shown(finding: Finding, lines: CodeLines) -> _Shown:
    steps = finding.trace or (Step(finding.path, finding.span, ""),)
    hops = tuple(_Hop(step, lines.excerpt(step.path, step.span)) for step in steps)
    suppressed_by = "" if finding.suppressed is None else suppressor(finding)
    return _Shown(finding, BY_CODE[finding.code], finding.said or finding.message, hops, suppressed_by)
