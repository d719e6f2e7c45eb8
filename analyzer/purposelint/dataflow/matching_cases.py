"""``match``: patterns against a subject."""

from __future__ import annotations

from purposelint.dataflow import classes, elements, events, hints, names, natives, objects, types
from purposelint.dataflow.expressions import evaluate
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj, State
from purposelint.dataflow.values import MISSING_ATOM, UNKNOWN, Const, Native, Ref, Some, Value, join, join_all, ref
from purposelint.facts import syntax as s


def match(frame: Frame, pattern: s.Pattern, subject: Value, node: s.Expr | None) -> bool | None:
    """Bind what a pattern captures; whether it matches: True, False, or None where it may."""
    if isinstance(pattern, s.CapturePattern):
        return _capture(frame, pattern, subject, node)
    if isinstance(pattern, s.ValuePattern):
        return _value(frame, pattern, subject)
    if isinstance(pattern, s.OrPattern):
        return _alternatives(frame, pattern, subject, node)
    if isinstance(pattern, s.SequencePattern):
        return _sequence(frame, pattern, subject)
    if isinstance(pattern, s.MappingPattern):
        return _mapping(frame, pattern, subject, node)
    if isinstance(pattern, s.ClassPattern):
        return _class(frame, pattern, subject)
    if pattern.name is not None:
        names.store(frame, pattern.name.name, subject)
    return True


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _capture(frame: Frame, pattern: s.CapturePattern, subject: Value, node: s.Expr | None) -> bool | None:
    verdict: bool | None = True
    if pattern.pattern is not None:
        verdict = match(frame, pattern.pattern, subject, node)
        if verdict is False:
            return False
    if pattern.name is not None:
        names.store(frame, pattern.name.name, subject)
    return verdict


def _value(frame: Frame, pattern: s.ValuePattern, subject: Value) -> bool | None:
    wanted = evaluate(frame, pattern.value)
    events.compared(frame, subject, wanted, pattern.ref)
    constant, other = subject.const(), wanted.const()
    if constant is not None and other is not None:
        return constant.value == other.value and type(constant.value) is type(other.value)
    if other is not None and subject.refs() and len(subject.atoms) == 1:
        kind = frame.get(subject.refs()[0]).kind
        return False if kind in ("list", "dict", "tuple", "set") else None
    if (
        len(subject.atoms) == 1
        and len(wanted.atoms) == 1
        and type(subject.atoms[0]) is Ref
        and type(wanted.atoms[0]) is Ref
    ):
        same = subject.atoms[0] is wanted.atoms[0]
        members = [frame.get(atom.oid) for atom in (subject.atoms[0], wanted.atoms[0])]
        if all(classes.is_enum_instance(frame, obj) for obj in members):
            return same
    return None


def _alternatives(frame: Frame, pattern: s.OrPattern, subject: Value, node: s.Expr | None) -> bool | None:
    from purposelint.dataflow.heap import join_states  # noqa: PLC0415

    before = frame.state
    ends: list[State] = []
    for alternative in pattern.alternatives:
        frame.state = before.fork()
        verdict = match(frame, alternative, subject, node)
        if verdict is True:
            if not ends:
                return True
            ends.append(frame.state)
            frame.state = ends[0]
            for other in ends[1:]:
                frame.state = join_states(frame.state, other)
            return True
        if verdict is None:
            ends.append(frame.state)
    if not ends:
        frame.state = before
        return False
    frame.state = ends[0]
    for other in ends[1:]:
        frame.state = join_states(frame.state, other)
    return None


def _sequence(frame: Frame, pattern: s.SequencePattern, subject: Value) -> bool | None:
    verdict: bool | None = None
    if len(subject.atoms) == 1:
        atom = subject.atoms[0]
        if type(atom) is Ref:
            kind = frame.get(atom.oid).kind
            if kind in ("dict", "set", "function", "class", "text"):
                return False
            verdict = True if kind in ("list", "tuple") else None
            cls = frame.get(atom.oid).cls
            if (
                kind == "instance"
                and not classes.has_unknown_base(frame, cls)
                and not classes.is_builtin_subclass(frame, cls, "tuple")
                and not types.is_record(frame, cls)
            ):
                return False
        elif type(atom) is Const or (type(atom) is Some and atom.kind in ("str", "int", "bytes", "float", "bool")):
            return False
    run = elements.iterate(frame, subject, pattern.ref)
    starred = next((i for i, item in enumerate(pattern.items) if isinstance(item, s.StarPattern)), None)
    if run.rest is not None:
        anything = join_all([*run.known, run.rest])
        for item in pattern.items:
            if isinstance(item, s.StarPattern):
                _bind_star(frame, item, [], anything)
            else:
                match(frame, item, anything, None)
        return None
    count = len(run.known)
    if (starred is None and count != len(pattern.items)) or (starred is not None and count < len(pattern.items) - 1):
        return False if verdict is True else None if verdict is None and not run.known else False
    for index, item in enumerate(pattern.items):
        if starred is not None and index == starred:
            behind = len(pattern.items) - starred - 1
            _bind_star(frame, item, run.known[starred : count - behind], None)  # type: ignore[arg-type]
            continue
        position = index if starred is None or index < starred else count - (len(pattern.items) - index)
        verdict = _both(verdict, match(frame, item, run.known[position], None))
        if verdict is False:
            return False
    return verdict


def _bind_star(frame: Frame, pattern: s.StarPattern, known: list[Value], rest: Value | None) -> None:
    if pattern.name is not None:
        obj = Obj("list", cls=types.native_value("list"), items=dict(enumerate(known)), rest=rest)
        names.store(frame, pattern.name.name, Value((ref(frame.allocate(pattern.ref, obj)),)))


def _mapping(frame: Frame, pattern: s.MappingPattern, subject: Value, node: s.Expr | None) -> bool | None:
    verdict: bool | None = None
    if len(subject.atoms) == 1:
        atom = subject.atoms[0]
        if type(atom) is Ref:
            kind = frame.get(atom.oid).kind
            if kind in ("list", "tuple", "set", "function", "class", "text"):
                return False
            verdict = True if kind == "dict" else None
        elif type(atom) is Const or (type(atom) is Some and atom.kind in ("str", "int", "bytes", "float", "bool")):
            return False
    taken: list[Value] = []
    for key_node, inner in pattern.items:
        key = evaluate(frame, key_node)
        taken.append(key)
        held = _held(frame, subject, key)
        if held is False:
            return False
        value = elements.load_item(frame, subject, key, pattern.ref, _subscript(node, key_node, pattern.ref))
        if held is None:
            verdict = None
        verdict = _both(verdict, match(frame, inner, value, None))
        if verdict is False:
            return False
    if pattern.rest is not None:
        known, rest = elements.mapping_items(frame, subject, pattern.ref)
        for key in taken:
            found, constant = elements.constant_key(frame, key)
            if found:
                known.pop(constant, None)
        obj = Obj("dict", cls=types.native_value("dict"), items=dict(known), rest=rest)
        names.store(frame, pattern.rest.name, Value((ref(frame.allocate(pattern.ref, obj)),)))
    return verdict


def _subscript(node: s.Expr | None, key: s.Expr, at: int) -> s.Subscript:
    return s.Subscript(node if node is not None else s.Const(None, at), key, at)


def _held(frame: Frame, subject: Value, key: Value) -> bool | None:
    """Whether a mapping has a key."""
    refs = subject.refs()
    if len(refs) != 1:
        return None
    obj = frame.get(refs[0])
    known, constant = elements.constant_key(frame, key)
    if not known:
        return None
    if constant in obj.items:
        return None if MISSING_ATOM in obj.items[constant].atoms else True
    return False if obj.kind == "dict" and obj.exact() else None


def _class(frame: Frame, pattern: s.ClassPattern, subject: Value) -> bool | None:
    wanted = evaluate(frame, pattern.cls)
    verdict = natives.is_instance(frame, subject, wanted)
    if verdict is False:
        return False
    if verdict is None:
        for atom in subject.atoms:
            hints.assume(frame, atom, wanted)
        kept = tuple(a for a in subject.atoms if natives.is_instance(frame, Value((a,)), wanted) is not False)
        subject = Value(kept, subject.tags) if kept else subject
    cls = wanted.atoms[0] if wanted.atoms else None
    positional = _positional_names(frame, wanted)
    for index, inner in enumerate(pattern.positional):
        if type(cls) is Native:
            value = subject
        elif index < len(positional):
            value = objects.load_attribute(
                frame,
                subject,
                positional[index],
                s.Attribute(s.Const(None, pattern.ref), positional[index], pattern.ref),
            )
        else:
            value = join(UNKNOWN, Value((), elements.deep(frame, [subject])))
        verdict = _both(verdict, match(frame, inner, value, None))
        if verdict is False:
            return False
    for name, inner in pattern.keywords:
        node = s.Attribute(s.Const(None, pattern.ref), name, pattern.ref)
        value = objects.load_attribute(frame, subject, name, node)
        verdict = _both(verdict, match(frame, inner, value, None))
        if verdict is False:
            return False
    return verdict


def _positional_names(frame: Frame, wanted: Value) -> list[str]:
    for atom in wanted.atoms:
        if type(atom) is not Ref:
            continue
        listed = classes.lookup_in(frame, atom, "__match_args__")
        if listed is not None:
            result: list[str] = []
            for held in elements.iterate(frame, listed, 0).known:
                constant = held.const()
                result.append(str(constant.value) if constant is not None else "")
            return result
        fields = types.record_fields(frame, atom)
        if fields is not None:
            return [name for name, _ in fields]
    return []
