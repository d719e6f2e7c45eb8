"""In which files instances of a class may be met, in a tree where a name alone says too little.

Any object may have a ``data`` or a ``name``: of hundreds of files that mention it, most have nothing to do with the
class of which it is a source. Those that have mention the class, or a name that is declared to be, hold or give an
instance. What is followed besides is followed from there, by callers and readers, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow.aliases import other_names, statements
from purposelint.dataflow.seeds import identifiers, owner_of
from purposelint.facts import syntax as s
from purposelint.facts.walking import last_name, nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 300
"""Files that may mention a source's name before only those count that may meet its class."""
MAX_OF_CLASS = 400
"""Files that may mention the class; where more do, it is met all over the project."""
_WAYS_BACK = frozenset({"related_name", "backref", "back_populates"})


def near(machine: Machine, pattern: Pattern) -> frozenset[str] | None:
    """The files that may read an attribute of a class of the project; None: all that mention it."""
    owner, wanted = owner_of(pattern), identifiers(pattern)
    program = machine.program
    if not owner or not isinstance(pattern.steps[-1], NameStep) or program.is_rare(wanted[0], MAX_FILES):
        return None
    if not _is_class(machine, pattern, owner):
        return None
    classes = {owner, *(name for name, _ in machine.heirs.of(owner))}
    if not all(program.is_rare(name, MAX_OF_CLASS) for name in classes):
        return None
    paths = sorted({path for name in classes for path in program.mentions(name)})
    program.prefetch(paths)
    names = dict.fromkeys(sorted(classes))
    for path in paths:
        facts = machine.facts(path)
        if facts is not None:
            names.update(dict.fromkeys(declared(facts, classes)))
    return frozenset(path for name in names for path in program.mentions(wanted[0], name))


def _is_class(machine: Machine, pattern: Pattern, owner: str) -> bool:
    """Whether a pattern names a class of the project by its module."""
    before = [step.name if isinstance(step, NameStep) else "*" for step in pattern.steps[:-2]]
    if not before or "*" in before or "**" in before:
        return False
    module = ".".join(before)
    names = (name for path in machine.program.defining("class", owner) for name in machine.modules.names_of(path))
    return any(name == module or name.endswith(f".{module}") for name in names)


def declared(facts: s.Module, classes: Iterable[str]) -> Iterator[str]:
    """The names that a file declares to be, hold or give instances of classes, or that mean one of these."""
    wanted = frozenset(classes)
    for name in sorted(wanted):
        yield from other_names(facts, name)
    for body in (facts.body, *(cls.body for cls in facts.classes)):
        for statement in statements(body):
            if isinstance(statement, s.Assign | s.AnnAssign):
                yield from _bound(statement, wanted)
    for function in facts.functions:
        if function.returns is not None and _says(function.returns, wanted):
            yield function.name
        if wanted.isdisjoint(function.names):
            continue
        # A local variable is nothing that others could name, unless it is given back.
        own: set[str] = set()
        for node in nodes(function.body):
            if isinstance(node, s.Assign | s.AnnAssign):
                bound = list(_bound(node, wanted))
                own.update(name for name in bound if name in function.locals)
                yield from (name for name in bound if name not in function.locals)
        for node in nodes(function.body):
            value = node.value if isinstance(node, s.Return) else None
            if value is not None and (_makes(value, wanted) or _last_name(value) in own):
                yield function.name


def _bound(statement: s.Assign | s.AnnAssign, classes: frozenset[str]) -> Iterator[str]:
    """The names that a statement binds or fills, where it says that they are or hold instances; and the ways back."""
    value = statement.value
    said = isinstance(statement, s.AnnAssign) and _says(statement.annotation, classes)
    made = value is not None and _makes(value, classes)
    related = isinstance(value, s.Call) and any(_says(each.value, classes) for each in value.args)
    if not (said or made or related):
        return
    for target in statement.targets if isinstance(statement, s.Assign) else (statement.target,):
        for each in (target, *(target.items if isinstance(target, s.Sequence) else ())):
            name = _last_name(each)
            if name:
                yield name
    if related and isinstance(value, s.Call):
        for argument in value.args:
            if argument.name in _WAYS_BACK and isinstance(argument.value, s.Const):
                yield str(argument.value.value)


def _makes(value: s.Expr, classes: frozenset[str]) -> bool:
    """Whether an expression is a class or asks something of it: ``User(...)``, ``User.objects.get(...)``."""
    node = value.value if isinstance(value, s.Await) else value
    while isinstance(node, s.Call | s.Attribute | s.Subscript):
        if isinstance(node, s.Attribute) and node.attr in classes:
            return True
        node = node.func if isinstance(node, s.Call) else node.value
    return isinstance(node, s.Name) and node.name in classes


def _says(annotation: s.Expr, classes: frozenset[str]) -> bool:
    """Whether an annotation names one of classes, or a text that ends in its name."""
    for each in nodes(annotation):
        if isinstance(each, s.Name | s.Attribute) and _last_name(each) in classes:
            return True
        if isinstance(each, s.Const) and isinstance(each.value, str) and each.value.rpartition(".")[2] in classes:
            return True
    return False


def _last_name(node: s.Expr) -> str:
    """``f`` for ``f``, ``m.f`` and elements of them."""
    return last_name(node.value if isinstance(node, s.Subscript) else node)
