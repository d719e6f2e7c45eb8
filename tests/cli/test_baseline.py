"""The baseline: what was accepted is left out, and only that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command import Run
from support.small_project import ANNOTATIONS, FILES, write

FILE = "purposelint-baseline.json"
MORE = "import ads\nfrom accounts import User\n\n\ndef more(user: User):\n    ads.send(user.phone)\n"


def accepted(root: Path) -> list[str]:
    return [entry["path"] for entry in json.loads((root / FILE).read_text(encoding="utf-8"))["findings"]]


def test_what_is_accepted_is_left_out_and_counted(project: Path, run: Run) -> None:
    written = run("baseline")
    assert (written.status, written.out) == (0, "")
    assert f"1 accepted in {FILE} (1 new, 0 gone)" in written.err
    checked = run()
    assert (checked.status, checked.out) == (0, "")
    assert "nothing found (6 files analysed; 1 finding left out that the baseline accepts)" in checked.err


def test_what_is_new_is_told_beside_it(project: Path, run: Run) -> None:
    run("baseline")
    write(project, {"jobs/more.py": MORE})
    checked = run()
    assert checked.status == 1
    assert [line.partition(":")[0] for line in checked.out.splitlines()] == ["jobs/more.py"]
    assert "1 error (7 files analysed; 1 finding left out" in checked.err


def test_an_accepted_finding_stays_accepted_in_a_moved_and_renamed_file(project: Path, run: Run) -> None:
    run("baseline")
    (project / "jobs/sync.py").unlink()
    write(project, {"tasks/upload.py": "# moved\n\n" + FILES["jobs/sync.py"]})
    assert run().status == 0


def test_the_file_does_not_change_where_findings_only_move(project: Path, run: Run) -> None:
    run("baseline")
    before = (project / FILE).read_bytes()
    write(project, {"jobs/sync.py": "\n\n" + FILES["jobs/sync.py"]})
    run("baseline")
    assert (project / FILE).read_bytes() == before


def test_the_file_holds_no_lines_where_a_finding_has_several_sources(project: Path, run: Run) -> None:
    linkage = '\n[[linkage]]\nid = "profile"\ncombine = ["contact.phone", "contact.email"]\n'
    emails = (
        '\n[[source]]\nid = "email"\nmatch = "accounts.User.email"\ndata = "contact.email"\npurposes = ["security"]\n'
    )
    phones = ANNOTATIONS.replace('User.phone"', 'User.phone"\ndata = "contact.phone"')
    both = "import messages\n\n\ndef login(user):\n    phone = user.phone\n    messages.send((phone, user.email))\n"
    both = both.replace("(user)", "(user: User)").replace("messages\n", "messages\nfrom accounts import User\n", 1)
    write(project, {"purposes.toml": phones + emails + linkage, "security.py": both})
    run("baseline")
    before = (project / FILE).read_bytes()
    assert b"accounts" not in before
    assert b"security.py" in before
    assert b"come together at codes" in before
    write(project, {"security.py": "\n\n" + both})
    run("baseline")
    assert (project / FILE).read_bytes() == before


def test_a_file_that_is_no_baseline_is_kept_and_what_to_do_is_said(project: Path, run: Run) -> None:
    write(project, {FILE: "<<<<<<< HEAD\n"})
    for command in ("check", "baseline"):
        result = run(command)
        assert result.status == 2
        assert "it is no JSON" in result.err
        assert "; delete it and write it anew" in result.err
    (project / FILE).unlink()
    assert run("baseline").status == 0


def test_what_is_mended_is_said_and_taken_out(project: Path, run: Run) -> None:
    run("baseline")
    write(project, {"jobs/sync.py": "", "jobs/more.py": MORE})
    assert "1 of the baseline found no more" in run().err
    assert "no more" not in run("--select", "PUR002").err
    assert "0 accepted" in run("baseline", "--only-remove").err
    assert run().status == 1
    assert "1 accepted" in run("baseline").err
    assert accepted(project) == ["jobs/more.py"]


def test_it_can_be_left_aside_or_be_another_file(project: Path, run: Run) -> None:
    run("baseline", "--output", "other.json")
    assert run().status == 1
    assert run("--baseline", "other.json").status == 0
    run("baseline")
    assert run("--no-baseline").status == 1


def test_what_is_accepted_is_shown_where_it_is_asked_for(project: Path, run: Run) -> None:
    run("baseline")
    assert "PUR001 [suppressed: in the baseline] two-factor-phone" in run("--show-suppressed").out
    (result,) = json.loads(run("--format", "sarif").out)["runs"][0]["results"]
    assert result["suppressions"][0]["kind"] == "external"


def test_a_part_of_the_project_does_not_make_the_rest_look_gone(project: Path, run: Run) -> None:
    run("baseline")
    assert "no more" not in run("jobs/clean.py").err


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}', '{"version": 1}']
)
def test_a_file_that_is_none_is_a_mistake_that_says_what_to_do(project: Path, run: Run, content: str) -> None:
    write(project, {FILE: content})
    result = run()
    assert (result.status, result.out) == (2, "")
    assert f"{FILE}: " in result.err
    assert "write it anew with `purposelint baseline`" in result.err
