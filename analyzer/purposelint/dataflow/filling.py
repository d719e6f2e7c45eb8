"""What functions put into a variable that its module or class leaves empty: a cache, a registry, the one of a kind.

A function that reads such a variable does not say what is in it. When it is read for the first time, the functions
are run that store into it, as far as that matters for it: what they leave there is known from then on, and data that
comes by what they leave has a way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from purposelint.dataflow.aliases import statements
from purposelint.dataflow.values import NOTHING, Const, Ref, Value
from purposelint.facts import syntax as s
from purposelint.facts.walking import last_name, nodes

if TYPE_CHECKING:
    from purposelint.dataflow.heap import Obj
    from purposelint.dataflow.machine import Machine

MAX_FILES = 5
"""Files other than the variable's own that may name it; where more do, only its own is looked at."""
MAX_WRITERS = 4
"""Functions that are run for one variable."""

_FILLS = frozenset({"add", "append", "appendleft", "extend", "insert", "put", "set", "setdefault", "update"})


class Filling:
    """Runs what fills a variable, once for each."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: set[tuple[str, str]] = set()
        self._asked: set[tuple[int, str]] = set()

    def complete(self, path: str, name: str, value: Value) -> bool:
        """Run what may fill the value of a module's variable; whether anything was run."""
        if path[:1] == "<" or (path, name) in self._known:
            return False
        machine = self._machine
        run = machine.loader.runs.get(path)
        if run is None or not run.done or not self._is_empty(value, 0):
            return False
        if not _is_assigned(run.facts, name):
            # It is imported: whose variable it is asks for itself.
            return False
        self._known.add((path, name))
        owner = frozenset[str]()
        if machine.program.is_rare(name, MAX_FILES):
            owner = frozenset((machine.modules.name_of(path).rpartition(".")[2],))
        writers = self._writers(path, name, owner, lambda facts, function, own: fills(facts, function, name, own=own))
        return self._run(writers, machine.loader.module_oid(path), name, value)

    def complete_class(self, cls: int, name: str) -> None:
        """Run what may fill an attribute of a class, where its body says that it is empty."""
        if (cls, name) in self._asked:
            return
        self._asked.add((cls, name))
        machine = self._machine
        obj = machine.base.get(cls)
        value = None if obj is None or obj.kind != "class" else obj.attrs.get(name)
        if obj is None or value is None or len(obj.data) < 2 or not self._is_empty(value, 0):
            return
        path, number = str(obj.data[0]), obj.data[1]
        facts = None if path[:1] == "<" or not isinstance(number, int) else machine.facts(path)
        if facts is None or not isinstance(number, int):
            return
        owner = facts.classes[number].name
        writers = self._writers(
            path,
            name,
            frozenset((owner,)) if machine.program.is_rare(owner, MAX_FILES) else frozenset(),
            lambda facts, function, own: fills_class(facts, function, owner, name, number if own else None),
        )
        self._run(writers, cls, name, value)

    def _run(self, writers: Iterator[int], holder: int, name: str, value: Value) -> bool:
        machine = self._machine
        before = {oid: machine.base[oid] for oid in (holder, *value.refs()) if oid in machine.base}
        found = list(islice(writers, MAX_WRITERS))
        for func in found:
            machine.run_for(func, name)
        for oid, old in before.items():
            self._forget(oid, old, name if oid == holder else None)
        return bool(found)

    def _forget(self, oid: int, old: Obj, name: str | None) -> None:
        """Have an object be what it was where what was put into it says nothing: what is known is known exactly."""
        base = self._machine.base
        new = base[oid]
        if name is not None:
            held, was = new.attrs.get(name, NOTHING), old.attrs.get(name, NOTHING)
            if held != was and not held.tags and set(held.refs()) <= set(was.refs()):
                base[oid] = new.copy()
                base[oid].attrs[name] = was
        elif new is not old and new.kind in ("list", "dict", "set"):
            told = [*new.items.values(), *(() if new.rest is None else (new.rest,))]
            known = {each for value in old.values() for each in value.refs()}
            if not new.tags and not any(value.tags or set(value.refs()) - known for value in told):
                base[oid] = old

    def _is_empty(self, value: Value, depth: int) -> bool:
        """Whether a value is None, a container of such values, or an object of a library whose state is its own."""
        if not value.atoms or value.tags:
            return False
        for atom in value.atoms:
            if type(atom) is Const and atom.value is None:
                continue
            obj = self._machine.base.get(atom.oid) if type(atom) is Ref else None
            if obj is None or obj.open or depth > 1:
                return False
            if obj.kind in ("list", "dict", "set"):
                held = [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]
                if not all(self._is_empty(each, depth + 1) for each in held):
                    return False
            elif obj.kind != "instance" or not self._is_of_library(obj.cls):
                return False
        return True

    def _is_of_library(self, cls: Value) -> bool:
        held = [self._machine.base.get(atom.oid) if type(atom) is Ref else None for atom in cls.atoms]
        return bool(held) and all(obj is not None and obj.data and str(obj.data[0])[:1] == "<" for obj in held)

    def _writers(
        self, path: str, name: str, owner: frozenset[str], stores: Callable[[s.Module, s.Function, bool], bool]
    ) -> Iterator[int]:
        """The functions of a variable's file, and of those that name its owner too, that store into it."""
        machine = self._machine
        others = [each for each in machine.program.mentions(name, *owner) if each != path] if owner else []
        for each in (path, *others):
            facts = machine.facts(each)
            for number, function in enumerate(facts.functions if facts is not None else ()):
                if function.parent is not None or not function.mentions(name):
                    continue
                assert facts is not None
                if not stores(facts, function, each == path):
                    continue
                if machine.loader.load(each) is None:
                    break
                func = machine.functions.get((each, number))
                if func is not None and func in machine.base:
                    yield func


def _is_assigned(facts: s.Module, name: str) -> bool:
    for statement in statements(facts.body):
        targets = statement.targets if isinstance(statement, s.Assign) else ()
        if isinstance(statement, s.AnnAssign):
            targets = (statement.target,)
        if any(isinstance(target, s.Name) and target.name == name for target in targets):
            return True
    return False


def fills(facts: s.Module, function: s.Function, name: str, *, own: bool) -> bool:
    """Whether a function stores into a variable of a module, of its ``own`` or of another that it names."""
    if name in function.locals and name not in function.globals:
        return False
    for target, assigned in _filled(facts, function):
        if type(target) is s.Name and assigned:
            if target.name == name and name in function.globals:
                return True
        elif _leads_to(target, name, own=own):
            return True
    return False


def fills_class(facts: s.Module, function: s.Function, owner: str, name: str, number: int | None) -> bool:
    """Whether a function stores into an attribute of a class, or into what is there.

    ``number`` is the class in the function's own file, whose class methods call it by another name.
    """
    names = {owner}
    if number is not None and function.cls == number and function.params:
        names.update(function.params[0].name for each in function.decorators if last_name(each) == "classmethod")
    for target, _ in _filled(facts, function):
        expr: object = target
        while type(expr) is s.Attribute or type(expr) is s.Subscript:
            if type(expr) is s.Attribute and expr.attr == name and last_name(expr.value) in names:
                return True
            expr = expr.value
    return False


def _filled(facts: s.Module, function: s.Function) -> Iterator[tuple[s.Expr, bool]]:
    """What a function assigns to, and what it calls a method of that fills a container; which of both."""
    for node in nodes(function.body, facts):
        if type(node) is s.Assign:
            yield from ((target, True) for target in node.targets)
        elif type(node) is s.AnnAssign or type(node) is s.AugAssign:
            yield node.target, True
        elif type(node) is s.Call and type(node.func) is s.Attribute and node.func.attr in _FILLS:
            yield node.func.value, False


def _leads_to(expr: object, name: str, *, own: bool) -> bool:
    """Whether a chain of attributes and keys begins with a variable, or with another module's attribute."""
    while True:
        if type(expr) is s.Attribute:
            if not own and expr.attr == name and type(expr.value) is s.Name:
                return True
            expr = expr.value
        elif type(expr) is s.Subscript:
            expr = expr.value
        else:
            return type(expr) is s.Name and expr.name == name
