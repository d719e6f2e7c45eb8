from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_LOADED = """
import sys
from purposelint.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(*args: str) -> set[str]:
    """The modules that a call has loaded at its end."""
    done = subprocess.run([sys.executable, "-c", _LOADED, *args], capture_output=True, text=True, check=False)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("args", [("--version",), ("--help",), ("check", "--help")])
def test_what_is_told_without_an_analysis_loads_none_of_it(args: tuple[str, ...]) -> None:
    modules = loaded(*args)
    assert "purposelint.cli" in modules
    heavy = ("libcst", "networkx", "pathspec", "tomli", "purposelint.facts", "purposelint.policy", "purposelint.engine")
    assert [name for name in heavy if name in modules] == []


def test_a_run_that_finds_its_report_in_the_cache_loads_neither_parser_nor_solver(project: Path) -> None:
    first = loaded("--quiet")
    assert {"libcst", "networkx"} <= first
    second = loaded("--quiet")
    assert "purposelint.engine" in second
    unneeded = ("libcst", "networkx", "multiprocessing", "purposelint.dataflow", "purposelint.facts.syntax")
    assert [name for name in unneeded if name in second] == []
