"""The abstract heap: objects, and the states that hold them, with strong updates.

An object is named by an *oid* (an int). Objects made by module-level code live in the base
heap that all states share; a state holds what was made or changed since. States are forked at
branches and joined behind them; an object is copied when it is first changed after a fork.

``many``: the object stands for several (allocated in a loop and kept): stores into it are weak.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias, cast

from purposelint.dataflow.values import (
    MISSING,
    MISSING_ATOM,
    NO_GATES,
    NO_TAGS,
    NOTHING,
    Atom,
    Bound,
    Gates,
    Native,
    Ref,
    Some,
    Step,
    Tags,
    Trail,
    Value,
    join,
    ref,
    widen,
)


class ObjectKey(NamedTuple):
    """An object as the key of a dict (-1: one that a view cut off). ``mark`` keeps it apart from tuples of literals."""

    oid: int
    mark: str = "\0object"


Key: TypeAlias = "str | int | float | bytes | bool | tuple[object, ...] | None"


OWN = "own"
"""Marks the unknown instance that a method is run for (`Obj.data`): those whose making was seen have own runs."""
MAX_SAME_STEP = 3
"""How often one path through unknown objects takes the same step (``node.next``) before it stays where it led last."""


class Above(NamedTuple):
    """By which step an object was read from an unknown one.

    Reading leaves no trace: the owner does not hold what is read, since it would give the same again. When the object
    is changed, it is put where it was read (`State.edit`). ``mark`` keeps it apart from the keys of other objects.
    """

    owner: int
    step: Step
    mark: str = "\0above"

    def is_known(self) -> bool:
        """Whether the step leads to one thing: not to any element."""
        return isinstance(self.step, str) or self.step[1] is not None

    def held(self, owner: Obj) -> Value | None:
        """What the owner holds at the step."""
        return owner.attrs.get(self.step) if isinstance(self.step, str) else owner.items.get(self.step[1])

    def hold(self, owner: Obj, value: Value) -> None:
        """Have the owner hold a value at the step."""
        if isinstance(self.step, str):
            owner.attrs[self.step] = value
        else:
            owner.items[self.step[1]] = value


class Shape(NamedTuple):
    """What an unknown object is taken to be: an instance of ``cls``, a container or the like of ``element``.

    A ``callable`` gives ``element``. ``arguments`` are what the type variables of the class stand for. Classes are
    those that all runs know.
    """

    kind: str
    cls: Atom | None = None
    arguments: tuple[tuple[str, tuple[Atom, ...]], ...] = ()
    element: Shape | None = None


class Due(NamedTuple):
    """What owes an object: a function that was put off where another calls it (`purposelint.dataflow.deferred`).

    Without a path, ``number`` is the name of what the function at hand was given: its caller knows more.
    """

    path: str
    number: int
    caller: tuple[str, int | None] = ("", None)


NOTHING_DUE: frozenset[Due] = frozenset()


class Obj:
    """An object.

    ``kind``    scope, module, class, function, instance, opaque, dict, list, tuple, set, iterator, generator ...
    ``cls``     its class, for instances: what `type(x)` gives
    ``attrs``   attributes (a scope's variables)
    ``items``   elements by constant key or index
    ``rest``    what elements may be at keys that are not known, None when there are none
    ``keys``    what unknown keys may be
    ``open``    it has contents that are not known (and carry ``tags``)
    ``origin``  the number of the place that made it first
    ``trails``  how it is named by what is outside the project
    ``spelled`` how the code at hand names it
    ``above``   what it was read from, where nothing was known of that: see `Above`
    ``data``    what its kind needs besides: a function's number, a generator's state
    ``due``     the functions that owe it, where it stands for what they give
    """

    __slots__ = (
        "above",
        "attrs",
        "cls",
        "data",
        "due",
        "held",
        "inside",
        "items",
        "keys",
        "kind",
        "many",
        "open",
        "origin",
        "rest",
        "spelled",
        "tags",
        "trails",
    )

    def __init__(
        self,
        kind: str,
        *,
        cls: Value = NOTHING,
        attrs: dict[str, Value] | None = None,
        items: dict[Key, Value] | dict[str, Value] | dict[int, Value] | None = None,
        rest: Value | None = None,
        tags: Tags = NO_TAGS,
        open: bool = False,  # noqa: A002 - the field's name
        trails: tuple[Trail, ...] = (),
        spelled: Trail = (),
        data: tuple[object, ...] = (),
    ) -> None:
        self.kind = kind
        self.cls = cls
        self.attrs: dict[str, Value] = {} if attrs is None else attrs
        self.items: dict[Key, Value] = {} if items is None else cast("dict[Key, Value]", items)
        self.rest = rest
        self.keys: Value = NOTHING
        self.tags = tags
        self.open = open
        self.many = False
        self.origin = 0
        self.trails = trails
        self.spelled = spelled
        self.above: Above | None = None
        self.data = data
        self.due = NOTHING_DUE
        # What `State.held` and `State.inside` found in it; only of objects that are not changed any more.
        self.held: frozenset[int] | None = None
        self.inside: tuple[Tags, tuple[int, ...]] | None = None

    def copy(self) -> Obj:
        """A copy that can be changed."""
        new = Obj.__new__(Obj)
        new.kind = self.kind
        new.cls = self.cls
        new.attrs = dict(self.attrs)
        new.items = dict(self.items)
        new.rest = self.rest
        new.keys = self.keys
        new.tags = self.tags
        new.open = self.open
        new.many = self.many
        new.origin = self.origin
        new.trails = self.trails
        new.spelled = self.spelled
        new.above = self.above
        new.data = self.data
        new.due = self.due
        new.held = None
        new.inside = None
        return new

    def references(self) -> frozenset[int]:
        """The objects that it refers to: in what it holds and as keys, as captured scope, as class it was made in."""
        found = set(self.contents()[1])
        if self.kind == "scope":
            found.add(cast("int", self.data[0]))
        elif self.kind == "function":
            found.update(cast("tuple[int, ...]", self.data[2:4]))
        found.discard(-1)
        return frozenset(found)

    def contents(self, *, giving: bool = False) -> tuple[Tags, tuple[int, ...]]:
        """The tags of the values that it holds, and the objects that these are, in order. ``giving``: see `spread`."""
        tags: set[int] = set()
        found: dict[int, None] = {}
        for value in self.values():
            spread(value, tags, found, giving=giving)
        return frozenset(tags), tuple(found)

    def refers_to(self, atom: Ref) -> bool:
        """Whether an object is among its `references`, without collecting them."""
        # Asked of every object of a state: plain loops, since generators cost more than what they look at.
        for parts in (self.attrs, self.items):
            for held in parts.values():
                for each in held.atoms:
                    if each is atom:
                        return True
                    if type(each) is Bound and (each.func is atom or mentions(each.receiver, atom)):
                        return True
        if self.rest is not None and mentions(self.rest, atom):
            return True
        if self.keys.atoms and mentions(self.keys, atom):
            return True
        if self.kind == "dict" and ObjectKey(atom.oid) in self.items:
            return True
        if self.kind == "scope":
            return self.data[0] == atom.oid
        return self.kind == "function" and atom.oid in self.data[2:4]

    def exact(self) -> bool:
        """Whether its elements are all known."""
        return self.rest is None and not self.open and not self.many and not self.keys.atoms

    def is_bare(self) -> bool:
        """Whether it holds nothing, not even tags, and refers to nothing."""
        return not (
            self.attrs
            or self.items
            or self.rest is not None
            or self.tags
            or self.cls.atoms
            or self.keys.atoms
            or self.keys.tags
            or self.due
            or self.kind in ("scope", "function")
        )

    def is_untouched(self) -> bool:
        """Whether nothing was stored into what was read from an unknown object."""
        return self.above is not None and not (
            self.attrs or self.items or self.rest is not None or self.keys.atoms or self.keys.tags or self.many
        )

    def same(self, other: Obj) -> bool:
        """Whether both say the same."""
        return (
            self.attrs == other.attrs
            and self.items == other.items
            and list(self.items) == list(other.items)
            and self.rest == other.rest
            and self.keys == other.keys
            and self.tags == other.tags
            and self.open == other.open
            and self.many == other.many
            and self.cls == other.cls
            and self.data == other.data
            and self.due == other.due
        )

    def values(self) -> Iterable[Value]:
        """Everything it holds."""
        yield from self.attrs.values()
        yield from self.items.values()
        if self.kind == "dict":
            for key in self.items:
                if type(key) is ObjectKey and key.oid != -1:
                    yield Value((ref(key.oid),))
        if self.rest is not None:
            yield self.rest
        if self.keys.atoms or self.keys.tags:
            yield self.keys


def as_read(made: Value, held: Value) -> Value:
    """What an unknown object gives at a step: what reading it makes, or what it is known to hold there at times."""
    return join(made, Value(tuple(atom for atom in held.atoms if type(atom) is not Some), held.tags))


def mentions(value: Value, atom: Ref) -> bool:
    """Whether a value refers to an object, as a bound method or its receiver too."""
    # A plain loop for the same reason as in `Obj.refers_to`.
    for each in value.atoms:
        if each is atom or (type(each) is Bound and (each.func is atom or mentions(each.receiver, atom))):
            return True
    return False


def spread(value: Value, tags: set[int], found: dict[int, None], *, giving: bool = False) -> None:
    """Add the tags of a value, and the objects that it may be; of a bound method, those of its receiver too.

    ``giving``: but of a method that only fills its receiver (``seen.add``) nothing, since it gives nothing of it.
    """
    if value.tags:
        tags |= value.tags
    for atom in value.atoms:
        if type(atom) is Ref:
            found[atom.oid] = None
        elif type(atom) is Bound:
            if giving and type(atom.func) is Native and atom.func.fills:
                continue
            if type(atom.func) is Ref:
                found[atom.func.oid] = None
            spread(atom.receiver, tags, found, giving=giving)


class Base(dict[int, Obj]):
    """The heap that all states share. It knows which objects were set since that was last asked."""

    __slots__ = ("_set",)

    def __init__(self) -> None:
        super().__init__()
        self._set: set[int] = set()

    def __setitem__(self, oid: int, obj: Obj) -> None:
        self._set.add(oid)
        super().__setitem__(oid, obj)

    def adopt(self, heap: dict[int, Obj]) -> None:
        """Set all objects of a state's own heap."""
        self._set.update(heap)
        self.update(heap)

    def note(self, oid: int) -> None:
        """An object was changed in place: it counts as set."""
        self._set.add(oid)

    def newly_set(self) -> set[int]:
        """The objects that were set since this was last asked."""
        found, self._set = self._set, set()
        return found


_NOT_ENTERED = frozenset({"scope", "module", "class", "function"})
_EMPTY: tuple[Tags, tuple[int, ...]] = (NO_TAGS, ())
_LOST = Obj("opaque", open=True)
"""What stands for an object that a state was not given: nothing is known of it."""


class State:
    """A heap at one point of a run. ``gates``: what is known to hold there."""

    __slots__ = ("base", "gates", "heap", "owned")

    def __init__(self, base: dict[int, Obj], heap: dict[int, Obj] | None = None, gates: Gates = NO_GATES) -> None:
        self.base = base
        self.heap: dict[int, Obj] = {} if heap is None else heap
        self.owned: set[int] = set()
        self.gates = gates

    def fork(self) -> State:
        """A copy that changes apart from this one."""
        self.owned = set()
        return State(self.base, dict(self.heap), self.gates)

    def get(self, oid: int) -> Obj:
        """An object, to read."""
        obj = self.heap.get(oid)
        if obj is None:
            obj = self.base.get(oid)
            if obj is None:
                return _LOST
        return obj

    def edit(self, oid: int) -> Obj:
        """An object, to change."""
        if oid in self.owned:
            return self.heap[oid]
        obj = self.get(oid).copy()
        self.heap[oid] = obj
        self.owned.add(oid)
        if obj.above is not None:
            self._attach(oid, obj.above)
        return obj

    def _attach(self, oid: int, above: Above) -> None:
        """Have the owner of what was read from it hold it, as what is there now."""
        owner = self.get(above.owner)
        if owner.many or not self.has(above.owner) or not above.is_known():
            return
        held = above.held(owner)
        one = Value((ref(oid),))
        if held is None or (MISSING_ATOM in held.atoms and one.atoms[0] not in held.atoms):
            above.hold(self.edit(above.owner), one if held is None else as_read(one, held))

    def note(self, oid: int, obj: Obj) -> None:
        """Set an object that was read from an unknown one."""
        self.heap[oid] = obj
        self.owned.discard(oid)

    def put(self, oid: int, obj: Obj) -> None:
        """Set an object."""
        self.heap[oid] = obj
        self.owned.add(oid)

    def held(self, oid: int) -> frozenset[int]:
        """The objects that an object of the heap itself refers to (`Obj.references`)."""
        obj = self.heap[oid]
        if oid in self.owned:
            return obj.references()
        if obj.held is None:
            obj.held = obj.references()
        return obj.held

    def inside(self, oid: int, obj: Obj) -> tuple[Tags, tuple[int, ...]]:
        """The tags in an object, and the objects in it; scopes, modules, classes and functions are not entered."""
        if obj.kind in _NOT_ENTERED:
            return _EMPTY
        if oid in self.owned or oid not in self.heap:
            return obj.contents(giving=True)
        if obj.inside is None:
            obj.inside = obj.contents(giving=True)
        return obj.inside

    def holders(self, atom: Ref) -> list[int]:
        """The objects of the heap itself that refer to an object."""
        # Asked of every object of a state for each object that is made in a loop: a fifth of a run by calls of `held`.
        found, wanted, owned = [], atom.oid, self.owned
        for oid, obj in self.heap.items():
            if oid in owned:
                if obj.refers_to(atom):
                    found.append(oid)
                continue
            held = obj.held
            if held is None:
                held = obj.held = obj.references()
            if wanted in held:
                found.append(oid)
        return found

    def has(self, oid: int) -> bool:
        """Whether there is such an object."""
        return oid in self.heap or oid in self.base

    def replace(self, other: State) -> None:
        """Become ``other``, which is given up."""
        self.heap = other.heap
        self.owned = other.owned
        self.gates = other.gates


def join_states(left: State, right: State, *, widening: bool = False) -> State:
    """What holds behind a branch. ``widening``: literals that differ become their types, so that loops end."""
    heap = dict(left.heap)
    known = left.heap.get
    for oid, theirs in right.heap.items():
        ours = known(oid)
        if ours is theirs:
            continue
        if ours is None:
            below = left.base.get(oid)
            if below is None:
                heap[oid] = theirs
                continue
            ours = below
        heap[oid] = join_objects(ours, theirs, widening=widening)
    if not left.heap.keys() <= right.heap.keys():
        for oid, ours in left.heap.items():
            if oid not in right.heap and oid in right.base:
                heap[oid] = join_objects(ours, right.base[oid], widening=widening)
    return State(left.base, heap, left.gates & right.gates)


def join_objects(left: Obj, right: Obj, *, widening: bool = False) -> Obj:
    """Either of two states of one object."""
    if left is right or left.same(right):
        return left
    new = left.copy()
    _join_into(new.attrs, right.attrs, widening, left.kind != "scope")
    if left.kind == "scope":
        return new
    if left.items or right.items or left.rest is not None or right.rest is not None:
        _join_elements(new, left, right, widening)
    new.keys = join(left.keys, right.keys)
    new.tags = left.tags | right.tags
    new.open = left.open or right.open
    new.many = left.many or right.many
    new.cls = join(left.cls, right.cls)
    new.due = left.due | right.due
    if left.trails != right.trails:
        new.trails = tuple(dict.fromkeys((*left.trails, *right.trails)))
    if left.data != right.data and len(left.data) < len(right.data):
        new.data = right.data
    return new


def _join_into(
    into: dict[Key, Value] | dict[str, Value], other: dict[Key, Value] | dict[str, Value], widening: bool, partial: bool
) -> None:
    """Join ``other`` into ``into``; ``partial``: what only one side has may be missing."""
    ours_by_name = cast("dict[Key, Value]", into)
    for name, theirs in cast("dict[Key, Value]", other).items():
        ours = ours_by_name.get(name)
        if ours is None:
            ours_by_name[name] = join(theirs, MISSING) if partial else theirs
        elif ours is not theirs and ours != theirs:
            joined = join(ours, theirs)
            ours_by_name[name] = widen(joined) if widening else joined
    if partial:
        for name, ours in ours_by_name.items():
            if name not in other:
                ours_by_name[name] = join(ours, MISSING)


def _join_elements(new: Obj, left: Obj, right: Obj, widening: bool) -> None:
    rest = left.rest
    if right.rest is not None:
        rest = right.rest if rest is None else join(rest, right.rest)
    if left.kind in ("list", "iterator", "tuple", "set") and len(left.items) != len(right.items):
        # Lists of different lengths: only what both begin with stands at a known index.
        common = 0
        while left.kind in ("list", "tuple") and common in left.items and common in right.items:
            common += 1
        new.items = dict[Key, Value]((index, left.items[index]) for index in range(common))
        _join_into(new.items, dict[Key, Value]((index, right.items[index]) for index in range(common)), widening, False)
        for index, value in (*left.items.items(), *right.items.items()):
            if index not in new.items:
                rest = value if rest is None else join(rest, value)
    else:
        _join_into(new.items, right.items, widening, True)
    new.rest = rest


def same_states(left: State, right: State) -> bool:
    """Whether a loop has nothing new to say."""
    if left.heap.keys() != right.heap.keys() or left.gates != right.gates:
        return False
    for oid, ours in left.heap.items():
        theirs = right.heap[oid]
        if ours is not theirs and not ours.same(theirs):
            return False
    return True


def due_of(state: State, oid: int) -> frozenset[Due]:
    """Which functions owe an object, or what it was read from."""
    obj = state.get(oid)
    due = obj.due
    while obj.above is not None:
        obj = state.get(obj.above.owner)
        if obj.due:
            due = due | obj.due
    return due


def reachable(state: State, values: Iterable[Value], limit: int = 400) -> list[int]:
    """The objects that can be reached from values through what objects hold, in order; at most ``limit``."""
    found: dict[int, None] = {}
    for value in values:
        spread(value, set(), found, giving=True)
    queue = list(found)
    seen: dict[int, None] = {}
    for oid in queue:
        if oid not in seen:
            if len(seen) >= limit:
                break
            seen[oid] = None
            queue.extend(state.inside(oid, state.get(oid))[1])
    return list(seen)


def deep_tags(state: State, values: Iterable[Value], limit: int = 400) -> Tags:
    """The tags of values and of all they hold, through at most ``limit`` objects."""
    tags: set[int] = set()
    found: dict[int, None] = {}
    for value in values:
        spread(value, tags, found, giving=True)
    queue = list(found)
    seen: set[int] = set()
    for oid in queue:
        if oid not in seen:
            if len(seen) >= limit:
                break
            seen.add(oid)
            obj = state.get(oid)
            if obj.tags:
                tags |= obj.tags
            own, further = state.inside(oid, obj)
            if own:
                tags |= own
            queue.extend(further)
    return frozenset(tags)


def replace_ref(obj: Obj, old: Ref, new: Ref) -> None:
    """Let an object refer to ``new`` where it referred to ``old``."""
    for name, held in obj.attrs.items():
        if mentions(held, old):
            obj.attrs[name] = _swapped(held, old, new)
    if ObjectKey(old.oid) in obj.items:
        obj.items = {ObjectKey(new.oid) if key == ObjectKey(old.oid) else key: held for key, held in obj.items.items()}
    for key, held in obj.items.items():
        if mentions(held, old):
            obj.items[key] = _swapped(held, old, new)
    if obj.rest is not None and mentions(obj.rest, old):
        obj.rest = _swapped(obj.rest, old, new)
    if mentions(obj.keys, old):
        obj.keys = _swapped(obj.keys, old, new)
    if obj.kind in ("scope", "function"):
        renamed = slice(0, 1) if obj.kind == "scope" else slice(2, 4)
        data = list(obj.data)
        data[renamed] = [new.oid if part == old.oid else part for part in data[renamed]]
        obj.data = tuple(data)


def _swapped(value: Value, old: Ref, new: Ref) -> Value:
    atoms: list[Atom] = []
    for atom in value.atoms:
        swapped: Atom = atom
        if atom is old:
            swapped = new
        elif type(atom) is Bound and mentions(Value((atom,)), old):
            swapped = Bound(new if atom.func is old else atom.func, _swapped(atom.receiver, old, new))
        if swapped not in atoms:
            atoms.append(swapped)
    return Value(tuple(atoms), value.tags, value.when_true, value.when_false)
