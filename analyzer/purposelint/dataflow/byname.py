"""Calls of methods on receivers of unknown type: when few classes define the name, they are meant.

The classes are found through the identifier index: the files that mention the name are lowered,
and their classes asked. A name that many files mention is too common to say anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposelint.dataflow import classes, elements, functions
from purposelint.dataflow.frame import Arguments
from purposelint.dataflow.values import Atom, Bound, Ref, Value, ref
from purposelint.dataflow.verbs import COMMON
from purposelint.facts.syntax import Name

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame
    from purposelint.dataflow.machine import Machine

MAX_FILES = 25
MAX_CLASSES = 3
"""Names of builtin containers' methods and of what every library has: they name no class."""


class ByName:
    """Resolves methods by name alone."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[str, tuple[int, ...]] = {}

    def resolve(self, frame: Frame, name: str, receiver: Value, args: Arguments, at: int) -> Value | None:
        """The result of the methods of that name; None when they are too many, none, or it would not matter."""
        if name in COMMON or name.startswith("__"):
            return None
        for obj in map(frame.get, receiver.refs()):
            # What an attribute of the project's own class holds may be of any of its classes.
            own = [trail for trail in obj.trails if self._machine.modules.defines_top(str(trail[0]))]
            if obj.cls.atoms or (obj.trails and not own):
                return None
        if not elements.deep(frame, args.all()) and not _has_fields(frame, receiver):
            return None
        methods = _of_own_class(frame, name, receiver, self.methods(name))
        if not methods or len(methods) > MAX_CLASSES:
            return None
        from purposelint.dataflow import calls  # noqa: PLC0415

        callee = Value(tuple(_bound(frame, oid, receiver) for oid in methods))
        return calls.call(frame, callee, args, at)

    def left(self, frame: Frame, name: str, receiver: Value) -> Value:
        """Of several things that a method is called on, those that are not known to have it; all, where none has."""
        kept: list[Atom] = []
        for atom in receiver.atoms:
            obj = frame.get(atom.oid) if type(atom) is Ref else None
            if obj is None or obj.kind != "instance" or classes.lookup(frame, obj.cls, name) is None:
                kept.append(atom)
        return Value(tuple(kept), receiver.tags) if kept else receiver

    def methods(self, name: str) -> tuple[int, ...]:
        """The functions of that name that classes of the project define; none where many files mention it."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> tuple[int, ...]:
        machine = self._machine
        paths = machine.program.defining("def", name)
        if len(paths) > MAX_FILES:
            return ()
        found: list[int] = []
        for path in paths:
            facts = machine.facts(path)
            if facts is None:
                continue
            for number, function in enumerate(facts.functions):
                if function.name == name and function.cls is not None:
                    machine.loader.load(path)
                    oid = machine.functions.get((path, number))
                    if oid is not None and oid in machine.base:
                        found.append(oid)
        return tuple(found)


def _bound(frame: Frame, method: int, receiver: Value) -> Atom:
    """A method as it is called on an instance: a static one is not given it, one of the class is given the class."""
    kinds = {each.name for each in functions.function_facts(frame, method).decorators if type(each) is Name}
    cls = frame.get(method).data[3]
    if "staticmethod" in kinds:
        return ref(method)
    if "classmethod" in kinds and isinstance(cls, int) and cls != -1:
        return Bound(ref(method), Value((ref(cls),)))
    return Bound(ref(method), receiver)


def _has_fields(frame: Frame, receiver: Value) -> bool:
    """Whether a receiver is no data itself, but holds some in its fields: what is called may give others."""
    objects = [frame.get(oid) for oid in receiver.refs()]
    if receiver.tags or any(obj.tags for obj in objects):
        return False
    return bool(elements.deep(frame, [value for obj in objects for value in obj.attrs.values()]))


def _of_own_class(frame: Frame, name: str, receiver: Value, methods: tuple[int, ...]) -> tuple[int, ...]:
    """Of methods that are called on the receiver of the one at hand, that of its class, and those of its heirs.

    All, where it has none: another class may have both.
    """
    own, function = frame.self_value, frame.function
    if frame.cls is None or own is None or own.atoms != receiver.atoms:
        return methods
    if function is None or any(type(each) is Name and each.name == "staticmethod" for each in function.decorators):
        return methods
    cls = ref(frame.cls)
    found = classes.lookup_in(frame, cls, name)
    kept = [oid for oid in methods if (found is not None and oid in found.refs()) or cls in _bases(frame, oid)]
    return tuple(kept) or methods


def _bases(frame: Frame, method: int) -> tuple[Atom, ...]:
    """What the class of a method inherits from."""
    owner = frame.get(method).data[3]
    return classes.mro(frame, ref(owner))[1:] if isinstance(owner, int) and owner != -1 else ()
