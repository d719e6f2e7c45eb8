"""The analysis finds in the language fixtures what their comments say, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.expectations import ROOT, constructs, expectations
from support.language import found, report, table


@pytest.mark.parametrize("folder", constructs(), ids=lambda folder: folder.name)
def test_the_analysis_finds_what_the_comments_say(folder: Path) -> None:
    said = expectations(folder)
    expected = {(one.path, one.line, one.code) for one in said if one.kind != "gap"}
    known = {(one.path, one.line): f"{one.kind}: {one.reason}" for one in said if one.kind != "expect"}

    assert [error.message for error in report(folder).errors] == []
    assert {
        "missed": [(*place, known.get(place[:2], "")) for place in sorted(expected - found(folder))],
        "too much": [(*place, known.get(place[:2], "")) for place in sorted(found(folder) - expected)],
    } == {"missed": [], "too much": []}


def test_the_table_of_the_documentation_is_fresh() -> None:
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")

    assert page == table(), "run scripts/language_table.py --write"
