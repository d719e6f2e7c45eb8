"""The analysis finds in the language fixtures what their comments say, and nothing else."""

from __future__ import annotations

from pathlib import Path

import purposelint
import pytest
from support.expectations import LANGUAGE, ROOT, constructs, expectations, table


@pytest.mark.parametrize("folder", constructs(), ids=lambda folder: folder.name)
def test_the_analysis_finds_what_the_comments_say(folder: Path) -> None:
    report = purposelint.analyse(root=folder, config=LANGUAGE / "purposes.toml")
    found = {(one.path, one.span.line, one.code) for one in report.findings if one.path.endswith(".py")}
    said = expectations(folder)
    expected = {(one.path, one.line, one.code) for one in said if one.kind != "gap"}
    known = {(one.path, one.line): f"{one.kind}: {one.reason}" for one in said if one.kind != "expect"}

    assert [str(error) for error in report.errors] == []
    assert {
        "missed": [(*place, known.get(place[:2], "")) for place in sorted(expected - found)],
        "too much": [(*place, known.get(place[:2], "")) for place in sorted(found - expected)],
    } == {"missed": [], "too much": []}


def test_the_table_of_the_documentation_is_fresh() -> None:
    assert (ROOT / "docs" / "language.md").read_text(encoding="utf-8") == table(), (
        "run scripts/language_table.py --write"
    )
