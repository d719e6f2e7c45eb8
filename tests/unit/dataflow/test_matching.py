"""Patterns against names: what a trail of the code matches, and what is close to it and does not."""

from __future__ import annotations

import pytest

from purposelint.config.model import Annotations, Limits, Origin, Sink, Source
from purposelint.config.pattern_parser import parse_pattern
from purposelint.config.patterns import Pattern, Step
from purposelint.dataflow.matching import Rules, matches, matches_end

ORIGIN = Origin("purposes.toml", 1)
CALL = "()"


def key(name: str | int | None) -> tuple[str, str | int | None]:
    return ("[]", name)


def steps(text: str) -> tuple[Step, ...]:
    return parse_pattern(text).steps


@pytest.mark.parametrize(
    ("pattern", "trail", "whole"),
    [
        ("requests.post", ("requests", "post"), True),
        ("requests.post", ("requests", "put"), False),
        ("requests.post", ("my", "requests", "post"), False),
        ("requests.post", ("requests", "post", "url"), False),
        # `C.m` means the method of an instance; a call in between is an instance's making.
        ("ads.Client.upload", ("ads", "Client", CALL, "upload"), True),
        ("ads.Client.upload", ("ads", "Client", CALL, "uploads"), False),
        ("ads.Client", ("ads", "Client", CALL), True),
        # one that is written asks for one
        ("Model.objects.create().name", ("Model", "objects", "create", CALL, "name"), True),
        ("Model.objects.create().name", ("Model", "objects", "create", "name"), False),
        # wildcards stand for whole names
        ("accounts.*.phone", ("accounts", "User", "phone"), True),
        ("accounts.*.phone", ("accounts", "models", "User", "phone"), False),
        ("accounts.*.phone", ("accounts", "phone"), False),
        ("accounts.**.phone", ("accounts", "phone"), True),
        ("accounts.**.phone", ("accounts", "models", "User", "phone"), True),
        ("accounts.**.phone", ("accounts", "models", "User", "telephone"), False),
        ("accounts.**", ("accounts",), True),
        ("accounts.**", ("accountability", "x"), False),
        # keys chain; `[*]` is any
        ('event["user"]["phone"]', ("event", key("user"), key("phone")), True),
        ('event["user"]["phone"]', ("event", key("user"), key("email")), False),
        ('event["phone"]', ("event", "phone"), False),
        ("posts[*].lat", ("posts", key(3), "lat"), True),
        ("posts[*].lat", ("posts", key(None), "lat"), True),
        ("posts[*].lat", ("posts", "lat"), False),
    ],
)
def test_a_pattern_matches_a_whole_trail(pattern: str, trail: tuple[object, ...], whole: bool) -> None:
    assert matches(steps(pattern), trail) is whole


@pytest.mark.parametrize(
    ("pattern", "trail", "at_its_end"),
    [
        ("user.phone", ("self", "user", "phone"), True),
        ("user.phone", ("user", "phone"), True),
        ("user.phone", ("self", "user", "phone", "country"), False),
        ("user.phone", ("superuser", "phone"), False),
        ("user.phone", ("users", "phone"), False),
        ('request.POST["phone"]', ("self", "request", "POST", key("phone")), True),
    ],
)
def test_what_is_spelled_matches_by_its_end(pattern: str, trail: tuple[object, ...], at_its_end: bool) -> None:
    assert matches_end(steps(pattern), trail) is at_its_end


def rules(*sources: str, sinks: tuple[str, ...] = (), modules: frozenset[str] = frozenset({"accounts"})) -> Rules:
    """The rules of a file whose sources and sinks have these patterns; ``modules`` are the project's."""
    annotations = Annotations(
        sources=tuple(Source(text, (parse_pattern(text),), (), (), None, Limits(), ORIGIN) for text in sources),
        sinks=tuple(Sink(text, (parse_pattern(text),), (), {}, (), "ads", None, False, None, ORIGIN) for text in sinks),
    )

    def defined(pattern: Pattern) -> bool:
        return getattr(pattern.steps[0], "name", None) in modules

    return Rules(annotations, defined, lambda written: written)


def test_rules_are_found_by_the_last_name_and_kept_apart_by_what_triggers_them() -> None:
    found = rules("accounts.User.phone", "accounts.phone()", 'row["phone"]', "@phone")
    assert [rule.entry for rule in found.attribute("phone")] == [("source", 0)]
    assert [rule.entry for rule in found.call("phone")] == [("source", 1)]
    assert [rule.entry for rule in found.key("phone")] == [("source", 2)]
    assert [rule.entry for rule in found.decorator("phone")] == [("source", 3)]
    assert list(found.attribute("email")) == []


def test_a_pattern_that_ends_in_a_wildcard_is_asked_of_every_name() -> None:
    found = rules("accounts.User.*", "row[*]", "accounts.User.email")
    assert [rule.index for rule in found.attribute("email")] == [2, 0]
    assert [rule.index for rule in found.attribute("phone")] == [0]
    assert [rule.index for rule in found.key("anything")] == [1]


def test_only_a_pattern_whose_first_name_is_no_module_matches_by_name() -> None:
    found = rules("accounts.User.phone", "user.phone")
    assert [(rule.index, rule.by_name) for rule in found.attribute("phone")] == [(0, False), (1, True)]


def test_parameters_are_sources_of_calls_that_name_them_and_never_sinks() -> None:
    found = rules("accounts.save(phone)", "accounts.save()", sinks=("accounts.save(email)",))
    assert [rule.entry for rule in found.parameter_rules("save")] == [("source", 0)]
    assert list(found.parameter_rules("load")) == []


def test_what_is_excepted_stays_with_its_rule() -> None:
    annotations = Annotations(
        sinks=(
            Sink(
                "s",
                (parse_pattern("sms.send()"),),
                (parse_pattern("sms.send(to)"),),
                {},
                (),
                "ads",
                None,
                False,
                None,
                ORIGIN,
            ),
        )
    )
    (rule,) = Rules(annotations, lambda pattern: False, lambda written: written).call("send")
    assert [excluded.pattern.text for excluded in rule.excluded] == ["sms.send(to)"]


def packed_rules(text: str, *, own: bool = False) -> Rules:
    sink = Sink("s", (parse_pattern(text),), (), {}, (), "advertising", None, False, None, ORIGIN, pack="vendor")
    return Rules(Annotations(sinks=(sink,)), lambda pattern: own, lambda steps: steps, lambda pattern: own)


def test_a_packs_call_is_found_by_its_librarys_name_and_never_by_what_is_spelled() -> None:
    rules = packed_rules("analytics.track(traits)")
    (rule,) = rules.call_of_library("track", ["analytics"])
    assert not rule.by_name
    assert list(rules.call_of_library("track", ["acme"])) == []
    assert list(rules.call("track")) == []


def test_a_packs_pattern_that_begins_with_a_wildcard_matches_by_name() -> None:
    (rule,) = packed_rules("**.analytics.track(traits)").call("track")
    assert rule.by_name


def test_the_projects_own_module_hides_the_library_of_the_same_name() -> None:
    assert packed_rules("analytics.track(traits)", own=True).packed == {}
