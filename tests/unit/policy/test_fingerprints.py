"""Fingerprints survive moved lines and renamed files, and tell findings apart."""

from __future__ import annotations

from purposelint.policy.findings import Finding
from support.graphs import Story


def leaking(path: str = "a.py", line: int = 1, copies: int = 1, hop: str = "digest") -> Story:
    story = Story()
    story.source("phone", at=f"phone@{path}:{line}", purposes=("security",))
    story.sink("ads", purpose="advertising")
    for copy in range(copies):
        story.node(f"users{copy}@{path}:{line + 5 + copy}", note="users")
        story.way("phone", f"{hop}@{path}:{line + 2}", f"users{copy}")
        story.use("ads", f"users{copy}")
    return story


def found(story: Story) -> tuple[Finding, ...]:
    return story.judge(select=["PUR0"]).findings


def test_a_fingerprint_survives_moved_lines_and_a_renamed_file() -> None:
    (before,), (moved,), (renamed,) = found(leaking()), found(leaking(line=40)), found(leaking(path="z.py"))
    assert before.fingerprint == moved.fingerprint == renamed.fingerprint


def test_another_way_has_another_fingerprint() -> None:
    (before,), (other,) = found(leaking()), found(leaking(hop="copy"))
    assert before.fingerprint != other.fingerprint


def test_findings_that_look_alike_are_told_apart_by_their_order() -> None:
    one, two = found(leaking(copies=2))
    assert one.fingerprint != two.fingerprint
    assert one.fingerprint == found(leaking())[0].fingerprint


def test_suppressing_a_finding_leaves_the_fingerprints_of_others() -> None:
    _, two = found(leaking(copies=2))
    story = leaking(copies=2)
    story.allow("a.py:6", "PUR001")
    (left,) = found(story)
    assert left.fingerprint == two.fingerprint
