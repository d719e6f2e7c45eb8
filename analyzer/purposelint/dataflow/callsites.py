"""The constants that a function is called with, where it is called by its name alone, and by all with constants.

A function that names a source is run on its own, on arguments of which nothing is known. If it is a plain function of a
module and everybody who names it calls it, and gives a literal for a parameter, then that is all the parameter can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from purposelint.dataflow.values import Value, join_all, literal
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 5
"""Files that may mention a function, or it and its module; where more do, its callers are not looked at."""
MAX_CALLS = 8

_TOP = -1

_Uses = dict[str, list["s.Call | None"]]


class CallSites:
    """Finds the calls of a function by its name, and remembers them by file and outermost function."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._uses: dict[tuple[str, int], _Uses] = {}

    def constants(self, path: str, function: s.Function, position: int) -> Value | None:
        """What the parameter at a position may be; None where that is not known."""
        param = function.params[position]
        if function.cls is not None or function.parent is not None or function.decorators:
            return None
        if param.kind not in ("positional", "normal", "keyword"):
            return None
        calls: list[s.Call | None] = []
        for each in self._files(path, function.name):
            for uses in self._of(each, function.name):
                calls.extend(uses.get(function.name, ()))
        if not calls or len(calls) > MAX_CALLS:
            return None
        found = [None if call is None else _given(call, param, position) for call in calls]
        return None if None in found else join_all([value for value in found if value is not None])

    def _files(self, path: str, name: str) -> list[str]:
        """Where a function may be called: a common name where its module is named too, if no package hands it on."""
        program = self._machine.program
        if program.is_rare(name, MAX_FILES):
            paths = {path, *program.mentions(name)}
        else:
            paths = {path, *program.mentions(name, self._machine.modules.name_of(path).rpartition(".")[2])}
            if any(each.endswith("__init__.py") for each in paths):
                return []
        return sorted(paths) if len(paths) <= MAX_FILES else []

    def _of(self, path: str, name: str) -> Iterator[_Uses]:
        """What is named in a file: at its top level, and in the outermost functions that mention ``name``."""
        facts = self._machine.facts(path)
        if facts is None:
            return
        yield self._in(path, _TOP, facts)
        for number, function in enumerate(facts.functions):
            if function.parent is None and function.mentions(name):
                yield self._in(path, number, facts)

    def _in(self, path: str, number: int, facts: s.Module) -> _Uses:
        """Who is named in a function, or at the top level: its calls, and None for every other use."""
        uses = self._uses.get((path, number))
        if uses is not None:
            return uses
        uses = self._uses[(path, number)] = {}
        called: set[int] = set()
        for node in _top(facts) if number == _TOP else nodes(facts.functions[number], facts):
            if isinstance(node, s.Call) and isinstance(node.func, s.Name | s.Attribute):
                called.add(node.func.ref)
                name = node.func.name if isinstance(node.func, s.Name) else node.func.attr
                uses.setdefault(name, []).append(node)
            elif isinstance(node, s.Name | s.Attribute) and node.ref not in called:
                uses.setdefault(node.name if isinstance(node, s.Name) else node.attr, []).append(None)
            elif isinstance(node, s.Const) and isinstance(node.value, str) and node.value.isidentifier():
                uses.setdefault(node.value, []).append(None)
            elif isinstance(node, s.ImportFrom):
                for name, bound in node.names:
                    if name != bound:
                        uses.setdefault(name, []).append(None)
        return uses


def _top(facts: s.Module) -> Iterator[Any]:
    """The nodes of a module's body and of the classes outside functions, without those of functions."""
    yield from nodes(facts.body)
    for each in facts.classes:
        if each.parent is None:
            yield from nodes((each.decorators, each.bases, each.body))


def _given(call: s.Call, param: s.Parameter, position: int) -> Value | None:
    """The literal that a call gives for a parameter, or the parameter's default."""
    if any(argument.star for argument in call.args):
        return None
    plain = [argument.value for argument in call.args if argument.name is None]
    named = [argument.value for argument in call.args if argument.name == param.name]
    given = named[0] if named else param.default
    if param.kind != "keyword" and position < len(plain):
        given = plain[position]
    return literal(given.value) if isinstance(given, s.Const) and given.value is not ... else None
