"""What models of frameworks ask the interpreter for: rows of a table, look-ups by field, what was registered.

A model imports these functions from ``purposelint_model``. A model's function that mentions ``here`` is run anew
for each place that calls it, and what happens in it happens there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from purposelint.dataflow import calls, elements, events, hints, objects, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import NOTHING, UNKNOWN, Const, Ref, Some, Value, external, join, join_all, ref
from purposelint.facts import syntax as s

HERE = "here"


def here(frame: Frame, args: Arguments, at: int) -> Value:
    """Stands in a model's function to say that it belongs to the place that calls it."""
    return UNKNOWN


def instance(frame: Frame, args: Arguments, at: int) -> Value:
    """``instance(cls)``: one of which only the class is known."""
    made = [types.instance_of(frame, atom, at, "row") for atom in args.positional[0].atoms] if args.positional else []
    return join_all(made) if made else types.opaque(frame, at, "row")


def _texts(value: Value) -> list[str]:
    return [atom.value for atom in value.atoms if type(atom) is Const and isinstance(atom.value, str)]


def _field(frame: Frame, row: Value, path: str, separator: str, at: int) -> Value:
    """A field of a row, by its name or a path of names."""
    value = row
    for name in path.split(separator):
        kinds = [frame.get(oid) for oid in value.refs()]
        if not kinds or not any(obj.cls.atoms or obj.kind == "opaque" for obj in kinds):
            break
        value = objects.load_attribute(frame, value, name, s.Attribute(s.Const(None, at), name, at))
    return value


def looked_up(frame: Frame, args: Arguments, at: int) -> Value:
    """``looked_up(row, lookups, separator)``: the row's fields are compared with what the lookups give."""
    row, lookups, mark = args.positional[:3]
    (separator,) = _texts(mark)
    for oid in lookups.refs():
        for key, value in frame.get(oid).items.items():
            if isinstance(key, str):
                events.compared(frame, _field(frame, row, key, separator, at), value, at)
    return UNKNOWN


def fields(frame: Frame, args: Arguments, at: int) -> Value:
    """``fields(row, names, separator)``: the named fields of a row, as a tuple."""
    row, names, mark = args.positional[:3]
    (separator,) = _texts(mark)
    found: list[Value] = []
    for value in elements.iterate(frame, names, at).known:
        for name in _texts(value)[:1]:
            found.append(_field(frame, row, name, separator, at))
    if not found:
        # No names: every field.
        tags = events.whole_objects(frame, [row], at) | elements.deep(frame, [row])
        return types.opaque(frame, at, "fields", tags)
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(found)))
    return Value((ref(frame.allocate(at, obj, "fields")),))


def registered(frame: Frame, args: Arguments, at: int) -> Value:
    """``registered(registry, *verbs)``: what elsewhere is handed to the registry by these verbs is known from here."""
    verbs = [name for value in args.positional[1:] for name in _texts(value)]
    for oid in args.positional[0].refs() if args.positional else ():
        if oid in frame.machine.base:
            frame.machine.register(oid, verbs)
    return UNKNOWN


def typed(frame: Frame, args: Arguments, at: int) -> Value:
    """``typed(cls, value)``: the value; where nothing is known of it, an instance of the class."""
    cls, value = args.positional[:2]
    for atom in value.atoms:
        hints.assume(frame, atom, cls)
    if value.atoms and all(type(atom) is Some and not atom.kind for atom in value.atoms):
        made = instance(frame, Arguments([cls]), at)
        types.taint(frame, made, value.tags)
        return Value(made.atoms, value.tags)
    return value


def handled(frame: Frame, args: Arguments, at: int) -> Value:
    """``handled(exception, function)``: what code raises that nobody catches, the function is called with."""
    for place in _definitions(frame, args.positional[1]) if len(args.positional) > 1 else ():
        entry = (args.positional[0], place)
        if entry not in frame.machine.handlers:
            frame.machine.handlers.append(entry)
    return UNKNOWN


def _definitions(frame: Frame, value: Value) -> list[tuple[str, int]]:
    """The file and number of functions: what a model is given has other names there."""
    objects_ = [frame.get(oid) for oid in value.refs()]
    return [(str(obj.data[0]), int(str(obj.data[1]))) for obj in objects_ if obj.kind == "function"]


def declared(frame: Frame, args: Arguments, at: int) -> Value:
    """``declared(name, keyword)``: what a decorator gives this name (``@task(name="…")``), or what is at this path.

    Unknown where the name is, and where nothing has it.
    """
    found = NOTHING
    keywords = [text for value in args.positional[1:] for text in _texts(value)]
    for name in _texts(args.positional[0]) if args.positional else ():
        value = _decorated(frame, name, keywords)
        found = join(found, value if value.atoms else located(frame, name))
    return found if found.atoms else types.opaque(frame, at, "declared")


def _decorated(frame: Frame, name: str, keywords: list[str]) -> Value:
    """The functions whose decorators are called with a text under one of some keywords."""
    program = frame.machine.program
    parts = [part for part in re.split(r"\W+", name) if part.isidentifier()]
    paths = set(program.mentions(parts[0])) if parts else set()
    for part in parts[1:]:
        paths &= set(program.mentions(part))
    found = NOTHING
    for path in sorted(paths):
        facts = frame.machine.facts(path)
        for function in facts.functions if facts is not None else ():
            given = [each for expr in function.decorators if isinstance(expr, s.Call) for each in expr.args]
            if function.parent is None and function.cls is None and any(_says(each, keywords, name) for each in given):
                value = frame.machine.module_attribute(path, function.name)
                found = join(found, value) if value is not None else found
    return found


def _says(argument: s.Argument, keywords: list[str], text: str) -> bool:
    return argument.name in keywords and isinstance(argument.value, s.Const) and argument.value.value == text


def located(frame: Frame, name: str) -> Value:
    """What is at a dotted path (``package.module.Class``, ``package.module:Class``) of the project."""
    module, _, last = name.replace(":", ".").rpartition(".")
    path = frame.machine.modules.absolute("", module) if module else None
    if path is None:
        return NOTHING
    found = frame.machine.module_attribute(path, last)
    return found if found is not None else NOTHING


def related(frame: Frame, args: Arguments, at: int) -> Value:
    """``related(target)``: one of a class that is given itself, by its name, or by a function that gives it."""
    found = NOTHING
    for atom in args.positional[0].atoms if args.positional else ():
        if type(atom) is Ref and frame.get(atom.oid).kind == "function":
            given = calls.call(frame, Value((atom,)), Arguments(), at)
            found = join(found, Value(tuple(cls for cls in given.atoms if type(cls) is Ref)))
        elif type(atom) is Ref and frame.get(atom.oid).kind == "class":
            found = join(found, Value((atom,)))
        elif type(atom) is Const and isinstance(atom.value, str):
            found = join(found, _class_named(frame, atom.value))
    return instance(frame, Arguments([found]), at) if found.atoms else types.opaque(frame, at, "related")


def _class_named(frame: Frame, name: str) -> Value:
    """The classes at the top level of a module that have a name, or a dotted path that ends in it."""
    last = name.rpartition(".")[2]
    found = NOTHING
    for path in frame.machine.program.mentions(last) if last.isidentifier() else ():
        facts = frame.machine.facts(path)
        if facts is not None and any(cls.name == last and cls.qualname == last for cls in facts.classes):
            value = frame.machine.module_attribute(path, last)
            found = join(found, value) if value is not None else found
    return Value(tuple(atom for atom in found.atoms if type(atom) is Ref))


def injected(frame: Frame, args: Arguments, at: int) -> Value:
    """``injected(dependency)``: stands for what the dependency gives when a framework calls the function."""
    obj = Obj("injected", attrs={"<dependency>": args.positional[0] if args.positional else UNKNOWN})
    return Value((ref(frame.allocate(at, obj, "injected")),))


def library(frame: Frame, args: Arguments, at: int) -> Value:
    """``library("requests.Session")``: what has this name in a library, where a model says nothing of it."""
    names = _texts(args.positional[0]) if args.positional else []
    return Value(tuple(external(tuple(name.split("."))) for name in names)) if names else UNKNOWN


FUNCTIONS: dict[str, Callable[[Frame, Arguments, int], Value]] = {
    "purposelint_model.here": here,
    "purposelint_model.instance": instance,
    "purposelint_model.looked_up": looked_up,
    "purposelint_model.fields": fields,
    "purposelint_model.declared": declared,
    "purposelint_model.related": related,
    "purposelint_model.injected": injected,
    "purposelint_model.library": library,
    "purposelint_model.handled": handled,
    "purposelint_model.typed": typed,
    "purposelint_model.registered": registered,
}
