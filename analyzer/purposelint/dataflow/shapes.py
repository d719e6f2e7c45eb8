"""What unknown instances of a class hold: fields that its ``__init__`` and methods run on their own set.

An instance whose making is seen keeps its own fields. One that comes from elsewhere (the
``self`` of a view, a parameter of an annotated type) may have any field that some method of its
class has set on such an instance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from purposelint.dataflow import classes, hints, types
from purposelint.dataflow.graph import CELL
from purposelint.dataflow.heap import Obj, State, due_of
from purposelint.dataflow.values import NOTHING, Atom, Bound, Ref, Some, Tags, Value, join, ref

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame
    from purposelint.dataflow.machine import Machine


MAX_CARRIED = 200
"""Objects below a value that are looked at for data when it is kept."""


class Shapes:
    """The fields of unknown instances, by class."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._fields: dict[tuple[int, str], Value] = {}
        self._initialised: set[int] = set()
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
                self._store(frame, cls.oid, name, value)

    def _store(self, frame: Frame, cls: int, name: str, value: Value) -> None:
        shared = self._shared(frame, cls, name, value)
        if not shared.atoms and not shared.tags:
            return
        old = self._fields.get((cls, name), NOTHING)
        new = join(old, shared)
        if new != old:
            self._fields[(cls, name)] = new
            if new.tags - old.tags:
                self.changed.add(name)
                self.tagged.add(name)
                self._machine.note_home(name, cls)

    def _shared(self, frame: Frame, cls: int, name: str, value: Value) -> Value:
        """What other runs may know of a value: classes and functions, types, and its data by way of a cell."""
        tags = self.carried(frame.state, value)
        graph = self._machine.graph
        node_tags: frozenset[int] = frozenset()
        if tags:
            place = self._machine.graph.hop(min(tags)).place
            node = graph.node(("cell", cls, name), place, f"kept in field {name}")
            graph.edges(tags, node, CELL)
            node_tags = frozenset((node,))
        kept: list[Atom] = []
        for atom in value.atoms:
            if type(atom) is Ref:
                obj = frame.get(atom.oid)
                if atom.oid in frame.state.base:
                    kept.append(atom)
                elif obj.kind == "opaque" and not obj.cls.atoms and not obj.trails and not _is_shaped(obj):
                    # Others would not know what it is.
                    self._machine.deferred.need(frame, due_of(frame.state, atom.oid))
                elif (obj.kind in ("instance", "opaque") and (obj.cls.atoms or obj.trails)) or _is_shaped(obj):
                    kept.extend(self._type_of(frame.state, obj, (cls, name, len(kept))))
            elif type(atom) is Bound or (type(atom) is Some and not atom.kind):
                continue
            elif type(atom) is not Some:
                kept.append(atom)
        return Value(tuple(kept), node_tags)

    def _type_of(self, state: State, obj: Obj, key: tuple[object, ...]) -> list[Ref]:
        """An unknown object of the same type, in the base heap."""
        machine = self._machine
        if any(type(atom) is Ref and atom.oid not in state.base for atom in obj.cls.atoms):
            return []
        arguments = obj.data[1:] if obj.data[:1] == (hints.OF,) else ()
        shared = arguments and all(_is_of_base(each, state) for each in arguments)
        data = obj.data if shared or _is_shaped(obj) else ()
        oid = machine.oid(("shape", obj.trails, tuple(id(atom) for atom in obj.cls.atoms), data, key))
        if oid not in machine.base:
            machine.base[oid] = Obj(obj.kind, cls=obj.cls, open=True, trails=obj.trails, data=data)
            self.objects.add(oid)
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
                if type(atom) is Bound:
                    queue.append(atom.receiver)
                if type(atom) is not Ref or atom.oid in seen or len(seen) > MAX_CARRIED:
                    continue
                seen.add(atom.oid)
                obj = state.get(atom.oid)
                tags |= obj.tags
                if self.is_own(obj):
                    queue.extend((*obj.items.values(), *(() if obj.rest is None else (obj.rest,)), obj.keys))
                    self._note_fields(state, obj, seen)
                elif obj.kind not in ("scope", "module", "class", "function"):
                    queue.extend(obj.values())
        return frozenset(tags)

    def handed(self, state: State, values: Iterable[Value]) -> Tags:
        """The data of values that are handed over: with instances' fields, but not those of instances behind them.

        An order leads to its event, the event to its organiser, and so to everything there is: whoever is
        given one of them makes something of it, and not of the rest.
        """
        tags: set[int] = set()
        seen: set[int] = set()
        queue = [(value, False) for value in values]
        for value, behind in queue:
            tags |= value.tags
            for atom in value.atoms:
                if type(atom) is Bound:
                    queue.append((atom.receiver, behind))
                if type(atom) is not Ref or atom.oid in seen or len(seen) > MAX_CARRIED:
                    continue
                obj = state.get(atom.oid)
                own = self.is_own(obj)
                if own and behind:
                    continue
                seen.add(atom.oid)
                tags |= obj.tags
                if obj.kind not in ("scope", "module", "class", "function"):
                    queue.extend((held, behind or own) for held in obj.values())
        return frozenset(tags)

    def is_own(self, obj: Obj) -> bool:
        """Whether an object is an instance of classes of the project alone."""
        base = self._machine.base
        return (
            obj.kind == "instance"
            and bool(obj.cls.atoms)
            and all(
                type(atom) is Ref and atom.oid in base and not str(base[atom.oid].data[:1]).startswith("('<")
                for atom in obj.cls.atoms
            )
        )

    def _note_fields(self, state: State, obj: Obj, seen: set[int]) -> None:
        """Note which fields of a kept instance hold tagged data: other instances of its class may be it."""
        graph = self._machine.graph
        for name, held in obj.attrs.items():
            tags = frozenset[int]() if name.startswith("<") else self.carried(state, held, seen)
            for cls in obj.cls.atoms if tags else ():
                if type(cls) is not Ref:
                    continue
                own = {tag for tag in tags if graph.is_cell(tag, (cls.oid, name))}
                place = graph.hop(min(tags)).place
                node = graph.node(("cell", cls.oid, name), place, f"kept in field {name}")
                graph.edges(tags - own, node, CELL)
                old = self._fields.get((cls.oid, name), NOTHING)
                if node not in old.tags:
                    self._fields[(cls.oid, name)] = join(old, Value((), frozenset((node,))))
                    self.changed.add(name)
                    self.tagged.add(name)
                    self._machine.note_home(name, cls.oid)

    def typed(self, state: State, obj: Obj, key: tuple[object, ...]) -> list[Ref]:
        """What stands in shared state for an instance of the project's own classes."""
        return self._type_of(state, obj, key) if self.is_own(obj) else []

    def is_shared(self, value: Value) -> bool:
        """Whether a value lives in the base heap."""
        return any(type(atom) is Ref and atom.oid in self._machine.base for atom in value.atoms)

    def field(self, frame: Frame, cls: int, name: str) -> Value | None:
        """A field of an unknown instance; `__init__` is run once on an unknown instance to learn of it."""
        result: Value | None = None
        for each in classes.mro(frame, ref(cls)):
            if type(each) is not Ref:
                continue
            self._initialise(frame, each.oid)
            found = self._fields.get((each.oid, name))
            if found is not None:
                result = found if result is None else join(result, found)
        return result

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


def _is_shaped(obj: Obj) -> bool:
    """Whether an object is a container from elsewhere of which it is known what its elements are."""
    return obj.data[:1] == (types.EACH,) and obj.open and not obj.items and obj.rest is None


def _is_of_base(argument: object, state: State) -> bool:
    """Whether a type argument of an instance, the variable's name and what it stands for, is known to all runs."""
    _, atoms = cast("tuple[str, tuple[Atom, ...]]", argument)
    return all(type(atom) is not Ref or atom.oid in state.base for atom in atoms)
