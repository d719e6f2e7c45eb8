"""Findings for people: what is wrong, what was collected for what, and the way, hop by hop with its code."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from purposelint.facts.span import Span, place_of
from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report, Step, Widening
from purposelint.report.code_lines import CodeLines
from purposelint.report.escaping import printable
from purposelint.report.findings import told
from purposelint.report.setting import Setting
from purposelint.report.widenings import said


def render(report: Report, setting: Setting) -> str:
    """Each finding in a paragraph of its own, by place; at the end what was recognised at all."""
    lines = CodeLines(setting.root, setting.contents)
    blocks = [list(paragraph(finding, lines)) for finding in told(report, setting.show_suppressed)]
    blocks += [list(_widening(widening, lines)) for widening in report.widened or ()]
    recognised = what_was_recognised(report)
    if recognised:
        blocks.append([Text(recognised, style="dim")])
    return shown([line for block in blocks for line in (*block, Text())], setting.colour)


def shown(lines: list[Text], colour: bool) -> str:
    """The lines as text, with escape sequences for colours where these are wanted."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return stream.getvalue()


def paragraph(finding: Finding, lines: CodeLines) -> Iterator[Text]:
    """The lines of one finding."""
    yield _heading(finding)
    if finding.suppressed is not None:
        yield Text(f"  suppressed by {suppressor(finding)}: {printable(finding.suppressed)}", style="yellow")
    yield Text(f"  {printable(finding.said or finding.message)}", style="bold")
    about = list(_about(finding))
    if about:
        yield Text()
        for name, value in about:
            yield Text.assemble((f"  {name:<11}", "dim"), printable(value))
    if finding.trace:
        yield Text()
        yield from steps(finding.trace, lines)
    else:
        yield from _code(finding.path, finding.span, lines, len(str(finding.span.shown_line)))
    if finding.fingerprint:
        yield Text()
        yield Text(f"  fingerprint {finding.fingerprint}", style="dim")


def steps(trace: Sequence[Step], lines: CodeLines) -> Iterator[Text]:
    """Steps of a way, numbered, each with its line of code."""
    width = len(str(max(step.span.shown_line for step in trace)))
    for number, step in enumerate(trace, 1):
        yield _step(number, step)
        yield from _code(step.path, step.span, lines, width)


def _widening(widening: Widening, lines: CodeLines) -> Iterator[Text]:
    place = printable(f"{place_of(widening.use.path, widening.span)}:")
    yield Text.assemble((place, "cyan"), " ", ("widened by the change, and allowed", "bold blue"))
    yield Text(f"  {printable(said(widening))}", style="bold")
    yield Text()
    yield from steps(widening.trace or (Step(widening.use.path, widening.span, widening.use.sink),), lines)


def _heading(finding: Finding) -> Text:
    style = "bold red" if finding.severity == "error" else "bold yellow"
    place = printable(f"{place_of(finding.path, finding.span)}:")
    return Text.assemble((place, "cyan"), " ", (f"{finding.code} {BY_CODE[finding.code].name}", style))


def suppressor(finding: Finding) -> str:
    """What ended a finding, with its article."""
    return {"comment": "a comment", "exception": "an exception", "baseline": "the baseline"}.get(
        finding.suppressed_by or "", "the project"
    )


def _about(finding: Finding) -> Iterator[tuple[str, str]]:
    """The ends of a flow, each with what the annotations say of it."""
    source, sink = finding.source, finding.sink
    if source is not None:
        yield "source", source.id
        if source.data:
            yield "data", source.data
        yield "collected", f"for {', '.join(source.purposes)}" if source.purposes else "for no declared purpose"
    if sink is not None:
        yield "sink", sink.id
        if sink.purpose:
            yield "used for", sink.purpose
        if sink.recipient:
            yield "recipient", sink.recipient


def _step(number: int, step: Step) -> Text:
    place = printable(place_of(step.path, step.span))
    return Text.assemble((f"  {number:>2}. ", "dim"), (place, "cyan"), "  ", printable(step.note))


def _code(path: str, span: Span, lines: CodeLines, width: int) -> Iterator[Text]:
    """The line of code and, below it, a caret for each column of the place."""
    line = lines.excerpt(path, span)
    if line is None:
        return
    margin = " " * (width + 6)
    carets = "^" * max(cell_len(line.place), 1)
    yield Text.assemble((f"      {line.number:>{width}} | ", "dim"), line.before, (line.place, "bold red"), line.after)
    yield Text.assemble((f"{margin} | ", "dim"), " " * cell_len(line.before), (carets, "red"))


def what_was_recognised(report: Report) -> str:
    """What the run saw: silence is worth something only where something was recognised."""
    names = (
        ("source places", "source place"),
        ("sink places", "place of a sink with data that is followed"),
        ("gates matched", "gate"),
        ("calls unknown", "call of unknown code that data is given to"),
    )
    counts = [
        f"{number} {singular}" if number == 1 else f"{number} {_plural(singular)}"
        for name, singular in names
        if isinstance(number := report.statistics.get(name), int)
    ]
    return f"Recognised: {', '.join(counts)}." if counts else ""


def _plural(singular: str) -> str:
    first, *rest = singular.split(" of ", 1)
    return " of ".join([f"{first}s", *rest])
