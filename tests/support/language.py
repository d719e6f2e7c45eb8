"""What the analysis finds in the language fixtures, held against what their comments say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import purposelint
from purposelint.policy.findings import Report
from support.expectations import LANGUAGE, constructs, expectations, programs, sinks

_HEAD = """\
# What is understood of the language

Each row is a folder of small programs under `fixtures/language`. They are run, and what really arrives at their sinks
is what must be found, no more and no less (only where no Python at hand reads a program's syntax, what it says is taken
on trust). *Right* counts the calls where the analysis agrees with the run, *gap* its misses, *noise* its false alarms;
each of these is named in the program, with its reason.

| construct | programs | calls checked | right | gap | noise |
| --- | ---: | ---: | ---: | ---: | ---: |
"""
_FOOT = """
Written by `scripts/language_table.py --write`.
"""


@dataclass(frozen=True)
class Row:
    """A construct's line of the table: counts of programs, of calls that are checked, and how they come out."""

    construct: str
    programs: int
    checked: int
    gap: int
    noise: int

    def __str__(self) -> str:
        right = self.checked - self.gap - self.noise
        return f"| {self.construct} | {self.programs} | {self.checked} | {right} | {self.gap} | {self.noise} |"


@cache
def report(folder: Path) -> Report:
    """Analyse the programs of a construct."""
    return purposelint.analyse(root=folder, config=LANGUAGE / "purposes.toml")


def found(folder: Path) -> set[tuple[str, int, str]]:
    """Give (path, line, code) of what is found in the programs of a construct."""
    return {(one.path, one.span.line, one.code) for one in report(folder).findings if one.path.endswith(".py")}


def row(folder: Path) -> Row:
    """Count how the analysis of a construct comes out, measured: a comment that is out of date changes nothing."""
    true = {(one.path, one.line, one.code) for one in expectations(folder) if one.kind != "noise"}
    gap = {place[:2] for place in true - found(folder)}
    noise = {place[:2] for place in found(folder) - true} - gap
    return Row(folder.name, programs(folder), len(sinks(folder) | gap | noise), len(gap), len(noise))


def table() -> str:
    """Write docs/language.md."""
    rows = [row(folder) for folder in constructs()]
    total = Row(
        "**all**",
        sum(one.programs for one in rows),
        sum(one.checked for one in rows),
        sum(one.gap for one in rows),
        sum(one.noise for one in rows),
    )
    return _HEAD + "".join(f"{one}\n" for one in [*rows, total]) + _FOOT
