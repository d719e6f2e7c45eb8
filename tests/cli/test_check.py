from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import Run
from support.small_project import ANNOTATIONS, FILES, write

FOUND = "jobs/sync.py:6:5: PUR001 two-factor-phone (collected for security) reaches audience (advertising):"


def codes(out: str) -> list[str]:
    return [line.split(": ", 1)[1].split(" ")[0] for line in out.splitlines()]


# --- which command ---


@pytest.mark.parametrize("args", [(), ("check",), (".",), ("check", "."), ("--format", "text"), ("check", "-q")])
def test_check_is_what_is_meant_where_no_command_is_named(project: Path, run: Run, args: tuple[str, ...]) -> None:
    result = run(*args)
    assert result.out.startswith(FOUND)
    assert len(result.out.splitlines()) == 1
    assert result.status == 1


def test_a_folder_that_is_called_like_a_command_is_reached_with_its_path(project: Path, run: Run) -> None:
    write(project, {"check/a.py": "x = 1\n"})
    assert run("./check").status == 0
    assert run("check").status == 1


def test_the_version_and_the_help_are_told(run: Run) -> None:
    assert run("--version").out.startswith("purposelint ")
    assert "check" in run("--help").out
    assert "--whole-program" in run("check", "--help").out


# --- streams and status ---


def test_findings_go_to_stdout_and_the_summary_to_stderr(project: Path, run: Run) -> None:
    result = run()
    assert "purposelint: 1 error (6 files analysed)" in result.err
    assert "purposelint:" not in result.out


def test_quiet_leaves_the_summary_out_and_keeps_the_findings(project: Path, run: Run) -> None:
    result = run("--quiet")
    assert result.err == ""
    assert result.out.startswith(FOUND)


def test_nothing_found_is_status_0_and_an_empty_stdout(project: Path, run: Run) -> None:
    (project / "jobs/sync.py").unlink()
    result = run("--ignore", "PUR904")
    assert (result.status, result.out) == (0, "")
    assert "nothing found" in result.err


def test_warnings_alone_are_told_with_status_0(project: Path, run: Run) -> None:
    write(project, {"purposes.toml": ANNOTATIONS + '[codes]\nPUR001 = "warning"\n'})
    result = run()
    assert result.status == 0
    assert codes(result.out) == ["PUR001"]
    assert "1 warning" in result.err


def test_exit_zero_tells_the_findings_with_status_0(project: Path, run: Run) -> None:
    result = run("--exit-zero")
    assert result.status == 0
    assert codes(result.out) == ["PUR001"]


def test_statistics_are_told_on_stderr(project: Path, run: Run) -> None:
    result = run("--statistics")
    assert "files: 6\n" in result.err
    assert "seconds for dataflow: " in result.err
    assert "files" not in result.out
    assert "files:" not in run().err


def test_json_is_a_document_on_stdout(project: Path, run: Run) -> None:
    document = json.loads(run("--format", "json").out)
    assert document["version"] == 1
    (finding,) = document["findings"]
    assert (finding["code"], finding["severity"]) == ("PUR001", "error")
    assert (finding["path"], finding["line"], finding["column"]) == ("jobs/sync.py", 6, 5)
    assert finding["source"]["id"] == "two-factor-phone"
    assert finding["trace"][-1]["path"] == "jobs/sync.py"
    assert document["errors"] == []
    assert document["statistics"]["files"] == 6


@pytest.mark.parametrize("form", ["text", "json"])
def test_two_runs_give_the_same_bytes(project: Path, run: Run, form: str) -> None:
    assert run("--format", form).out == run("--format", form).out


def test_the_whole_program_gives_the_same_findings(project: Path, run: Run) -> None:
    assert run("--whole-program").out == run().out


# --- files that cannot be read ---


def test_a_file_that_does_not_parse_is_told_and_the_rest_is_analysed(project: Path, run: Run) -> None:
    write(project, {"broken.py": "x = 1\ndef f(:\n"})
    result = run()
    assert result.status == 1
    assert codes(result.out) == ["PUR901", "PUR001"]
    assert result.out.startswith("broken.py:2:")


def test_a_file_that_does_not_parse_alone_is_status_1(project: Path, run: Run) -> None:
    write(project, {"broken.py": "def f(:\n", "jobs/sync.py": ""})
    assert run("--ignore", "PUR904").status == 1


def test_json_holds_unreadable_files_apart(project: Path, run: Run) -> None:
    (project / "broken.py").write_bytes(b"x = '\xff'\n")
    document = json.loads(run("--format", "json").out)
    assert [error["code"] for error in document["errors"]] == ["PUR901"]
    assert [finding["code"] for finding in document["findings"]] == ["PUR001"]


# --- the part of the project that is asked about ---


def test_a_file_is_told_what_touches_it_with_the_whole_project_analysed(project: Path, run: Run) -> None:
    assert codes(run("jobs/sync.py").out) == ["PUR001"]
    assert run("jobs/clean.py").out == ""
    assert run("jobs/clean.py").status == 0


def test_a_folder_is_told_what_touches_its_files(project: Path, run: Run) -> None:
    write(project, {"lib/a.py": "def f(:\n"})
    assert codes(run("jobs").out) == ["PUR001"]
    assert codes(run("lib").out) == ["PUR901"]


def test_a_hop_of_the_way_is_enough_to_touch_a_file(project: Path, run: Run) -> None:
    write(project, {"helper.py": "import ads\n\n\ndef forward(value):\n    ads.send(value)\n"})
    write(project, {"jobs/sync.py": "import helper\n\n\ndef sync(user):\n    helper.forward(user.phone)\n"})
    (project / "purposes.toml").write_text(ANNOTATIONS.replace("accounts.User.phone", "user.phone"), encoding="utf-8")
    assert run("jobs/sync.py").out.startswith("helper.py:5:5: PUR001")
    assert run("helper.py").out == run("jobs/sync.py").out
    assert run("messages.py").out == ""


def test_who_names_the_annotations_asks_about_everything(project: Path, run: Run) -> None:
    assert codes(run("purposes.toml", "jobs/clean.py").out) == ["PUR001"]


def test_the_project_is_found_from_a_folder_inside_it(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "jobs")
    assert run().out.startswith(FOUND)
    assert run("clean.py").out == ""


def test_the_project_is_found_from_outside_by_its_path(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    assert run("project").out.startswith(FOUND)
    assert run("project/jobs/clean.py").out == ""


def test_annotations_in_another_folder_are_used_for_the_folder_that_is_named(project: Path, run: Run) -> None:
    write(project.parent, {"policies/strict.toml": ANNOTATIONS})
    (project / "purposes.toml").unlink()
    assert run("--config", "../policies/strict.toml", ".").out.startswith(FOUND)


# --- codes ---


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--select", "PUR001"), ["PUR001"]),
        (("--select", "PUR0"), ["PUR001"]),
        (("--select", "PUR002,PUR001"), ["PUR001"]),
        (("--select", "PUR002", "--select", "PUR001"), ["PUR001"]),
        (("--select", "PUR9"), []),
        (("--ignore", "PUR001"), []),
        (("--ignore", "PUR002, PUR9"), ["PUR001"]),
    ],
)
def test_codes_are_selected_and_ignored_by_prefix(
    project: Path, run: Run, args: tuple[str, ...], told: list[str]
) -> None:
    result = run(*args)
    assert codes(result.out) == told
    assert result.status == (1 if told else 0)


# --- mistakes in the call ---


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_prefix_of_no_code_is_a_mistake_that_names_the_codes(project: Path, run: Run, option: str) -> None:
    result = run(option, "E501")
    assert (result.status, result.out) == (2, "")
    assert "'E501'" in result.err
    assert "PUR001" in result.err


@pytest.mark.parametrize(
    "args", [("absent.py",), ("chekc",), ("--no-such",), ("--format", "xml"), ("--config", "no.toml")]
)
def test_a_wrong_call_is_status_2_and_says_why_on_stderr(project: Path, run: Run, args: tuple[str, ...]) -> None:
    result = run(*args)
    assert (result.status, result.out) == (2, "")
    assert args[-1] in result.err


def test_no_annotations_is_status_2_and_says_how_to_begin(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run()
    assert (result.status, result.out) == (2, "")
    assert "purposes.toml" in result.err
    assert os.fspath(tmp_path) in result.err
    assert "--config" in result.err


def test_every_mistake_in_the_annotations_is_told_with_its_line(project: Path, run: Run) -> None:
    wrong = ANNOTATIONS.replace('["security"]', '["secruity"]').replace(
        'purpose = "advertising"', 'purpose = "adverts"'
    )
    write(project, {"purposes.toml": wrong})
    result = run("--exit-zero")
    assert (result.status, result.out) == (2, "")
    lines = result.err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("purposes.toml:8: ")
    assert "secruity" in lines[0]
    assert "adverts" in lines[1]


def test_a_mistake_of_purposelint_itself_is_status_2(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("purposelint.engine.analyse", crash)
    result = run()
    assert (result.status, result.out) == (2, "")
    assert "ZeroDivisionError" in result.err
    assert "mistake in purposelint itself" in result.err


# --- what an editor has not saved ---


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say what stands in stdin."""

    def say(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))

    return say


def test_stdin_is_what_the_named_file_holds(project: Path, run: Run, typed: Callable[[str], None]) -> None:
    typed("import ads\nfrom accounts import User\n\n\ndef sync(user: User):\n    ads.send(len(user.phone))\n")
    assert run("--stdin-filename", "jobs/sync.py").out == ""
    assert run("jobs/sync.py").out.startswith(FOUND)

    typed("import ads\nfrom accounts import User\n\ndef new(user: User):\n    ads.send(user.phone)\n")
    result = run("--stdin-filename", "jobs/clean.py", "--format", "full")
    assert "jobs/clean.py:5:" in result.out
    assert "ads.send(user.phone)" in result.out
    assert "jobs/sync.py" not in result.out


def test_a_file_that_was_never_saved_is_one_of_the_project(
    project: Path, run: Run, typed: Callable[[str], None]
) -> None:
    typed("import ads\nfrom accounts import User\n\ndef new(user: User):\n    ads.send(user.phone)\n")
    assert run("--stdin-filename", "jobs/new.py").out.startswith("jobs/new.py:5:5: PUR001")
    assert not (project / "jobs/new.py").exists()


def test_stdin_is_not_told_of_where_the_file_is_ignored(project: Path, run: Run, typed: Callable[[str], None]) -> None:
    write(project, {"purposes.toml": f'exclude = ["jobs/"]\n{ANNOTATIONS}'})
    typed("import ads\nfrom accounts import User\n\ndef new(user: User):\n    ads.send(user.phone)\n")
    assert run("--stdin-filename", "jobs/sync.py").out == ""


def test_stdin_and_a_revision_exclude_each_other(project: Path, run: Run, typed: Callable[[str], None]) -> None:
    typed("")
    assert run("--stdin-filename", "jobs/sync.py", "--diff", "HEAD").status == 2


@pytest.mark.parametrize("name", ["purposes.toml", "README.md", ""])
def test_what_is_no_python_is_not_read_from_stdin(
    project: Path, run: Run, typed: Callable[[str], None], name: str
) -> None:
    typed("")
    result = run("--stdin-filename", name)
    assert (result.status, result.out) == (2, "")
    assert "only Python files and notebooks" in result.err


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("chekc",), "Did you mean the command check?"),
        (("rule",), "Did you mean the command rules?"),
        (("--format", "json", "check"), "The command check stands before options and paths."),
        (("no/such.py",), None),
    ],
)
def test_what_was_meant_for_a_command_is_no_missing_path_alone(
    project: Path, run: Run, args: tuple[str, ...], hint: str | None
) -> None:
    result = run(*args)
    assert result.status == 2
    assert f"Path '{args[-1]}' does not exist." in result.err
    assert hint is None or hint in result.err
    assert hint is not None or "command" not in result.err.splitlines()[-1]


def test_a_file_that_was_named_and_is_not_analysed_is_told(project: Path, run: Run) -> None:
    write(project, {".gitignore": "ignored.py\n", "ignored.py": FILES["jobs/sync.py"], "README.md": ""})
    write(project, {"pyproject.toml": ""})
    result = run("ignored.py", "README.md", "jobs/clean.py", "pyproject.toml")
    assert result.status == 0
    assert result.err.splitlines()[1:] == [
        "purposelint: README.md, ignored.py: not analysed (ignored, excluded, or no Python)"
    ]
    assert run("ignored.py", "--quiet").err == ""
    assert "not analysed" not in run("jobs", ".").err
    assert "…" not in run("ignored.py").err
    write(project, {f"page{number}.md": "" for number in range(4)})
    assert "page0.md, page1.md, page2.md, …: not analysed" in run(*(f"page{number}.md" for number in range(4))).err


def test_where_no_source_is_recognised_that_is_said_of_the_silence(project: Path, run: Run) -> None:
    write(project, {"jobs/sync.py": ""})
    silent = run("--ignore", "PUR904")
    assert silent.err == "purposelint: nothing found (6 files analysed)\n"
    write(project, {"purposes.toml": '[purposes]\nsecurity = "Protect accounts"\n'})
    assert run().err == (
        "purposelint: nothing found (6 files analysed; no source was recognised, so that nothing can be)\n"
    )
