"""Calls: a callee sees the part of the heap that it is given, and gives back what it changed.

An *instance* is a function with one shape of input. The shape is made canonical: objects are
numbered in the order in which they are met (-2, -3, ...), and tagged data is only *marked* as such,
so that calls whose inputs look alike share one run, whatever the data is. Each marked
location has an entry node, to which the call's edges lead; what comes out leads from the
callee's nodes to new nodes of the caller. This is how one run of a helper serves clean and tagged
calls without mixing them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from purposelint.dataflow.heap import (
    MAX_SAME_STEP,
    Above,
    Due,
    Key,
    Obj,
    ObjectKey,
    State,
    deep_tags,
    due_of,
    join_objects,
)
from purposelint.dataflow.values import (
    FREE,
    NO_TAGS,
    Atom,
    Bound,
    Const,
    External,
    Gates,
    Native,
    Ref,
    Some,
    Tags,
    Value,
    ref,
    some,
)

MAX_OBJECTS = 300
MAX_COLUMNS = 6
"""Elements of a tuple that are told apart in a coarse view too: what is handed on as ``*args``, a row."""
STATIC = ("module", "class")


@dataclass(slots=True)
class View:
    """The callee's view of the caller's heap.

    ``key`` is the shape; ``heap`` holds the objects under canonical names; ``names`` maps the
    caller's names to canonical ones. ``marks`` are the caller's tags at each marked location, in order;
    ``marked`` are the objects that have some.
    """

    key: list[object] = field(default_factory=list)
    heap: dict[int, Obj] = field(default_factory=dict)
    names: dict[int, int] = field(default_factory=dict)
    marks: list[Tags] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)


class Viewer:
    """Makes a view. ``entry(i)`` gives the tags that stand for the i-th marked location inside the callee.

    ``coarse``: forget literals and what containers hold, keep classes and whether there is tagged data.
    """

    def __init__(
        self, state: State, free: Callable[[int], frozenset[str]], *, coarse: bool, recursive: bool = False
    ) -> None:
        self._state = state
        self._free = free
        self._coarse = coarse
        self._recursive = recursive
        self._queue: list[int] = []
        self._depths: dict[int, int] = {}
        self._depth = 0
        self.view = View()
        self._static_changed = [oid for oid in state.heap if oid in state.base]

    def value(self, value: Value) -> Value:
        """A value as the callee sees it; its shape is added to the key."""
        key = self.view.key
        if not (self._coarse or value.tags or value.when_true or value.when_false) and len(value.atoms) == 1:
            # Nine of ten are like this: the callee sees the same, but for the object's name.
            (only,) = value.atoms
            if type(only) is Ref:
                met = self._reference(only.oid)
                key.append(".")
                return value if met is only else Value((met,))
            if type(only) is not Bound:
                key.append(only)
                key.append(".")
                return value
        atoms: list[Atom] = []
        tags = value.tags
        for atom in value.atoms:
            if type(atom) is Ref and self._coarse and self._is_deep(atom.oid):
                tags |= deep_tags(self._state, (Value((atom,)),))
                seen: Atom = some("")
            elif type(atom) is Ref:
                atoms.append(self._reference(atom.oid))
                continue
            elif type(atom) is Bound:
                key.append("bound")
                func = self._reference(atom.func.oid) if type(atom.func) is Ref else atom.func
                key.append(func)
                receiver = self.value(atom.receiver)
                if isinstance(func, Ref | External | Native):
                    atoms.append(Bound(func, receiver))
                else:
                    # The view is full: an unknown function with the receiver's data.
                    atoms.append(some(""))
                    tags |= deep_tags(self._state, (atom.receiver,))
                continue
            else:
                # What a call is given directly is kept: a time to live, a mode. In a recursion it may count up.
                forgotten = self._coarse and (self._depth > 0 or self._recursive)
                seen = some(atom.kind) if type(atom) is Const and forgotten and atom.value is not None else atom
            if seen not in atoms:
                atoms.append(seen)
                key.append(seen)
        tags = self._mark(tags) if tags else NO_TAGS
        key.append("." if not tags else "!")
        if not value.when_true and not value.when_false:
            return Value(tuple(atoms), tags)
        when_true, when_false = self.gates(value.when_true), self.gates(value.when_false)
        key.append((when_true, when_false))
        return Value(tuple(atoms), tags, when_true, when_false)

    def gates(self, gates: Gates) -> Gates:
        """Gates as the callee sees them; those tied to what it does not see are none."""
        return translated(gates, lambda oid: oid if oid in self._state.base else self.view.names.get(oid))

    def _is_deep(self, oid: int) -> bool:
        """Whether an object is collapsed in a coarse view: contents of contents, and what is of no known type."""
        obj = self._state.get(oid)
        if oid in self._state.base or obj.kind in ("function", "class", "module", "scope", "property", "text"):
            return False
        if obj.kind == "opaque" and not obj.trails and not obj.cls.atoms:
            return True
        return self._depth > (2 if obj.kind in ("instance", "classmethod", "staticmethod") else 1)

    def _mark(self, tags: Tags) -> Tags:
        self.view.marks.append(tags)
        return frozenset((-len(self.view.marks),))

    def _reference(self, oid: int) -> Atom:
        if oid in self._state.base:
            atom = ref(oid)
            self.view.key.append(atom)
            return atom
        name = self.view.names.get(oid)
        if name is None:
            if len(self.view.names) >= MAX_OBJECTS:
                self.view.key.append("cut")
                return some("")
            # -1 is what a scope without a parent has.
            name = self.view.names[oid] = -len(self.view.names) - 2
            self._queue.append(oid)
            self._depths[oid] = self._depth
        self.view.key.append(name)
        return ref(name)

    def scope(self, oid: int) -> int:
        """A captured scope or class, under its canonical name; -1 where there is none."""
        if oid == -1 or oid in self._state.base:
            self.view.key.append(oid)
            return oid
        atom = self._reference(oid)
        return atom.oid if type(atom) is Ref else -1

    def links(self) -> None:
        """Say of what was read from unknown objects where, if both are seen, and have the owner hold it."""
        view, state = self.view, self._state
        for oid, name in view.names.items():
            above = state.get(oid).above
            if above is None:
                continue
            owner = above.owner if above.owner in state.base else view.names.get(above.owner)
            if owner is None:
                continue
            above = Above(owner, above.step)
            view.key.append((above, name))
            obj = view.heap[name] = view.heap[name].copy()
            obj.above = above
            holder = view.heap.get(owner)
            if holder is not None and not holder.many and above.is_known() and above.held(holder) is None:
                view.heap[owner] = holder.copy()
                above.hold(view.heap[owner], Value((ref(name),)))

    def changed_statics(self) -> None:
        """Add the objects of the base heap that were changed since: they are seen as they are now."""
        for oid in self._static_changed:
            self.view.key.append(("static", oid))
            self._see(oid, oid, frozenset(self._state.heap[oid].attrs))

    def drain(self) -> None:
        """Copy every object that was met."""
        position = 0
        while position < len(self._queue):
            oid = self._queue[position]
            position += 1
            obj = self._state.get(oid)
            self._depth = self._depths[oid] + 1
            names = self._free(oid) if obj.kind == "scope" else frozenset()
            self.view.key.append(("object", self.view.names[oid]))
            self._see(self.view.names[oid], oid, names)
        self._queue = []
        self._depth = 0

    def _see(self, name: int, oid: int, names: frozenset[str]) -> None:
        """Add an object under the name that it has in the callee."""
        view, obj, marks = self.view, self._state.get(oid), len(self.view.marks)
        due = obj.due if obj.above is None else due_of(self._state, oid)
        if not due and obj.is_bare():
            # Nothing in it has another name in the callee: both can see the same one, since neither changes it.
            view.key.append((obj.kind, obj.data, obj.open, obj.many, obj.trails, obj.spelled))
            view.heap[name] = _of_its_own(obj) if oid in self._state.owned or obj.above is not None else obj
            return
        new = view.heap[name] = self._object(obj, names)
        if due:
            view.key.append("due")
            new.due = frozenset((Due("", name),))
        if len(view.marks) > marks:
            view.marked.add(name)

    def _object(self, obj: Obj, names: frozenset[str]) -> Obj:
        key = self.view.key
        key.append(obj.kind)
        key.append(obj.data if obj.kind not in ("scope", "function") else obj.data[:2])
        new = Obj(obj.kind, open=obj.open, trails=obj.trails, spelled=obj.spelled)
        new.many = obj.many
        new.origin = obj.origin
        key.append((obj.open, obj.many, obj.trails, obj.spelled))
        new.data = obj.data
        if obj.kind == "scope":
            new.data = (self.scope(obj.data[0]), *obj.data[1:])  # type: ignore[arg-type]
            for name, held in obj.attrs.items():
                if name in names:
                    key.append(name)
                    new.attrs[name] = self.value(held)
            return new
        if obj.kind == "function":
            new.data = (*obj.data[:2], self.scope(obj.data[2]), self.scope(obj.data[3]), *obj.data[4:])  # type: ignore[arg-type]
        if obj.cls.atoms:
            new.cls = self.value(obj.cls)
        for name, held in obj.attrs.items():
            key.append(name)
            new.attrs[name] = self.value(held)
        if self._coarse and obj.kind in ("list", "tuple", "set", "iterator") and not _is_row(obj):
            if obj.items or obj.rest is not None:
                new.rest = self._collapsed(obj)
        else:
            for item, held in obj.items.items():
                key.append(("item", type(item)))
                seen = self._key(item)
                key.append(seen)
                new.items[seen] = self.value(held)
            if obj.rest is not None:
                key.append("rest")
                new.rest = self.value(obj.rest)
        if obj.keys.atoms or obj.keys.tags:
            key.append("keys")
            new.keys = self.value(obj.keys)
        if obj.tags:
            key.append("tags")
            new.tags = self._mark(obj.tags)
        return new

    def _key(self, key: Key) -> Key:
        if type(key) is not ObjectKey or key.oid == -1:
            return key
        atom = self._reference(key.oid)
        return ObjectKey(atom.oid if type(atom) is Ref else -1)

    def _collapsed(self, obj: Obj) -> Value:
        tags: set[int] = set()
        atoms: list[Atom] = []
        for held in (*obj.items.values(), *(() if obj.rest is None else (obj.rest,))):
            tags |= held.tags
            for atom in held.atoms:
                kept: Atom = some(atom.kind) if type(atom) is Const else atom
                if kept not in atoms:
                    atoms.append(kept)
        self.view.key.append("rest")
        return self.value(Value(tuple(atoms), frozenset(tags)))


def _is_row(obj: Obj) -> bool:
    """Whether an object is a tuple of a few known elements: no recursion makes more and more of them."""
    return obj.kind == "tuple" and obj.rest is None and len(obj.items) <= MAX_COLUMNS


def _of_its_own(obj: Obj) -> Obj:
    """A copy that is not known to have been read from anything."""
    new = obj.copy()
    new.above = None
    return new


def owed_outside(due: frozenset[Due], caller: State, names: dict[int, int]) -> frozenset[Due]:
    """What owes an object as the caller knows it: of what it has given, it knows what owes that."""
    found: set[Due] = set()
    for each in due:
        if each.path:
            found.add(each)
        else:
            found |= due_of(caller, names.get(each.number, each.number))
    return frozenset(found)


def translated(gates: Gates, name: Callable[[int], int | None]) -> Gates:
    """Gates with the objects they are tied to under other names; those whose object has none are left out."""
    if not gates:
        return gates
    renamed = ((index, FREE if tied == FREE else name(tied)) for index, tied in gates)
    return frozenset((index, tied) for index, tied in renamed if tied is not None)


def bind_entries(view: View, entries: list[int]) -> dict[int, Obj]:
    """The view's heap with the marks replaced by an instance's entry nodes."""
    heap = dict(view.heap)
    for oid in view.marked:
        heap[oid] = rename_tags(heap[oid], lambda tags: entry_tags(tags, entries))
    return heap


def entry_tags(tags: Tags, entries: list[int]) -> Tags:
    """Marks (-1, -2, ...) as entry nodes."""
    return frozenset(entries[-mark - 1] for mark in tags) if tags else tags


def rename_tags(obj: Obj, rename: Callable[[Tags], Tags]) -> Obj:
    """A copy of an object with its tags replaced."""
    new = obj.copy()
    for name, held in obj.attrs.items():
        new.attrs[name] = retagged(held, rename)
    for key, held in obj.items.items():
        new.items[key] = retagged(held, rename)
    if obj.rest is not None:
        new.rest = retagged(obj.rest, rename)
    new.keys = retagged(obj.keys, rename)
    new.tags = rename(obj.tags)
    return new


def retagged(value: Value, rename: Callable[[Tags], Tags]) -> Value:
    """A value with its tags replaced, those of bound receivers too."""
    atoms = value.atoms
    if any(type(atom) is Bound for atom in atoms):
        atoms = tuple(
            Bound(atom.func, retagged(atom.receiver, rename)) if type(atom) is Bound else atom for atom in atoms
        )
    elif not value.tags:
        return value
    return Value(atoms, rename(value.tags) if value.tags else value.tags, value.when_true, value.when_false)


class Homecoming:
    """Brings a callee's result back into the caller's heap.

    ``names`` maps the callee's names to the caller's; what has none is new and named by ``fresh``.
    ``tags`` maps the callee's nodes to the caller's. ``by_origin``: new objects of one origin
    become one, so that what a recursion gives does not grow without end; ``crowds``: only these objects.
    What was read from an unknown object is named by ``read``, as it would be if it were read in the caller.
    """

    def __init__(
        self,
        caller: State,
        callee: State,
        names: dict[int, int],
        fresh: Callable[[int], int],
        tags: Callable[[Tags], Tags],
        read: Callable[[Above], int],
        *,
        by_origin: bool,
        crowds: frozenset[int] = frozenset(),
    ) -> None:
        self._caller = caller
        self._callee = callee
        self._names = names
        self._outer = dict(names)
        self._fresh = fresh
        self._tags = tags
        self._read = read
        self._queue: list[int] = []
        self._merged: set[int] = set()
        self._queued: set[int] = set()
        self._by_origin = by_origin
        self._crowds = crowds
        self._folds: set[int] = set()

    def value(self, value: Value) -> Value:
        """A value as the caller sees it."""
        atoms: tuple[Atom, ...] = value.atoms
        if len(atoms) == 1 and type(atoms[0]) is Ref:
            only = ref(self._name(atoms[0].oid))
            atoms = atoms if only is atoms[0] else (only,)
        else:
            for atom in atoms:
                if type(atom) is Ref or type(atom) is Bound:
                    atoms = tuple([self._atom(each) for each in atoms])
                    break
        tags = self._tags(value.tags) if value.tags else NO_TAGS
        if atoms is value.atoms and tags is value.tags and not value.when_true and not value.when_false:
            return value
        return Value(atoms, tags, self.gates(value.when_true), self.gates(value.when_false))

    def gates(self, gates: Gates) -> Gates:
        """Gates as the caller sees them."""
        base = self._caller.base
        return translated(gates, lambda oid: self._names.get(oid, oid if oid in base else None))

    def _atom(self, atom: Atom) -> Atom:
        if type(atom) is Ref:
            return ref(self._name(atom.oid))
        if type(atom) is Bound:
            func = self._atom(atom.func) if type(atom.func) is Ref else atom.func
            return Bound(func, self.value(atom.receiver))  # type: ignore[arg-type]
        return atom

    def _name(self, oid: int) -> int:
        name = self._names.get(oid)
        if name is None:
            if oid in self._caller.base and oid not in self._callee.heap:
                return oid
            above = self._above(oid)
            folded = self._folded(oid) if above is not None else None
            if folded is not None:
                known = folded
                self._folds.add(oid)
            elif above is not None:
                known = self._read(above)
            else:
                known = oid if oid in self._caller.base else self._fresh(oid)
            # What it was read from may have named it meanwhile.
            name = self._names.setdefault(oid, known)
            if oid not in self._caller.base and oid not in self._queued:
                self._queued.add(oid)
                self._queue.append(oid)
        return name

    def _above(self, oid: int) -> Above | None:
        """From what an object was read, by the caller's names."""
        above = self._callee.get(oid).above
        if above is None:
            return None
        owner = above.owner
        if owner in self._names or owner in self._callee.heap:
            owner = self._name(owner)
        elif owner not in self._caller.base:
            return None
        return Above(owner, above.step)

    def _folded(self, oid: int) -> int | None:
        """The caller's name of the last object on the path to one that was reached by the same step.

        None where the path takes that step less often than `MAX_SAME_STEP`: each round of a recursion would bring back
        longer ones.
        """
        above = self._callee.get(oid).above
        step = above.step if above is not None else None
        count, last = 0, None
        while above is not None and above.owner in self._callee.heap:
            oid = above.owner
            above = self._callee.get(oid).above
            if above is not None and above.step == step:
                count += 1
                last = oid if last is None else last
        # Where the callee knows no more of the path, the caller may.
        begun = oid if above is None else above.owner
        outer = self._names.get(begun, begun)
        found = None if last is None else self._name(last)
        while self._caller.has(outer):
            above = self._caller.get(outer).above
            if above is None:
                break
            if above.step == step:
                count += 1
                found = outer if found is None else found
            outer = above.owner
        return found if count >= MAX_SAME_STEP else None

    def _key(self, key: Key) -> Key:
        return ObjectKey(self._name(key.oid)) if type(key) is ObjectKey and key.oid != -1 else key

    def scope(self, oid: int) -> int:
        """A captured scope, as the caller names it."""
        return oid if oid == -1 else self._name(oid)

    def changed(self, oids: Iterable[int]) -> None:
        """Bring back objects that the callee was given and changed."""
        for oid in oids:
            name = self._names.get(oid, oid)
            obj = self._object(self._callee.heap[oid])
            if not self._caller.has(name):
                self._caller.put(name, obj)
                continue
            mine = self._caller.edit(name)
            if mine.kind == "scope":
                mine.attrs.update(obj.attrs)
                continue
            many = mine.many
            mine.attrs, mine.items, mine.rest = obj.attrs, obj.items, obj.rest
            mine.keys, mine.tags, mine.open = obj.keys, obj.tags, obj.open
            mine.many = obj.many or many
            mine.data = obj.data
            mine.due = obj.due
            if obj.cls.atoms:
                mine.cls = obj.cls

    def drain(self) -> None:
        """Bring back every new object that was met."""
        position = 0
        while position < len(self._queue):
            oid = self._queue[position]
            position += 1
            name = self._names[oid]
            obj = self._object(self._callee.get(oid))
            if oid in self._folds:
                self._fold(name, obj)
                continue
            if obj.above is not None:
                obj.above = self._above(oid)
                if self._is_known(name, obj):
                    continue
            crowded = oid in self._crowds
            if name in self._merged or (crowded and self._caller.has(name)):
                # Several objects of one origin: they become one that stands for many.
                obj = join_objects(self._caller.get(name), obj, widening=True).copy()
                obj.many = True
            elif self._by_origin or crowded:
                obj.many = True
            self._merged.add(name)
            (self._caller.put if obj.above is None else self._caller.note)(name, obj)
        self._queue = []

    def _fold(self, name: int, obj: Obj) -> None:
        """Have an object be one with what stands for it."""
        mine = self._caller.get(name)
        if not (obj.is_untouched() and obj.tags <= mine.tags):
            joined = join_objects(mine, obj, widening=True).copy()
            joined.many = True
            self._caller.note(name, joined)

    def _is_known(self, name: int, obj: Obj) -> bool:
        """Join what the callee has read with what the caller has read there, too; whether nothing is left to do."""
        if obj.above is None or name in self._merged or not self._caller.has(name):
            return False
        mine = self._caller.get(name)
        if obj.is_untouched() and obj.tags <= mine.tags:
            return True
        if mine.is_untouched() and mine.tags <= obj.tags:
            return False
        self._caller.note(name, join_objects(mine, obj, widening=True))
        return True

    def _object(self, obj: Obj) -> Obj:
        new = obj.copy()
        if obj.due:
            new.due = owed_outside(obj.due, self._caller, self._outer)
        if obj.kind == "scope":
            new.data = (self.scope(obj.data[0]), *obj.data[1:])  # type: ignore[arg-type]
        elif obj.kind == "function":
            new.data = (*obj.data[:2], self.scope(obj.data[2]), self.scope(obj.data[3]), *obj.data[4:])  # type: ignore[arg-type]
        for name, held in obj.attrs.items():
            new.attrs[name] = self.value(held)
        if any(type(key) is ObjectKey for key in obj.items):
            new.items = {}
        for key, held in obj.items.items():
            new.items[self._key(key)] = self.value(held)
        if obj.rest is not None:
            new.rest = self.value(obj.rest)
        new.keys = self.value(obj.keys)
        new.tags = self._tags(obj.tags) if obj.tags else NO_TAGS
        if obj.cls.atoms:
            new.cls = self.value(obj.cls)
        return new


def collapsed(state: State, value: Value) -> Value:
    """An unknown value with all the data of a value."""
    return Value((some(""),), deep_tags(state, (value,)))


def is_plain(value: Value) -> bool:
    """Whether a value is only literals and scalars."""
    return all(type(atom) is Const or type(atom) is Some for atom in value.atoms)
