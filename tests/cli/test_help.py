"""The help, and what shells complete."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from purposelint.cli.commands import purposelint
from purposelint.cli.help import ExampleCommand, ExampleGroup
from support.command import Run


def commands(group: click.Group = purposelint, name: str = "purposelint") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [(name, group)]
    for key, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{name} {key}")
        else:
            found.append((f"{name} {key}", command))
    return found


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_has_help_that_begins_with_what_it_does_and_examples(
    run: Run, name: str, command: click.Command
) -> None:
    out = run(*name.split()[1:], "--help").out
    first, examples = out.split("\n\n")[:2]
    assert first.endswith(".")
    assert examples.startswith("Examples:\n  purposelint")
    assert out.index("Examples:") < out.index("Usage:") < out.index("Options:")


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_the_examples_are_calls_that_parse(name: str, command: click.Command) -> None:
    assert isinstance(command, ExampleCommand | ExampleGroup)
    for example, _ in command.examples:
        args = shlex.split(example.replace("jobs/sync.py", "."))[1:]
        args = ["." if arg in ("jobs", "ads/sync.py") else arg for arg in args]
        with purposelint.make_context("purposelint", args) as context:
            held = vars(context)  # the name depends on the version of click
            rest = [*held.get("protected_args", ()), *held.get("_protected_args", ()), *context.args]
            key, inner, left = purposelint.resolve_command(context, rest)
            assert inner is not None
            inner.make_context(key, left, parent=context)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("purposelint ch", {"check"}),
        ("purposelint ", {"baseline", "check", "explain", "rules"}),
        ("purposelint check --show", {"--show-suppressed"}),
        ("purposelint check --format s", {"sarif"}),
        ("purposelint --format s", {"sarif"}),
        ("purposelint rules sh", {"show"}),
        ("purposelint rules show adv", {"advertising"}),
        ("purposelint explain pur001", {"PUR001"}),
        ("purposelint check --select PUR001,PUR904", {"PUR001,PUR904"}),
        ("purposelint check --output sa", {"sarif="}),
        ("purposelint why-not two", {"two-factor-phone"}),
        ("purposelint why-not two-factor-phone aud", {"audience"}),
    ],
)
def test_a_shell_completes_commands_options_and_values(project: Path, words: str, offered: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from purposelint.cli import main; main()"],
        env={
            "_PURPOSELINT_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
    )
    assert offered <= {line.partition(",")[2] for line in done.stdout.splitlines()}, done.stderr
    if not words.endswith(" "):
        assert len(done.stdout.splitlines()) == 1


def test_nothing_is_offered_of_annotations_that_are_wrong(project: Path) -> None:
    (project / "purposes.toml").write_text("[[source", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from purposelint.cli import main; main()"],
        env={"_PURPOSELINT_COMPLETE": "bash_complete", "COMP_WORDS": "purposelint why-not ", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")
