"""What a right annotation file says, once it is loaded."""

from __future__ import annotations

import datetime
from pathlib import Path
from textwrap import dedent

from purposelint.config import Annotations, load
from purposelint.config.model import FOREVER, Limits, Origin, Sink, Source, Storage
from purposelint.config.patterns import CallStep, NameStep

FIXTURES = Path(__file__).parents[3] / "fixtures" / "annotations" / "valid"


def loaded(name: str) -> Annotations:
    return load(FIXTURES / name, root=FIXTURES)


def source(annotations: Annotations, name: str) -> Source:
    return next(source for source in annotations.sources if source.id == name)


def sink(annotations: Annotations, name: str) -> Sink:
    return next(sink for sink in annotations.sinks if sink.id == name)


def test_a_source_narrows_its_category_and_keeps_its_place() -> None:
    phone = source(loaded("contract.toml"), "two-factor-phone")
    assert phone.limits == Limits(purposes=("security",))
    assert [pattern.text for pattern in phone.match] == ["user.phone", "accounts.models.User.phone"]
    assert phone.origin == Origin("contract.toml", 21)  # the line of `match`


def test_retention_is_in_seconds_and_requirements_are_kept() -> None:
    story = source(loaded("contract.toml"), "story-media")
    assert story.limits == Limits(purposes=("service",), retention=86400.0, requires=("login",))


def test_sinks_say_recipient_storage_exposure_and_where() -> None:
    annotations = loaded("contract.toml")
    audience = sink(annotations, "twitter-tailored-audience")
    assert (audience.purpose, audience.recipient) == ("advertising.audience_matching", "twitter-ads")
    assert sink(annotations, "profile-store").storage == Storage(retention=FOREVER)
    assert sink(annotations, "public-page").exposure
    assert not audience.exposure
    assert sink(annotations, "meta-conversions").where == {"url": ("https://graph.facebook.com/**",)}
    assert [recipient.role for recipient in annotations.recipients.values()] == [
        "third-party",
        "third-party",
        "processor",
    ]


def test_gates_transforms_passthroughs_linkages_exceptions_and_codes_are_read() -> None:
    annotations = loaded("contract.toml")
    gates = [gate for gate in annotations.gates if gate.pack is None]
    assert [(gate.permits, gate.provides) for gate in gates] == [(("advertising",), ()), ((), ("login",))]
    (transform,) = (transform for transform in annotations.transforms if transform.pack is None)
    assert (transform.id, transform.removes, transform.becomes) == ("privacy.anonymise()", ("*",), None)
    (passthrough,) = (passthrough for passthrough in annotations.passthroughs if passthrough.pack is None)
    assert passthrough.to == ("return",)
    (linkage,) = annotations.linkages
    assert (linkage.at_least, linkage.purposes) == (2, ("*",))
    (exception,) = annotations.exceptions
    assert (exception.expires, exception.flows) == (datetime.date(2027, 1, 31), 1)
    assert exception.origin.line == 87  # its header
    assert annotations.codes == {"PUR006": "warning"}


def test_a_storage_may_read_its_time_off_an_argument() -> None:
    assert sink(loaded("every_form.toml"), "email").storage == Storage(900.0, "ttl", 0.001)


def test_dots_in_names_mean_the_same_with_quotes_and_without() -> None:
    annotations = loaded("every_form.toml")
    assert annotations.purposes["service"].mapping == {"dpv": ("ServiceProvision",)}
    assert {"service.chat", "research"} <= annotations.purposes.keys()
    assert {"user.contact", "user.contact.email", "user.device"} <= annotations.categories.keys()


def test_patterns_are_parsed() -> None:
    phone = source(loaded("every_form.toml"), "phone")
    assert phone.match[4].steps == (NameStep("**"), CallStep(("taint_src",)))


def test_the_limits_of_a_category_are_inherited_through_its_dots() -> None:
    annotations = loaded("every_form.toml")
    email = Limits(("service",), ("advertising",), 30 * 86400.0, ("login",), ("mail-er",))
    assert annotations.limits_of("user.contact.email") == email
    assert annotations.limits_of("user.contact.email.work") == email  # not declared
    assert annotations.limits_of("user.contact.phone_number").retention is None  # beside it
    assert annotations.limits_of("user") == annotations.limits_of("order") == annotations.limits_of(None) == Limits()


def test_a_source_without_limits_of_its_own_has_its_categorys() -> None:
    annotations = loaded("every_form.toml")
    assert source(annotations, "email").limits == annotations.limits_of("user.contact.email")


def test_denials_and_requirements_of_source_and_category_add_up() -> None:
    limits = source(loaded("every_form.toml"), "phone").limits
    assert limits.deny == ("research", "advertising")
    assert limits.requires == ("second-factor", "login")
    assert (limits.purposes, limits.retention) == (("service.chat",), 0.0)


def test_the_nearest_purposes_of_a_category_count_even_when_they_are_wider(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text(
        dedent("""\
        [data."user.contact"]
        purposes = ["security"]
        retention = "1d"
        [data."user.contact.email"]
        purposes = ["security", "marketing"]
        retention = "2d"
        """)
    )
    limits = load(path, root=tmp_path).limits_of("user.contact.email")
    assert (limits.purposes, limits.retention) == (("security", "marketing"), 2 * 86400.0)


def test_extended_files_give_words_and_entries_but_not_their_exceptions() -> None:
    annotations = loaded("every_form.toml")
    assert annotations.purposes["group.reporting"].origin == Origin("shared/group.toml", 6)
    assert annotations.purposes["service"].meaning == "Deliver what the person asked for"
    assert sink(annotations, "group-mailer").recipient == "group-mail"
    own_column = [each for each in annotations.sinks if each.id == "column"]
    assert [each.origin.path for each in own_column] == ["every_form.toml"]
    assert [exception.reason for exception in annotations.exceptions] == ["DPIA-1", "DPIA-2"]
    assert annotations.codes == {"PUR001": "error", "PUR904": "off", "PUR006": "warning"}
    assert annotations.exclude == ("migrations/", "**/generated_*.py")
