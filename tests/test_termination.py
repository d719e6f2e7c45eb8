"""Every input ends in bounded time and stack, however large, deep or recursive it is, and what leaks is found."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import purposelint
from support.expectations import LANGUAGE

SECONDS = 60
"""Of the processor, for each program. They take one to five."""

_DEEP = 5_000
_CHAIN = 1_200  # LibCST takes time by the square of these: 5,000 terms take half a minute
_HEAD = "from probe import sink, source\n\n\n"


def _chain(operator: str, terms: int) -> str:
    return "def case():\n    sink(" + operator.join(["source()", *['"a"'] * terms]) + ")\n"


def _calls() -> str:
    inside = "f(" * 150 + "source()" + ")" * 150
    return f"def f(x):\n    return x\n\n\ndef case():\n    sink({inside})\n"


def _attributes() -> str:
    return "def case():\n    x = source()\n    sink(x" + ".strip()" * (_CHAIN // 4) + ")\n"


def _elif() -> str:
    arms = "".join(f"    elif n == {number}:\n        y = {number}\n" for number in range(1_000))
    return f"def case(n):\n    y = source()\n    if n == -1:\n        pass\n{arms}    sink(y)\n"


def _lines() -> str:
    body = "".join(f'    v{number % 50} = f"{{v{(number + 7) % 50}}}{number}"\n' for number in range(20_000))
    first = "".join(f'    v{number} = "a"\n' for number in range(50))
    return f"def case():\n{first}    v7 = source()\n{body}    sink(v45)\n"


def _branches() -> str:
    body = "".join(f"    if n > {number}:\n        x{number % 40} = x{(number + 1) % 40}\n" for number in range(2_000))
    first = "".join(f'    x{number} = "a"\n' for number in range(40))
    return f"def case(n):\n{first}    x1 = source()\n{body}    sink(x0)\n"


def _statements_of_containers() -> str:
    body = "".join(f"    d{number} = [d{number - 1}, source()]\n" for number in range(1, 2_000))
    return f"def case():\n    d0 = []\n{body}    sink(d1999)\n"


def _giant_list() -> str:
    items = ", ".join(map(str, range(20_000)))
    return f"def case():\n    x = [{items}, source()]\n    sink(x)\n"


def _giant_dict() -> str:
    items = ",\n".join(f'"k{number}": {{"a": {number}}}' for number in range(5_000))
    return f"TABLE = {{{items}}}\n\n\ndef case():\n    TABLE['k7'] = source()\n    sink(TABLE['k7'])\n"


def _giant_text() -> str:
    return f"def case():\n    x = {'a' * 2_000_000!r} + source()\n    sink(x)\n"


def _deep_literal() -> str:
    return "def case():\n    sink(" + "[" * 90 + "source()" + "]" * 90 + ")\n"


def _parentheses() -> str:
    return "def case():\n    sink(" + "(" * (_DEEP - 10) + "source()" + ")" * (_DEEP - 10) + ")\n"


def _conditionals() -> str:
    return "def case(n):\n    sink(" + '"a" if n else ' * 800 + "source())\n"


def _nested_functions() -> str:
    lines = [f"{'  ' * depth}def f{depth}(x):" for depth in range(60)]
    ends = [f"{'  ' * depth}return f{depth}(x)" for depth in range(59, 0, -1)]
    return "\n".join([*lines, "  " * 60 + "return x", *ends]) + "\n\n\ndef case():\n    sink(f0(source()))\n"


def _many_calls() -> str:
    functions = "".join(f"def f{n}(x):\n    return f{n + 1}(x) if x else f{n + 1}('a' + x)\n\n\n" for n in range(400))
    return f"{functions}def f400(x):\n    return x\n\n\ndef case():\n    sink(f0(source()))\n"


def _recursion() -> str:
    return (
        "def even(x, n, seen):\n    seen = {**seen, n: x}\n    return x if n == 0 else odd([x], n - 1, seen)\n\n\n"
        "def odd(x, n, seen):\n    return even((x, seen), n - 1, {n: seen}) or odd({'k': x}, n - 2, seen)\n\n\n"
        "def case(n):\n    sink(even(source(), n, {}))\n"
    )


def _growing() -> str:
    return (
        "class Node:\n    def __init__(self, value, rest):\n        self.value = value\n        self.rest = rest\n\n\n"
        "def case(n):\n    x = Node(source(), None)\n"
        "    while n:\n        n -= 1\n        x = Node(n, x)\n        x.f = {n: [x]}\n"
        "    sink(x.rest.rest.rest.value)\n"
    )


def _combinator() -> str:
    return "def case():\n    w = lambda f: f(f)\n    sink(source())\n    sink(w(w))\n"


def _closures_of_a_metaclass() -> str:
    names = ", ".join(f'"n{number}"' for number in range(40))
    return (
        "class Meta(type):\n    def __init__(cls, name, bases, namespace, names=()):\n"
        "        def getter(name):\n            key = f'_{name}'\n\n            def get(self):\n"
        "                return getattr(self, key)\n\n            return get\n\n"
        "        def setter(name):\n            key = f'_{name}'\n\n            def set(self, value):\n"
        "                setattr(self, key, value)\n\n            return set\n\n"
        "        def both(name):\n            return property(getter(name), setter(name))\n\n"
        "        def wrap(cls, name):\n            setattr(cls, name, both(name))\n\n"
        "        for name in names:\n            wrap(cls, name)\n\n\n"
        f"NAMES = {{{names}}}\n\n\nclass Record(metaclass=Meta, names=NAMES):\n"
        "    def shown(self):\n        return self.n7\n\n\n"
        "def case():\n    record = Record()\n    record.n7 = source()\n    sink(record.shown())\n"
    )


PROGRAMS: dict[str, Callable[[], str]] = {
    "sums": lambda: _chain(" + ", _CHAIN),
    "or": lambda: _chain(" or ", _DEEP),
    "calls": _calls,
    "methods": _attributes,
    "elif": _elif,
    "lines": _lines,
    "branches": _branches,
    "containers": _statements_of_containers,
    "list": _giant_list,
    "dict": _giant_dict,
    "text": _giant_text,
    "brackets": _deep_literal,
    "parentheses": _parentheses,
    "conditional expressions": _conditionals,
    "functions": _nested_functions,
    "calls of calls": _many_calls,
    "recursion": _recursion,
    "structures that grow": _growing,
    "a combinator": _combinator,
    "closures of a metaclass": _closures_of_a_metaclass,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_large_and_deep_programs_end_and_their_flow_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "large.py").write_text(_HEAD + PROGRAMS[name](), encoding="utf-8")
    begin = time.process_time()

    report = purposelint.analyse(tmp_path, LANGUAGE / "purposes.toml")

    assert {finding.code for finding in report.findings} == {"PUR001"}
    assert report.errors == ()
    assert time.process_time() - begin < SECONDS
