"""The incidents that the analyser exists for: found as they happened, silent when put right.

Each folder below fixtures/scenarios is a small application with its own purposes.toml. The comments in its code are the
whole of what may be reported, and each must be.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TypeAlias

import pytest

import purposelint
from purposelint.policy.findings import Finding

SCENARIOS = Path(__file__).resolve().parents[1] / "fixtures" / "scenarios"
NAMES = [f"S{number}" for number in range(1, 12)]
Told: TypeAlias = "Counter[tuple[str, int, str]]"

_EXPECT = re.compile(r"# expect: (PUR\d{3}(?:, PUR\d{3})*)$")


def expected(root: Path) -> Told:
    """What the comments in the code say: (path, line, code), as often as it must be told."""
    told: Told = Counter()
    for path in sorted(root.rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if "expect:" in line:
                found = _EXPECT.search(line)
                assert found, f"{path}:{number}: the expectation cannot be read"
                told.update((path.relative_to(root).as_posix(), number, code) for code in found[1].split(", "))
    return told


def reported(root: Path) -> tuple[Told, str]:
    """What the analyser says, warnings and unreadable files too; and the same as text, for the message of a failure."""
    report = purposelint.analyse(root=root)
    found = (*report.findings, *report.errors)
    told = Counter((finding.path, finding.span.line, finding.code) for finding in found)
    return told, "\n".join(f"{each.path}:{each.span.line}: {each.code} {each.message}" for each in found)


@pytest.mark.parametrize("name", NAMES)
def test_as_it_happened_every_finding_is_told_and_no_other(name: str) -> None:
    root = SCENARIOS / name / "as_it_happened"
    told, text = reported(root)
    assert told == expected(root), text


@pytest.mark.parametrize("name", NAMES)
def test_put_right_nothing_is_told(name: str) -> None:
    root = SCENARIOS / name / "put_right"
    assert not expected(root)
    told, text = reported(root)
    assert not told, text


def test_every_scenario_has_something_to_find() -> None:
    assert sorted(path.name for path in SCENARIOS.iterdir() if path.is_dir()) == sorted(NAMES)
    assert all(expected(SCENARIOS / name / "as_it_happened") for name in NAMES)


def test_the_finding_of_s1_names_data_purpose_sink_and_both_ends() -> None:
    report = purposelint.analyse(root=SCENARIOS / "S1" / "as_it_happened")
    (finding,) = [finding for finding in report.findings if finding.code == "PUR001"]
    assert finding.message.startswith(
        "two-factor-phone (collected for security) reaches twitter-tailored-audience (advertising.audience_matching)"
    )
    assert (finding.path, finding.span.line, finding.span.column) == ("ads/sync.py", 14, 9)
    assert way(finding)[0] == "accounts/two_factor.py:31"
    assert way(finding)[-1] == "ads/sync.py:14"


def test_the_way_of_s1_leads_through_the_hash_and_the_task() -> None:
    report = purposelint.analyse(root=SCENARIOS / "S1" / "as_it_happened")
    (finding,) = [finding for finding in report.findings if finding.code == "PUR001"]
    paths = [step.path for step in finding.trace]
    assert paths.index("ads/hashing.py") < paths.index("ads/sync.py")
    assert "ads/audiences.py" in paths


def way(finding: Finding) -> list[str]:
    """The places of a finding's trace, as the text output writes them."""
    return [f"{step.path}:{step.span.line}" for step in finding.trace]
