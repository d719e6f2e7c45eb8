"""What a finding says: its text, its ends, its trace."""

from __future__ import annotations

from purposelint.config.model import FOREVER, Storage
from purposelint.facts.span import Span
from purposelint.policy.findings import SinkEnd, SourceEnd
from support.graphs import Story


def told(story: Story) -> list[str]:
    return [finding.message for finding in story.judge(ignore=["PUR904"]).findings]


def test_a_purpose_violation_names_data_purposes_sink_and_way() -> None:
    story = Story()
    story.source("two-factor-phone", at="phone@accounts/two_factor.py:31", data="user.contact", purposes=("security",))
    story.sink("audience", at="users@ads/sync.py:14:9", purpose="advertising.audience_matching", recipient="twitter")
    story.way("phone", "users")
    finding = story.judge(select=["PUR001"]).findings[0]
    assert finding.message == (
        "two-factor-phone (collected for security) reaches audience (advertising.audience_matching): "
        "accounts/two_factor.py:31 -> ads/sync.py:14"
    )
    assert (finding.path, finding.span.line, finding.span.column, finding.severity) == ("ads/sync.py", 14, 9, "error")
    assert finding.source == SourceEnd(
        "two-factor-phone", "accounts/two_factor.py", Span(31, 5, 31, 8), "user.contact", ("security",)
    )
    assert finding.sink == SinkEnd("audience", "advertising.audience_matching", "twitter")


def test_a_denial_is_named() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security", "service"), deny=("advertising",))
    story.sink("ads", at="users@b.py:2", purpose="advertising.targeting")
    story.way("phone", "users")
    assert told(story) == [
        "phone (collected for security, service; never for advertising) "
        "reaches ads (advertising.targeting): a.py:1 -> b.py:2"
    ]


def test_what_the_data_has_become_is_named() -> None:
    story = Story()
    story.category("pseudonym", purposes=("analytics",))
    story.source("phone", at="phone@a.py:1", data="contact", purposes=("security",))
    story.sink("ads", at="users@b.py:2", purpose="advertising")
    story.way("phone", "users", becomes="pseudonym")
    assert told(story) == [
        "phone (collected for security; now pseudonym for analytics) reaches ads (advertising): a.py:1 -> b.py:2"
    ]


def test_sharing_names_the_recipient() -> None:
    story = Story()
    story.recipient("meta", "Meta Platforms, Inc.")
    story.source("phone", at="phone@a.py:1", purposes=("service",))
    story.sink("upload", at="users@b.py:2", purpose="service", recipient="meta")
    story.way("phone", "users")
    assert told(story) == [
        "phone (collected for service) reaches upload (Meta Platforms, Inc.), "
        "a third party that it may not be shared with: a.py:1 -> b.py:2"
    ]


def test_retention_names_both_times() -> None:
    story = Story()
    story.source("story-media", at="media@a.py:1", purposes=("service",), retention=86400.0 / 2)
    story.sink("archive", at="kept@b.py:2", storage=Storage(retention=FOREVER))
    story.sink("cache", at="cached@b.py:3", storage=Storage(retention_from="ttl"))
    story.way("media", "kept")
    story.way("media", "cached")
    assert told(story) == [
        "story-media (to be kept 12h at most) reaches archive, which keeps it for ever: a.py:1 -> b.py:2",
        "story-media (to be kept 12h at most) reaches cache, which keeps it for a time that cannot be told: "
        "a.py:1 -> b.py:3",
    ]


def test_an_exposure_names_what_is_missing() -> None:
    story = Story()
    story.source("location", at="place@a.py:1", purposes=("service",), requires=("login",))
    story.sink("public-page", at="page@b.py:2", exposure=True)
    story.way("place", "page")
    assert told(story) == [
        "location (requires login) reaches public-page without a gate that provides login: a.py:1 -> b.py:2"
    ]


def test_a_linkage_names_all_that_comes_together() -> None:
    story = Story()
    story.linkage("profile", "location", "contact")
    story.source("venue", at="venue@geo.py:4", data="location.precise", purposes=("service",))
    story.source("email", at="email@forms.py:2", data="contact.email", purposes=("service",))
    story.sink("store", at="record@b.py:9", purpose="service")
    story.way("venue", "record")
    story.way("email", "record")
    assert told(story) == [
        "profile: contact.email (email) and location.precise (venue, geo.py:4) come together at store (service): "
        "forms.py:2 -> b.py:9"
    ]


def test_a_matching_names_both_sides() -> None:
    story = Story()
    story.linkage("audience", "contact", "advertiser")
    story.source("phone", at="phone@accounts.py:4", data="contact.phone", purposes=("security",))
    story.source("upload", at="upload@ads.py:2", data="advertiser.list", purposes=("advertising",))
    story.way("phone", "left@match.py:9")
    story.way("upload", "right@match.py:9")
    story.match(["left"], ["right"])
    (finding,) = story.judge().findings
    assert finding.message == (
        "audience: contact.phone (phone) is matched against advertiser.list (upload, ads.py:2): "
        "accounts.py:4 -> match.py:9"
    )
    assert finding.sink == SinkEnd("audience", None, None)


def test_the_way_names_a_line_once_and_the_trace_every_step_that_says_something_new() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.node("read@a.py:1", note="phone")
    story.node("call@a.py:1", note="argument of f")
    story.node("silent@a.py:1", note="")
    story.node("back@b.py:2", note="result of f")
    story.sink("ads", at="users@a.py:1:30", purpose="advertising")
    story.way("phone", "read", "call", "silent", "back", "users")
    (finding,) = story.judge().findings
    assert finding.message.endswith(": a.py:1 -> b.py:2 -> a.py:1")
    assert [step.note for step in finding.trace] == ["phone", "argument of f", "result of f", "users"]


def test_the_ends_are_shown_where_the_graph_does_not() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.sink("ads", at="call@b.py:5", purpose="advertising")
    story.graph.sinks.clear()
    story.use("ads", "call", "argument@b.py:7")
    story.way("phone", "argument")
    (finding,) = story.judge().findings
    assert finding.message.endswith(": a.py:1 -> b.py:7 -> b.py:5")
