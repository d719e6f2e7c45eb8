"""Methods that heirs override: what is meant where only the class of an instance is known."""

from __future__ import annotations

from purposelint.dataflow import classes, types
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.heirs import HEIR, MAX_OVERRIDES, is_abstract
from purposelint.dataflow.values import NOTHING, Atom, Ref, Value, join, ref
from purposelint.facts import syntax as s


def overridden(frame: Frame, obj: Obj, of_class: Value | None, name: str, at: int) -> tuple[Value, bool]:
    """What heirs make of an attribute of an instance of which only the class is known.

    Looked at are heirs where the class itself says nothing (the second result: they stand instead of it),
    and those that name a source or are known to give away data.
    """
    machine = frame.machine
    if name in obj.attrs:
        return NOTHING, False
    if obj.data[:1] == (HEIR,):
        found = _of_one(frame, obj, int(str(obj.data[1])), of_class, name, at)
        if found is not None:
            return found, True
    own = [] if of_class is None else [_definition(frame, atom) for atom in of_class.atoms]
    if any(each is None for each in own):
        return NOTHING, False
    instead = all(each is not None and is_abstract(each) for each in own)
    result = NOTHING
    for atom in obj.cls.atoms:
        path, number = types.made_by(frame, atom.oid) if type(atom) is Ref else ("<>", None)
        facts = None if path.startswith("<") else machine.facts(path)
        if facts is None or not isinstance(number, int):
            continue
        for definition in machine.heirs.overriding(facts.classes[number].name, name):
            bound = _of_heir(frame, atom, definition, name, at, obj, any_function=instead)
            if bound is not None and len(result.atoms) < MAX_OVERRIDES:
                result = join(result, bound)
    return result, instead


def _of_one(frame: Frame, obj: Obj, heir: int, of_class: Value | None, name: str, at: int) -> Value | None:
    """An attribute of an instance that is taken to be one heir's; None where the heir has none of its own."""
    value = classes.lookup_in(frame, ref(heir), name)
    if value is None or value is of_class or value == of_class:
        return None
    definitions = [_definition(frame, atom) for atom in value.atoms]
    if any(each is None or is_abstract(each) for each in definitions):
        return None
    return _bound(frame, obj, heir, value, name, at)


def _definition(frame: Frame, atom: Atom) -> s.Function | None:
    """The ``def`` of a method or of a property's getter; None for anything else, and for what models define."""
    if type(atom) is not Ref:
        return None
    obj = frame.get(atom.oid)
    if obj.kind == "property":
        getters = obj.attrs.get("fget", NOTHING).atoms
        return _definition(frame, getters[0]) if len(getters) == 1 else None
    if obj.kind in ("classmethod", "staticmethod"):
        inner = obj.attrs.get("__func__", NOTHING).atoms
        return _definition(frame, inner[0]) if len(inner) == 1 else None
    if obj.kind != "function" or str(obj.data[0]).startswith("<"):
        return None
    facts = frame.machine.facts(str(obj.data[0]))
    return None if facts is None else facts.functions[int(obj.data[1])]  # type: ignore[call-overload]


def _of_heir(
    frame: Frame, cls: Atom, definition: tuple[str, int], name: str, at: int, obj: Obj, *, any_function: bool
) -> Value | None:
    """A method as an instance of the heir that defines it has it; None where it does not matter or is no heir's."""
    machine = frame.machine
    path, number = definition
    facts = machine.facts(path)
    assert facts is not None
    function = facts.functions[number]
    if is_abstract(function):
        return None
    if not any_function and definition not in machine.leaking and not machine.seeds.named_by(path, function):
        return None
    machine.loader.load(path)
    heir = machine.classes.get((path, function.cls))  # type: ignore[arg-type]
    if heir is None or heir not in frame.state.base or cls not in classes.mro(frame, ref(heir)):
        return None
    value = classes.lookup_in(frame, ref(heir), name)
    return None if value is None else _bound(frame, obj, heir, value, name, at)


def _bound(frame: Frame, obj: Obj, heir: int, value: Value, name: str, at: int) -> Value:
    receiver = types.instance_of(frame, ref(heir), at, ("heir", heir), obj.spelled)
    for oid in receiver.refs():
        frame.edit(oid).tags |= obj.tags
    data = classes.data_descriptor(frame, value, receiver, at)
    return data if data is not None else classes.bind_attribute(frame, value, receiver, at, name)
