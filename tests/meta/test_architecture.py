"""Imports point down, and each library stays behind the one package that is its door."""

from __future__ import annotations

import os
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]


def test_the_layers_hold(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("libcst", ["purposelint.syntax"]),
        ("click", ["purposelint.cli"]),
        ("networkx", ["purposelint.dataflow"]),
        ("tomli", ["purposelint.config"]),
        ("pathspec", ["purposelint.project"]),
        ("rich", ["purposelint.cli", "purposelint.report"]),
        ("jinja2", ["purposelint.report"]),
        ("pygls", ["purposelint.lsp"]),
        ("lsprotocol", ["purposelint.lsp"]),
        ("flake8", ["purposelint.flake8_plugin"]),
    ],
)
def test_a_library_is_imported_behind_its_door_alone(library: str, doors: list[str]) -> None:
    graph = grimp.build_graph("purposelint", include_external_packages=True, cache_dir=None)
    importers = graph.find_modules_that_directly_import(library)
    assert importers, f"{library} is imported nowhere"
    inside = tuple(f"{door}." for door in doors)
    assert [name for name in sorted(importers) if not f"{name}.".startswith(inside)] == []


@pytest.mark.parametrize(
    ("ignorant", "things"),
    [
        (
            "purposelint.dataflow",
            ["os", "pathlib", "io", "subprocess", "multiprocessing", "time", "random", "importlib"],
        ),
        ("purposelint.policy", ["os", "pathlib", "libcst", "purposelint.syntax", "purposelint.link", "time", "random"]),
        ("purposelint.syntax", ["os", "pathlib", "ast", "importlib", "time", "random"]),
        ("purposelint.link", ["os", "pathlib", "sys", "importlib"]),
        ("purposelint.cache", ["pickle"]),
        ("purposelint.facts", ["os", "pathlib", "ast", "libcst"]),
    ],
)
def test_a_package_does_not_know_what_it_must_not(ignorant: str, things: list[str]) -> None:
    graph = grimp.build_graph("purposelint", include_external_packages=True, cache_dir=None)
    known = {
        (importer, thing)
        for thing in things
        for found in graph.modules
        if found == thing or found.startswith(f"{thing}.")
        for importer in graph.find_modules_that_directly_import(found)
        if f"{importer}.".startswith(f"{ignorant}.")
    }
    assert sorted(known) == []


def test_rules_hold_no_python() -> None:
    """One module under rules/ would break the editable install."""
    names = {name for _folder, _folders, names in os.walk(ROOT / "rules") for name in names}
    assert {name for name in names if not name.endswith(".toml")} == set()
