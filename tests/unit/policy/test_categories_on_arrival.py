"""Which limits data is under when a transform has made it another category."""

from __future__ import annotations

from purposelint.policy.categories import entry_of
from support.graphs import Story

PSEUDONYM = "user.unique_id.pseudonymous"


def pseudonymised(**limits: tuple[str, ...]) -> Story:
    story = Story()
    story.source("phone", at="phone@a.py:1", data="user.contact", purposes=("security",), **limits)  # type: ignore[arg-type]
    story.way("phone", "pseudonym@a.py:2", becomes=PSEUDONYM)
    story.way("pseudonym", "sent@a.py:3")
    story.sink("stats", at="sent", purpose="analytics")
    return story


def test_without_limits_of_its_own_the_new_category_keeps_the_sources() -> None:
    assert pseudonymised().told() == ["a.py:3 PUR001"]


def test_the_new_categorys_limits_replace_the_sources() -> None:
    story = pseudonymised(deny=("analytics",))
    story.category("user.unique_id", purposes=("analytics",))
    assert story.told() == []


def test_the_new_category_may_be_the_stricter_one() -> None:
    story = pseudonymised()
    story.sink("guard", at="sent too@a.py:4", purpose="security")
    story.way("pseudonym", "sent too")
    story.category(PSEUDONYM, purposes=("analytics",))
    assert story.told() == ["a.py:4 PUR001"]


def test_a_category_that_says_no_purposes_does_not_open_every_purpose() -> None:
    story = pseudonymised()
    story.category(PSEUDONYM, retention=60.0)
    assert story.told() == ["a.py:3 PUR001"]


def test_a_way_without_the_transform_is_judged_by_the_source() -> None:
    story = pseudonymised()
    story.category(PSEUDONYM, purposes=("analytics",))
    story.way("phone", "raw@a.py:9", "sent")
    (finding,) = story.judge().findings
    assert [step.note for step in finding.trace] == ["phone", "raw", "sent"]


def test_a_category_belongs_to_the_nearest_entry_above_it() -> None:
    combine = ("user.contact", "user.contact.email", "user.location")
    assert entry_of(combine, "user.contact.email.work") == 1
    assert entry_of(combine, "user.contact.phone_number") == 0
    assert entry_of(combine, "user.contacts") is None
    assert entry_of(combine, None) is None
