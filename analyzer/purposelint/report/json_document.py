"""The report as one JSON document: stable, ``version`` says which form. New keys may come; none goes or changes."""

from __future__ import annotations

import json
from typing import TypeAlias

from purposelint.facts.syntax import Span
from purposelint.policy.findings import Finding, Report, SinkEnd, SourceEnd

VERSION = 1

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def render(report: Report) -> str:
    """The document, indented, with a newline at its end."""
    document: Json = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [_finding(finding) for finding in report.errors],
        # Times would make two runs on the same code differ.
        "statistics": {name: value for name, value in report.statistics.items() if not isinstance(value, float)},
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # A file name may hold bytes that are no text; JSON is UTF-8 throughout, so they are written as escapes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        **_place(finding.path, finding.span),
        "source": _source(finding.source) if finding.source else None,
        "sink": _sink(finding.sink) if finding.sink else None,
        "trace": [{**_place(step.path, step.span), "note": step.note} for step in finding.trace],
        "fingerprint": finding.fingerprint,
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
    return {"path": path, "line": span.line, "column": span.column}
