"""The report as one JSON document: stable, ``version`` says which form. New keys may come; none goes or changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeAlias

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Report, SinkEnd, SourceEnd, Step, Widening
from purposelint.report.escaping import encodable
from purposelint.report.setting import Setting

VERSION = 1

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def render(report: Report, setting: Setting) -> str:
    """The document, indented, with a newline at its end."""
    document: dict[str, Json] = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [_finding(finding) for finding in report.errors],
        # Times would make two runs on the same code differ.
        "statistics": {name: value for name, value in report.statistics.items() if not isinstance(value, float)},
    }
    if setting.show_suppressed:
        document["suppressed"] = [
            {**_finding(finding), "suppressed": {"by": finding.suppressed_by, "reason": finding.suppressed}}
            for finding in report.suppressed
        ]
    if report.widened is not None:
        document["widened"] = [_widening(widening) for widening in report.widened]
    return written(document)


def written(document: Json) -> str:
    """A document as text. What is no text in a file's name is written as escapes: JSON is UTF-8 throughout."""
    return encodable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        **_place(finding.path, finding.span),
        "source": _source(finding.source) if finding.source else None,
        "sink": _sink(finding.sink) if finding.sink else None,
        "trace": _trace(finding.trace),
        "fingerprint": finding.fingerprint,
    }


def _trace(steps: Iterable[Step]) -> Json:
    return [{**_place(step.path, step.span), "note": step.note} for step in steps]


def _widening(widening: Widening) -> dict[str, Json]:
    use = widening.use
    return {
        **_place(widening.use.path, widening.span),
        "source": use.source,
        "data": use.data,
        "sink": use.sink,
        "purpose": use.purpose,
        "recipient": use.recipient,
        "new": list(widening.news),
        "trace": _trace(widening.trace),
    }


def _source(source: SourceEnd) -> Json:
    return {
        "id": source.id,
        **_place(source.path, source.span),
        "data": source.data,
        "purposes": list(source.purposes),
    }


def _sink(sink: SinkEnd) -> Json:
    return {"id": sink.id, "purpose": sink.purpose, "recipient": sink.recipient}


def _place(path: str, span: Span) -> dict[str, Json]:
    cell: dict[str, Json] = {"cell": span.cell} if span.cell else {}
    return {"path": path, **cell, "line": span.shown_line, "column": span.column}
