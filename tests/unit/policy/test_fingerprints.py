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


def test_a_fingerprint_survives_another_way_between_the_same_ends() -> None:
    (before,), (other,) = found(leaking()), found(leaking(hop="copy"))
    assert before.fingerprint == other.fingerprint


def test_another_function_at_either_end_has_another_fingerprint() -> None:
    prints = {found(leaking())[0].fingerprint}
    for line, name in (("a.py:1", "read"), ("a.py:6", "send"), ("a.py:6", "Ads.send")):
        story = leaking()
        story.definition(line, name)
        prints.add(found(story)[0].fingerprint)
    assert len(prints) == 4


def test_the_function_is_known_without_its_file() -> None:
    one, other = leaking(), leaking(path="z.py")
    one.definition("a.py:6", "send")
    other.definition("z.py:6", "send")
    assert found(one)[0].fingerprint == found(other)[0].fingerprint


def test_a_source_that_a_comment_declares_is_known_without_its_module() -> None:
    prints = []
    for name in ("accounts.models.User.phone", "people.User.phone", "people.User.email"):
        story = Story()
        story.source(name, at="phone@a.py:1", purposes=("security",), pack="comment")
        story.way("phone", "users@a.py:3")
        story.sink("ads", at="users", purpose="advertising")
        prints.append(found(story)[0].fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_a_linkage_is_known_by_its_sources_however_many_places_they_have() -> None:
    def linked(*more: str) -> str:
        story = Story()
        story.linkage("profile", "place", "contact")
        for name in ("place", "contact"):
            story.source(name, at=f"{name}@a.py:1", data=name, purposes=("service",))
            story.way(name, "record@a.py:9")
        for at in more:
            story.read("place", at)
            story.way(at.partition("@")[0], "record")
        story.sink("store", at="record", purpose="service")
        return found(story)[0].fingerprint

    assert linked() == linked("other@a.py:2")


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
