"""Classes: creation, method resolution order, attribute look-up, descriptors, special methods."""

from __future__ import annotations

from purposelint.dataflow import functions, overrides, relations, types
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.newest import builtins, has
from purposelint.dataflow.statements import execute_block
from purposelint.dataflow.values import (
    MISSING_ATOM,
    NO_TAGS,
    NONE,
    NOTHING,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Tags,
    Trail,
    Value,
    external,
    is_literal,
    join,
    join_all,
    literal,
    native,
    ref,
)
from purposelint.facts import syntax as s

OBJECT = native("object")
NAMED_TUPLE = frozenset({"_replace", "_asdict", "_make", "_fields"})
CONTAINER_TYPES = frozenset({"list", "dict", "tuple", "set", "frozenset", "str", "int", "float", "bytes"})
KNOWN_MODULES = frozenset({"typing", "typing_extensions", "abc", "enum"})
KNOWN_BASES: dict[tuple[object, ...], str] = {
    ("NamedTuple",): "tuple", ("Generic",): "object", ("Protocol",): "object", ("ABC",): "object", ("Enum",): "object",
    ("IntEnum",): "int", ("StrEnum",): "str", ("Flag",): "object", ("IntFlag",): "int",
}  # fmt: skip
"""Library classes to inherit from of which all is known, with the builtin type that they extend."""
HEIRS = "purposelint_heirs"
"""The package of models that give classes only to those that inherit from a library's."""
ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


_NONE_AT_FIRST = frozenset({"__cause__", "__context__", "__traceback__"})
"""What an exception has that was not raised from, or while handling, another."""
CODE = frozenset({"function", "class", "classmethod", "staticmethod", "property"})


def define_class(frame: Frame, number: int, at: int) -> Value:
    """The value that a ``class`` statement binds."""
    facts = frame.module.classes[number]
    bases: list[Atom] = []
    metaclass: Value | None = None
    keywords: dict[str, Value] = {}
    for argument in facts.bases:
        value = evaluate(frame, argument.value)
        if argument.name == "metaclass":
            metaclass = value
        elif argument.name is not None:
            keywords[argument.name] = value
        elif argument.star != "**":
            base = value.atoms[0] if value.atoms else native("object")
            bases.append(base if type(base) in (Ref, External, Native) else types.UNKNOWN_BASE)
    oid = frame.allocate(at, Obj("class"), "class")
    obj = frame.edit(oid)
    obj.data = (frame.path, number)
    obj.keys = Value(linearised(frame, ref(oid), bases))
    obj.trails = frame.machine.trails_of_definition(frame.path, facts.qualname)
    frame.machine.classes.setdefault((frame.path, number), oid)
    body = frame.machine.oid((frame.instance.number, at, "class body"))
    parent = frame.scope if frame.get(frame.scope).kind == "scope" else -1
    if metaclass is None:
        metaclass = _inherited_metaclass(frame, bases)
    given = {} if metaclass is None else _prepared(frame, metaclass, facts, bases, keywords, at)
    variables = Obj("scope", attrs=given, data=(parent, frame.path, frame.instance.function, "class"))
    variables.origin = frame.machine.oid(("class scope", frame.path, number))
    frame.state.put(body, variables)
    outer_scope, outer_class = frame.scope, frame.class_oid
    frame.scope, frame.class_oid = body, oid
    outer_function = frame.function
    frame.function = None
    try:
        execute_block(frame, facts.body)
    finally:
        frame.scope, frame.class_oid, frame.function = outer_scope, outer_class, outer_function
    if not frame.live:
        return Value((ref(oid),))
    attrs = dict(frame.get(body).attrs)
    mine = frame.edit(oid)
    mine.attrs = attrs
    if metaclass is not None:
        mine.cls = metaclass
        frame.machine.go_through(mine)
    made = Value((ref(oid),))
    _enumerate_members(frame, oid, facts.ref)
    _set_names(frame, oid)
    hook = lookup_after(frame, ref(oid), "__init_subclass__")
    if hook is not None:
        _call_hook(frame, hook, made, keywords, at)
    if metaclass is not None:
        made = _by_metaclass(frame, metaclass, made, facts, bases, attrs, keywords, at)
    decorators = [(expr, evaluate(frame, expr)) for expr in facts.decorators]
    for expr, decorator in reversed(decorators):
        types.note_decorator(frame, oid, decorator, evaluate(frame, expr.func) if isinstance(expr, s.Call) else NOTHING)
        made = functions.decorate(frame, decorator, made, expr.ref)
    return made


def _inherited_metaclass(frame: Frame, bases: list[Atom]) -> Value | None:
    """The metaclass of the first base that has one of the project's."""
    for base in bases:
        if type(base) is Ref and frame.get(base.oid).kind == "class" and frame.get(base.oid).cls.refs():
            return frame.get(base.oid).cls
    return None


def _prepared(
    frame: Frame, metaclass: Value, facts: s.Class, bases: list[Atom], keywords: dict[str, Value], at: int
) -> dict[str, Value]:
    """The names with which a class body starts: what the metaclass's ``__prepare__`` gives."""
    from purposelint.dataflow import calls, elements  # noqa: PLC0415

    hook = lookup_value_of_classes(frame, metaclass, "__prepare__")
    if hook is None:
        return {}
    listed = {index: Value((base,)) for index, base in enumerate(bases)}
    parents = Obj("tuple", cls=types.native_value("tuple"), items=dict(listed))
    given = [literal(facts.name), Value((ref(frame.allocate(at, parents, "prepare")),))]
    result = NOTHING
    for atom in hook.atoms:
        func = _unwrapped(frame, atom)
        if func is not None:
            first = [] if _kind(frame, atom) == "staticmethod" else [metaclass]
            result = join(result, calls.call(frame, Value((func,)), Arguments([*first, *given], dict(keywords)), at))
    known, _ = elements.mapping_items(frame, result, at)
    return {key: held for key, held in known.items() if isinstance(key, str)}


def lookup_value_of_classes(frame: Frame, cls: Value, name: str) -> Value | None:
    """A class attribute of classes of the project."""
    return lookup(frame, Value(tuple(atom for atom in cls.atoms if type(atom) is Ref)), name)


def _call_hook(frame: Frame, hook: Value, cls: Value, keywords: dict[str, Value], at: int) -> None:
    from purposelint.dataflow import calls  # noqa: PLC0415

    for atom in hook.atoms:
        func = _unwrapped(frame, atom)
        if func is not None:
            calls.call(frame, Value((Bound(func, cls),)), Arguments(keywords=keywords), at)


def _unwrapped(frame: Frame, atom: Atom) -> Ref | None:
    if type(atom) is not Ref:
        return None
    obj = frame.get(atom.oid)
    if obj.kind == "function":
        return atom
    if obj.kind in ("classmethod", "staticmethod"):
        inner = obj.attrs["__func__"].atoms
        return inner[0] if inner and type(inner[0]) is Ref else None
    return None


def _set_names(frame: Frame, oid: int) -> None:
    """Descriptors learn their names."""
    for name, value in list(frame.get(oid).attrs.items()):
        for atom in value.atoms:
            if type(atom) is Ref and frame.get(atom.oid).kind == "instance":
                call_special(frame, Value((atom,)), "__set_name__", [Value((ref(oid),)), literal(name)], 0)


def _by_metaclass(
    frame: Frame,
    metaclass: Value,
    made: Value,
    facts: s.Class,
    bases: list[Atom],
    attrs: dict[str, Value],
    keywords: dict[str, Value],
    at: int,
) -> Value:
    """Let a metaclass of the project make or change the class."""
    for atom in metaclass.atoms:
        if type(atom) is not Ref or frame.get(atom.oid).kind != "class":
            continue
        listed = {index: Value((base,)) for index, base in enumerate(bases)}
        parents = frame.allocate(at, Obj("tuple", cls=types.native_value("tuple"), items=dict(listed)), "bases")
        # As Python's ``__classcell__``: the class is in its namespace, so that `type.__new__` gives this one.
        body = Obj("dict", cls=types.native_value("dict"), items=dict(attrs), attrs={"<class>": made})
        namespace = frame.allocate(at, body, "namespace")
        given = [literal(facts.name), Value((ref(parents),)), Value((ref(namespace),))]
        new = lookup_in(frame, atom, "__new__")
        if new is not None and any(type(each) is Ref for each in new.atoms):
            from purposelint.dataflow import calls  # noqa: PLC0415

            result = NOTHING
            for each in new.atoms:
                func = _unwrapped(frame, each)
                if func is not None:
                    arguments = Arguments([Value((atom,)), *given], dict(keywords))
                    result = join(result, calls.call(frame, Value((func,)), arguments, at))
            if result.refs():
                made = result
        init = lookup_in(frame, atom, "__init__")
        if init is not None:
            from purposelint.dataflow import calls  # noqa: PLC0415

            for each in init.atoms:
                func = _unwrapped(frame, each)
                if func is not None:
                    calls.call(frame, Value((func,)), Arguments([made, *given], dict(keywords)), at)
    return made


# --- resolution order -----------------------------------------------------------------


def linearised(frame: Frame, cls: Atom, bases: list[Atom]) -> tuple[Atom, ...]:
    """The method resolution order (C3); where the bases do not agree, depth first."""
    orders = [list(mro(frame, base)) for base in bases]
    pending = [order for order in [*orders, list(bases)] if order]
    result: list[Atom] = [cls]
    while pending:
        head = next((each[0] for each in pending if not any(each[0] in other[1:] for other in pending)), pending[0][0])
        result.append(head)
        pending = [rest for rest in ([atom for atom in each if atom is not head] for each in pending) if rest]
    if OBJECT not in result:
        result.append(OBJECT)
    return tuple(result)


def mro(frame: Frame, cls: Atom) -> tuple[Atom, ...]:
    """The resolution order of a class of any kind."""
    if type(cls) is Ref:
        obj = frame.get(cls.oid)
        if obj.kind == "class" and obj.keys.atoms:
            return obj.keys.atoms
        return (cls,)
    if type(cls) is External:
        base = KNOWN_BASES.get(cls.trail[-1:] if cls.trail[0] in KNOWN_MODULES else (), "")
        return (cls, *mro(frame, native(base))) if base else (cls, *left_to_heirs(frame, cls))
    if type(cls) is Native:
        python = getattr(builtins, cls.name, None)
        if isinstance(python, type):
            return tuple(native(base.__name__) for base in python.__mro__)
        return (cls, OBJECT)
    return (cls,)


def left_to_heirs(frame: Frame, cls: External) -> tuple[Atom, ...]:
    """The classes behind one of a library's in the resolution order of those that inherit from it, as a model has them.

    Before each stands the library's class itself, by which others name it.
    """
    names = [step for step in cls.trail if isinstance(step, str)]
    module = f"{HEIRS}.{'.'.join(names[:-1])}"
    if module not in frame.machine.models:
        return ()
    given = frame.machine.located(f"{module}.{names[-1]}")
    order: list[Atom] = []
    for atom in given.atoms if given is not None else ():
        for each in mro(frame, atom):
            if type(each) is Ref and frame.get(each.oid).kind == "class":
                order.extend(atom for atom in (_stood_for(frame, each), each) if atom is not None and atom != cls)
            else:
                order.append(each)
    return tuple(order)


def _stood_for(frame: Frame, cls: Ref) -> External | None:
    """The library's class to which a model's gives what heirs have of it."""
    path, _, name = ".".join(str(step) for step in frame.get(cls.oid).trails[0]).rpartition(".")
    module = path.strip("<>").removeprefix(f"{HEIRS}.")
    return external((*module.split("."), name)) if module != path.strip("<>") else None


def classes_of(frame: Frame, cls: Value) -> list[Atom]:
    """Every class in the resolution orders of a value of classes."""
    result: list[Atom] = []
    for atom in cls.atoms:
        for each in mro(frame, atom):
            if each not in result:
                result.append(each)
    return result


def has_unknown_base(frame: Frame, cls: Value) -> bool:
    """Whether a class inherits from something that is not in the project."""
    return not cls.atoms or any(
        (
            type(each) is External
            and not (each.trail[0] in KNOWN_MODULES and each.trail[-1:] in KNOWN_BASES)
            and not left_to_heirs(frame, each)
        )
        or type(each) is Some
        or (type(each) is Ref and frame.get(each.oid).kind != "class")
        for each in classes_of(frame, cls)
    )


def sequence_kind(frame: Frame, obj: Obj) -> str:
    """``list`` or ``tuple`` for one, and for an instance of a class that inherits from it; else empty."""
    if obj.kind in ("list", "tuple"):
        return obj.kind
    if obj.kind == "instance":
        for each in classes_of(frame, obj.cls):
            if type(each) is Native and each.name in ("list", "tuple"):
                return each.name
    return ""


def is_builtin_subclass(frame: Frame, cls: Value, name: str) -> bool:
    """Whether a class inherits from a builtin type."""
    return native(name) in classes_of(frame, cls)


def lookup_in(frame: Frame, cls: Atom, name: str) -> Value | None:
    """A class attribute through the resolution order; builtin types' own methods are not looked at."""
    frame.machine.seek(name)
    for each in mro(frame, cls):
        if type(each) is Ref:
            value = frame.get(each.oid).attrs.get(name)
            if value is not None:
                _complete(frame, each.oid, name, value)
                return frame.machine.loader.settled(value)
    return None


def _complete(frame: Frame, oid: int, name: str, value: Value) -> None:
    """Have what a class holds for all of its instances be given what other files hand to it."""
    obj = frame.state.base.get(oid)
    if obj is not None and obj.data and not name.startswith("__"):
        frame.machine.registration.complete(str(obj.data[0]), name, value)


def lookup_after(frame: Frame, cls: Ref, name: str) -> Value | None:
    """A class attribute of the bases alone."""
    frame.machine.seek(name)
    for each in mro(frame, cls)[1:]:
        if type(each) is Ref:
            value = frame.get(each.oid).attrs.get(name)
            if value is not None:
                return value
    return None


def lookup_behind(frame: Frame, cls: Atom, owner: int, name: str) -> Value | None:
    """A class attribute as ``super().name`` in a class finds it for instances of another."""
    order = mro(frame, cls)
    start = ref(owner)
    for each in order[order.index(start) + 1 :] if start in order else ():
        if type(each) is Ref:
            value = frame.get(each.oid).attrs.get(name)
            if value is not None:
                return frame.machine.loader.settled(value)
    return None


def lookup(frame: Frame, cls: Value, name: str) -> Value | None:
    """A class attribute of any of several classes."""
    found: Value | None = None
    for atom in cls.atoms:
        value = lookup_in(frame, atom, name)
        if value is not None:
            found = value if found is None else join(found, value)
    return found


def lookup_value(frame: Frame, value: Value, name: str) -> Value | None:
    """A class attribute of the classes of instances."""
    found: Value | None = None
    for oid in value.refs():
        obj = frame.get(oid)
        if obj.kind == "instance":
            this = lookup(frame, obj.cls, name)
            if this is not None:
                found = this if found is None else join(found, this)
    return found


# --- attributes of instances --------------------------------------------------------------


def instance_attribute(frame: Frame, oid: int, one: Value, name: str, at: int) -> Value | None:
    """``instance.name`` as Python looks it up."""
    obj = frame.get(oid)
    if not name.startswith("__"):
        hook = lookup(frame, obj.cls, "__getattribute__")
        if hook is not None and not _running(frame, hook):
            return call_special(frame, one, "__getattribute__", [literal(name)], at)
    of_class = lookup(frame, obj.cls, name)
    if obj.open and oid not in frame.state.base and not name.startswith("__"):
        overriding, instead = overrides.overridden(frame, obj, of_class, name, at)
        if overriding.atoms:
            if instead:
                return overriding
            assert of_class is not None
            data = data_descriptor(frame, of_class, one, at)
            return join(data or bind_attribute(frame, of_class, one, at, name), overriding)
    if of_class is not None:
        data = data_descriptor(frame, of_class, one, at)
        if data is not None:
            return data
    own = obj.attrs.get(name)
    if own is not None and MISSING_ATOM not in own.atoms:
        return own
    result = NOTHING if own is None else Value(tuple(a for a in own.atoms if a is not MISSING_ATOM), own.tags)
    if name == "__class__":
        return obj.cls
    if name == "__dict__":
        return types.dict_of(frame, oid, at)
    if of_class is not None:
        if obj.open and own is None and types.is_record(frame, obj.cls) and types.has_field(frame, obj.cls, name):
            # The default; an instance from elsewhere may have another.
            other = types.field_of_class(frame, oid, name, at)
            return join(of_class, other) if other is not None and not of_class.refs() else other or of_class
        declared = types.field_of_class(frame, oid, name, at) if _is_declaration(frame, of_class) else None
        said = declared is not None and (not of_class.refs() or not _says_less(frame, declared, of_class))
        if said and declared is not None and not is_literal(declared):
            return join(result, declared)
        bound = bind_attribute(frame, of_class, one, at, name)
        if said and declared is not None:
            # Literals that code stores into other instances: this one may hold anything.
            return join(result, join(declared, bound))
        if obj.open and types.is_vacant(frame, of_class) and types.has_field(frame, obj.cls, name):
            # What the class begins with; an instance from elsewhere holds what is declared.
            other = types.field_of_class(frame, oid, name, at)
            bound = bound if other is None else join(bound, other)
        return join(result, bound.tagged(_kept_in_field(frame, oid, of_class, name)))
    if own is None:
        inherited = types.field_of_class(frame, oid, name, at)
        if inherited is not None:
            return inherited
    if name in NAMED_TUPLE and is_named_tuple(frame, obj.cls):
        return join(result, named_tuple_attribute(frame, obj.cls.atoms[0], name, one, at))
    hook = lookup(frame, obj.cls, "__getattr__")
    if hook is not None and not name.startswith("__"):
        made = call_special(frame, one, "__getattr__", [literal(name)], at)
        if made is None or made.atoms or made.tags:
            return result if made is None else join(result, made)
    if name in _NONE_AT_FIRST and not obj.open and is_builtin_subclass(frame, obj.cls, "BaseException"):
        return join(result, NONE)
    builtin = _builtin_method(frame, obj, name)
    if builtin is not None:
        return Value((Bound(builtin, one),))
    back = relations.reverse(frame, oid, name, at) if not name.startswith("_") else None
    if back is not None:
        return join(result, back)
    unknown_base = has_unknown_base(frame, obj.cls)
    if obj.open or unknown_base:
        if unknown_base:
            frame.implicit.add("AttributeError")
        child = types.attribute_of_unknown(frame, oid, name, at, one.tags)
        return join(result, child)
    frame.implicit.add("AttributeError")
    return result if result.atoms else None


def _kept_in_field(frame: Frame, oid: int, of_class: Value, name: str) -> Tags:
    """The data that code stores into a field, beside what the class itself says of it, for an unknown instance."""
    obj = frame.get(oid)
    if not obj.open or any(type(atom) is Ref and frame.get(atom.oid).kind in CODE for atom in of_class.atoms):
        return NO_TAGS
    tags: Tags = NO_TAGS
    for cls in obj.cls.atoms:
        found = frame.machine.shapes.field(frame, oid, cls.oid, name) if type(cls) is Ref else None
        if found is not None:
            tags |= found.tags
    return tags


def _running(frame: Frame, hook: Value) -> bool:
    """Whether the code at hand is the hook itself, which must not call itself."""
    for atom in hook.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind == "function":
            path, number = frame.get(atom.oid).data[:2]
            if any(each.path == path and each.function == number for each in frame.machine.stack):
                return True
    return False


def _is_declaration(frame: Frame, attribute: Value) -> bool:
    """Whether a class attribute is a framework's description of a field: the field's annotation says more."""
    for atom in attribute.atoms:
        if type(atom) is not Ref:
            return False
        obj = frame.get(atom.oid)
        modelled = obj.kind == "instance" and any(
            type(cls) is Ref and frame.get(cls.oid).data[:1] and str(frame.get(cls.oid).data[0]).startswith("<")
            for cls in obj.cls.atoms
        )
        if not modelled and not (obj.kind == "opaque" and obj.trails):
            return False
    return bool(attribute.atoms)


def _says_less(frame: Frame, declared: Value, attribute: Value) -> bool:
    """Whether an annotation names a library's own class only, where a model has a descriptor."""
    return all(frame.get(oid).kind == "instance" for oid in attribute.refs()) and all(
        type(atom) is Ref and frame.get(atom.oid).kind == "opaque" for atom in declared.atoms
    )


def _builtin_method(frame: Frame, obj: Obj, name: str) -> Native | None:
    for each in classes_of(frame, obj.cls):
        if type(each) is Native:
            python = getattr(builtins, each.name, None)
            if isinstance(python, type) and has(python, name):
                if each.name in CONTAINER_TYPES or each.name == "object":
                    return native(f"{each.name}.{name}")
                return (
                    native(f"BaseException.{name}")
                    if issubclass(python, BaseException)
                    else native(f"{each.name}.{name}")
                )
    return None


def data_descriptor(frame: Frame, attribute: Value, one: Value, at: int) -> Value | None:
    """What a property or other data descriptor gives; None when it is none."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    result: Value | None = None
    for atom in attribute.atoms:
        if type(atom) is not Ref:
            continue
        obj = frame.get(atom.oid)
        made: Value | None = None
        if obj.kind == "property":
            getter = obj.attrs.get("fget", NOTHING)
            made = calls.call(frame, getter, Arguments([one]), at) if getter.atoms else UNKNOWN
        elif obj.kind == "instance" and lookup(frame, obj.cls, "__set__") is not None:
            made = call_special(frame, Value((atom,)), "__get__", [one, types.class_of(frame, one)], at)
        if made is not None:
            result = made if result is None else join(result, made)
    return result


def bind_attribute(frame: Frame, attribute: Value, receiver: Value, at: int, name: str = "") -> Value:
    """A class attribute as seen through an instance: functions become methods."""
    result = NOTHING
    for atom in attribute.atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            if obj.kind == "function":
                result = join(result, Value((Bound(atom, receiver),)))
                continue
            if obj.kind == "classmethod":
                for func in obj.attrs["__func__"].atoms:
                    if type(func) is Ref:
                        result = join(result, Value((Bound(func, types.class_of(frame, receiver)),)))
                continue
            if obj.kind == "staticmethod":
                result = join(result, obj.attrs["__func__"])
                continue
            if obj.kind == "instance" and relations.kind_of(frame, atom.oid):
                made = relations.through(frame, atom.oid, receiver, name, at)
                for oid in receiver.refs() if made is None else ():
                    result = join(result, types.attribute_of_unknown(frame, oid, name, at, receiver.tags))
                result = result if made is None else join(result, made)
                continue
            if obj.kind == "instance" and lookup(frame, obj.cls, "__get__") is not None:
                given = [receiver, types.class_of(frame, receiver)]
                made = call_special(frame, Value((atom,)), "__get__", given, at)
                if made is not None:
                    result = join(result, made)
                    continue
        if type(atom) is Native and "." in atom.name:
            result = join(result, Value((Bound(atom, receiver),)))
            continue
        result = join(result, types.declared_field(frame, receiver, Value((atom,), attribute.tags), name, at))
    return result.tagged(attribute.tags)


def names_of_made(frame: Frame, title: str) -> tuple[Trail, ...]:
    """The dotted names of a class that a call makes: a module's own are called as the variable that keeps them."""
    named = frame.machine.trails_of_definition(frame.path, title) if frame.function is None else ()
    return named or ((title,),)


def is_named_tuple(frame: Frame, cls: Value) -> bool:
    """Whether a class was made by ``NamedTuple`` or ``namedtuple``."""
    return any(type(each) is External and each.trail[-1] == "NamedTuple" for each in classes_of(frame, cls))


def named_tuple_attribute(frame: Frame, cls: Atom, name: str, receiver: Value, at: int) -> Value:
    """What every named tuple has besides its fields."""
    if name != "_fields":
        return Value((Bound(native(f"NamedTuple.{name}"), receiver),))
    items = {index: literal(field) for index, (field, _) in enumerate(types.record_fields(frame, cls) or [])}
    listed = Obj("tuple", cls=types.native_value("tuple"), items=dict(items))
    return Value((ref(frame.allocate(at, listed, "fields")),))


def class_attribute(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    """``Class.name``."""
    obj = frame.get(oid)
    cls = ref(oid)
    if name in ("__name__", "__qualname__"):
        return literal(str(obj.trails[0][-1]) if obj.trails else "")
    if name in {"__mro__", "__bases__"}:
        order = mro(frame, cls)[0 if name == "__mro__" else 1 :]
        view = Obj("tuple", cls=types.native_value("tuple"), items={i: Value((each,)) for i, each in enumerate(order)})
        return Value((ref(frame.allocate(at, view, name)),))
    if name == "__dict__":
        frame.machine.go_through(obj)
        view = Obj("dict", cls=types.native_value("dict"), items=dict(obj.attrs))
        return Value((ref(frame.allocate(at, view, name)),))
    if name == "__members__":
        members = {key: held for key, held in obj.attrs.items() if _is_member(frame, held, oid)}
        view = Obj("dict", cls=types.native_value("dict"), items=dict(members))
        return Value((ref(frame.allocate(at, view, name)),))
    value = lookup_in(frame, cls, name)
    if value is None and name == "__subclasses__":
        return Value((Bound(native("type.__subclasses__"), Value((cls,))),))
    if value is None and name in NAMED_TUPLE and is_named_tuple(frame, Value((cls,))):
        return named_tuple_attribute(frame, cls, name, Value((cls,)), at)
    if value is None:
        if obj.cls.atoms:
            found = lookup(frame, obj.cls, name)
            if found is not None:
                one = Value((cls,))
                data = data_descriptor(frame, found, one, at)
                return data if data is not None else bind_attribute(frame, found, one, at)
            hook = lookup(frame, obj.cls, "__getattr__")
            if hook is not None:
                result = NOTHING
                from purposelint.dataflow import calls  # noqa: PLC0415

                for atom in hook.atoms:
                    func = _unwrapped(frame, atom)
                    if func is not None:
                        made = calls.call(frame, Value((func,)), Arguments([Value((cls,)), literal(name)]), at)
                        result = join(result, made)
                return result
        for each in mro(frame, cls):
            if type(each) is Native and each is not OBJECT:
                return Value((native(f"{each.name}.{name}"),))
        if has_unknown_base(frame, Value((cls,))):
            return types.attribute_of_unknown(frame, oid, name, at)
        if name.startswith("__") and hasattr(object, name):
            return Value((native(f"object.{name}"),))
        return None
    result = NOTHING
    for atom in value.atoms:
        if type(atom) is Ref:
            held = frame.get(atom.oid)
            if held.kind == "classmethod":
                for function in held.attrs["__func__"].atoms:
                    if isinstance(function, Ref):
                        result = join(result, Value((Bound(function, Value((cls,))),)))
                continue
            if held.kind == "staticmethod":
                result = join(result, held.attrs["__func__"])
                continue
            if held.kind == "instance" and lookup(frame, held.cls, "__get__") is not None:
                got = call_special(frame, Value((atom,)), "__get__", [literal(None), Value((cls,))], at)
                if got is not None:
                    result = join(result, got)
                    continue
        result = join(result, Value((atom,)))
    return result.tagged(value.tags)


def super_attribute(frame: Frame, oid: int, name: str, at: int) -> Value | None:
    """``super().name``: the look-up goes on behind the class."""
    frame.machine.seek(name)
    obj = frame.get(oid)
    receiver = obj.attrs["self"]
    start = obj.attrs["class"].atoms
    for atom in receiver.atoms:
        if type(atom) is not Ref:
            continue
        held = frame.get(atom.oid)
        order: tuple[Atom, ...] = ()
        if held.kind == "class":
            order = mro(frame, atom)
        else:
            for each in held.cls.atoms:
                order = mro(frame, each)
                if start and start[0] in order:
                    break
        if start and start[0] in order:
            order = order[order.index(start[0]) + 1 :]
        elif start:
            order = mro(frame, start[0])[1:]
        for each in order:
            found = _of_base(frame, each, name, receiver, at)
            if found is not None:
                return found
    return Value((Bound(native(f"object.{name}"), receiver),))


def _of_base(frame: Frame, base: Atom, name: str, receiver: Value, at: int) -> Value | None:
    if type(base) is Ref and frame.get(base.oid).kind == "class":
        value = frame.get(base.oid).attrs.get(name)
        if value is None:
            return None
        if name == "__new__":
            return value if not any(_kind(frame, atom) == "staticmethod" for atom in value.atoms) else NOTHING
        if all(_kind(frame, atom) == "class" for atom in receiver.atoms):
            # ``super()`` in a class method: the method is bound to the class at hand.
            funcs = [_unwrapped(frame, atom) for atom in value.atoms if _kind(frame, atom) == "classmethod"]
            if funcs and len(funcs) == len(value.atoms):
                return join_all(Value((Bound(func, receiver),)) for func in funcs if func is not None)
        data = data_descriptor(frame, value, receiver, at)
        return data if data is not None else bind_attribute(frame, value, receiver, at)
    if type(base) is External:
        return Value((Bound(types.external_method(base, name), receiver),))
    if type(base) is Native:
        python = getattr(builtins, base.name, None)
        if name == "__new__":
            return Value((native("type.__new__" if base.name == "type" else "object.__new__"),))
        if isinstance(python, type) and name in vars(python):
            owner = "BaseException" if issubclass(python, BaseException) else base.name
            return Value((Bound(native(f"{owner}.{name}"), receiver),))
    return None


def _kind(frame: Frame, atom: Atom) -> str:
    return frame.get(atom.oid).kind if type(atom) is Ref else ""


def call_special(frame: Frame, value: Value, name: str, given: list[Value], at: int) -> Value | None:
    """Call a special method of instances, looked up on their class; None when it is not defined."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    result: Value | None = None
    for atom in value.atoms:
        if type(atom) is not Ref:
            continue
        obj = frame.get(atom.oid)
        if obj.kind == "instance" or (obj.kind == "class" and obj.cls.atoms):
            method = lookup(frame, obj.cls, name)
        else:
            continue
        if method is None or (
            all(each.value is None for each in method.atoms if hasattr(each, "value")) and method.const()
        ):
            continue
        bound_method = bind_attribute(frame, method, Value((atom,), value.tags), at)
        made = calls.call(frame, bound_method, Arguments(list(given)), at)
        result = made if result is None else join(result, made)
    return result


def call_setter(frame: Frame, oid: int, name: str, value: Value, at: int) -> bool:
    """Store through ``__setattr__``, a property or another descriptor; False when there is none."""
    hook = lookup(frame, frame.get(oid).cls, "__setattr__")
    if hook is not None and not _running(frame, hook):
        call_special(frame, Value((ref(oid),)), "__setattr__", [literal(name), value], at)
        return True
    return set_by_descriptor(frame, oid, name, value, at)


def set_by_descriptor(frame: Frame, oid: int, name: str, value: Value, at: int) -> bool:
    """What `object.__setattr__` does first: store through a property or another descriptor."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    one = Value((ref(oid),))
    attribute = lookup(frame, frame.get(oid).cls, name)
    if attribute is None:
        return False
    for atom in attribute.atoms:
        if type(atom) is not Ref:
            continue
        held = frame.get(atom.oid)
        if held.kind == "property":
            setter = held.attrs.get("fset")
            if setter is not None and setter.atoms:
                calls.call(frame, setter, Arguments([one, value]), at)
            return True
        if held.kind == "instance" and lookup(frame, held.cls, "__set__") is not None:
            call_special(frame, Value((atom,)), "__set__", [one, value], at)
            return True
    return False


def call_metaclass_setter(frame: Frame, oid: int, name: str, value: Value, at: int) -> bool:
    """Store through a descriptor of the metaclass."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    attribute = lookup(frame, frame.get(oid).cls, name)
    for atom in () if attribute is None else attribute.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind == "property":
            setter = frame.get(atom.oid).attrs.get("fset", NOTHING)
            calls.call(frame, setter, Arguments([Value((ref(oid),)), value]), at)
            return True
    return False


def call_deleter(frame: Frame, oid: int, name: str, at: int) -> bool:
    """Delete through a property or ``__delattr__``."""
    hook = lookup(frame, frame.get(oid).cls, "__delattr__")
    if hook is not None and not _running(frame, hook):
        call_special(frame, Value((ref(oid),)), "__delattr__", [literal(name)], at)
        return True
    return delete_by_descriptor(frame, oid, name, at)


def delete_by_descriptor(frame: Frame, oid: int, name: str, at: int) -> bool:
    """What `object.__delattr__` does first: delete through a property or another descriptor."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    one = Value((ref(oid),))
    attribute = lookup(frame, frame.get(oid).cls, name)
    for atom in () if attribute is None else attribute.atoms:
        if type(atom) is Ref:
            held = frame.get(atom.oid)
            if held.kind == "property":
                deleter = held.attrs.get("fdel", NOTHING)
                if deleter.atoms:
                    calls.call(frame, deleter, Arguments([one]), at)
                return True
            if held.kind == "instance" and lookup(frame, held.cls, "__delete__") is not None:
                call_special(frame, Value((atom,)), "__delete__", [one], at)
                return True
    return False


# --- enums ------------------------------------------------------------------------------


def is_enum(frame: Frame, oid: int) -> bool:
    """Whether a class is an enumeration."""
    return any(
        type(each) is External and len(each.trail) == 2 and each.trail[0] == "enum" and each.trail[1] in ENUMS
        for each in mro(frame, ref(oid))
    )


def functional_enum(frame: Frame, base: External, name: str, members: dict[str, Value], at: int) -> Value:
    """``Enum("Name", members)``."""
    oid = frame.allocate(at, Obj("class", attrs=dict(members)), "enum")
    obj = frame.edit(oid)
    obj.data = (frame.path, None)
    obj.keys = Value(linearised(frame, ref(oid), [base]))
    obj.trails = names_of_made(frame, name)
    _enumerate_members(frame, oid, at)
    return Value((ref(oid),))


def _enumerate_members(frame: Frame, oid: int, at: int) -> None:
    """The constants of an enumeration are its instances."""
    if not is_enum(frame, oid):
        return
    obj = frame.edit(oid)
    count = 0
    texts = native("str") in mro(frame, ref(oid))
    for name, value in list(obj.attrs.items()):
        if any(_kind(frame, atom) == "nonmember" for atom in value.atoms):
            obj.attrs[name] = join_all(frame.get(oid_).attrs["value"] for oid_ in value.refs())
            continue
        if name.startswith("_") or any(
            _kind(frame, atom) in ("function", "property", "classmethod", "staticmethod", "class")
            for atom in value.atoms
        ):
            continue
        count += 1
        automatic = any(type(atom) is External and atom.trail[-1] == "()" for atom in value.atoms)
        held = value if not automatic else literal(name.lower() if texts else count)
        member = Obj("instance", cls=Value((ref(oid),)), attrs={"value": held, "_value_": held, "name": literal(name)})
        obj.attrs[name] = Value((ref(frame.allocate(at, member, ("member", name))),))
        init = lookup_in(frame, ref(oid), "__init__")
        if init is not None:
            from purposelint.dataflow import calls, elements  # noqa: PLC0415

            run = elements.iterate(frame, held, at) if held.const() is None else elements.Run([held])
            for atom in init.atoms:
                if type(atom) is Ref:
                    bound_method = Value((Bound(atom, obj.attrs[name]),))
                    calls.call(frame, bound_method, Arguments(list(run.known)), at)
            obj = frame.edit(oid)


def member_literal(frame: Frame, obj: Obj) -> Const | None:
    """The text or number that a member of an enumeration is, where it inherits from one (``class F(str, Enum)``)."""
    if obj.kind != "instance" or "_value_" not in obj.attrs or obj.many:
        return None
    if not any(type(each) is Native and each.name in ("str", "int") for each in classes_of(frame, obj.cls)):
        return None
    return obj.attrs["_value_"].const()


def _is_member(frame: Frame, value: Value, oid: int) -> bool:
    return any(
        type(atom) is Ref and frame.get(atom.oid).kind == "instance" and frame.get(atom.oid).cls.atoms == (ref(oid),)
        for atom in value.atoms
    )


def enum_members(frame: Frame, oid: int) -> list[Value] | None:
    """The members of an enumeration in order; None when the class is none."""
    if not is_enum(frame, oid):
        return None
    return [held for held in frame.get(oid).attrs.values() if _is_member(frame, held, oid)]


def class_getitem(frame: Frame, oid: int, key: Value, at: int) -> Value | None:
    """``Class[key]``: an enumeration's member, ``__class_getitem__``, a metaclass's ``__getitem__``."""
    members = enum_members(frame, oid)
    if members is not None:
        constant = key.const()
        named = frame.get(oid).attrs.get(str(constant.value)) if constant is not None else None
        result = NOTHING
        for member in [named] if named is not None else members:
            result = join(result, member)
        return result
    special = call_special(frame, Value((ref(oid),)), "__getitem__", [key], at)
    if special is not None:
        return special
    method = lookup_in(frame, ref(oid), "__class_getitem__")
    if method is None:
        return None
    from purposelint.dataflow import calls  # noqa: PLC0415

    result = NOTHING
    for atom in method.atoms:
        func = _unwrapped(frame, atom)
        if func is not None:
            result = join(result, calls.call(frame, Value((Bound(func, Value((ref(oid),))),)), Arguments([key]), at))
    return result


def default_text(frame: Frame, obj: Obj) -> bool:
    """Whether the text of an instance says nothing of what it holds (``<C object at 0x...>``)."""
    if obj.open or has_unknown_base(frame, obj.cls):
        return is_enum_instance(frame, obj)
    if types.is_record(frame, obj.cls):
        return False
    return not any(type(each) is Native and each is not OBJECT for each in classes_of(frame, obj.cls))


def is_enum_instance(frame: Frame, obj: Obj) -> bool:
    """Whether an object is a member of an enumeration: its text is its name."""
    return any(type(atom) is Ref and is_enum(frame, atom.oid) for atom in obj.cls.atoms)
