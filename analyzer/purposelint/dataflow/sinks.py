"""Uses of declared sinks: which arguments count, with which constants, and for how long they are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from purposelint.config.model import FOREVER, Sink, Storage
from purposelint.config.patterns import CallStep
from purposelint.dataflow import elements, events, functions, operators
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.matching import Entry, Rule
from purposelint.dataflow.values import NO_TAGS, Atom, Bound, Const, Ref, Value
from purposelint.facts import syntax as s

Given = list[tuple[Value, int]]
PRINTS = "purposelint_prints"
CAUGHT = "except"
"""What stands in a pattern for the exception that the handler at hand has caught."""
LAZY = "lambda"
"""What stands in a pattern for what the functions among the arguments give, where the library calls them."""
_SPANS = {"days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "weeks": 604800.0, "milliseconds": 0.001}


def used(
    frame: Frame, sink: int, at: int, given: Given, retention: float | None, printed: Sequence[Value] = ()
) -> dict[int, int]:
    """Note the use of a sink; the nodes of its arguments by their refs.

    Of those that are ``printed``, no more is given than their text.
    """
    nodes: set[int] = set()
    through: dict[int, int] = {}
    machine = frame.machine
    machine.matched.add(("sink", sink))
    for index, (value, ref) in enumerate(given):
        if any(value is each for each in printed):
            tags = elements.deep(frame, [operators.to_text(frame, value, ref)])
        else:
            tags = elements.deep(frame, [value]) | events.whole_objects(frame, [value], ref)
        tags |= events.whole_mappings(frame, [value], ref)
        if not tags:
            continue
        owners = frozenset().union(*(machine.graph.owners[tag] for tag in tags))
        node = machine.graph.node(
            (frame.instance.number, ref, "sink", sink, index),
            frame.place(ref),
            "handed over",
            frame.gates_for(owners),
            owners,
        )
        machine.graph.edges(tags, node)
        nodes.add(node)
        through.setdefault(ref, node)
    if nodes:
        machine.add_sink(
            sink, frame.instance, frame.place(at), frozenset(nodes), frame.gates_for(frozenset()), retention
        )
    return through


def written(frame: Frame, sink: int, at: int, value: Value) -> None:
    """A write to what is a sink."""
    entry = frame.machine.annotations.sinks[sink]
    used(frame, sink, at, [(value, at)], retention_of(entry.storage, None))


def called(
    frame: Frame, rule: Rule, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int
) -> dict[int, int]:
    """A call of a sink."""
    entry = frame.machine.annotations.sinks[rule.index]
    frame.machine.deferred.need_of(frame, args.all())
    if not _where(frame, entry, matched, atom, args):
        return {}
    packed = entry.pack is not None
    given = chosen(frame, rule, matched, atom, args, receiver, at, in_order=packed, by_count=not packed)
    given = _without_excluded(frame, rule, matched, atom, args, receiver, at, given, entry)
    return used(
        frame, rule.index, at, given, _retention(frame, entry, matched, atom, args), _printed(frame, atom, args)
    )


def _printed(frame: Frame, atom: Atom, args: Arguments) -> Sequence[Value]:
    """The arguments of what prints that stand behind a text with a ``%`` field for each of them."""
    if not _prints(frame, atom):
        return ()
    for position, value in enumerate(args.positional):
        constant = value.const()
        if constant is not None and isinstance(constant.value, str):
            behind = args.positional[position + 1 :]
            return behind if len(behind) == operators.fields_in(constant.value) else ()
    return ()


def _prints(frame: Frame, atom: Atom) -> bool:
    """Whether a model says of what is called that it takes a format, and behind it what is printed in that."""
    func: Atom = atom.func if type(atom) is Bound else atom
    if type(func) is not Ref:
        return False
    obj = frame.get(func.oid)
    if obj.kind != "function" or not str(obj.data[0]).startswith("<"):
        return False
    module = frame.machine.facts(str(obj.data[0]))
    assert module is not None
    cls = functions.function_facts(frame, func.oid).cls
    return PRINTS in (module if cls is None else module.classes[cls]).locals


def _without_excluded(
    frame: Frame, rule: Rule, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int,
    given: Given, entry: Sink,
) -> Given:  # fmt: skip
    for other in rule.excluded:
        if isinstance(other.last, CallStep) and other.last.params:
            out = chosen(frame, other, [rule, *matched], atom, args, receiver, at, in_order=entry.pack is not None)
            given = [row for row in given if not any(row[0] is value and row[1] == ref for value, ref in out)]
    return given


def signature_of(frame: Frame, matched: Sequence[Rule], atom: Atom) -> list[str] | None:
    """The parameter names of what is called, without the receiver: from the code, or from a pack that lists them."""
    func: Atom = atom.func if type(atom) is Bound else atom
    if type(func) is Ref:
        obj = frame.get(func.oid)
        if obj.kind == "class":
            from purposelint.dataflow import classes  # noqa: PLC0415

            init = classes.lookup_in(frame, func, "__init__")
            target = init.atoms[0] if init is not None and init.atoms else None
            if type(target) is Ref and frame.get(target.oid).kind == "function":
                return _names(functions.function_facts(frame, target.oid))[1:]
            return None
        if obj.kind == "function":
            names = _names(functions.function_facts(frame, func.oid))
            return names[1:] if type(atom) is Bound else names
    best: list[str] | None = None
    for rule in matched:
        params = rule.last.params if isinstance(rule.last, CallStep) else None
        if (
            params
            and _packed(frame, rule)
            and all(isinstance(param, str) and param not in ("*", "self", CAUGHT, LAZY) for param in params)
        ):
            names = [str(param) for param in params]
            best = names if best is None or len(names) > len(best) else best
    return best


def _packed(frame: Frame, rule: Rule) -> bool:
    annotations = frame.machine.annotations
    entries: dict[str, Sequence[Entry]] = {
        "sink": annotations.sinks,
        "source": annotations.sources,
        "passthrough": annotations.passthroughs,
    }
    group = entries.get(rule.kind)
    return group is not None and group[rule.index].pack is not None


def _names(function: s.Function) -> list[str]:
    return [param.name for param in function.params if param.kind in ("positional", "normal")]


def argument(frame: Frame, name: str, matched: Sequence[Rule], atom: Atom, args: Arguments) -> Value | None:
    """The argument of a parameter's name; its default where the code's own function has one and none is given."""
    if name in args.keywords:
        return args.keywords[name]
    if name.isdigit():
        position = int(name)
        return args.positional[position] if position < len(args.positional) else None
    signature = signature_of(frame, matched, atom)
    if signature is not None and name in signature and signature.index(name) < len(args.positional):
        return args.positional[signature.index(name)]
    func: Atom = atom.func if type(atom) is Bound else atom
    if type(func) is Ref and frame.get(func.oid).kind == "function":
        return frame.get(func.oid).items.get(name)
    return None


def chosen(
    frame: Frame, rule: Rule, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int,
    *, in_order: bool, by_count: bool = False,
) -> Given:  # fmt: skip
    """The arguments that a rule's pattern names, with the ref of each.

    Where nothing tells the parameters' order, the pattern does: ``in_order``, it lists them from the first on;
    ``by_count``, arguments by position are those that it names and that no keyword gives, if they are not more.
    """
    params = rule.last.params if isinstance(rule.last, CallStep) else None
    if params is None or "*" in params:
        given = [(value, args.ref_of(index, at)) for index, value in enumerate(args.positional)]
        given.extend((value, args.keyword_refs.get(name, at)) for name, value in args.keywords.items())
        given.extend((value, at) for value in (args.rest, args.extra) if value is not None)
        if params is not None and "self" in params and receiver is not None:
            given.append((receiver, at))
        if params is not None and CAUGHT in params:
            given.append((operators.text_of_caught(frame, at), at))
        if params is not None and LAZY in params:
            given.extend(_lazily(frame, given, at))
        return given
    names = signature_of(frame, matched, atom)
    if names is None and in_order:
        names = [str(param) for param in params]
    elif names is None and by_count:
        names = _by_count(params, args)
    given = []
    for param in params:
        if param == "self":
            if receiver is not None:
                given.append((receiver, at))
        elif param == CAUGHT:
            given.append((operators.text_of_caught(frame, at), at))
        elif isinstance(param, int):
            if param < len(args.positional):
                given.append((args.positional[param], args.ref_of(param, at)))
            elif names is not None and param < len(names) and names[param] in args.keywords:
                given.append((args.keywords[names[param]], args.keyword_refs.get(names[param], at)))
        elif param in args.keywords:
            given.append((args.keywords[param], args.keyword_refs.get(param, at)))
        else:
            position = names.index(param) if names is not None and param in names else -1
            if 0 <= position < len(args.positional):
                given.append((args.positional[position], args.ref_of(position, at)))
            elif args.extra is not None:
                given.append((args.extra, at))
            elif args.rest is not None and position >= 0:
                given.append((args.rest, at))
    return given


def _lazily(frame: Frame, given: Given, at: int) -> Given:
    """What the functions among some arguments give."""
    from purposelint.dataflow import calls  # noqa: PLC0415 - the interpreter is one knot

    found: Given = []
    for value, ref in given:
        for atom in value.atoms:
            func = atom.func if type(atom) is Bound else atom
            if type(func) is Ref and frame.get(func.oid).kind == "function":
                found.append((calls.call_with_unknown(frame, Value((atom,)), NO_TAGS, at), ref))
    return found


def _by_count(params: Sequence[str | int], args: Arguments) -> list[str] | None:
    """The parameters that arguments by position are, in order; None where there are more of these than named ones."""
    if any(isinstance(param, int) for param in params):
        return None
    open_ones = [str(param) for param in params if param not in ("self", CAUGHT, *args.keywords)]
    return open_ones if len(args.positional) <= len(open_ones) else None


# --- constants -------------------------------------------------------------------------


def _where(frame: Frame, entry: Sink, matched: Sequence[Rule], atom: Atom, args: Arguments) -> bool:
    return all(
        constant_matches(frame, argument(frame, name, matched, atom, args), globs)
        for name, globs in entry.where.items()
    )


def constant_matches(frame: Frame, value: Value | None, globs: Sequence[str]) -> bool:
    """Whether a value is known to be, or to begin as, what one of these patterns says."""
    if value is None:
        return False
    for atom in value.atoms:
        if type(atom) is Const and any(_glob(glob).fullmatch(str(atom.value)) for glob in globs):
            return True
        if type(atom) is Ref and frame.get(atom.oid).kind == "text":
            beginning, end = (str(each) for each in (*frame.get(atom.oid).data, "")[:2])
            if any(_may_be(glob, beginning, end) for glob in globs):
                return True
    return False


def _glob(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", glob)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts), re.DOTALL)


def _may_be(glob: str, beginning: str, end: str) -> bool:
    """Whether a text of which the beginning is known, and perhaps the end, may match: what is known decides."""
    head, star, _ = glob.partition("*")
    if not star or not beginning.startswith(head) or head.endswith("://"):
        return False  # with a host that begins with a wildcard, too little is known
    tail = glob.rpartition("*")[2]
    return end.endswith(tail) or tail.endswith(end)


# --- retention -------------------------------------------------------------------------


def retention_of(storage: Storage | None, asked: float | None) -> float | None:
    """What a store keeps by declaration, where no argument says it."""
    if storage is None:
        return None
    return asked if asked is not None else storage.retention


def _retention(frame: Frame, entry: Sink, matched: Sequence[Rule], atom: Atom, args: Arguments) -> float | None:
    storage = entry.storage
    if storage is None or storage.retention_from is None:
        return retention_of(storage, None)
    value = argument(frame, storage.retention_from, matched, atom, args)
    if value is None:
        return None if args.extra is not None else storage.retention
    longest: float | None = 0.0
    for each in value.atoms:
        kept = _seconds(frame, each, storage.unit)
        if kept is None or longest is None:
            longest = None
        else:
            longest = max(longest, kept)
    return longest if value.atoms else None


def _seconds(frame: Frame, atom: Atom, unit: float) -> float | None:
    if type(atom) is Const:
        if atom.value is None:
            return FOREVER
        if isinstance(atom.value, int | float):
            return float(atom.value) * unit if atom.value else FOREVER
        return None
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        if any(trail[-2:] == ("timedelta", "()") for trail in obj.trails) or "days" in obj.attrs:
            total = 0.0
            for name, scale in _SPANS.items():
                part = obj.attrs.get(name)
                if part is None:
                    continue
                constant = part.const()
                if constant is None or not isinstance(constant.value, int | float):
                    return None
                total += constant.value * scale
            return total or None
    return None
