"""Other names under which a module's top level knows something."""

from __future__ import annotations

from purposelint.dataflow.aliases import other_names
from purposelint.facts.syntax import Module
from purposelint.syntax import lower


def module(text: str) -> Module:
    return lower(text.encode())


def test_an_import_and_an_assignment_give_another_name() -> None:
    facts = module("from b import get as fetch\nload = fetch\n")
    assert other_names(facts, "get") == ["fetch"]
    assert other_names(facts, "fetch") == ["load"]


def test_an_import_under_its_own_name_gives_none() -> None:
    assert other_names(module("from b import get\n"), "get") == []


def test_a_decorated_function_is_made_by_its_decorator() -> None:
    facts = module("@cached(5)\ndef show():\n    pass\n\n\ndef plain():\n    pass\n")
    assert other_names(facts, "cached") == ["show"]


def test_what_stands_in_a_block_counts_and_what_stands_in_a_function_does_not() -> None:
    facts = module(
        "try:\n    from b import get as fetch\nexcept ImportError:\n    pass\n\n\ndef f():\n    other = get\n"
    )
    assert other_names(facts, "get") == ["fetch"]
