from __future__ import annotations

import pytest

from purposelint.facts import packing
from purposelint.facts.aligning import Aligned, align
from purposelint.facts.syntax import Module
from purposelint.syntax import lower, run_deep

BEFORE = """\
import os

NAMES = [name for name in os.environ]


def first(a, b=1):
    return [each for each in a if each]


class Box:
    size: int = 1

    def fill(self, things):
        return lambda: things

    def empty(self):
        def inner():
            return 1
        return inner
"""


def lowered(source: str) -> Module:
    return run_deep(lower, source.encode())


def aligned(now: str) -> tuple[Aligned, Module, Module]:
    before = lowered(BEFORE)
    return align(before, lowered(now)), before, lowered(now)


def names(found: Aligned) -> set[str]:
    return {found.module.functions[number].qualname for number in found.changed}


def test_a_version_that_says_the_same_is_the_same() -> None:
    found, before, _ = aligned(f"# a comment\n\n\n{BEFORE}".replace("b=1", "b = 1"))
    assert found.module == before
    assert (found.changed, found.removed, found.rearranged) == (frozenset(), frozenset(), False)


def test_what_stands_below_something_new_keeps_its_numbers_and_refs() -> None:
    found, before, now = aligned(f"import sys\n\n\ndef new(x):\n    return [y for y in x]\n\n\n{BEFORE}")
    count = len(before.functions)
    assert found.module.functions[:count] == before.functions
    assert found.module.classes == before.classes
    assert found.module.functions[count].qualname == "new"
    assert names(found) == {"new"}
    assert found.rearranged
    assert set(found.refs.values()) == set(packing.refs(packing.pack(now)))


@pytest.mark.parametrize(
    ("old", "new", "changed", "rearranged"),
    [
        ("if each]", "if a]", {"first"}, False),
        ("b=1", "b=2", {"first"}, True),
        ("return 1", "return 2", {"Box.empty", "Box.empty.<locals>.inner"}, False),
        ("lambda: things", "lambda: 3", {"Box.fill", "Box.fill.<locals>.<lambda>"}, False),
        ("size: int = 1", "size: int = 2", set(), True),
        ("size: int = 1", "size: int = 1\n    more = 2", set(), True),
        ("import os", "import os, sys", set(), True),
    ],
)
def test_what_has_changed_is_told(old: str, new: str, changed: set[str], rearranged: bool) -> None:
    found, before, now = aligned(BEFORE.replace(old, new))
    assert names(found) == changed
    assert found.rearranged == rearranged
    kept = [number for number in range(len(before.functions)) if number not in found.changed]
    assert [found.module.functions[number] for number in kept] == [before.functions[number] for number in kept]
    assert {found.refs[ref] for ref in packing.refs(packing.pack(found.module))} == set(packing.refs(packing.pack(now)))


def test_what_is_gone_keeps_its_number() -> None:
    found, before, _ = aligned(BEFORE.replace("def first(a, b=1):\n    return [each for each in a if each]\n", ""))
    assert [before.functions[number].qualname for number in found.removed] == ["first"]
    assert found.changed == frozenset()
    assert found.module.functions == before.functions


def test_versions_can_be_aligned_one_after_the_other() -> None:
    first = align(lowered(BEFORE), lowered(BEFORE.replace("return 1", "return [x for x in NAMES]")))
    second = align(first.module, lowered(BEFORE.replace("return 1", "return [x for x in NAMES]")))
    assert second.module == first.module
    assert second.changed == frozenset()
