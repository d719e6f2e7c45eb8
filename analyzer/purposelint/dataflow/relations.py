"""Relations between the classes of an object-relational mapper, as models of libraries declare them.

A model's field class with ``purposelint_relation = "one"`` (or ``"many"``) has an attribute ``to``, a class or its
name: read through an instance, such a field is an instance of that class, or a manager of such instances. A
model's base class with ``purposelint_reverse = "related_name"`` says by which keyword a field names the way back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposelint.dataflow import classes, objects, types
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.values import NOTHING, Atom, Const, External, Ref, Value, join, ref
from purposelint.facts import syntax as s

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

RELATION = "purposelint_relation"
REVERSE = "purposelint_reverse"
MANAGER = "_default_manager"
MAX_FILES = 40
"""Files that may mention a relation's name, or a class that is named by text."""
MAX_CLASSES = 3


def kind_of(frame: Frame, field: int) -> str:
    """``one`` or ``many`` for a field that is a relation, else empty."""
    value = classes.lookup(frame, frame.get(field).cls, RELATION)
    constant = value.const() if value is not None else None
    return str(constant.value) if constant is not None else ""


def through(frame: Frame, field: int, receiver: Value, name: str, at: int) -> Value | None:
    """What a relation leads to from instances; None where its target is not known."""
    kind = kind_of(frame, field)
    to = frame.get(field).attrs.get("to")
    if not kind or to is None:
        return None
    result = NOTHING
    for oid in receiver.refs():
        for target in targets(frame, to, frame.get(oid).cls):
            made = _related(frame, target, kind, oid, name, at)
            if made is not None:
                result = join(result, made)
        if kind == "one" and result.atoms and oid not in frame.state.base and not frame.get(oid).many:
            frame.edit(oid).attrs.setdefault(name, result)
    return result if result.atoms else None


def _related(frame: Frame, target: Atom, kind: str, owner: int, name: str, at: int) -> Value | None:
    if kind != "one":
        return objects.load_one(frame, target, Value((target,)), MANAGER, at)
    obj = frame.get(owner)
    made = types.instance_of(
        frame, target, at, ("related", owner, name), types.onward(obj.spelled, name) if obj.spelled else ()
    )
    for oid in made.refs():
        frame.machine.parents[oid] = owner
        if obj.tags:
            frame.edit(oid).tags |= obj.tags
    return made


def targets(frame: Frame, to: Value, owner: Value) -> list[Atom]:
    """The classes that ``to`` means, by themselves or by name; ``self`` is the owner's."""
    found: list[Atom] = []
    for atom in to.atoms:
        if type(atom) is External or (type(atom) is Ref and frame.get(atom.oid).kind == "class"):
            found.append(atom)
        elif type(atom) is Const and atom.value == "self":
            found.extend(owner.atoms)
        elif type(atom) is Const and isinstance(atom.value, str):
            found.extend(named(frame.machine, atom.value))
    return found[:MAX_CLASSES]


def named(machine: Machine, text: str) -> list[Atom]:
    """The classes that have a name, or a dotted path that ends in it: at the top level of modules of the project.

    Of several, those in a package that the path names (``accounts.User``) are meant; a library's (``auth.User``) where
    the project has none there.
    """
    package, _, name = text.rpartition(".")
    label = package.rpartition(".")[2]
    paths = machine.program.defining("class", name)
    near = [path for path in paths if label in machine.modules.name_of(path).split(".")]
    paths = near or _of_libraries(machine, label, name) or paths
    found: list[Atom] = []
    for path in paths if len(paths) <= MAX_FILES else ():
        facts = machine.facts(path)
        for number, cls in enumerate(() if facts is None else facts.classes):
            if cls.qualname == name:
                machine.loader.load(path)
                oid = machine.classes.get((path, number))
                if oid is not None and oid in machine.base:
                    found.append(ref(oid))
    return found


def _of_libraries(machine: Machine, label: str, name: str) -> list[str]:
    """The models of libraries in use with a class in a package: that of ``django.contrib.auth.models`` for ``auth``."""
    found: list[str] = []
    for module, model in sorted(machine.models.items()):
        first, *parts = module.split(".")
        if label in parts and f"class {name}" in model.code and machine.program.is_mentioned(first):
            path = f"<{module}>"
            facts = machine.facts(path)
            if facts is not None and any(cls.qualname == name for cls in facts.classes):
                found.append(path)
    return found


def reverse(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    """The way back of a relation: what other classes have as a field that leads to an instance's class."""
    keyword = classes.lookup(frame, frame.get(oid).cls, REVERSE)
    constant = keyword.const() if keyword is not None else None
    if constant is None or not isinstance(constant.value, str):
        return None
    result = NOTHING
    own = classes.classes_of(frame, frame.get(oid).cls)
    for cls, field in _leading_back(frame.machine, constant.value, name):
        value = frame.get(cls).attrs.get(field)
        for each in value.refs() if value is not None else ():
            to = frame.get(each).attrs.get("to")
            if to is None or not kind_of(frame, each):
                continue
            if any(target in own for target in targets(frame, to, Value((ref(cls),)))):
                single = classes.lookup(frame, frame.get(each).cls, f"{REVERSE}_one") is not None
                made = _related(frame, ref(cls), "one" if single else "many", oid, name, at)
                if made is not None:
                    result = join(result, made)
    return result if result.atoms else None


def _leading_back(machine: Machine, keyword: str, name: str) -> list[tuple[int, str]]:
    """The classes with a field whose way back has a name, and the field's own name."""
    key = (keyword, name)
    known = machine.relations.get(key)
    if known is None:
        known = machine.relations[key] = []
        plain = name.removesuffix("_set")
        named = machine.program.mentions(name, keyword)
        for paths in (named, machine.program.defining("class", plain[:1].upper() + plain[1:])):
            for path in paths if len(paths) <= MAX_FILES else ():
                facts = machine.facts(path)
                for number, cls in enumerate(() if facts is None else facts.classes):
                    for field in _fields_leading_back(cls, keyword, name):
                        machine.loader.load(path)
                        oid = machine.classes.get((path, number))
                        if oid is not None and oid in machine.base and (oid, field) not in known:
                            known.append((oid, field))
    return known


def _fields_leading_back(cls: s.Class, keyword: str, name: str) -> list[str]:
    """The fields of a class body that name their way back so; those that name none have the class's own name."""
    found: list[str] = []
    for statement in cls.body:
        if not isinstance(statement, s.Assign) or not isinstance(statement.value, s.Call):
            continue
        given = [arg.value for arg in statement.value.args if arg.name == keyword]
        if given:
            named = isinstance(given[0], s.Const) and given[0].value == name
        else:
            named = name in (f"{cls.name.lower()}_set", cls.name.lower())
        if named:
            found.extend(target.name for target in statement.targets if isinstance(target, s.Name))
    return found
