from __future__ import annotations

import pytest

from purposelint.facts.comparing import Comparison, compare
from purposelint.facts.observed import EVERY_NAME
from purposelint.facts.syntax import Module
from purposelint.facts.walking import nodes
from purposelint.syntax import lower, run_deep

BEFORE = """\
import os
from os import path as p


class Box:
    size: int = 1

    def fill(self, things, count=2):
        return [thing.name for thing in things if thing] + [thing for thing in [count]]

    def empty(self):
        def inner(x):
            return lambda y: x + y
        return inner


@property
def read(box):
    \"\"\"What is in it.\"\"\"
    return box.size


LIMIT = Box().size + 3
"""


def lowered(source: str) -> Module:
    return run_deep(lower, source.encode())


def compared(source: str) -> Comparison | None:
    return compare(lowered(BEFORE), lowered(source))


def bodies(source: str) -> set[str]:
    """The qualified names of the functions that have another body."""
    found = compared(source)
    assert found is not None
    return {lowered(BEFORE).functions[number].qualname for number in found.bodies}


@pytest.mark.parametrize(
    "source",
    [
        BEFORE,
        "# a comment\n\n" + BEFORE,
        BEFORE.replace("import os\n", "import os  # here\n\n\n"),
        BEFORE.replace("return box.size", "return (\n        box.size\n    )"),
    ],
)
def test_layout_is_no_difference(source: str) -> None:
    found = compared(source)
    assert found is not None
    assert not [each for each in (found.bodies, found.listings, found.named, found.added, found.removed) if each]


def test_each_node_is_found_again() -> None:
    now = lowered(BEFORE.replace("import os\n", "import os\n\ndef new(a=1, *b):\n    return [x for x in b if a]\n\n"))
    before = lowered(BEFORE)
    found = compare(before, now)
    assert found is not None
    assert found.added == {"new"}
    then = {node.ref: node for node in nodes(before.body, before) if hasattr(node, "ref")}
    today = {node.ref: node for node in nodes(now.body, now) if hasattr(node, "ref")}
    assert found.refs.keys() == then.keys()
    for ref, moved in found.refs.items():
        assert moved > ref or ref < 2
        assert type(then[ref]) is type(today[moved])
        for name in ("name", "attr", "op", "value"):
            value = getattr(then[ref], name, None)
            if isinstance(value, str | int) and "@" not in str(value):
                assert getattr(today[moved], name) == value


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (("return box.size", "return box"), {"read"}),
        (("if thing]", "if not thing]"), {"Box.fill"}),
        (("[thing for thing in [count]]", "[count for thing in [count]]"), {"Box.fill"}),
        (("x + y", "x - y"), {"Box.empty.<locals>.inner.<locals>.<lambda>"}),
        (("        return inner", "        return None"), {"Box.empty"}),
        (
            ("            return lambda y: x + y\n", "            return x\n"),
            {"Box.empty.<locals>.inner", "Box.empty.<locals>.inner.<locals>.<lambda>"},
        ),
        (("return box.size", "yield box.size"), {"read"}),
        (("return box.size", "value = 1\n    return box.size"), {"read"}),
    ],
)
def test_a_function_with_another_body_is_told(change: tuple[str, str], changed: set[str]) -> None:
    assert bodies(BEFORE.replace(*change)) == changed


def test_names_that_are_mentioned_in_one_version_only_are_told() -> None:
    found = compared(BEFORE.replace("return box.size", "return other.size"))
    assert found is not None
    assert found.named == {"other"}
    assert {lowered(BEFORE).functions[number].qualname for number in found.listings} == {"read"}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("'kim@one.example'", "'kim@two.example'"),
        ("send(to)['a@1']", "send(to)['a@2']"),
    ],
)
def test_a_text_with_an_at_sign_is_no_variable_of_a_comprehension(before: str, now: str) -> None:
    source = "def tell(to):\n    return [each for each in to] + [{}]\n"
    found = compare(lowered(source.format(before)), lowered(source.format(now)))
    assert found is not None
    assert found.bodies == {0}


@pytest.mark.parametrize("before", ["'kim@one.example'", "[x for x in to]", "[lambda: x for x in to]"])
def test_what_only_stands_elsewhere_is_the_same(before: str) -> None:
    source = f"def tell(to):\n    return {before}\n"
    found = compare(lowered(source), lowered("def new():\n    return 1\n\n\n" + source))
    assert found is not None
    assert (found.bodies, found.listings, found.named) == (set(), set(), {"new", EVERY_NAME})


def test_variables_of_two_comprehensions_are_two() -> None:
    source = "def pairs(rows):\n    return [[{} for {} in rows] for {} in rows]\n"
    found = compare(lowered(source.format("a", "b", "a")), lowered(source.format("b", "b", "a")))
    assert found is not None
    assert found.bodies == {0}


@pytest.mark.parametrize(
    "change",
    [
        ("import os\n", "import os\nimport re\n"),
        ("size: int = 1", "size: int = 2"),
        ("count=2", "count=3"),
        ("count=2", "count=True + 1"),
        ("things, count", "count, things"),
        ("@property", "@staticmethod"),
        ("class Box:", "class Box(dict):"),
        ("def read(box)", "async def read(box)"),
        (".size + 3", ".size + 3.0"),
        ("def empty(self)", "def empty(self) -> int"),
        ("LIMIT", "BOUND"),
    ],
)
def test_what_is_done_when_a_module_is_loaded_must_be_the_same(change: tuple[str, str]) -> None:
    assert compared(BEFORE.replace(*change)) is None


@pytest.mark.parametrize(
    "added", ["@decorated\ndef new():\n    pass\n", "def new(a=f()):\n    pass\n", "x = lambda: 1\n"]
)
def test_a_definition_that_does_more_than_define_is_a_difference(added: str) -> None:
    assert compared(BEFORE + added) is None


def test_methods_may_come_and_go() -> None:
    more = BEFORE.replace("    def empty(self)", "    def weigh(self):\n        return 1\n\n    def empty(self)")
    found = compared(more)
    assert found is not None
    assert (found.added, found.removed) == ({"weigh"}, set())
    assert found.named == {"self", "weigh", EVERY_NAME}
    assert not found.bodies
    back = compare(lowered(more), lowered(BEFORE))
    assert back is not None
    assert (back.added, back.removed) == (set(), {"weigh"})
    assert {lowered(more).functions[number].qualname for number in back.bodies} == {"Box.weigh"}


def test_a_file_with_tags_takes_no_new_definitions() -> None:
    tagged = BEFORE.replace("size: int = 1", "size: int = 1  # purpose: security")
    assert compare(lowered(tagged), lowered("\n" + tagged)) is not None
    assert compare(lowered(tagged), lowered(tagged + "def new():\n    pass\n")) is None
    assert compare(lowered(BEFORE), lowered(tagged)) is None
