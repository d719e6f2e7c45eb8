"""Types: what constructors, fields and libraries say of values that are not known otherwise.

An unknown object keeps what is stored into it, and makes an unknown object of its own for every
attribute and element that is read from it, so that the same path names the same thing.
"""

from __future__ import annotations

from typing import cast

from purposelint.dataflow import classes, declared, hints
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import MAX_SAME_STEP, Above, Key, Obj, Shape, as_read
from purposelint.dataflow.values import (
    MISSING_ATOM,
    NO_TAGS,
    NOTHING,
    TRUE,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Step,
    Tags,
    Trail,
    Value,
    external,
    join,
    join_all,
    native,
    of_kind,
    ref,
    some,
)
from purposelint.facts import syntax as s

STRING = of_kind("str")
UNKNOWN_BASE = some("class")
MAX_TAINTED = 60
"""Objects below the result of a source that are marked one by one."""
MAX_PATH = 13
"""Steps of a path through unknown objects; of what comes behind a longer one nothing is known."""

EACH = "each"
"""The first element of the data of a container from elsewhere whose elements are of a known type, the second."""
GIVES = "gives"
"""The first element of the data of an unknown function whose results are of a known type, the second."""

_SCALARS = frozenset({"str", "int", "float", "bool", "bytes", "complex"})
_DATACLASS = ("dataclasses", "dataclass")
_TRANSFORMS = (("typing", "dataclass_transform"), ("typing_extensions", "dataclass_transform"))
TRANSFORM = "<transform>"
"""What is marked with ``dataclass_transform`` (PEP 681): classes that it makes, or that inherit, are data classes."""


def native_value(kind: str) -> Value:
    """A builtin type."""
    return Value((native(kind),))


def class_of(frame: Frame, value: Value) -> Value:
    """``type(value)``."""
    result = NOTHING
    for atom in value.atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            if obj.kind in ("class",):
                result = join(result, obj.cls if obj.cls.atoms else native_value("type"))
            elif obj.cls.atoms:
                result = join(result, obj.cls)
            else:
                result = join(result, native_value(obj.kind) if obj.kind != "opaque" else UNKNOWN)
        elif type(atom) is Const or (type(atom) is Some and atom.kind):
            result = join(result, native_value(atom.kind))
        else:
            result = join(result, UNKNOWN)
    return result if result.atoms else UNKNOWN


# --- unknown objects ---------------------------------------------------------------


def child(frame: Frame, oid: int, step: Step, at: int, tags: Tags = NO_TAGS) -> Value:
    """The unknown object at a step from an unknown object."""
    parent = frame.get(oid)
    if parent.due or parent.above is not None:
        last = step if isinstance(step, str) else step[1]
        frame.machine.deferred.read(frame, oid, last if isinstance(last, str) else "")
    depth = parent.data[0] if parent.data and isinstance(parent.data[0], int) else 0
    if depth == MAX_PATH or len(parent.spelled) + sum(len(trail) for trail in parent.trails[:1]) > MAX_PATH:
        # Not the parent itself: what it holds is none of what comes behind.
        return Value(UNKNOWN.atoms, tags | parent.tags)
    again = _same_step(frame, oid, step)
    if again is not None:
        return Value((ref(again),), tags)
    above = Above(oid, step)
    name = frame.machine.oid(above)
    if not frame.state.has(name):
        trails = tuple(dict.fromkeys(onward(trail, step) for trail in trails_of(frame, ref(oid))))
        spelled = onward(parent.spelled, step) if parent.spelled else ()
        obj = Obj("opaque", open=True, tags=parent.tags, trails=trails, spelled=spelled)
        if not spelled and not trails:
            obj.data = (depth + 1,)
        obj.origin = frame.machine.oid(("made", parent.origin, step))
        obj.above = above
        if parent.data[:1] == (EACH,) and type(step) is tuple:
            shape(obj, cast("Shape", parent.data[1]))
        frame.state.note(name, obj)
        frame.machine.parents[name] = oid
    else:
        _follow(frame, name, parent)
    return Value((ref(name),), tags)


def shape(obj: Obj, wanted: Shape) -> None:
    """Take an unknown object for what an annotation says it is."""
    if wanted.element is not None and wanted.kind == "callable":
        obj.data = (GIVES, wanted.element)
    elif wanted.element is not None:
        if wanted.kind != "opaque":
            obj.kind, obj.cls = wanted.kind, native_value(wanted.kind)
        obj.data = (EACH, wanted.element)
    elif type(wanted.cls) is External:
        obj.trails = (*obj.trails, (*wanted.cls.trail, "()"))
    elif type(wanted.cls) is Ref:
        obj.kind, obj.cls = "instance", Value((wanted.cls,))
        obj.data = (hints.OF, *wanted.arguments) if wanted.arguments else ()


def onward(path: Trail, step: Step) -> Trail:
    """A name with one step more; where it has taken the step `MAX_SAME_STEP` times, the name of where that led last.

    A function that calls itself with what lies deeper in a recursive structure is given the same again, at last.
    """
    if path.count(step) < MAX_SAME_STEP:
        return (*path, step)
    return path[: len(path) - path[::-1].index(step)]


def _same_step(frame: Frame, oid: int, step: Step) -> int | None:
    """The last object on the path to one that was reached by the same step, where `MAX_SAME_STEP` were.

    Code that goes down a recursive structure would make an object for each way through it.
    """
    found: list[int] = []
    obj = frame.get(oid)
    while obj.above is not None:
        if obj.above.step == step:
            found.append(oid)
        oid = obj.above.owner
        if not frame.state.has(oid):
            break
        obj = frame.get(oid)
    return found[0] if len(found) >= MAX_SAME_STEP else None


def _follow(frame: Frame, oid: int, owner: Obj) -> None:
    """Have what was read from an unknown object, and not changed since, carry the data that its owner carries now."""
    obj = frame.get(oid)
    if not owner.tags <= obj.tags and obj.is_untouched():
        obj = obj.copy()
        obj.tags |= owner.tags
        frame.state.note(oid, obj)


def attribute_of_unknown(frame: Frame, oid: int, name: str, at: int, tags: Tags = NO_TAGS) -> Value:
    """An attribute of an unknown object."""
    obj = frame.get(oid)
    if obj.kind == "class":
        return Value((external((*(obj.trails[0] if obj.trails else ("",)), name)),), obj.tags)
    made = child(frame, oid, name, at, tags)
    held = frame.get(oid).attrs.get(name)
    return made if held is None or obj.many else as_read(made, held)


def trails_of(frame: Frame, atom: Atom, depth: int = 0) -> tuple[Trail, ...]:
    """How something is named by what defines it; instances are ``Class ()``."""
    if type(atom) is External:
        return (atom.trail,)
    if type(atom) is Native:
        return (("builtins", *atom.name.split(".")),)
    if type(atom) is Some:
        return (("builtins", atom.kind, "()"),) if atom.kind and atom.kind not in ("missing", "class") else ()
    if type(atom) is Const:
        return (("builtins", atom.kind, "()"),)
    if type(atom) is Bound and depth < 4:
        if isinstance(atom.func, Ref):
            name = trails_of(frame, atom.func)
            last = name[0][-1] if name else ""
            found = [(*trail, last) for each in atom.receiver.atoms for trail in trails_of(frame, each, depth + 1)]
            return (*name, *(trail for trail in found if trail not in name))
        if isinstance(atom.func, External):
            return (atom.func.trail,)
        last = atom.func.name.rpartition(".")[2]
        return tuple((*trail, last) for each in atom.receiver.atoms for trail in trails_of(frame, each, depth + 1))
    if type(atom) is Ref:
        return _object_trails(frame, atom)
    return ()


def _object_trails(frame: Frame, atom: Ref) -> tuple[Trail, ...]:
    obj = frame.get(atom.oid)
    if obj.kind == "function":
        if obj.trails:
            return obj.trails
        path, number = obj.data[:2]
        facts = frame.machine.facts(str(path))
        if facts is None or not isinstance(number, int):
            return ()
        return frame.machine.trails_of_definition(str(path), facts.functions[number].qualname)
    if obj.kind == "class":
        result: list[Trail] = []
        for each in classes.mro(frame, atom):
            if type(each) is Ref:
                result.extend(frame.get(each.oid).trails)
            elif type(each) is External:
                result.append(each.trail)
        return tuple(result)
    if obj.kind in ("module", "opaque"):
        if obj.kind == "opaque" and obj.cls.atoms:
            return (*obj.trails, *_instance_trails(frame, obj))
        return obj.trails
    return _instance_trails(frame, obj)


def _instance_trails(frame: Frame, obj: Obj) -> tuple[Trail, ...]:
    found: list[Trail] = [] if obj.kind == "opaque" else list(obj.trails)
    for cls in obj.cls.atoms:
        for trail in trails_of(frame, cls):
            made = (*trail, "()")
            if made not in found:
                found.append(made)
    return tuple(found)


def instance_of(frame: Frame, cls: Atom, at: int, slot: object, spelled: Trail = ()) -> Value:
    """An unknown instance of a class."""
    if type(cls) is Native:
        if cls.name in _SCALARS:
            return of_kind(cls.name)
        if cls.name in ("list", "dict", "set", "tuple"):
            return placed(frame, Obj(cls.name, cls=native_value(cls.name), open=True, spelled=spelled), at, slot)
        if cls.name in ("object", "type"):
            return placed(frame, Obj("opaque", open=True, spelled=spelled), at, slot)
        return placed(frame, Obj("instance", cls=Value((cls,)), open=True, spelled=spelled), at, slot)
    if type(cls) is External:
        return placed(frame, Obj("opaque", open=True, trails=((*cls.trail, "()"),), spelled=spelled), at, slot)
    if type(cls) is Ref and frame.get(cls.oid).kind == "class":
        members = classes.enum_members(frame, cls.oid)
        if members:
            return join_all(members)
        if any(type(each) is External and each.trail[-1] == "TypedDict" for each in classes.mro(frame, cls)):
            return placed(frame, Obj("dict", cls=native_value("dict"), open=True, spelled=spelled), at, slot)
        return placed(frame, Obj("instance", cls=Value((cls,)), open=True, spelled=spelled), at, slot)
    return placed(frame, Obj("opaque", open=True, spelled=spelled), at, slot)


def placed(frame: Frame, obj: Obj, at: int, slot: object) -> Value:
    """A new object of a place."""
    return Value((ref(frame.allocate(at, obj, ("typed", slot))),))


def opaque(
    frame: Frame, at: int, slot: object, tags: Tags = NO_TAGS, trails: tuple[Trail, ...] = (), spelled: Trail = ()
) -> Value:
    """An object of which nothing is known."""
    return placed(frame, Obj("opaque", open=True, tags=tags, trails=trails, spelled=spelled), at, slot)


def taint(frame: Frame, value: Value, tags: Tags) -> None:
    """Mark the contents of unknown objects as carrying data."""
    for oid in value.refs():
        if oid not in frame.state.base and not tags <= frame.get(oid).tags:
            frame.edit(oid).tags |= tags


def keep(frame: Frame, value: Value, tags: Tags) -> None:
    """Have unknown objects keep data that code hands to them."""
    for oid in value.refs():
        frame.note_store(oid)
    taint(frame, value, tags)


def taint_deeply(frame: Frame, value: Value, tags: Tags) -> None:
    """Mark everything that containers and instances hold, but not their keys, nor what is shared by all code."""
    queue, seen = list(value.refs()), set[int]()
    while queue and len(seen) < MAX_TAINTED:
        oid = queue.pop(0)
        if oid in seen or oid in frame.state.base or frame.get(oid).kind in ("function", "class", "module", "scope"):
            continue
        seen.add(oid)
        obj = frame.edit(oid)
        for held in obj.values():
            queue.extend(held.refs())
        obj.attrs = {name: held if name.startswith("<") else held.tagged(tags) for name, held in obj.attrs.items()}
        obj.items = {key: held.tagged(tags) for key, held in obj.items.items()}
        obj.rest = None if obj.rest is None else obj.rest.tagged(tags)
        if obj.open or obj.kind in ("text", "generator", "coroutine"):
            obj.tags |= tags


def external_child(frame: Frame, atom: Atom, step: Step, at: int) -> Value:
    """An element of something external."""
    if type(atom) is External:
        return Value((external((*atom.trail, step)),))
    return UNKNOWN


def external_object(frame: Frame, atom: External) -> int:
    """The object that keeps what is stored into an external module or class."""
    oid = frame.machine.oid(("external", atom.trail))
    if oid not in frame.machine.base:
        frame.machine.base[oid] = Obj("opaque", open=True, trails=(atom.trail,))
    return oid


def kept_in(frame: Frame, atom: External, name: Key, instead: Value, *, item: bool = False) -> Value:
    """What was stored into an attribute, or an item, of something external; ``instead``: where nothing was."""
    oid = frame.machine.oid(("external", atom.trail))
    if not frame.state.has(oid):
        return instead
    obj = frame.get(oid)
    held = obj.items.get(name) if item else obj.attrs.get(str(name))
    if held is None:
        return instead if not item or obj.rest is None else join(instead, obj.rest)
    if MISSING_ATOM in held.atoms:
        return join(Value(tuple(each for each in held.atoms if each is not MISSING_ATOM), held.tags), instead)
    return held if oid in frame.state.heap else join(held, instead)


def external_method(base: External, name: str) -> External:
    """A method inherited from an external class."""
    return external((*base.trail, name))


def dict_of(frame: Frame, oid: int, at: int) -> Value:
    """``obj.__dict__``: a view that writes through."""
    obj = frame.get(oid)
    view = Obj("dict", cls=native_value("dict"), open=obj.open, tags=obj.tags)
    view.items = {name: held for name, held in obj.attrs.items() if not name.startswith("<")}
    from purposelint.dataflow import events, objects  # noqa: PLC0415

    for name, held in obj.attrs.items():
        if frame.machine.rules.attribute(name) and name in view.items:
            view.items[name] = events.read_attribute(
                frame, Value((ref(oid),)), name, held, s.Attribute(s.Const(None, at), name, at)
            )
    # Of a record from elsewhere fields are known by name: what is copied and taken out is told apart.
    fields = record_fields(frame, obj.cls.atoms[0]) if obj.open and len(obj.cls.atoms) == 1 else None
    for name, _ in fields or ():
        view.items[name] = objects.read_field(frame, oid, name, at)
    view.attrs["<owner>"] = Value((ref(oid),))
    return Value((ref(frame.allocate(at, view, "__dict__")),))


# --- fields ---------------------------------------------------------------------------


def made_by(frame: Frame, cls: int) -> tuple[str, object]:
    """The file of a class and its number there; none for a class that was made by a call."""
    data = frame.get(cls).data
    return (str(data[0]), data[1]) if len(data) > 1 else ("<>", None)


def annotation_of_field(frame: Frame, cls: Atom, name: str) -> tuple[str, s.Expr, int] | None:
    """The file and annotation of a field declared in a class body, and the class's object."""
    for each in classes.mro(frame, cls):
        if type(each) is not Ref:
            continue
        path, number = made_by(frame, each.oid)
        facts = frame.machine.facts(str(path))
        if facts is None or not isinstance(number, int):
            continue
        for statement in facts.classes[number].body:
            if (
                isinstance(statement, s.AnnAssign)
                and isinstance(statement.target, s.Name)
                and statement.target.name == name
            ):
                return str(path), statement.annotation, each.oid
    return None


def field_of_class(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    """A field of an unknown instance, from what its class says: ``__init__``, other methods, annotations."""
    obj = frame.get(oid)
    shared = oid in frame.state.base
    if not obj.open or (shared and oid not in frame.machine.shapes.objects):
        return None
    result = NOTHING
    for cls in obj.cls.atoms:
        if type(cls) is not Ref:
            continue
        found = frame.machine.shapes.field(frame, oid, cls.oid, name)
        if found is not None:
            result = join(result, found)
        field = annotation_of_field(frame, cls, name)
        if not all(frame.machine.shapes.is_container(each) for each in result.refs()):
            continue
        if field is not None:
            spelled = onward(obj.spelled, name) if obj.spelled else ()
            place = hints.Place(field[0], cls=field[2], owner=obj)
            typed = hints.unknown_of(frame, field[1], at, spelled, place)
            if typed is not None:
                taint(frame, typed, obj.tags)
                typed = typed.tagged(obj.tags) if not typed.refs() else typed
                result = join(typed, Value((), result.tags)) if not result.atoms else join(result, typed)
        else:
            result = join(result, _declared_by_method(frame, obj, cls, name, at))
    if not result.atoms and not result.tags:
        return None
    if result.refs() and not shared and not obj.many and not result.tags and not frame.machine.shapes.is_shared(result):
        # Objects are kept: a second read gives the same. A literal that is kept would be all that this one may hold.
        frame.edit(oid).attrs[name] = result
    return result.tagged(obj.tags) if obj.tags else result


def _declared_by_method(frame: Frame, obj: Obj, cls: Atom, name: str, at: int) -> Value:
    """The objects that an attribute of an unknown instance may hold by what a method of its class declares."""
    found = declared.by_method(frame, cls, name)
    if found is None:
        return NOTHING
    path, annotation, owner, method = found
    spelled = onward(obj.spelled, name) if obj.spelled else ()
    place = hints.Place(path, method, owner, obj)
    typed = hints.unknown_of(frame, annotation, at, spelled, place)
    if typed is None or not typed.refs():
        return NOTHING
    taint(frame, typed, obj.tags)
    return typed


def declared_field(frame: Frame, receiver: Value, value: Value, name: str, at: int) -> Value:
    """A class attribute seen through an instance: a framework's field (``models.CharField()``) is data there."""
    atom = value.atoms[0]
    if not name or type(atom) is not Ref or frame.get(atom.oid).kind != "opaque" or not frame.get(atom.oid).trails:
        return value
    result = NOTHING
    for oid in receiver.refs():
        obj = frame.get(oid)
        if obj.kind != "instance" or not classes.has_unknown_base(frame, obj.cls):
            return value
        if oid in frame.state.base:
            return value
        result = join(result, attribute_of_unknown(frame, oid, name, at, receiver.tags))
    return result if result.atoms else value


def is_record(frame: Frame, cls: Value) -> bool:
    """Whether instances of a class are printed with their fields (dataclass, NamedTuple, pydantic, attrs)."""
    for atom in cls.atoms:
        for each in classes.mro(frame, atom):
            if type(each) is Ref and not frame.get(each.oid).attrs.keys().isdisjoint(("<dataclass>", TRANSFORM)):
                return True
            if type(each) is External and each.trail[-1] == "NamedTuple":
                return True
    return False


def is_vacant(frame: Frame, value: Value) -> bool:
    """Whether a value is None or an empty container: what a variable or attribute begins with."""
    return bool(value.atoms) and all(
        _is_empty(frame.get(atom.oid)) if type(atom) is Ref else type(atom) is Const and atom.value is None
        for atom in value.atoms
    )


def _is_empty(obj: Obj) -> bool:
    return obj.kind in ("list", "dict", "set") and obj.exact() and not obj.items


def shows_fields(frame: Frame, cls: Atom) -> bool:
    """Whether a record's ``__repr__`` is generated: the decorator is not told ``repr=False``."""
    for each in classes.mro(frame, cls):
        path, number = made_by(frame, each.oid) if type(each) is Ref else ("", None)
        facts = frame.machine.facts(path) if isinstance(number, int) else None
        if facts is not None and isinstance(number, int) and facts.classes[number].decorators:
            given = [arg for expr in facts.classes[number].decorators if isinstance(expr, s.Call) for arg in expr.args]
            return not any(
                arg.name == "repr" and isinstance(arg.value, s.Const) and arg.value.value is False for arg in given
            )
    return True


def has_field(frame: Frame, cls: Value, name: str) -> bool:
    """Whether a class body annotates a field."""
    return any(annotation_of_field(frame, atom, name) is not None for atom in cls.atoms)


def note_decorator(frame: Frame, oid: int, decorator: Value, called: Value) -> None:
    """Recognise the decorators that generate a constructor; ``called`` is what the decorator was made by, if any."""
    for atom in (*decorator.atoms, *called.atoms):
        if type(atom) is Ref and TRANSFORM in frame.get(atom.oid).attrs and frame.get(oid).kind == "class":
            frame.edit(oid).attrs["<dataclass>"] = TRUE
        for trail in trails_of(frame, atom):
            plain = tuple(step for step in trail if step != "()")
            if plain == _DATACLASS:
                frame.edit(oid).attrs["<dataclass>"] = TRUE
            elif plain in _TRANSFORMS:
                frame.edit(oid).attrs[TRANSFORM] = TRUE


def record_fields(frame: Frame, cls: Atom) -> list[tuple[str, int]] | None:
    """The fields of a generated constructor in order, each with its class; None when there is none generated."""
    order = classes.mro(frame, cls)
    generated = False
    fields: dict[str, int] = {}
    for each in reversed(order):
        if type(each) is External and each.trail[-1] == "NamedTuple":
            generated = True
        if type(each) is not Ref:
            continue
        obj = frame.get(each.oid)
        if TRANSFORM in obj.attrs:
            # The class that is marked has no fields itself.
            generated = True
            continue
        generated = generated or "<dataclass>" in obj.attrs
        if obj.data[1:2] == (None,) and "_fields" in obj.attrs:
            for listed in obj.attrs["_fields"].refs():
                for held in frame.get(listed).items.values():
                    constant = held.const()
                    if constant is not None:
                        fields.setdefault(str(constant.value), each.oid)
            continue
        path, number = made_by(frame, each.oid)
        facts = frame.machine.facts(str(path))
        if facts is None or not isinstance(number, int):
            continue
        for statement in facts.classes[number].body:
            if isinstance(statement, s.AnnAssign) and isinstance(statement.target, s.Name):
                if not _is_class_variable(statement.annotation):
                    fields.setdefault(statement.target.name, each.oid)
            elif isinstance(statement, s.Assign) and "<dataclass>" in obj.attrs and isinstance(statement.value, s.Call):
                callee = statement.value.func
                if isinstance(callee, s.Attribute) and callee.attr in ("ib", "attrib", "field"):
                    for target in statement.targets:
                        if isinstance(target, s.Name):
                            fields.setdefault(target.name, each.oid)
    return list(fields.items()) if generated else None


def _is_class_variable(annotation: s.Expr) -> bool:
    if isinstance(annotation, s.Subscript):
        annotation = annotation.value
    name = (
        annotation.name
        if isinstance(annotation, s.Name)
        else annotation.attr
        if isinstance(annotation, s.Attribute)
        else ""
    )
    return name == "ClassVar"


def named(frame: Frame, value: Value) -> list[str]:
    """The names of the known classes of a value, those they inherit from included."""
    found: list[str] = []
    for atom in value.atoms:
        for trail in trails_of(frame, atom):
            if trail[-1] == "()" and len(trail) > 1 and isinstance(trail[-2], str):
                found.append(trail[-2])
    return found
