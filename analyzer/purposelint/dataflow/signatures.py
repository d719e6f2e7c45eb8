"""The arguments of a call by the names of a function's parameters, and back, for models that ask (``inspect``)."""

from __future__ import annotations

from purposelint.dataflow import elements, functions, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Key, Obj
from purposelint.dataflow.values import Bound, Value, join, ref

MAX_WRAPPED = 10
"""Functions that wrap one another."""


def named(frame: Frame, args: Arguments, at: int) -> Value:
    """``named(function, args, keywords)``: what a call gives each parameter, as a dict by name."""
    function, given, keywords = args.positional[:3]
    run = elements.iterate(frame, given, at)
    known, extra = elements.mapping_items(frame, keywords, at)
    texts = {key: value for key, value in known.items() if isinstance(key, str)}
    found = _only(frame, function)
    items: dict[Key, Value] = {}
    rest: Value | None = None
    if found is None:
        items.update(texts)
        for value in (*run.known, run.rest, extra):
            rest = value if rest is None else rest if value is None else join(rest, value)
    else:
        oid, receiver = found
        passed = Arguments([*receiver, *run.known], texts, run.rest, extra)
        items.update(functions.bind(frame, oid, passed, at))
        if receiver:
            items.pop(functions.function_facts(frame, oid).params[0].name, None)
    obj = Obj("dict", cls=types.native_value("dict"), items=items, rest=rest)
    if rest is not None:
        obj.keys = types.STRING
    return Value((ref(frame.allocate(at, obj, "named")),))


def placed(frame: Frame, args: Arguments, at: int) -> Value:
    """``placed(function, arguments)``: the pair of what such a dict gives by position and by keyword."""
    function, arguments = args.positional[:2]
    known, rest = elements.mapping_items(frame, arguments, at)
    found = _only(frame, function)
    params = functions.function_facts(frame, found[0]).params[len(found[1]) :] if found is not None else ()
    kinds = {param.name: param.kind for param in params}
    positional: list[Value] = []
    keywords: dict[Key, Value] = {}
    more: Value | None = None
    for name, value in known.items():
        kind = kinds.get(str(name), "keyword")
        if kind in ("positional", "normal"):
            positional.append(value)
        elif kind == "args":
            run = elements.iterate(frame, value, at)
            positional += run.known
            more = run.rest
        elif kind == "kwargs":
            inner, others = elements.mapping_items(frame, value, at)
            keywords.update(inner)
            rest = others if rest is None else rest if others is None else join(rest, others)
        else:
            keywords[name] = value
    first = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(positional)), rest=more)
    second = Obj("dict", cls=types.native_value("dict"), items=keywords, rest=rest)
    if rest is not None:
        second.keys = types.STRING
    pair = [ref(frame.allocate(at, first, "placed")), ref(frame.allocate(at, second, "keywords"))]
    both = Obj("tuple", cls=types.native_value("tuple"), items={i: Value((each,)) for i, each in enumerate(pair)})
    return Value((ref(frame.allocate(at, both, "pair")),))


def _only(frame: Frame, function: Value) -> tuple[int, list[Value]] | None:
    """The one function that a value is, or that it wraps, and what it is bound to."""
    if len(function.atoms) != 1:
        return None
    atom = function.atoms[0]
    if type(atom) is Bound:
        held = [oid for oid in Value((atom.func,)).refs() if frame.get(oid).kind == "function"]
        return (_innermost(frame, held[0]), [atom.receiver]) if held else None
    oids = [oid for oid in function.refs() if frame.get(oid).kind == "function"]
    return (_innermost(frame, oids[0]), []) if oids else None


def _innermost(frame: Frame, oid: int) -> int:
    for _ in range(MAX_WRAPPED):
        wrapped = frame.get(oid).attrs.get("__wrapped__")
        inner = [] if wrapped is None else [each for each in wrapped.refs() if frame.get(each).kind == "function"]
        if len(inner) != 1:
            break
        oid = inner[0]
    return oid
