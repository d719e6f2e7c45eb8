"""What a root leaves for others: in modules, in classes, and in the objects that these hold."""

from __future__ import annotations

from purposelint.dataflow import functions
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.graph import CELL
from purposelint.dataflow.heap import Key, Obj, ObjectKey, State, deep_tags
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.values import NOTHING, Atom, Bound, Ref, Step, Value, join, join_all, ref, some

MAX_KEY = 4
"""Steps from a shared object to what is known apart in what it holds."""


def publish(machine: Machine, frame: Frame) -> None:
    """Let other roots see what a root has left in modules, classes and the objects they hold."""
    states = [frame.state, *(state for _, state in frame.raises)]
    changed = [(state, [oid for oid in state.heap if oid in machine.base]) for state in states]
    lists = any(machine.base[oid].kind == "list" for _, oids in changed for oid in oids)
    passing = machine.loader.registries() if lists else set[int]()
    for state, oids in changed:
        for oid in oids:
            if oid not in passing:
                _publish_object(machine, state, oid)


def _is_stored(machine: Machine, state: State, owner: int, step: Step, value: Value) -> bool:
    """Whether code has stored an attribute or item, or into what it holds: not if reading an unknown object made it."""
    name = step if isinstance(step, str) else ""
    if (owner, name) in machine.stored or state.get(owner).kind not in ("opaque", "instance"):
        return True
    queue, seen = [(state.get(owner).origin, step, value)], set[int]()
    while queue:
        above, step, held = queue.pop()
        made = machine.oid(("made", above, step))
        for oid in held.refs():
            obj = state.get(oid)
            if oid in machine.base or oid in seen or obj.origin != made:
                continue
            if made in machine.stored_into:
                return True
            seen.add(oid)
            queue.extend((made, each, below) for each, below in obj.attrs.items())
            queue.extend((made, _item(key), below) for key, below in obj.items.items())
    return False


def _item(key: Key) -> Step:
    """The step by which reading an item leads on."""
    return ("[]", key if isinstance(key, str | int) else None)


def _publish_object(machine: Machine, state: State, oid: int) -> None:
    now, before = state.heap[oid], machine.base[oid]
    if oid in machine.shapes.objects and now.kind == "instance":
        # It stands for any instance of its class: what is stored in it is noted as the class's fields.
        return
    if now is before or now.same(before):
        return
    new = before.copy()
    tagged: list[str] = []
    for name, value in now.attrs.items():
        if name.startswith(functions.KEPT) and not deep_tags(state, [value]):
            continue
        if before.attrs.get(name) != value and _is_stored(machine, state, oid, name, value):
            shared = _shared(machine, state, value, (oid, name), name)
            if shared.tags - before.attrs.get(name, NOTHING).tags:
                tagged.append("" if name.startswith(functions.KEPT) else name)
            new.attrs[name] = join(before.attrs.get(name, NOTHING), shared)
    for key, value in now.items.items():
        if type(key) is ObjectKey and key.oid not in machine.base:
            continue
        if before.items.get(key) != value and _is_stored(machine, state, oid, _item(key), value):
            shared = _shared(machine, state, value, (oid, key), str(key))
            if shared.tags - before.items.get(key, NOTHING).tags:
                tagged.append("")
            if now.kind in ("list", "tuple"):
                new.rest = shared if new.rest is None else join(new.rest, shared)
            else:
                new.items[key] = join(before.items.get(key, NOTHING), shared)
    if now.rest is not None and now.rest != before.rest:
        shared = _shared(machine, state, now.rest, (oid, "rest"), "its contents")
        if before.rest is None or shared.tags - before.rest.tags:
            tagged.append("" if shared.tags else "-")
        new.rest = shared if new.rest is None else join(new.rest, shared)
    if now.tags - before.tags:
        new.tags |= _shared(machine, state, Value((), now.tags), (oid, "tags"), "its contents").tags
        if new.tags != before.tags:
            tagged.append("")
    if now.keys != before.keys:
        new.keys = join(before.keys, Value(tuple(a for a in now.keys.atoms if type(a) is not Ref)))
    machine.base[oid] = new
    for name in tagged:
        if name and name != "-":
            machine.published.add(name)
            machine.note_home(name, oid)
        elif not name:
            machine.published.update(machine.holders.names({oid: ""}))
            machine.shapes.filled(oid)
            if now.kind == "opaque" and now.trails:
                machine.published.add(str(now.trails[0][-1]))


def _with_records(machine: Machine, state: State, value: Value, key: tuple[object, ...]) -> Value:
    """A value whose dicts of known keys are such as all roots share, so that the fields stay apart."""
    result = Value((), value.tags)
    for atom in value.atoms:
        obj = state.get(atom.oid) if type(atom) is Ref and atom.oid not in machine.base else None
        if obj is not None and _holds_instances(machine, state, obj) and len(key) <= MAX_KEY:
            result = join(result, Value((ref(_shared_list(machine, state, obj, key)),)))
            continue
        if obj is not None and obj.kind == "opaque" and deep_tags(state, obj.attrs.values()) and len(key) <= MAX_KEY:
            result = join(result, Value((ref(_shared_unknown(machine, state, obj, key)),)))
            continue
        if obj is None or obj.kind != "dict" or not obj.items or obj.open or len(key) > MAX_KEY:
            result = join(result, Value((atom,)))
            continue
        oid = machine.oid(("kept", *key))
        old = machine.base.get(oid)
        new = old.copy() if old is not None else Obj("dict", cls=obj.cls)
        new.many = True
        machine.base[oid] = new
        machine.shapes.records.add(oid)
        for field, held in obj.items.items():
            if type(field) is not ObjectKey:
                before = new.items.get(field, NOTHING)
                shared = _shared(machine, state, held, (*key, field), str(field))
                new.items[field] = join(before, shared)
                if shared.tags - before.tags:
                    machine.published.update(machine.holders.names({key[0]: ""}) if isinstance(key[0], int) else ())
                    if isinstance(key[0], int):
                        machine.shapes.filled(key[0])
        if obj.rest is not None:
            shared = _shared(machine, state, obj.rest, (*key, "rest"), "its contents")
            new.rest = shared if new.rest is None else join(new.rest, shared)
        new.keys = join(new.keys, Value(tuple(each for each in obj.keys.atoms if type(each) is not Ref)))
        result = join(result, Value((ref(oid),)))
    return result


def _holds_instances(machine: Machine, state: State, obj: Obj) -> bool:
    """Whether something is a list of instances of the project's classes."""
    held = (*obj.items.values(), *(() if obj.rest is None else (obj.rest,)))
    return obj.kind == "list" and any(machine.shapes.is_own(state.get(oid)) for value in held for oid in value.refs())


def _shared_list(machine: Machine, state: State, obj: Obj, key: tuple[object, ...]) -> int:
    """What stands for the lists that are kept at one place, for all roots; their elements are any of theirs."""
    oid = machine.oid(("kept", *key, "list"))
    old = machine.base.get(oid)
    new = old.copy() if old is not None else Obj("list", cls=obj.cls)
    new.many = True
    machine.base[oid] = new
    machine.shapes.records.add(oid)
    elements = join_all((*obj.items.values(), *(() if obj.rest is None else (obj.rest,))))
    shared = _shared(machine, state, elements.tagged(obj.tags), (*key, "[]"), "its contents")
    before = NOTHING if new.rest is None else new.rest
    new.rest = join(before, shared)
    if shared.tags - before.tags and isinstance(key[0], int):
        machine.published.update(machine.holders.names({key[0]: ""}))
        machine.shapes.filled(key[0])
    return oid


def _shared_unknown(machine: Machine, state: State, obj: Obj, key: tuple[object, ...]) -> int:
    """What stands for the unknown objects that are kept at one place, for all roots: each field has its own data."""
    oid = machine.oid(("kept", *key, "object"))
    old = machine.base.get(oid)
    new = old.copy() if old is not None else Obj("opaque", open=True)
    new.many = True
    machine.base[oid] = new
    machine.shapes.records.add(oid)
    for name, held in obj.attrs.items():
        before = new.attrs.get(name, NOTHING)
        shared = _shared(machine, state, held, (*key, name), name)
        if not shared.tags and not shared.refs():
            continue
        new.attrs[name] = join(before, shared)
        if shared.tags - before.tags:
            machine.published.update((name, str(key[-1])))
            if isinstance(key[0], int):
                machine.note_home(str(key[-1]), key[0])
                machine.shapes.filled(key[0])
    if obj.tags:
        new.tags |= _shared(machine, state, Value((), obj.tags), (*key, "tags"), "its contents").tags
    return oid


def _shared(machine: Machine, state: State, value: Value, key: tuple[object, ...], name: str) -> Value:
    """A value as other roots may know it: what is in the base heap, and the data by way of a cell."""
    value = _with_records(machine, state, value, key)
    records = machine.shapes.records
    plain = Value(tuple(atom for atom in value.atoms if type(atom) is not Ref or atom.oid not in records), value.tags)
    tags = machine.shapes.carried(state, plain)
    shared = frozenset[int]()
    if tags:
        own = {tag for tag in tags if machine.graph.is_cell(tag, key)}
        if own:
            tags -= own
        node = machine.graph.node(("cell", *key), machine.graph.hop(min(tags or own)).place, f"kept in {name}")
        machine.graph.edges(tags, node, CELL)
        shared = frozenset((node,))
    kept: list[Atom] = []
    for atom in value.atoms:
        if type(atom) is Ref and atom.oid not in machine.base:
            kept.extend(machine.shapes.typed(state, state.get(atom.oid), key) or [some("")])
        elif type(atom) is Bound:
            kept.extend(machine.shapes.bound(state, atom, key) or [atom])
        else:
            kept.append(atom)
    return Value(tuple(dict.fromkeys(kept)), shared)
