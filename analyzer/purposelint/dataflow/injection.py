"""Parameters that a framework fills by calling something: ``account = Depends(get_account)``.

A model says so with ``injected(dependency)`` (see `purposelint.dataflow.intrinsics`): as a parameter's default, or in
its annotation (``Annotated[Account, Depends(get_account)]``, by way of an alias too). Where the parameter's function
is run on its own, the dependency is called, with its own parameters filled alike; what a generator yields is given.
"""

from __future__ import annotations

from purposelint.dataflow import calls, classes, elements, functions, hints, types
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import NOTHING, Ref, Value, join, join_all
from purposelint.facts import syntax as s

MAX_NESTED = 5
"""How deep dependencies of dependencies are called."""
INJECTED = "injected"


def given(frame: Frame, function: Obj, param: s.Parameter, place: hints.Place, depth: int = 0) -> Value | None:
    """What a parameter is given; None when nothing says how it is filled."""
    found = [value for value in (function.items.get(param.name),) if value is not None]
    if param.annotation is not None:
        found.extend(_metadata(frame, place.path, param.annotation))
    for value in found:
        for oid in value.refs():
            if frame.get(oid).kind == INJECTED:
                return _called(frame, frame.get(oid).attrs["<dependency>"], param, place, depth)
    return None


def inherited(frame: Frame, function: s.Function, position: int, receiver: Value) -> Value | None:
    """What a parameter is given by a library that calls a method of its own, here overridden; None: nothing is said.

    The model's method says it by a default, and the dependency is called with the receiver.
    """
    for cls in classes.classes_of(frame, types.class_of(frame, receiver))[1:]:
        own = frame.get(cls.oid).attrs.get(function.name) if type(cls) is Ref else None
        for oid in own.refs() if own is not None else ():
            above = frame.get(oid)
            if above.kind != "function" or not str(above.data[0]).startswith("<"):
                continue
            params = functions.function_facts(frame, oid).params
            default = above.items.get(params[position].name) if position < len(params) else None
            for each in default.refs() if default is not None else ():
                if frame.get(each).kind == INJECTED:
                    return _from(frame, frame.get(each).attrs["<dependency>"], receiver, function.params[position].ref)
    return None


def _from(frame: Frame, dependency: Value, receiver: Value, at: int) -> Value | None:
    try:
        return calls.call(frame, dependency, Arguments([receiver]), at)
    except Unreachable:
        frame.live = True
        return None


def _metadata(frame: Frame, path: str, annotation: s.Expr) -> list[Value]:
    """The evaluated notes of an ``Annotated``, those that are calls or names."""
    if isinstance(annotation, s.Name):
        alias = hints.alias(frame, path, annotation.name)
        return _metadata(frame, alias[0], alias[1]) if alias is not None else []
    if not isinstance(annotation, s.Subscript) or not isinstance(annotation.key, s.Sequence):
        return []
    base = annotation.value
    if (base.name if isinstance(base, s.Name) else getattr(base, "attr", "")) != "Annotated":
        return []
    notes = annotation.key.items[1:]
    facts = frame.machine.facts(path)
    if facts is None or not all(isinstance(note, s.Call | s.Name | s.Const | s.Attribute) for note in notes):
        return []
    inside = Frame(frame.machine, path, facts, None, frame.instance, frame.state)
    inside.scope = frame.machine.loader.module_oid(path)
    frame.machine.loader.load(path)
    values = [evaluate(inside, note) for note in notes if not isinstance(note, s.Const)]
    frame.state = inside.state
    return values


def _called(frame: Frame, dependency: Value, param: s.Parameter, place: hints.Place, depth: int) -> Value | None:
    if depth > MAX_NESTED:
        return None
    if not dependency.refs() and param.annotation is not None:
        # ``Depends()``: the annotation's class is the dependency.
        rows = hints.resolve(frame, place, param.annotation)
        dependency = Value(tuple(row.cls for row in rows if row.kind == "instance" and type(row.cls) is Ref))
    result = NOTHING
    for atom in dependency.atoms:
        func = _function_of(frame, atom)
        if type(atom) is not Ref:
            continue
        if func is None:
            if frame.get(atom.oid).kind == "class":
                result = join(result, types.instance_of(frame, atom, param.ref, "given"))
            continue
        try:
            result = join(result, _given_by(frame, atom, func, param.ref, depth))
        except Unreachable:
            frame.live = True
    if not result.atoms or result.const() is not None:
        return None
    if param.annotation is not None:
        result = hints.refine(frame, result, param.annotation, place)
    return result


def _given_by(frame: Frame, dependency: Ref, func: int, at: int, depth: int) -> Value:
    """What a call gives, awaited; of a generator what it yields."""
    made = calls.call(frame, Value((dependency,)), _arguments(frame, func, depth), at)
    made = elements.awaited(frame, made, at)
    if not any(frame.get(oid).kind == "generator" for oid in made.refs()):
        return made
    run = elements.iterate(frame, made, at, asynchronous=True)
    return join_all([*run.known, *(() if run.rest is None else (run.rest,))])


def _function_of(frame: Frame, atom: object) -> int | None:
    """The function whose parameters are filled: of a class its ``__init__``, of an instance its ``__call__``."""
    if type(atom) is not Ref:
        return None
    obj = frame.get(atom.oid)
    if obj.kind == "function":
        return atom.oid
    name = {"class": "__init__", "instance": "__call__"}.get(obj.kind)
    if name is None:
        return None
    found = classes.lookup(frame, Value((atom,)) if obj.kind == "class" else obj.cls, name)
    return next((oid for oid in found.refs() if frame.get(oid).kind == "function"), None) if found is not None else None


def _arguments(frame: Frame, func: int, depth: int) -> Arguments:
    """Unknown arguments by name, for the parameters that are not filled by a receiver."""
    obj = frame.get(func)
    function = functions.function_facts(frame, func)
    place = hints.place_of(frame, func, function, None)
    args = Arguments()
    for position, param in enumerate(function.params):
        if param.kind not in ("normal", "keyword") or (position == 0 and place.cls is not None):
            continue
        value = given(frame, obj, param, place, depth + 1)
        if value is None and param.annotation is not None:
            value = hints.unknown_of(frame, param.annotation, param.ref, (param.name,), place)
        if value is None and param.name in obj.items and not obj.items[param.name].refs():
            continue
        args.keywords[param.name] = value or types.opaque(frame, param.ref, "parameter", spelled=(param.name,))
    return args
