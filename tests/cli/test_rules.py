"""``purposelint rules``: the packs and what they know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purposelint.config.rules import available_packs
from support.command import Run
from support.small_project import ANNOTATIONS, write


@pytest.mark.parametrize("args", [("rules",), ("rules", "list")])
def test_the_packs_are_listed_with_what_is_in_use_here(project: Path, run: Run, args: tuple[str, ...]) -> None:
    write(project, {"purposes.toml": 'exclude_packs = ["advertising"]\n' + ANNOTATIONS})
    result = run(*args)
    lines = {line[2:].split()[0]: line for line in result.out.splitlines()}
    assert set(lines) == {pack.name for pack in available_packs()}
    assert lines["advertising"].startswith("  advertising ")
    assert lines["http"].startswith("* http ")
    assert " sinks" in lines["http"]
    assert result.err == "* in use here\n"


def test_without_a_project_nothing_is_said_of_use(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("rules", "list", "--format", "json")
    assert {row["in_use"] for row in json.loads(result.out)} == {None}
    assert run("rules").err == ""


def test_a_pack_is_shown_with_its_entries(run: Run) -> None:
    out = run("rules", "show", "advertising").out
    assert out.startswith("advertising: Advertising platforms")
    assert "\nsink meta-custom-audience\n  match          facebook_business." in out
    assert "  purpose        advertising.audience_matching\n" in out


def test_an_entry_is_shown_by_its_id(run: Run) -> None:
    out = run("rules", "show", "meta-custom-audience").out
    assert out.startswith("sink meta-custom-audience\n")
    assert "twitter" not in out
    (entry,) = json.loads(run("rules", "show", "meta-custom-audience", "--format", "json").out)
    assert (entry["pack"], entry["kind"], entry["recipient"]) == ("advertising", "sink", "meta")


def test_every_pack_can_be_shown(run: Run) -> None:
    for pack in available_packs():
        assert run("rules", "show", pack.name).status == 0


def test_a_name_that_is_none_is_a_mistake_with_the_nearest_one(run: Run) -> None:
    result = run("rules", "show", "advertizing")
    assert (result.status, result.out) == (2, "")
    assert 'did you mean "advertising"?' in result.err
