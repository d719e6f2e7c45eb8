"""PUR005: categories of a linkage come together, in a call, in a record, or by matching."""

from __future__ import annotations

from support.graphs import Story

PHONE, EMAIL, PLACE, FACE = "user.contact.phone", "user.contact.email", "user.location.precise", "user.biometric"

# That a linkage can never hold is another story.
STALE = ("PUR904",)


def profile(*arriving: str, at_least: int = 2, purposes: tuple[str, ...] = ("*",)) -> Story:
    """A record to which data of these categories comes, all from lines of their own."""
    story = Story()
    story.linkage("profile", "user.location", "user.contact", "user.biometric", at_least=at_least, purposes=purposes)
    for line, category in enumerate(arriving, 1):
        name = category.rpartition(".")[2]
        story.source(name, at=f"{name}@read.py:{line}", data=category, purposes=("service",))
        story.way(name, "record@store.py:9")
    story.sink("store", at="record", purpose="service")
    return story


def test_two_categories_in_one_record_are_told_once() -> None:
    assert profile(PHONE, PLACE).told(ignore=STALE) == ["store.py:9 PUR005"]


def test_one_category_alone_is_not_a_linkage() -> None:
    assert profile(PLACE).told(ignore=STALE) == []


def test_two_kinds_of_one_entry_count_once() -> None:
    assert profile(PHONE, EMAIL).told(ignore=STALE) == []


def test_a_category_outside_the_linkage_does_not_count() -> None:
    assert profile(PHONE, "user.locations", "user").told(ignore=STALE) == []


def test_at_least_says_how_many_must_come_together() -> None:
    assert profile(PHONE, PLACE, at_least=3).told(ignore=STALE) == []
    assert profile(PHONE, PLACE, FACE, at_least=3).told(ignore=STALE) == ["store.py:9 PUR005"]


def test_the_linkages_purposes_are_asked_of_the_sink() -> None:
    assert profile(PHONE, PLACE, purposes=("advertising",)).told(ignore=STALE) == []
    assert profile(PHONE, PLACE, purposes=("service",)).told(ignore=STALE) == ["store.py:9 PUR005"]


def test_data_that_comes_by_two_instances_of_a_call_does_not_meet() -> None:
    story = profile(PHONE)
    story.source("place", at="place@read.py:8", data=PLACE, purposes=("service",))
    story.way("place", "second@store.py:9")
    story.use("store", "second")
    assert story.told(ignore=STALE) == []
    story.way("phone", "second")
    assert story.told(ignore=STALE) == ["store.py:9 PUR005"]


def test_arguments_of_one_call_meet() -> None:
    story = profile(PHONE)
    story.source("place", at="place@read.py:8", data=PLACE, purposes=("service",))
    story.way("place", "latitude@store.py:20")
    story.way("phone", "contact@store.py:20")
    story.sink("call", at=["latitude", "contact"], purpose="service")
    assert story.told(ignore=STALE) == ["store.py:20 PUR005"]


def test_a_category_that_a_transform_made_counts_as_what_it_is() -> None:
    story = profile(PLACE)
    story.source("raw", at="raw@read.py:8", data="user.image", purposes=("service",))
    story.way("raw", "record")
    assert story.told(ignore=STALE) == []
    story.way("raw", "vector@read.py:9", becomes=FACE)
    story.way("vector", "record")
    assert story.told(ignore=STALE) == ["store.py:9 PUR005"]


def test_what_came_together_at_a_wrapper_is_not_told_inside_it() -> None:
    story = profile(PHONE, PLACE)
    story.way("record", "row@db.py:3")
    story.sink("insert", at="row", purpose="service")
    assert story.told(ignore=STALE) == ["store.py:9 PUR005"]


def test_what_first_comes_together_inside_a_wrapper_is_told_there() -> None:
    story = profile(PHONE)
    story.way("record", "row@db.py:3")
    story.sink("insert", at="row", purpose="service")
    story.source("place", at="place@read.py:8", data=PLACE, purposes=("service",))
    story.way("place", "row")
    assert story.told(ignore=STALE) == ["db.py:3 PUR005"]


def test_several_entries_at_one_call_tell_a_linkage_once() -> None:
    story = profile(PHONE, PLACE)
    story.way("phone", "same@store.py:9")
    story.way("precise", "same")
    story.sink("pack", at="same", pack="http.toml")
    findings = story.judge().findings
    assert [finding.sink.id for finding in findings if finding.sink] == ["store"]


def matched(left: tuple[str, ...], right: tuple[str, ...], at_least: int = 2) -> Story:
    story = Story()
    story.linkage("matching", "user.contact", "advertiser.list", "user.location", at_least=at_least, purposes=("ads",))
    for side, categories in (("l", left), ("r", right)):
        for index, category in enumerate(categories):
            name = f"{side}{index}"
            story.source(name, at=f"{name}@read.py:{index + (1 if side == 'l' else 5)}", data=category, purposes=("x",))
            story.way(name, f"{side}@match.py:7:{5 if side == 'l' else 9}")
    story.node("l@match.py:7:5")
    story.node("r@match.py:7:9")
    story.match(["l"], ["r"])
    return story


def test_matching_one_category_against_another_is_told_whatever_the_purpose() -> None:
    assert matched((PHONE,), ("advertiser.list",)).told(ignore=STALE) == ["match.py:7 PUR005"]


def test_matching_data_of_one_entry_with_itself_is_not_a_linkage() -> None:
    assert matched((PHONE,), (PHONE,)).told(ignore=STALE) == []
    assert matched((PHONE,), (EMAIL,)).told(ignore=STALE) == []


def test_two_categories_on_one_side_of_a_comparison_are_not_matched() -> None:
    assert matched((PHONE, "advertiser.list"), ()).told(ignore=STALE) == []
    assert matched((PHONE, "advertiser.list"), (PHONE,)).told(ignore=STALE) == ["match.py:7 PUR005"]


def test_a_matching_needs_as_many_categories_as_the_linkage() -> None:
    assert matched((PHONE,), ("advertiser.list",), at_least=3).told(ignore=STALE) == []
    assert matched((PHONE, PLACE), ("advertiser.list",), at_least=3).told(ignore=STALE) == ["match.py:7 PUR005"]


def test_no_gate_opens_a_linkage() -> None:
    story = profile(PHONE, PLACE)
    story.gate("consent", permits=("service",), provides=("login",))
    story.guarded("record", "consent")
    assert story.told(ignore=STALE) == ["store.py:9 PUR005"]
