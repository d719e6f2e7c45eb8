"""Findings with their whole way, for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, Report, Step
from purposelint.report import render
from purposelint.report.setting import Setting
from support.findings import FILES, FLOW, STALE
from support.small_project import write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def full(report: Report, setting: Setting) -> str:
    return render(report, "full", setting).decode()


def at(line: str, span: Span, root: Path) -> list[str]:
    """The two lines that show a place in a file of one line."""
    (root / "a.py").write_text(line + "\n", encoding="utf-8")
    finding = Finding("PUR001", "error", "m", "a.py", span, trace=(Step("a.py", span, "here"),))
    shown = full(Report(findings=(finding,)), Setting(root)).splitlines()
    return [line for line in shown if " | " in line]


def test_a_finding_is_told_with_its_ends_and_its_way_hop_by_hop(root: Path) -> None:
    assert full(Report(findings=(FLOW,)), Setting(root)) == (
        "ads/sync.py:5:5: PUR001 purpose-violation\n"
        "  two-factor-phone (collected for security) reaches audience (advertising)\n"
        "\n"
        "  source     two-factor-phone\n"
        "  data       user.contact.phone_number\n"
        "  collected  for security\n"
        "  sink       audience\n"
        "  used for   advertising\n"
        "  recipient  ad-network\n"
        "\n"
        "   1. accounts/views.py:2:12  read of user.phone\n"
        "      2 |     return user.phone\n"
        "        |            ^^^^^^^^^^\n"
        "   2. ads/sync.py:5:5  handed over\n"
        "      5 |     ads.send(numbers)\n"
        "        |     ^^^^^^^^^^^^^^^^\n"
        "\n"
        "  fingerprint f00d\n"
        "\n"
    )


def test_colours_are_told_where_they_are_wanted_and_nowhere_else(root: Path) -> None:
    assert "\x1b[" in full(Report(findings=(FLOW,)), Setting(root, colour=True))
    assert "\x1b[" not in full(Report(findings=(FLOW,)), Setting(root))


def test_code_with_square_brackets_is_not_taken_for_markup(root: Path) -> None:
    line, caret = at("x = rows[red][bold]", Span(1, 5, 1, 20), root)
    assert line.endswith("x = rows[red][bold]")
    assert caret.endswith("|     " + "^" * 15)


def test_the_caret_stands_below_its_place_behind_tabs_and_wide_characters(root: Path) -> None:
    line, caret = at("\t名 = user.phone", Span(1, 6, 1, 16), root)
    assert line.endswith("|     名 = user.phone")
    assert caret.endswith("|          ^^^^^^^^^^")


def test_a_place_of_several_lines_is_marked_on_its_first(root: Path) -> None:
    _, caret = at("ads.send(", Span(1, 1, 4, 2), root)
    assert caret.endswith("| ^^^^^^^^^")


def test_a_long_line_is_shown_around_its_place(root: Path) -> None:
    line, caret = at("x" * 500 + "PHONE" + "y" * 500, Span(1, 501, 1, 506), root)
    assert len(line) < 200
    assert line[caret.index("^") : caret.rindex("^") + 1] == "PHONE"
    assert line.count("…") == 2


def test_a_file_that_is_gone_leaves_the_way_without_its_code(root: Path) -> None:
    (root / "ads/sync.py").unlink()
    text = full(Report(findings=(FLOW,)), Setting(root))
    assert "ads/sync.py:5:5  handed over\n\n" in text
    assert "return user.phone" in text


def test_code_cannot_forge_a_colour(root: Path) -> None:
    line, _ = at("x = '\x1b[31m'", Span(1, 5, 1, 8), root)
    assert "\\x1b[31m" in line


def test_what_is_suppressed_is_told_only_where_it_is_asked_for(root: Path) -> None:
    report = Report(suppressed=(replace(FLOW, suppressed="DPIA-7", suppressed_by="comment"),))
    assert full(report, Setting(root)) == ""
    assert "  suppressed by a comment: DPIA-7\n" in full(report, Setting(root, show_suppressed=True))


def test_a_finding_without_a_way_shows_its_own_line(root: Path) -> None:
    write(root, {"purposes.toml": "\n" * 6 + 'match = "x"\n'})
    assert '7 | match = "x"' in full(Report(findings=(STALE,)), Setting(root))


def test_a_run_without_findings_says_what_was_recognised() -> None:
    statistics = {"source places": 1, "sink places": 2, "gates matched": 0, "calls unknown": 3}
    assert full(Report(statistics=statistics), Setting()).strip() == (
        "Recognised: 1 source place, 2 places of a sink with data that is followed, 0 gates,"
        " 3 calls of unknown code that data is given to."
    )
