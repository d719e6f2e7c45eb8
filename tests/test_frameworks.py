"""Small applications of each framework: the analysis finds what their comments say, and a run says the same.

`drive.py` in each folder plays the browser, the worker or the command line. It is run, with the framework where it is
installed, and never analysed: what the framework hands over is known from the rule packs alone.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from support.expectations import Expectation, expectations, sinks
from support.frameworks import applications, missing, report
from support.truth import truth_of


@pytest.mark.parametrize("folder", applications(), ids=lambda folder: folder.name)
def test_the_analysis_finds_what_the_comments_say(folder: Path) -> None:
    said = expectations(folder)
    expected = {(one.path, one.line, one.code) for one in said if one.kind != "gap"}
    told = {(one.path, one.span.line, one.code) for one in report(folder).findings}

    assert [error.message for error in report(folder).errors] == []
    assert {"missed": sorted(expected - told), "too much": sorted(told - expected)} == {"missed": [], "too much": []}


@pytest.mark.parametrize("folder", applications(), ids=lambda folder: folder.name)
def test_the_comments_agree_with_a_run(folder: Path) -> None:
    if missing(folder):
        pytest.skip(f"not installed: {', '.join(missing(folder))}")
    truth = truth_of(folder)
    said = {
        (found.path, found.line)
        for found in expectations(folder)
        if found.kind != "noise" and found.path not in truth.skipped and not _is_return(folder, found)
    }

    assert truth.problems == ()
    assert {
        "arrives, not said": sorted(truth.arrived - said),
        "said, does not arrive": sorted(said - truth.arrived),
    } == {
        "arrives, not said": [],
        "said, does not arrive": [],
    }


def _is_return(folder: Path, found: Expectation) -> bool:
    """Whether a finding stands on a return statement (``-> return``): a run shows calls alone."""
    return (folder / found.path).read_text("utf-8").split("\n")[found.line - 1].lstrip().startswith("return ")


@pytest.mark.parametrize("folder", applications(), ids=lambda folder: folder.name)
def test_each_application_has_calls_that_must_and_that_must_not_be_found(folder: Path) -> None:
    if missing(folder):
        pytest.skip(f"not installed: {', '.join(missing(folder))}")
    positive = {(found.path, found.line) for found in expectations(folder) if found.kind != "noise"}

    assert positive
    assert (sinks(folder) | truth_of(folder).reached) - positive


@pytest.mark.parametrize("folder", applications(), ids=lambda folder: folder.name)
def test_each_module_names_its_idioms(folder: Path) -> None:
    for path in sorted(folder.rglob("*.py")):
        if path.name.startswith("drive") or not path.read_text("utf-8").strip():
            continue
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) if "_py3" not in path.name else "Idioms:"
        assert docstring is not None, path
        assert docstring.startswith("Idioms:"), path
