"""What unknown instances of a class hold: fields that its ``__init__`` and methods run on their own set.

An instance whose making is seen keeps its own fields. One that comes from elsewhere (the
``self`` of a view, a parameter of an annotated type) may have any field that some method of its
class has set on such an instance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, cast

from purposelint.dataflow import classes, hints, types
from purposelint.dataflow.graph import CELL
from purposelint.dataflow.heap import OWN, Obj, ObjectKey, State, deep_tags, due_of, join_objects, spread
from purposelint.dataflow.stores import fields_stored
from purposelint.dataflow.values import (
    MISSING_ATOM,
    NO_TAGS,
    NOTHING,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    Native,
    Ref,
    Some,
    Tags,
    Value,
    join,
    ref,
)

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame
    from purposelint.dataflow.machine import Machine


MAX_CARRIED = 200
"""Objects below a value that are looked at for data when it is kept."""
MAX_INSIDE = 3
"""Containers inside one another whose elements are told apart when they are kept in a field."""

MAX_MADE = 4
"""Instances with data of one class, made at different places, for each of which a method is run."""
MAX_KEPT = 4
"""Things that a container of a field knows apart, of those that other methods put there."""

_NOWHERE = -1
"""The place of the unknown instance that a method is run for on its own (`heap.OWN`): none of those that were seen."""
_GIVEN = -2
"""The place of what is stored into an instance that a function is given. Who has made that one, and gives it, is run
too (`Driver.leaks`), and so no instance whose making was seen need have it."""
_CONTAINERS = frozenset({"list", "dict", "set", "tuple"})

Owner: TypeAlias = "int | tuple[int, int]"
"""A class: any instance of it. With the number of a place: those that are made there."""
Field = tuple[Owner, str]
"""Whose field it is, and its name."""


class Shapes:
    """The fields of unknown instances, by class."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._fields: dict[Field, Value] = {}
        # By class and field, the owners that have it; and of what stands for instances, where these are made.
        self._owners: dict[tuple[int, str], list[Owner]] = {}
        self._made: dict[int, int] = {}
        # What stands for the instances of a class that are made at a place, and those places whose fields hold data.
        self._standing: dict[tuple[int, int], int] = {}
        self._with_data: dict[tuple[int, int], None] = {}
        # The containers that fields hold, all in the base heap.
        self._containers: dict[int, Field] = {}
        # The functions that give data and are held by a field.
        self._givers: set[tuple[Field, int]] = set()
        self._initialised: set[int] = set()
        self._asked: set[Field] = set()
        # By class and field, the methods that store into it.
        self._writers: dict[int, dict[str, list[int]]] = {}
        self.changed: set[str] = set()
        # The names of fields that hold data.
        self.tagged: set[str] = set()
        self.objects: set[int] = set()
        self.records: set[int] = set()

    def note(self, frame: Frame, oid: int, name: str, value: Value) -> None:
        """A method of an unknown instance sets a field."""
        if frame.instance.path.startswith("<"):
            return
        for cls in frame.get(oid).cls.atoms:
            if type(cls) is Ref:
                self._store(frame, _owner(cls.oid, self._site_of(frame, oid, stored=True)), name, value)

    def _site_of(self, frame: Frame, oid: int, *, stored: bool = False) -> int:
        """Where an instance is made that a field is read of, or stored into."""
        if OWN in frame.get(oid).data:
            return 0 if stored else _NOWHERE
        return _GIVEN if stored and oid not in frame.state.base else self._made.get(oid, 0)

    def _store(self, frame: Frame, owner: Owner, name: str, value: Value) -> None:
        shared = self._shared(frame, (owner, name), (owner, name), value)
        if not shared.atoms and not shared.tags:
            return
        old = self._fields.get((owner, name), NOTHING)
        new = join(old, shared)
        if new != old:
            self._set((owner, name), new)
            if new.tags - old.tags:
                self._note_data((owner, name))

    def _set(self, field: Field, value: Value) -> None:
        if field not in self._fields:
            owner, name = field
            self._owners.setdefault((_class(owner), name), []).append(owner)
        self._fields[field] = value

    def _held(self, cls: int, name: str, site: int) -> Value | None:
        """What a field of a class holds, of instances made at a place, or anywhere (0).

        Of which nobody knows where it is made may be any of them.
        """
        result: Value | None = None
        for owner in self._owners.get((cls, name), ()):
            if not site or owner in (cls, (cls, site if site > 0 else _GIVEN)):
                found = self._fields[(owner, name)]
                if owner == cls and site > 0:
                    found = self._apart(found, ((cls, site), name))
                result = found if result is None else join(result, found)
        return result

    def _apart(self, value: Value, field: Field) -> Value:
        """What a field begins with, for instances made at a place: containers with the same in them, of their own."""
        base = self._machine.base
        atoms: list[Atom] = []
        for atom in value.atoms:
            if type(atom) is Ref and atom.oid in self._containers:
                oid = self._machine.oid(("in field", *field, base[atom.oid].kind))
                if oid not in base:
                    self._containers[oid] = field
                    base[oid] = base[atom.oid].copy()
                elif not base[oid].same(base[atom.oid]):
                    base[oid] = join_objects(base[oid], base[atom.oid])
                atoms.append(ref(oid))
            else:
                atoms.append(atom)
        return Value(tuple(dict.fromkeys(atoms)), value.tags)

    def with_data(self, frame: Frame, *receivers: Value) -> list[int]:
        """What stands for instances whose making was seen, where their fields hold data, of classes that a method was

        run for on its own, and their heirs. ``receivers``: what it was run for.
        """
        own = [frame.get(oid) for each in receivers for oid in each.refs() if OWN in frame.get(oid).data]
        run_for = {atom for obj in own for atom in obj.cls.atoms}
        found = (
            self._standing[made]
            for made in self._with_data
            if run_for and made in self._standing and not run_for.isdisjoint(classes.mro(frame, ref(made[0])))
        )
        return list(islice(found, MAX_MADE))

    def _note_data(self, field: Field) -> None:
        """A field holds data that it was not known to hold: who reads it matters."""
        owner, name = field
        if not isinstance(owner, int) and owner[1] > 0:
            self._with_data[owner] = None
        self.changed.add(name)
        self.tagged.add(name)
        self._machine.note_home(name, _class(owner))

    def _shared(self, frame: Frame, field: Field, key: tuple[object, ...], value: Value) -> Value:
        """What other runs may know of a value: classes and functions, types, and its data by way of a cell.

        ``key`` is the field and, of elements of the containers in it, where they lie there.
        """
        state = frame.state
        apart: list[Atom] = [atom for atom in value.atoms if self._is_unknown_with_data(state, atom, key)]
        held = [atom for atom in value.atoms if self._is_container(state, atom, key)] + apart
        tags = self.carried(state, Value(tuple(atom for atom in value.atoms if atom not in held), value.tags))
        node_tags = self._cell(field, key, tags)
        kept: list[Atom] = []
        for atom in value.atoms:
            self._note_giver(field, atom)
            if atom in apart:
                kept.append(self._unknown(state, field, key, atom, set()))
            elif atom in held:
                kept.append(self._container(frame, field, key, atom))
            elif type(atom) is Ref:
                obj = frame.get(atom.oid)
                if atom.oid in state.base:
                    kept.append(atom)
                elif obj.kind == "opaque" and not obj.cls.atoms and not _is_named(obj) and not _is_shaped(obj):
                    # Others would not know what it is.
                    if key == field:
                        self._machine.deferred.need(frame, due_of(state, atom.oid))
                elif (obj.kind in ("instance", "opaque") and (obj.cls.atoms or _is_named(obj))) or _is_shaped(obj):
                    kept.extend(self._type_of(state, obj, (*key, len(kept))))
            elif type(atom) is Bound:
                kept.extend(self.bound(state, atom, key))
            elif type(atom) is not Some:
                kept.append(atom)
        return Value(tuple(dict.fromkeys(kept)), node_tags)

    def _note_giver(self, field: Field, atom: Atom) -> None:
        """A field may hold a function that gives data: who reads it may call it."""
        func = atom.func if type(atom) is Bound else atom
        obj = self._machine.base.get(func.oid) if type(func) is Ref else None
        if obj is None or obj.kind != "function" or type(func) is not Ref or (field, func.oid) in self._givers:
            return
        path, number = obj.data[:2]
        if (str(path), int(str(number))) in self._machine.leaking:
            self._givers.add((field, func.oid))
            self._note_data(field)

    def bound(self, state: State, atom: Bound, key: tuple[object, ...]) -> list[Bound]:
        """A method of an instance of the project's classes, as a method of an unknown one."""
        if type(atom.func) is not Ref or atom.func.oid not in state.base:
            return []
        receivers: list[Atom] = []
        for each in atom.receiver.refs():
            receivers.extend([ref(each)] if each in state.base else self.typed(state, state.get(each), (*key, "self")))
        return [Bound(atom.func, Value(tuple(receivers)))] if receivers else []

    # --- containers ---------------------------------------------------------------------------

    def _is_container(self, state: State, atom: Atom, key: tuple[object, ...]) -> bool:
        """Whether an atom is a container whose elements are kept apart."""
        if type(atom) is not Ref or atom.oid in state.base:
            return False
        obj = state.get(atom.oid)
        return obj.kind in _CONTAINERS and not obj.attrs and not _is_shaped(obj) and len(key) < 2 + MAX_INSIDE

    def _is_unknown_with_data(self, state: State, atom: Atom, key: tuple[object, ...]) -> bool:
        """Whether an atom is an object from elsewhere into which data was put: what is in it is kept apart."""
        if type(atom) is not Ref or atom.oid in state.base or len(key) >= 2 + MAX_INSIDE:
            return False
        obj = state.get(atom.oid)
        return (
            obj.kind == "opaque"
            and not (obj.tags or obj.items or obj.rest or _is_shaped(obj))
            and all(oid in state.base for oid in obj.cls.refs())
            and bool(deep_tags(state, obj.attrs.values()))
        )

    def _unknown(self, state: State, field: Field, key: tuple[object, ...], atom: Atom, seen: set[int]) -> Ref:
        """What stands for the objects from elsewhere that a field holds, with the data in their attributes.

        ``seen``: objects that are looked at already, of which this may be part; what they hold leads back here.
        """
        assert type(atom) is Ref
        seen.add(atom.oid)
        base = self._machine.base
        obj = state.get(atom.oid)
        oid = self._machine.oid(("in field", *key, obj.kind, obj.trails, obj.cls.atoms))
        old = base.get(oid)
        new = Obj(obj.kind, cls=obj.cls, open=True, trails=obj.trails) if old is None else old.copy()
        new.many = True
        for name, value in obj.attrs.items():
            before = new.attrs.get(name, NOTHING)
            tags = self._cell(field, (*key, name), self.carried(state, value, seen))
            if tags - before.tags:
                new.attrs[name] = join(before, Value((*UNKNOWN.atoms, MISSING_ATOM), tags))
                self._note_data(field)
        base[oid] = new
        return ref(oid)

    def _cell(self, field: Field, key: tuple[object, ...], tags: Tags) -> Tags:
        """The node that stands for what is kept of some data; none for none."""
        if not tags:
            return NO_TAGS
        graph = self._machine.graph
        node = graph.node(("cell", *key), graph.hop(min(tags)).place, f"kept in field {field[1]}")
        graph.edges(tags - {node}, node, CELL)
        return frozenset((node,))

    def _container(self, frame: Frame, field: Field, key: tuple[object, ...], atom: Atom) -> Ref:
        """What stands for the containers that a field holds, with what this one has.

        They are open: other code may have put more into it.
        """
        assert type(atom) is Ref
        machine = self._machine
        obj = frame.get(atom.oid)
        oid = machine.oid(("in field", *key, obj.kind))
        self._containers[oid] = field
        new = Obj(obj.kind, cls=obj.cls, open=True)
        for each, value in obj.items.items():
            known = type(each) is not ObjectKey or each.oid in machine.base
            shared = self._shared(frame, field, (*key, each if known else "[]"), value)
            if not known:
                new.rest = _joined(new.rest, shared)
            elif shared.atoms or shared.tags or obj.kind != "dict":
                new.items[each] = _element(shared, value)
        if obj.rest is not None:
            new.rest = _joined(new.rest, self._shared(frame, field, (*key, "[]"), obj.rest))
        if obj.tags:
            new.tags = self._shared(frame, field, (*key, "tags"), Value((), obj.tags)).tags
        old = machine.base.get(oid)
        machine.base[oid] = new if old is None else join_objects(old, new)
        before = NO_TAGS if old is None else _own_tags(old)
        if _own_tags(machine.base[oid]) - before:
            self._note_data(field)
        return ref(oid)

    def is_container(self, oid: int) -> bool:
        """Whether an object stands for the containers that a field holds."""
        return oid in self._containers

    def field_of(self, oid: int) -> str | None:
        """The name of the field whose containers an object stands for."""
        field = self._containers.get(oid)
        return None if field is None else field[1]

    def put(self, frame: Frame, oid: int, value: Value) -> Value:
        """What is put into a container. What stands for those of a field knows of some things no more than their type.

        It would hold all that a run ever puts there, and be another one for each call.
        """
        field = self._containers.get(oid)
        if field is None or not value.refs() or deep_tags(frame.state, [value]):
            return value
        rest = frame.get(oid).rest
        full = rest is not None and len(rest.atoms) >= MAX_KEPT
        kept: list[Atom] = []
        for atom in value.atoms:
            obj = frame.get(atom.oid) if type(atom) is Ref and atom.oid not in frame.state.base else None
            own = obj is not None and not obj.open and not full and self.is_own(obj)
            if obj is None or obj.kind not in ("opaque", "instance") or own:
                kept.append(atom)
            elif obj.cls.atoms or _is_named(obj):
                kept.extend(self._type_of(frame.state, obj, ("in field", *field)))
        return Value(tuple(dict.fromkeys(kept))) if kept else NOTHING

    def filled(self, oid: int) -> None:
        """Data was put into an object that is shared by all code: who reads the field that holds it matters."""
        field = self._containers.get(oid)
        if field is not None:
            self._note_data(field)

    def _type_of(self, state: State, obj: Obj, key: tuple[object, ...]) -> list[Ref]:
        """An unknown object of the same type, in the base heap."""
        machine = self._machine
        if any(type(atom) is Ref and atom.oid not in state.base for atom in obj.cls.atoms):
            return []
        arguments = obj.data[1:] if obj.data[:1] == (hints.OF,) else ()
        shared = arguments and all(_is_of_base(each, state) for each in arguments)
        data = obj.data if shared or _is_shaped(obj) else ()
        site = _site(obj)
        oid = machine.oid(("shape", obj.trails, tuple(id(atom) for atom in obj.cls.atoms), data, key, site))
        if oid not in machine.base:
            machine.base[oid] = Obj(obj.kind, cls=obj.cls, open=True, trails=obj.trails, data=data)
            self.objects.add(oid)
            if site:
                self._made[oid] = site
                for cls in obj.cls.refs():
                    self._standing.setdefault((cls, site), oid)
        return [ref(oid)]

    def carried(self, state: State, value: Value, seen: set[int] | None = None) -> Tags:
        """The data that a value carries when it is kept where others may read it.

        What instances of the project's own classes hold is none of it: that is noted as their classes' fields,
        so that one field's data does not come out of another.
        """
        tags: set[int] = set()
        seen = set() if seen is None else seen
        queue: list[Value] = [value]
        for each in queue:
            tags |= each.tags
            for atom in each.atoms:
                if type(atom) is Bound and not (type(atom.func) is Native and atom.func.fills):
                    queue.append(atom.receiver)
                if type(atom) is not Ref or atom.oid in seen or len(seen) > MAX_CARRIED:
                    continue
                seen.add(atom.oid)
                obj = state.get(atom.oid)
                tags |= obj.tags
                if self.is_own(obj):
                    queue.extend((*obj.items.values(), *(() if obj.rest is None else (obj.rest,)), obj.keys))
                    self._note_fields(state, atom.oid, seen)
                elif obj.kind not in ("scope", "module", "class", "function"):
                    queue.extend(obj.values())
        return frozenset(tags)

    def handed(self, state: State, values: Iterable[Value]) -> Tags:
        """The data of values that are handed over: with instances' fields, but not those of instances behind them.

        An order leads to its event, the event to its organiser, and so to everything there is: whoever is
        given one of them makes something of it, and not of the rest.
        """
        tags: set[int] = set()
        found: dict[int, None] = {}
        for value in values:
            spread(value, tags, found, giving=True)
        seen: set[int] = set()
        queue = [(oid, False) for oid in found]
        for oid, behind in queue:
            if oid in seen:
                continue
            if len(seen) > MAX_CARRIED:
                break
            obj = state.get(oid)
            own = obj.kind == "instance" and self.is_own(obj)
            if own and behind:
                continue
            seen.add(oid)
            if obj.tags:
                tags |= obj.tags
            held, further = state.inside(oid, obj)
            if held:
                tags |= held
            deeper = behind or own
            queue.extend([(each, deeper) for each in further if each not in seen])
        return frozenset(tags)

    def is_own(self, obj: Obj) -> bool:
        """Whether an object is an instance of classes of the project alone."""
        if obj.kind != "instance" or not obj.cls.atoms:
            return False
        base = self._machine.base
        for atom in obj.cls.atoms:
            cls = base.get(atom.oid) if type(atom) is Ref else None
            if cls is None or (cls.data and isinstance(cls.data[0], str) and cls.data[0].startswith("<")):
                return False
        return True

    def _note_fields(self, state: State, oid: int, seen: set[int]) -> None:
        """Note which fields of a kept instance hold tagged data: other instances of its class may be it."""
        obj = state.get(oid)
        site = self._made.get(oid, _site(obj))
        for name, held in obj.attrs.items():
            if name.startswith("<"):
                continue
            apart = [atom for atom in held.atoms if self._is_unknown_with_data(state, atom, ("", name))]
            known = seen.issuperset(Value(tuple(apart)).refs())
            seen.update(Value(tuple(apart)).refs())
            tags = self.carried(state, Value(tuple(atom for atom in held.atoms if atom not in apart), held.tags), seen)
            for cls in obj.cls.refs() if tags or (apart and not known) else ():
                field = (_owner(cls, site), name)
                unknown = [self._unknown(state, field, field, atom, seen) for atom in apart]
                new = Value(tuple(dict.fromkeys(unknown)), self._cell(field, field, tags))
                old = self._fields.get(field, NOTHING)
                if new.tags - old.tags:
                    self._note_data(field)
                self._set(field, join(old, new))

    def typed(self, state: State, obj: Obj, key: tuple[object, ...]) -> list[Ref]:
        """What stands in shared state for an instance of the project's own classes."""
        return self._type_of(state, obj, key) if self.is_own(obj) else []

    def is_shared(self, value: Value) -> bool:
        """Whether a value lives in the base heap."""
        return any(type(atom) is Ref and atom.oid in self._machine.base for atom in value.atoms)

    def field(self, frame: Frame, oid: int, cls: int, name: str) -> Value | None:
        """A field of an unknown instance; `__init__` is run once on an unknown instance to learn of it."""
        result: Value | None = None
        site = self._site_of(frame, oid)
        for each in classes.mro(frame, ref(cls)):
            if type(each) is not Ref:
                continue
            self._initialise(frame, each.oid)
            self._write(frame, each.oid, name, site)
            found = self._held(each.oid, name, site)
            if found is not None and (each.oid == cls or self._speaks_of(frame, each.oid, name)):
                result = found if result is None else join(result, found)
        return result

    def _write(self, frame: Frame, cls: int, name: str, site: int) -> None:
        """Run the methods that store into a field, once, where neither body nor ``__init__`` says what it holds."""
        if not self._asked.isdisjoint(((cls, name), ((cls, site), name))) or cls not in frame.state.base:
            return
        self._asked.add((_owner(cls, site), name))
        if name in frame.get(cls).attrs or types.annotation_of_field(frame, ref(cls), name) is not None:
            return
        found = self._held(cls, name, site)
        if found is not None and (found.tags or any(not self._is_empty(atom) for atom in found.atoms)):
            return
        self._asked.add((cls, name))
        for func in self._writers_of(frame, cls).get(name, ()):
            self._machine.run_for(func, name)

    def forget_texts(self, classes: Collection[int]) -> None:
        """Forget what was read off the text of classes: it has changed. What their fields hold stays."""
        self._initialised.difference_update(classes)
        self._asked = {field for field in self._asked if _class(field[0]) not in classes}
        for cls in classes:
            self._writers.pop(cls, None)

    def _is_empty(self, atom: Atom) -> bool:
        """Whether something is None, or a container of a field in which nothing is known to be."""
        if type(atom) is Ref:
            obj = self._machine.base[atom.oid]
            return atom.oid in self._containers and not obj.items and obj.rest is None
        return type(atom) is Const

    def _writers_of(self, frame: Frame, cls: int) -> dict[str, list[int]]:
        known = self._writers.get(cls)
        if known is None:
            known = self._writers[cls] = {}
            path, number = types.made_by(frame, cls)
            facts = self._machine.facts(path) if isinstance(number, int) and not path.startswith("<") else None
            for each, function in enumerate(facts.functions if facts is not None else ()):
                func = self._machine.functions.get((path, each))
                if function.cls != number or func not in frame.state.base or function.name == "__init__":
                    continue
                assert facts is not None
                assert func is not None
                for name in sorted(fields_stored(facts, function)):
                    known.setdefault(name, []).append(func)
        return known

    def _speaks_of(self, frame: Frame, cls: int, name: str) -> bool:
        """Whether a class names a field. If not, code has set it on one heir: others need not have it."""
        path, number = types.made_by(frame, cls)
        facts = self._machine.facts(str(path)) if isinstance(number, int) else None
        return facts is None or not isinstance(number, int) or facts.class_mentions(number, name)

    def _initialise(self, frame: Frame, cls: int) -> None:
        if cls in self._initialised or cls not in frame.state.base:
            return
        self._initialised.add(cls)
        init = frame.get(cls).attrs.get("__init__")
        if init is None:
            return
        for atom in init.atoms:
            if type(atom) is Ref and frame.get(atom.oid).kind == "function":
                self._machine.run_alone(atom.oid)


def mark_own(frame: Frame, receiver: Value) -> None:
    """Mark what a method is run for on its own as no instance whose making was seen."""
    for oid in receiver.refs():
        if oid not in frame.state.base and frame.get(oid).kind == "instance":
            frame.edit(oid).data = (OWN,)


def _owner(cls: int, site: int) -> Owner:
    return (cls, site) if site else cls


def _class(owner: Owner) -> int:
    return owner if isinstance(owner, int) else owner[0]


def _site(obj: Obj) -> int:
    """Where an instance is made, if that was seen; else 0."""
    return obj.origin if obj.kind == "instance" and not obj.open else 0


def _is_named(obj: Obj) -> bool:
    """Whether its name says what something unknown is: not where it came out of a builtin container's elements."""
    return any(trail[0] != "builtins" or all(isinstance(step, str) for step in trail) for trail in obj.trails)


def _is_shaped(obj: Obj) -> bool:
    """Whether an object is a container from elsewhere of which it is known what its elements are."""
    return obj.data[:1] == (types.EACH,) and obj.open and not obj.items and obj.rest is None


def _is_of_base(argument: object, state: State) -> bool:
    """Whether a type argument of an instance, the variable's name and what it stands for, is known to all runs."""
    _, atoms = cast("tuple[str, tuple[Atom, ...]]", argument)
    return all(type(atom) is not Ref or atom.oid in state.base for atom in atoms)


def _joined(rest: Value | None, value: Value) -> Value | None:
    """What elements may be at keys that are not known, and what one is that is among them now."""
    if not value.atoms and not value.tags:
        return rest
    element = _element(value, value)
    return element if rest is None else join(rest, element)


def _element(shared: Value, value: Value) -> Value:
    """An element as others may know it: unknown, where nothing of it but its data is."""
    atoms = shared.atoms or UNKNOWN.atoms
    return Value((*atoms, MISSING_ATOM) if MISSING_ATOM in value.atoms else atoms, shared.tags)


def _own_tags(obj: Obj) -> Tags:
    """The tags of a container and of its elements, not of what these hold."""
    return obj.tags.union(*(value.tags for value in obj.values()))
