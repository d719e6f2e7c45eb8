"""Attributes of all kinds of objects, and context managers."""

from __future__ import annotations

import builtins

from purposelint.dataflow import classes, elements, events, functions, hints, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.strings import PREDICATES
from purposelint.dataflow.values import (
    MISSING_ATOM,
    NO_TAGS,
    NOTHING,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    External,
    Lazy,
    Native,
    Ref,
    Some,
    Value,
    external,
    join,
    join_all,
    literal,
    native,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

OTHERS = "<others>"
"""The elements of a record that are attributes by names that are not known."""
_OF_WRAPPED = frozenset({"__wrapped__", "__annotations__", "__name__", "__qualname__", "__doc__", "__module__"})
BUILTIN_KINDS = frozenset({"list", "dict", "tuple", "set", "iterator", "generator", "coroutine", "text", "slice"})


def load_attribute(frame: Frame, owner: Value, name: str, node: s.Expr) -> Value:
    """``owner.name``; reads of declared sources are tagged."""
    result = NOTHING
    for atom in owner.atoms:
        # Of several things that it may be, a container without such an attribute is not it.
        if len(owner.atoms) > 1 and type(atom) is Ref and _lacks(frame.get(atom.oid), name):
            continue
        found = load_one(frame, atom, owner, name, node.ref)
        if found is not None:
            result = join(result, found)
    if not result.atoms:
        frame.implicit.add("AttributeError")
        result = Value(UNKNOWN.atoms, result.tags)
    return events.read_attribute(frame, owner, name, result, node)


def read_field(frame: Frame, oid: int, name: str, at: int) -> Value:
    """An attribute of an object that is read with others, or by its place."""
    return load_attribute(frame, Value((ref(oid),)), name, s.Attribute(s.Const(None, at), name, at))


def columns(frame: Frame, oid: int, at: int) -> list[Value] | None:
    """The elements of a named tuple, read as the fields that they are; None: it is none, or is not changed by that."""
    obj = frame.get(oid)
    if obj.kind != "instance" or not obj.cls.atoms or not classes.is_named_tuple(frame, obj.cls):
        return None
    names = [name for name, _ in types.record_fields(frame, obj.cls.atoms[0]) or []]
    if not obj.open and not any(frame.machine.rules.attribute(name) for name in names):
        return None
    if obj.rest is not None or (not obj.open and len(obj.items) != len(names)):
        return None
    return [read_field(frame, oid, name, at) for name in names]


def _lacks(obj: Obj, name: str) -> bool:
    """Whether an object is a plain list, dict, tuple or set, whose type has no such attribute."""
    if obj.kind not in ("list", "dict", "tuple", "set") or name in obj.attrs:
        return False
    types_ = [getattr(builtins, cls.name, None) for cls in obj.cls.atoms if type(cls) is Native]
    return (
        OTHERS not in obj.attrs
        and len(types_) == len(obj.cls.atoms) == 1
        and types_[0] is not None
        and not hasattr(types_[0], name)
    )


def load_one(frame: Frame, atom: Atom, owner: Value, name: str, at: int) -> Value | None:
    """An attribute of one of the things a value may be; None: it has none."""
    kind = type(atom)
    if kind is Ref:
        assert isinstance(atom, Ref)
        return _of_object(frame, atom, owner, name, at)
    if kind is External:
        assert isinstance(atom, External)
        module = frame.machine.model_path(".".join(str(step) for step in atom.trail))
        if module is not None:
            found = frame.machine.loader.module_attribute(module, name)
            if found is not None:
                return found
        return types.kept_in(frame, atom, name, Value((external((*atom.trail, name)),), owner.tags))
    if kind is Native:
        assert isinstance(atom, Native)
        return _of_native(frame, atom, name)
    if kind is Bound:
        assert isinstance(atom, Bound)
        return _of_bound(frame, atom, name)
    if kind is Lazy:
        return load_attribute(frame, frame.machine.loader.settled(Value((atom,))), name, s.Name("", at))
    assert isinstance(atom, Const | Some)
    if atom.kind == "missing" or (type(atom) is Const and atom.value is None):
        return None
    if name == "__class__" and atom.kind:
        return Value((native(atom.kind),))
    if atom.kind in ("str", "bytes", "int", "float", "bool") and not _is_data_attribute(name):
        return Value((Bound(native(f"{atom.kind}.{name}"), Value((atom,), owner.tags)),))
    return Value((Bound(native(f".{name}"), Value((atom,), owner.tags)),), owner.tags)


def _is_data_attribute(name: str) -> bool:
    return name in ("real", "imag", "numerator", "denominator")


def _of_object(frame: Frame, atom: Ref, owner: Value, name: str, at: int) -> Value | None:
    obj = hints.by_its_name(frame, atom.oid)
    one = Value((atom,), owner.tags)
    if obj.kind == "instance":
        return classes.instance_attribute(frame, atom.oid, one, name, at)
    if obj.kind == "class":
        for each in classes.mro(frame, atom):
            if type(each) is Ref and name in frame.get(each.oid).attrs:
                frame.machine.filling.complete_class(each.oid, name)
                break
        return classes.class_attribute(frame, atom.oid, name, at)
    if obj.kind == "module":
        return _of_module(frame, atom.oid, name, at)
    if obj.kind == "super":
        return classes.super_attribute(frame, atom.oid, name, at)
    value = obj.attrs.get(name)
    if value is not None and MISSING_ATOM not in value.atoms and not name.startswith("<"):
        return value
    if obj.kind == "function":
        special = functions.function_attribute(frame, atom.oid, name)
        if special is not None:
            return special
        return Value((Bound(native(f"function.{name}"), one),))
    if obj.kind in ("classmethod", "staticmethod") and name in _OF_WRAPPED:
        return _of_wrapped(frame, obj.attrs["__func__"], name, at)
    if obj.kind == "property":
        if name in ("setter", "getter", "deleter"):
            return Value((Bound(native(f"property.{name}"), one),))
        return None
    if obj.kind in BUILTIN_KINDS:
        if name == "__class__":
            return obj.cls
        if OTHERS in obj.attrs and not hasattr(tuple, name):
            return obj.attrs[OTHERS]
        kind = "str" if obj.kind == "text" else obj.kind
        return Value((Bound(native(f"{kind}.{name}"), one),))
    if obj.kind == "opaque" and name.startswith("__") and name in PREDICATES:
        return Value((Bound(native(f".{name}"), one),))
    if obj.kind == "opaque":
        frame.implicit.add("AttributeError")
        child = types.attribute_of_unknown(frame, atom.oid, name, at, owner.tags)
        return child if value is None else elements.settled_missing(value, child)
    return Value((Bound(native(f"{obj.kind}.{name}"), one),), owner.tags)


def _of_wrapped(frame: Frame, func: Value, name: str, at: int) -> Value | None:
    """What a class method or a static one has of the function inside."""
    if name == "__wrapped__":
        return func
    found = [load_one(frame, each, func, name, at) for each in func.atoms]
    return join_all([each for each in found if each is not None]) if any(found) else None


def _of_module(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    machine = frame.machine
    machine.seek(name)
    path = str(frame.get(oid).data[0])
    run = None if path.endswith("/") else machine.loader.load(path)
    value = frame.get(oid).attrs.get(name)
    if value is not None and MISSING_ATOM not in value.atoms:
        machine.registration.complete(path, name, value)
        if machine.filling.complete(path, name, machine.loader.settled(value)):
            value = frame.get(oid).attrs.get(name, value)
        return events.read_global(frame, path, name, machine.loader.settled(value), at)
    found = machine.loader.module_attribute(path, name)
    if found is not None:
        return found
    if name == "__dict__":
        machine.go_through(frame.get(oid))
        view = Obj("dict", cls=types.native_value("dict"), items=dict(frame.get(oid).attrs))
        return Value((ref(frame.allocate(at, view, "__dict__")),))
    getter = frame.get(oid).attrs.get("__getattr__")
    if getter is not None:
        from purposelint.dataflow import calls  # noqa: PLC0415

        return calls.call(frame, getter, Arguments([literal(name)]), at)
    if name == "__name__":
        return of_kind("str")
    if run is None or path.startswith("<"):
        trail = frame.get(oid).trails[0]
        return Value((external((*trail, name)),))
    return None


def _of_native(frame: Frame, atom: Native, name: str) -> Value | None:
    if name in ("__name__", "__qualname__"):
        return literal(atom.name.rpartition(".")[2])
    if name == "__class__":
        return Value((native("type"),))
    return Value((native(f"{atom.name}.{name}"),))


def _of_bound(frame: Frame, atom: Bound, name: str) -> Value | None:
    if name == "__self__":
        return atom.receiver
    if name == "__func__" and type(atom.func) is Ref:
        return Value((atom.func,))
    if type(atom.func) is Ref:
        value = frame.get(atom.func.oid).attrs.get(name)
        if value is not None:
            return value
        special = functions.function_attribute(frame, atom.func.oid, name)
        if special is not None:
            return special if name != "__call__" else Value((atom,))
    return UNKNOWN


# --- stores ------------------------------------------------------------------------


def store_attribute(frame: Frame, owner: Value, name: str, value: Value, node: s.Expr) -> None:
    """``owner.name = value``."""
    events.write_attribute(frame, owner, name, value, node)
    single = len(owner.atoms) == 1
    for atom in owner.atoms:
        if type(atom) is Ref:
            _store_one(frame, atom.oid, name, value, node.ref, strong=single)
        elif type(atom) is External:
            oid = types.external_object(frame, atom)
            frame.note_store(oid, name)
            frame.edit(oid).attrs[name] = value


def _store_one(frame: Frame, oid: int, name: str, value: Value, at: int, *, strong: bool) -> None:
    obj = hints.by_its_name(frame, oid)
    if obj.kind == "instance" and name == "__class__" and strong and not obj.many:
        frame.edit(oid).cls = value
        return
    if obj.kind == "instance":
        if classes.call_setter(frame, oid, name, value, at):
            return
    elif obj.kind == "class" and classes.call_metaclass_setter(frame, oid, name, value, at):
        return
    set_field(frame, oid, name, value, strong=strong)
    if obj.kind == "instance" and obj.open:
        events.write_field(frame, oid, name, value)


def set_field(frame: Frame, oid: int, name: str, value: Value, *, strong: bool) -> None:
    """Store into the attributes of one object, strongly or weakly."""
    frame.note_store(oid, name)
    frame.machine.deferred.stored(frame, oid, value)
    obj = frame.edit(oid)
    if obj.many or not strong:
        old = obj.attrs.get(name, Value((MISSING_ATOM,)))
        obj.attrs[name] = join(old, value)
    else:
        obj.attrs[name] = value


def delete_attribute(frame: Frame, owner: Value, name: str, at: int) -> None:
    """``del owner.name``."""
    for oid in owner.refs():
        obj = frame.get(oid)
        if obj.kind == "instance" and classes.call_deleter(frame, oid, name, at):
            continue
        if len(owner.atoms) == 1 and not obj.many:
            frame.edit(oid).attrs.pop(name, None)
            if obj.kind == "opaque":
                frame.edit(oid).attrs[name] = Value(UNKNOWN.atoms)


# --- context managers ----------------------------------------------------------------


def enter_context(frame: Frame, manager: Value, at: int, *, asynchronous: bool) -> Value:
    """What ``with manager as target`` binds."""
    method = "__aenter__" if asynchronous else "__enter__"
    result = NOTHING
    for atom in manager.atoms:
        one = Value((atom,), manager.tags)
        entered = classes.call_special(frame, one, method, [], at)
        if entered is not None:
            result = join(result, elements.awaited(frame, entered, at) if asynchronous else entered)
        else:
            result = join(result, one)
    return result if result.atoms else UNKNOWN


def exit_context(frame: Frame, manager: Value, error: Value | None, at: int, *, asynchronous: bool) -> Value:
    """What ``__exit__`` returns, called with an exception or without."""
    method = "__aexit__" if asynchronous else "__exit__"
    none = literal(None)
    given = [none, none, none] if error is None else [types.class_of(frame, error), error, UNKNOWN]
    result = NOTHING
    for atom in manager.atoms:
        value = classes.call_special(frame, Value((atom,), manager.tags), method, given, at)
        if value is not None:
            result = join(result, elements.awaited(frame, value, at) if asynchronous else value)
        else:
            result = join(result, literal(None))
    return result


__all__ = ["NO_TAGS", "load_attribute", "store_attribute"]
