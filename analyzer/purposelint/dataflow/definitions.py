"""What a pattern names: a definition of the project or of a library's model, under the name of who defines it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from purposelint.config.patterns import NameStep, Pattern, Step
from purposelint.dataflow.aliases import statements
from purposelint.facts.syntax import AnnAssign, Assign, AugAssign, ImportFrom, Module, Name

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine


class Definitions:
    """The project's modules, as patterns name what is in them."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._program = machine.program
        self._modules = machine.modules
        self._origins: dict[tuple[str, str], tuple[str, str]] = {}

    def _module_prefix(self, names: list[str]) -> tuple[str | None, int]:
        """The longest prefix of names that is a module of the project, and its length."""
        found: tuple[str | None, int] = (None, 0)
        for length in range(1, len(names) + 1):
            path = self._modules.absolute("", ".".join(names[:length]))
            if path is None:
                break
            found = (path, length)
        return found

    def defined(self, pattern: Pattern) -> bool:
        """Whether the project, or the model of a library, defines what a pattern names."""
        names = _leading_names(pattern.steps)
        if not names or not self._modules.defines_top(names[0]):
            return False
        path, length = self._module_prefix(names)
        if path is None:
            return False
        if length == len(names):
            return len(names) > 1 or len(pattern.steps) > len(names)
        if length > 1 or path.endswith("/"):
            return True
        facts = self._program.facts(path)
        return facts is not None and names[length] in facts.locals

    def hides(self, pattern: Pattern) -> bool:
        """Whether the project itself, and not a model of a library, defines what a pattern names."""
        path, _ = self._module_prefix(_leading_names(pattern.steps))
        return path is not None and not path.startswith("<") and self.defined(pattern)

    def canonical_steps(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """A pattern's steps under the name of the module that defines what it names."""
        for _ in range(8):
            names = _leading_names(steps)
            path, length = self._module_prefix(names)
            if path is None or length >= len(names) or path.endswith("/"):
                return steps
            facts = self._program.facts(path)
            moved = self._reexported(path, facts, names[length]) if facts is not None else None
            if moved is None:
                prefix = self._modules.name_of(path).split(".")
                return (*(NameStep(part) for part in prefix), *steps[length:])
            steps = (*(NameStep(part) for part in moved), *steps[length + 1 :])
        return steps

    def origin(self, path: str, name: str) -> tuple[str, str]:
        """The module that defines a variable which another one may only import, and its name there."""
        known = self._origins.get((path, name))
        if known is None:
            known = (path, name)
            facts = None if path.startswith("<") else self._program.facts(path.rstrip("/"))
            if facts is not None and not _is_rebound(facts, name):
                own = self._modules.name_of(path.rstrip("/")).split(".")
                names = _leading_names(self.canonical_steps((*map(NameStep, own), NameStep(name))))
                found, length = self._module_prefix(names)
                if found is not None and length == len(names) - 1:
                    known = (found, names[-1])
            self._origins[(path, name)] = known
        return known

    def _reexported(self, path: str, facts: Module, name: str) -> list[str] | None:
        for statement in statements(facts.body):
            if type(statement) is ImportFrom:
                for original, bound in statement.names:
                    if bound == name or original == "*":
                        target = self._machine.import_target(path, statement.module, statement.level)
                        if target is None:
                            if bound == name and not statement.level:
                                return [*statement.module.split("."), original]
                            continue
                        if original == "*":
                            inner = self._program.facts(target) if not target.endswith("/") else None
                            if inner is None or name not in inner.locals:
                                continue
                            return [*self._modules.name_of(target).split("."), name]
                        return [*self._modules.name_of(target.rstrip("/")).split("."), original]
            elif type(statement) is Assign and type(statement.value) is Name:
                for assigned in statement.targets:
                    if type(assigned) is Name and assigned.name == name and statement.value.name != name:
                        return [*self._modules.name_of(path).split("."), statement.value.name]
        return None


def _leading_names(steps: tuple[Step, ...]) -> list[str]:
    names: list[str] = []
    for step in steps:
        if type(step) is not NameStep or step.name in ("*", "**"):
            break
        names.append(step.name)
    return names


def _is_rebound(facts: Module, name: str) -> bool:
    """Whether a module gives a name that it imports a value of its own, whatever happens."""
    return any(
        (isinstance(each, Assign) and type(each.value) is not Name and _binds(each.targets, name))
        or (isinstance(each, AnnAssign | AugAssign) and _binds((each.target,), name))
        for each in facts.body
    )


def _binds(targets: Iterable[object], name: str) -> bool:
    return any(type(target) is Name and target.name == name for target in targets)
