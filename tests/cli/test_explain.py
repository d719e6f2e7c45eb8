"""``purposelint explain``: codes, and findings by their fingerprint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purposelint.policy.codes import CODES
from support.command import Run
from support.small_project import FILES, write


def fingerprint(run: Run) -> str:
    (finding,) = json.loads(run("--format", "json").out)["findings"]
    return str(finding["fingerprint"])


def test_all_codes_are_listed(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == [code.code for code in CODES]


@pytest.mark.parametrize("name", ["PUR001", "pur001", "purpose-violation"])
def test_a_code_is_explained_with_why_it_matters_and_what_to_do(run: Run, name: str) -> None:
    out = run("explain", name).out
    assert out.startswith("PUR001 purpose-violation (error by default)\n")
    assert "Why it matters\n  People gave the data" in out
    assert "What to do\n  End the flow" in out


def test_a_finding_is_shown_with_its_whole_way_and_its_code(project: Path, run: Run) -> None:
    known = fingerprint(run)
    result = run("explain", known)
    assert result.status == 0
    assert result.out.startswith("jobs/sync.py:6:5: PUR001 purpose-violation\n")
    assert "6 |     ads.send(user.phone)" in result.out
    assert "What to do" in result.out
    assert run("explain", known[:6].upper()).out == result.out


def test_a_finding_that_is_suppressed_is_shown_with_the_reason(project: Path, run: Run) -> None:
    known = fingerprint(run)
    write(project, {"jobs/sync.py": FILES["jobs/sync.py"].rstrip() + "  # purposelint: allow[PUR001] DPIA-7\n"})
    assert "suppressed by a comment: DPIA-7" in run("explain", known).out


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("PUR101", "neither a code"),
        ("abc", "neither a code"),
        ("0000000000", "no finding of"),
    ],
)
def test_what_is_not_known_is_a_mistake(project: Path, run: Run, what: str, said: str) -> None:
    result = run("explain", what)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_a_beginning_that_several_fingerprints_share_is_a_mistake_that_lists_them(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("purposelint.policy.fingerprints.identity", lambda parts: "feed" + str(len(list(parts))) * 60)
    write(project, {"jobs/more.py": FILES["jobs/sync.py"]})
    result = run("explain", "feed")
    assert result.status == 2
    assert "2 fingerprints begin with feed: " in result.err
