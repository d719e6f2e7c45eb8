"""Variables: where a name is looked up and where it is stored."""

from __future__ import annotations

from purposelint.dataflow import events
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.newest import builtins
from purposelint.dataflow.values import NOTHING, UNKNOWN, External, Lazy, Value, external, join, native, of_kind

NATIVE = frozenset(
    [
        "int",
        "str",
        "list",
        "dict",
        "tuple",
        "set",
        "frozenset",
        "bytes",
        "bytearray",
        "bool",
        "float",
        "complex",
        "type",
        "object",
        "super",
        "property",
        "staticmethod",
        "classmethod",
        "memoryview",
        "slice",
        "isinstance",
        "issubclass",
        "len",
        "getattr",
        "setattr",
        "delattr",
        "hasattr",
        "vars",
        "dir",
        "callable",
        "range",
        "iter",
        "next",
        "globals",
        "locals",
        "exec",
        "eval",
        "aiter",
        "anext",
        "__import__",
        "zip",
        "enumerate",
    ]
)
"""Builtins that the interpreter implements itself; others come from the library models."""


def load(frame: Frame, name: str, at: int) -> Value:
    """What a name means here."""
    function = frame.function
    oid = frame.scope
    scope = frame.get(oid)
    value = scope.attrs.get(name)
    if value is None and not (function is not None and name in function.locals and len(scope.data) == 3):
        while value is None and scope.kind == "scope" and scope.data[0] != -1:
            scope = frame.get(scope.data[0])  # type: ignore[arg-type]
            value = scope.attrs.get(name)
    if value is None or (function is not None and name in function.globals):
        if function is not None and name in function.locals and name not in function.globals and len(scope.data) == 3:
            return UNKNOWN
        return load_global(frame, frame.path, name, at)
    if scope.kind == "module":
        return events.read_global(frame, frame.path, name, frame.machine.loader.settled(value), at)
    for atom in value.atoms:
        if type(atom) is Lazy:
            settled = frame.machine.loader.settled(value)
            return events.read_global(frame, atom.path, atom.name, settled, at) if atom.name else settled
    return value


def load_global(frame: Frame, path: str, name: str, at: int) -> Value:
    """What a name means at the top level of a module."""
    machine = frame.machine
    oid = machine.loader.module_oid(path)
    machine.loader.load(path)
    module = frame.get(oid)
    value = module.attrs.get(name)
    if value is not None:
        settled = machine.loader.settled(value)
        if settled is not value and oid not in frame.state.heap and oid in machine.base:
            machine.base[oid].attrs[name] = settled
            machine.holders.reread(oid)
        machine.registration.complete(path, name, settled)
        if machine.filling.complete(path, name, settled):
            settled = machine.loader.settled(frame.get(oid).attrs.get(name, settled))
        return events.read_global(frame, path, name, settled, at)
    if name in ("__name__", "__file__", "__package__", "__doc__", "__spec__"):
        return of_kind("str")
    return builtin(frame, module, name)


def builtin(frame: Frame, module: Obj, name: str) -> Value:
    """A builtin, or a name that a star import from outside the project may have brought."""
    starred = module.attrs.get("*")
    if starred is not None and not hasattr(builtins, name):
        found = NOTHING
        for atom in starred.atoms:
            if type(atom) is External:
                found = join(found, Value((external((*atom.trail, name)),)))
        return found
    if name not in NATIVE:
        path = frame.machine.model_path("builtins")
        if path is not None and path != frame.path:
            value = frame.machine.loader.module_attribute(path, name)
            if value is not None:
                return value
    known = getattr(builtins, name, None)
    if isinstance(known, type):
        # `IOError` is but another name of `OSError`.
        return Value((native(known.__name__),))
    if (
        known is not None
        or hasattr(builtins, name)
        or name in ("reveal_type", "unicode", "long", "basestring", "xrange")
    ):
        return Value((native(name),))
    return UNKNOWN


def store(frame: Frame, name: str, value: Value) -> None:
    """Bind a name."""
    function = frame.function
    if function is not None and len(frame.get(frame.scope).data) == 3:
        if name in function.globals:
            oid = frame.machine.loader.module_oid(frame.path)
            frame.edit(oid).attrs[name] = value
            events.write_global(frame, frame.path, name, value)
            return
        if name in function.nonlocals:
            oid = frame.scope
            while oid != -1:
                parent = frame.get(oid).data[0]
                assert isinstance(parent, int)
                oid = parent
                if oid != -1 and name in frame.get(oid).attrs:
                    frame.edit(oid).attrs[name] = value
                    return
            return
    scope = frame.edit(frame.scope)
    scope.attrs[name] = value
    if scope.kind == "module":
        events.write_global(frame, frame.path, name, value)


def delete(frame: Frame, name: str) -> None:
    """Unbind a name."""
    function = frame.function
    oid = frame.scope
    if function is not None and name in function.globals:
        oid = frame.machine.loader.module_oid(frame.path)
    frame.edit(oid).attrs.pop(name, None)
