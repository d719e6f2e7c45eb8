"""Who puts things into what a module holds: tables of handlers, lists of plugins, buses with subscribers.

A module is run when a name of it is first used, and nobody uses the names of a module that is imported for what it
registers. So when a container or an instance is read from a module's variable or a class, the files are run first
whose top level hands something to it: by its name, or by what stores into it in its own file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import Ref, Value
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 15
"""Files that may name a registry or its functions; where more do, only those that name its module too."""

_HOLDS = frozenset({"dict", "list", "set", "instance"})


class Registration:
    """Runs what registers, once for each registry."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: set[tuple[str, str]] = set()

    def complete(self, path: str, name: str, value: Value) -> None:
        """Run what may have put something into the value of a module's variable, or of an attribute of a class there.

        Nothing is done while the module itself is run: what registers with it imports it, and comes later.
        """
        if path[:1] == "<" or (path, name) in self._known:
            return
        machine = self._machine
        if not any(type(atom) is Ref and _is_registry(machine.base.get(atom.oid)) for atom in value.atoms):
            return
        run = machine.loader.runs.get(path)
        if run is None or not run.done:
            return
        self._known.add((path, name))
        wanted = _verbs(run.facts, name)
        for each in self._files(path, sorted(wanted)):
            if each in machine.loader.runs or each == path:
                continue
            facts = machine.facts(each)
            if facts is not None and any(_acts(facts, statement, wanted) for statement in facts.body):
                machine.loader.load(each)

    def _files(self, path: str, names: Iterable[str]) -> list[str]:
        program = self._machine.program
        module = self._machine.modules.name_of(path).rpartition(".")[2]
        found: set[str] = set()
        for name in names:
            paths = program.mentions(name) if program.is_rare(name, MAX_FILES) else program.mentions(name, module)
            if len(paths) <= MAX_FILES:
                found.update(paths)
        return sorted(found)


def _is_registry(obj: Obj | None) -> bool:
    return obj is not None and (obj.kind in _HOLDS) and not (obj.kind == "instance" and not obj.cls.refs())


def _verbs(facts: s.Module, name: str) -> frozenset[str]:
    """The names by which a module's thing is handed something: its own, and those of what mentions it there."""
    found = {name}
    found.update(each.name for each in facts.functions if each.parent is None and each.mentions(name))
    owners = {each.cls for each in facts.functions if each.cls is not None and each.mentions(name)}
    found.update(facts.classes[number].name for number in owners)
    found.update(each.name for each in facts.classes if name in each.locals)
    return frozenset(each for each in found if not (each.startswith("__") and each.endswith("__")))


def _acts(facts: s.Module, statement: s.Statement, wanted: frozenset[str]) -> bool:
    """Whether a statement of the top level calls, decorates with, inherits or stores into one of some names."""
    match statement:
        case s.FunctionDef():
            return any(_names(expr) & wanted for expr in facts.functions[statement.function].decorators)
        case s.ClassDef():
            cls = facts.classes[statement.cls]
            named = (*cls.decorators, *(argument.value for argument in cls.bases))
            if any(_names(expr) & wanted for expr in named):
                return True
            return any(_acts(facts, each, wanted) for each in cls.body if isinstance(each, s.FunctionDef))
        case s.ExprStatement():
            return bool(_names(statement.value) & wanted)
        case s.Assign():
            stored = any(isinstance(target, s.Subscript | s.Attribute) for target in statement.targets)
            exprs = (*statement.targets, statement.value) if stored else (statement.value,)
            return any(_names(expr) & wanted for expr in exprs if not isinstance(expr, s.Name))
        case s.AugAssign():
            return bool(_names(statement.target) & wanted)
        case s.If():
            return any(_acts(facts, each, wanted) for each in (*statement.body, *statement.orelse))
        case s.For() | s.While():
            return any(_acts(facts, each, wanted) for each in (*statement.body, *statement.orelse))
        case s.With():
            return any(_acts(facts, each, wanted) for each in statement.body)
        case s.Try():
            return any(_acts(facts, each, wanted) for each in (*statement.body, *statement.orelse))
    return False


def registries_of(machine: Machine, path: str, function: s.Function) -> Iterator[str]:
    """The names of what a function is registered with: who calls it by way of that need not name it.

    Of decorators (``@bus.on(Joined)``, ``@receiver(joined)``) and of calls that are given the function
    (``joined.connect(greet)``, ``self.bus.subscribe("joined", self.greet)``).
    """
    for expr in function.decorators:
        yield from _registries(expr)
    rare = machine.program.is_rare(function.name, MAX_FILES)
    for each in machine.program.mentions(function.name) if rare else (path,):
        facts = machine.facts(each)
        if facts is None:
            continue
        bodies = [facts.body, *(other.body for other in facts.functions if other.mentions(function.name))]
        for node in (node for body in bodies for node in nodes(body, facts)):
            if type(node) is s.Call and any(_last(argument.value) == function.name for argument in node.args):
                yield from _registries(node)


def _registries(expr: s.Expr) -> Iterator[str]:
    """What a call is made on; of a function's (``receiver(joined)``), what it is given by name."""
    call = expr if isinstance(expr, s.Call) else None
    expr = expr if call is None else call.func
    if isinstance(expr, s.Attribute) and (name := _last(expr.value)):
        yield name
    elif call is not None and isinstance(expr, s.Name):
        yield from (name for argument in call.args if (name := _last(argument.value)))


def _last(expr: s.Expr) -> str:
    return expr.name if isinstance(expr, s.Name) else expr.attr if isinstance(expr, s.Attribute) else ""


def _names(expr: s.Expr) -> set[str]:
    """The names along a chain of calls, attributes and subscripts, and of what is called in its arguments."""
    return set(_along(expr, 0))


def _along(expr: s.Expr, depth: int) -> Iterator[str]:
    while True:
        if isinstance(expr, s.Call):
            if depth < 3:
                for argument in expr.args:
                    if isinstance(argument.value, s.Call):
                        yield from _along(argument.value, depth + 1)
            expr = expr.func
        elif isinstance(expr, s.Attribute):
            yield expr.attr
            expr = expr.value
        elif isinstance(expr, s.Subscript):
            expr = expr.value
        else:
            if isinstance(expr, s.Name):
                yield expr.name
            return
