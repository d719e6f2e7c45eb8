"""A slice of a function has the statements that matter for some names, and no others."""

from __future__ import annotations

import textwrap

import pytest

from purposelint.dataflow.slicing import Slicer
from purposelint.facts import syntax as s
from purposelint.syntax import locate, lower


def _kept(text: str, *names: str) -> set[int]:
    """The lines (of a text of one statement a line, the ``def`` being line 0) that a slice keeps."""
    source = textwrap.dedent(text).strip().encode()
    facts = lower(source)
    sliced = Slicer(facts, 0).of(names)
    refs = [statement.ref for function in sliced.values() for statement in _statements(function.body)]
    return {span.line - 1 for span in locate(source, refs).values()}


def _statements(body: tuple[s.Statement, ...]) -> list[s.Statement]:
    found: list[s.Statement] = []
    for node in body:
        found.append(node)
        for name in ("body", "orelse", "final"):
            found.extend(_statements(getattr(node, name, ())))
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            found.extend(_statements(part.body))
    return found


def test_what_mentions_a_name_and_binds_what_it_uses_is_kept() -> None:
    text = """
    def work(request):
        order = find(request.id)
        log("working")
        total = count(request)
        send(order.email)
        return total
    """
    assert _kept(text, "email") == {1, 4}


def test_containers_are_kept_with_what_fills_them() -> None:
    text = """
    def work(order, other):
        rows = []
        sizes = []
        rows.append(order)
        sizes.append(other)
        for row in rows:
            show(row.email)
            show(sizes)
    """
    assert _kept(text, "email") == {1, 3, 5, 6}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("def f(x):\n    if not isinstance(x, Order):\n        return\n    x.email", {1, 2, 3}),
        ("def f(x, y):\n    if not ready(y):\n        return\n    x.email", {3}),
        ("def f(x):\n    while True:\n        if done():\n            break\n        wait()\n    x.email", {5}),
        ("def f(x):\n    while True:\n        if done():\n            break\n        x.email", {1, 2, 3, 4}),
        ("def f(x):\n    try:\n        work()\n    except Error:\n        x.email", {1, 2, 4}),
        ("def f(x):\n    try:\n        x.email\n    except Error:\n        work()", {1, 2}),
    ],
    ids=["guard", "other guard", "loop before", "loop around", "handler", "other handler"],
)
def test_the_ways_to_a_statement_stay_open(text: str, kept: set[int]) -> None:
    assert _kept(text, "email") == kept


def test_what_stands_in_a_nested_function_is_kept_with_its_calls() -> None:
    text = """
    def work(order):
        def tell():
            send(order.email)
        def other():
            send("plain")
        other()
        tell()
    """
    assert _kept(text, "email") == {1, 2, 6}


def test_a_test_with_calls_of_other_things_is_left_open() -> None:
    facts = lower(b"def f(x, y):\n    if allowed(y):\n        x.email\n")
    (branch,) = Slicer(facts, 0).of(["email"])[0].body

    assert isinstance(branch, s.If)
    assert isinstance(branch.test, s.Name)
    assert branch.test.name == ""
