"""A random program: its text, where it really leaks, and where the analysis says so."""

from __future__ import annotations

import ast
import random
import re
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import purposelint
from support import probe
from support.expectations import LANGUAGE
from support.random_programs.definitions import Definitions, composition

RUNS = 16
"""Each program is run at most so often, with other answers of its coins: flows are those of any of the runs."""
MORE_RUNS = 250
"""Before a finding counts as false, a program is run so often."""
SECONDS = 0.5
_PLACE = "<program>"
_COIN = re.compile(r"\bcoin\d+\b")


class _Endless(BaseException):
    """A program ran too long. No program of ours catches it."""


@dataclass(frozen=True)
class Truth:
    """Lines of sink calls that ran (``reached``), and of those that received the mark (``arrived``) in any run;
    first lines of functions that ran (``entered``).

    ``troubles`` are the kinds of errors that ended a run early.
    """

    arrived: frozenset[int]
    reached: frozenset[int]
    entered: frozenset[int]
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A program that was run. ``text`` is one module, whose functions ``case_…`` are called."""

    text: str
    truth: Truth


def compose(source: random.Random, tag: str = "") -> Program:
    """Compose a program. A function that no run enters does nothing: by itself it would be a way in."""
    text = composition(Definitions(source, tag))
    shown = truth(text)
    return Program(_without_unused(text, shown.entered), shown)


def _without_unused(text: str, entered: frozenset[int]) -> str:
    lines = text.splitlines()
    emptied: set[int] = set()
    for node in ast.walk(ast.parse(text)):  # outer functions before their inner ones
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = _first_line(node)
            if first not in entered | emptied:
                emptied.update(range(first, (node.end_lineno or 0) + 1))
                begin, end = _first_line(node.body[0]) - 1, node.end_lineno or 0
                lines[begin] = " " * node.body[0].col_offset + "pass"
                lines[begin + 1 : end] = [""] * (end - begin - 1)
    return "\n".join(lines) + "\n"


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(part.lineno for part in decorators)])


def truth(text: str, runs: int = RUNS) -> Truth:
    """Run a program with different answers of its coins, at most ``runs`` times."""
    code = compile(text, _PLACE, "exec")
    coins = sorted(set(_COIN.findall(text)))
    arrived: set[int] = set()
    reached: set[int] = set()
    entered: set[int] = set()
    troubles: dict[str, None] = {}

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename == _PLACE:
            entered.add(frame.f_code.co_firstlineno)

    for number in range(min(runs, 1 + len(coins) * (3 if runs == RUNS else runs // 5))):
        with _standing_in(number, coins):
            names: dict[str, object] = {"__name__": "program"}
            before = sys.gettrace()
            try:
                with _limited():
                    sys.settrace(note)
                    exec(code, names)
                    for name, case in list(names.items()):
                        if name.startswith("case_") and callable(case):
                            case()
            except _Endless:
                troubles["endless"] = None
            except Exception as error:
                troubles[type(error).__name__] = None
            finally:
                sys.settrace(before)
            for _, line, marked in probe.records:
                reached.add(line)
                if marked:
                    arrived.add(line)
    return Truth(frozenset(arrived), frozenset(reached), frozenset(entered), tuple(troubles))


def found(texts: Sequence[str]) -> list[frozenset[int]]:
    """Analyse programs, each in a file of its own; give the lines of the sinks with findings."""
    lines: list[set[int]] = [set() for _ in texts]
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"p{number}.py").write_text(text, encoding="utf-8")
        report = purposelint.analyse(folder, LANGUAGE / "purposes.toml")
    for finding in report.findings:
        if finding.code == "PUR001":
            lines[int(finding.path[1:-3])].add(finding.span.line)
    return [frozenset(one) for one in lines]


def missed(texts: Sequence[str]) -> list[bool]:
    """Tell of each program whether a flow of one of its runs is not found."""
    return [bool(truth(text).arrived - lines) for text, lines in zip(texts, found(texts), strict=True)]


def alarmed(texts: Sequence[str]) -> list[bool]:
    """Tell of each program whether it runs to its end, without flow, and something is found all the same."""
    answers = []
    for text, lines in zip(texts, found(texts), strict=True):
        shown = truth(text, MORE_RUNS) if lines else None
        answers.append(shown is not None and not shown.arrived and not shown.troubles)
    return answers


class _Coin:
    """What nobody knows to be true or false."""

    def __init__(self, stream: random.Random, number: int) -> None:
        self.stream, self.number = stream, number
        self.always = number == 0 if number < 2 else stream.random() < 0.5

    def __bool__(self) -> bool:
        return self.stream.random() < 0.5 if self.number % 2 and self.number > 1 else self.always


@contextmanager
def _standing_in(number: int, coins: Sequence[str]) -> Iterator[None]:
    """Let programs import the probe, with the coins of this run.

    In run 0 all are true, in run 1 false; then in turn each is always the same, or another each time it is asked.
    """
    stream = random.Random(number)
    names = vars(probe)
    before = sys.modules.get("probe")
    sys.modules["probe"] = probe
    names.update({coin: _Coin(stream, number) for coin in coins}, within=_PLACE)
    probe.records.clear()
    try:
        yield
    finally:
        names.update(within="")
        for coin in coins:
            del names[coin]
        probe.records.clear()
        if before is None:
            del sys.modules["probe"]
        else:
            sys.modules["probe"] = before


@contextmanager
def _limited() -> Iterator[None]:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise _Endless

    before = signal.signal(signal.SIGALRM, give_up)
    told, sys.unraisablehook = sys.unraisablehook, lambda _: None
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS / 10)  # again: a generator that ends may lose it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = told
