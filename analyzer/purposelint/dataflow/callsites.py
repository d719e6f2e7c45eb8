"""The constants that a function is called with, where it is called by its name alone, and by all with constants.

A function that names a source is run on its own, on arguments of which nothing is known. If it is a plain function of a
module and everybody who names it calls it, and gives a literal for a parameter, then that is all the parameter can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposelint.dataflow.values import Value, join_all, literal
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 5
"""Files that may mention a function, or it and its module; where more do, its callers are not looked at."""
MAX_CALLS = 8

_Uses = dict[str, list["s.Call | None"]]


class CallSites:
    """Finds the calls of a function by its name, and remembers them by file."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._uses: dict[str, _Uses] = {}

    def constants(self, path: str, function: s.Function, position: int) -> Value | None:
        """What the parameter at a position may be; None where that is not known."""
        param = function.params[position]
        if function.cls is not None or function.parent is not None or function.decorators:
            return None
        if param.kind not in ("positional", "normal", "keyword"):
            return None
        calls: list[s.Call | None] = []
        for each in self._files(path, function.name):
            calls.extend(self._of(each).get(function.name, ()))
        if not calls or len(calls) > MAX_CALLS:
            return None
        found = [None if call is None else _given(call, param, position) for call in calls]
        return None if None in found else join_all([value for value in found if value is not None])

    def _files(self, path: str, name: str) -> list[str]:
        """Where a function may be called: a common name where its module is named too, if no package hands it on."""
        paths = {path, *self._machine.program.mentions(name)}
        if len(paths) > MAX_FILES:
            module = self._machine.modules.name_of(path).rpartition(".")[2]
            paths = {path, *paths.intersection(self._machine.program.mentions(module))}
            if any(each.endswith("__init__.py") for each in paths):
                return []
        return sorted(paths) if len(paths) <= MAX_FILES else []

    def _of(self, path: str) -> _Uses:
        """Who is named in a file: its calls, and None for every other use."""
        uses = self._uses.get(path)
        if uses is None:
            uses = self._uses[path] = {}
            facts = self._machine.facts(path)
            called: set[int] = set()
            for node in () if facts is None else nodes(facts.body, facts):
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
