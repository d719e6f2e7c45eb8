"""The search on graphs built by hand: no source text, only nodes, edges and call sites."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from purposelint.config.model import Annotations, Limits, Origin, Source, Transform
from purposelint.dataflow.flows import Place, SourceSite
from purposelint.dataflow.graph import CELL, VALUE, Edge, GraphBuilder
from purposelint.dataflow.solve import GraphFlows

ORIGIN = Origin("purposes.toml", 1)
PHONE = "user.contact.phone_number"


class Picture:
    """A graph whose nodes have names; ``phone`` is the source."""

    def __init__(self, *transforms: Transform) -> None:
        self.builder = GraphBuilder()
        source = Source("phone", (), (), (), PHONE, Limits(purposes=("security",)), ORIGIN)
        self.annotations = Annotations(sources=(source,), transforms=transforms)

    def node(self, name: str) -> int:
        return self.builder.node(name, Place("a.py", 1), name)

    def way(self, *names: str) -> None:
        for before, after in itertools.pairwise(names):
            self.edge(before, after, VALUE)

    def edge(self, before: str, after: str, edge: Edge) -> None:
        self.builder.edge(self.node(before), self.node(after), edge)

    def call(self, argument: str, entry: str, site: int, through: str | None = None) -> None:
        self.edge(argument, entry, Edge("call", site, -1 if through is None else self.node(through)))

    def back(self, result: str, behind: str, site: int) -> None:
        self.edge(result, behind, Edge("return", site))

    def changed(self, before: str, after: str, transform: int = 0) -> None:
        self.edge(before, after, Edge("value", transform=transform))

    def flows(self) -> GraphFlows:
        return GraphFlows(self.builder, self.annotations, (), (), (), frozenset(), {})

    def reached(
        self, *goals: str, flows: GraphFlows | None = None, passable: Callable[[int], bool] | None = None
    ) -> dict[str, list[tuple[str | None, str]]]:
        """Which goals ``phone`` reaches: the category there, and the way in words."""
        site = SourceSite(0, Place("a.py", 1), (self.node("phone"),))
        found = (flows or self.flows()).arrivals(site, frozenset(map(self.node, goals)), passable)
        names = {self.node(name): name for name in goals}
        return {
            names[node]: [(each.category, " ".join(map(self._name, each.path))) for each in arrivals]
            for node, arrivals in found.items()
        }

    def _name(self, node: int) -> str:
        return self.builder.hop(node).note


def transform(removes: tuple[str, ...] = (), becomes: str | None = None) -> Transform:
    return Transform("t", (), (), removes, becomes, ORIGIN)


def identity(picture: Picture) -> None:
    """``def same(x): return x``, called with the phone at site 1 and with a name at site 2."""
    picture.call("phone", "x", 1)
    picture.call("name", "x", 2)
    picture.way("x", "result")
    picture.back("result", "phone again", 1)
    picture.back("result", "name again", 2)


def test_data_leaves_a_function_by_the_call_it_came_in_by_and_by_no_other() -> None:
    picture = Picture()
    identity(picture)
    reached = picture.reached("phone again", "name again")
    assert reached == {"phone again": [(PHONE, "phone x result phone again")]}


def test_a_source_deep_in_a_function_returns_into_every_caller() -> None:
    picture = Picture()
    picture.back("phone", "in one caller", 1)
    picture.back("phone", "in another", 2)
    assert set(picture.reached("in one caller", "in another")) == {"in one caller", "in another"}


def test_what_has_returned_goes_down_again_and_comes_back_by_the_new_site_only() -> None:
    picture = Picture()
    picture.back("phone", "held", 1)
    picture.call("held", "x", 2)
    picture.way("x", "result")
    picture.back("result", "right", 2)
    picture.back("result", "wrong", 3)
    assert set(picture.reached("right", "wrong")) == {"right"}


def test_calls_inside_calls_are_matched_one_by_one() -> None:
    picture = Picture()
    picture.call("phone", "outer", 1)
    picture.call("outer", "inner", 2)
    picture.way("inner", "inner result")
    picture.back("inner result", "outer result", 2)
    picture.back("inner result", "of another outer", 3)
    picture.back("outer result", "right", 1)
    picture.back("of another outer", "wrong", 1)
    assert picture.reached("right", "wrong", "inner") == {
        "right": [(PHONE, "phone outer inner inner result outer result right")],
        "inner": [(PHONE, "phone outer inner")],
    }


def test_a_way_down_ends_at_a_sink_inside_the_callee_and_not_in_its_other_callers() -> None:
    picture = Picture()
    identity(picture)
    picture.way("name again", "sink of the other")
    picture.way("x", "sink inside")
    assert set(picture.reached("sink inside", "sink of the other")) == {"sink inside"}


def test_a_recursive_function_is_searched_to_an_end() -> None:
    picture = Picture()
    picture.call("phone", "x", 1)
    picture.way("x", "argument")
    picture.call("argument", "x", 2)
    picture.way("x", "result")
    picture.back("result", "result", 2)
    picture.back("result", "right", 1)
    picture.back("result", "wrong", 3)
    assert picture.reached("right", "wrong") == {"right": [(PHONE, "phone x result right")]}


def test_mutual_recursion_that_gives_nothing_back_reaches_nothing() -> None:
    picture = Picture()
    picture.call("phone", "even", 1)
    picture.call("even", "odd", 2)
    picture.call("odd", "even", 3)
    picture.way("behind", "sink")
    assert picture.reached("behind", "sink") == {}


def test_a_cell_leads_into_every_reader_and_back_up_from_there() -> None:
    picture = Picture()
    picture.call("phone", "x", 1)
    picture.edge("x", "global", CELL)
    picture.edge("global", "read", CELL)
    picture.back("read", "in a caller of the reader", 7)
    assert set(picture.reached("in a caller of the reader")) == {"in a caller of the reader"}


def test_what_was_not_put_into_the_cell_does_not_come_out() -> None:
    picture = Picture()
    picture.way("phone", "local")
    picture.edge("other", "global", CELL)
    picture.edge("global", "read", CELL)
    assert picture.reached("read") == {}


def test_the_way_that_is_kept_is_a_shortest_one() -> None:
    picture = Picture()
    picture.way("phone", "long", "longer", "sink")
    picture.way("phone", "short", "sink")
    assert picture.reached("sink") == {"sink": [(PHONE, "phone short sink")]}


def test_a_transform_that_removes_the_category_ends_the_data() -> None:
    for removes in (("*",), ("user.contact",), (PHONE,)):
        picture = Picture(transform(removes))
        picture.changed("phone", "clean")
        assert picture.reached("clean") == {}


def test_a_transform_for_another_category_lets_it_pass() -> None:
    picture = Picture(transform(("user.contact.phone", "user.location")))
    picture.changed("phone", "same")
    assert picture.reached("same") == {"same": [(PHONE, "phone same")]}


def test_a_way_around_the_transform_is_found() -> None:
    picture = Picture(transform(("*",)))
    picture.changed("phone", "sink")
    picture.way("phone", "around", "sink")
    assert picture.reached("sink") == {"sink": [(PHONE, "phone around sink")]}


def test_what_becomes_another_category_arrives_as_that_one() -> None:
    picture = Picture(transform(becomes="user.pseudonym"))
    picture.changed("phone", "token")
    picture.way("token", "sink")
    assert picture.reached("sink") == {"sink": [("user.pseudonym", "phone token sink")]}


def test_where_both_come_together_each_category_arrives() -> None:
    picture = Picture(transform(becomes="user.pseudonym"))
    picture.changed("phone", "sink")
    picture.way("phone", "itself", "sink")
    assert {category for category, _ in picture.reached("sink")["sink"]} == {PHONE, "user.pseudonym"}


def test_a_category_that_changes_inside_a_callee_is_changed_behind_it() -> None:
    picture = Picture(transform(becomes="user.pseudonym"))
    picture.call("phone", "x", 1)
    picture.changed("x", "result")
    picture.back("result", "right", 1)
    picture.back("result", "wrong", 2)
    assert picture.reached("right", "wrong") == {"right": [("user.pseudonym", "phone x result right")]}


def test_a_node_that_is_not_passable_closes_the_way_through_it_and_no_other() -> None:
    picture = Picture()
    picture.way("phone", "gate", "sink")
    picture.way("phone", "open", "other sink")
    gate = picture.node("gate")
    reached = picture.reached("sink", "other sink", passable=lambda node: node != gate)
    assert set(reached) == {"other sink"}


def test_a_closed_node_inside_a_callee_closes_the_round_trip() -> None:
    picture = Picture()
    identity(picture)
    inside = picture.node("result")
    assert picture.reached("phone again", passable=lambda node: node != inside) == {}
    assert set(picture.reached("phone again", passable=lambda node: node != picture.node("name"))) == {"phone again"}


def test_a_closed_source_or_goal_is_not_reached() -> None:
    picture = Picture()
    picture.way("phone", "sink")
    for closed in (picture.node("phone"), picture.node("sink")):
        assert picture.reached("sink", passable=lambda node, closed=closed: node != closed) == {}  # type: ignore[misc]


def test_a_call_through_a_closed_sink_is_not_entered() -> None:
    picture = Picture()
    picture.call("phone", "inside", 1, through="wrapper")
    picture.call("phone", "elsewhere", 2)
    wrapper = picture.node("wrapper")
    assert set(picture.reached("inside", "elsewhere", passable=lambda node: node != wrapper)) == {"elsewhere"}
    assert set(picture.reached("inside", "elsewhere")) == {"inside", "elsewhere"}


def test_asking_again_gives_the_same_answer() -> None:
    picture = Picture()
    identity(picture)
    flows = picture.flows()
    first = picture.reached("phone again", "x", flows=flows)
    assert first == picture.reached("phone again", "x", flows=flows)
    assert list(first) == ["x", "phone again"]
