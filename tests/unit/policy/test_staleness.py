"""PUR904: entries of the annotation file that matched nothing."""

from __future__ import annotations

from support.graphs import Story


def stale(story: Story) -> list[str]:
    return [finding.message for finding in story.judge(select=["PUR904"]).findings]


def test_every_kind_of_entry_may_be_stale() -> None:
    story = Story()
    story.source("phone", purposes=("security",))
    story.sink("ads")
    story.gate("consent")
    story.transform("anonymise", unmatched=True)
    story.passthrough("pack()", unmatched=True)
    story.graph.matched -= {("gate", 0)}
    findings = story.judge().findings
    assert [(finding.code, finding.severity, finding.path, finding.span.line) for finding in findings] == [
        ("PUR904", "warning", "purposes.toml", line) for line in (10, 20, 30, 40, 50)
    ]
    assert findings[0].message == "source phone matches nothing in the code: phone"


def test_entries_that_matched_are_not_stale() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.sink("ads", at="users@a.py:3", purpose="advertising")
    story.gate("consent")
    story.transform("anonymise")
    story.passthrough("pack()")
    assert stale(story) == []


def test_entries_of_packs_are_never_stale() -> None:
    story = Story()
    story.source("user", purposes=("service",), pack="django.toml")
    story.sink("requests", pack="http.toml")
    assert stale(story) == []


def test_a_linkage_is_stale_when_too_few_of_its_categories_have_a_source() -> None:
    story = Story()
    story.linkage("profile", "location", "contact", "face")
    story.source("email", at="email@a.py:1", data="contact.email", purposes=("service",))
    assert stale(story) == ["linkage profile can never hold: no source in the code gives location, face"]
    story.source("venue", at="venue@a.py:2", data="location", purposes=("service",))
    assert stale(story) == []


def test_a_transform_that_makes_a_category_counts_as_its_source() -> None:
    story = Story()
    story.linkage("profile", "contact", "face")
    story.source("email", at="email@a.py:1", data="contact.email", purposes=("service",))
    story.transform("recognise", becomes="face.encoding")
    assert stale(story) == []


def test_a_pattern_that_matched_keeps_its_source_though_its_data_goes_nowhere() -> None:
    story = Story()
    story.source("phone", purposes=("security",))
    story.graph.matched |= {("source", 0)}
    assert stale(story) == []
