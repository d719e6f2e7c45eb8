"""Formats, files and what is suppressed, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purposelint.cli.formats import FORMATS as NAMES
from purposelint.report import FORMATS
from support.command import Run
from support.sarif import sarif_mistakes
from support.small_project import write
from support.terminal import on_a_terminal

ALLOWED = (
    "import ads\nfrom accounts import User\n\n\ndef sync(user: User):\n"
    "    ads.send(user.phone)  # purposelint: allow[PUR001] settled in DPIA-7\n"
)


def test_the_formats_of_the_help_are_those_that_there_are() -> None:
    assert tuple(FORMATS) == NAMES


def test_several_outputs_are_written_in_one_run(project: Path, run: Run) -> None:
    result = run("--output", "sarif=out.sarif", "--output", "junit=out é.xml", "--format", "github")
    assert result.status == 1
    assert result.out.startswith("::error file=jobs/sync.py,line=6")
    sarif = json.loads((project / "out.sarif").read_text(encoding="utf-8"))
    assert [found["ruleId"] for found in sarif["runs"][0]["results"]] == ["PUR001"]
    assert "<failure " in (project / "out é.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("sarif", "not FORMAT=FILE"),
        ("sarif=", "not FORMAT=FILE"),
        ("xml=out", "the formats are text, full,"),
        ("sarif=no/such/out", "no such folder"),
        ("sarif=-", "is said by --format sarif"),
    ],
)
def test_a_wrong_output_is_a_mistake_of_the_call(project: Path, run: Run, value: str, said: str) -> None:
    result = run("--output", value)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_two_outputs_into_one_file_are_a_mistake_of_the_call(project: Path, run: Run) -> None:
    result = run("--output", "sarif=out", "--output", f"json={project / 'out'}")
    assert (result.status, result.out) == (2, "")
    assert "another output is written to this file" in result.err
    assert run("--output", "sarif=out.sarif", "--output", "json=out.json").status == 1


def test_a_file_that_cannot_be_written_is_told(project: Path, run: Run) -> None:
    (project / "out").mkdir()
    result = run("--output", "json=out")
    assert result.status == 2
    assert "--output json=out: cannot be written" in result.err


def test_paths_for_platforms_begin_at_the_top_of_the_repository(project: Path, run: Run) -> None:
    (project.parent / ".git").mkdir()
    assert run("--format", "github").out.startswith("::error file=project/jobs/sync.py,")
    assert run("--format", "text").out.startswith("jobs/sync.py:6:5:")


def test_full_shows_the_code_and_no_colour_in_a_pipe(project: Path, run: Run) -> None:
    out = run("--format", "full").out
    assert "      6 |     ads.send(user.phone)\n" in out
    assert "\x1b[" not in out


FULL = "from purposelint.cli import main; main(['check', '--format', 'full', '--jobs', '1'])"


def test_full_is_in_colour_on_a_terminal_unless_nobody_wants_colours(project: Path) -> None:
    coloured = on_a_terminal(FULL, {}, stream="stdout", cwd=project)
    assert "\x1b[1;31mPUR001 purpose-violation\x1b[0m" in coloured
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = on_a_terminal(FULL, environment, stream="stdout", cwd=project)
        assert "PUR001 purpose-violation" in plain
        assert "\x1b[" not in plain


def test_the_sarif_of_a_real_run_is_valid_against_the_official_schema(run: Run) -> None:
    scenario = Path(__file__).parents[2] / "fixtures/scenarios/S1/as_it_happened"
    log = json.loads(run("check", str(scenario), "--format", "sarif").out)
    assert sarif_mistakes(log) == []
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["PUR005", "PUR005", "PUR001"]
    assert all(len(result["codeFlows"][0]["threadFlows"][0]["locations"]) > 5 for result in results)


def test_what_comments_end_is_told_with_its_reason_where_it_is_asked_for(project: Path, run: Run) -> None:
    write(project, {"jobs/sync.py": ALLOWED})
    assert run().out == ""
    shown = run("--show-suppressed")
    assert shown.status == 0
    assert shown.out.startswith("jobs/sync.py:6:5: PUR001 [suppressed: settled in DPIA-7] two-factor-phone ")
    document = json.loads(run("--format", "json", "--show-suppressed").out)
    assert document["findings"] == []
    assert document["suppressed"][0]["suppressed"] == {"by": "comment", "reason": "settled in DPIA-7"}
    assert "suppressed" not in json.loads(run("--format", "json").out)


def test_prose_that_mentions_the_word_silences_nothing_and_a_malformed_comment_is_told(project: Path, run: Run) -> None:
    prose = ALLOWED.replace(
        "  # purposelint: allow[PUR001] settled in DPIA-7",
        "  # purposelint would say allow[PUR001] here\n    '''# purposelint: allow[PUR001] no comment'''",
    )
    write(project, {"jobs/sync.py": prose})
    assert run().out.count("PUR001 two-factor-phone") == 1
    write(project, {"jobs/sync.py": ALLOWED.replace("allow[PUR001]", "allow PUR001")})
    out = run().out
    assert "PUR902 suppression cannot be read: `allow` names no codes" in out
    assert "PUR001 two-factor-phone" in out
