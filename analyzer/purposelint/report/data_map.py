"""The data map, drawn: sources on the left, the sinks they reach in the middle, recipients on the right.

Places are counted in pixels from the upper left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from purposelint.policy.findings import Report

_WIDTH = 230
_HEIGHT = 40
_ROW = 54
_COLUMN = 390


@dataclass(frozen=True, slots=True)
class Box:
    """A source, sink or recipient: its name and what the annotations say of it."""

    name: str
    about: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """Data that goes from one box to another; ``found``: a finding is told of it."""

    path: str
    found: bool
    title: str


@dataclass(frozen=True, slots=True)
class DataMap:
    """Everything to draw; ``box_width`` and ``box_height`` hold for all boxes."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    box_width: int = _WIDTH
    box_height: int = _HEIGHT


def data_map(report: Report) -> DataMap:
    """The map of the uses of a run."""
    told = {
        (finding.source.id.rpartition(".")[2], finding.sink.id)
        for finding in report.findings
        if finding.source is not None and finding.sink is not None
    }
    shared = {finding.sink.id for finding in report.findings if finding.sink is not None and finding.code == "PUR002"}
    data: dict[str, dict[str, None]] = {}
    purposes: dict[str, str] = {}
    to_sinks: dict[tuple[str, str], bool] = {}
    to_recipients: dict[tuple[str, str], bool] = {}
    for use in sorted(report.uses, key=lambda use: (use.source, use.sink, use.data or "")):
        data.setdefault(use.source, {})[use.data or ""] = None
        purposes[use.sink] = use.purpose or ""
        to_sinks[use.source, use.sink] = (use.source.rpartition(".")[2], use.sink) in told
        if use.recipient is not None:
            to_recipients[use.sink, use.recipient] = use.sink in shared
    sources = list(data)
    sinks = _beside(sources, to_sinks)
    recipients = _beside(sinks, to_recipients)
    first = {name: Box(name, ", ".join(filter(None, data[name])), 0, row * _ROW) for row, name in enumerate(sources)}
    second = {name: Box(name, purposes[name], _COLUMN, row * _ROW) for row, name in enumerate(sinks)}
    third = {name: Box(name, "recipient", 2 * _COLUMN, row * _ROW) for row, name in enumerate(recipients)}
    lines = [*_lines(first, second, to_sinks), *_lines(second, third, to_recipients)]
    rows = max(len(sources), len(sinks), len(recipients))
    return DataMap(
        (*first.values(), *second.values(), *third.values()),
        tuple(sorted(lines, key=lambda line: line.found)),  # what is found is drawn above the rest
        (2 * _COLUMN if third else _COLUMN) + _WIDTH,
        rows * _ROW,
    )


def _beside(left: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """The right ends of the edges, each near the middle of what leads to it, so that few lines cross."""
    rows: dict[str, list[int]] = {}
    for start, end in edges:
        rows.setdefault(end, []).append(left.index(start))
    return sorted(rows, key=lambda name: (sum(rows[name]) / len(rows[name]), name))


def _lines(left: Mapping[str, Box], right: Mapping[str, Box], edges: Mapping[tuple[str, str], bool]) -> list[Line]:
    lines = []
    for (start, end), found in edges.items():
        one, other = left[start], right[end]
        x, y = one.x + _WIDTH, one.y + _HEIGHT // 2
        to_x, to_y = other.x, other.y + _HEIGHT // 2
        middle = (x + to_x) // 2
        lines.append(Line(f"M{x},{y} C{middle},{y} {middle},{to_y} {to_x},{to_y}", found, f"{start} → {end}"))
    return lines
