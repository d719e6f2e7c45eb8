"""A monorepo: several annotation files, each for what lies below it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command import Run
from support.small_project import ANNOTATIONS, FILES, write

ALLOWED = ANNOTATIONS.replace('["security"]', '["security", "advertising"]')


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "services/one", FILES)
    write(tmp_path / "services/two", {**FILES, "purposes.toml": ALLOWED})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_is_judged_by_the_annotations_that_are_nearest(monorepo: Path, run: Run) -> None:
    result = run("check")
    assert result.status == 1
    (line,) = result.out.splitlines()
    assert line.startswith("one/jobs/sync.py:6:5: PUR001")
    assert line.endswith(": one/jobs/sync.py:6")
    assert "12 files analysed" in result.err


def test_in_a_checkout_paths_are_those_from_its_top(monorepo: Path, run: Run) -> None:
    write(monorepo, {".git/HEAD": ""})
    assert run("services").out.startswith("services/one/jobs/sync.py:6:5: PUR001")


def test_files_of_several_projects_are_told_as_a_hook_hands_them_over(monorepo: Path, run: Run) -> None:
    found = run("services/two/jobs/sync.py", "services/one/jobs/sync.py", "--format", "json").out
    (finding,) = json.loads(found)["findings"]
    assert finding["path"] == "one/jobs/sync.py"
    assert finding["source"]["path"] == "one/jobs/sync.py"
    assert [step["path"] for step in finding["trace"]] == ["one/jobs/sync.py"] * len(finding["trace"])
    assert finding["message"].endswith(": one/jobs/sync.py:6")
    assert run("services/two/jobs/sync.py", "services/one/jobs/clean.py").status == 0


def test_the_way_is_shown_with_its_code(monorepo: Path, run: Run) -> None:
    assert "ads.send(user.phone)" in run("services/one/jobs", "services/two/jobs", "--format", "full").out


def test_shared_purposes_are_extended_from_above(monorepo: Path, run: Run) -> None:
    head, _, rest = ANNOTATIONS.partition("[[source]]")
    write(monorepo, {"shared/purposes.toml": head})
    write(monorepo / "services/one", {"purposes.toml": f'extend = "../../shared/purposes.toml"\n\n[[source]]{rest}'})
    assert "PUR001" in run("services/one").out


SHARED, _, OWN = ANNOTATIONS.partition("[[source]]")
OWN = f'extend = "../purposes.toml"\n\n[[source]]{OWN}'


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two projects that extend the file above them; the first has the finding."""
    silent = {**FILES, "jobs/sync.py": ""}
    write(tmp_path, {"purposes.toml": SHARED, "lib/tool.py": ""})
    write(tmp_path / "one", {**FILES, "purposes.toml": OWN})
    write(tmp_path / "two", {**silent, "purposes.toml": OWN.replace("ads.send()", "messages.send()")})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_folder_of_what_projects_extend_stands_for_them(shared: Path, run: Run) -> None:
    told = [line.split(" ")[:2] for line in run().out.splitlines()]
    assert told == [["one/jobs/sync.py:6:5:", "PUR001"], ["two/security.py:6:5:", "PUR001"]]
    assert run("lib").out == ""


def test_a_project_that_extends_nothing_is_not_read_when_a_folder_above_is_named(shared: Path, run: Run) -> None:
    write(shared, {"two/purposes.toml": ANNOTATIONS.replace("ads.send()", "messages.send()")})
    assert [line.split("/")[0] for line in run().out.splitlines()] == ["one"]


def test_a_project_is_found_by_way_of_what_it_extends(shared: Path, run: Run) -> None:
    write(shared, {"common/purposes.toml": 'extend = "../purposes.toml"\n'})
    write(shared, {"one/purposes.toml": OWN.replace("../purposes.toml", "../common/purposes.toml")})
    assert len(run().out.splitlines()) == 2


def test_annotations_that_extend_and_cannot_be_read_are_told(shared: Path, run: Run) -> None:
    write(shared, {"one/purposes.toml": OWN + "[[sink"})
    wrong = run()
    assert wrong.status == 2
    assert wrong.err.startswith("one/purposes.toml:")
    write(shared, {"one/purposes.toml": "[[sink"})
    assert run().status == 1


def test_what_is_said_nearest_counts(shared: Path, run: Run) -> None:
    """The shared file forbids the flow, ``one`` allows it; ``two`` says nothing of its own."""
    write(shared, {"purposes.toml": ANNOTATIONS})
    write(shared, {"one/purposes.toml": 'extend = "../purposes.toml"\n' + ALLOWED})
    write(shared, {"two/purposes.toml": 'extend = "../purposes.toml"\n', "two/jobs/sync.py": FILES["jobs/sync.py"]})
    assert [line.split(":")[0] for line in run().out.splitlines()] == ["two/jobs/sync.py"]


def test_a_flow_from_one_project_into_another_is_told_by_the_one_around_both(shared: Path, run: Run) -> None:
    write(shared, {"purposes.toml": ANNOTATIONS.replace("accounts.User", "one.accounts.User")})
    write(shared, dict.fromkeys(("one/purposes.toml", "two/purposes.toml"), 'extend = "../purposes.toml"\n'))
    crossing = FILES["jobs/sync.py"].replace("import ads", "from two import relay").replace("ads.send", "relay.send")
    write(shared, {"one/jobs/sync.py": crossing.replace("from accounts", "from one.accounts"), "two/security.py": ""})
    write(shared, {"two/relay.py": "import ads\n\n\ndef send(value):\n    ads.send(value)\n"})
    (line,) = (line for line in run("--select", "PUR001").out.splitlines())
    assert line.startswith("two/relay.py:5:5: PUR001")
    assert line.endswith(": one/jobs/sync.py:6 -> two/relay.py:4 -> two/relay.py:5")


def test_what_only_another_project_uses_of_a_shared_file_is_not_stale(shared: Path, run: Run) -> None:
    unused = '\n[[sink]]\nid = "fax"\nmatch = "faxes.send()"\npurpose = "security"\n'
    write(shared, {"purposes.toml": SHARED + unused})
    assert "PUR904" not in run("one", "two").out
    (line,) = (line for line in run().out.splitlines() if "PUR904" in line)
    assert line.startswith("purposes.toml:")
    write(shared, {"one/purposes.toml": OWN + unused})
    assert "one/purposes.toml" in run("one", "two").out


def test_a_file_of_one_that_is_not_analysed_is_told_by_its_whole_path(shared: Path, run: Run) -> None:
    write(shared, {"one/notes.md": "", "two/notes.md": ""})
    assert "purposelint: one/notes.md, two/notes.md: not analysed" in run("one/notes.md", "two/notes.md").err


def test_each_project_gets_a_baseline_of_its_own(shared: Path, run: Run) -> None:
    written = run("baseline")
    assert written.status == 0
    assert [line.split(" (")[0] for line in written.err.splitlines()] == [
        "purposelint: 1 accepted in one/purposelint-baseline.json",
        "purposelint: 1 accepted in two/purposelint-baseline.json",
    ]
    assert not (shared / "purposelint-baseline.json").exists()
    assert run().status == 0
    write(shared, {"one/more.py": FILES["jobs/sync.py"].replace("sync", "more")})
    assert [line.split(":")[0] for line in run().out.splitlines()] == ["one/more.py"]
    assert run("baseline", "--output", "accepted.json").status == 2
    assert run("baseline", "one", "--output", "accepted.json").status == 0


def test_a_baseline_that_is_named_goes_with_one_project(monorepo: Path, run: Run) -> None:
    write(monorepo, {"accepted.json": "{}"})
    assert run("services", "--baseline", "accepted.json").status == 2


def test_findings_that_are_the_same_in_two_projects_are_told_apart(shared: Path, run: Run) -> None:
    write(shared, {"two/purposes.toml": OWN, "two/jobs/sync.py": FILES["jobs/sync.py"]})
    one, two = (found["fingerprint"] for found in json.loads(run("--format", "json").out)["findings"])
    assert one != two
    assert [json.loads(run(name, "--format", "json").out)["findings"][0]["fingerprint"] for name in ("one", "two")] == [
        one,
        one,
    ]
    assert run("explain", one).out.startswith("one/jobs/sync.py:6:5:")
    assert run("explain", two).out.startswith("two/jobs/sync.py:6:5:")
    assert run("explain", one, "two").out.startswith("jobs/sync.py:6:5:")
    run("baseline")
    assert run().status == 0


def test_why_not_is_asked_of_the_projects_that_declare_both(shared: Path, run: Run) -> None:
    write(shared, {"two/purposes.toml": OWN.replace('"audience"', '"other-audience"')})
    assert run("why-not", "two-factor-phone", "audience").out.startswith("It is told: PUR001 at jobs/sync.py:6.")
    both = run("why-not", "two-factor-phone", "codes").out
    assert [line for line in both.splitlines() if line.endswith(":") and line[0] == "/"] == [
        f"{shared.resolve() / name}:" for name in ("one", "two")
    ]
    assert run("why-not", "two-factor-phone", "no-such").status == 2
