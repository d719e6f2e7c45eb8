from __future__ import annotations

import sys
import threading

import pytest

from purposelint.syntax import UnreadableSource, locate, lower, run_deep
from purposelint.syntax.deep import is_deep
from purposelint.syntax.nesting import MAX_BRACKETS, MAX_CHAINED, MAX_OPERANDS, MAX_PARENTHESES, nests_too_deeply


@pytest.mark.parametrize(
    "text",
    [
        "+".join("a" * 1500),
        " and ".join("a" * 5000),
        "(" * 1500 + "a" + ")" * 1500,
        "a" + ".b" * 1500,
        "not " * 1500 + "a",
        "[" * 150 + "]" * 150,
        "if a: pass\n" + "elif a: b\n" * 3000,
    ],
    ids=["sum", "and", "parentheses", "attributes", "not", "lists", "elif"],
)
def test_code_nests_deeply(text: str) -> None:
    source = text.encode() + b"\n"
    lower(source)
    assert locate(source, [0])[0].line == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "f(" * 1_000 + ")" * 1_000,
        "-" * 100_000 + "a",
        "not " * 50_000 + "a",
        "(" * 50_000,
        "x = 1\n" + "{" * 3_000,
        "x = a" + ".b()" * 5_000,
        "x = (a" + "\n.b(1, '+')" * 5_000 + ")",
        "x = a" + "[0]" * 5_000,
        "x = a" + " + b" * 50_000,
    ],
)
def test_what_nests_beyond_all_bounds_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableSource, match="nested too deeply"):
        lower(text.encode())


def test_the_bounds_are_told_with_their_line() -> None:
    assert nests_too_deeply(b"a\n" + b"[" * (MAX_BRACKETS + 1)) == 2
    assert nests_too_deeply(b"a\n" + b"[" * MAX_BRACKETS) is None
    assert nests_too_deeply(b"\n\n" + b"(" * (MAX_PARENTHESES + 1)) == 3
    assert nests_too_deeply(b"(" * (MAX_PARENTHESES - 1)) is None


def test_long_chains_are_told_with_their_line() -> None:
    assert nests_too_deeply(b"a\nb" + b".c()" * (MAX_CHAINED + 1)) == 2
    assert nests_too_deeply(b"b" + b".c()" * MAX_CHAINED) is None
    assert nests_too_deeply(b"a\n\nb" + b"*c" * (MAX_OPERANDS + 1)) == 3
    assert nests_too_deeply(b"b" + b"*c" * MAX_OPERANDS) is None


def test_many_short_chains_are_no_long_one() -> None:
    assert nests_too_deeply(b"a.b().c()\n" * MAX_CHAINED) is None
    assert nests_too_deeply(b"x = [" + b"a.b().c(),\n" * MAX_CHAINED + b"]\n") is None
    assert nests_too_deeply(b"x = {" + b"-1: 'a + b' + c,\n" * MAX_OPERANDS + b"}\n") is None
    assert nests_too_deeply(b"a + b.c()(1)\n# -----\n" * MAX_OPERANDS) is None


def test_brackets_in_strings_and_comments_do_not_nest() -> None:
    lines = b"x = ':('  # {\ny = '''[\n'\n'''\nz = \"\\\"(\"\n"
    assert nests_too_deeply(lines * 2 * MAX_BRACKETS) is None
    assert nests_too_deeply(b"f(':(',\n" * 2 * MAX_BRACKETS) is not None


def test_lines_of_dashes_are_no_operators() -> None:
    assert nests_too_deeply((b"# " + b"-" * 79 + b"\n") * 1000) is None


def test_run_deep_gives_back_what_the_function_gives() -> None:
    def depth(levels: int) -> int:
        return 0 if levels == 0 else 1 + depth(levels - 1)

    before = sys.getrecursionlimit()
    assert run_deep(depth, 20_000) == 20_000
    assert sys.getrecursionlimit() == before


def test_run_deep_raises_what_the_function_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        run_deep(lambda: 1 // 0)


@pytest.mark.skipif(sys.platform != "linux", reason="page faults of one thread are counted on Linux alone")
def test_calls_in_deep_code_ask_the_system_for_no_memory() -> None:
    import resource  # noqa: PLC0415

    def leaf() -> None:
        pass

    def calling_at_each_depth(left: int) -> None:
        for _ in range(1000):
            leaf()
        if left:
            calling_at_each_depth(left - 1)

    def faults() -> int:
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        calling_at_each_depth(600)
        return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before

    # With chunks of 16 KiB it is 1000 or more for each chunk whose end the calls cross.
    assert run_deep(faults) < 500


def test_run_deep_stays_in_a_thread_that_is_deep() -> None:
    def inside() -> tuple[int, int]:
        return threading.get_ident(), run_deep(threading.get_ident)

    outer, inner = run_deep(inside)
    assert outer == inner != threading.get_ident()
    assert not is_deep()
