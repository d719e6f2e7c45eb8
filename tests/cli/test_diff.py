"""``check --diff``: what a change adds, found by analysing both sides, with git itself."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support.command import Run
from support.git import commit, git
from support.sarif import sarif_mistakes
from support.small_project import ANNOTATIONS, FILES, write

MORE = FILES["jobs/sync.py"].replace("sync", "more")


@pytest.fixture
def repository(project: Path) -> Path:
    commit(project, "Begin")
    return project


def places(out: str) -> list[str]:
    return [":".join(line.split(":")[:2]) for line in out.splitlines()]


def test_what_was_there_is_left_out_and_counted(repository: Path, run: Run) -> None:
    write(repository, {"jobs/more.py": MORE})
    result = run("--diff", "HEAD")
    assert result.status == 1
    assert places(result.out) == ["jobs/more.py:6"]
    assert (
        "1 error that was not there at HEAD (7 files analysed; 1 finding left out that was there before)" in result.err
    )


def test_a_change_that_adds_nothing_is_status_0(repository: Path, run: Run) -> None:
    write(repository, {"jobs/sync.py": "# moved\n\n" + FILES["jobs/sync.py"]})
    result = run("--diff", "HEAD")
    assert (result.status, result.out) == (0, "")
    assert "nothing added" in result.err


def test_a_flow_that_is_opened_in_a_file_that_was_not_touched_is_told(repository: Path, run: Run) -> None:
    write(
        repository,
        {
            "helper.py": "def number(user):\n    return None\n",
            "jobs/clean.py": "import ads\nimport helper\nfrom accounts import User\n\n\n"
            "def clean(user: User):\n    ads.send(helper.number(user))\n",
        },
    )
    commit(repository)
    assert run("--diff", "HEAD").out == ""
    write(repository, {"helper.py": "def number(user):\n    return user.phone\n"})
    assert places(run("--diff", "HEAD").out) == ["jobs/clean.py:7"]


def test_a_suppression_that_is_taken_away_adds_its_finding(repository: Path, run: Run) -> None:
    allowed = FILES["jobs/sync.py"].rstrip() + "  # purposelint: allow[PUR001] DPIA-7\n"
    write(repository, {"jobs/sync.py": allowed})
    commit(repository)
    write(repository, {"jobs/sync.py": FILES["jobs/sync.py"]})
    assert places(run("--diff", "HEAD").out) == ["jobs/sync.py:6"]


def test_each_side_is_judged_by_its_own_annotations(repository: Path, run: Run) -> None:
    write(repository, {"purposes.toml": ANNOTATIONS.replace('purpose = "security"', 'purpose = "advertising"')})
    assert places(run("--diff", "HEAD").out) == ["security.py:6"]


def test_the_base_of_a_branch_is_the_commit_at_which_it_was_left(repository: Path, run: Run) -> None:
    git(repository, "branch", "trunk")
    write(repository, {"jobs/more.py": MORE})
    commit(repository)
    git(repository, "checkout", "--quiet", "-b", "feature")
    git(repository, "checkout", "--quiet", "trunk")
    write(repository, {"jobs/sync.py": ""})
    commit(repository, "Mend on the trunk")
    git(repository, "checkout", "--quiet", "feature")
    assert places(run("--diff", "trunk...").out) == ["jobs/more.py:6"]
    assert places(run("--diff", "trunk").out) == ["jobs/more.py:6", "jobs/sync.py:6"]


def test_the_work_tree_the_index_and_the_list_of_work_trees_stay_as_they_are(repository: Path, run: Run) -> None:
    write(repository, {"jobs/more.py": MORE, "staged.py": "x = 1\n"})
    git(repository, "add", "staged.py")
    index = (repository / ".git/index").read_bytes()
    before = git(repository, "status", "--porcelain"), sorted(os.listdir(repository / ".git"))
    hook = repository / ".git/hooks/post-index-change"
    write(repository, {".git/hooks/post-index-change": "#!/bin/sh\ntouch hooked\n"})
    hook.chmod(0o755)
    run("--diff", "HEAD")
    assert not (repository / "hooked").exists()
    assert (repository / ".git/index").read_bytes() == index
    assert (git(repository, "status", "--porcelain"), sorted(os.listdir(repository / ".git"))) == before


def test_in_a_hook_the_repository_is_the_projects_own(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/no/such/index")
    write(repository, {"jobs/more.py": MORE})
    assert places(run("--diff", "HEAD").out) == ["jobs/more.py:6"]


def test_a_project_below_the_top_is_held_against_itself(project: Path, run: Run) -> None:
    extended = 'extend = "../shared.toml"\n'
    write(project, {"purposes.toml": extended})
    write(project.parent, {"shared.toml": ANNOTATIONS, "other/a.py": "x = 1\n", ".gitignore": "*.json\n"})
    commit(project.parent)
    write(project, {"jobs/möre two.py": MORE})
    result = run("--diff", "HEAD")
    assert places(result.out) == ["jobs/möre two.py:6"]
    assert "1 finding left out" in result.err


def test_submodules_and_links_are_held_against_what_they_were(project: Path, run: Run) -> None:
    library = project.parent / "library"
    write(library, {"upload.py": FILES["jobs/sync.py"]})
    commit(library)
    commit(project)
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "vendored")
    os.symlink("jobs", project / "linked")
    commit(project)
    assert "vendored/upload.py:6" in places(run().out)
    write(project, {"jobs/clean.py": "x = 1\n"})
    result = run("--diff", "HEAD")
    assert (result.status, result.out) == (0, "")
    assert "2 findings left out that were there before" in result.err


def test_files_that_git_does_not_export_are_compared_all_the_same(repository: Path, run: Run) -> None:
    write(repository, {".gitattributes": "jobs export-ignore\n*.py text eol=crlf\n"})
    commit(repository)
    assert run("--diff", "HEAD").out == ""


def test_a_project_that_had_no_annotations_is_all_new(repository: Path, run: Run) -> None:
    (repository / "purposes.toml").unlink()
    commit(repository)
    write(repository, {"purposes.toml": ANNOTATIONS})
    result = run("--diff", "HEAD")
    assert places(result.out)[0] == "jobs/sync.py:6"
    assert "there was no purposes.toml at HEAD; everything counts as new" in result.err


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", ""])
def test_a_revision_that_git_does_not_know_is_a_mistake(repository: Path, run: Run, revision: str) -> None:
    result = run(f"--diff={revision}")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("--diff: ")


def test_where_the_clone_is_shallow_that_is_said_of_a_revision_that_is_not_there(
    repository: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "shallow" not in run("--diff", "HEAD~1").err
    write(repository, {"jobs/more.py": MORE})
    commit(repository)
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    result = run("--diff", "HEAD~1")
    assert result.status == 2
    assert "the clone is shallow" in result.err


def test_without_a_checkout_there_is_nothing_to_hold_against(project: Path, run: Run) -> None:
    result = run("--diff", "HEAD")
    assert result.status == 2
    assert "is in no git checkout" in result.err


# --- what is allowed, and wider ---


WIDER = """\

[recipients.mailer]
name = "Mailer, Inc."
role = "processor"

[[sink]]
id = "mail"
match = "mailer.send()"
purpose = "security"
recipient = "mailer"
"""
MAILING = "import mailer\nfrom accounts import User\n\n\ndef mail(user: User):\n    mailer.send(user.phone)\n"


def test_a_new_recipient_of_data_is_told_though_it_is_allowed(repository: Path, run: Run) -> None:
    write(repository, {"purposes.toml": ANNOTATIONS + WIDER, "mailing.py": MAILING})
    result = run("--diff", "HEAD")
    assert result.status == 0
    assert result.out == (
        "mailing.py:6:5: note: two-factor-phone now reaches mail (security, to mailer):"
        " a new recipient of this data, new data at this sink: mailing.py:6\n"
    )
    assert "nothing added, 1 use widened" in result.err
    assert run().out.count("note:") == 0


def test_the_way_of_a_widened_use_is_told(repository: Path, run: Run) -> None:
    far = "import mailer\n\n\ndef send(value):\n    mailer.send(value)\n"
    near = "import far\nfrom accounts import User\n\n\ndef mail(user: User):\n    far.send(user.phone)\n"
    write(repository, {"purposes.toml": ANNOTATIONS + WIDER, "far.py": far, "near.py": near})
    assert run("--diff", "HEAD").out.endswith(": near.py:6 -> far.py:4 -> far.py:5\n")
    (widened,) = json.loads(run("--diff", "HEAD", "--format", "json").out)["widened"]
    assert [(step["path"], step["line"]) for step in widened["trace"]][:1] == [("near.py", 6)]
    full = run("--diff", "HEAD", "--format", "full").out
    assert "far.send(user.phone)" in full
    assert "mailer.send(value)" in full


def test_a_use_that_only_moves_widens_nothing(repository: Path, run: Run) -> None:
    write(repository, {"purposes.toml": ANNOTATIONS + WIDER, "mailing.py": MAILING})
    commit(repository)
    write(repository, {"mailing.py": MAILING + "\n\ndef again(user: User):\n    mailer.send(user.phone)\n"})
    assert run("--diff", "HEAD").out == ""


def test_a_new_purpose_is_told_though_it_is_allowed(repository: Path, run: Run) -> None:
    both = ANNOTATIONS.replace('purposes = ["security"]', 'purposes = ["security", "billing"]')
    both = both.replace("[purposes]\n", '[purposes]\nbilling = "Send bills"\n')
    write(repository, {"purposes.toml": both})
    commit(repository)
    write(repository, {"purposes.toml": both.replace('purpose = "security"', 'purpose = "billing"')})
    document = json.loads(run("--diff", "HEAD", "--format", "json").out)
    (widened,) = document["widened"]
    assert (widened["path"], widened["line"], widened["sink"], widened["new"]) == (
        "security.py",
        6,
        "codes",
        ["purpose"],
    )


def test_the_formats_for_people_and_pull_requests_tell_it_too(repository: Path, run: Run) -> None:
    write(repository, {"purposes.toml": ANNOTATIONS + WIDER, "mailing.py": MAILING})
    assert "widened by the change, and allowed" in run("--diff", "HEAD", "--format", "full").out
    assert run("--diff", "HEAD", "--format", "github").out.startswith("::notice file=mailing.py,line=6,")
    assert "widened" not in json.loads(run("--format", "json").out)


def test_the_formats_for_platforms_tell_it_as_what_is_no_finding(repository: Path, run: Run) -> None:
    write(repository, {"purposes.toml": ANNOTATIONS + WIDER, "mailing.py": MAILING})
    log = json.loads(run("--diff", "HEAD", "--format", "sarif").out)
    assert sarif_mistakes(log) == []
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("widened-use", "note")
    (flow,) = result["codeFlows"][0]["threadFlows"]
    assert [step["location"]["message"]["text"] for step in flow["locations"]] == ["read of user.phone", "handed over"]
    (issue,) = json.loads(run("--diff", "HEAD", "--format", "gitlab").out)
    assert issue["severity"] == "info"
    assert "<system-out>note: two-factor-phone now reaches mail" in run("--diff", "HEAD", "--format", "junit").out
    for form in ("sarif", "gitlab", "junit"):
        assert "now reaches" not in run("--format", form).out
