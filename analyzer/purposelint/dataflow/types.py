"""Types: what annotations, constructors and libraries say of values that are not known otherwise.

An unknown object keeps what is stored into it, and makes an unknown object of its own for every
attribute and element that is read from it, so that the same path names the same thing.
"""

from __future__ import annotations

from purposelint.dataflow import classes, names
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import (
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
MAX_PATH = 14
"""Steps of a path through unknown objects; a longer one stays at its last object."""

_SCALARS = frozenset({"str", "int", "float", "bool", "bytes", "complex"})
_CONTAINERS = {
    "list": "list", "List": "list", "Sequence": "list", "MutableSequence": "list", "Iterable": "list",
    "Iterator": "list", "Collection": "list", "Generator": "list", "AsyncIterator": "list", "AsyncIterable": "list",
    "QuerySet": "list", "set": "set", "Set": "set", "frozenset": "set", "FrozenSet": "set", "AbstractSet": "set",
    "deque": "list", "AsyncGenerator": "list",
}  # fmt: skip
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
_DATACLASS = frozenset({("dataclasses", "dataclass"), ("attr", "s"), ("attr", "attrs"), ("attr", "define"),
                        ("attrs", "define"), ("attrs", "frozen"), ("attr", "frozen"), ("attr", "dataclass"),
                        ("attrs", "mutable"), ("pydantic", "dataclasses", "dataclass")})  # fmt: skip


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
    if len(parent.spelled) + sum(len(trail) for trail in parent.trails[:1]) > MAX_PATH or parent.data[:1] == ("deep",):
        return Value((ref(oid),), tags)
    name = frame.machine.oid(("child", oid, step))
    if not frame.state.has(name):
        trails = tuple((*trail, step) for trail in trails_of(frame, ref(oid)))
        spelled = (*parent.spelled, step) if parent.spelled else ()
        obj = Obj("opaque", open=True, tags=parent.tags | tags, trails=trails, spelled=spelled)
        if not spelled and not trails:
            depth = parent.data[0] if parent.data and isinstance(parent.data[0], int) else 0
            obj.data = (depth + 1,) if depth < MAX_PATH else ("deep",)
        obj.origin = frame.machine.oid(("made", parent.origin, step))
        frame.state.put(name, obj)
        frame.machine.parents[name] = oid
    elif tags and not tags <= frame.get(name).tags:
        frame.edit(name).tags |= tags
    return Value((ref(name),))


def attribute_of_unknown(frame: Frame, oid: int, name: str, at: int, tags: Tags = NO_TAGS) -> Value:
    """An attribute of an unknown object, kept in it."""
    obj = frame.get(oid)
    if obj.kind == "class":
        return Value((external((*(obj.trails[0] if obj.trails else ("",)), name)),), obj.tags)
    made = child(frame, oid, name, at, tags)
    if not obj.many and obj.kind != "class":
        held = frame.edit(oid).attrs
        held[name] = (
            join(made, Value(tuple(a for a in held[name].atoms if type(a) is not Some), held[name].tags))
            if name in held
            else made
        )
        return held[name]
    return made


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
    found: list[Trail] = []
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
            return _open(frame, Obj(cls.name, cls=native_value(cls.name), open=True, spelled=spelled), at, slot)
        if cls.name in ("object", "type"):
            return _open(frame, Obj("opaque", open=True, spelled=spelled), at, slot)
        return _open(frame, Obj("instance", cls=Value((cls,)), open=True, spelled=spelled), at, slot)
    if type(cls) is External:
        return _open(frame, Obj("opaque", open=True, trails=((*cls.trail, "()"),), spelled=spelled), at, slot)
    if type(cls) is Ref and frame.get(cls.oid).kind == "class":
        members = classes.enum_members(frame, cls.oid)
        if members:
            return join_all(members)
        if any(type(each) is External and each.trail[-1] == "TypedDict" for each in classes.mro(frame, cls)):
            return _open(frame, Obj("dict", cls=native_value("dict"), open=True, spelled=spelled), at, slot)
        return _open(frame, Obj("instance", cls=Value((cls,)), open=True, spelled=spelled), at, slot)
    return _open(frame, Obj("opaque", open=True, spelled=spelled), at, slot)


def _open(frame: Frame, obj: Obj, at: int, slot: object) -> Value:
    return Value((ref(frame.allocate(at, obj, ("typed", slot))),))


def opaque(
    frame: Frame, at: int, slot: object, tags: Tags = NO_TAGS, trails: tuple[Trail, ...] = (), spelled: Trail = ()
) -> Value:
    """An object of which nothing is known."""
    return _open(frame, Obj("opaque", open=True, tags=tags, trails=trails, spelled=spelled), at, slot)


def taint(frame: Frame, value: Value, tags: Tags) -> None:
    """Mark the contents of unknown objects as carrying data."""
    for oid in value.refs():
        if oid not in frame.state.base and not tags <= frame.get(oid).tags:
            frame.edit(oid).tags |= tags


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


def external_method(base: External, name: str) -> External:
    """A method inherited from an external class."""
    return external((*base.trail, name))


def dict_of(frame: Frame, oid: int, at: int) -> Value:
    """``obj.__dict__``: a view that writes through."""
    obj = frame.get(oid)
    view = Obj("dict", cls=native_value("dict"), open=obj.open, tags=obj.tags)
    view.items = {name: held for name, held in obj.attrs.items() if not name.startswith("<")}
    view.attrs["<owner>"] = Value((ref(oid),))
    return Value((ref(frame.allocate(at, view, "__dict__")),))


# --- annotations -------------------------------------------------------------------


def resolve(frame: Frame, path: str, node: s.Expr, depth: int = 0) -> list[tuple[str, Atom | None, s.Expr | None]]:
    """What an annotation allows: rows of kind (``instance``, ``list``, ``dict``, ``type``), class and its element."""
    if depth > 6:
        return []
    if isinstance(node, s.Name | s.Attribute):
        value = _named(frame, path, node)
        last = node.name if isinstance(node, s.Name) else node.attr
        if last in _CONTAINERS and not any(type(atom) is Ref for atom in value.atoms):
            return [(_CONTAINERS[last], None, None)]
        if last in _MAPPINGS and not any(type(atom) is Ref for atom in value.atoms):
            return [("dict", None, None)]
        return [("instance", atom, None) for atom in value.atoms if _is_class(frame, atom)]
    if isinstance(node, s.Binary) and node.op == "|":
        return [*resolve(frame, path, node.left, depth + 1), *resolve(frame, path, node.right, depth + 1)]
    if isinstance(node, s.Subscript):
        return _resolve_generic(frame, path, node, depth)
    return []


def _resolve_generic(
    frame: Frame, path: str, node: s.Subscript, depth: int
) -> list[tuple[str, Atom | None, s.Expr | None]]:
    base = node.value
    last = base.name if isinstance(base, s.Name) else base.attr if isinstance(base, s.Attribute) else ""
    keys = node.key.items if isinstance(node.key, s.Sequence) and node.key.kind == "tuple" else (node.key,)
    if last == "Union":
        return [row for key in keys for row in resolve(frame, path, key, depth + 1)]
    if last in ("Coroutine",) and len(keys) == 3:
        return resolve(frame, path, keys[2], depth + 1)
    if last in _TRANSPARENT and keys:
        return resolve(frame, path, keys[0], depth + 1)
    if last in _CONTAINERS and keys:
        return [(_CONTAINERS[last], None, keys[0])]
    if last in _MAPPINGS and len(keys) == 2:
        return [("dict", None, keys[1])]
    if last in ("tuple", "Tuple"):
        return [("tuple", None, node.key)]
    if last in ("type", "Type") and keys:
        return [
            ("type", atom, None) for kind, atom, _ in resolve(frame, path, keys[0], depth + 1) if kind == "instance"
        ]
    return resolve(frame, path, base, depth + 1)


def _named(frame: Frame, path: str, node: s.Expr) -> Value:
    if isinstance(node, s.Name):
        if path == frame.path:
            return names.load(frame, node.name, node.ref)
        return names.load_global(frame, path, node.name, node.ref)
    if isinstance(node, s.Attribute):
        from purposelint.dataflow import objects  # noqa: PLC0415

        owner = _named(frame, path, node.value)
        result = NOTHING
        for atom in owner.atoms:
            if type(atom) is External or (type(atom) is Ref and frame.get(atom.oid).kind in ("module", "class")):
                found = objects.load_one(frame, atom, owner, node.attr, node.ref)
                if found is not None:
                    result = join(result, found)
        return result
    return NOTHING


def _is_class(frame: Frame, atom: Atom) -> bool:
    if type(atom) is Ref:
        return frame.get(atom.oid).kind == "class"
    if type(atom) is External:
        return atom.trail[0] not in ("typing", "typing_extensions") or atom.trail[-1] in ("NamedTuple",)
    return type(atom) is Native


def unknown_of(
    frame: Frame, annotation: s.Expr, at: int, spelled: Trail, function: s.Function | None, path: str | None = None
) -> Value | None:
    """An unknown value of an annotation's type; None when it says nothing."""
    return _unknown_of(frame, path or frame.path, annotation, at, spelled, 0)


def _unknown_of(frame: Frame, path: str, annotation: s.Expr, at: int, spelled: Trail, depth: int) -> Value | None:
    result = NOTHING
    for index, (kind, cls, element) in enumerate(resolve(frame, path, annotation)):
        slot = (depth, index, annotation.ref)
        if kind == "type" and cls is not None:
            result = join(result, Value((cls,)))
        elif kind == "instance" and cls is not None:
            result = join(result, instance_of(frame, cls, at, slot, spelled))
        elif kind == "tuple" and isinstance(element, s.Sequence) and depth < 3:
            items = {}
            for position, part in enumerate(element.items):
                inner = _unknown_of(frame, path, part, at, (*spelled, ("[]", position)) if spelled else (), depth + 1)
                items[position] = inner or opaque(frame, at, (slot, position))
            result = join(result, _open(frame, Obj("tuple", cls=native_value("tuple"), items=dict(items)), at, slot))
        elif kind in ("list", "set", "dict"):
            obj = Obj(kind, cls=native_value(kind), spelled=spelled)
            inner = None
            if element is not None and depth < 3:
                inner = _unknown_of(frame, path, element, at, (*spelled, ("[]", None)) if spelled else (), depth + 1)
            if inner is None:
                obj.open = True
            else:
                obj.rest = inner
                for oid in inner.refs():
                    frame.edit(oid).many = True
                if kind == "dict":
                    obj.keys = UNKNOWN
            result = join(result, _open(frame, obj, at, slot))
    return result if result.atoms else None


def refine(
    frame: Frame, value: Value, annotation: s.Expr, function: s.Function | None, path: str | None = None
) -> None:
    """Give unknown objects the class that an annotation names."""
    unknown = [oid for oid in value.refs() if oid not in frame.state.base and _is_classless(frame.get(oid))]
    if not unknown:
        return
    rows = resolve(frame, path or frame.path, annotation)
    wanted = [cls for kind, cls, _ in rows if kind == "instance" and cls is not None]
    if len(wanted) != 1:
        return
    (cls,) = wanted
    for oid in unknown:
        obj = frame.edit(oid)
        if type(cls) is External:
            obj.trails = (*obj.trails, (*cls.trail, "()"))
        elif type(cls) is Ref:
            obj.kind = "instance"
            obj.cls = Value((cls,))


def _is_classless(obj: Obj) -> bool:
    """Whether an object may be of any class: what a call of something external gave is, its instances are not."""
    return (
        obj.kind == "opaque"
        and not obj.cls.atoms
        and not any(len(trail) > 1 and trail[-1] == "()" and str(trail[-2])[:1].isupper() for trail in obj.trails)
        and (not obj.trails or any("()" in trail for trail in obj.trails))
    )


def assume(frame: Frame, atom: Atom, wanted: Value) -> None:
    """What a successful `isinstance` says of an unknown object."""
    if (
        type(atom) is Ref
        and atom.oid not in frame.state.base
        and frame.get(atom.oid).kind == "opaque"
        and len(wanted.atoms) == 1
    ):
        cls = wanted.atoms[0]
        if type(cls) is Ref and frame.get(cls.oid).kind == "class":
            obj = frame.edit(atom.oid)
            obj.kind = "instance"
            obj.cls = wanted


def refined_result(frame: Frame, result: Value, function: s.Function, func: int, at: int) -> Value:
    """What a function's return annotation says of a result that is not known."""
    if function.returns is None or not any(type(atom) is Some or type(atom) is Ref for atom in result.atoms):
        return result
    path = str(frame.get(func).data[0])
    if all(type(atom) is Some and atom.kind == "" for atom in result.atoms):
        typed = unknown_of(frame, function.returns, at, (), function, path)
        if typed is not None:
            taint(frame, typed, result.tags)
            return Value(typed.atoms, result.tags)
        return result
    refine(frame, result, function.returns, function, path)
    return result


def annotated(frame: Frame, value: Value, node: s.AnnAssign) -> Value:
    """A value assigned to an annotated variable."""
    if value.atoms and all(type(atom) is Some and atom.kind == "" for atom in value.atoms):
        typed = unknown_of(frame, node.annotation, node.ref, (), None)
        if typed is not None:
            taint(frame, typed, value.tags)
            return Value(typed.atoms, value.tags)
    refine(frame, value, node.annotation, None)
    return value


# --- fields ---------------------------------------------------------------------------


def made_by(frame: Frame, cls: int) -> tuple[str, object]:
    """The file of a class and its number there; none for a class that was made by a call."""
    data = frame.get(cls).data
    return (str(data[0]), data[1]) if len(data) > 1 else ("<>", None)


def annotation_of_field(frame: Frame, cls: Atom, name: str) -> tuple[str, s.Expr] | None:
    """The file and annotation of a field declared in a class body."""
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
                return str(path), statement.annotation
    return None


def field_of_class(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    """A field of an unknown instance, from what its class says: ``__init__``, other methods, annotations."""
    obj = frame.get(oid)
    if not obj.open or oid in frame.state.base:
        return None
    result = NOTHING
    for cls in obj.cls.atoms:
        if type(cls) is not Ref:
            continue
        found = frame.machine.shapes.field(frame, cls.oid, name)
        if found is not None:
            result = join(result, found)
        declared = annotation_of_field(frame, cls, name)
        if declared is not None and not any(type(atom) is Ref for atom in result.atoms):
            spelled = (*obj.spelled, name) if obj.spelled else ()
            typed = unknown_of(frame, declared[1], at, spelled, None, declared[0])
            if typed is not None:
                taint(frame, typed, obj.tags)
                typed = typed.tagged(obj.tags) if not typed.refs() else typed
                result = join(typed, Value((), result.tags)) if not result.atoms else join(result, typed)
    if not result.atoms and not result.tags:
        return None
    if not obj.many and not result.tags and not frame.machine.shapes.is_shared(result):
        frame.edit(oid).attrs[name] = result
    return result.tagged(obj.tags) if obj.tags else result


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
            if type(each) is Ref and "<dataclass>" in frame.get(each.oid).attrs:
                return True
            if type(each) is External and each.trail[-1] in ("NamedTuple", "BaseModel"):
                return True
    return False


def note_class_decorator(frame: Frame, oid: int, decorator: Value) -> None:
    """Recognise the decorators that generate a constructor."""
    for atom in decorator.atoms:
        for trail in trails_of(frame, atom):
            plain = tuple(step for step in trail if step != "()")
            if plain in _DATACLASS:
                frame.edit(oid).attrs["<dataclass>"] = TRUE


def record_fields(frame: Frame, cls: Atom) -> list[tuple[str, int]] | None:
    """The fields of a generated constructor in order, each with its class; None when there is none generated."""
    order = classes.mro(frame, cls)
    generated = False
    fields: dict[str, int] = {}
    for each in reversed(order):
        if type(each) is External and each.trail[-1] == "NamedTuple":
            generated = True
        if (
            type(each) is External
            and each.trail[0] in ("pydantic", "sqlmodel")
            and each.trail[-1] in ("BaseModel", "SQLModel")
        ):
            generated = True
        if type(each) is not Ref:
            continue
        obj = frame.get(each.oid)
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
