"""What declarations say of variables that begin as None or empty, and of attributes that methods set.

A class body is not all that says what its instances hold. Most classes say it in ``__init__``:
``self.user: User | None = None``, ``self.repo = repo`` of an annotated ``repo``.
"""

from __future__ import annotations

from collections.abc import Iterator

from purposelint.dataflow import classes, hints, types
from purposelint.dataflow.aliases import statements
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import reachable
from purposelint.dataflow.values import NOTHING, Atom, Ref, join
from purposelint.facts import syntax as s


def by_method(frame: Frame, cls: Atom, name: str) -> tuple[str, s.Expr, int, s.Function] | None:
    """The file and annotation of an attribute that a method declares, the class's object and the method."""
    for each in classes.mro(frame, cls):
        if type(each) is not Ref:
            continue
        path, number = types.made_by(frame, each.oid)
        if not isinstance(number, int):
            continue
        key = (path, number, name)
        if key not in frame.machine.declared:
            frame.machine.declared[key] = _in_class(frame.machine.facts(path), number, name)
        found = frame.machine.declared[key]
        if found is not None:
            return path, found[0], each.oid, found[1]
    return None


def complete(frame: Frame) -> None:
    """Have the variables of a module that has run hold what is declared, where functions alone fill them."""
    machine = frame.machine
    for statement in frame.module.body:
        if not isinstance(statement, s.AnnAssign) or not isinstance(statement.target, s.Name):
            continue
        name = statement.target.name
        value = frame.get(frame.scope).attrs.get(name, NOTHING)
        if statement.value is None or not types.is_vacant(frame, value):
            continue
        if not value.refs() and not any(
            function.mentions(name) and name in function.globals for function in frame.module.functions
        ):
            continue
        typed = hints.unknown_of(frame, statement.annotation, statement.ref, (name,))
        if typed is None or not typed.refs():
            continue
        machine.shapes.objects.update(
            oid for oid in reachable(frame.state, [typed]) if frame.get(oid).kind == "instance" and frame.get(oid).open
        )
        for oid in value.refs():
            for each in typed.refs():
                like = frame.get(each)
                if like.kind == frame.get(oid).kind and not like.open:
                    mine = frame.edit(oid)
                    mine.rest = like.rest if mine.rest is None else join(mine.rest, like.rest or NOTHING)
                    mine.keys = join(mine.keys, like.keys)
        if not value.refs():
            frame.edit(frame.scope).attrs[name] = join(value, typed)


def _in_class(facts: s.Module | None, number: int, name: str) -> tuple[s.Expr, s.Function] | None:
    given: tuple[s.Expr, s.Function] | None = None
    for statement in statements(facts.classes[number].body) if facts is not None else ():
        if not isinstance(statement, s.FunctionDef):
            continue
        assert facts is not None
        function = facts.functions[statement.function]
        if not function.params or not function.mentions(name):
            continue
        for annotation, param in _in_method(function, name):
            if param is None:
                return annotation, function
            given = given or (annotation, function)
    return given


def _in_method(function: s.Function, name: str) -> Iterator[tuple[s.Expr, s.Parameter | None]]:
    """The annotations of an attribute, and of the parameters of ``__init__`` that it is set from."""
    for statement in statements(function.body):
        if isinstance(statement, s.AnnAssign):
            if _is_own(function, statement.target, name):
                yield statement.annotation, None
        elif isinstance(statement, s.Assign) and function.name == "__init__" and isinstance(statement.value, s.Name):
            if not any(_is_own(function, target, name) for target in statement.targets):
                continue
            for param in function.params:
                plain = param.kind not in ("args", "kwargs")
                if plain and param.name == statement.value.name and param.annotation is not None:
                    yield param.annotation, param


def _is_own(function: s.Function, target: s.Expr, name: str) -> bool:
    """Whether a target is an attribute of the receiver."""
    return (
        isinstance(target, s.Attribute)
        and target.attr == name
        and isinstance(target.value, s.Name)
        and target.value.name == function.params[0].name
    )
