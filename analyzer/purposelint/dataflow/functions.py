"""Functions: definition with decorators, binding of arguments, bodies, generators and coroutines."""

from __future__ import annotations

from purposelint.dataflow import calls, events, generators, hints, templates, types
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Arguments, Frame, Leaving, Outcome, Unreachable
from purposelint.dataflow.heap import Obj, State, join_states
from purposelint.dataflow.heirs import is_stub
from purposelint.dataflow.statements import execute_block
from purposelint.dataflow.values import (
    NO_TAGS,
    NONE,
    NOTHING,
    UNKNOWN,
    Const,
    External,
    Native,
    Ref,
    Some,
    Value,
    join,
    join_all,
    literal,
    ref,
)
from purposelint.facts.syntax import Function

KEPT = "<kept "
"""How the attributes of a cached function begin under which it keeps what it gave."""


def make_function(frame: Frame, number: int, at: int, cls: int = -1) -> Value:
    """The function object of a ``def`` or lambda, before its decorators; its defaults are evaluated now."""
    function = frame.module.functions[number]
    defaults: dict[str, Value] = {}
    for param in function.params:
        if param.default is not None:
            defaults[param.name] = evaluate(frame, param.default)
    scope = closure_scope(frame)
    obj = Obj("function", data=(frame.path, number, scope, cls, ()))
    obj.items.update(defaults)
    oid = frame.allocate(at, obj, "function")
    frame.machine.functions.setdefault((frame.path, number), oid)
    return Value((ref(oid),))


def closure_scope(frame: Frame) -> int:
    """The scope that a function defined here captures: a class body's own names are not seen."""
    if frame.get(frame.scope).kind == "module":
        return -1
    oid = frame.scope
    while oid != -1 and len(frame.get(oid).data) > 3:
        parent = frame.get(oid).data[0]
        assert isinstance(parent, int)
        oid = parent
    return oid


def define_function(frame: Frame, number: int, at: int) -> Value:
    """The value that a ``def`` statement binds: the function after its decorators."""
    function = frame.module.functions[number]
    cls = frame.class_oid if function.cls is not None else -1
    made = make_function(frame, number, at, cls)
    decorators = [(expr, evaluate(frame, expr)) for expr in function.decorators]
    matched = events.decorators(frame, decorators)
    (oid,) = made.refs()
    if matched:
        obj = frame.edit(oid)
        obj.data = (*obj.data[:4], matched)
    result = made
    for _, decorator in decorators:
        types.note_decorator(frame, oid, decorator, NOTHING)
    for expr, decorator in reversed(decorators):
        result = decorate(frame, decorator, result, expr.ref)
    return result


def decorate(frame: Frame, decorator: Value, target: Value, at: int) -> Value:
    """``decorator(target)``; where that cannot be followed, the target as it is."""
    result = NOTHING if _is_unknown(frame, decorator) else _decorated(frame, decorator, target, at)
    vague = not result.atoms or any(type(atom) is Some for atom in result.atoms) or result.const() is not None
    if vague or any(type(atom) is Ref and frame.get(atom.oid).kind == "opaque" for atom in result.atoms):
        result = target
    if result == target and frame.function is not None:
        # The decorator has it, and may have kept it.
        frame.given_away += [
            oid for oid in target.refs() if frame.get(oid).kind == "function" and oid not in frame.machine.base
        ]
    return result


def _decorated(frame: Frame, decorator: Value, target: Value, at: int) -> Value:
    try:
        return calls.call(frame, decorator, Arguments([target], refs=[at]), at)
    except Unreachable:
        frame.live = True
        return NOTHING


def _is_unknown(frame: Frame, decorator: Value) -> bool:
    return all(type(atom) in (External, Some) for atom in decorator.atoms) or any(
        type(atom) is Ref and frame.get(atom.oid).kind == "opaque" for atom in decorator.atoms
    )


# --- binding -------------------------------------------------------------------


def bind(frame: Frame, func: int, args: Arguments, at: int) -> dict[str, Value]:
    """The arguments of a call by parameter name."""
    obj = frame.get(func)
    function = function_facts(frame, func)
    given: dict[str, Value] = {}
    positional = list(args.positional)
    keywords = dict(args.keywords)
    position = 0
    for param in function.params:
        if param.kind in ("positional", "normal"):
            if position < len(positional):
                given[param.name] = positional[position]
                position += 1
            elif param.kind == "normal" and param.name in keywords:
                given[param.name] = keywords.pop(param.name)
            else:
                given[param.name] = _absent(obj, param.name, args.rest, args.extra)
        elif param.kind == "args":
            extra = positional[position:]
            position = len(positional)
            rest = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(extra)), rest=args.rest)
            given[param.name] = Value((ref(frame.allocate(at, rest, ("args", param.ref))),))
        elif param.kind == "keyword":
            if param.name in keywords:
                given[param.name] = keywords.pop(param.name)
            else:
                given[param.name] = _absent(obj, param.name, None, args.extra)
        else:
            extra_items = dict(keywords.items())
            mapping = Obj("dict", cls=types.native_value("dict"), items=dict(extra_items), rest=args.extra)
            if args.extra is not None:
                mapping.keys = types.STRING
            given[param.name] = Value((ref(frame.allocate(at, mapping, ("kwargs", param.ref))),))
    return _typed(frame, func, function, given)


def _absent(obj: Obj, name: str, rest: Value | None, extra: Value | None) -> Value:
    value = obj.items.get(name, NOTHING)
    if rest is not None:
        value = join(value, rest)
    if extra is not None:
        value = join(value, extra)
    return value if value.atoms else UNKNOWN


def _typed(frame: Frame, func: int, function: Function, given: dict[str, Value]) -> dict[str, Value]:
    """Give arguments of unknown type the type of the parameter's annotation."""
    owner = given.get(function.params[0].name) if function.params else None
    place = hints.place_of(frame, func, function, owner)
    for param in function.params:
        if param.annotation is None:
            continue
        value = given.get(param.name, UNKNOWN)
        if param.kind in ("args", "kwargs"):
            hints.refine_spread(frame, value, param.annotation, place)
            continue
        if all(type(atom) is Some and atom.kind == "" for atom in value.atoms):
            typed = hints.unknown_of(frame, param.annotation, param.ref, (param.name,), place)
            given[param.name] = Value(typed.atoms, value.tags) if typed is not None else value
            if typed is not None and value.tags:
                types.taint(frame, typed, value.tags)
        else:
            given[param.name] = hints.refine(frame, value, param.annotation, place)
    return given


def function_facts(frame: Frame, func: int) -> Function:
    """The facts of a function object."""
    path, number = frame.get(func).data[:2]
    facts = frame.machine.facts(str(path))
    assert facts is not None
    assert isinstance(number, int)
    return facts.functions[number]


# --- calls ---------------------------------------------------------------------


def call_function(frame: Frame, func: int, args: Arguments, at: int, through: dict[int, int]) -> Value:
    """Call a function object. ``through``: sink nodes of the arguments, by id of the value's position."""
    function = function_facts(frame, func)
    given = bind(frame, func, args, at)
    if function.is_generator or function.is_async:
        kind = "generator" if function.is_generator else "coroutine"
        obj = Obj(kind, data=("pending",))
        obj.attrs["<function>"] = Value((ref(func),))
        for name, value in given.items():
            obj.attrs["<argument>" + name] = value
        return Value((ref(frame.allocate(at, obj, kind)),))
    by_name = _through_names(function, args, through)
    kept = _kept_under(frame, func, given)
    known = frame.get(func).attrs.get(kept) if kept else None
    if known is not None and func in frame.state.heap:
        return known
    result, _, _ = templates.invoke(frame, func, function, given, at, by_name, None)
    if kept and result.refs():
        # What another run has left in it, this call may give too.
        result = result if known is None else join(result, known)
        frame.edit(func).attrs[kept] = result
    if function.returns is not None:
        owner = given.get(function.params[0].name) if function.params else None
        result = hints.refined_result(frame, result, hints.place_of(frame, func, function, owner), at)
    return result


def _kept_under(frame: Frame, func: int, given: dict[str, Value]) -> str:
    """The attribute of a cached function that keeps what it gave for these arguments; none where one is unknown."""
    if "__cached__" not in frame.get(func).attrs:
        return ""
    parts: list[str] = []
    for value in given.values():
        atom = value.atoms[0] if len(value.atoms) == 1 else None
        if type(atom) is Const and not value.tags:
            parts.append(repr(atom.value))
        elif type(atom) is Ref and atom.oid in frame.state.base:
            parts.append(f"#{atom.oid}")
        else:
            return ""
    return f"{KEPT}{', '.join(parts)}>"


def _through_names(function: Function, args: Arguments, through: dict[int, int]) -> dict[str, int]:
    if not through:
        return {}
    result: dict[str, int] = {}
    names = [param.name for param in function.params if param.kind in ("positional", "normal")]
    for position, ref_ in enumerate(args.refs):
        if position < len(names) and ref_ in through:
            result[names[position]] = through[ref_]
    for name, ref_ in args.keyword_refs.items():
        if ref_ in through:
            result[name] = through[ref_]
    return result


def force(frame: Frame, oid: int, at: int, sent: Value | None = None, *, again: bool = False) -> None:
    """Run a pending generator or coroutine; what it yields becomes its elements. ``again``: also if it ran before."""
    obj = frame.get(oid)
    if obj.data and obj.data[0] == "done" and sent is None and not again:
        return
    target = obj.attrs.get("<function>")
    if target is None:
        return
    if obj.data[:1] == ("stepped",):
        run = generators.drain(frame, oid, at)
        mine = frame.edit(oid)
        mine.items, mine.rest = dict(enumerate(run.known)), run.rest
        return
    given = {name[len("<argument>") :]: value for name, value in obj.attrs.items() if name.startswith("<argument>")}
    if sent is not None:
        sent = join(obj.attrs.get("<sent>", NOTHING), sent)
    mine = frame.edit(oid)
    mine.data = ("done",)
    if sent is not None:
        mine.attrs["<sent>"] = sent
    result, yielded, in_order = _run_pending(frame, target, given, at, sent)
    mine = frame.edit(oid)
    mine.attrs["<return>"] = result
    if in_order:
        mine.items = dict(enumerate(yielded))
        mine.rest = None
    else:
        mine.items = {}
        mine.rest = join_all(yielded) if yielded else None


def _run_pending(
    frame: Frame, target: Value, given: dict[str, Value], at: int, sent: Value | None
) -> tuple[Value, tuple[Value, ...], bool]:
    """Run the function of a generator or coroutine; of several (what implements a method) any may be the one."""
    result, known, in_order = NOTHING, list[Value](), True
    for func in target.refs():
        function = function_facts(frame, func)
        own = {param.name: given.get(param.name, UNKNOWN) for param in function.params}
        made, elements, orderly = templates.invoke(frame, func, function, own, at, {}, sent)
        if function.returns is not None and not function.is_generator:
            owner = own.get(function.params[0].name) if function.params else None
            made = hints.refined_result(frame, made, hints.place_of(frame, func, function, owner), at)
        result = join(result, made)
        known.extend(elements)
        in_order = in_order and orderly and len(target.refs()) == 1
    return result, tuple(known), in_order


# --- bodies --------------------------------------------------------------------


def run_body(
    frame: Frame, function: Function, given: dict[str, Value], parent: int, data: tuple[object, ...]
) -> Outcome:
    """Run a function's body in a fresh frame whose state holds what it is given."""
    machine = frame.machine
    sent = given.pop("<sent>", None)
    if sent is not None:
        frame.sent = sent
    generators.begin(frame, given)
    assert function is frame.function
    scope = machine.oid((frame.instance.number, "scope"))
    number = frame.instance.function
    variables = Obj("scope", attrs=given, data=(parent, frame.path, number))
    variables.origin = machine.oid(("scope", frame.path, number))
    frame.state.put(scope, variables)
    frame.scope = scope
    if function.is_generator:
        frame.yields = machine.oid((frame.instance.number, "yields"))
        frame.state.put(frame.yields, Obj("list", cls=types.native_value("list")))
    cls = data[3]
    frame.cls = cls if isinstance(cls, int) and cls != -1 else None
    if function.params:
        frame.self_value = given.get(function.params[0].name)
    events.enter(frame, function, data)
    entered = frame.state.gates
    execute_block(frame, function.body)
    if frame.live:
        frame.returns.append((_unsaid(frame, function, given) if is_stub(function) else NONE, frame.state))
    if frame.stepping:
        return generators.outcome(frame, entered)
    returned = _joined(frame, frame.returns or frame.suspended, entered)
    raised = _joined(frame, frame.raises, entered)
    if returned is not None and frame.given_away:
        from purposelint.dataflow import running  # noqa: PLC0415 - the interpreter is one knot

        returned.state = running.run_given_away(frame, returned.state)
    in_order = True
    if returned is not None and function.is_generator:
        elements = returned.state.get(frame.yields)
        in_order = elements.rest is None
        known = tuple(elements.items.values())
        if elements.rest is None:
            returned.values = (*returned.values, *known)
        else:
            returned.values = (*returned.values, join_all([*known, elements.rest]))
    return Outcome(returned, raised, in_order, frozenset(frame.implicit))


def _unsaid(frame: Frame, function: Function, given: dict[str, Value]) -> Value:
    """What code that is elsewhere gives: as unknown code does, whatever data it was given."""
    tags = frame.machine.shapes.handed(frame.state, list(given.values()))
    return Value(UNKNOWN.atoms, frame.derived(function.ref, f"through {function.name}", tags))


def _joined(frame: Frame, exits: list[tuple[Value, State]], entered: frozenset[tuple[int, int]]) -> Leaving | None:
    if not exits:
        return None
    value, state = exits[0]
    for other, state_of_other in exits[1:]:
        value = join(value, other)
        state = join_states(state, state_of_other)
    state.gates -= entered
    return Leaving((value,), state, ())


def defined_name(frame: Frame, func: int) -> str:
    """The qualified name of a function, for ``__name__`` and ``__qualname__``."""
    return function_facts(frame, func).name


def function_attribute(frame: Frame, func: int, name: str) -> Value | None:
    """The attributes that every function has."""
    if name in ("__name__", "__qualname__"):
        return literal(defined_name(frame, func))
    if name == "__defaults__":
        items = list(frame.get(func).items.values())
        obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(items)))
        return Value((ref(frame.allocate(function_facts(frame, func).ref, obj, "defaults")),))
    if name == "__annotations__":
        return _annotations(frame, func)
    if name in ("__doc__", "__module__"):
        return types.STRING
    if name == "__call__":
        return Value((ref(func),))
    return None


def _annotations(frame: Frame, func: int) -> Value:
    """The annotations of a function's parameters, by name; those written as text are texts."""
    function = function_facts(frame, func)
    path = str(frame.get(func).data[0])
    items: dict[object, Value] = {}
    for param in function.params:
        if param.annotation is not None:
            named = hints.named(frame, path, param.annotation)
            items[param.name] = named if named.atoms else types.STRING
    obj = Obj("dict", cls=types.native_value("dict"), items=items)  # type: ignore[arg-type]
    return Value((ref(frame.allocate(function.ref, obj, "annotations")),))


__all__ = [
    "NO_TAGS",
    "Const",
    "Native",
    "bind",
    "call_function",
    "define_function",
    "force",
    "function_attribute",
    "make_function",
    "run_body",
]
