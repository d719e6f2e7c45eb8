"""Answers to `purposelint why` and `why-not`, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from purposelint.config.model import Limits, Sink, Source
from purposelint.facts.span import Span, line_of
from purposelint.policy.findings import Finding, way_of
from purposelint.policy.holdings import EntryAt, Holding, UsedAt
from purposelint.policy.silence import Answer, Candidate
from purposelint.policy.tried import Record
from purposelint.report.code_lines import CodeLines
from purposelint.report.escaping import printable
from purposelint.report.full import shown, steps
from purposelint.report.setting import Setting

_MATCHED = {
    "source": "matched elsewhere, not here",
    "sink": "matched, here or elsewhere; it is given no tagged data here",
    "gate": "matched, here or elsewhere",
    "transform": "matched, here or elsewhere",
}


_WIDEST = 60
"""More of an expression is not repeated."""


def of_line(
    path: str,
    span: Span,
    entries: Sequence[EntryAt],
    uses: Sequence[UsedAt],
    holdings: Sequence[Holding],
    findings: Sequence[Finding],
    record: Record,
    setting: Setting,
) -> str:
    """What is known of a line on which something is."""
    lines = [_heading(path, span, setting)]
    for entry in entries:
        lines.append(_row(entry.span.column, f"source {described(entry.source)}", "bold"))
    for use in uses:
        held = f"; behind {', '.join(use.gates)}" if use.gates else ""
        lines.append(_row(use.span.column, f"sink {sink_described(use.sink)}{held}", "bold"))
    for holding in holdings:
        became = "" if holding.data == holding.source.data else f", by now {holding.data}"
        lines.append(_row(holding.span.column, f"data of {described(holding.source)}{became}: {holding.note}", ""))
        lines.append(Text(f"         by {printable(way_of(holding.way))}", style="dim"))
    for finding in findings:
        ended = "" if finding.suppressed is None else f" (suppressed: {finding.suppressed})"
        lines.append(_row(finding.span.column, f"{finding.code} {finding.said or finding.message}{ended}", "red"))
    lines += _recorded(path, record, setting)
    return shown(lines, setting.colour)


def of_silent_line(
    path: str, span: Span, said: Sequence[str], candidates: Sequence[Candidate], record: Record, setting: Setting
) -> str:
    """What is known of a line on which nothing is: sentences, and the patterns that did not match or might have."""
    lines = [_heading(path, span, setting), *(Text(f"  {printable(sentence)}") for sentence in said)]
    if candidates:
        lines.append(Text("  Patterns whose last name stands on the line:"))
    for each in candidates:
        where = f" within {', '.join(each.within)}" if each.within else ""
        how = _MATCHED[each.kind] if each.matched else "matched nothing"
        lines.append(Text(f"    {each.kind} {printable(each.id)}: {printable(each.pattern)}{where} ({how})"))
    lines += _recorded(path, record, setting)
    return shown(lines, setting.colour)


def _recorded(path: str, record: Record, setting: Setting) -> Iterator[Text]:
    """What expressions may be, and the patterns that were tried on them."""
    code = CodeLines(setting.root, setting.contents)
    if record.seen:
        yield Text("  What is known of the values:")
    for seen in record.seen:
        for words in seen.words:
            yield _row(seen.span.column, f"{_expression(path, seen.span, code)}: {words}", "")
    if record.tried:
        yield Text("  Patterns that were tried:")
    for tried in record.tried:
        trial = tried.trial
        named = " ".join(filter(None, (trial.kind, trial.id)))
        what = f"{_expression(path, tried.span, code)}: {named}, {trial.pattern}"
        yield _row(tried.span.column, what, "bold" if trial.matched else "")
        yield Text(f"         {printable(trial.why)}", style="dim")
    if record.packed:
        more = "one more pattern" if record.packed == 1 else f"{record.packed} more patterns"
        apply = "does not apply" if record.packed == 1 else "do not apply"
        yield Text(f"  Of rule packs {more} of such a name {apply}.")


def _expression(path: str, span: Span, code: CodeLines) -> str:
    """The code of a place, as far as it stands on one line."""
    excerpt = code.excerpt(path, span)
    text = excerpt.place if excerpt is not None else ""
    text = text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
    return text if span.end_line == span.line else f"{text}…"


def of_pair(answer: Answer, unseen: str, setting: Setting) -> str:
    """Why a flow is told or not, with the way there is, or where it ends."""
    code = CodeLines(setting.root, setting.contents)
    lines = [Text(printable(sentence)) for sentence in answer.said]
    if answer.way:
        lines += [Text(), *steps(answer.way, code)]
    if answer.ends:
        lines += [Text(), Text("It ends here:"), *steps(answer.ends, code)]
    if answer.more:
        lines.append(Text(f"  and at {answer.more} more places", style="dim"))
    return shown([*lines, Text(), Text(unseen, style="dim")], setting.colour)


def described(source: Source) -> str:
    """A source with what it is and what it may be used for."""
    return f"{source.id} ({', '.join(_about(source.data, source.limits))})"


def sink_described(sink: Sink) -> str:
    """A sink with what it is for and who receives what it is given."""
    about = [f"for {sink.purpose}"] if sink.purpose else []
    about += [f"to {sink.recipient}"] if sink.recipient else []
    about += ["shown to whoever asks"] if sink.exposure else []
    about += ["stored"] if sink.storage is not None else []
    return f"{sink.id} ({', '.join(about)})" if about else sink.id


def _about(data: str | None, limits: Limits) -> Iterator[str]:
    if data:
        yield data
    yield "collected for anything" if limits.purposes is None else f"collected for {', '.join(limits.purposes)}"
    if limits.deny:
        yield f"never for {', '.join(limits.deny)}"
    if limits.share_with:
        yield f"shared with {', '.join(limits.share_with)}"
    if limits.requires:
        yield f"requires {', '.join(limits.requires)}"


def _heading(path: str, span: Span, setting: Setting) -> Text:
    code = CodeLines(setting.root, setting.contents).line(path, span.line)
    return Text.assemble((printable(f"{line_of(path, span)}:"), "cyan"), " ", printable((code or "").strip()))


def _row(column: int, text: str, style: str) -> Text:
    return Text.assemble((f"  {column:>5}  ", "dim"), (printable(text), style))
