"""Builtin functions and the methods of builtin types, with their exact effect on elements."""

from __future__ import annotations

from collections.abc import Callable

from purposelint.dataflow import (
    classes,
    containers,
    deferred,
    elements,
    events,
    functions,
    generators,
    objects,
    operators,
    strings,
    types,
)
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Obj, join_states
from purposelint.dataflow.newest import builtins
from purposelint.dataflow.values import (
    FALSE,
    MISSING_ATOM,
    NO_TAGS,
    NONE,
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
    Value,
    join,
    join_all,
    literal,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

SILENT = frozenset(
    [
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isalnum",
        "isdecimal",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "count",
        "index",
        "rindex",
        "rfind",
        "__len__",
        "__contains__",
        "exists",
        "is_file",
        "is_dir",
    ]
)
"""Methods whose result says something about the data without carrying it, whatever the receiver is."""

_Builtin = Callable[[Frame, Arguments, int], Value]


def call_builtin(frame: Frame, name: str, args: Arguments, at: int, node: s.Expr | None) -> Value:
    """Call a builtin function, type, or a method taken from a type (``str.upper``)."""
    handler = _BUILTINS.get(name)
    if handler is not None:
        return handler(frame, args, at)
    if "." in name:
        owner, _, method = name.rpartition(".")
        if (owner, method) in _STATIC:
            return _STATIC[(owner, method)](frame, args, at)
        if args.positional:
            rest = Arguments(
                args.positional[1:], args.keywords, args.rest, args.extra, args.refs[1:], args.keyword_refs
            )
            return call_method(frame, name, args.positional[0], rest, at, node)
        return UNKNOWN
    python = getattr(builtins, name, None)
    if isinstance(python, type) and issubclass(python, BaseException):
        return new_exception(frame, types.native_value(name).atoms[0], args.positional, at)
    frame.implicit.add("*")
    from purposelint.dataflow import calls  # noqa: PLC0415

    return calls.call_unknown(frame, args, at, node, None, types.native_value(name))


def call_method(frame: Frame, name: str, receiver: Value, args: Arguments, at: int, node: s.Expr | None) -> Value:
    """Call a method of a builtin type: ``list.append`` with its receiver."""
    kind, _, method = name.rpartition(".")
    if method in ("__init__",):
        for oid in receiver.refs():
            initialise(frame, oid, kind, args, at)
        return NONE
    if method == "__new__" or (kind == "object" and method == "__init_subclass__"):
        return NONE
    if kind == "object":
        return _object_method(frame, method, receiver, args, at)
    if kind == "type" and method == "__subclasses__":
        return _subclasses(frame, receiver, at)
    if kind == "NamedTuple":
        from purposelint.dataflow import library  # noqa: PLC0415

        return library.named_tuple_method(frame, method, receiver, args, at)
    if kind == "property":
        return _property_method(frame, method, receiver, args, at)
    if kind in ("generator", "coroutine"):
        return _generator_method(frame, method, receiver, args, at)
    if kind == "BaseException":
        return _exception_method(frame, method, receiver, args, at)
    if method == "__get__" and args.positional and kind in ("function", "classmethod", "staticmethod"):
        return _got(frame, receiver, args.positional)
    if kind == "function":
        return UNKNOWN
    handled = containers.method(frame, kind, method, receiver, args, at, node)
    if handled is not None:
        return handled
    return strings.method(frame, kind, method, receiver, args, at, node)


def _got(frame: Frame, receiver: Value, given: list[Value]) -> Value:
    """``function.__get__(instance, owner)``: as it is found through an instance, or through a class."""
    if given[0] != NONE:
        return classes.bind_attribute(frame, receiver, given[0], 0)
    result = NOTHING
    for oid in receiver.refs():
        obj = frame.get(oid)
        for func in obj.attrs["__func__"].atoms if obj.kind != "function" else (ref(oid),):
            bound = obj.kind == "classmethod" and type(func) is Ref and len(given) > 1
            result = join(result, Value((Bound(func, given[1]) if bound and type(func) is Ref else func,)))
    return result


# --- objects and types ------------------------------------------------------------------


def _object_method(frame: Frame, method: str, receiver: Value, args: Arguments, at: int) -> Value:
    given = args.positional
    if method == "__setattr__" and len(given) >= 2:
        name = given[0].const()
        if name is not None:
            for oid in receiver.refs():
                if not classes.set_by_descriptor(frame, oid, str(name.value), given[1], at):
                    objects.set_field(frame, oid, str(name.value), given[1], strong=len(receiver.atoms) == 1)
        else:
            _unknown_attribute(frame, receiver, given[1])
        return NONE
    if method == "__getattribute__" and given:
        name = given[0].const()
        if name is not None:
            result = NOTHING
            for atom in receiver.atoms:
                found = objects.load_one(frame, atom, receiver, str(name.value), at)
                result = join(result, found) if found is not None else result
            return result if result.atoms else UNKNOWN
        return UNKNOWN.tagged(elements.deep(frame, [receiver]))
    if method == "__delattr__" and given:
        name = given[0].const()
        for oid in receiver.refs() if name is not None else ():
            if not classes.delete_by_descriptor(frame, oid, str(name.value), at):  # type: ignore[union-attr]
                frame.edit(oid).attrs.pop(str(name.value), None)  # type: ignore[union-attr]
        return NONE
    if method in ("__str__", "__repr__", "__format__"):
        return operators.to_text(frame, receiver, at)
    if method in ("__eq__", "__ne__", "__hash__", "__sizeof__"):
        return of_kind("bool")
    if method in ("__enter__", "__aenter__"):
        return receiver
    if method in ("__exit__", "__aexit__", "__init__", "__init_subclass__", "__post_init__", "__set_name__"):
        return NONE
    return UNKNOWN


def _subclasses(frame: Frame, receiver: Value, at: int) -> Value:
    """``Class.__subclasses__()``: those that inherit from it directly, in whatever file."""
    found: list[Value] = []
    for oid in receiver.refs():
        heirs = [each for each in frame.machine.heirs.classes(frame, oid) if frame.state.has(each)]
        for heir in heirs:
            above = classes.mro(frame, ref(heir))[1:]
            if not any(ref(other) in above for other in heirs):
                found.append(Value((ref(heir),)))
    return _sequence(frame, "list", elements.Run(found), at)


def _unknown_attribute(frame: Frame, owner: Value, value: Value) -> None:
    """Store under a name that is not known: any attribute may be it."""
    for oid in owner.refs():
        obj = frame.edit(oid)
        frame.machine.go_through(obj)
        for name, held in obj.attrs.items():
            if not name.startswith("<"):
                frame.note_store(oid, name)
                obj.attrs[name] = join(held, value)
        obj.open = True
        obj.tags |= elements.deep(frame, [value])


def _copied_attribute(frame: Frame, owner: Value, other: Value, default: Value | None, at: int) -> None:
    """``setattr(owner, name, getattr(other, name, default))``: a name that is not known: each stays what it is."""
    before = frame.state.fork()
    for name in _names_of(frame, other):
        value = _loaded_or(frame, other, name, default or NOTHING, at)
        try:
            objects.store_attribute(frame, owner, name, value, s.Attribute(s.Const(None, at), name, at))
        except Unreachable:
            frame.live = True
    frame.state = join_states(before, frame.state)
    for oid in owner.refs():
        obj = frame.edit(oid)
        for theirs in map(frame.get, other.refs()):
            obj.open = obj.open or theirs.open
            obj.tags |= theirs.tags
    if default is not None:
        _unknown_attribute(frame, owner, default)


def _names_of(frame: Frame, value: Value) -> list[str]:
    """The attributes that things are known to have, themselves and by their classes."""
    found: dict[str, None] = {}
    for oid in value.refs():
        obj = frame.get(oid)
        found.update((name, None) for name in obj.attrs if not name.startswith("<"))
        for cls in (each for own in obj.cls.atoms for each in classes.mro(frame, own)):
            if type(cls) is Ref:
                found.update((name, None) for name in frame.get(cls.oid).attrs if name[:1] != "<" and name[:2] != "__")
    return list(found)


def _property_method(frame: Frame, method: str, receiver: Value, args: Arguments, at: int) -> Value:
    field = {"setter": "fset", "getter": "fget", "deleter": "fdel"}.get(method)
    (oid,) = receiver.refs()
    if field is None or not args.positional:
        return UNKNOWN
    obj = frame.get(oid).copy()
    obj.attrs[field] = args.positional[0]
    return Value((ref(frame.allocate(at, obj, "property")),))


def new_exception(frame: Frame, cls: Atom, given: list[Value], at: int) -> Value:
    """A new builtin exception."""
    oid = frame.allocate(at, Obj("instance", cls=Value((cls,))), ("exception", str(cls)))
    _set_exception_args(frame, oid, given, at)
    return Value((ref(oid),))


def _set_exception_args(frame: Frame, oid: int, given: list[Value], at: int) -> None:
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(given)))
    made = Value((ref(frame.allocate(at, obj, ("args", oid))),))
    frame.edit(oid).attrs["args"] = made
    cls = frame.get(oid).cls
    if len(given) > 1 and classes.is_builtin_subclass(frame, cls, "BaseExceptionGroup"):
        frame.edit(oid).attrs["message"] = given[0]
        frame.edit(oid).attrs["exceptions"] = given[1]
    if given and classes.is_builtin_subclass(frame, cls, "StopIteration"):
        frame.edit(oid).attrs["value"] = given[0]
    if given and classes.is_builtin_subclass(frame, cls, "SystemExit"):
        frame.edit(oid).attrs["code"] = given[0]


def _exception_method(frame: Frame, method: str, receiver: Value, args: Arguments, at: int) -> Value:
    if method == "with_traceback":
        return receiver
    if method == "add_note" and args.positional:
        for oid in receiver.refs():
            notes = Obj("list", cls=types.native_value("list"), items={0: args.positional[0]})
            frame.edit(oid).attrs["__notes__"] = Value((ref(frame.allocate(at, notes, "notes")),))
        return NONE
    if method in ("__str__", "__repr__"):
        result = NO_TAGS
        for oid in receiver.refs():
            result |= elements.deep(frame, [frame.get(oid).attrs.get("args", NOTHING)])
        return of_kind("str", frame.derived(at, "text of it", result))
    if method in ("split", "subgroup", "derive"):
        from purposelint.dataflow import groups  # noqa: PLC0415

        return groups.method(frame, method, receiver, args, at)
    if method in ("__traceback__", "__suppress_context__"):
        return NONE
    return NONE


def initialise(frame: Frame, oid: int, base: str, args: Arguments, at: int) -> None:
    """The constructor of a builtin type, on an instance of a subclass."""
    python = getattr(builtins, base, None)
    if base == "BaseException" or (isinstance(python, type) and issubclass(python, BaseException)):
        _set_exception_args(frame, oid, args.positional, at)
        return
    if base == "list" and args.positional:
        elements.extend(frame, oid, args.positional[0], at)
    elif base in ("tuple", "set", "frozenset") and args.positional:
        run = elements.iterate(frame, args.positional[0], at)
        obj = frame.edit(oid)
        obj.items = dict(enumerate(run.known))
        obj.rest = run.rest
    elif base == "dict":
        for value in args.positional:
            elements.update_mapping(frame, oid, value, at)
        obj = frame.edit(oid)
        obj.items.update(args.keywords)
        if args.extra is not None:
            obj.rest = args.extra if obj.rest is None else join(obj.rest, args.extra)
    elif base != "object":
        obj = frame.edit(oid)
        obj.open = True
        obj.tags |= elements.deep(frame, args.all())


def is_instance(frame: Frame, value: Value, wanted: Value) -> bool | None:
    """``isinstance(value, wanted)``, where it can be told."""
    verdicts: set[bool | None] = set()
    targets = _class_alternatives(frame, wanted)
    for atom in value.atoms:
        verdicts.add(_instance_of_any(frame, atom, targets))
    return verdicts.pop() if len(verdicts) == 1 else None


def _class_alternatives(frame: Frame, wanted: Value) -> list[Atom]:
    found: list[Atom] = []
    for atom in wanted.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind in ("tuple", "list"):
            for held in frame.get(atom.oid).items.values():
                found.extend(_class_alternatives(frame, held))
        else:
            found.append(atom)
    return found


def _instance_of_any(frame: Frame, atom: Atom, targets: list[Atom]) -> bool | None:
    order: tuple[Atom, ...]
    closed = True
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        if obj.kind == "opaque" or not obj.cls.atoms:
            if obj.kind in classes.CODE or obj.kind == "module":
                order = (types.native_value({"class": "type"}.get(obj.kind, obj.kind)).atoms[0],)
            elif obj.kind == "text":
                order = classes.mro(frame, types.native_value("str").atoms[0])
            else:
                return None
        else:
            order = tuple(classes.classes_of(frame, obj.cls))
            closed = not classes.has_unknown_base(frame, obj.cls) and not obj.open
    elif type(atom) is Const or (type(atom) is Some and atom.kind and atom.kind != "missing"):
        order = classes.mro(frame, types.native_value(atom.kind).atoms[0])
    elif type(atom) is Native and isinstance(getattr(builtins, atom.name, None), type):
        order = (types.native_value("type").atoms[0], classes.OBJECT)
    elif type(atom) is Native or type(atom) is Bound:
        order = (types.native_value("type").atoms[0],)
        closed = False
    else:
        return None
    unknown = False
    own = frame.get(atom.oid).cls.atoms if type(atom) is Ref and not closed else ()
    for target in targets:
        if target in order:
            if not all(_inherits_any(frame, cls, targets) for cls in own):
                return None
            return True
        if (
            type(target) is External
            or type(target) is Some
            or (type(target) is Ref and frame.get(target.oid).kind != "class")
        ):
            unknown = True
        if type(target) is Ref and frame.get(target.oid).kind == "class":
            structural = _structural(frame, atom, target)
            if structural is not None:
                return structural
        if not closed and not (own and all(frame.machine.heirs.are_apart(frame, cls, target) for cls in own)):
            unknown = True
    return None if unknown else False


def _inherits_any(frame: Frame, cls: Atom, bases: list[Atom]) -> bool:
    """Whether a class is one of several, or inherits from one."""
    return any(each in bases for each in classes.mro(frame, cls))


def _structural(frame: Frame, atom: Atom, target: Ref) -> bool | None:
    """A Protocol checks for its methods."""
    order = classes.mro(frame, target)
    if not any(type(each) is External and each.trail[-1] == "Protocol" for each in order):
        return None
    frame.machine.go_through(frame.get(target.oid))
    wanted = [name for name in frame.get(target.oid).attrs if not name.startswith("_")]
    if type(atom) is not Ref or frame.get(atom.oid).kind != "instance":
        return None
    obj = frame.get(atom.oid)
    return all(name in obj.attrs or classes.lookup(frame, obj.cls, name) is not None for name in wanted)


def _isinstance(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) < 2:
        return of_kind("bool")
    verdict = is_instance(frame, args.positional[0], args.positional[1])
    return of_kind("bool") if verdict is None else TRUE if verdict else FALSE


def _issubclass(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) < 2 or len(args.positional[0].atoms) != 1:
        return of_kind("bool")
    order = classes.mro(frame, args.positional[0].atoms[0])
    targets = _class_alternatives(frame, args.positional[1])
    if any(target in order for target in targets):
        return TRUE
    if classes.has_unknown_base(frame, args.positional[0]) or any(type(target) is External for target in targets):
        return of_kind("bool")
    return FALSE


# --- generators --------------------------------------------------------------------------


def _generator_method(frame: Frame, method: str, receiver: Value, args: Arguments, at: int) -> Value:
    result = NOTHING
    for oid in receiver.refs():
        if method in ("__next__", "__anext__"):
            result = join(result, next_element(frame, Value((ref(oid),)), at, None))
        elif method in ("send", "asend", "throw", "athrow"):
            asynchronous = method.startswith("a")
            result = join(result, _stepped(frame, oid, method.removeprefix("a"), args, at, asynchronous=asynchronous))
        elif method in ("__iter__", "__aiter__", "__await__"):
            result = join(result, Value((ref(oid),)))
        else:
            if method in ("close", "aclose") and frame.get(oid).kind == "generator":
                generators.close(frame, oid, at)
            result = join(result, NONE)
    return result if result.atoms else NONE


def _stepped(frame: Frame, oid: int, method: str, args: Arguments, at: int, *, asynchronous: bool) -> Value:
    """``send`` and ``throw``: go on at the yield where the generator stands."""
    given = args.positional[0] if args.positional else NONE
    obj = frame.get(oid)
    if obj.kind == "coroutine":
        functions.force(frame, oid, at)
        _ended(frame, [frame.get(oid).attrs.get("<return>", NONE)], at, asynchronous=False)
    if not generators.can_step(frame, oid):
        functions.force(frame, oid, at, sent=given if method == "send" else None)
        obj = frame.get(oid)
        return join_all([*obj.items.values(), obj.rest or NOTHING])
    thrown = _raisable(frame, given, at) if method == "throw" else None
    value, returned = generators.advance(frame, oid, at, given if method == "send" else NONE, thrown)
    return _or_ended(frame, value, returned, None, at, asynchronous=asynchronous)


def _raisable(frame: Frame, given: Value, at: int) -> Value:
    """An exception, or an instance of an exception class."""
    from purposelint.dataflow import calls, exceptions  # noqa: PLC0415

    result = NOTHING
    for atom in given.atoms:
        one = Value((atom,), given.tags)
        is_class = exceptions._is_exception_class(frame, atom)
        result = join(result, calls.call(frame, one, Arguments(), at) if is_class else one)
    return result


def _or_ended(
    frame: Frame, value: Value, returned: Value, default: Value | None, at: int, *, asynchronous: bool
) -> Value:
    """What a step of a generator gives: the element, or its end."""
    if value.atoms and returned.atoms:
        frame.implicit.add("StopAsyncIteration" if asynchronous else "StopIteration")
        return value if default is None else join(value, default)
    if value.atoms:
        return value
    if default is not None:
        return default
    _ended(frame, [returned] if returned.atoms else [], at, asynchronous=asynchronous)
    return NOTHING


def _ended(frame: Frame, value: list[Value], at: int, *, asynchronous: bool) -> None:
    from purposelint.dataflow import exceptions  # noqa: PLC0415

    exceptions.raise_builtin(frame, "StopAsyncIteration" if asynchronous else "StopIteration", value, at)


def next_element(frame: Frame, iterator: Value, at: int, default: Value | None, *, asynchronous: bool = False) -> Value:
    """``next(iterator)``: the first element that is left."""
    result = NOTHING
    for atom in iterator.atoms:
        if type(atom) is not Ref:
            result = join(result, of_kind("", iterator.tags))
            continue
        obj = frame.get(atom.oid)
        if obj.kind == "instance":
            found = classes.call_special(frame, Value((atom,)), "__anext__" if asynchronous else "__next__", [], at)
            result = join(result, found if found is not None else of_kind("", elements.deep(frame, [Value((atom,))])))
            continue
        if generators.can_step(frame, atom.oid):
            value, returned = generators.advance(frame, atom.oid, at)
            alone = default if len(iterator.atoms) == 1 or default is not None else NOTHING
            result = join(result, _or_ended(frame, value, returned, alone, at, asynchronous=asynchronous))
            continue
        if obj.kind in ("generator", "coroutine"):
            functions.force(frame, atom.oid, at)
            obj = frame.get(atom.oid)
        if obj.items and not obj.many:
            mine = frame.edit(atom.oid)
            values = list(mine.items.values())
            first = values.pop(0)
            mine.items = dict(enumerate(values))
            first = events.read_element(frame, Value((atom,)), first, at)
            result = join(result, elements.settled_missing(first, default))
        elif obj.rest is not None or obj.open or obj.many:
            frame.implicit.add("StopIteration")
            run = [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]
            element = join_all(run) if run else of_kind("", obj.tags)
            element = events.read_element(frame, Value((atom,)), element, at)
            result = join(result, element if default is None else join(element, default))
        elif default is not None:
            result = join(result, default)
        elif obj.kind in ("iterator", "generator"):
            from purposelint.dataflow import exceptions  # noqa: PLC0415

            ended = [obj.attrs["<return>"]] if "<return>" in obj.attrs else []
            if len(iterator.atoms) == 1:
                exceptions.raise_builtin(frame, "StopAsyncIteration" if asynchronous else "StopIteration", ended, at)
    return result if result.atoms else UNKNOWN


def _next(frame: Frame, args: Arguments, at: int) -> Value:
    default = args.positional[1] if len(args.positional) > 1 else None
    return next_element(frame, args.positional[0], at, default) if args.positional else UNKNOWN


def _anext(frame: Frame, args: Arguments, at: int) -> Value:
    default = args.positional[1] if len(args.positional) > 1 else None
    found = next_element(frame, args.first(), at, default, asynchronous=True)
    return elements.awaited(frame, found, at)


def _iter(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) > 1:
        from purposelint.dataflow import calls  # noqa: PLC0415

        element = calls.call(frame, args.positional[0], Arguments(), at)
        oid = frame.allocate(at, Obj("iterator", cls=types.native_value("iterator"), rest=element), "iter")
        return Value((ref(oid),))
    source = args.first()
    for atom in source.atoms:
        if type(atom) is Ref and frame.get(atom.oid).kind in ("iterator", "generator"):
            return source
    if len(source.atoms) == 1 and source.refs() and frame.get(source.refs()[0]).kind == "instance":
        made = classes.call_special(frame, source, "__iter__", [], at)
        if made is None:
            made = classes.call_special(frame, source, "__aiter__", [], at)
        if made is not None:
            return made
    return iterator_of(frame, elements.iterate(frame, source, at), at)


def iterator_of(frame: Frame, run: elements.Run, at: int, slot: object = "iter") -> Value:
    """A new iterator over elements."""
    obj = Obj("iterator", cls=types.native_value("iterator"), items=dict(enumerate(run.known)), rest=run.rest)
    return Value((ref(frame.allocate(at, obj, slot)),))


# --- attributes by name -----------------------------------------------------------------------


def _getattr(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) < 2:
        return UNKNOWN
    owner, name = args.positional[:2]
    frame.machine.deferred.need(frame, deferred.owed_by(frame, name))
    default = args.positional[2] if len(args.positional) > 2 else None
    constants = [str(atom.value) for atom in name.atoms if type(atom) is Const]
    named = NOTHING
    for constant in constants:
        named = join(named, _attribute_or(frame, owner, constant, default, at))
    if constants and len(constants) == len(name.atoms):
        return named
    held: list[Value] = []
    for oid in owner.refs():
        obj = frame.get(oid)
        frame.machine.go_through(obj)
        held.extend(value for key, value in obj.attrs.items() if not key.startswith("<"))
        # Where one name leads to data, the others are those of data, too: not methods, to be called with it.
        for cls in obj.cls.atoms if not named.tags else ():
            if type(cls) is Ref and frame.get(cls.oid).kind == "class":
                frame.machine.go_through(frame.get(cls.oid))
                for value in frame.get(cls.oid).attrs.values():
                    held.append(classes.bind_attribute(frame, value, Value((ref(oid),)), at))
    tags = elements.deep(frame, [owner])
    result = join_all([named, *held, default or NOTHING, of_kind("", tags)])
    frame.taken = (result, owner, default)
    return result


def _is_plain_function(frame: Frame, atom: Atom, name: str) -> bool:
    """Whether it is a function that no decorator and no store can have given an attribute of this name."""
    if type(atom) is not Ref or frame.get(atom.oid).kind != "function" or name.startswith("__"):
        return False
    return name not in frame.get(atom.oid).attrs and not functions.function_facts(frame, atom.oid).decorators


def _attribute_or(frame: Frame, owner: Value, name: str, default: Value | None, at: int) -> Value:
    node = s.Attribute(s.Const(None, at), name, at)
    if default is None:
        return objects.load_attribute(frame, owner, name, node)
    from purposelint.dataflow import events  # noqa: PLC0415

    return events.read_attribute(frame, owner, name, _loaded_or(frame, owner, name, default, at), node)


def _loaded_or(frame: Frame, owner: Value, name: str, default: Value, at: int) -> Value:
    """An attribute, or what stands for it where there is none."""
    result = NOTHING
    for atom in owner.atoms:
        found: Value | None = None
        raised = len(frame.raises)
        try:
            if not _is_plain_function(frame, atom, name):
                found = objects.load_one(frame, atom, owner, name, at)
        except Unreachable:
            frame.live = True
            if len(frame.raises) > raised:
                frame.state = frame.raises[raised][1]
                del frame.raises[raised:]
        if found is None:
            result = join(result, default)
        else:
            result = join(result, elements.settled_missing(found, default))
            if type(atom) is Ref and frame.get(atom.oid).kind == "opaque":
                result = join(result, default)
    return result


def _setattr(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) < 3:
        return NONE
    owner, name, value = args.positional[:3]
    constants = [str(atom.value) for atom in name.atoms if type(atom) is Const]
    if len(constants) == len(name.atoms) == 1:
        objects.store_attribute(frame, owner, constants[0], value, s.Attribute(s.Const(None, at), constants[0], at))
    elif constants:
        for oid in owner.refs():
            for constant in constants:
                objects.set_field(frame, oid, constant, value, strong=False)
    elif frame.copying == at and frame.taken is not None and frame.taken[0] is value:
        _copied_attribute(frame, owner, *frame.taken[1:], at)
    else:
        _unknown_attribute(frame, owner, value)
    return NONE


def _delattr(frame: Frame, args: Arguments, at: int) -> Value:
    name = args.positional[1].const() if len(args.positional) > 1 else None
    if name is not None:
        objects.delete_attribute(frame, args.positional[0], str(name.value), at)
    return NONE


def _hasattr(frame: Frame, args: Arguments, at: int) -> Value:
    name = args.positional[1].const() if len(args.positional) > 1 else None
    if name is None or len(args.positional[0].atoms) != 1:
        return of_kind("bool")
    atom = args.positional[0].atoms[0]
    if type(atom) is Const or (type(atom) is Some and atom.kind in ("str", "int", "float", "bytes", "bool")):
        python = getattr(builtins, atom.kind, None)
        return literal(hasattr(python, str(name.value))) if python is not None else FALSE
    if type(atom) is not Ref:
        return of_kind("bool")
    obj = frame.get(atom.oid)
    if obj.kind == "class" and not obj.cls.atoms and not obj.open:
        if classes.lookup_in(frame, atom, str(name.value)) is not None or hasattr(object, str(name.value)):
            return TRUE
        closed = all(type(each) is Ref or each is classes.OBJECT for each in classes.mro(frame, atom))
        return FALSE if closed else of_kind("bool")
    if obj.kind == "instance":
        own = obj.attrs.get(str(name.value))
        if own is not None and MISSING_ATOM not in own.atoms:
            return TRUE
        if classes.lookup(frame, obj.cls, str(name.value)) is not None:
            return TRUE
        if name.value in classes.NAMED_TUPLE and classes.is_named_tuple(frame, obj.cls):
            return TRUE
        if obj.open or own is not None or classes.has_unknown_base(frame, obj.cls):
            return of_kind("bool")
        if classes.lookup(frame, obj.cls, "__getattr__") is not None:
            return of_kind("bool")
        python = getattr(object, str(name.value), None)
        builtin = classes._builtin_method(frame, obj, str(name.value))
        return literal(python is not None or builtin is not None)
    if obj.kind in ("list", "dict", "tuple", "set"):
        return literal(hasattr(getattr(builtins, obj.kind), str(name.value)))
    return of_kind("bool")


def _vars(frame: Frame, args: Arguments, at: int) -> Value:
    if not args.positional:
        return _locals(frame, args, at)
    result = NOTHING
    for oid in args.positional[0].refs():
        obj = frame.get(oid)
        if obj.kind in ("instance", "opaque"):
            result = join(result, types.dict_of(frame, oid, at))
        else:
            frame.machine.go_through(obj)
            view = Obj("dict", cls=types.native_value("dict"), items=dict(obj.attrs))
            result = join(result, Value((ref(frame.allocate(at, view, "vars")),)))
    return result if result.atoms else UNKNOWN.tagged(args.positional[0].tags)


def _locals(frame: Frame, args: Arguments, at: int) -> Value:
    scope = frame.get(frame.scope)
    if frame.function is None:
        frame.machine.go_through(frame.get(frame.machine.loader.module_oid(frame.path)))
    items = {name: value for name, value in scope.attrs.items() if not name.startswith("<")}
    view = Obj("dict", cls=types.native_value("dict"), items=dict(items))
    return Value((ref(frame.allocate(at, view, "locals")),))


def _globals(frame: Frame, args: Arguments, at: int) -> Value:
    oid = frame.machine.loader.module_oid(frame.path)
    frame.machine.go_through(frame.get(oid))
    items = {name: frame.machine.loader.settled(value) for name, value in frame.get(oid).attrs.items()}
    view = Obj("dict", cls=types.native_value("dict"), items=dict(items))
    view.attrs["<owner>"] = Value((ref(oid),))
    return Value((ref(frame.allocate(at, view, "globals")),))


def _dir(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) == 1:
        made = classes.call_special(frame, args.positional[0], "__dir__", [], at)
        if made is not None:
            return made
    return Value((ref(frame.allocate(at, Obj("list", cls=types.native_value("list"), rest=types.STRING), "dir")),))


# --- constructors -------------------------------------------------------------------------------


def _list(frame: Frame, args: Arguments, at: int) -> Value:
    run = elements.iterate(frame, args.positional[0], at) if args.positional else elements.Run()
    return _sequence(frame, "list", run, at)


def _tuple(frame: Frame, args: Arguments, at: int) -> Value:
    run = elements.iterate(frame, args.positional[0], at) if args.positional else elements.Run()
    return _sequence(frame, "tuple", run, at)


def _sequence(frame: Frame, kind: str, run: elements.Run, at: int) -> Value:
    obj = Obj(kind, cls=types.native_value(kind), items=dict(enumerate(run.known)), rest=run.rest)
    return Value((ref(frame.allocate(at, obj, kind)),))


def _set(frame: Frame, args: Arguments, at: int) -> Value:
    run = elements.iterate(frame, args.positional[0], at) if args.positional else elements.Run()
    return elements.new_set(frame, run.known, run.rest, at)


def _dict(frame: Frame, args: Arguments, at: int) -> Value:
    oid = frame.allocate(at, Obj("dict", cls=types.native_value("dict")), "dict")
    initialise(frame, oid, "dict", args, at)
    return Value((ref(oid),))


def _str(frame: Frame, args: Arguments, at: int) -> Value:
    if not args.positional:
        return literal("")
    if len(args.positional) > 1 or "encoding" in args.keywords:
        return of_kind("str", frame.derived(at, "text of it", elements.deep(frame, args.positional[:1])))
    return operators.to_text(frame, args.positional[0], at)


def _number(kind: str) -> _Builtin:
    def convert(frame: Frame, args: Arguments, at: int) -> Value:
        if not args.positional:
            return literal(0 if kind == "int" else 0.0)
        constant = args.positional[0].const()
        if constant is not None and len(args.positional) == 1 and isinstance(constant.value, str | int | float):
            try:
                made: int | float = int(constant.value) if kind == "int" else float(constant.value)
            except (ValueError, OverflowError):
                from purposelint.dataflow import exceptions  # noqa: PLC0415

                exceptions.raise_builtin(frame, "ValueError", [of_kind("str", args.positional[0].tags)], at)
                raise AssertionError from None
            return literal(made).tagged(frame.derived(at, kind, args.positional[0].tags))
        special = classes.call_special(frame, args.positional[0], f"__{kind}__", [], at)
        if special is not None:
            return special
        from purposelint.dataflow import exceptions  # noqa: PLC0415

        exceptions.may_raise(frame, "ValueError", args.positional[:1], at)
        return of_kind(kind, frame.derived(at, kind, elements.deep(frame, args.positional[:1])))

    return convert


def _bool(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import conditions  # noqa: PLC0415

    if not args.positional:
        return FALSE
    value = args.positional[0]
    decision = conditions.truth(frame, conditions.decided(frame, value, at))
    result = of_kind("bool") if decision is None else TRUE if decision else FALSE
    return Value(result.atoms, NO_TAGS, value.when_true, value.when_false)


def _bytes(frame: Frame, args: Arguments, at: int) -> Value:
    return of_kind("bytes", frame.derived(at, "bytes", elements.deep(frame, args.all())))


def _bytearray(frame: Frame, args: Arguments, at: int) -> Value:
    tags = frame.derived(at, "bytes", elements.deep(frame, args.all()))
    return types.opaque(frame, at, "bytearray", tags, (("builtins", "bytearray", "()"),))


def _len(frame: Frame, args: Arguments, at: int) -> Value:
    if not args.positional or len(args.positional[0].atoms) != 1:
        return of_kind("int")
    atom = args.positional[0].atoms[0]
    if type(atom) is Const and isinstance(atom.value, str | bytes) and not args.positional[0].tags:
        return literal(len(atom.value))
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        special = classes.call_special(frame, args.positional[0], "__len__", [], at)
        if special is not None:
            return special
        missing = any(MISSING_ATOM in held.atoms for held in obj.items.values())
        if obj.kind in ("list", "tuple", "dict", "set") and obj.exact() and not missing:
            return literal(len(obj.items))
    return of_kind("int")


def _range(frame: Frame, args: Arguments, at: int) -> Value:
    bounds: list[int] = []
    for value in args.positional:
        constant = value.const()
        if constant is None or not isinstance(constant.value, int):
            break
        bounds.append(constant.value)
    if len(bounds) == len(args.positional) and bounds and (len(bounds) < 3 or bounds[2]):
        numbers = range(*bounds)
        if len(numbers) <= 24:
            known: list[Value] = [literal(number) for number in numbers]
            return _sequence(frame, "tuple", elements.Run(known), at)
    tags = frame.derived(at, "range", elements.deep(frame, args.positional))
    return _sequence(frame, "tuple", elements.Run([], of_kind("int", tags)), at)


def _enumerate(frame: Frame, args: Arguments, at: int) -> Value:
    if not args.positional:
        return UNKNOWN
    run = elements.iterate(frame, args.positional[0], at)
    start = args.positional[1] if len(args.positional) > 1 else args.keywords.get("start", literal(0))
    first = start.const()
    known: list[Value] = []
    for index, element in enumerate(run.known):
        number = literal(first.value + index) if first is not None and isinstance(first.value, int) else of_kind("int")
        known.append(_pair(frame, [number, element], at, index))
    rest = None if run.rest is None else _pair(frame, [of_kind("int"), run.rest], at, "rest")
    return iterator_of(frame, elements.Run(known, rest), at, "enumerate")


def _pair(frame: Frame, values: list[Value], at: int, slot: object) -> Value:
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(values)))
    return Value((ref(frame.allocate(at, obj, ("pair", slot))),))


def _zip(frame: Frame, args: Arguments, at: int) -> Value:
    shared = args.positional[0] if args.positional else NOTHING
    same = len(args.positional) > 1 and len(shared.refs()) == 1 and all(each == shared for each in args.positional)
    if same and frame.get(shared.refs()[0]).kind in ("iterator", "generator"):
        # One iterator, given several times: each row takes the next elements.
        run, width = elements.iterate(frame, shared, at), len(args.positional)
        groups = [run.known[index : index + width] for index in range(0, len(run.known) - width + 1, width)]
        made = elements.Run([_pair(frame, row, at, index) for index, row in enumerate(groups)])
        if run.rest is not None:
            anything = join_all([*run.known, run.rest])
            made = elements.Run([], _pair(frame, [anything] * width, at, "rest"))
        return iterator_of(frame, made, at, "zip")
    runs = [elements.iterate(frame, value, at) for value in args.positional]
    if args.rest is not None:
        columns = _columns(frame, args.rest, at) if not runs else None
        if columns is not None:
            return iterator_of(frame, elements.Run(columns), at, "zip")
        every = elements.iterate(frame, args.rest, at)
        anything = join_all([*every.known, every.rest or NOTHING])
        loose = Obj("tuple", cls=types.native_value("tuple"), rest=anything)
        return iterator_of(frame, elements.Run([], Value((ref(frame.allocate(at, loose, "row")),))), at, "zip")
    if not runs:
        return iterator_of(frame, elements.Run(), at, "zip")
    exact = [len(run.known) for run in runs if run.rest is None]
    sure = min(exact) if exact else 0
    if exact and all(run.rest is not None or len(run.known) >= sure for run in runs):
        known = []
        for index in range(sure):
            row = [run.known[index] if index < len(run.known) else run.rest or UNKNOWN for run in runs]
            known.append(_pair(frame, row, at, index))
        return iterator_of(frame, elements.Run(known), at, "zip")
    row = [join_all([*run.known, run.rest or NOTHING]) for run in runs]
    return iterator_of(frame, elements.Run([], _pair(frame, row, at, "rest")), at, "zip")


def _columns(frame: Frame, rows: Value, at: int) -> list[Value] | None:
    """What `zip(*rows)` gives of rows that are tuples of one length: of each place in them, a tuple."""
    columns: list[Value] = []
    for oid in rows.refs():
        row = frame.get(oid)
        if row.kind != "tuple" or row.rest is not None or row.open or (columns and len(columns) != len(row.items)):
            return None
        held = [row.items[index] for index in range(len(row.items))]
        columns = [join(old, new) for old, new in zip(columns, held, strict=True)] if columns else held
    if not columns or len(rows.refs()) != len(rows.atoms):
        return None
    made: list[Value] = []
    for index, column in enumerate(columns):
        loose = Obj("tuple", cls=types.native_value("tuple"), rest=column.tagged(rows.tags))
        made.append(Value((ref(frame.allocate(at, loose, ("column", index))),)))
    return made


def _super(frame: Frame, args: Arguments, at: int) -> Value:
    cls: Value = NOTHING
    receiver: Value | None = None
    if args.positional:
        cls = args.positional[0]
        receiver = args.positional[1] if len(args.positional) > 1 else None
    else:
        start, receiver = _enclosing(frame)
        cls = Value((ref(start),)) if start is not None else NOTHING
    if receiver is None:
        return UNKNOWN
    obj = Obj("super", attrs={"self": receiver, "class": cls})
    return Value((ref(frame.allocate(at, obj, "super")),))


def _enclosing(frame: Frame) -> tuple[int | None, Value | None]:
    """The class and first argument of the method around the code at hand, a nested function's too."""
    if frame.cls is not None:
        return frame.cls, frame.self_value
    scope = frame.get(frame.scope)
    function = frame.function
    while function is not None and function.parent is not None:
        parent = scope.data[0]
        function = frame.module.functions[function.parent]
        if not isinstance(parent, int) or parent == -1:
            break
        scope = frame.get(parent)
        if function.cls is not None and function.params:
            owner = frame.machine.classes.get((frame.path, function.cls))
            return owner, scope.attrs.get(function.params[0].name)
    return None, None


def _wrapper(kind: str, field: str) -> _Builtin:
    def wrap(frame: Frame, args: Arguments, at: int) -> Value:
        obj = Obj(kind)
        names = ("fget", "fset", "fdel") if kind == "property" else (field,)
        for name, value in zip(names, args.positional, strict=False):
            obj.attrs[name] = value
        obj.attrs.update({name: value for name, value in args.keywords.items() if name in names})
        return Value((ref(frame.allocate(at, obj, kind)),))

    return wrap


def _type(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import calls  # noqa: PLC0415

    return calls.type_call(frame, args, at)


def _object(frame: Frame, args: Arguments, at: int) -> Value:
    return Value((ref(frame.allocate(at, Obj("instance", cls=types.native_value("object")), "object")),))


def _object_new(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import calls  # noqa: PLC0415

    for atom in args.positional[0].atoms if args.positional else ():
        if type(atom) is Ref and frame.get(atom.oid).kind == "class":
            made = calls.fresh_instance(frame, atom, at)
            for each in classes.mro(frame, atom):
                if type(each) is Native and each.name in ("str", "int", "float", "tuple", "bytes", "frozenset"):
                    for oid in made.refs():
                        rest = Arguments(args.positional[1:], args.keywords, args.rest, args.extra)
                        initialise(frame, oid, each.name, rest, at)
            return made
    return UNKNOWN


def _type_new(frame: Frame, args: Arguments, at: int) -> Value:
    """``type.__new__(metaclass, name, bases, namespace)``."""
    if len(args.positional) < 4:
        return _object_new(frame, args, at)
    from purposelint.dataflow import calls  # noqa: PLC0415

    namespace = args.positional[3]
    known, rest = elements.mapping_items(frame, namespace, at)
    made = NOTHING
    for oid in namespace.refs():
        made = join(made, frame.get(oid).attrs.get("<class>", NOTHING))
    if len(made.refs()) != 1:
        shifted = Arguments(args.positional[1:4], {}, args.rest, args.extra, args.refs[1:4])
        made = calls.type_call(frame, shifted, at)
    for oid in made.refs():
        obj = frame.edit(oid)
        obj.cls = args.positional[0]
        obj.attrs.update({key: held for key, held in known.items() if isinstance(key, str)})
        if rest is not None:
            obj.open, obj.tags = True, obj.tags | elements.deep(frame, [rest])
    return made


def _type_call(frame: Frame, args: Arguments, at: int) -> Value:
    """``type.__call__`` by way of ``super()``."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    for atom in args.positional[0].atoms if args.positional else ():
        if type(atom) is Ref and frame.get(atom.oid).kind == "class":
            rest = Arguments(
                args.positional[1:], args.keywords, args.rest, args.extra, args.refs[1:], args.keyword_refs
            )
            return calls.instantiate(frame, atom, rest, at, {})
    return UNKNOWN


def _callable(frame: Frame, args: Arguments, at: int) -> Value:
    if len(args.positional) == 1 and len(args.positional[0].atoms) == 1:
        atom = args.positional[0].atoms[0]
        if type(atom) in (Native, External, Bound):
            return TRUE
        if type(atom) is Const:
            return FALSE
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            if obj.kind in ("function", "class"):
                return TRUE
            if obj.kind == "instance" and not obj.open:
                return literal(classes.lookup(frame, obj.cls, "__call__") is not None)
            if obj.kind in ("list", "dict", "tuple", "set"):
                return FALSE
    return of_kind("bool")


def _slice(frame: Frame, args: Arguments, at: int) -> Value:
    given = [*args.positional, NONE, NONE, NONE]
    parts = [NONE, given[0], NONE] if len(args.positional) == 1 else given[:3]
    obj = Obj("slice", items=dict(zip(("lower", "upper", "step"), parts, strict=True)))
    return Value((ref(frame.allocate(at, obj, "slice")),))


def _import(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import library  # noqa: PLC0415

    return library.import_by_name(frame, args)


def _eval(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import dynamic  # noqa: PLC0415

    return dynamic.run_eval(frame, args, at)


def _exec(frame: Frame, args: Arguments, at: int) -> Value:
    from purposelint.dataflow import dynamic  # noqa: PLC0415

    return dynamic.run_exec(frame, args, at)


def _fromkeys(frame: Frame, args: Arguments, at: int) -> Value:
    run = elements.iterate(frame, args.positional[0], at) if args.positional else elements.Run()
    value = args.positional[1] if len(args.positional) > 1 else NONE
    oid = frame.allocate(at, Obj("dict", cls=types.native_value("dict")), "fromkeys")
    for key in run.known:
        elements.set_key(frame, oid, key, value, at)
    if run.rest is not None:
        elements.add_key(frame, oid, run.rest, value)
    return Value((ref(oid),))


def _carrying(kind: str) -> _Builtin:
    def made(frame: Frame, args: Arguments, at: int) -> Value:
        return of_kind(kind, frame.derived(at, kind, elements.deep(frame, args.all())))

    return made


_BUILTINS: dict[str, _Builtin] = {
    "int": _number("int"), "float": _number("float"), "complex": _carrying("complex"), "str": _str, "bool": _bool,
    "bytes": _bytes, "bytearray": _bytearray, "memoryview": _bytes, "list": _list, "tuple": _tuple, "set": _set,
    "frozenset": _set, "dict": _dict, "object": _object, "type": _type, "super": _super, "slice": _slice,
    "property": _wrapper("property", "fget"), "staticmethod": _wrapper("staticmethod", "__func__"),
    "classmethod": _wrapper("classmethod", "__func__"), "isinstance": _isinstance, "issubclass": _issubclass,
    "len": _len, "getattr": _getattr, "setattr": _setattr, "delattr": _delattr, "hasattr": _hasattr, "vars": _vars,
    "dir": _dir, "callable": _callable, "range": _range, "iter": _iter, "next": _next, "anext": _anext,
    "aiter": _iter, "globals": _globals, "locals": _locals, "zip": _zip, "enumerate": _enumerate,
    "__import__": _import, "eval": _eval, "exec": _exec,
}  # fmt: skip
_STATIC: dict[tuple[str, str], _Builtin] = {
    ("dict", "fromkeys"): _fromkeys,
    ("object", "__new__"): _object_new,
    ("type", "__new__"): _type_new,
    ("str", "__new__"): _object_new,
    ("int", "__new__"): _object_new,
    ("float", "__new__"): _object_new,
    ("tuple", "__new__"): _object_new,
    ("Exception", "__new__"): _object_new,
    ("type", "__call__"): _type_call,
    ("str", "maketrans"): _carrying(""),
    ("bytes", "fromhex"): _carrying("bytes"),
    ("int", "from_bytes"): _carrying("int"),
    ("float", "fromhex"): _carrying("float"),
}
