"""The fixtures say what happens: their comments agree with a run of their programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.expectations import constructs, expectations, sinks
from support.truth import truth_of


@pytest.mark.parametrize("folder", constructs(), ids=lambda folder: folder.name)
def test_the_comments_of_the_fixtures_agree_with_a_run(folder: Path) -> None:
    truth = truth_of(folder)
    said = {
        (found.path, found.line)
        for found in expectations(folder)
        if found.kind != "noise" and found.path not in truth.skipped
    }

    assert truth.problems == ()
    assert {
        "arrives, not said": sorted(truth.arrived - said),
        "said, does not arrive": sorted(said - truth.arrived),
    } == {
        "arrives, not said": [],
        "said, does not arrive": [],
    }
    if truth.skipped:
        pytest.skip(f"no Python that is new enough to run {', '.join(truth.skipped)}; the others agree")


@pytest.mark.parametrize("folder", constructs(), ids=lambda folder: folder.name)
def test_each_construct_has_calls_that_must_and_that_must_not_be_found(folder: Path) -> None:
    positive = {(found.path, found.line) for found in expectations(folder) if found.kind != "noise"}

    assert positive
    assert sinks(folder) > positive
