"""Library functions whose effect a model in Python cannot say: generated classes, reflection, intrinsics of models."""

from __future__ import annotations

from collections.abc import Callable

from purposelint.dataflow import classes, elements, flags, hints, objects, types
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Key, Obj
from purposelint.dataflow.values import (
    NOTHING,
    TRUE,
    UNKNOWN,
    Atom,
    External,
    Ref,
    Trail,
    Value,
    external,
    join,
    join_all,
    literal,
    ref,
)
from purposelint.facts import syntax as s

_Function = Callable[[Frame, Arguments, int], Value]


def call(frame: Frame, trail: Trail, args: Arguments, at: int, receiver: Value | None) -> Value | None:
    """Call a library function that is known here; None when it is not."""
    function = _function(trail)
    return None if function is None else function(frame, args, at)


def knows(trail: Trail) -> bool:
    """Whether a library function is known here."""
    return _function(trail) is not None


def _function(trail: Trail) -> Callable[[Frame, Arguments, int], Value] | None:
    name = ".".join(step if isinstance(step, str) else "[]" for step in trail)
    function = _FUNCTIONS.get(name)
    if function is None and name.startswith("purposelint_model."):
        from purposelint.dataflow import intrinsics  # noqa: PLC0415

        function = intrinsics.FUNCTIONS.get(name)
    return function


# --- generated constructors ---------------------------------------------------------------


def generated_init(frame: Frame, oid: int, cls: Ref, fields: list[tuple[str, int]], args: Arguments, at: int) -> None:
    """The ``__init__`` of a dataclass, NamedTuple, attrs or pydantic class."""
    from purposelint.dataflow import validation  # noqa: PLC0415

    hooked = validation.is_hooked(frame, cls)
    if hooked:
        args = validation.given(frame, oid, args, at)
    position = 0
    named_tuple = any(type(each) is External and each.trail[-1] == "NamedTuple" for each in classes.mro(frame, cls))
    values: dict[str, Value] = {}
    init_only: dict[str, Value] = {}
    for name, owner in fields:
        default = frame.get(owner).attrs.get(name)
        option = _field_options(frame, default)
        value: Value | None = None
        keyword_only = option is not None and _is_false(option.attrs.get("init"))
        plain = name.lstrip("_") if name.startswith("_") and name not in args.keywords else name
        if keyword_only:
            value = None
        elif name in args.keywords:
            value = args.keywords[name]
        elif plain in args.keywords:
            value = args.keywords[plain]
        elif known := [each for each in validation.aliases(frame, option, at) if each in args.keywords]:
            value = args.keywords[known[0]]
        elif position < len(args.positional) and not (option is not None and _is_true(option.attrs.get("kw_only"))):
            value = args.positional[position]
            position += 1
        if value is None:
            value = _default(frame, default, option, name, at)
            for spread in (args.rest, args.extra):
                if spread is not None:
                    value = join(value, spread)
        declared = types.annotation_of_field(frame, cls, name)
        if declared is not None:
            place = hints.Place(declared[0], cls=declared[2], owner=frame.get(oid))
            value = hints.refine(frame, value, declared[1], place)
            value = validation.coerced(frame, value, declared[1], place, at)
            if _is_init_var(declared[1]):
                init_only[name] = value
                continue
        values[name] = value
    obj = frame.edit(oid)
    obj.attrs.update(values)
    if named_tuple:
        obj.items = dict(enumerate(values.values()))
    hook = classes.lookup_in(frame, cls, "__post_init__") or classes.lookup_in(frame, cls, "__attrs_post_init__")
    hook = hook or classes.lookup_in(frame, cls, "model_post_init")
    if hook is not None:
        from purposelint.dataflow import calls  # noqa: PLC0415

        bound_hook = classes.bind_attribute(frame, hook, Value((ref(oid),)), at)
        calls.call(frame, bound_hook, Arguments(list(init_only.values())), at)
    if hooked:
        validation.made(frame, oid, at)


def _is_init_var(annotation: object) -> bool:
    value = getattr(annotation, "value", None)
    return (
        getattr(value, "name", "") == "InitVar"
        or getattr(annotation, "name", "") == "InitVar"
        or (getattr(value, "attr", "") == "InitVar")
    )


def _text(value: Value) -> str:
    constant = value.const()
    return str(constant.value) if constant is not None else ""


def _is_true(value: Value | None) -> bool:
    constant = value.const() if value is not None else None
    return constant is not None and constant.value is True


def _is_false(value: Value | None) -> bool:
    constant = value.const() if value is not None else None
    return constant is not None and constant.value is False


def _field_options(frame: Frame, default: Value | None) -> Obj | None:
    for oid in default.refs() if default is not None else ():
        obj = frame.get(oid)
        if obj.kind == "field":
            return obj
    return None


def _default(frame: Frame, default: Value | None, option: Obj | None, name: str, at: int) -> Value:
    if option is not None:
        factory = option.attrs.get("default_factory") or option.attrs.get("factory")
        if factory is not None and factory.const() is None:
            from purposelint.dataflow import calls  # noqa: PLC0415

            return calls.call(frame, factory, Arguments(), at)
        return option.attrs.get("default", UNKNOWN)
    return default if default is not None else UNKNOWN


def _field(frame: Frame, args: Arguments, at: int) -> Value:
    obj = Obj("field", attrs=dict(args.keywords))
    if args.positional:
        obj.attrs["default"] = args.positional[0]
    return Value((ref(frame.allocate(at, obj, "field")),))


# --- records ---------------------------------------------------------------------------------


def _asdict(frame: Frame, args: Arguments, at: int) -> Value:
    return _record(frame, args.positional[0], at, "dict", 0) if args.positional else UNKNOWN


def _astuple(frame: Frame, args: Arguments, at: int) -> Value:
    return _record(frame, args.positional[0], at, "tuple", 0) if args.positional else UNKNOWN


def _record(frame: Frame, value: Value, at: int, kind: str, depth: int) -> Value:
    """Nested records as dicts or tuples."""
    result = NOTHING
    for atom in value.atoms:
        if not isinstance(atom, Ref):
            result = join(result, Value((atom,), value.tags))
            continue
        obj = frame.get(atom.oid)
        if depth > 5:
            result = join(result, Value((atom,), value.tags))
        elif obj.kind == "instance" and types.is_record(frame, obj.cls):
            fields = types.record_fields(frame, obj.cls.atoms[0]) or []
            items: dict[Key, Value] = {}
            for index, (name, _) in enumerate(fields):
                held = obj.attrs.get(name)
                if obj.open or held is not None:
                    node = s.Attribute(s.Const(None, at), name, at)
                    held = objects.load_attribute(frame, Value((atom,), value.tags), name, node)
                held = UNKNOWN if held is None else held
                items[name if kind == "dict" else index] = _record(frame, held, at, kind, depth + 1)
            new = Obj(kind, cls=types.native_value(kind), items=items)
            oid = frame.allocate(at, new, (kind, depth, atom.oid))
            if obj.open:
                frame.edit(oid).tags |= obj.tags
                # An heir's further fields are other keys of a dict; a tuple's elements stay where they are.
                frame.edit(oid).open = kind == "dict" or not fields
            made = Value((ref(oid),), value.tags)
            if obj.open and not fields:
                # Fields that are sources of their own are told where the record is handed over.
                mine = frame.edit(oid)
                mine.attrs["<whole>"] = Value((atom,))
            result = join(result, made)
        elif obj.kind in ("list", "tuple", "dict"):
            new = obj.copy()
            new.many = False
            new.items = {key: _record(frame, held, at, kind, depth + 1) for key, held in obj.items.items()}
            new.rest = None if obj.rest is None else _record(frame, obj.rest, at, kind, depth + 1)
            result = join(result, Value((ref(frame.allocate(at, new, ("copied", depth, atom.oid))),), value.tags))
        else:
            result = join(result, Value((atom,), value.tags))
    return result if result.atoms else UNKNOWN


def _replace(frame: Frame, args: Arguments, at: int) -> Value:
    """``dataclasses.replace(obj, **changes)``."""
    result = NOTHING
    for atom in args.positional[0].atoms if args.positional else ():
        if type(atom) is not Ref:
            continue
        new = frame.get(atom.oid).copy()
        new.many = False
        fields = types.record_fields(frame, new.cls.atoms[0]) if new.cls.atoms else None
        init_only: dict[str, Value] = {}
        for name, owner in fields or []:
            declared = types.annotation_of_field(frame, new.cls.atoms[0], name)
            if declared is not None and _is_init_var(declared[1]):
                init_only[name] = args.keywords.get(name) or frame.get(owner).attrs.get(name, UNKNOWN)
        new.attrs.update((name, value) for name, value in args.keywords.items() if name not in init_only)
        if new.items and args.keywords:
            new.items = {index: new.attrs.get(name, UNKNOWN) for index, (name, _) in enumerate(fields or [])}
        oid = frame.allocate(at, new, "replaced")
        hook = classes.lookup(frame, new.cls, "__post_init__")
        if hook is not None:
            from purposelint.dataflow import calls  # noqa: PLC0415

            calls.call(
                frame,
                classes.bind_attribute(frame, hook, Value((ref(oid),)), at),
                Arguments(list(init_only.values())),
                at,
            )
        result = join(result, Value((ref(oid),)))
    return result if result.atoms else UNKNOWN


def named_tuple_method(frame: Frame, method: str, receiver: Value, args: Arguments, at: int) -> Value:
    """``_replace``, ``_asdict`` and ``_make`` of named tuples."""
    if method == "_replace":
        return _replace(frame, Arguments([receiver], args.keywords, None, args.extra), at)
    if method == "_asdict":
        return _shallow_dict(frame, receiver, at)
    from purposelint.dataflow import calls  # noqa: PLC0415

    run = elements.iterate(frame, args.positional[0], at) if args.positional else elements.Run()
    return calls.call(frame, receiver, Arguments(list(run.known), rest=run.rest), at)


def _shallow_dict(frame: Frame, value: Value, at: int) -> Value:
    """The fields of a named tuple as a dict."""
    result = NOTHING
    for oid in value.refs():
        obj = frame.get(oid)
        if obj.kind != "instance" or not obj.cls.atoms:
            continue
        fields = types.record_fields(frame, obj.cls.atoms[0]) or []
        items = {name: objects.read_field(frame, oid, name, at) for name, _ in fields}
        new = Obj("dict", cls=types.native_value("dict"), items=dict(items), open=obj.open, tags=obj.tags)
        result = join(result, Value((ref(frame.allocate(at, new, ("dict", oid))),), value.tags))
    return result if result.atoms else UNKNOWN


def _fields(frame: Frame, args: Arguments, at: int) -> Value:
    """``dataclasses.fields(obj)``: descriptions with a name."""
    known: list[Value] = []
    for atom in args.positional[0].atoms if args.positional else ():
        cls: Atom = atom
        if type(atom) is Ref and frame.get(atom.oid).kind == "instance" and frame.get(atom.oid).cls.atoms:
            cls = frame.get(atom.oid).cls.atoms[0]
        for name, owner in types.record_fields(frame, cls) or []:
            option = _field_options(frame, frame.get(owner).attrs.get(name))
            attrs = {**({} if option is None else option.attrs), "name": literal(name)}
            field = Obj("instance", cls=types.native_value("object"), attrs=attrs)
            known.append(Value((ref(frame.allocate(at, field, ("field", name))),)))
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(known)))
    return Value((ref(frame.allocate(at, obj, "fields")),))


def _namedtuple(frame: Frame, args: Arguments, at: int) -> Value:
    """``collections.namedtuple(name, fields)``, and ``typing.NamedTuple`` called."""
    names: list[str] = []
    if len(args.positional) > 1:
        constant = args.positional[1].const()
        if constant is not None and isinstance(constant.value, str):
            names = constant.value.replace(",", " ").split()
        else:
            for held in elements.iterate(frame, args.positional[1], at).known:
                part = held.const()
                if part is None:
                    pair = elements.iterate(frame, held, at).known
                    part = pair[0].const() if pair else None
                names.append(str(part.value) if part is not None else "")
    oid = frame.allocate(at, Obj("class"), "namedtuple")
    obj = frame.edit(oid)
    obj.data = (frame.path, None)
    order = classes.mro(frame, types.native_value("tuple").atoms[0])
    obj.keys = Value((ref(oid), external(("typing", "NamedTuple")), *order))
    title = args.positional[0].const() if args.positional else None
    obj.trails = classes.names_of_made(frame, str(title.value) if title is not None else "namedtuple")
    listed = Obj("tuple", cls=types.native_value("tuple"), items={i: literal(name) for i, name in enumerate(names)})
    obj.attrs["_fields"] = Value((ref(frame.allocate(at, listed, "names")),))
    defaults = args.keywords.get("defaults")
    if defaults is not None:
        given = elements.iterate(frame, defaults, at).known
        for name, value in zip(names[len(names) - len(given) :], given, strict=False):
            frame.edit(oid).attrs[name] = value
    return Value((ref(oid),))


def _make_dataclass(frame: Frame, args: Arguments, at: int) -> Value:
    """``dataclasses.make_dataclass(name, fields)``; a field is a name, or a tuple of name, type and default."""
    if len(args.positional) < 2:
        return UNKNOWN
    names: list[Value] = []
    attrs: dict[str, Value] = {"<dataclass>": TRUE}
    for held in elements.iterate(frame, args.positional[1], at).known:
        parts = [held] if held.const() is not None else elements.iterate(frame, held, at).known
        names.append(parts[0])
        if len(parts) > 2:
            attrs[_text(parts[0])] = parts[2]
    namespace = args.keywords.get("namespace")
    if namespace is not None:
        known, _ = elements.mapping_items(frame, namespace, at)
        attrs.update({key: held for key, held in known.items() if isinstance(key, str)})
    listed = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(names)))
    attrs["_fields"] = Value((ref(frame.allocate(at, listed, "names")),))
    oid = frame.allocate(at, Obj("class", attrs=attrs), "dataclass")
    obj = frame.edit(oid)
    obj.data = (frame.path, None)
    bases = elements.iterate(frame, args.keywords["bases"], at).known if "bases" in args.keywords else []
    obj.keys = Value(classes.linearised(frame, ref(oid), [atom for base in bases for atom in base.atoms]))
    obj.trails = classes.names_of_made(frame, _text(args.positional[0]))
    return Value((ref(oid),))


# --- reflection ---------------------------------------------------------------------------------


def import_by_name(frame: Frame, args: Arguments) -> Value:
    """``importlib.import_module("a.b")``."""
    constant = args.positional[0].const() if args.positional else None
    if constant is None or not isinstance(constant.value, str):
        return UNKNOWN
    name = constant.value
    level = len(name) - len(name.lstrip("."))
    given = args.positional[1:2] or [value for key, value in args.keywords.items() if key == "package"]
    package = given[0].const() if given else None
    if level and package is not None and isinstance(package.value, str):
        parts = package.value.split(".")
        name = ".".join([*parts[: len(parts) - level + 1], name.lstrip(".")])
        level = 0
    path = frame.machine.import_target(frame.path, name.lstrip("."), level)
    if path is None:
        return Value((external(tuple(name.split("."))),))
    return Value((ref(frame.machine.loader.module_oid(path)),))


def _import_module(frame: Frame, args: Arguments, at: int) -> Value:
    return import_by_name(frame, args)


def _import_string(frame: Frame, args: Arguments, at: int) -> Value:
    """A class loaded from a dotted path (``django.utils.module_loading.import_string``, ``pydoc.locate``)."""
    constant = args.positional[0].const() if args.positional else None
    if constant is None or not isinstance(constant.value, str) or "." not in constant.value:
        return UNKNOWN
    module, _, name = constant.value.replace(":", ".").rpartition(".")
    path = frame.machine.import_target(frame.path, module, 0)
    if path is None:
        # A module may name itself.
        own = frame.machine.located(f"{module}.{name}")
        return own if own is not None else Value((external((*module.split("."), name)),))
    found = frame.machine.loader.module_attribute(path, name)
    return found if found is not None else UNKNOWN


# --- intrinsics of models --------------------------------------------------------------------------


def _carry(frame: Frame, args: Arguments, at: int) -> Value:
    tags = frame.derived(at, "carried on", elements.deep(frame, args.all()))
    return types.opaque(frame, at, "carry", tags)


def _unknown(frame: Frame, args: Arguments, at: int) -> Value:
    return types.opaque(frame, at, "unknown")


def _choice(frame: Frame, args: Arguments, at: int) -> Value:
    return join_all(args.all()) if args.all() else _unknown(frame, args, at)


def _awaited(frame: Frame, args: Arguments, at: int) -> Value:
    """What ``await x`` gives; a coroutine that ran already runs again."""
    return elements.awaited(frame, args.positional[0], at, again=True) if args.positional else UNKNOWN


def _pack(frame: Frame, args: Arguments, at: int) -> Value:
    """A text that remembers the structure it was made from."""
    if len(args.positional) < 2:
        return _carry(frame, args, at)
    from purposelint.dataflow import copying  # noqa: PLC0415

    kind = args.positional[0].const()
    value = copying.taken(frame, args.positional[1], at, "" if kind is None else str(kind.value))
    obj = Obj("text", data=("",), attrs={"<packed>": value, "<kind>": literal(kind.value if kind is not None else "")})
    obj.tags = frame.derived(at, "packed", elements.text_tags(frame, [value], at))
    return Value((ref(frame.allocate(at, obj, "pack")),))


def _unpack(frame: Frame, args: Arguments, at: int) -> Value:
    """What a text was made from; where it does not remember that, the third argument, or something made of the text."""
    if len(args.positional) < 2:
        return _carry(frame, args, at)
    from purposelint.dataflow import copying  # noqa: PLC0415

    kind = args.positional[0].const()
    result = NOTHING
    for atom in args.positional[1].atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            packed = obj.attrs.get("<packed>")
            named = obj.attrs.get("<kind>")
            if packed is not None and named is not None and named.const() is kind:
                result = join(
                    result, copying.given_back(frame, packed, at, str(kind.value) if kind is not None else "")
                )
                continue
        if len(args.positional) > 2:
            result = join(result, args.positional[2])
            continue
        tags = frame.derived(at, "unpacked", elements.deep(frame, [Value((atom,), args.positional[1].tags)]))
        result = join(result, types.opaque(frame, at, "unpack", tags))
    return result if result.atoms else UNKNOWN


def _cast(frame: Frame, args: Arguments, at: int) -> Value:
    return args.positional[1] if len(args.positional) > 1 else args.keywords.get("val", UNKNOWN)


def _same(frame: Frame, args: Arguments, at: int) -> Value:
    return args.positional[0] if args.positional else UNKNOWN


def _auto(frame: Frame, args: Arguments, at: int) -> Value:
    if frame.class_oid != -1 and flags.is_flag(frame, frame.class_oid):
        return literal(flags.next_bit(list(frame.get(frame.scope).attrs.values())))
    return Value((external(("enum", "auto", "()")),))


def _functional_enum(kind: str) -> _Function:
    def make(frame: Frame, args: Arguments, at: int) -> Value:
        """``Enum("Name", members)``: members as a dict, as pairs, or as names."""
        if len(args.positional) < 2:
            return UNKNOWN
        given = args.positional[1]
        members: dict[str, Value] = {}
        constant = given.const()
        if constant is not None and isinstance(constant.value, str):
            names = constant.value.replace(",", " ").split()
            bits = kind in flags.KINDS
            members = {name: literal(1 << index if bits else index + 1) for index, name in enumerate(names)}
        elif any(frame.get(oid).kind == "dict" for oid in given.refs()):
            known, _ = elements.mapping_items(frame, given, at)
            members = {key: held for key, held in known.items() if isinstance(key, str)}
        else:
            for index, held in enumerate(elements.iterate(frame, given, at).known, 1):
                part = held.const()
                pair = elements.iterate(frame, held, at).known if part is None else [held, literal(index)]
                members[_text(pair[0])] = pair[-1]
        title = _text(args.positional[0])
        return classes.functional_enum(frame, external(("enum", kind)), title, members, at)

    return make


def _nonmember(frame: Frame, args: Arguments, at: int) -> Value:
    obj = Obj("nonmember", attrs={"value": args.positional[0] if args.positional else UNKNOWN})
    return Value((ref(frame.allocate(at, obj, "nonmember")),))


def _new_type(frame: Frame, args: Arguments, at: int) -> Value:
    return args.positional[1] if len(args.positional) > 1 else UNKNOWN


def _timedelta(frame: Frame, args: Arguments, at: int) -> Value:
    """A span of time keeps its parts, so that a retention can be read off it."""
    names = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
    parts = dict(zip(names, args.positional, strict=False))
    parts.update(args.keywords)
    tags = frame.derived(at, "timedelta", elements.deep(frame, args.all()))
    obj = Obj("opaque", open=True, trails=(("datetime", "timedelta", "()"),), attrs=parts, tags=tags)
    return Value((ref(frame.allocate(at, obj, "timedelta")),))


def _exit(frame: Frame, args: Arguments, at: int) -> Value:
    """``sys.exit()``: nothing behind it runs but handlers and ``finally``."""
    from purposelint.dataflow import exceptions  # noqa: PLC0415

    exceptions.raise_builtin(frame, "SystemExit", args.positional, at)
    return UNKNOWN


def _end(frame: Frame, args: Arguments, at: int) -> Value:
    """``os._exit()``: nothing behind it runs."""
    frame.live = False
    raise Unreachable


_FUNCTIONS: dict[str, _Function] = {
    "sys.exit": _exit, "os._exit": _end, "os.abort": _end, "os.execv": _end, "os.execvp": _end, "os.execl": _end,
    "dataclasses.field": _field, "purposelint_model.described": _field, "dataclasses.asdict": _asdict,
    "dataclasses.astuple": _astuple, "dataclasses.replace": _replace,
    "copy.replace": _replace, "dataclasses.fields": _fields, "dataclasses.make_dataclass": _make_dataclass,
    "collections.namedtuple": _namedtuple,
    "typing.NamedTuple": _namedtuple, "typing.cast": _cast, "typing.NewType": _new_type, "enum.auto": _auto,
    "enum.member": _same, "enum.nonmember": _nonmember,
    **{f"enum.{kind}": _functional_enum(kind) for kind in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")},
    "typing.assert_type": _same, "typing.reveal_type": _same, "importlib.import_module": _import_module,
    "django.utils.module_loading.import_string": _import_string, "pydoc.locate": _import_string,
    "datetime.timedelta": _timedelta, "purposelint_model.carry": _carry, "purposelint_model.unknown": _unknown,
    "purposelint_model.awaited": _awaited, "purposelint_model.choice": _choice,
    "purposelint_model.pack": _pack, "purposelint_model.unpack": _unpack,
}  # fmt: skip
