"""Many random programs, run and analysed, and the counts of how that comes out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from support.random_programs.program import MORE_RUNS, compose, found, truth

_AT_ONCE = 50  # what is analysed together shares its bounds


@dataclass
class Counts:
    """How programs came out.

    ``arrived`` and ``silent`` count sink calls (by line) that did and did not receive the mark, ``missed`` and
    ``alarms`` those of each where the analysis is wrong; false alarms are counted in programs that ran to their end.
    ``without_flow`` counts these programs in which nothing arrived anywhere. ``misses`` and ``false`` are numbers of
    programs: with a miss, and without flow but with a finding.
    """

    programs: int = 0
    unfinished: int = 0
    arrived: int = 0
    missed: int = 0
    silent: int = 0
    alarms: int = 0
    without_flow: int = 0
    misses: list[int] = field(default_factory=list)
    false: list[int] = field(default_factory=list)

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: value + vars(other)[name] for name, value in vars(self).items()})

    def __str__(self) -> str:
        return (
            f"programs {self.programs}, of which ended by an error in some run {self.unfinished}\n"
            f"sink calls with a flow {self.arrived}, missed {self.missed}\n"
            f"sink calls without {self.silent}, false alarms {self.alarms} ({_percent(self.alarms, self.silent)})\n"
            f"programs without flow {self.without_flow}, with a false alarm {len(self.false)} "
            f"({_percent(len(self.false), self.without_flow)})\n"
        )


def numbered(seed: int, number: int) -> random.Random:
    """Give what program ``number`` of a seed is composed with."""
    return random.Random(f"{seed}-{number}")


def tried(seed: int, begin: int, end: int) -> Counts:
    """Compose, run and analyse the programs of a seed from one number to another."""
    counts = Counts()
    for first in range(begin, end, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, end))
        programs = [compose(numbered(seed, number), f"_{number}") for number in numbers]
        for number, program, lines in zip(numbers, programs, found([one.text for one in programs]), strict=True):
            shown = program.truth
            if lines - shown.arrived and not shown.troubles:
                shown = truth(program.text, MORE_RUNS)
            counts.programs += 1
            counts.arrived += len(shown.arrived)
            counts.missed += len(shown.arrived - lines)
            if shown.arrived - lines:
                counts.misses.append(number)
            if shown.troubles:
                counts.unfinished += 1
                continue
            counts.silent += len((shown.reached | lines) - shown.arrived)
            counts.alarms += len(lines - shown.arrived)
            if not shown.arrived:
                counts.without_flow += 1
                if lines:
                    counts.false.append(number)
    return counts


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
