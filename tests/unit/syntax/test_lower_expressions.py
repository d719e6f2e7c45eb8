from __future__ import annotations

import pytest

from purposelint.syntax.literals import integer_value
from unit.syntax.shown import expression, statement


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x", "Name('x')"),
        ("a.b", "Attribute(Name('a'), 'b')"),
        ("(((x)))", "Name('x')"),
        ("None", "Const(None)"),
        ("__debug__", "Const(True)"),
        ("...", "Const(Ellipsis)"),
        ("-1", "Unary('-', Const(1))"),
        ("not a", "Unary('not', Name('a'))"),
        ("a @ b", "Binary('@', Name('a'), Name('b'))"),
        ("a if b else c", "Conditional(Name('b'), Name('a'), Name('c'))"),
        ("await x", "Await(Name('x'))"),
        ("(y := 1)", "Walrus(Name('y'), Const(1))"),
        ("[a, *b]", "Sequence('list', [Name('a'), Star(Name('b'))])"),
        ("{a, b}", "Sequence('set', [Name('a'), Name('b')])"),
        ("a,", "Sequence('tuple', [Name('a')])"),
        ("()", "Sequence('tuple', [])"),
        ("{}", "Dict([])"),
        ("{a: b, **c}", "Dict([[Name('a'), Name('b')], [None, Name('c')]])"),
    ],
)
def test_an_expression_is_lowered_to_its_fact(text: str, shown: str) -> None:
    assert expression(text) == shown


def test_a_call_has_arguments_of_every_kind() -> None:
    assert expression("f(a, *b, k=1, **c)") == (
        "Call(Name('f'), [Argument(Name('a'), None, ''), Argument(Name('b'), None, '*'),"
        " Argument(Const(1), 'k', ''), Argument(Name('c'), None, '**')])"
    )


def test_boolean_operators_are_flattened_where_they_are_the_same() -> None:
    assert expression("a and b and c") == "Boolean('and', [Name('a'), Name('b'), Name('c')])"
    assert expression("a and (b and c)") == "Boolean('and', [Name('a'), Name('b'), Name('c')])"
    assert expression("a and b or c") == "Boolean('or', [Boolean('and', [Name('a'), Name('b')]), Name('c')])"


def test_a_chained_comparison_keeps_its_operators() -> None:
    assert expression("a < b is not c") == "Compare(Name('a'), [['<', Name('b')], ['is not', Name('c')]])"
    assert expression("a not in b") == "Compare(Name('a'), [['not in', Name('b')]])"


def test_several_keys_make_a_tuple_and_one_does_not() -> None:
    assert expression("a[0]") == "Subscript(Name('a'), Const(0))"
    assert expression("a[0,]") == "Subscript(Name('a'), Sequence('tuple', [Const(0)]))"
    assert expression("a[1:b, ::2]") == (
        "Subscript(Name('a'), Sequence('tuple', [Slice(Const(1), Name('b'), None), Slice(None, None, Const(2))]))"
    )
    assert expression("a[*b]") == "Subscript(Name('a'), Sequence('tuple', [Star(Name('b'))]))"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x_ff", 255),
        ("0o17", 15),
        ("0b1_1", 3),
        ("1_000", 1000),
        ("00", 0),
        ("1_0.5_0e1", 105.0),
        (".5", 0.5),
        ("2J", 2j),
    ],
)
def test_a_number_has_its_value(text: str, value: complex) -> None:
    assert expression(text) == f"Const({value!r})"


def test_a_number_longer_than_python_converts_at_once_has_its_value() -> None:
    assert integer_value("1" + "0" * 9_000) == 10**9_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'a\n\x41\u00e9\U0001f600'", "a\nAé\U0001f600"),
        ("''", ""),
        ("''''''", ""),
        ("'''a'b'''", "a'b"),
        (r"r'\n'", "\\n"),
        (r"'\d'", "\\d"),
        (r"'\101\0'", "A\0"),
        ("'a\\\nb'", "ab"),
        (r"b'\x41\u0041\777'", b"A\\u0041\xff"),
        (r"Rb'\x'", b"\\x"),
        ("'a' \"b\"", "ab"),
        ("b'a' b'b'", b"ab"),
        ("'''a\r\nb'''", "a\nb"),
        (r"'\N{BULLET}\N{no such name}'", "\u2022\\N{no such name}"),
    ],
)
def test_a_string_has_its_value(text: str, value: str | bytes) -> None:
    assert expression(text) == f"Const({value!r})"


def test_equal_identifiers_are_one_however_they_are_written_but_strings_are_not() -> None:
    assert expression("ﬁeld") == "Name('field')"
    assert expression("'ﬁeld'") == "Const('ﬁeld')"


def test_an_f_string_has_texts_and_fields() -> None:
    assert expression(r"f'a{{\x41{b!r:>{w}}'") == (
        "Joined([Const('a{A'), Formatted(Name('b'), 'r', [Const('>'), Formatted(Name('w'), '', [], False)], False)],"
        " False)"
    )
    assert expression("f'{x=}'") == "Joined([Formatted(Name('x'), '', [], True)], False)"


def test_an_f_string_without_fields_is_a_constant_and_a_template_is_not() -> None:
    assert expression("f'a{{}}'") == "Const('a{}')"
    assert expression("t'a'") == "Joined([Const('a')], True)"


def test_strings_side_by_side_are_one() -> None:
    assert expression("'https://' 'x/' f'{a}' '/' r'\\d'") == (
        "Joined([Const('https://x/'), Formatted(Name('a'), '', [], False), Const('/\\\\d')], False)"
    )


def test_f_strings_nest_with_the_same_quotes() -> None:
    assert expression('f"{f"{a["k"]}"}"') == (
        "Joined([Formatted(Joined([Formatted(Subscript(Name('a'), Const('k')), '', [], False)], False),"
        " '', [], False)], False)"
    )


def test_yield_may_delegate() -> None:
    assert expression("yield") == "Yield(None, False)"
    assert expression("yield a, *b") == "Yield(Sequence('tuple', [Name('a'), Star(Name('b'))]), False)"
    assert expression("yield from a") == "Yield(Name('a'), True)"


def test_a_variable_of_a_comprehension_is_its_own() -> None:
    assert statement("[x for x in x if x]") == (
        "ExprStatement(Comprehension('list', None, Name('x@1'),"
        " [ForClause(Name('x@1'), Name('x'), [Name('x@1')], False)]))"
    )


def test_a_later_clause_sees_the_variables_of_the_comprehension() -> None:
    assert statement("{k: v async for k in ks for v in k}") == (
        "ExprStatement(Comprehension('dict', Name('k@1'), Name('v@1'),"
        " [ForClause(Name('k@1'), Name('ks'), [], True), ForClause(Name('v@1'), Name('k@1'), [], False)]))"
    )


def test_comprehensions_in_one_another_keep_their_variables_apart() -> None:
    assert statement("[[x for x in x] for x in xs]") == (
        "ExprStatement(Comprehension('list', None,"
        " Comprehension('list', None, Name('x@4'), [ForClause(Name('x@4'), Name('x@1'), [], False)]),"
        " [ForClause(Name('x@1'), Name('xs'), [], False)]))"
    )


def test_a_comprehension_may_assign_to_what_is_no_name() -> None:
    assert "ForClause(Attribute(Name('o'), 'a'), Name('xs'), [], False)" in statement("[o.a for o.a in xs]")


def test_a_comprehension_may_spread() -> None:
    assert statement("[*x for x in xs]").startswith("ExprStatement(Comprehension('list', None, Star(Name('x@1')),")
    assert statement("{**x for x in xs}").startswith("ExprStatement(Comprehension('dict', None, Name('x@1'),")
