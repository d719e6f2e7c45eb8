"""Calls: what is called, with which effect, and what comes back."""

from __future__ import annotations

from typing import cast

from purposelint.dataflow import (
    classes,
    deferred,
    elements,
    events,
    failing,
    flags,
    functions,
    heirs,
    hints,
    library,
    naming,
    natives,
    types,
)
from purposelint.dataflow.branches import either
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Obj, Shape, join_states
from purposelint.dataflow.values import (
    NO_TAGS,
    NOTHING,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Trail,
    Value,
    join,
    literal,
    of_kind,
    ref,
)
from purposelint.dataflow.verbs import MUTATORS, WRITERS
from purposelint.facts import syntax as s

IMMUTABLE = frozenset({"str", "int", "float", "tuple", "bytes", "frozenset"})
KEYED = frozenset({"get", "pop", "getlist", "getall", "getone", "get_all", "setdefault"})
"""Methods by which what is like a dict is asked for a key."""
COPIES = frozenset({"copy", "to_dict", "as_dict", "dict"})
"""Methods by which what is like a dict gives a copy of itself."""

MAX_TRAILS = 3
"""Names of an unknown object by which what calling it gives is known."""
MAX_CAPTURED = 2
"""Functions that capture one another, for whether running the outermost on nothing may tell something."""


def call(
    frame: Frame, callee: Value, args: Arguments, at: int, node: s.Expr | None = None, receiver: Value | None = None
) -> Value:
    """Call a value; where it may be several things, each is called in a state of its own."""
    atoms = [
        atom for atom in callee.atoms if not (type(atom) is Const or (type(atom) is Some and atom.kind == "missing"))
    ]
    if not atoms:
        if not callee.atoms:
            return _call_one(frame, types.UNKNOWN_BASE, callee, args, at, node, receiver)
        atoms = list(callee.atoms)
    if len(atoms) > 1:
        atoms = _described(frame, atoms, node, receiver, at)
    if len(atoms) == 1:
        return _call_one(frame, atoms[0], callee, args, at, node, receiver)

    def call_group(group: tuple[Atom, ...]) -> Value:
        if len(group) == 1:
            return _call_one(frame, group[0], callee, args, at, node, receiver)
        return call_unknown(frame, args, at, node, receiver, Value(group))

    return either(frame, _grouped(frame, atoms, node, receiver, at), call_group)


def _grouped(
    frame: Frame, atoms: list[Atom], node: s.Expr | None, receiver: Value | None, at: int
) -> list[tuple[Atom, ...]]:
    """Several things that are called, each for itself, but those of which nothing is known together.

    Calling one of these does what calling any other does: all depends on the receiver and the arguments.
    """
    unknown = [atom for atom in atoms if _is_plain(frame, atom)]
    if len(unknown) > 1:
        unknown = [atom for atom in unknown if not events.call_rules(frame, atom, node, receiver, at)]
    if len(unknown) < 2:
        return [(atom,) for atom in atoms]
    return [tuple(unknown), *((atom,) for atom in atoms if atom not in unknown)]


def _is_plain(frame: Frame, atom: Atom) -> bool:
    """Whether an unknown object is owed by nothing, and not known to give something when it is called."""
    if not _is_opaque(frame, atom) or deferred.owed_by(frame, Value((atom,))):
        return False
    obj = frame.get(cast("Ref", atom).oid)
    return obj.data[:1] != (types.GIVES,) and not (len(obj.trails) == 1 and library.knows(obj.trails[0]))


def _described(frame: Frame, atoms: list[Atom], node: s.Expr | None, receiver: Value | None, at: int) -> list[Atom]:
    """Of several things that are called, those of which something is known, where a passthrough says what one gives.

    What is not known beside it is most likely the same thing, reached in a way that was not understood.
    """
    known = [atom for atom in atoms if not _is_unknown(frame, atom)]
    if len(known) in (0, len(atoms)):
        return atoms
    rules = [rule for atom in known for rule in events.call_rules(frame, atom, node, receiver, at)]
    return known if any(rule.kind == "passthrough" for rule in rules) else atoms


def _is_unknown(frame: Frame, atom: Atom) -> bool:
    """Whether nothing is known of a thing but, at most, which field of the project or which container holds it."""
    if type(atom) is Bound and type(atom.func) is Native:
        return all(type(each) is Some and each.kind == "" for each in atom.receiver.atoms)
    if not _is_opaque(frame, atom):
        return False
    firsts = {str(trail[0]) for trail in types.trails_of(frame, atom)}
    return all(first == "builtins" or frame.machine.modules.defines_top(first) for first in firsts)


def _call_one(
    frame: Frame, atom: Atom, callee: Value, args: Arguments, at: int, node: s.Expr | None, receiver: Value | None
) -> Value:
    failing.note(frame, atom)
    matched = events.call_rules(frame, atom, node, receiver, at)
    through = events.sinks(frame, matched, atom, args, receiver, at) if matched else {}
    passed = events.passthrough(frame, matched, atom, args, receiver, at) if matched else None
    if passed is not None and receiver is not None and type(atom) is External and atom.trail[-1] in KEYED:
        passed = _kept_item(frame, receiver, args, passed)
        if isinstance(node, s.Attribute) and args.positional:
            passed = events.read_key(frame, receiver, args.positional[0], passed, at, node.value)
    result = passed if passed is not None else dispatch(frame, atom, callee, args, at, node, receiver, through)
    return events.called(frame, matched, result, atom, receiver, at) if matched else result


def dispatch(
    frame: Frame,
    atom: Atom,
    callee: Value,
    args: Arguments,
    at: int,
    node: s.Expr | None,
    receiver: Value | None,
    through: dict[int, int],
) -> Value:
    """Run what is called."""
    if type(atom) is Bound:
        if isinstance(atom.func, Ref):
            if frame.get(atom.func.oid).kind != "function":
                return call_unknown(frame, args, at, node, atom.receiver, callee)
            implemented = _implemented(frame, atom.func, atom.receiver, args, at, through)
            if implemented is not None:
                return implemented
            frame.machine.resolved_calls += 1
            return functions.call_function(frame, atom.func.oid, args.shifted(atom.receiver), at, through)
        if isinstance(atom.func, Native):
            return natives.call_method(frame, atom.func.name, atom.receiver, args, at, node)
        return call_external(frame, atom.func, args, at, node, atom.receiver)
    if type(atom) is Ref:
        return _call_object(frame, atom, args, at, node, receiver, through)
    if type(atom) is Native:
        return natives.call_builtin(frame, atom.name, args, at, node)
    if type(atom) is External:
        return call_external(frame, atom, args, at, node, receiver)
    return call_unknown(frame, args, at, node, receiver, callee)


def _implemented(
    frame: Frame, func: Ref, receiver: Value, args: Arguments, at: int, through: dict[int, int]
) -> Value | None:
    """Call what implements an abstract method of an instance that comes from elsewhere; None: it is not abstract."""
    known = [oid for oid in receiver.refs() if frame.get(oid).kind == "instance" and frame.get(oid).open]
    cls = frame.get(func.oid).data[3]
    if not known or not isinstance(cls, int) or cls == -1 or str(frame.get(func.oid).data[0]).startswith("<"):
        return None
    function = functions.function_facts(frame, func.oid)
    if not heirs.is_abstract(function):
        return None
    place = hints.place_of(frame, func.oid, function, receiver)
    found = frame.machine.heirs.implementations(frame, cls, function)
    if not found:
        tags = call_tags(frame, [*args.all(), receiver], at, function.name)
        return hints.refined_result(frame, Value(UNKNOWN.atoms, tags), place, at)
    frame.machine.resolved_calls += len(found)
    result = either(frame, found, lambda oid: functions.call_function(frame, oid, args.shifted(receiver), at, through))
    return hints.refined_result(frame, result, place, at)


def _call_object(
    frame: Frame,
    atom: Ref,
    args: Arguments,
    at: int,
    node: s.Expr | None,
    receiver: Value | None,
    through: dict[int, int],
) -> Value:
    obj = frame.get(atom.oid)
    if obj.kind == "function":
        frame.machine.resolved_calls += 1
        return functions.call_function(frame, atom.oid, args, at, through)
    if obj.kind == "class":
        return construct(frame, atom, args, at, through)
    if obj.kind == "instance":
        method = classes.lookup(frame, obj.cls, "__call__")
        if method is not None:
            bound_method = classes.bind_attribute(frame, method, Value((atom,)), at)
            return call(frame, bound_method, args, at)
    if obj.kind in ("classmethod", "staticmethod"):
        return call(frame, obj.attrs["__func__"], args, at, node)
    if obj.kind == "opaque" and len(obj.trails) == 1 and obj.trails[0][-1] != "()":
        found = library.call(frame, obj.trails[0], args, at, receiver)
        if found is not None:
            return found
    return call_unknown(frame, args, at, node, receiver, Value((atom,)))


# --- construction ------------------------------------------------------------------


def construct(frame: Frame, cls: Ref, args: Arguments, at: int, through: dict[int, int]) -> Value:
    """``Class(...)``."""
    obj = frame.get(cls.oid)
    for base in classes.mro(frame, cls):
        failing.note(frame, base)
    members = classes.enum_members(frame, cls.oid)
    if members:
        return flags.of_value(frame, cls.oid, args.first()) or _enum_member(frame, members, args)
    if obj.cls.atoms:
        hook = classes.lookup(frame, obj.cls, "__call__")
        if hook is not None and not _running(frame, hook):
            bound_hook = classes.bind_attribute(frame, hook, Value((cls,)), at)
            return call(frame, bound_hook, args, at)
    return instantiate(frame, cls, args, at, through)


def _running(frame: Frame, hook: Value) -> bool:
    return any(
        type(atom) is Ref
        and frame.get(atom.oid).kind == "function"
        and any((each.path, each.function) == tuple(frame.get(atom.oid).data[:2]) for each in frame.machine.stack[-1:])
        for atom in hook.atoms
    )


def _enum_member(frame: Frame, members: list[Value], args: Arguments) -> Value:
    wanted = args.positional[0].const() if args.positional else None
    found = NOTHING
    for member in members:
        (oid,) = member.refs()
        if wanted is None or frame.get(oid).attrs.get("value", UNKNOWN).const() is wanted:
            found = join(found, member)
    return found if found.atoms else UNKNOWN


def instantiate(frame: Frame, cls: Ref, args: Arguments, at: int, through: dict[int, int]) -> Value:
    """``type.__call__``: ``__new__``, then ``__init__``."""
    new = classes.lookup_in(frame, cls, "__new__")
    if new is not None:
        made = NOTHING
        for atom in new.atoms:
            if type(atom) is Ref:
                target = atom
                if frame.get(atom.oid).kind == "staticmethod":
                    inner = frame.get(atom.oid).attrs["__func__"].atoms
                    if not inner or type(inner[0]) is not Ref:
                        continue
                    target = inner[0]
                made = join(made, functions.call_function(frame, target.oid, args.shifted(Value((cls,))), at, through))
        if not any(type(atom) is Ref and cls in _orders(frame, atom) for atom in made.atoms):
            return made
        if classes.lookup_in(frame, cls, "__init__") is None and _is_immutable(frame, cls):
            return made
        initialise(frame, cls, made, args, at, through)
        return made
    made, args = _fresh_beside(frame, cls, args, at)
    initialise(frame, cls, made, args, at, through)
    return made


def _fresh_beside(frame: Frame, cls: Ref, args: Arguments, at: int) -> tuple[Value, Arguments]:
    """A new instance, and the arguments: what was made here in an earlier round of a loop has another name then."""
    if not frame.loops or not any(value.refs() for value in args.all()):
        return fresh_instance(frame, cls, at), args
    given = frame.machine.oid((frame.instance.number, at, "given"))
    frame.state.put(given, Obj("tuple", items=dict(enumerate(args.all()))))
    made = fresh_instance(frame, cls, at)
    values = list(frame.get(given).items.values())
    del frame.state.heap[given]
    count, named = len(args.positional), len(args.positional) + len(args.keywords)
    rest = values[named] if args.rest is not None else None
    extra = values[-1] if args.extra is not None else None
    keywords = dict(zip(args.keywords, values[count:named], strict=True))
    return made, Arguments(values[:count], keywords, rest, extra, args.refs, args.keyword_refs)


def _is_immutable(frame: Frame, cls: Ref) -> bool:
    """Whether instances are made in ``__new__`` alone, as those of ``str`` and ``tuple`` are."""
    return any(type(each) is Native and each.name in IMMUTABLE for each in classes.mro(frame, cls))


def _orders(frame: Frame, atom: Ref) -> list[Atom]:
    return classes.classes_of(frame, frame.get(atom.oid).cls)


def fresh_instance(frame: Frame, cls: Ref, at: int) -> Value:
    """``object.__new__(cls)``."""
    kind = "instance"
    order = classes.mro(frame, cls)
    obj = Obj(kind, cls=Value((cls,)))
    if any(type(each) is External and each.trail[-1] == "TypedDict" for each in order):
        obj = Obj("dict", cls=types.native_value("dict"))
    return Value((ref(frame.allocate(at, obj, ("new", cls.oid))),))


def initialise(frame: Frame, cls: Ref, made: Value, args: Arguments, at: int, through: dict[int, int]) -> None:
    """``__init__``, the project's or a generated one."""
    init = classes.lookup_in(frame, cls, "__init__")
    if init is not None:
        for atom in init.atoms:
            if type(atom) is Ref and frame.get(atom.oid).kind == "function":
                functions.call_function(frame, atom.oid, args.shifted(made), at, through)
            elif type(atom) is Ref:
                call(frame, Value((atom,)), args.shifted(made), at)
        return
    for oid in made.refs():
        fields = types.record_fields(frame, cls)
        if fields is not None:
            library.generated_init(frame, oid, cls, fields, args, at)
        else:
            library_init(frame, oid, cls, args, at)


def library_init(frame: Frame, oid: int, cls: Ref, args: Arguments, at: int) -> None:
    """The constructor of a builtin or external base: keywords become attributes, the rest contents."""
    base = next((each for each in classes.mro(frame, cls) if type(each) is not Ref), None)
    if frame.get(oid).kind == "dict":
        elements.update_mapping(frame, oid, _keywords(frame, args, at), at)
        return
    if type(base) is Native and base.name != "object":
        natives.initialise(frame, oid, base.name, args, at)
        return
    obj = frame.edit(oid)
    if type(base) is External or classes.has_unknown_base(frame, Value((cls,))):
        for name, value in args.keywords.items():
            obj.attrs[name] = value
        rest = [*args.positional, *(value for value in (args.rest, args.extra) if value is not None)]
        obj.tags |= elements.deep(frame, rest)
        obj.open = True


def _keywords(frame: Frame, args: Arguments, at: int) -> Value:
    obj = Obj("dict", cls=types.native_value("dict"), items=dict(args.keywords), rest=args.extra)
    return Value((ref(frame.allocate(at, obj, "keywords")),))


# --- what is not known ----------------------------------------------------------------


def call_external(
    frame: Frame, atom: External, args: Arguments, at: int, node: s.Expr | None, receiver: Value | None
) -> Value:
    """Call something outside the project: by its model, by what is known of it, or as unknown."""
    found = library.call(frame, atom.trail, args, at, receiver)
    if found is not None:
        return found
    frame.machine.unknown_calls += 1
    last = atom.trail[-1]
    if last in COPIES and receiver is not None and not args.all():
        return types.opaque(frame, at, "copy", elements.deep(frame, [receiver]), (atom.trail[:-1],))
    if last in KEYED and receiver is not None and isinstance(node, s.Attribute) and args.positional:
        made = _external_result(frame, atom, args, at, receiver)
        made = _kept_item(frame, receiver, args, made)
        made = events.read_key(frame, receiver, args.positional[0], made, at, node.value)
        if last == "pop":
            elements.delete_item(frame, receiver, args.positional[0], at)
        elif last == "setdefault" and len(args.positional) > 1:
            for each in receiver.atoms:
                if type(each) is External:
                    elements.add_key(frame, types.external_object(frame, each), *args.positional[:2])
        return made
    return _external_result(frame, atom, args, at, receiver)


def _kept_item(frame: Frame, receiver: Value, args: Arguments, instead: Value) -> Value:
    """What was stored under a key of something external; ``instead``: what is there where nothing was."""
    known, constant = elements.constant_key(frame, args.positional[0]) if args.positional else (False, None)
    for each in receiver.atoms if known else ():
        if type(each) is External:
            instead = types.kept_in(frame, each, constant, instead, item=True)
    return instead


def _external_result(frame: Frame, atom: External, args: Arguments, at: int, receiver: Value | None) -> Value:
    last = atom.trail[-1]
    given = args.all()
    tags = call_tags(frame, [*given, *(_data_of(receiver) if receiver is not None else ())], at, str(last))
    if receiver is not None and last in ("items", "values"):
        keyed = _by_key(frame, receiver, str(last), tags, at) if not given else None
        if keyed is not None:
            return keyed
        tags |= events.keys_of_whole(frame, receiver, at)
    run_callbacks(frame, given, tags, at)
    _write_out(frame, given, receiver, at, str(last))
    trail = (*atom.trail, "()")
    if isinstance(last, str) and last[:1].isupper():
        # A class: keywords become attributes.
        obj = Obj(
            "opaque", open=True, trails=(trail,), tags=_contents(frame, args, at, last), attrs=dict(args.keywords)
        )
        return Value((ref(frame.allocate(at, obj, "external")),))
    return types.opaque(frame, at, "external", tags, (trail,) if len(trail) < types.MAX_PATH else ())


def _contents(frame: Frame, args: Arguments, at: int, name: str) -> frozenset[int]:
    rest = [*args.positional, *(value for value in (args.rest, args.extra) if value is not None)]
    return call_tags(frame, rest, at, name)


def _data_of(receiver: Value) -> tuple[Value, ...]:
    return (receiver,)


def call_unknown(
    frame: Frame, args: Arguments, at: int, node: s.Expr | None, receiver: Value | None, callee: Value
) -> Value:
    """Call something that cannot be resolved: by its method's name where few define it, else as unknown."""
    name = node.attr if isinstance(node, s.Attribute) else node.name if isinstance(node, s.Name) else ""
    given = args.all()
    if receiver is not None and len(receiver.atoms) > 1 and isinstance(node, s.Attribute):
        receiver = frame.machine.by_name.left(frame, name, receiver)
    due = deferred.owed_by(frame, receiver, callee)
    if due and not frame.instance.settled:
        if frame.machine.gives_hot(frame, given) or elements.deep(frame, [*given, *_data(receiver, callee)]):
            frame.machine.deferred.need(frame, due)
        return deferred.owed(frame, at, ("owed", name), due)
    if receiver is not None and name in KEYED and isinstance(node, s.Attribute):
        held = _looked_up(frame, args, at, node, receiver, callee)
        if held is not None:
            return held
    if receiver is not None and not given and name in COPIES and all(_is_opaque(frame, a) for a in receiver.atoms):
        return _copied(frame, receiver, at, name)
    if receiver is not None and name:
        resolved = frame.machine.by_name.resolve(frame, name, receiver, args, at)
        if resolved is not None:
            return resolved
    frame.machine.unknown_calls += 1
    frame.implicit.add("*")
    if name == "clear" and not given and receiver is not None:
        _emptied(frame, receiver)
        return UNKNOWN
    if name in natives.SILENT:
        run_callbacks(frame, given, NO_TAGS, at)
        return UNKNOWN
    data = [*given, *(() if receiver is None else (receiver,))]
    if receiver is not None and name in KEYED and args.positional and isinstance(node, s.Attribute):
        # What is found under a key is not the key.
        events.compared(frame, receiver, args.positional[0], at, lookup=True)
        data = [each for each in data if each is not args.positional[0]]
    if receiver is None:
        data.extend(Value((), atom_tags(frame, atom)) for atom in callee.atoms)
    tags = call_tags(frame, data, at, name)
    if receiver is not None and name in ("items", "values") and isinstance(node, s.Attribute):
        keyed = _by_key(frame, receiver, name, tags, at) if not given else None
        if keyed is not None:
            return keyed
        tags |= events.keys_of_whole(frame, receiver, at, naming.spelling(node.value))
    run_callbacks(frame, given, tags, at)
    _write_out(frame, given, receiver, at, name)
    if receiver is not None and tags and name.partition("_")[0] in MUTATORS:
        if name == "update" and _kept_by_key(frame, receiver, args, at):
            given = []
        kept = elements.deep(frame, given)
        if kept:
            types.keep(frame, receiver, frame.derived(at, f"kept by {name}", kept))
    trails: tuple[Trail, ...] = tuple(
        dict.fromkeys(
            (*trail, "()")
            for atom in callee.atoms
            for trail in [each for each in types.trails_of(frame, atom) if len(each) < types.MAX_PATH][:MAX_TRAILS]
        )
    )
    spelled = next((frame.get(oid).spelled for oid in receiver.refs()), ()) if receiver is not None else ()
    spelled = (*spelled, name, "()") if spelled and name and len(spelled) < types.MAX_PATH else ()
    made = types.opaque(frame, at, "unknown", tags | callee.tags, trails, spelled)
    for atom in callee.atoms if len(callee.atoms) == 1 else ():
        if type(atom) is Ref and frame.get(atom.oid).data[:1] == (types.GIVES,):
            types.shape(frame.edit(made.refs()[0]), cast("Shape", frame.get(atom.oid).data[1]))
    return made


def _by_key(frame: Frame, receiver: Value, name: str, tags: frozenset[int], at: int) -> Value | None:
    """``items()`` or ``values()`` of what is like a dict: keys that are sources stay apart from others."""
    if not any(key is not None for key in events.keyed_sources(frame, receiver, at)):
        return None
    known, rest = elements.mapping_items(frame, receiver, at)
    other = UNKNOWN if rest is None else rest
    if name == "items":
        pairs = [(elements.key_value(key), value) for key, value in known.items()]
        known = {index: _pair(frame, *pair, at, index) for index, pair in enumerate(pairs)}
        other = _pair(frame, UNKNOWN, other, at, "rest")
    made = Obj("list", cls=types.native_value("list"), items=dict(enumerate(known.values())), rest=other)
    return Value((ref(frame.allocate(at, made, name)),), tags)


def _pair(frame: Frame, key: Value, value: Value, at: int, slot: object) -> Value:
    pair = Obj("tuple", cls=types.native_value("tuple"), items={0: key, 1: value})
    return Value((ref(frame.allocate(at, pair, ("item", slot))),))


def _write_out(frame: Frame, given: list[Value], receiver: Value | None, at: int, name: str) -> None:
    """What is not known, and called like what writes (``frame.to_csv(file)``), writes to the streams it is given."""
    if name.partition("_")[0] not in WRITERS:
        return
    for value in given:
        streams = [oid for oid in value.refs() if frame.get(oid).kind == "instance"]
        streams = [oid for oid in streams if classes.lookup(frame, frame.get(oid).cls, "write") is not None]
        others = [each for each in (*given, *(() if receiver is None else (receiver,))) if each is not value]
        tags = call_tags(frame, others, at, name) if streams else NO_TAGS
        for oid in streams if tags else ():
            method = classes.lookup_value(frame, Value((ref(oid),)), "write")
            if method is not None:
                bound = classes.bind_attribute(frame, method, Value((ref(oid),)), at)
                call(frame, bound, Arguments([of_kind("str", tags)]), at)


def _kept_by_key(frame: Frame, receiver: Value, args: Arguments, at: int) -> bool:
    """``unknown.update(key=…)``, or with a dict whose keys are known, is stored under these keys, and nowhere else."""
    if args.rest is not None or args.extra is not None:
        return False
    unknown = Value(tuple(atom for atom in receiver.atoms if _is_opaque(frame, atom)), receiver.tags)
    # A dict that it may be instead is updated where that is called.
    dicts = [oid for oid in receiver.refs() if frame.get(oid).kind == "dict"]
    if not unknown.atoms or len(unknown.atoms) + len(dicts) < len(receiver.atoms):
        return False
    stored: dict[str, Value] = {}
    for value in args.positional:
        held = frame.get(value.refs()[0]) if len(value.atoms) == 1 and value.refs() else None
        if held is None or held.kind != "dict" or not held.exact() or value.tags or held.tags:
            return False
        stored.update({key: each for key, each in held.items.items() if isinstance(key, str)})
        if len(stored) < len(held.items):
            return False
    stored.update(args.keywords)
    for key, value in stored.items():
        elements.store_item(frame, unknown, literal(key), value, at)
        for oid in unknown.refs() if len(receiver.atoms) == 1 else ():
            if oid not in frame.state.base:
                frame.edit(oid).attrs[key] = value  # it may be a record
    return bool(stored)


def _data(receiver: Value | None, callee: Value) -> list[Value]:
    return [Value((), callee.tags), *(() if receiver is None else (receiver,))]


def _looked_up(
    frame: Frame, args: Arguments, at: int, node: s.Attribute, receiver: Value, callee: Value
) -> Value | None:
    """``unknown.get("key", default)`` reads the key, as far as nothing else is known of the method."""
    key = args.positional[0] if args.positional else None
    constant = key.const() if key is not None else None
    receiver = Value(tuple(atom for atom in receiver.atoms if _is_opaque(frame, atom)), receiver.tags)
    if key is None or constant is None or not isinstance(constant.value, str) or not receiver.atoms:
        return None
    value = elements.load_item(frame, receiver, key, at, s.Subscript(node.value, s.Const(constant.value, at), at))
    # What comes back is known as what the method gives, too: `client.get(url)` may be no look-up.
    trails = [(*trail, "()") for atom in callee.atoms for trail in types.trails_of(frame, atom)]
    for oid in value.refs():
        if frame.get(oid).kind == "opaque" and oid not in frame.state.base:
            mine = frame.edit(oid)
            mine.trails = (*mine.trails, *(each for each in trails[:3] if each not in mine.trails))
    for other in args.all()[1:]:
        value = join(value, other)
    return value


def _is_opaque(frame: Frame, atom: Atom) -> bool:
    return type(atom) is Ref and frame.get(atom.oid).kind == "opaque"


def _copied(frame: Frame, receiver: Value, at: int, name: str) -> Value:
    """A copy of an unknown object is as unknown, and what its keys and fields were sources of they still are."""
    result = NOTHING
    for oid in receiver.refs():
        new = frame.get(oid).copy()
        new.many = False
        result = join(result, Value((ref(frame.allocate(at, new, (name, oid))),), receiver.tags))
    return result


def _emptied(frame: Frame, receiver: Value) -> None:
    """``clear()`` takes out of an object of unknown type what it holds."""
    for oid in receiver.refs() if len(receiver.atoms) == 1 else ():
        obj = frame.get(oid)
        if obj.kind == "opaque" and not obj.many:
            mine = frame.edit(oid)
            mine.attrs, mine.items, mine.rest, mine.tags = {}, {}, None, NO_TAGS


def atom_tags(frame: Frame, atom: Atom) -> frozenset[int]:
    """The tags that an unknown callable has itself."""
    return frame.get(atom.oid).tags if type(atom) is Ref else NO_TAGS


def call_tags(frame: Frame, data: list[Value], at: int, name: str) -> frozenset[int]:
    """The tags of the result of an unknown call: all data that it was given, but not what its objects refer to."""
    elements.forced(frame, data)
    tags = frame.machine.shapes.handed(frame.state, data)
    return frame.derived(at, f"through {name}" if name else "through a call", tags)


def run_callbacks(frame: Frame, given: list[Value], tags: frozenset[int], at: int) -> None:
    """Functions handed to unknown code may be called with whatever it was given."""
    for value in given:
        for atom in value.atoms:
            target: Value | None = None
            func = atom.func if type(atom) is Bound else atom
            if type(func) is Ref and frame.get(func.oid).kind == "function":
                target = Value((atom,))
            if target is not None and (tags or may_read(frame, target)):
                call_with_unknown(frame, target, tags, at)


def may_read(frame: Frame, target: Value, depth: int = 0) -> bool:
    """Whether a function names what may be data or holds some, so that running it on nothing may tell something."""
    atom = target.atoms[0]
    func = atom.func if type(atom) is Bound else atom
    assert type(func) is Ref
    facts = functions.function_facts(frame, func.oid)
    names = facts.names
    path, number = frame.get(func.oid).data[:2]
    if frame.machine.may_meet((str(path), int(str(number))), facts):
        return True
    scope = frame.get(func.oid).data[2]
    if isinstance(scope, int) and scope != -1:
        held = frame.get(scope).attrs
        captured = [held[name] for name in names if name in held]
        inside = [oid for value in captured for oid in value.refs() if frame.get(oid).kind == "function"]
        return bool(elements.deep(frame, captured)) or (
            depth < MAX_CAPTURED and any(may_read(frame, Value((ref(oid),)), depth + 1) for oid in inside)
        )
    return type(atom) is Bound and bool(elements.deep(frame, [atom.receiver]))


def call_with_unknown(frame: Frame, target: Value, tags: frozenset[int], at: int) -> Value:
    """Call a function with arguments of which only their tags are known."""
    atom = target.atoms[0]
    func = atom.func if type(atom) is Bound else atom
    assert type(func) is Ref
    facts = functions.function_facts(frame, func.oid)
    params = [param for param in facts.params if param.kind in ("positional", "normal") and param.default is None]
    if type(atom) is Bound:
        params = params[1:]
    args = Arguments(
        [
            types.opaque(frame, at, ("callback", func.oid, index), tags, spelled=(param.name,))
            for index, param in enumerate(params)
        ]
    )
    return call_perhaps(frame, target, args, at)


def call_perhaps(frame: Frame, target: Value, args: Arguments, at: int) -> Value:
    """Call a function that may be called, or not."""
    before = frame.state.fork()
    live = frame.live
    try:
        result = dispatch(frame, target.atoms[0], target, args, at, None, None, {})
        for oid in result.refs():
            if frame.get(oid).kind in ("coroutine", "generator"):
                functions.force(frame, oid, at)
        frame.state = join_states(before, frame.state)
        return result
    except Unreachable:
        frame.state = before
        frame.live = live
        return NOTHING


def unknown_result(frame: Frame, data: list[Value], at: int, name: str) -> Value:
    """The result of a call of the project's own code that is not followed any further.

    Only data that is handed over as such is taken to come back, not what objects hold in their
    fields: what such a function does with a whole object is rarely to give all of it away.
    """
    tags: set[int] = set()
    for value in data:
        tags |= value.tags
        for oid in value.refs():
            obj = frame.get(oid)
            tags |= obj.tags
            if obj.kind in ("list", "tuple", "dict", "set"):
                for held in obj.values():
                    tags |= held.tags
    node = frame.derived(at, f"through {name}" if name else "through a call", frozenset(tags))
    return types.opaque(frame, at, ("cut", name), node)


def type_call(frame: Frame, args: Arguments, at: int) -> Value:
    """``type(x)``, or ``type(name, bases, namespace)``."""
    if len(args.positional) == 1:
        return types.class_of(frame, args.positional[0])
    if len(args.positional) < 3:
        return UNKNOWN
    name, bases, namespace = args.positional[:3]
    constant = name.const()
    base_atoms = [
        atom for value in elements.iterate(frame, bases, at).known for atom in value.atoms if type(atom) is not Const
    ]
    known, rest = elements.mapping_items(frame, namespace, at)
    oid = frame.allocate(at, Obj("class"), "type")
    obj = frame.edit(oid)
    obj.data = (frame.path, None)
    obj.keys = Value(classes.linearised(frame, ref(oid), base_atoms))
    obj.trails = classes.names_of_made(frame, str(constant.value) if constant is not None else "type")
    obj.attrs = {str(key): held for key, held in known.items()}
    if rest is not None:
        obj.open, obj.tags = True, elements.deep(frame, [rest])
    return Value((ref(oid),))
