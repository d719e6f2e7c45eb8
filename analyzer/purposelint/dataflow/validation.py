"""What a library does with what the fields of a record are given: aliases, coercion to the declared class, hooks.

A model says it of its class that `dataclass_transform` marks. ``purposelint_hooks = Hook`` names a class: where an heir
has attributes that are instances of it (or always, where it is None), ``purposelint_given(self, data)`` gives what the
fields are made of; ``purposelint_made(self)`` is called when they are. The class method ``purposelint_coerced(value)``
gives what a field has that is annotated with the class, alone or in a container.
"""

from __future__ import annotations

from purposelint.dataflow import calls, classes, elements, hints, objects, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import NOTHING, Const, Ref, Value, join, ref
from purposelint.facts import syntax as s

HOOKS = "purposelint_hooks"
COERCED = "purposelint_coerced"
MAX_NESTED = 4
"""Containers inside one another whose elements are coerced."""


def aliases(frame: Frame, option: Obj | None, at: int) -> list[str]:
    """The other names by which a field is given."""
    found: list[str] = []
    for key in ("alias", "validation_alias") if option is not None else ():
        value = option.attrs.get(key) if option is not None else None
        if value is None:
            continue
        held = [value] if value.const() is not None else list(elements.iterate(frame, value, at).known)
        found += [str(atom.value) for each in held for atom in each.atoms if type(atom) is Const]
    return found


def is_hooked(frame: Frame, cls: Ref) -> bool:
    """Whether a model has a say in how the fields of a class are made."""
    wanted = classes.lookup_in(frame, cls, HOOKS)
    if wanted is None:
        return False
    if wanted.const() is not None:
        return True
    for each in classes.mro(frame, cls):
        for value in frame.get(each.oid).attrs.values() if type(each) is Ref else ():
            for oid in value.refs():
                obj = frame.get(oid)
                if obj.kind == "instance" and any(atom in wanted.atoms for atom in obj.cls.atoms):
                    return True
    return False


def given(frame: Frame, oid: int, args: Arguments, at: int) -> Arguments:
    """What the fields are made of, where hooks come before."""
    items = Obj("dict", cls=types.native_value("dict"), items=dict(args.keywords), rest=args.extra)
    data = Value((ref(frame.allocate(at, items, "given")),))
    made = _call(frame, oid, "purposelint_given", [data], at)
    if made is None:
        return args
    known, rest = elements.mapping_items(frame, made, at)
    keywords = {key: value for key, value in known.items() if isinstance(key, str)}
    return Arguments(args.positional, keywords, args.rest, rest, args.refs)


def made(frame: Frame, oid: int, at: int) -> None:
    """The fields are there."""
    _call(frame, oid, "purposelint_made", [], at)


def _call(frame: Frame, oid: int, name: str, given: list[Value], at: int) -> Value | None:
    hook = classes.lookup(frame, frame.get(oid).cls, name)
    if hook is None:
        return None
    bound = classes.bind_attribute(frame, hook, Value((ref(oid),)), at)
    return calls.call(frame, bound, Arguments(given), at)


def coerced(frame: Frame, value: Value, annotation: s.Expr, place: hints.Place, at: int) -> Value:
    """A field's value as the classes that its annotation names make it."""
    if not value.atoms or (value.const() is not None and not value.tags):
        return value
    return _coerced(frame, value, hints.resolve(frame, place, annotation), at, 0)


def _coerced(frame: Frame, value: Value, rows: list[hints.Row], at: int, depth: int) -> Value:
    making = [row.cls for row in rows if row.kind == "instance" and type(row.cls) is Ref]
    making = [cls for cls in making if classes.lookup_in(frame, cls, COERCED) is not None]
    containers = {row.kind: row for row in rows if row.kind in ("list", "dict") and row.element is not None}
    if depth > MAX_NESTED or (not making and not containers):
        return value
    result = Value((), value.tags)
    for atom in value.atoms:
        one = Value((atom,), value.tags)
        kind = frame.get(atom.oid).kind if type(atom) is Ref else ""
        row = containers.get("list" if kind == "tuple" else kind)
        if row is not None and row.place is not None and row.element is not None and type(atom) is Ref:
            inner = hints.resolve(frame, row.place, row.element)
            result = join(result, _elements_coerced(frame, atom, inner, at, depth))
            continue
        wanted = [cls for cls in making if kind == "dict" or (kind != "instance" and not _is_record(frame, cls))]
        made_of_it = NOTHING
        for cls in wanted:
            hook = objects.load_attribute(frame, Value((cls,)), COERCED, s.Name(COERCED, at))
            made_of_it = join(made_of_it, calls.call(frame, hook, Arguments([one]), at))
        result = join(result, made_of_it if made_of_it.atoms else one)
    return result


def _is_record(frame: Frame, cls: Ref) -> bool:
    return types.record_fields(frame, cls) is not None


def _elements_coerced(frame: Frame, atom: Ref, rows: list[hints.Row], at: int, depth: int) -> Value:
    """A container with its elements coerced: another one, where that changes any."""
    obj = frame.get(atom.oid)
    items = {key: _coerced(frame, held, rows, at, depth + 1) for key, held in obj.items.items()}
    rest = None if obj.rest is None else _coerced(frame, obj.rest, rows, at, depth + 1)
    if items == obj.items and rest == obj.rest:
        return Value((atom,))
    new = frame.get(atom.oid).copy()
    new.many, new.items, new.rest = False, items, rest
    return Value((ref(frame.allocate(at, new, ("coerced", depth, atom.oid))),))
