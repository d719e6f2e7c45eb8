from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from textwrap import dedent

from purposelint.facts.span import Span
from purposelint.facts.syntax import Module
from purposelint.syntax import locate, lower, statement_lines, statements


def nodes(value: object) -> Iterator[tuple[str, int]]:
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif is_dataclass(value):
        if hasattr(value, "ref"):
            yield type(value).__name__, value.ref
        for field in fields(value):
            yield from nodes(getattr(value, field.name))


def cut(source: str, span: Span) -> str:
    """The text of a span; of one that spans lines, the first line and the last joined by an ellipsis."""
    lines = source.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    return f"{lines[span.line - 1][span.column - 1 :]} … {lines[span.end_line - 1][: span.end_column - 1]}"


def places(text: str) -> list[tuple[str, str]]:
    source = dedent(text)
    module = lower(source.encode())
    found = list(nodes((module.body, module.functions, module.classes)))
    spans = locate(source.encode(), {ref for _, ref in found})
    return sorted({(kind, cut(source, spans[ref])) for kind, ref in found})


def test_a_ref_is_the_place_of_what_it_was_given_for() -> None:
    assert places("x = f(é, k=y.z)\n") == [
        ("Argument", "k=y.z"),
        ("Argument", "é"),
        ("Assign", "x = f(é, k=y.z)"),
        ("Attribute", "y.z"),
        ("Call", "f(é, k=y.z)"),
        ("Name", "f"),
        ("Name", "x"),
        ("Name", "y"),
        ("Name", "é"),
    ]


def test_a_compound_statement_is_all_of_it_and_a_definition_starts_at_its_keyword() -> None:
    text = """\
    @d
    def f(a):
        if a:
            b()
        return a
    @d
    class C:
        async def m(self): pass
    """
    found = places(text)
    assert ("FunctionDef", "def f(a): …     return a") in found
    assert ("Function", "def f(a): …     return a") in found
    assert ("If", "if a: …         b()") in found
    assert ("ClassDef", "class C: …     async def m(self): pass") in found
    assert ("Function", "async def m(self): pass") in found
    assert ("Return", "return a") in found


def test_what_a_string_annotation_holds_stands_where_the_string_does() -> None:
    found = places("x: 'list[User]' = y\n")
    assert ("Subscript", "'list[User]'") in found
    assert ("Name", "y") in found


def test_a_file_asked_twice_gives_the_same_and_refs_that_it_lacks_are_left_out() -> None:
    source = b"a = [b for b in c]\n"
    assert list(locate(source, [3, 1, 10_000])) == [1, 3]
    assert locate(source, [1]) == locate(source, [1])
    assert locate(source, []) == {}


def test_every_ref_of_a_program_has_a_place() -> None:
    source = b"match a:\n  case [b, *_] if c: x = f'{d!r:>{e}}' 'g'\nlambda: (yield)\ntry: pass\nexcept A, B: pass\n"
    module: Module = lower(source)
    refs = {ref for _, ref in nodes((module.body, module.functions))}
    assert set(locate(source, refs)) == refs


def lines_of(text: str, line: int) -> tuple[int, int]:
    return statement_lines(statements(dedent(text).encode()), line)


def test_a_line_is_widened_to_its_statement() -> None:
    text = """\
    x = (
        1,

        2)
    y = 1
    """
    assert [lines_of(text, line) for line in range(1, 7)] == [(1, 4), (1, 4), (1, 4), (1, 4), (5, 5), (6, 6)]


def test_a_compound_statement_is_its_header_alone() -> None:
    text = """\
    @d(
        1)
    def f(a,
          b):

        # why
        if (a and
            b):
            c()
        else:
            d()
    match (
        x):
        case [
            1]: e()
    """
    assert lines_of(text, 2) == (1, 4)
    assert lines_of(text, 5) == (5, 5)
    assert lines_of(text, 6) == (6, 6)
    assert lines_of(text, 8) == (7, 8)
    assert lines_of(text, 9) == (9, 9)
    assert lines_of(text, 10) == (10, 10)
    assert lines_of(text, 12) == (12, 13)
    assert lines_of(text, 15) == (14, 15)


def test_statements_that_share_a_line_are_taken_together() -> None:
    assert lines_of("a = f(\n  1); b = g(\n  2)\n", 2) == (1, 3)
    assert lines_of("a = f(\n  1); b = g(\n  2)\n", 1) == (1, 2)


def test_an_expression_in_parentheses_is_a_statement_with_them() -> None:
    assert lines_of("(\n  f()\n)\n", 2) == (1, 3)
