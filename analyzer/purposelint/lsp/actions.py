"""What can be done about a finding: allow it on its line, except its flow, look at what the annotations say."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from purposelint.config.drafts import exception_draft
from purposelint.config.model import Origin
from purposelint.engine import Study
from purposelint.facts.span import Span
from purposelint.lsp.telling import Places
from purposelint.policy.findings import Finding

OPEN = "purposelint.openAnnotation"
"""The command that shows an entry of the annotations: its arguments are a URI and a line, from 0."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file as the client knows it: ``end`` is behind its last character."""

    uri: str
    text: str
    end: types.Position


def finding_of(study: Study, path: str, diagnostic: types.Diagnostic) -> Finding | None:
    """The finding that a diagnostic tells; clients may give it back without its data."""
    found = [each for each in study.report.findings if each.path == path and each.code == diagnostic.code]
    data = diagnostic.data
    fingerprint = data.get("fingerprint") if isinstance(data, dict) else getattr(data, "fingerprint", None)
    by_print = [each for each in found if each.fingerprint == fingerprint]
    by_words = [each for each in found if (each.said or each.message) == diagnostic.message]
    return next(iter(by_print or by_words), None)


def allowing(diagnostic: types.Diagnostic, uri: str, end: types.Position) -> types.CodeAction:
    """A comment at the end of the statement. It ends the finding when a reason is written behind."""
    edit = types.TextEdit(types.Range(end, end), f"  # purposelint: allow[{diagnostic.code}] ")
    return types.CodeAction(
        title=f"Allow {diagnostic.code} here, for a reason to be written",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
    )


def excepting(
    diagnostic: types.Diagnostic, finding: Finding, file: Path, held: Held, today: datetime.date
) -> types.CodeAction | None:
    """An exception at the end of the annotation file: it ends the flow for a while, once reason and owner are written.

    None where there is no flow, or where none can be added.
    """
    if finding.source is None or finding.sink is None:
        return None
    draft = exception_draft(held.text, file, finding.source.id, finding.sink.id, today)
    if draft is None:
        return None
    return types.CodeAction(
        title=f"Except {finding.source.id} at {finding.sink.id} for 90 days, with a reason and an owner to be written",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=types.WorkspaceEdit(changes={held.uri: [types.TextEdit(types.Range(held.end, held.end), draft)]}),
    )


def opening(finding: Finding, study: Study, places: Places) -> Iterator[types.Command]:
    """To see the entries of a finding's source and sink; those of packs have no file here."""
    for kind, name, origin in _entries(finding, study):
        place = places.location(origin.path, Span(origin.line, 1, origin.line, 1))
        yield types.Command(
            f"Open the annotation of the {kind} {name}", OPEN, arguments=[place.uri, place.range.start.line]
        )


def _entries(finding: Finding, study: Study) -> Iterator[tuple[str, str, Origin]]:
    if finding.source is not None:
        for source in study.flows.sources_declared:
            if source.id == finding.source.id and source.pack is None:
                yield "source", source.id, source.origin
    if finding.sink is not None:
        for sink in study.annotations.sinks:
            if sink.id == finding.sink.id and sink.pack is None:
                yield "sink", sink.id, sink.origin
        for linkage in study.annotations.linkages:
            if linkage.id == finding.sink.id:
                yield "linkage", linkage.id, linkage.origin
