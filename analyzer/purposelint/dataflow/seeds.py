"""Where the search begins: which functions name a source.

A project's own source may be read wherever its last name stands; where that is in hundreds of files, in those that may
meet its class (`purposelint.dataflow.vicinity`). A source of a rule pack whose name many files have (``key``,
``token``) is looked for in those only that also name the class or module that it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from purposelint.config.model import Annotations
from purposelint.config.patterns import CallStep, KeyStep, NameStep, Pattern
from purposelint.facts.program import Program
from purposelint.facts.syntax import (
    AnnAssign,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Call,
    ClassPattern,
    Const,
    Dict,
    For,
    ForClause,
    Formatted,
    Function,
    ImportFrom,
    Module,
    Name,
    Return,
)
from purposelint.facts.walking import last_name, nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 15
"""Files that may have the name of a rule pack's source before it is taken as common."""


class Seeds:
    """The names of the sources, file by file."""

    def __init__(self, program: Program, annotations: Annotations) -> None:
        self._program = program
        self._own = [
            pattern
            for source in annotations.sources
            if source.pack is None or source.pack == "comment"
            for pattern in source.match
        ]
        self.everywhere = frozenset(name for pattern in self._own for name in identifiers(pattern))
        self._confined: list[tuple[list[str], frozenset[str]]] = []
        self._packed = [
            (identifiers(pattern), qualifier(program, pattern))
            for source in annotations.sources
            if source.pack is not None and source.pack != "comment"
            for pattern in source.match
        ]
        self.names = self.everywhere.union(*(names for names, _ in self._packed))
        self._near: dict[str, frozenset[str]] = {}

    def confine(self, files: Mapping[Pattern, frozenset[str]]) -> None:
        """Have the sources of these patterns be read in these files alone, and all others everywhere."""
        free = (pattern for pattern in self._own if pattern not in files)
        self.everywhere = frozenset(name for pattern in free for name in identifiers(pattern))
        self._confined = [(identifiers(pattern), within) for pattern, within in files.items()]
        self._near.clear()

    def named_in(self, path: str) -> frozenset[str]:
        """The names by which sources may be read in a file."""
        known = self._near.get(path)
        if known is None:
            found = set(self.everywhere)
            found.update(name for names, within in self._confined if path in within for name in names)
            for names, owner in self._packed:
                if not owner or self._program.mentions(owner, within=(path,)):
                    found.update(names)
            known = self._near[path] = frozenset(found)
        return known

    def named_by(self, path: str, function: Function) -> bool:
        """Whether a function names a source."""
        return not self.named_in(path).isdisjoint(function.names)


def identifiers(pattern: Pattern) -> list[str]:
    """The identifiers that code must mention to match a pattern, as far as there are any."""
    last = pattern.steps[-1]
    found: list[str] = []
    if isinstance(last, KeyStep) and isinstance(last.key, str) and last.key.isidentifier():
        found.append(last.key)
    if (
        isinstance(last, CallStep)
        and last.params
        and all(isinstance(step, NameStep) and step.name == "**" for step in pattern.steps[:-1])
    ):
        return [str(param) for param in last.params if isinstance(param, str) and param.isidentifier()][:1]
    if not found:
        for step in reversed(pattern.steps):
            if isinstance(step, NameStep) and step.name not in ("*", "**"):
                found.append(step.name)
                break
            if isinstance(step, KeyStep) and isinstance(step.key, str) and step.key.isidentifier():
                found.append(step.key)
                break
    return found


def owner_of(pattern: Pattern) -> str:
    """The name before a pattern's last one, of a class or module; empty where there is none."""
    names = _names(pattern)
    return names[-2] if len(names) > 1 and isinstance(pattern.steps[-1], NameStep | CallStep) else ""


def qualifier(program: Program, pattern: Pattern) -> str:
    """What a file must name beside a pattern's common last name: its class or module; empty where it need not."""
    owner = owner_of(pattern)
    return owner if owner and not program.is_rare(_names(pattern)[-1], MAX_FILES) else ""


def is_named(machine: Machine, pattern: Pattern) -> bool:
    """Whether what a pattern begins with is there or named: a module, a variable or a class, of a model too."""
    first = pattern.steps[0]
    if not isinstance(first, NameStep) or first.name in ("*", "**") or len(pattern.steps) == 1:
        return True
    name, is_mentioned = first.name, machine.program.is_mentioned
    cls = class_name(name)
    own = (each for path in machine.program.paths for each in machine.modules.names_of(path))
    return (
        is_mentioned(name)
        or is_mentioned(cls)
        or any(each.partition(".")[0] == name for each in (*machine.models, *own))
    )


def class_name(name: str) -> str:
    """How a class is called that a pattern names as code names an instance: ``AdAccount`` for ``ad_account``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _names(pattern: Pattern) -> list[str]:
    return [step.name for step in pattern.steps if isinstance(step, NameStep) and step.name not in ("*", "**")]


def reads_attribute(facts: Module, function: Function, name: str) -> bool:
    """Whether a function may read an attribute of a name: as such, by a text that has the name in it, or as a variable
    that is imported from a module.
    """
    bound = name in facts.locals
    for node in nodes(function, facts):
        kind = type(node)
        if kind is Attribute and node.attr == name:
            return True
        if kind is Name and node.name == name and bound:
            return True
        if kind is ImportFrom and any(original == name for original, _ in node.names):
            return True
        if kind is Const and type(node.value) is str and name in node.value:
            return True
        if kind is ClassPattern and (node.positional or any(keyword == name for keyword, _ in node.keywords)):
            return True
    return False


def stores_attribute(facts: Module, function: Function, names: Iterable[str]) -> bool:
    """Whether a function stores into an attribute of one of some names."""
    wanted = set(names)
    for node in nodes(function, facts):
        targets: Iterable[object] = ()
        if type(node) is Assign:
            targets = nodes(tuple(node.targets), facts)
        elif type(node) is AnnAssign or type(node) is AugAssign:
            targets = (node.target,)
        if any(type(target) is Attribute and target.attr in wanted for target in targets):
            return True
    return False


def owners_of_key(pattern: Pattern) -> list[str]:
    """The names of what a key is of, or elements with it, where the pattern ends in one: ``json`` and ``request``."""
    *before, last = pattern.steps
    if not isinstance(last, KeyStep) or any(isinstance(step, KeyStep) and step.key is not None for step in before):
        return []
    names = [step.name for step in before if isinstance(step, NameStep)]
    return names[:-3:-1] if names and names[-1] not in ("*", "**") else []


def imports_from(facts: Module, names: list[str]) -> bool:
    """Whether a file imports the first of two names from a module that is called as the second one."""
    return len(names) > 1 and any(
        type(node) is ImportFrom
        and (node.module or "").rpartition(".")[2] == names[1]
        and any(original == names[0] for original, _ in node.names)
        for node in nodes(facts.body, facts)
    )


def hands_over(facts: Module, function: Function, name: str) -> bool:
    """Whether a function gives a call, a dict or a text the whole of what is named so, or an element of it.

    ``**request.json``, ``f(payload)``, ``for row in rows(): f(row)``.
    """
    names = {name}
    for node in nodes(function, facts):
        if type(node) is Assign and _last_name(node.value) == name:
            names.update(each.name for each in node.targets if isinstance(each, Name))
        elif (type(node) is For or type(node) is ForClause) and _last_name(node.iter) == name:
            names.update([node.target.name] if isinstance(node.target, Name) else [])
    for node in nodes(function, facts):
        if type(node) is Call and any(_last_name(each.value) in names for each in node.args):
            return True
        if type(node) is Binary and node.op in ("%", "|") and {_last_name(node.left), _last_name(node.right)} & names:
            return True
        if type(node) is Formatted and _last_name(node.value) in names:
            return True
        if type(node) is Dict and any(key is None and _last_name(value) in names for key, value in node.items):
            return True
    return False


def _last_name(node: object) -> str:
    """``f`` for ``f``, ``m.f`` and calls of them."""
    return last_name(node.func if isinstance(node, Call) else node)


def gives_nothing(function: Function) -> bool:
    """Whether a function returns nothing and yields nothing, whatever happens in it."""
    if function.is_generator or function.is_async:
        return False
    if any(type(node) is Return and node.value is not None for node in nodes(function.body)):
        return False
    return bool(function.body)


def texts_beside(facts: Module, text: str) -> list[str]:
    """The other texts among the arguments of calls with a text: ``setdefault(text, other)``."""
    found: list[str] = []
    for part in (facts.body, *facts.functions):
        if isinstance(part, Function) and text.isidentifier() and not part.mentions(text):
            continue
        for node in nodes(part, facts):
            given = [each.value.value for each in node.args if type(each.value) is Const] if type(node) is Call else []
            if text in given:
                found.extend(str(each) for each in given if isinstance(each, str) and each != text)
    return found
