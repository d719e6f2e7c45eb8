"""One run of one function body: what the interpreter carries from statement to statement."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from purposelint.dataflow.flows import Place
from purposelint.dataflow.heap import Obj, State
from purposelint.dataflow.values import MOST_ATOMS, NO_GATES, NO_TAGS, UNKNOWN, Gates, Tags, Value
from purposelint.facts.syntax import Class, Function, Module

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

T = TypeVar("T")


class Unreachable(Exception):
    """The rest of the statement does not run: something in it always raises."""


class Tagged(Exception):
    """Tagged data has come up where it was only asked whether it does: see `Machine.probe`."""


@dataclass(slots=True)
class Arguments:
    """The arguments of a call; ``refs`` stand beside ``positional`` and ``keywords`` (-1: no place of its own).

    ``rest``: further positional ones, not known how many; ``extra``: values of keywords that are not known.
    """

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    rest: Value | None = None
    extra: Value | None = None
    refs: list[int] = field(default_factory=list)
    keyword_refs: dict[str, int] = field(default_factory=dict)

    def all(self) -> list[Value]:
        """Every value given."""
        values = [*self.positional, *self.keywords.values()]
        if self.rest is not None:
            values.append(self.rest)
        if self.extra is not None:
            values.append(self.extra)
        return values

    def first(self) -> Value:
        """The first positional one; where it is missing or not known, what may stand there."""
        return self.positional[0] if self.positional else self.rest or UNKNOWN

    def ref_of(self, position: int, default: int) -> int:
        """The place of a positional argument."""
        ref = self.refs[position] if position < len(self.refs) else -1
        return default if ref < 0 else ref

    def shifted(self, first: Value) -> Arguments:
        """The same with one more argument in front."""
        return Arguments(
            [first, *self.positional], self.keywords, self.rest, self.extra, [-1, *self.refs], self.keyword_refs
        )


Exit = tuple[Value, State]


@dataclass(slots=True)
class Leaving:
    """One way out of an instance: values, the heap as the callee leaves it, and which given objects it changed."""

    values: tuple[Value, ...]
    state: State
    changed: tuple[int, ...]


@dataclass(slots=True)
class Outcome:
    """What a run of an instance gives.

    ``returned`` is None where no way leads to a normal end; its first value is what is returned,
    the others what is yielded: one by one in order when ``in_order``, else one that stands for all.
    ``raised`` joins what leaves by exceptions, ``implicit`` names those that may leave without being raised in so many
    words (`Frame.implicit`).
    """

    returned: Leaving | None = None
    raised: Leaving | None = None
    in_order: bool = True
    implicit: frozenset[str] = frozenset()


class Instance:
    """A function (or module body) run with one kind of input."""

    __slots__ = (
        "began",
        "cells",
        "entries",
        "function",
        "gates",
        "here",
        "inside",
        "name",
        "number",
        "outcome",
        "path",
        "provisional",
        "recursive",
        "running",
        "settled",
        "stale",
    )

    def __init__(self, number: int, path: str, function: int | None, name: str) -> None:
        self.number = number
        self.path = path
        self.function = function
        self.name = name
        self.outcome: Outcome | None = None
        self.entries: list[int] = []
        self.running = False
        # How many calls inside one another have nothing to do with data, up to this one: see `Machine.invoke`.
        self.inside = 0
        self.provisional = False
        self.recursive = False
        self.stale = False
        # What is put off in it is not asked for any more.
        self.settled = False
        # How many steps its root had done before, where not all could be run that it calls; else 0.
        self.began = 0
        self.cells: set[object] = set()
        self.here: Place | None = None
        self.gates: Gates = NO_GATES


class Frame:
    """The run of one instance.

    ``state`` is what holds here; not ``live``: no way leads here. ``returns``, ``raises`` and the
    loops' lists collect the other ways out of the statement at hand. ``implicit`` names the
    exceptions that the statement at hand may raise without saying so (``*``: any). A ``stepping`` generator
    stops at its next yield; ``resuming`` holds the yields at which it goes on, as long as none was reached.
    """

    __slots__ = (
        "apart",
        "assumed",
        "breaks",
        "class_oid",
        "cls",
        "continues",
        "copying",
        "decorated",
        "function",
        "given",
        "given_away",
        "implicit",
        "instance",
        "live",
        "loops",
        "machine",
        "module",
        "path",
        "raises",
        "resuming",
        "returns",
        "scope",
        "self_value",
        "sent",
        "state",
        "step",
        "stepping",
        "suspended",
        "taken",
        "thrown",
        "trying",
        "turn",
        "writing",
        "yields",
    )

    def __init__(
        self, machine: Machine, path: str, module: Module, function: Function | None, instance: Instance, state: State
    ) -> None:
        self.machine = machine
        self.path = path
        self.module = module
        self.function = function
        self.instance = instance
        self.state: State = state
        self.live = True
        self.scope = -1
        self.cls: int | None = None
        self.class_oid = -1
        self.self_value: Value | None = None
        self.decorated: tuple[tuple[str, int, bool], ...] = ()
        # The functions that were made here and given to decorators that may have kept them.
        self.given_away: list[int] = []
        self.returns: list[Exit] = []
        self.raises: list[Exit] = []
        self.breaks: list[State] = []
        self.continues: list[State] = []
        self.yields = -1
        self.sent: Value = UNKNOWN
        self.stepping = False
        self.suspended: list[Exit] = []
        self.resuming: frozenset[int] = frozenset()
        self.thrown: Value | None = None
        # What was last read by a name that is not known: the value, of what, and what it is where there is none.
        self.taken: tuple[Value, Value, Value | None] | None = None
        # The call that is run, where it is ``setattr(a, name, getattr(b, name))``.
        self.copying = -1
        self.loops = 0
        self.step = 0
        self.trying = 0
        self.turn = 0
        self.implicit: set[str] = set()
        self.given: tuple[Value, ...] = ()
        self.writing = 0
        # Tests that were decided, and how; and how many branches are run apart here.
        self.assumed: dict[Hashable, bool] = {}
        self.apart = 0

    # --- places and nodes -------------------------------------------------------

    def place(self, ref: int) -> Place:
        """The place of a syntax node of this function; of what calls it, where it is a model that says so."""
        return self.instance.here or Place(self.path, ref)

    def gates_for(self, owners: frozenset[int]) -> frozenset[int]:
        """The gates that hold here for data that belongs to ``owners``."""
        gates = self.state.gates
        if not gates:
            return frozenset()
        return frozenset(index for index, tied in gates if tied == 0 or tied in owners)

    def node(self, ref: int, note: str, tags: Tags, slot: object = "") -> int:
        """A node for data that comes to a place from ``tags``."""
        graph = self.machine.graph
        owners: frozenset[int] = frozenset()
        for tag in tags:
            owners |= graph.owners[tag]
        number = graph.node(
            (self.instance.number, ref, note, slot), self.place(ref), note, self.gates_for(owners), owners
        )
        graph.edges(tags, number)
        return number

    def derived(self, ref: int, note: str, tags: Tags) -> Tags:
        """The tags of something made from tagged data."""
        return frozenset((self.node(ref, note, tags),)) if tags else NO_TAGS

    # --- objects ----------------------------------------------------------------

    def allocate(self, ref: int, obj: Obj, slot: object = "") -> int:
        """A new object made at a place; the one made there before becomes one of many."""
        machine = self.machine
        if not obj.origin:
            obj.origin = machine.oid(("made", self.path, ref, obj.kind))
        key = (self.instance.number, ref, slot, self.step if self.loops else 0, self.turn)
        oid = machine.free_oid(self.state, key, looping=self.loops > 0, beside=obj)
        self.state.put(oid, obj)
        return oid

    def one_by_one(self, things: Sequence[T]) -> Iterator[T]:
        """Several things that one value may be: what is made for one at a place is not what is made for another."""
        before = self.turn
        try:
            for index, thing in enumerate(things):
                self.turn = before * MOST_ATOMS + index
                yield thing
        finally:
            self.turn = before

    def get(self, oid: int) -> Obj:
        """An object, to read."""
        # Asked millions of times: most lie in the state's own heap.
        return self.state.heap.get(oid) or self.state.get(oid)

    def edit(self, oid: int) -> Obj:
        """An object, to change."""
        return self.state.edit(oid)

    def note_store(self, oid: int, name: str = "") -> None:
        """Note that code stores into an object: what unknown objects are only read for is nothing that they keep."""
        machine = self.machine
        if oid in machine.base:
            machine.stored.add((oid, name))
        else:
            machine.stored_into.add(self.state.get(oid).origin)

    @property
    def cls_facts(self) -> Class | None:
        """The class in whose body the function stands."""
        if self.function is None or self.function.cls is None:
            return None
        return self.module.classes[self.function.cls]
