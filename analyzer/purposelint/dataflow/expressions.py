"""Expressions: one handler for each kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from purposelint.dataflow import reasons
from purposelint.dataflow import values as v
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Obj, State, join_states
from purposelint.dataflow.values import NOTHING, UNKNOWN, Value, join, join_all, literal, ref
from purposelint.facts import syntax as s


def evaluate(frame: Frame, node: s.Expr) -> Value:
    """The value of an expression; raises `Unreachable` where it never has one."""
    return _HANDLERS[type(node)](frame, node)


def _saw(frame: Frame, node: s.Expr, value: Value) -> None:
    """Record what an expression is, where it is asked about."""
    if frame.machine.trials is not None and frame.machine.trials.path == frame.path:
        reasons.saw(frame, node.ref, value)


def _const(frame: Frame, node: s.Const) -> Value:
    return literal(node.value)


def _name(frame: Frame, node: s.Name) -> Value:
    value = names.load(frame, node.name, node.ref)
    if frame.machine.trials is not None:
        _saw(frame, node, value)
    return value


def _attribute(frame: Frame, node: s.Attribute) -> Value:
    owner = evaluate(frame, node.value)
    value = objects.load_attribute(frame, owner, node.attr, node)
    if frame.machine.trials is not None:
        _saw(frame, node, value)
    return value


def _subscript(frame: Frame, node: s.Subscript) -> Value:
    owner = evaluate(frame, node.value)
    key = evaluate(frame, node.key)
    value = elements.load_item(frame, owner, key, node.ref, node)
    if frame.machine.trials is not None:
        _saw(frame, node, value)
    return value


def _slice(frame: Frame, node: s.Slice) -> Value:
    items: dict[object, Value] = {}
    for name, part in (("lower", node.lower), ("upper", node.upper), ("step", node.step)):
        items[name] = v.NONE if part is None else elements.as_index(frame, evaluate(frame, part), node.ref)
    obj = Obj("slice", items=items)  # type: ignore[arg-type]
    return Value((ref(frame.allocate(node.ref, obj)),))


def arguments(frame: Frame, given: tuple[s.Argument, ...]) -> Arguments:
    """The evaluated arguments of a call, with ``*`` and ``**`` spread where their elements are known."""
    args = Arguments()
    for argument in given:
        value = evaluate(frame, argument.value)
        if argument.star == "*":
            run = elements.iterate(frame, value, argument.ref)
            if args.rest is None:
                for element in run.known:
                    args.positional.append(element)
                    args.refs.append(argument.ref)
            else:
                args.rest = join_all([args.rest, *run.known])
            if run.rest is not None:
                args.rest = run.rest if args.rest is None else join(args.rest, run.rest)
        elif argument.star == "**":
            known, rest = elements.mapping_items(frame, value, argument.ref)
            for key, element in known.items():
                if isinstance(key, str):
                    args.keywords[key] = element
                    args.keyword_refs[key] = argument.ref
            if rest is not None:
                args.extra = rest if args.extra is None else join(args.extra, rest)
        elif argument.name is not None:
            args.keywords[argument.name] = value
            args.keyword_refs[argument.name] = argument.ref
        elif args.rest is not None:
            args.rest = join(args.rest, value)
        else:
            args.positional.append(value)
            args.refs.append(argument.ref)
    return args


def _call(frame: Frame, node: s.Call) -> Value:
    receiver: Value | None = None
    if isinstance(node.func, s.Attribute):
        receiver = evaluate(frame, node.func.value)
        callee = objects.load_attribute(frame, receiver, node.func.attr, node.func)
    else:
        callee = evaluate(frame, node.func)
    args = arguments(frame, node.args)
    if _is_copying(node):
        frame.copying = node.ref
    value = calls.call(frame, callee, args, node.ref, node.func, receiver)
    if _is_cast(frame, node, callee):
        value = hints.cast(frame, value, node.args[0].value)
    if frame.machine.trials is not None:
        _saw(frame, node, value)
    return value


def _is_cast(frame: Frame, node: s.Call, callee: Value) -> bool:
    last = node.func.name if type(node.func) is s.Name else node.func.attr if type(node.func) is s.Attribute else ""
    return (
        last == "cast"
        and len(node.args) == 2
        and any(("typing", "cast") in types.trails_of(frame, atom) for atom in callee.atoms)
    )


def _is_copying(node: s.Call) -> bool:
    """``setattr(a, name, getattr(b, name))``, where both names are the same."""
    if type(node.func) is not s.Name or node.func.name != "setattr" or len(node.args) != 3:
        return False
    inner = node.args[2].value
    if type(inner) is not s.Call or type(inner.func) is not s.Name or inner.func.name != "getattr":
        return False
    return len(inner.args) > 1 and _is_same(node.args[1].value, inner.args[1].value)


def _is_same(left: object, right: object) -> bool:
    """Whether two expressions are the same variable, or the same attribute of it."""
    if type(left) is s.Attribute and type(right) is s.Attribute:
        return left.attr == right.attr and _is_same(left.value, right.value)
    return type(left) is s.Name and type(right) is s.Name and left.name == right.name


def _sequence(frame: Frame, node: s.Sequence) -> Value:
    known: list[Value] = []
    rest: Value | None = None
    for item in node.items:
        if isinstance(item, s.Star):
            run = elements.iterate(frame, evaluate(frame, item.value), item.ref)
            if rest is None:
                known.extend(run.known)
            else:
                rest = join_all([rest, *run.known])
            if run.rest is not None:
                rest = run.rest if rest is None else join(rest, run.rest)
        else:
            value = evaluate(frame, item)
            if rest is None:
                known.append(value)
            else:
                rest = join(rest, value)
    if node.kind == "set":
        return elements.new_set(frame, known, rest, node.ref)
    obj = Obj(node.kind, cls=types.native_value(node.kind), items=dict(enumerate(known)), rest=rest)
    return Value((ref(frame.allocate(node.ref, obj)),))


def _dict(frame: Frame, node: s.Dict) -> Value:
    oid = frame.allocate(node.ref, Obj("dict", cls=types.native_value("dict")))
    made = Value((ref(oid),))
    for key, item in node.items:
        if key is None:
            elements.update_mapping(frame, oid, evaluate(frame, item), node.ref)
        else:
            at = evaluate(frame, key)
            elements.set_key(frame, oid, at, evaluate(frame, item), item.ref)
    return made


def _binary(frame: Frame, node: s.Binary) -> Value:
    # A long chain of operators leans to the left: unroll it instead of recursing.
    chain: list[s.Binary] = []
    left: s.Expr = node
    while isinstance(left, s.Binary):
        chain.append(left)
        left = left.left
    value = evaluate(frame, left)
    for part in reversed(chain):
        value = operators.binary(frame, part.op, value, evaluate(frame, part.right), part.ref)
    return value


def _unary(frame: Frame, node: s.Unary) -> Value:
    value = evaluate(frame, node.value)
    if node.op == "not":
        return conditions.negated(frame, value)
    return operators.unary(frame, node.op, value, node.ref)


def _boolean(frame: Frame, node: s.Boolean) -> Value:
    """``a and b``: each value is evaluated in the state in which the ones before it let it be."""
    results: list[Value] = []
    ends: list[State] = []
    stops_on = node.op == "or"
    held: list[Value] = []
    for index, part in enumerate(node.values):
        value = evaluate(frame, part)
        held.append(value)
        if index == len(node.values) - 1:
            results.append(value)
            ends.append(frame.state)
            break
        holds, fails = conditions.split(frame, part, value)
        stop, go_on = (holds, fails) if stops_on else (fails, holds)
        if stop is not None:
            ends.append(stop)
            stopped = conditions.narrowed(frame, value, stops_on)
            results.append(stopped if stops_on else conditions.emptied(frame, stopped))
        if go_on is None:
            break
        frame.state = go_on
    _meet(frame, ends)
    result = join_all(results)
    when_true, when_false = conditions.combined(node.op, held)
    return Value(result.atoms, result.tags, when_true, when_false)


def _meet(frame: Frame, ends: list[State]) -> None:
    state = ends[0]
    for other in ends[1:]:
        state = join_states(state, other)
    frame.state = state


def _compare(frame: Frame, node: s.Compare) -> Value:
    left = evaluate(frame, node.left)
    results: list[Value] = []
    for op, part in node.rest:
        right = evaluate(frame, part)
        results.append(operators.compare(frame, op, left, right, node.ref, node))
        left = right
    if len(results) == 1:
        return results[0]
    decided = [v.truth(result) for result in results]
    if False in decided:
        return v.FALSE
    return v.TRUE if all(decided) else v.of_kind("bool")


def _conditional(frame: Frame, node: s.Conditional) -> Value:
    test = evaluate(frame, node.test)
    holds, fails = conditions.split(frame, node.test, test)
    result = NOTHING
    ends: list[State] = []
    for state, part, sense in ((holds, node.body, True), (fails, node.orelse, False)):
        if state is None:
            continue
        frame.state = state
        is_false = conditions.is_false_there(frame, node.test, sense, part)
        try:
            value = evaluate(frame, part)
        except Unreachable:
            frame.live = True
            continue
        value = conditions.emptied(frame, value) if is_false else events.hop(frame, value, part)
        ends.append(frame.state)
        result = join(result, value)
    if not ends:
        frame.live = False
        raise Unreachable
    _meet(frame, ends)
    return result


def _lambda(frame: Frame, node: s.Lambda) -> Value:
    return functions.make_function(frame, node.function, node.ref)


def _comprehension(frame: Frame, node: s.Comprehension) -> Value:
    return comprehensions.comprehension(frame, node)


def _joined(frame: Frame, node: s.Joined) -> Value:
    parts = [evaluate(frame, part) for part in node.parts]
    if node.template:
        obj = Obj(
            "opaque",
            tags=frame.derived(node.ref, "template", deep(frame, parts)),
            trails=(("string", "templatelib", "Template", "()"),),
        )
        return Value((ref(frame.allocate(node.ref, obj)),))
    made = deferred.made_of(frame, node.ref, "text", parts)
    if made is not None:
        return made
    texts = [part.const() for part in parts]
    tags = deep(frame, parts)
    if all(text is not None and isinstance(text.value, str) for text in texts) and not tags:
        return literal("".join(str(text.value) for text in texts if text is not None))
    beginning, end = "".join(_known_run(texts)), "".join(reversed(_known_run(reversed(texts))))
    return operators.text(frame, frame.derived(node.ref, "formatted text", tags), beginning, node.ref, end)


def _known_run(texts: Iterable[v.Const | None]) -> list[str]:
    """The texts up to the first that is not known."""
    run: list[str] = []
    for text in texts:
        if text is None or not isinstance(text.value, str):
            break
        run.append(text.value)
    return run


def _formatted(frame: Frame, node: s.Formatted) -> Value:
    value = evaluate(frame, node.value)
    spec = [evaluate(frame, part) for part in node.spec]
    made = deferred.made_of(frame, node.ref, "text", [value])
    if made is not None:
        return made
    constant = value.const()
    if constant is not None and not node.debug and not spec and not value.tags:
        text = repr(constant.value) if node.conversion in ("r", "a") else str(constant.value)
        return literal(text)
    given = spec[0] if len(spec) == 1 else literal("") if not spec else v.of_kind("str")
    method = "__repr__" if node.conversion == "r" else "__str__" if node.conversion else "__format__"
    made = operators.to_text(frame, value, node.ref, method=method, spec=given)
    return made.tagged(frame.derived(node.ref, "format", deep(frame, spec)))


def _await(frame: Frame, node: s.Await) -> Value:
    return elements.awaited(frame, evaluate(frame, node.value), node.ref)


def _yield(frame: Frame, node: s.Yield) -> Value:
    if frame.resuming:
        given = generators.resumed(frame, node)
        if given is not None:
            return given
    value = v.NONE if node.value is None else evaluate(frame, node.value)
    if node.value is not None and not node.delegate:
        value = hints.yielded(frame, value)
    if frame.stepping:
        if node.delegate:
            return generators.delegate(frame, node, value)
        generators.suspend(frame, node.ref, events.hop(frame, value, node))
    if not node.delegate:
        elements.append(frame, frame.yields, events.hop(frame, value, node))
        # A generator without an end is left at a yield.
        frame.suspended = [(v.NONE, frame.state.fork())]
        return frame.sent
    run = elements.iterate(frame, value, node.ref)
    for element in run.known:
        elements.append(frame, frame.yields, element)
    if run.rest is not None:
        elements.append_any(frame, frame.yields, run.rest)
    return elements.generator_result(frame, value, node.ref)


def _walrus(frame: Frame, node: s.Walrus) -> Value:
    value = evaluate(frame, node.value)
    assign(frame, node.target, value)
    return value


def _star(frame: Frame, node: s.Star) -> Value:
    run = elements.iterate(frame, evaluate(frame, node.value), node.ref)
    return join_all([*run.known, *(() if run.rest is None else (run.rest,))]) or UNKNOWN


def deep(frame: Frame, given: list[Value]) -> v.Tags:
    """The tags of values and of all they hold."""
    return elements.deep(frame, given)


from purposelint.dataflow import (  # noqa: E402 - expressions and their parts need one another
    calls,
    comprehensions,
    conditions,
    deferred,
    elements,
    events,
    functions,
    generators,
    hints,
    names,
    objects,
    operators,
    types,
)
from purposelint.dataflow.assignment import assign  # noqa: E402

_HANDLERS: dict[type, Callable[..., Value]] = {
    s.Const: _const,
    s.Name: _name,
    s.Attribute: _attribute,
    s.Subscript: _subscript,
    s.Slice: _slice,
    s.Call: _call,
    s.Sequence: _sequence,
    s.Dict: _dict,
    s.Binary: _binary,
    s.Unary: _unary,
    s.Boolean: _boolean,
    s.Compare: _compare,
    s.Conditional: _conditional,
    s.Lambda: _lambda,
    s.Comprehension: _comprehension,
    s.Joined: _joined,
    s.Formatted: _formatted,
    s.Await: _await,
    s.Yield: _yield,
    s.Walrus: _walrus,
    s.Star: _star,
}
