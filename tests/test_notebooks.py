"""Findings in notebooks: told by cell and line, and where platforms look for them, by the lines of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from purposelint import analyse
from purposelint.cache import Store
from purposelint.policy.findings import Report
from purposelint.report import render
from purposelint.report.setting import Setting
from support.notebooks import code, document, prose, write_notebook
from support.sarif import sarif_mistakes
from support.small_project import ANNOTATIONS, write

LOADED = code("%matplotlib inline\nimport ads\nfrom accounts import User\nuser = User()")
READ = code("number = user.phone")
SENT = code("# what it is for\nfor each in [number]:\n    %time ads.send(each)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS.partition('[[sink]]\nid = "codes"')[0],
            "accounts.py": "class User:\n    phone: str\n",
            "ads.py": "def send(value):\n    pass\n",
        },
    )
    return tmp_path


def found(project: Path, *cells: dict[str, Any]) -> Report:
    write_notebook(project / "notes/explore.ipynb", *cells)
    return analyse(project)


def shown(project: Path, report: Report, form: str) -> str:
    return render(report, form, Setting(project)).decode()


def test_the_cells_are_one_module_and_a_finding_is_told_as_cell_and_line(project: Path) -> None:
    report = found(project, prose("# Numbers"), LOADED, READ, prose(""), SENT)
    assert shown(project, report, "text") == (
        "notes/explore.ipynb:cell 5:3:11: PUR001 two-factor-phone (collected for security) reaches audience"
        " (advertising): notes/explore.ipynb:cell 3:1 -> notes/explore.ipynb:cell 5:3\n"
    )


def test_cells_count_in_their_order(project: Path) -> None:
    overwritten = code("number = 'none'")
    assert len(found(project, LOADED, READ, overwritten, SENT).findings) == 0
    assert len(found(project, LOADED, overwritten, READ, SENT).findings) == 1


def test_json_has_the_cell_beside_the_line(project: Path) -> None:
    (finding,) = json.loads(shown(project, found(project, LOADED, READ, SENT), "json"))["findings"]
    assert [finding[key] for key in ("path", "cell", "line", "column")] == ["notes/explore.ipynb", 3, 3, 11]
    assert [(step["cell"], step["line"]) for step in finding["trace"]] == [(2, 1), (3, 3)]
    assert (finding["source"]["cell"], finding["source"]["line"]) == (2, 1)


def test_only_notebooks_have_cells_in_json(project: Path) -> None:
    write(project, {"job.py": "import ads\nfrom accounts import User\nads.send(User().phone)\n"})
    (finding,) = json.loads(shown(project, analyse(project), "json"))["findings"]
    assert "cell" not in finding
    assert "cell" not in finding["trace"][0]


def test_full_shows_the_lines_of_the_cell_as_they_are_written(project: Path) -> None:
    text = shown(project, found(project, LOADED, READ, SENT), "full")
    assert "notes/explore.ipynb:cell 3:3:11: PUR001" in text
    assert "      3 |     %time ads.send(each)\n" in text


def test_sarif_has_the_region_in_the_file_and_the_cell_as_a_logical_location(project: Path) -> None:
    log = json.loads(shown(project, found(project, LOADED, READ, SENT), "sarif"))
    assert sarif_mistakes(log) == []
    (result,) = log["runs"][0]["results"]
    (location,) = result["locations"]
    lines = (project / "notes/explore.ipynb").read_text(encoding="utf-8").split("\n")
    region = location["physicalLocation"]["region"]
    assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == "ads.send(each)"
    (cell,) = location["logicalLocations"]
    assert cell["fullyQualifiedName"] == "notes/explore.ipynb:cell 3:3:11"
    assert cell["properties"] == {"cell": 3, "line": 3, "column": 11}


@pytest.mark.parametrize("form", ["github", "gitlab", "junit"])
def test_platforms_are_told_the_line_of_the_file_and_people_the_cell(project: Path, form: str) -> None:
    report = found(project, LOADED, READ, SENT)
    lines = (project / "notes/explore.ipynb").read_text(encoding="utf-8").split("\n")
    number = next(number for number, line in enumerate(lines, 1) if "ads.send" in line)
    text = shown(project, report, form)
    assert f"line={number}" in text or f'"begin": {number}' in text or f'line="{number}"' in text
    assert "cell 3" in text


def test_a_page_names_the_cell(project: Path) -> None:
    assert "notes/explore.ipynb:cell 3:3" in shown(project, found(project, LOADED, READ, SENT), "html")


def test_a_comment_in_a_cell_ends_a_finding_and_one_that_ends_none_is_told(project: Path) -> None:
    allowed = code("# sent\nads.send(number)  # purposelint: allow[PUR001] DPIA-3")
    report = found(project, LOADED, READ, allowed)
    assert report.findings == ()
    assert [finding.suppressed for finding in report.suppressed] == ["DPIA-3"]
    stale = found(
        project, LOADED, code("number = 1"), READ, code("%%bash\nls"), code("\nx = 1  # purposelint: allow[PUR001] y")
    )
    assert "explore.ipynb:cell 5:2:8: PUR902" in shown(project, stale, "text")


def test_a_comment_silences_its_own_cell_and_not_the_same_line_of_another(project: Path) -> None:
    allowed = code("ads.send(number)  # purposelint: allow[PUR001] DPIA-3")
    report = found(project, LOADED, READ, allowed, code("ads.send(number)"))
    assert [finding.span.cell for finding in report.findings] == [4]


def test_fingerprints_stay_when_cells_are_added_and_a_new_flow_has_a_new_one(project: Path) -> None:
    (before,) = found(project, LOADED, READ, SENT).findings
    (after,) = found(project, prose("# New"), LOADED, code("x = 1\ny = 2"), READ, prose("and"), SENT).findings
    assert (before.span.cell, after.span.cell) == (3, 6)
    assert before.fingerprint == after.fingerprint
    more = found(project, LOADED, READ, SENT, code("ads.send(number)")).findings
    assert len({finding.fingerprint for finding in more}) == 2


def test_a_kept_report_names_the_cells_of_now(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Store(tmp_path_factory.mktemp("cache")) as cache:
        for above in (0, 1, 2):
            write_notebook(project / "n.ipynb", *[prose("text")] * above, LOADED, READ, SENT)
            (finding,) = analyse(project, cache=cache).findings
            assert (finding.span.cell, finding.span.shown_line) == (above + 3, 3)


def test_cells_in_other_languages_break_nothing(project: Path) -> None:
    bash = code("%%bash\nwhile read x; do echo $x; done")
    assert len(found(project, bash, LOADED, READ, code("%%html\n<b>("), SENT).findings) == 1


def test_top_level_await_is_no_mistake(project: Path) -> None:
    waiting = code("async def later(x):\n    return x\nads.send(await later(number))")
    report = found(project, LOADED, READ, waiting)
    assert [(finding.code, finding.span.cell) for finding in report.findings] == [("PUR001", 3)]
    assert report.errors == ()


def test_a_cell_that_cannot_be_parsed_is_told_where_it_is_wrong(project: Path) -> None:
    report = found(project, LOADED, code("x = (1  # the 1"), READ)
    assert "explore.ipynb:cell 2:1:16: PUR901 unexpected end of cell" in shown(project, report, "text")
    report = found(project, LOADED, code("x = 1\ny = = 2"), READ)
    assert "explore.ipynb:cell 2:2:5: PUR901 unexpected `=`" in shown(project, report, "text")


def test_a_cell_that_cannot_be_parsed_is_left_out_and_the_others_are_analysed(project: Path) -> None:
    report = found(project, code("def ("), LOADED, READ, code("number = 'none'\ny = = 2"), SENT, code("  z = (\n"))
    assert [(each.code, each.span.cell, each.span.shown_line) for each in report.findings] == [("PUR001", 5, 3)]
    assert shown(project, report, "text").splitlines()[1:] == [
        "notes/explore.ipynb:cell 4:2:5: PUR901 unexpected `=`",
        "notes/explore.ipynb:cell 5:3:11: PUR001 two-factor-phone (collected for security) reaches audience"
        " (advertising): notes/explore.ipynb:cell 3:1 -> notes/explore.ipynb:cell 5:3",
        "notes/explore.ipynb:cell 6:1:8: PUR901 unexpected end of cell",
    ]
    mended = found(project, code("pass"), LOADED, READ, code("number = 'none'\ny = 2"), SENT, code("  z = ()\n"))
    assert (mended.findings, mended.errors) == ((), ())


def test_a_cell_that_ends_too_early_takes_nothing_from_the_next(project: Path) -> None:
    for early in ("text = '''", "x = 1 + \\", "for each in [1]:", "call(", "if True:\n  x = 1\n y = 2"):
        report = found(project, LOADED, READ, code(early), SENT)
        assert [(each.code, each.span.cell) for each in report.findings] == [("PUR001", 4)], early
        assert [(each.code, each.span.cell) for each in report.errors] == [("PUR901", 3)], early


def test_a_comment_counts_beside_a_cell_that_cannot_be_parsed_and_not_in_it(project: Path) -> None:
    allowed = code("ads.send(number)  # purposelint: allow[PUR001] DPIA-3")
    stale = code("x = = 1  # purposelint: allow[PUR001] DPIA-3")
    report = found(project, LOADED, READ, stale, allowed)
    assert report.findings == ()
    assert [finding.suppressed for finding in report.suppressed] == ["DPIA-3"]


def test_a_notebook_with_a_broken_cell_is_read_the_same_in_every_way(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write_notebook(project / "n.ipynb", LOADED, code("import ("), READ, SENT, code("def later():\n    return 1"))
    expected = analyse(project)
    assert [(each.code, each.span.cell) for each in (*expected.errors, *expected.findings)] == [
        ("PUR901", 2),
        ("PUR001", 4),
    ]
    held = (project / "n.ipynb").read_bytes()
    with Store(tmp_path_factory.mktemp("cache")) as cache:
        assert told(analyse(project, cache=cache)) == told(expected)
        write(project, {"beside.py": "# nothing\n"})
        assert told(analyse(project, cache=cache)) == told(expected)
        write(project, {"beside.py": "# nothing else\n"})
        again = analyse(project, cache=cache, paths=[project / "n.ipynb"])
        assert told(again) == told(expected)
        assert again.effort["flows taken from an earlier run"] == 1
        write_notebook(project / "n.ipynb", LOADED, code("import ("), READ, SENT, code("def later():\n    return 2"))
        assert told(analyse(project, cache=cache)) == told(expected)
        assert told(analyse(project, cache=cache, whole_program=True)) == told(expected)
        write_notebook(project / "n.ipynb", LOADED, code("import ads"), READ, SENT)
        mended = analyse(project, cache=cache)
        assert (told(mended)[0], mended.errors) == (expected.findings, ())
        assert told(analyse(project, cache=cache, contents={project / "n.ipynb": held})) == told(expected)


def told(report: Report) -> tuple[Any, ...]:
    return report.findings, report.errors, report.suppressed


def test_a_notebook_that_is_no_json_is_told_and_the_rest_is_analysed(project: Path) -> None:
    write(project, {"job.py": "import ads\nfrom accounts import User\nads.send(User().phone)\n"})
    (project / "b.ipynb").write_text(document(SENT).replace('"nbformat": 4,', '"nbformat": 4'), encoding="utf-8")
    report = analyse(project)
    assert [finding.code for finding in report.findings] == ["PUR001"]
    (error,) = report.errors
    assert (error.code, error.path, error.span.cell) == ("PUR901", "b.ipynb", 0)
    assert "the JSON is broken" in error.message


def test_a_module_is_imported_and_a_notebook_is_not(project: Path) -> None:
    write(project, {"job.py": "import ads\nfrom people import number\nads.send(number)\n"})
    write_notebook(project / "people.ipynb", code("from accounts import User\nnumber = User().phone"))
    assert analyse(project).findings == ()
    write(project, {"people.py": "from accounts import User\nnumber = User().phone\n"})
    assert len(analyse(project).findings) == 1


def test_within_names_a_notebook_as_a_module(project: Path) -> None:
    text = (project / "purposes.toml").read_text(encoding="utf-8")
    (project / "purposes.toml").write_text(
        text.replace('match = "accounts.User.phone"', 'match = "accounts.User.phone"\nwithin = ["notes.explore"]'),
        encoding="utf-8",
    )
    assert len(found(project, LOADED, READ, SENT).findings) == 1
    (project / "notes/explore.ipynb").rename(project / "notes/other.ipynb")
    assert [finding.code for finding in analyse(project).findings] == ["PUR904"]


def test_copies_that_jupyter_keeps_and_what_exclude_names_are_left_out(project: Path) -> None:
    write_notebook(project / ".ipynb_checkpoints/a-checkpoint.ipynb", LOADED, READ, SENT)
    write_notebook(project / "old/a.ipynb", LOADED, READ, SENT)
    assert len(analyse(project).findings) == 1
    (project / ".gitignore").write_text("old/\n", encoding="utf-8")
    assert [finding.code for finding in analyse(project).findings] == ["PUR904"] * len(analyse(project).findings)
