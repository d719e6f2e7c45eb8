"""Make a program smaller that shows something: drop statements, put parts in the place of the whole."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

_AT_ONCE = 24


def reduced(text: str, show: Callable[[Sequence[str]], Sequence[bool]]) -> str:
    """Give a program that still shows what ``text`` shows, and of which nothing more can be left out.

    ``show`` tells of each of some programs whether it shows it; those that cannot be compiled are not asked.
    """
    text = ast.unparse(ast.parse(text))
    begin = 0
    while True:
        candidates = enumerate(_smaller(text))
        for _ in range(begin):
            next(candidates, None)
        while batch := list(islice(candidates, _AT_ONCE)):
            good = [(at, one) for at, one in batch if len(one) < len(text) and _compiles(one)]
            shown = [pair for pair, yes in zip(good, show([one for _, one in good]), strict=True) if yes]
            if shown:
                begin, text = min(shown, key=lambda pair: len(pair[1]))
                break
        else:
            if begin == 0:
                return text + "\n"
            begin = 0


def _compiles(text: str) -> bool:
    try:
        compile(text, "<candidate>", "exec")
    except SyntaxError:
        return False
    return True


def _smaller(text: str) -> Iterator[str]:
    """Give programs with one thing less, large things first."""
    count = sum(1 for _ in _changes(ast.parse(text)))
    for number in range(count):
        tree = ast.parse(text)
        next(islice(_changes(tree), number, None))()
        try:
            yield ast.unparse(ast.fix_missing_locations(tree))
        except (ValueError, AttributeError):
            continue


def _changes(tree: ast.AST) -> Iterator[Callable[[], None]]:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                yield from _changes_of_list(value)
            elif isinstance(value, ast.expr):
                yield from _changes_of_expression(node, name, value)


def _changes_of_list(items: list[object]) -> Iterator[Callable[[], None]]:
    for at, item in enumerate(items):
        if isinstance(item, ast.expr):
            for part in _parts(item):
                yield lambda at=at, part=part: items.__setitem__(at, part)  # type: ignore[misc]
        bodies = [getattr(item, name, None) or [] for name in ("body", "orelse", "finalbody")]
        if isinstance(item, ast.stmt) and any(isinstance(body, list) and body for body in bodies):
            inner = [statement for body in bodies for statement in body]
            yield lambda at=at, inner=inner: items.__setitem__(slice(at, at + 1), inner)  # type: ignore[misc]
        if isinstance(item, ast.stmt) and len(items) == 1:
            if not isinstance(item, ast.Pass):
                yield lambda: items.__setitem__(0, ast.Pass())
        else:
            yield lambda at=at: items.__delitem__(at)  # type: ignore[misc]


def _changes_of_expression(node: ast.AST, name: str, value: ast.expr) -> Iterator[Callable[[], None]]:
    for part in _parts(value):
        yield lambda part=part: setattr(node, name, part)  # type: ignore[misc]


def _parts(value: ast.expr) -> list[ast.expr]:
    called = {id(call.func) for call in ast.walk(value) if isinstance(call, ast.Call)}  # a method is no value here
    inner = [
        part for part in ast.walk(value) if isinstance(part, ast.expr) and part is not value and id(part) not in called
    ]
    if isinstance(value, ast.Name) and value.id.startswith("coin"):
        return [ast.Constant(True), ast.Constant(False)]
    if isinstance(value, (ast.Constant, ast.Name)):
        return []
    return [*(part for part in inner if not isinstance(part, ast.Constant)), ast.Constant("w")]
