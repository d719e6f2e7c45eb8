"""The comments in fixtures that say what must be found.

``# expect: PUR001`` must be found on this line. ``# gap: PUR001 reason`` is a known miss, ``# noise: PUR001 reason`` a
known false alarm: both state what is, and are wrong as soon as it is mended. A line without comment stays silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = ROOT / "fixtures" / "language"

_COMMENT = re.compile(r"#\s*(expect|gap|noise):\s*(PUR\d{3}(?:\s*,\s*PUR\d{3})*)([^#]*)")
_MISSPELT = re.compile(r"#\s*(?:expect|gap|noise)s?\b")
_SINK = re.compile(r"(?<![\w.])sink\(")
_CASE = re.compile(r"^(?:async )?def case_\w+\(", re.MULTILINE)


@dataclass(frozen=True)
class Expectation:
    """One code of one comment. ``kind``: ``expect``, ``gap`` or ``noise``."""

    path: str
    line: int
    kind: str
    code: str
    reason: str


def constructs() -> list[Path]:
    """List the folders of the constructs."""
    return sorted(path for path in LANGUAGE.iterdir() if path.is_dir() and any(path.rglob("*.py")))


def expectations(folder: Path) -> list[Expectation]:
    """Read the comments of all modules below a folder; a comment that cannot be read is a ValueError."""
    found = []
    for path, number, line in _lines(folder):
        comments = list(_COMMENT.finditer(line))
        if len(comments) != len(_MISSPELT.findall(line)):
            raise ValueError(f"{path}:{number}: cannot read the expectation: {line.strip()}")
        for kind, codes, reason in (comment.groups() for comment in comments):
            if kind != "expect" and not reason.strip():
                raise ValueError(f"{path}:{number}: a {kind} needs a reason")
            found += [Expectation(path, number, kind, code.strip(), reason.strip()) for code in codes.split(",")]
    return found


def sinks(folder: Path) -> set[tuple[str, int]]:
    """List the lines (path, line) of the calls that are checked: those of the sink, and those with a comment."""
    called = {(path, number) for path, number, line in _lines(folder) if _SINK.search(line.partition("#")[0])}
    return called | {(found.path, found.line) for found in expectations(folder)}


def programs(folder: Path) -> int:
    """Count the cases."""
    return sum(len(_CASE.findall(path.read_text("utf-8"))) for path in folder.rglob("*.py"))


def _lines(folder: Path) -> Iterator[tuple[str, int, str]]:
    for path in sorted(folder.rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
            yield path.relative_to(folder).as_posix(), number, line
