"""Annotations: what parameters, fields, variables and results say of values that are not known otherwise.

An annotation is read where it stands: in its file, with the type variables of its function and class.
What stands for a variable is known from the receiver (``box: Box[Person]``), from the bases of its class
(``class People(Repository[Person])``), or from the variable's bound. An instance keeps the arguments of
its own class in `Obj.data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from purposelint.dataflow import classes, names, types
from purposelint.dataflow import frame as frames
from purposelint.dataflow.aliases import statements
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj, Shape
from purposelint.dataflow.values import (
    NOTHING,
    UNKNOWN,
    Atom,
    External,
    Native,
    Ref,
    Some,
    Trail,
    Value,
    external,
    join,
    lazy,
    ref,
)
from purposelint.facts import syntax as s

MAX_NESTED = 6
"""How deep annotations, aliases and bases are looked into."""
MAX_QUOTED = 200
"""Characters of a string that is read as a type."""
MAX_WITHIN = 3
"""Containers inside one another whose elements an annotation gives types."""
MAX_HELD = 64
"""Known elements of one container that an annotation gives types."""
OF = "of"
"""The first element of the data of an instance whose class was given arguments."""

_CONTAINERS = {
    "list": "list", "List": "list", "Sequence": "list", "MutableSequence": "list", "Iterable": "list",
    "Iterator": "list", "Collection": "list", "Generator": "list", "AsyncIterator": "list", "AsyncIterable": "list",
    "QuerySet": "list", "set": "set", "Set": "set", "frozenset": "set", "FrozenSet": "set", "AbstractSet": "set",
    "deque": "list", "AsyncGenerator": "list",
}  # fmt: skip
_PLAIN_CONTAINERS = frozenset({"list", "List", "set", "Set", "frozenset", "FrozenSet"})
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "DefaultDict", "OrderedDict", "defaultdict"})
_TRANSPARENT = frozenset(
    {
        "Optional",
        "Annotated",
        "Final",
        "ClassVar",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Awaitable",
        "Coroutine",
        "Mapped",
    }
)
_YIELDING = frozenset(
    {"Iterator", "Iterable", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator", "Collection"}
)
_GUARDS = frozenset({"TypeGuard", "TypeIs"})
_PLAIN = frozenset({"str", "bytes", "int", "float", "bool", "complex"})

_HOLDING = frozenset({"list", "set", "dict", "tuple"})

Arguments = Mapping[str, tuple[Atom, ...]]
"""What type variables stand for, by name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation stands: its file, the function and class around it, and whose method or field it is.

    ``cls`` is the oid of the class in whose body it stands, ``owner`` the receiver's object.
    """

    path: str
    function: s.Function | None = None
    cls: int | None = None
    owner: Obj | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One alternative. kind: ``instance``, ``type``, ``list``, ``set``, ``dict``, ``tuple``.

    ``cls`` and its ``arguments`` for instances and types; ``element``, read at ``place``, for containers: of a tuple a
    `Sequence` of the elements, or what all are. ``plain``: the container has the methods of Python's own.
    """

    kind: str
    cls: Atom | None = None
    arguments: tuple[tuple[str, tuple[Atom, ...]], ...] = ()
    element: s.Expr | None = None
    place: Place | None = None
    plain: bool = True


def resolve(frame: Frame, place: Place, node: s.Expr, depth: int = 0) -> list[Row]:
    """What an annotation allows."""
    if depth > MAX_NESTED:
        return []
    if isinstance(node, s.Name | s.Attribute):
        return _resolve_name(frame, place, node, depth)
    if isinstance(node, s.Binary) and node.op == "|":
        return [*resolve(frame, place, node.left, depth + 1), *resolve(frame, place, node.right, depth + 1)]
    if isinstance(node, s.Subscript):
        return _resolve_generic(frame, place, node, depth)
    if isinstance(node, s.Const) and isinstance(node.value, str):
        quoted = _quoted(frame, node.value, node.ref)
        return [] if quoted is None else resolve(frame, place, quoted, depth + 1)
    return []


def _quoted(frame: Frame, text: str, at: int) -> s.Expr | None:
    """The expression in a string that stands for a type where the front end did not see it: an alias, a cast."""
    machine = frame.machine
    if (text, at) not in machine.quoted:
        from purposelint.dataflow import dynamic  # noqa: PLC0415 - it evaluates, and evaluating asks for hints

        machine.quoted[(text, at)] = dynamic.expression(frame, text, at) if len(text) <= MAX_QUOTED else None
    return machine.quoted[(text, at)]


def _resolve_name(frame: Frame, place: Place, node: s.Name | s.Attribute, depth: int) -> list[Row]:
    last = node.name if isinstance(node, s.Name) else node.attr
    if isinstance(node, s.Name):
        bound = _type_parameter(frame, place, node.name, depth)
        if bound is not None:
            return bound
    value = _named(frame, place.path, node)
    if not any(type(atom) is Ref and frame.get(atom.oid).kind == "class" for atom in value.atoms):
        stands_for = _variable(frame, place, last, value)
        if stands_for is not None:
            return stands_for
        aliased = alias(frame, place.path, last) if isinstance(node, s.Name) else None
        if aliased is not None:
            return resolve(frame, Place(aliased[0]), aliased[1], depth + 1)
        if last in _CONTAINERS:
            return [Row(_CONTAINERS[last])]
        if last in _MAPPINGS:
            return [Row("dict")]
        if last == "Self" and place.cls is not None:
            same = place.owner.cls.atoms if place.owner is not None and place.owner.cls.atoms else ()
            data = place.owner.data[1:] if place.owner is not None and place.owner.data[:1] == (OF,) else ()
            own = next((atom for atom in same if type(atom) is Ref), None)
            return [Row("instance", own or ref(place.cls), data)]  # type: ignore[arg-type]
    return [Row("instance", atom) for atom in value.atoms if _is_class(frame, atom)]


def _resolve_generic(frame: Frame, place: Place, node: s.Subscript, depth: int) -> list[Row]:
    base = node.value
    last = base.name if isinstance(base, s.Name) else base.attr if isinstance(base, s.Attribute) else ""
    keys = node.key.items if isinstance(node.key, s.Sequence) and node.key.kind == "tuple" else (node.key,)
    if last == "Union":
        return [row for key in keys for row in resolve(frame, place, key, depth + 1)]
    if last in ("Coroutine",) and len(keys) == 3:
        return resolve(frame, place, keys[2], depth + 1)
    if last in _TRANSPARENT and keys:
        return resolve(frame, place, keys[0], depth + 1)
    if last in _CONTAINERS and keys:
        return [Row(_CONTAINERS[last], element=keys[0], place=place, plain=last in _PLAIN_CONTAINERS)]
    if last in _MAPPINGS and len(keys) == 2:
        return [Row("dict", element=keys[1], place=place)]
    if last == "Callable" and len(keys) == 2:
        return [Row("callable", element=keys[1], place=place)]
    if last in ("tuple", "Tuple"):
        alike = len(keys) == 2 and isinstance(keys[1], s.Const) and keys[1].value is Ellipsis
        return [Row("tuple", element=keys[0] if alike else s.Sequence("tuple", keys, node.ref), place=place)]
    if last in ("type", "Type") and keys:
        rows = resolve(frame, place, keys[0], depth + 1)
        return [replace(row, kind="type") for row in rows if row.kind == "instance"]
    rows = resolve(frame, place, base, depth + 1)
    return [
        replace(row, arguments=_given(frame, place, row.cls, keys, depth))
        if row.kind == "instance" and type(row.cls) is Ref
        else row
        for row in rows
    ]


def _named(frame: Frame, path: str, node: s.Expr) -> Value:
    """What a name means where an annotation may use it: imports for type checkers alone count."""
    if isinstance(node, s.Name):
        value: Value = names.load(frame, node.name, node.ref) if path == frame.path else NOTHING
        if not any(_is_class(frame, atom) for atom in value.atoms):
            found = names.load_global(frame, path, node.name, node.ref)
            value = found if found.atoms and any(type(atom) is not Some for atom in found.atoms) else value
        if not value.atoms or all(type(atom) is Some for atom in value.atoms):
            value = _imported_for_types(frame, path, node.name)
        return value
    if isinstance(node, s.Attribute):
        from purposelint.dataflow import objects  # noqa: PLC0415

        owner = _named(frame, path, node.value)
        result = NOTHING
        for atom in owner.atoms:
            if type(atom) is External or (type(atom) is Ref and frame.get(atom.oid).kind in ("module", "class")):
                held = objects.load_one(frame, atom, owner, node.attr, node.ref)
                if held is not None:
                    result = join(result, held)
        return result
    return NOTHING


def _imported_for_types(frame: Frame, path: str, name: str) -> Value:
    """What a name means that a module imports below ``if TYPE_CHECKING``."""
    facts = frame.machine.facts(path) if not path.endswith("/") else None
    for node in facts.body if facts is not None else ():
        if not isinstance(node, s.If) or not _is_for_types(node.test):
            continue
        for statement in node.body:
            if isinstance(statement, s.ImportFrom):
                for original, bound in statement.names:
                    if bound == name:
                        return _imported(frame, path, statement.module, statement.level, original)
            elif isinstance(statement, s.Import) and name == (statement.alias or statement.module.partition(".")[0]):
                return _imported(frame, path, statement.module if statement.alias else name, 0, "")
    return NOTHING


def _is_for_types(test: s.Expr) -> bool:
    return (test.name if isinstance(test, s.Name) else getattr(test, "attr", "")) == "TYPE_CHECKING"


def _imported(frame: Frame, path: str, module: str, level: int, name: str) -> Value:
    machine = frame.machine
    target = machine.import_target(path, module, level)
    if target is None:
        return Value((external((*module.split("."), *((name,) if name else ()))),)) if not level else NOTHING
    return machine.loader.settled(Value((lazy(target, name),)))


def named(frame: Frame, path: str, node: s.Expr) -> Value:
    """What a plain name in an annotation means."""
    return _named(frame, path, node)


def _is_class(frame: Frame, atom: Atom) -> bool:
    if type(atom) is Ref:
        return frame.get(atom.oid).kind == "class"
    if type(atom) is External:
        return atom.trail[0] not in ("typing", "typing_extensions") or atom.trail[-1] in ("NamedTuple",)
    return type(atom) is Native


def alias(frame: Frame, path: str, name: str, depth: int = 0) -> tuple[str, s.Expr] | None:
    """The file and expression of a type alias that a module defines or imports: ``People = list[Person]``."""
    facts = frame.machine.facts(path) if not path.endswith("/") else None
    if facts is None or depth > MAX_NESTED or name not in facts.locals:
        return None
    for statement in facts.body:
        if isinstance(statement, s.Assign | s.AnnAssign):
            targets = statement.targets if isinstance(statement, s.Assign) else (statement.target,)
            value = statement.value
            quoted = isinstance(statement, s.AnnAssign) and isinstance(value, s.Const) and isinstance(value.value, str)
            if (quoted or isinstance(value, s.Subscript | s.Binary | s.Name)) and any(
                isinstance(target, s.Name) and target.name == name for target in targets
            ):
                assert value is not None
                return path, value
        elif isinstance(statement, s.ImportFrom):
            for original, bound in statement.names:
                target = frame.machine.import_target(path, statement.module, statement.level)
                if bound == name and target is not None:
                    return alias(frame, target, original, depth + 1)
    return None


# --- type variables -----------------------------------------------------------------


def _type_parameter(frame: Frame, place: Place, name: str, depth: int) -> list[Row] | None:
    """What a parameter of PEP 695 stands for; None when there is none of that name."""
    for parameter in place.function.type_parameters if place.function is not None else ():
        if parameter.name == name:
            return [] if parameter.bound is None else resolve(frame, place, parameter.bound, depth + 1)
    cls = _class_facts(frame, place.cls)
    for parameter in cls.type_parameters if cls is not None else ():
        if parameter.name == name:
            found = _argument(frame, place, name)
            if found is not None:
                return found
            return [] if parameter.bound is None else resolve(frame, place, parameter.bound, depth + 1)
    return None


def _variable(frame: Frame, place: Place, name: str, value: Value) -> list[Row] | None:
    """What a ``TypeVar`` stands for; None when the value is none."""
    for oid in value.refs():
        obj = frame.get(oid)
        if obj.kind == "instance" and "__bound__" in obj.attrs:
            found = _argument(frame, place, name)
            if found is not None:
                return found
            return [Row("instance", atom) for atom in obj.attrs["__bound__"].atoms if _is_class(frame, atom)]
    return None


def _argument(frame: Frame, place: Place, name: str) -> list[Row] | None:
    """What the receiver's type says of a variable of the class in whose body the annotation stands."""
    if place.owner is None or place.cls is None:
        return None
    for atom in place.owner.cls.atoms:
        if type(atom) is not Ref:
            continue
        own: Arguments = dict(place.owner.data[1:]) if place.owner.data[:1] == (OF,) else {}  # type: ignore[arg-type]
        found = _arguments_of_base(frame, atom.oid, own, place.cls, 0)
        if found is not None and name in found:
            return [Row("instance", each) for each in found[name]]
    return None


def _arguments_of_base(frame: Frame, cls: int, own: Arguments, wanted: int, depth: int) -> Arguments | None:
    """What the variables of a class stand for, seen from a class that inherits from it."""
    if cls == wanted:
        return own
    facts = _class_facts(frame, cls)
    if facts is None or depth > MAX_NESTED:
        return None
    path, _ = types.made_by(frame, cls)
    inner = Obj("instance", cls=Value((ref(cls),)), data=(OF, *own.items()))
    place = Place(path, cls=cls, owner=inner)
    for argument in facts.bases:
        node = argument.value
        if argument.name is not None:
            continue
        rows = resolve(frame, place, node, 1)
        for row in rows:
            if type(row.cls) is Ref and frame.get(row.cls.oid).kind == "class":
                found = _arguments_of_base(frame, row.cls.oid, dict(row.arguments), wanted, depth + 1)
                if found is not None:
                    return found
    return None


def _given(
    frame: Frame, place: Place, cls: Atom | None, keys: tuple[s.Expr, ...], depth: int
) -> tuple[tuple[str, tuple[Atom, ...]], ...]:
    """The arguments that a class is subscripted with, by the names of its variables."""
    assert type(cls) is Ref
    result = []
    for name, key in zip(variables(frame, cls.oid), keys, strict=False):
        atoms = tuple(
            row.cls for row in resolve(frame, place, key, depth + 1) if row.kind == "instance" and row.cls is not None
        )
        if atoms:
            result.append((name, atoms))
    return tuple(result)


def variables(frame: Frame, cls: int) -> list[str]:
    """The names of a class's type variables, in order."""
    facts = _class_facts(frame, cls)
    if facts is None:
        return []
    if facts.type_parameters:
        return [parameter.name for parameter in facts.type_parameters]
    found: list[str] = []
    declared = False
    for argument in facts.bases:
        node = argument.value
        if not isinstance(node, s.Subscript):
            continue
        keys = node.key.items if isinstance(node.key, s.Sequence) else (node.key,)
        base = node.value.name if isinstance(node.value, s.Name) else getattr(node.value, "attr", "")
        if base in ("Generic", "Protocol") and not declared:
            found, declared = [], True
        elif declared:
            continue
        path, _ = types.made_by(frame, cls)
        for key in keys:
            if isinstance(key, s.Name) and key.name not in found:
                value = _named(frame, path, key)
                if declared or any("__bound__" in frame.get(oid).attrs for oid in value.refs()):
                    found.append(key.name)
    return found


def _class_facts(frame: Frame, cls: int | None) -> s.Class | None:
    if cls is None or cls == -1:
        return None
    path, number = types.made_by(frame, cls)
    facts = frame.machine.facts(path) if isinstance(number, int) else None
    return facts.classes[number] if facts is not None and isinstance(number, int) else None


# --- unknown values of a type -----------------------------------------------------------


def unknown_of(frame: Frame, annotation: s.Expr, at: int, spelled: Trail, place: Place | None = None) -> Value | None:
    """An unknown value of an annotation's type; None when it says nothing."""
    return _unknown_of(frame, place or Place(frame.path, frame.function), annotation, at, spelled, 0)


def _unknown_of(frame: Frame, place: Place, annotation: s.Expr, at: int, spelled: Trail, depth: int) -> Value | None:
    result = NOTHING
    for index, row in enumerate(resolve(frame, place, annotation)):
        slot = (depth, index, annotation.ref)
        inside = row.place or place
        if row.kind == "type" and row.cls is not None:
            result = join(result, Value((row.cls,)))
        elif row.kind == "instance" and row.cls is not None:
            made = types.instance_of(frame, row.cls, at, slot, spelled)
            _note_arguments(frame, made, row)
            result = join(result, made)
        elif row.kind == "tuple" and isinstance(row.element, s.Sequence) and depth < 3:
            items = {}
            for position, part in enumerate(row.element.items):
                step = types.onward(spelled, ("[]", position)) if spelled else ()
                inner = _unknown_of(frame, inside, part, at, step, depth + 1)
                items[position] = inner or types.opaque(frame, at, (slot, position))
            obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(items))
            result = join(result, types.placed(frame, obj, at, slot))
        elif row.kind == "callable":
            gives = _shape(frame, row, 0)
            if gives is not None:
                obj = Obj("opaque", open=True, spelled=spelled)
                types.shape(obj, gives)
                result = join(result, types.placed(frame, obj, at, slot))
        elif row.kind in _HOLDING:
            obj = Obj(row.kind, cls=types.native_value(row.kind), spelled=spelled)
            inner = None
            if row.element is not None and depth < 3:
                step = types.onward(spelled, ("[]", None)) if spelled else ()
                inner = _unknown_of(frame, inside, row.element, at, step, depth + 1)
            if inner is None:
                obj.open = True
            else:
                obj.rest = inner
                for oid in inner.refs():
                    frame.edit(oid).many = True
                if row.kind == "dict":
                    obj.keys = UNKNOWN
            result = join(result, types.placed(frame, obj, at, slot))
    return result if result.atoms else None


def _note_arguments(frame: Frame, made: Value, row: Row) -> None:
    for oid in made.refs() if row.arguments else ():
        if oid not in frame.state.base and frame.get(oid).kind == "instance":
            frame.edit(oid).data = (OF, *row.arguments)


def refine(frame: Frame, value: Value, annotation: s.Expr, place: Place | None = None) -> Value:
    """Give unknown objects the class that an annotation names; where it names plain values, leave out instances."""
    if value.refs() and _is_plain(annotation):
        return _without_instances(frame, value)
    _assume_named(frame, value, annotation, place, 0)
    return value


def refine_spread(frame: Frame, value: Value, annotation: s.Expr, place: Place) -> None:
    """Give what ``*users: User`` or ``**users: User`` holds the type of its annotation."""
    for oid in value.refs():
        obj = frame.get(oid)
        if oid not in frame.state.base and _holds_unknown(frame, obj):
            _assume_held(frame, oid, [Row(obj.kind, element=annotation, place=place)], 0)


def _is_plain(annotation: s.Expr, depth: int = 0) -> bool:
    """Whether an annotation allows texts, numbers and None alone: ``str``, ``int | None``, ``Optional[bytes]``."""
    if depth > MAX_NESTED:
        return False
    if isinstance(annotation, s.Const) and annotation.value is None:
        return depth > 0
    if isinstance(annotation, s.Name):
        return annotation.name in _PLAIN
    if isinstance(annotation, s.Binary) and annotation.op == "|":
        return _is_plain(annotation.left, depth + 1) and _is_plain(annotation.right, depth + 1)
    if isinstance(annotation, s.Subscript) and isinstance(annotation.value, s.Name):
        return annotation.value.name == "Optional" and _is_plain(annotation.key, depth + 1)
    return False


def _without_instances(frame: Frame, value: Value) -> Value:
    """Of the things that a value may be, those that are no instances of the project's own classes.

    Where paths through the heap were joined, a field may seem to hold the object that it is a field of. A value that
    is nothing else is kept: the annotation is wrong then.
    """
    kept = tuple(atom for atom in value.atoms if type(atom) is not Ref or not _is_no_plain(frame, frame.get(atom.oid)))
    return Value(kept, value.tags) if kept and len(kept) < len(value.atoms) else value


def _is_no_plain(frame: Frame, obj: Obj) -> bool:
    if obj.kind not in ("instance", "opaque") or not any(type(atom) is Ref for atom in obj.cls.atoms):
        return False
    known = classes.classes_of(frame, obj.cls)
    plain = any(type(each) is Native and each.name in _PLAIN for each in known)
    return not plain and not classes.has_unknown_base(frame, obj.cls)


def _assume_named(frame: Frame, value: Value, annotation: s.Expr, place: Place | None, depth: int) -> None:
    own = [oid for oid in value.refs() if oid not in frame.state.base]
    unknown = [oid for oid in own if _is_classless(frame.get(oid))]
    of_library = [oid for oid in own if _is_of_library(frame.get(oid))]
    holding = [oid for oid in own if depth < MAX_WITHIN and _holds_unknown(frame, frame.get(oid))]
    if not unknown and not of_library and not holding:
        return
    rows = resolve(frame, place or Place(frame.path, frame.function), annotation)
    for oid in holding:
        _assume_held(frame, oid, rows, depth)
    wanted = [row for row in rows if row.kind == "instance" and row.cls is not None]
    containers = [row for row in rows if row.element is not None]
    if not wanted and len(containers) == 1 and unknown:
        shape = _shape(frame, containers[0], 0)
        if shape is not None:
            for oid in unknown:
                types.shape(frame.edit(oid), shape)
        return
    if len(wanted) != 1:
        return
    cls = wanted[0].cls
    if type(cls) is External:
        # What a library's class inherits from is not known: it may well be what the annotation says, too.
        made = (*cls.trail, "()")
        for oid in of_library:
            if made not in frame.get(oid).trails:
                frame.edit(oid).trails = (*frame.get(oid).trails, made)
    for oid in unknown:
        types.shape(frame.edit(oid), Shape("instance", cls, wanted[0].arguments))


def _holds_unknown(frame: Frame, obj: Obj) -> bool:
    """Whether something in a container is not known, so that an annotation may say what it is."""
    if obj.kind not in _HOLDING:
        return False
    if obj.open and not obj.data:
        return True
    held = [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]
    return any(
        (type(atom) is Some and atom.kind == "")
        or (type(atom) is Ref and (_is_classless(frame.get(atom.oid)) or frame.get(atom.oid).kind in _HOLDING))
        for each in held[:MAX_HELD]
        for atom in each.atoms
    )


def _assume_held(frame: Frame, oid: int, rows: list[Row], depth: int) -> None:
    """Give what a container holds the type that an annotation says its elements have."""
    obj = frame.get(oid)
    fitting = [row for row in rows if row.kind == obj.kind and row.element is not None]
    if len(fitting) != 1:
        return
    element, place = fitting[0].element, fitting[0].place
    assert element is not None
    if isinstance(element, s.Sequence):
        if len(element.items) == len(obj.items) and obj.exact():
            for (index, held), part in zip(list(obj.items.items()), element.items, strict=True):
                known = _element(frame, held, part, place, depth)
                if known is not held:
                    frame.edit(oid).items[index] = known
        return
    for key, held in list(obj.items.items())[:MAX_HELD]:
        known = _element(frame, held, element, place, depth)
        if known is not held:
            frame.edit(oid).items[key] = known
    if obj.rest is not None:
        known = _element(frame, obj.rest, element, place, depth)
        if known is not obj.rest:
            frame.edit(oid).rest = known
    if obj.open and not obj.data:
        shape = _shape(frame, fitting[0], 0)
        if shape is not None:
            frame.edit(oid).data = (types.EACH, shape.element)


def _element(
    frame: Frame, held: Value, annotation: s.Expr, place: Place | None, depth: int, *, many: bool = True
) -> Value:
    if held.atoms and all(type(atom) is Some and atom.kind == "" for atom in held.atoms):
        typed = unknown_of(frame, annotation, annotation.ref, (), place)
        if typed is None or not typed.refs():
            return held
        for oid in typed.refs():
            if many and oid not in frame.state.base:
                frame.edit(oid).many = True
        types.taint(frame, typed, held.tags)
        return Value(typed.atoms, held.tags)
    _assume_named(frame, held, annotation, place, depth + 1)
    return held


def _shape(frame: Frame, row: Row, depth: int) -> Shape | None:
    """What an unknown object is as one row says; None where that is not worth saying."""
    if row.kind == "instance":
        shared = type(row.cls) is External or (type(row.cls) is Ref and row.cls.oid in frame.state.base)
        return Shape("instance", row.cls, row.arguments) if shared else None
    if row.kind not in (*_HOLDING, "callable") or isinstance(row.element, s.Sequence | None) or depth >= MAX_WITHIN:
        return None
    inside = resolve(frame, row.place or Place(frame.path, frame.function), row.element)
    shapes = [shape for each in inside if (shape := _shape(frame, each, depth + 1)) is not None]
    if len(shapes) != 1:
        return None
    return Shape(row.kind if row.plain else "opaque", element=shapes[0])


def by_its_name(frame: Frame, oid: int) -> Obj:
    """An object; where nothing is known of it, it has the class that a convention gives what is called so."""
    obj = frame.get(oid)
    if obj.kind == "opaque" and frame.machine.conventions and _by_convention(frame, oid):
        return frame.get(oid)
    return obj


def _by_convention(frame: Frame, oid: int) -> bool:
    """Give an object that nothing is known of but how it is called the class that a convention says; whether it did."""
    obj = frame.get(oid)
    if not obj.spelled or oid in frame.state.base or any(trail[-1] == "()" for trail in obj.trails):
        return False
    called = (".".join(map(str, obj.spelled[-2:])), obj.spelled[-1])
    kind = frame.machine.conventions.type_of((name for name in called if isinstance(name, str)), frame.path)
    found = frame.machine.located(kind) if kind is not None else None
    like = _like(frame, found) if found is not None else None
    if like is None or (obj.cls.atoms and obj.cls != like.cls):
        # Where only some of the ways here have looked at it, its class is known already.
        return False
    mine = frame.edit(oid)
    mine.kind, mine.cls = "instance", like.cls
    for name, value in like.attrs.items():
        mine.attrs.setdefault(name, value)
    return True


def settle(frame: Frame, oids: Iterable[int]) -> None:
    """Give those objects of which nothing is known but how they are called the classes that conventions say."""
    for oid in oids:
        by_its_name(frame, oid)


def _like(frame: Frame, said: Value) -> Obj | None:
    """What an object is like that is of a class, or that a function of a model gives."""
    if len(said.refs()) != 1:
        return None
    obj = frame.get(said.refs()[0])
    if obj.kind == "class":
        return Obj("instance", cls=said)
    from purposelint.dataflow import calls  # noqa: PLC0415 - the interpreter is one knot

    made = calls.call(frame, said, frames.Arguments(), 0) if obj.kind == "function" else NOTHING
    return frame.get(made.refs()[0]) if len(made.refs()) == 1 else None


def _is_of_library(obj: Obj) -> bool:
    """Whether an object is an instance of a class of some library."""
    return obj.kind == "opaque" and not obj.cls.atoms and bool(obj.trails) and not _is_classless(obj)


def _is_classless(obj: Obj) -> bool:
    """Whether an object may be of any class: what a call of something external gave is, its instances are not."""
    return (
        obj.kind == "opaque"
        and not obj.cls.atoms
        and not any(len(trail) > 1 and trail[-1] == "()" and str(trail[-2])[:1].isupper() for trail in obj.trails)
        and (not obj.trails or any("()" in trail for trail in obj.trails))
    )


def assume(frame: Frame, atom: Atom, wanted: Value) -> None:
    """What a successful `isinstance` says of an unknown object, or of one of which a base class is known."""
    if type(atom) is not Ref or atom.oid in frame.state.base:
        return
    obj = frame.get(atom.oid)
    if obj.kind != "opaque" and not (obj.kind == "instance" and obj.open):
        return
    known = [cls for cls in _alternatives(frame, wanted) if type(cls) is Ref and frame.get(cls.oid).kind == "class"]
    if not known or len(known) < len(_alternatives(frame, wanted)):
        return
    if obj.kind == "instance" and not all(_is_heir(frame, cls, obj.cls) for cls in known):
        return
    obj = frame.edit(atom.oid)
    obj.kind = "instance"
    obj.cls = Value(tuple(known))


def _is_heir(frame: Frame, cls: Atom, bases: Value) -> bool:
    """Whether a class inherits from one of several."""
    return any(base in classes.mro(frame, cls) for base in bases.atoms)


def _alternatives(frame: Frame, wanted: Value) -> list[Atom]:
    """Classes, those in a tuple too."""
    found: list[Atom] = []
    for atom in wanted.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind == "tuple":
            for held in frame.get(atom.oid).items.values():
                found.extend(_alternatives(frame, held))
        else:
            found.append(atom)
    return found


def guarded(frame: Frame, function: Value) -> Value:
    """The class that a function's ``TypeGuard[C]`` or ``TypeIs[C]`` names; nothing when it has none."""
    found = NOTHING
    for oid in function.refs():
        obj = frame.get(oid)
        facts = frame.machine.facts(str(obj.data[0])) if obj.kind == "function" else None
        returns = facts.functions[int(str(obj.data[1]))].returns if facts is not None else None
        if isinstance(returns, s.Subscript):
            base = returns.value
            last = base.name if isinstance(base, s.Name) else base.attr if isinstance(base, s.Attribute) else ""
            for row in resolve(frame, Place(str(obj.data[0])), returns.key) if last in _GUARDS else ():
                if row.kind == "instance" and row.cls is not None:
                    found = join(found, Value((row.cls,)))
    return found


def place_of(frame: Frame, func: int, function: s.Function, owner: Value | None) -> Place:
    """The place of a function's annotations, called on a receiver."""
    path, _, _, cls = frame.get(func).data[:4]
    receiver = None
    if isinstance(cls, int) and cls != -1 and owner is not None and len(owner.refs()) == 1:
        (oid,) = owner.refs()
        held = frame.get(oid)
        receiver = held if held.kind == "instance" else None
    return Place(str(path), function, cls if isinstance(cls, int) and cls != -1 else None, receiver)


def refined_result(frame: Frame, result: Value, place: Place, at: int) -> Value:
    """What a function's return annotation says of a result that is not known."""
    function = place.function
    if function is None or function.returns is None:
        return result
    if not any(type(atom) is Some or type(atom) is Ref for atom in result.atoms):
        return result
    if all(type(atom) is Some and atom.kind == "" for atom in result.atoms):
        typed = unknown_of(frame, function.returns, at, (), place)
        if typed is not None:
            types.taint(frame, typed, result.tags)
            return Value(typed.atoms, result.tags)
        return result
    return refine(frame, result, function.returns, place)


def cast(frame: Frame, value: Value, annotation: s.Expr) -> Value:
    """What ``cast("list[User]", value)`` gives."""
    return _element(frame, value, annotation, None, 0, many=False)


def yielded(frame: Frame, value: Value) -> Value:
    """What ``-> Iterator[C]`` says of an unknown value that a generator yields."""
    returns = frame.function.returns if frame.function is not None else None
    if not isinstance(returns, s.Subscript) or not any(type(atom) in (Some, Ref) for atom in value.atoms):
        return value
    base = returns.value
    last = base.name if isinstance(base, s.Name) else base.attr if isinstance(base, s.Attribute) else ""
    if last not in _YIELDING:
        return value
    key = returns.key.items[0] if isinstance(returns.key, s.Sequence) and returns.key.items else returns.key
    return refine(frame, value, key)


def assigned(frame: Frame, name: str, value: Value) -> Value:
    """A value assigned to a variable of a function that is annotated elsewhere in it: ``u: User`` before a loop."""
    number = frame.instance.function
    if frame.function is None or number is None or not any(type(atom) in (Some, Ref) for atom in value.atoms):
        return value
    key = (frame.path, number)
    if key not in frame.machine.annotated:
        frame.machine.annotated[key] = {
            each.target.name: each.annotation
            for each in statements(frame.module.functions[number].body)
            if isinstance(each, s.AnnAssign) and isinstance(each.target, s.Name)
        }
    annotation = frame.machine.annotated[key].get(name)
    return value if annotation is None else _element(frame, value, annotation, None, 0, many=False)


def annotated(frame: Frame, value: Value, node: s.AnnAssign) -> Value:
    """A value assigned to an annotated variable."""
    if value.atoms and all(type(atom) is Some and atom.kind == "" for atom in value.atoms):
        typed = unknown_of(frame, node.annotation, node.ref, ())
        if typed is not None:
            types.taint(frame, typed, value.tags)
            return Value(typed.atoms, value.tags)
    return refine(frame, value, node.annotation)
