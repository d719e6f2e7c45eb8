"""Methods of list, tuple, dict and set."""

from __future__ import annotations

from collections.abc import Callable

from purposelint.dataflow import elements, events, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import (
    MISSING_ATOM,
    NO_TAGS,
    NONE,
    NOTHING,
    UNKNOWN,
    Value,
    join,
    join_all,
    literal,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

_Method = Callable[[Frame, int, Arguments, int, bool], Value]


def method(
    frame: Frame, kind: str, name: str, receiver: Value, args: Arguments, at: int, node: s.Expr | None
) -> Value | None:
    """Call a method; None when it is none of a container's."""
    table = _METHODS.get(kind)
    if table is None:
        return None
    handler = table.get(name)
    refs = receiver.refs()
    if handler is None or not refs:
        return None
    result = NOTHING
    for oid in frame.one_by_one(refs):
        result = join(result, handler(frame, oid, args, at, len(receiver.atoms) == 1))
    if handler in (_get, _dict_pop):
        written = node.value if isinstance(node, s.Attribute) else None
        return events.read_key(frame, Value(tuple(map(ref, refs))), args.first(), result, at, written)
    return result


# --- list ------------------------------------------------------------------------------


def _append(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    if single:
        elements.append(frame, oid, args.first())
    else:
        elements.append_any(frame, oid, args.first())
    return NONE


def _extend(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    elements.extend(frame, oid, args.first(), at)
    return NONE


def _insert(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    position = args.positional[0].const() if args.positional else None
    value = args.positional[1] if len(args.positional) > 1 else args.keywords.get("object", UNKNOWN)
    if position is not None and isinstance(position.value, int) and obj.exact() and single:
        values = list(obj.items.values())
        values.insert(position.value, value)
        obj.items = dict(enumerate(values))
    else:
        _blur(obj)
        obj.rest = value if obj.rest is None else join(obj.rest, value)
    return NONE


def _blur(obj: Obj) -> None:
    """Forget which element stands where."""
    rest = join_all([*obj.items.values(), *(() if obj.rest is None else (obj.rest,))])
    obj.items = {}
    obj.rest = rest if rest.atoms else None


def _list_pop(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    where = args.positional[0].const() if args.positional else None
    index = -1 if not args.positional else where.value if where is not None else None
    if obj.exact() and single and isinstance(index, int):
        values = list(obj.items.values())
        if -len(values) <= index < len(values):
            value = values.pop(index)
            obj.items = dict(enumerate(values))
            return elements.settled_missing(value, None)
        return UNKNOWN
    frame.implicit.add("LookupError")
    if obj.open:
        return elements.load_element(frame, oid, UNKNOWN, at)
    values = list(obj.items.values())
    if single and not obj.many and obj.rest is not None and isinstance(index, int) and -1 <= index < len(values):
        # Elements at unknown places come behind those at known ones.
        value = values.pop(index) if values else NOTHING
        if index == -1:
            value = obj.rest = join(value, obj.rest)
        obj.items = dict(enumerate(values))
        return elements.settled_missing(value, None)
    value = join_all([*values, obj.rest or NOTHING])
    _blur(obj)
    return elements.settled_missing(value, None) if value.atoms else UNKNOWN


def _remove(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    wanted = args.first()
    constant = wanted.const()
    frame.implicit.add("ValueError")
    if obj.exact() and single:
        values = list(obj.items.values())
        itself = [index for index, held in enumerate(values) if held == wanted and (held.tags or held.refs())]
        if itself:
            values.pop(itself[0])
            obj.items = dict(enumerate(values))
            return NONE
        for index, held in enumerate(values):
            same = held.const()
            identical = len(held.atoms) == 1 and held.atoms == wanted.atoms and held.refs()
            tagged_same = held.atoms == wanted.atoms and held.tags == wanted.tags and held.tags
            if (constant is not None and same is constant) or identical or tagged_same:
                values.pop(index)
                obj.items = dict(enumerate(values))
                return NONE
            if same is None or constant is None:
                break
    if obj.kind == "list":
        _blur(obj)
    return NONE


def _clear(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    if single and not obj.many:
        obj.items, obj.rest, obj.keys = {}, None, NOTHING
        obj.open, obj.tags = False, NO_TAGS
    return NONE


def _copy(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.get(oid).copy()
    obj.many = False
    obj.attrs = {}
    return Value((ref(frame.allocate(at, obj, "copy")),))


def _reverse(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    if obj.exact():
        obj.items = dict(enumerate(reversed(list(obj.items.values()))))
    else:
        _blur(obj)
    return NONE


def _sort(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    key = args.keywords.get("key")
    constants = [held.const() for held in obj.items.values()]
    if obj.exact() and key is None and all(each is not None for each in constants) and "reverse" not in args.keywords:
        try:
            ordered = sorted(obj.items.values(), key=lambda held: held.const().value)  # type: ignore[union-attr,arg-type,return-value]
        except TypeError:
            ordered = list(obj.items.values())
        obj.items = dict(enumerate(ordered))
        return NONE
    if len(obj.items) > 1 or obj.rest is not None:
        if key is not None:
            from purposelint.dataflow import calls  # noqa: PLC0415

            for held in [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]:
                calls.call(frame, key, Arguments([held]), at)
            obj = frame.edit(oid)
        _blur(obj)
    return NONE


def _number(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    wanted = args.positional[0].const() if args.positional else None
    obj = frame.get(oid)
    if wanted is not None and obj.exact():
        held = [value.const() for value in obj.items.values()]
        if wanted in held and None not in held[: held.index(wanted)]:
            return literal(held.index(wanted))
    return of_kind("int")


def _count(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    return of_kind("int")


def _getitem(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    return elements.load_element(frame, oid, args.first(), at)


def _setitem(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    if len(args.positional) > 1:
        elements.set_key(frame, oid, args.positional[0], args.positional[1], at)
    return NONE


def _delitem(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    elements.pop_key(frame, oid, args.first(), at)
    return NONE


def _contains(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    found = elements.contains(frame, Value((ref(oid),)), args.first(), at)
    return of_kind("bool") if found is None else literal(found)


def _iter(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    from purposelint.dataflow import natives  # noqa: PLC0415

    obj = frame.get(oid)
    if obj.kind in ("iterator", "generator"):
        return Value((ref(oid),))
    run = _plain_run(frame, oid, at)
    return natives.iterator_of(frame, run, at)


def _plain_run(frame: Frame, oid: int, at: int) -> elements.Run:
    """Iterate as the builtin type does, not by a subclass's ``__iter__``."""
    obj = frame.get(oid)
    if obj.kind == "dict" or (obj.kind == "instance" and any(not isinstance(key, int) for key in obj.items)):
        return elements._keys(frame, oid, at, NO_TAGS)
    return elements._contents(frame, oid, at, NO_TAGS)


# --- dict ------------------------------------------------------------------------------


def _get(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    key = args.first()
    default = args.positional[1] if len(args.positional) > 1 else args.keywords.get("default", NONE)
    return _lookup(frame, oid, key, default, at)


def _lookup(frame: Frame, oid: int, key: Value, default: Value, at: int) -> Value:
    obj = frame.get(oid)
    if key.tags:
        events.compared(frame, Value((ref(oid),)), key, at, lookup=True)
    known, constant = elements.constant_key(frame, key)
    if known and constant in obj.items:
        value = obj.items[constant]
        if obj.rest is not None:
            value = join(value, obj.rest)
        return elements.settled_missing(value, default)
    if known and obj.exact():
        return default
    implicit = set(frame.implicit)
    value = elements.load_element(frame, oid, key, at)
    frame.implicit = implicit
    return join(value, default)


def _dict_pop(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    default = args.positional[1] if len(args.positional) > 1 else None
    key = args.first()
    value = _lookup(frame, oid, key, default if default is not None else NOTHING, at)
    if default is None:
        known, constant = elements.constant_key(frame, key)
        obj = frame.get(oid)
        if known and obj.exact() and constant not in obj.items and frame.trying:
            from purposelint.dataflow import exceptions  # noqa: PLC0415

            exceptions.raise_builtin(frame, "KeyError", [], at)
    if single:
        elements.pop_key(frame, oid, key, at)
    return value if value.atoms else UNKNOWN


def _setdefault(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    default = args.positional[1] if len(args.positional) > 1 else NONE
    key = args.first()
    known, constant = elements.constant_key(frame, key)
    obj = frame.get(oid)
    if known and constant in obj.items and MISSING_ATOM not in obj.items[constant].atoms:
        return elements.load_element(frame, oid, key, at)
    value = _lookup(frame, oid, key, default, at)
    if known and single and not obj.many:
        frame.note_store(oid)
        frame.edit(oid).items[constant] = value
        if isinstance(constant, str):
            elements.through_view(frame, obj, constant, value)
    else:
        elements.add_key(frame, oid, key, default)
    return value


def _update(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    for value in args.positional:
        elements.update_mapping(frame, oid, value, at)
    for name, value in args.keywords.items():
        elements.set_key(frame, oid, literal(name), value, at)
    if args.extra is not None:
        elements.add_key(frame, oid, types.STRING, args.extra)
    return NONE


def _keys(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    run = elements._keys(frame, oid, at, NO_TAGS)
    return _view(frame, run, at, "keys")


def _values(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    return _view(frame, values_of(frame, oid, at), at, "values")


def values_of(frame: Frame, oid: int, at: int) -> elements.Run:
    """The values of a dict in order."""
    obj = frame.get(oid)
    known = [elements.read_item(frame, oid, key, at) for key in obj.items]
    rest = obj.rest
    if obj.open:
        child = elements.any_child(frame, oid, at)
        rest = child if rest is None else join(rest, child)
    if obj.many or any(MISSING_ATOM in held.atoms for held in known):
        everything = join_all([*known, rest or NOTHING])
        return elements.Run([], elements.settled_missing(everything, None)) if everything.atoms else elements.Run()
    return elements.Run(known, rest)


def _items(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.get(oid)
    known: list[Value] = []
    loose: list[Value] = []
    for index, (key, held) in enumerate(obj.items.items()):
        value = elements.settled_missing(elements.read_item(frame, oid, key, at), None)
        pair = Obj(
            "tuple", cls=types.native_value("tuple"), items={0: elements.key_value(key).tagged(obj.keys.tags), 1: value}
        )
        made = Value((ref(frame.allocate(at, pair, ("item", index))),))
        (loose if MISSING_ATOM in held.atoms or obj.many else known).append(made)
    rests = list(loose)
    if obj.rest is not None or obj.open:
        value = obj.rest or NOTHING
        if obj.open:
            value = join(value, elements.any_child(frame, oid, at))
        any_key = obj.keys if obj.keys.atoms else of_kind("", obj.tags)
        pair = Obj("tuple", cls=types.native_value("tuple"), items={0: any_key.tagged(obj.tags), 1: value})
        rests.append(Value((ref(frame.allocate(at, pair, "item")),)))
    if rests and known and loose:
        rests.extend(known)
        known = []
    return _view(frame, elements.Run(known, join_all(rests) if rests else None), at, "items")


def _view(frame: Frame, run: elements.Run, at: int, slot: str) -> Value:
    obj = Obj("list", cls=types.native_value("list"), items=dict(enumerate(run.known)), rest=run.rest)
    return Value((ref(frame.allocate(at, obj, slot)),))


def _popitem(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    if obj.exact() and obj.items and single:
        key = list(obj.items)[-1]
        value = obj.items.pop(key)
        items = {0: elements.key_value(key).tagged(obj.keys.tags), 1: elements.settled_missing(value, None)}
    else:
        run = values_of(frame, oid, at)
        items = {0: of_kind("", obj.keys.tags), 1: join_all([*run.known, run.rest or NOTHING])}
    pair = Obj("tuple", cls=types.native_value("tuple"), items=dict(items))
    return Value((ref(frame.allocate(at, pair, "popitem")),))


# --- set -------------------------------------------------------------------------------


def _add(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    elements.add_to_set(frame, oid, args.first())
    return NONE


def _discard(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    wanted = args.first()
    known, constant = elements.constant_key(frame, wanted)
    if known and single and not obj.many:
        obj.items.pop(constant, None)
    if obj.rest is not None and single and obj.rest.tags and obj.rest == wanted and not obj.many:
        obj.rest = None
    return NONE


def _set_pop(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    obj = frame.edit(oid)
    value = join_all([*obj.items.values(), obj.rest or NOTHING])
    if obj.open:
        value = join(value, types.child(frame, oid, ("[]", None), at))
    if obj.exact() and len(obj.items) == 1:
        obj.items = {}
    return value if value.atoms else UNKNOWN


def _set_update(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    for value in args.positional:
        run = elements.iterate(frame, value, at)
        for element in run.known:
            elements.add_to_set(frame, oid, element)
        if run.rest is not None:
            elements.append_any(frame, oid, run.rest)
    return NONE


def _combined(op: str) -> _Method:
    def combine(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
        result = Value((ref(oid),))
        for value in args.positional:
            result = elements.set_operation(frame, op, result, value, at)
        return result if args.positional else _copy(frame, oid, args, at, single)

    return combine


def _narrowing(op: str) -> _Method:
    def narrow(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
        for value in args.positional:
            made = elements.set_operation(frame, op, Value((ref(oid),)), value, at)
            source = frame.get(made.refs()[0])
            mine = frame.edit(oid)
            if single and not mine.many:
                mine.items, mine.rest = dict(source.items), source.rest
        return NONE

    return narrow


def _truth(frame: Frame, oid: int, args: Arguments, at: int, single: bool) -> Value:
    return of_kind("bool")


_SHARED: dict[str, _Method] = {
    "__getitem__": _getitem, "__setitem__": _setitem, "__delitem__": _delitem, "__contains__": _contains,
    "__iter__": _iter, "__len__": _count, "copy": _copy, "clear": _clear, "__reversed__": _iter,
}  # fmt: skip
_LIST: dict[str, _Method] = {
    **_SHARED, "append": _append, "extend": _extend, "insert": _insert, "pop": _list_pop, "remove": _remove,
    "reverse": _reverse, "sort": _sort, "index": _number, "count": _count, "__iadd__": _extend,
}  # fmt: skip
_DICT: dict[str, _Method] = {
    **_SHARED, "get": _get, "pop": _dict_pop, "setdefault": _setdefault, "update": _update, "keys": _keys,
    "values": _values, "items": _items, "popitem": _popitem,
}  # fmt: skip
_SET: dict[str, _Method] = {
    **_SHARED, "add": _add, "discard": _discard, "remove": _discard, "pop": _set_pop, "update": _set_update,
    "union": _combined("|"), "intersection": _combined("&"), "difference": _combined("-"),
    "symmetric_difference": _combined("^"), "intersection_update": _narrowing("&"),
    "difference_update": _narrowing("-"), "symmetric_difference_update": _narrowing("^"),
    "issubset": _truth, "issuperset": _truth, "isdisjoint": _truth,
}  # fmt: skip
_METHODS: dict[str, dict[str, _Method]] = {
    "list": _LIST, "dict": _DICT, "set": _SET, "frozenset": _SET,
    "tuple": {**_SHARED, "index": _number, "count": _count}, "iterator": {"__iter__": _iter},
}  # fmt: skip
