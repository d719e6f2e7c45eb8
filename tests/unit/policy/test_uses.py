"""Uses: which data arrives where, allowed or not, and what is new in them."""

from __future__ import annotations

from purposelint.policy.findings import Use
from purposelint.policy.uses import new_uses
from support.graphs import Story


def use(
    source: str = "phone", sink: str = "sms", purpose: str | None = "security", recipient: str | None = None
) -> Use:
    return Use(source, "contact", sink, purpose, recipient, "a.py", 1)


def news(*now: Use) -> list[tuple[str, ...]]:
    return list(new_uses([use(), use(sink="mail", purpose="service", recipient="mailer")], now).values())


def test_a_use_is_noted_whether_it_is_allowed_or_not() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", data="contact", purposes=("security",))
    story.way("phone", "text@a.py:3")
    story.way("phone", "users@a.py:5", becomes="pseudonym")
    story.sink("sms", at="text", purpose="security", recipient="twilio")
    story.sink("ads", at="users", purpose="advertising")
    story.sink("unused", purpose="security")
    report = story.judge()
    assert [(each.code, each.sink.id) for each in report.findings if each.sink and each.code == "PUR001"] == [
        ("PUR001", "ads")
    ]
    assert [(each.source, each.data, each.sink, each.purpose, each.recipient) for each in report.uses] == [
        ("phone", "contact", "sms", "security", "twilio"),
        ("phone", "pseudonym", "ads", "advertising", None),
    ]


def test_a_use_is_noted_once_with_the_first_place_of_its_sink() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.sink("sms", purpose="security")
    for line in (9, 3):
        story.way("phone", f"text{line}@a.py:{line}")
        story.use("sms", f"text{line}")
    (found,) = story.judge().uses
    assert (found.path, found.ref // 1000) == ("a.py", 3)


def test_a_way_out_that_nobody_described_is_a_use_only_where_that_is_asked() -> None:
    story = Story()
    story.source("phone", at="phone@a.py:1", purposes=("security",))
    story.way("phone", "body@a.py:3")
    story.sink("http-post", at="body")
    assert story.judge().uses == ()
    assert [each.sink for each in story.judge(select=["PUR006"]).uses] == ["http-post"]


def test_nothing_is_new_in_what_was_there() -> None:
    assert news(use(), use(sink="mail", purpose="service", recipient="mailer")) == []


def test_a_recipient_a_purpose_and_a_source_are_new_each_for_itself() -> None:
    assert news(use(recipient="twilio")) == [("recipient",)]
    assert news(use(purpose="advertising")) == [("purpose",)]
    assert news(use(sink="other")) == [("source",)]
    assert news(use(source="email")) == [("purpose", "source")]
    assert news(use(source="email", recipient="mailer")) == [("recipient", "purpose", "source")]


def test_a_purpose_or_recipient_that_the_data_had_elsewhere_is_not_new_to_it() -> None:
    assert news(use(purpose="service", recipient="mailer")) == []
    assert news(use(source="email", sink="mail", purpose=None)) == [("source",)]
