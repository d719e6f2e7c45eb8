from __future__ import annotations

import pytest

from unit.syntax.shown import module, show, statement


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f()", "ExprStatement(Call(Name('f'), []))"),
        ("a = b = c", "Assign([Name('a'), Name('b')], Name('c'), None)"),
        ("a, *b = c", "Assign([Sequence('tuple', [Name('a'), Star(Name('b'))])], Name('c'), None)"),
        ("[a, (b.c, d[0])] = e", None),
        ("a @= b", "AugAssign(Name('a'), '@', Name('b'))"),
        ("a: int", "AnnAssign(Name('a'), Name('int'), None, None)"),
        ("a.b: int = 1", "AnnAssign(Attribute(Name('a'), 'b'), Name('int'), Const(1), None)"),
        ("del a, b[0]", "Delete([Name('a'), Subscript(Name('b'), Const(0))])"),
        ("del (a)", "Delete([Name('a')])"),
        ("raise A(b) from c", "Raise(Call(Name('A'), [Argument(Name('b'), None, '')]), Name('c'))"),
        ("raise", "Raise(None, None)"),
        ("assert a, b", "Assert(Name('a'), Name('b'))"),
        ("import a.b.c", "Import('a.b.c', None)"),
        ("import a.b.c as d", "Import('a.b.c', 'd')"),
        ("lazy import a", "Import('a', None)"),
        ("from ..a.b import c, d as e", "ImportFrom('a.b', 2, [['c', 'c'], ['d', 'e']])"),
        ("from . import (a)", "ImportFrom('', 1, [['a', 'a']])"),
        ("from a import *", "ImportFrom('a', 0, [['*', '*']])"),
        ("type X[T: int] = list[T]", "Assign([Name('X')], Subscript(Name('list'), Name('T')), None)"),
    ],
)
def test_a_simple_statement_is_lowered_to_its_fact(text: str, shown: str | None) -> None:
    inner = "Sequence('tuple', [Attribute(Name('b'), 'c'), Subscript(Name('d'), Const(0))])"
    assert statement(text) == (shown or f"Assign([Sequence('list', [Name('a'), {inner}])], Name('e'), None)")


def test_each_imported_module_is_a_statement() -> None:
    assert [show(each) for each in module("import a, b as c").body] == ["Import('a', None)", "Import('b', 'c')"]


def test_what_carries_no_data_is_dropped() -> None:
    text = '''
        """Docs."""
        pass
        ...
        1
        "a" "b"
        global x
        def f():
            """Docs."""
            nonlocal y
    '''
    facts = module(text)
    assert [type(each).__name__ for each in facts.body] == ["FunctionDef"]
    assert facts.functions[0].body == ()


def test_a_formatted_string_that_stands_alone_is_kept() -> None:
    assert statement("f'{a()}'").startswith("ExprStatement(Joined(")


def test_statements_on_one_line_are_several() -> None:
    assert len(module("a = 1; b = 2; c()").body) == 3
    assert statement("if a: b(); c()").count("ExprStatement") == 2


def test_elif_is_an_if_in_orelse() -> None:
    assert statement("if a: b()\nelif c: d()\nelse: e()\n") == (
        "If(Name('a'), [ExprStatement(Call(Name('b'), []))],"
        " [If(Name('c'), [ExprStatement(Call(Name('d'), []))], [ExprStatement(Call(Name('e'), []))])])"
    )


def test_loops_have_their_else() -> None:
    assert statement("while a:\n  break\nelse:\n  b()\n") == (
        "While(Name('a'), [Break()], [ExprStatement(Call(Name('b'), []))])"
    )
    assert statement("for a, b in *c, d:\n  continue\n") == (
        "For(Sequence('tuple', [Name('a'), Name('b')]), Sequence('tuple', [Star(Name('c')), Name('d')]),"
        " [Continue()], [], False)"
    )


def test_async_loops_and_contexts_say_so() -> None:
    loop, context = module("async def f():\n  async for a in b: c()\n  async with d as e, g: c()\n").functions[0].body
    assert show(loop).endswith("[], True)")
    assert show(context).startswith("With([WithItem(Name('d'), Name('e')), WithItem(Name('g'), None)]")
    assert show(context).endswith("True)")


def test_contexts_in_parentheses_are_several_items() -> None:
    assert statement("with (a as b.c, d): e()") == (
        "With([WithItem(Name('a'), Attribute(Name('b'), 'c')), WithItem(Name('d'), None)],"
        " [ExprStatement(Call(Name('e'), []))], False)"
    )


def test_try_has_handlers_else_and_finally() -> None:
    text = "try: a()\nexcept A as e: b()\nexcept: c()\nelse: d()\nfinally: f()\n"
    assert statement(text) == (
        "Try([ExprStatement(Call(Name('a'), []))],"
        " [Handler(Name('A'), 'e', [ExprStatement(Call(Name('b'), []))]),"
        " Handler(None, None, [ExprStatement(Call(Name('c'), []))])],"
        " [ExprStatement(Call(Name('d'), []))], [ExprStatement(Call(Name('f'), []))], False)"
    )


def test_exceptions_without_parentheses_are_a_tuple() -> None:
    assert statement("try: pass\nexcept A, B: pass\n") == (
        "Try([], [Handler(Sequence('tuple', [Name('A'), Name('B')]), None, [])], [], [], False)"
    )


def test_exception_groups_are_starred() -> None:
    assert statement("try: pass\nexcept* A as e: pass\n") == "Try([], [Handler(Name('A'), 'e', [])], [], [], True)"


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("_", "CapturePattern(None, None)"),
        ("a", "CapturePattern(None, Name('a'))"),
        ("1 | 'b'", "OrPattern([ValuePattern(Const(1)), ValuePattern(Const('b'))])"),
        ("-1", "ValuePattern(Unary('-', Const(1)))"),
        ("None", "ValuePattern(Const(None))"),
        ("a.b", "ValuePattern(Attribute(Name('a'), 'b'))"),
        ("(1 as c)", "CapturePattern(ValuePattern(Const(1)), Name('c'))"),
        ("a, *b", "SequencePattern([CapturePattern(None, Name('a')), StarPattern(Name('b'))])"),
        ("[*_]", "SequencePattern([StarPattern(None)])"),
        ("(a,)", "SequencePattern([CapturePattern(None, Name('a'))])"),
        ("{'k': a, **b}", "MappingPattern([[Const('k'), CapturePattern(None, Name('a'))]], Name('b'))"),
        (
            "C(a, k=1)",
            "ClassPattern(Name('C'), [CapturePattern(None, Name('a'))], [['k', ValuePattern(Const(1))]])",
        ),
    ],
)
def test_a_pattern_is_lowered_to_its_fact(pattern: str, shown: str) -> None:
    assert statement(f"match x:\n  case {pattern} if g: pass\n") == f"Match(Name('x'), [Case({shown}, Name('g'), [])])"


def test_names_of_newer_keywords_are_names() -> None:
    assert statement("match = case(type, _, lazy)").startswith("Assign([Name('match')], Call(Name('case')")


def test_the_lines_of_a_statement_may_be_joined_in_every_way() -> None:
    assert statement("a = 1 + \\\n  b") == statement("a = (1 +\n\n  # c\nb)") == statement("\ufeffa = 1 + b")
    assert statement("if a:\r\n\tb()\r\n") == statement("if a:\n  b()")
