"""Which names of a module have values that hang on other files of the project.

Rather too many than too few: a variable that is assigned something made of what is imported from there, a class that
inherits or is decorated with it, whatever a statement at the top level names together with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine


def hanging_names(machine: Machine, path: str, facts: s.Module) -> frozenset[str] | None:
    """The names of a module whose values hang on other files of the project; None: it may be any of them."""
    found: set[str] = set()
    for node in nodes(facts.body):
        if isinstance(node, s.Import):
            bound = node.module if node.alias is not None else node.module.partition(".")[0]
            if is_of_project(machine.import_target(path, bound, 0)):
                found.add(node.alias or bound)
        elif isinstance(node, s.ImportFrom) and is_of_project(machine.import_target(path, node.module, node.level)):
            found.update(bound for _, bound in node.names)
    if "*" in found:
        return None
    for statement in facts.body:
        if not isinstance(statement, s.Import | s.ImportFrom):
            evaluated, bound_here = _evaluated(facts, statement), _bound(facts, statement)
            if not evaluated.isdisjoint(found):
                found |= bound_here
    return frozenset(found)


def led_to(facts: s.Module, function: s.Function, names: Iterable[str]) -> set[str]:
    """Names that a function reads, and those in the functions and classes of the module that these may mean.

    Where its first parameter is one of them, the class is that it is a method of.
    """
    inside: dict[str, set[str]] = {}
    for each in facts.functions:
        inside.setdefault(each.name, set()).update(each.names)
        if each.cls is not None:
            inside.setdefault(facts.classes[each.cls].name, set()).update(each.names)
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(inside.get(name, ()))
    if any(cls.name in found for cls in facts.classes):
        facts.gone_through()  # a method more may lead to more
    if function.cls is not None and function.params and function.params[0].name in found:
        found.add(_outermost(facts, function.cls).name)  # of its methods, those that are called are named
    return found


def is_of_project(target: str | None) -> bool:
    """Whether an import leads to a file or folder of the project, and not to a model."""
    return target is not None and not target.startswith("<")


def _evaluated(facts: s.Module, statement: s.Statement) -> set[str]:
    """The names that are read while a statement of a module or class is run."""
    found: set[str] = set()
    for node in nodes(statement):
        if isinstance(node, s.Name):
            found.add(node.name)
        elif isinstance(node, s.Lambda):
            found.update(facts.functions[node.function].names)
        elif isinstance(node, s.FunctionDef):
            function = facts.functions[node.function]
            read = (function.decorators, tuple(param.default for param in function.params))
            found.update(each.name for each in nodes(read) if isinstance(each, s.Name))
        elif isinstance(node, s.ClassDef):
            cls = facts.classes[node.cls]
            found.update(each.name for each in nodes((cls.bases, cls.decorators)) if isinstance(each, s.Name))
            for inner in cls.body:
                found |= _evaluated(facts, inner)
    return found


def _bound(facts: s.Module, statement: s.Statement) -> set[str]:
    """The names that a statement may bind, or change what they stand for."""
    if isinstance(statement, s.FunctionDef):
        return {facts.functions[statement.function].name}
    if isinstance(statement, s.ClassDef):
        return {facts.classes[statement.cls].name}
    part = statement.targets if isinstance(statement, s.Assign) else statement
    found = {node.name for node in nodes(part) if isinstance(node, s.Name)}
    for node in nodes(statement):
        if isinstance(node, s.FunctionDef | s.ClassDef):
            found |= _bound(facts, node)
        elif isinstance(node, s.Handler) and node.name is not None:
            found.add(node.name)
    return found


def _outermost(facts: s.Module, cls: int) -> s.Class:
    found = facts.classes[cls]
    while found.outer is not None:
        found = facts.classes[found.outer]
    return found
