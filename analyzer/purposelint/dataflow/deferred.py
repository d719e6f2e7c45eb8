"""Calls that are put off until it matters what they give.

Most calls of a program have nothing to do with the data that is followed: none goes into them, and none is known to
come out. What they give back matters all the same where data meets it: a client that is handed an address, a row of
which an address is read. So such a call is *put off*: its result, and what it may store into its arguments (`Stores`),
is an unknown object that remembers which function *owes* it (`Obj.due`). What is read from the object is owed by the
same function. Where data meets it (`Deferred.need`), the function is *needed* there: it is run from now on, and the one
that has the object is begun again (`Needed`). What nobody needs is never run.

Not put off is what may read, give away or answer for data whatever it is given, what is handed such a function, or
what data is called where attributes are read by their names,
closures, what the models of libraries do, what modules do when they are loaded, and functions so short that they cost
less than doubt (docs/decisions/0008).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from purposelint.dataflow import types
from purposelint.dataflow.heap import Due, Obj, deep_tags, due_of, reachable
from purposelint.dataflow.stores import ANYTHING, ELEMENTS, Stores
from purposelint.dataflow.texts import BY_NAME
from purposelint.dataflow.transfer import owed_outside
from purposelint.dataflow.values import MISSING, NONE, Const, Ref, Value, join
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame, Instance
    from purposelint.dataflow.machine import Machine
    from purposelint.facts.syntax import Function

Definition = tuple[str, int]

MAX_SLIGHT = 40
"""Syntax nodes of a function that is run at once."""
MAX_INSIDE = 2
"""Slight functions inside one another that are."""
MAX_AGAIN = 40
"""How often one function is begun again; behind that, what it owes stays unknown."""
MAX_LOOKED = 60
"""Objects that what is handed over leads to, that are looked at for whether they are owed."""


class Needed(Exception):
    """It matters what functions give that were put off. ``due`` says which, as the function that is run knows them."""

    def __init__(self, due: frozenset[Due]) -> None:
        super().__init__()
        self.due = due

    def own(self) -> frozenset[Due]:
        """What was put off here, and not by a caller."""
        return frozenset(each for each in self.due if each.path)


class Deferred:
    """Which functions are needed, and what was put off because others are not."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._stores = Stores()
        self._slight: dict[Definition, bool] = {}
        self._needed: set[Due] = set()
        self._owing: defaultdict[Due, list[Instance]] = defaultdict(list)
        self._seen: set[str] = set()
        self.put_off = 0

    def forget_texts(self) -> None:
        """Forget what was read off the text of functions: it has changed."""
        self._stores = Stores()
        self._slight.clear()

    def is_needed(self, frame: Frame, definition: Definition, function: Function, inside: int) -> bool:
        """Whether a function is run at once. ``inside``: how many slight ones are run inside one another already."""
        if Due(*definition, _place(frame)) in self._needed:
            return True
        if inside >= MAX_INSIDE:
            return False
        slight = self._slight.get(definition)
        if slight is None:
            slight = self._slight[definition] = sum(1 for _ in nodes(function.body)) <= MAX_SLIGHT
        return slight

    def result(
        self, frame: Frame, func: int, function: Function, given: dict[str, Value], at: int
    ) -> tuple[Value, tuple[Value, ...], bool] | None:
        """What stands for what a call gives: as `Machine.invoke`. None: it must be run, since it may store anything."""
        path, number = frame.get(func).data[:2]
        definition = (str(path), int(number))  # type: ignore[call-overload]
        stores = self._stores.of(frame, func, given)
        if any(ANYTHING in steps for steps in stores.values()) or self._is_told(frame, str(path), given):
            return None
        self.put_off += 1
        due = frozenset((Due(*definition, _place(frame)),))
        for name, steps in stores.items():
            if name in given:
                for step in sorted(steps):
                    self._unsettle(frame, given[name], step, due, at)
        frame.implicit.add("*")
        if self._machine.gives_nothing(definition, function):
            return NONE, (), False
        given_back = owed(frame, at, ("owed", *definition), due)
        return given_back, (given_back,) if function.is_generator else (), False

    def _is_told(self, frame: Frame, path: str, given: dict[str, Value]) -> bool:
        """Whether a function is handed what data may be called, in a file where attributes are read by texts."""
        facts = self._machine.facts(path)
        if facts is None or not any(map(facts.mentions, BY_NAME)):
            return False
        return any(self._machine.is_hot_name(text) for value in given.values() for text in _texts(frame, value))

    def _unsettle(self, frame: Frame, value: Value, step: str, due: frozenset[Due], at: int) -> None:
        """Have what a call may store into its argument be unknown, and owed."""
        for oid in value.refs():
            obj = frame.get(oid)
            if oid in frame.state.base or obj.kind in ("class", "module", "function"):
                continue
            if step == ELEMENTS and obj.kind not in ("list", "dict", "set", "instance"):
                continue
            new = owed(frame, at, ("owed", *due, step, oid), due)
            mine = frame.edit(oid)
            frame.note_store(oid, step)
            if step == ELEMENTS:
                mine.rest = new if mine.rest is None else join(mine.rest, new)
                if mine.kind == "dict":
                    mine.keys = join(mine.keys, types.STRING)
            else:
                held = mine.attrs.get(step, MISSING if mine.open else None)
                mine.attrs[step] = new if held is None else join(held, new)

    # --- what is owed, and when it matters ----------------------------------------------------

    def need(self, frame: Frame, due: frozenset[Due]) -> None:
        """It matters what is owed. Raises `Needed`, except where that has not helped before."""
        if due and not frame.instance.settled:
            raise Needed(due)

    def need_of(self, frame: Frame, values: Iterable[Value]) -> None:
        """It matters what values are, and what they lead to."""
        if not frame.instance.settled:
            due: frozenset[Due] = frozenset()
            for oid in reachable(frame.state, values, MAX_LOOKED):
                due |= due_of(frame.state, oid)
            self.need(frame, due)

    def read(self, frame: Frame, oid: int, name: str) -> None:
        """Something is read of an unknown object: it matters what that is where data may be called so."""
        due = due_of(frame.state, oid)
        if due and not frame.instance.settled:
            if self._machine.is_hot_name(name):
                raise Needed(due)
            self._seen.add(name)

    def stored(self, frame: Frame, oid: int, value: Value) -> None:
        """Something is stored into an object: it matters what the one is if the other is data or outlives the run."""
        if frame.instance.settled:
            return
        if oid in frame.state.base:
            self.need(frame, owed_by(frame, value))
        elif frame.get(oid).kind == "opaque":
            due = due_of(frame.state, oid)
            if due and deep_tags(frame.state, (value,)):
                raise Needed(due)

    def was_read(self, name: str) -> bool:
        """Whether something of a name was read of what is owed, and it did not matter."""
        return name in self._seen

    def provide(self, needed: Needed, caller: Frame, names: dict[int, int]) -> bool:
        """Have what is needed be there when a function is begun again; whether that can be.

        Where it was the caller that was given what is owed, the caller is begun again: raises `Needed`. ``names``: how
        the function knows what the caller has given it.
        """
        own = needed.own()
        if not own:
            due = owed_outside(needed.due, caller.state, {inner: outer for outer, inner in names.items()})
            if due:
                self.need(caller, due)
            return False
        self.want(own)
        return True

    def want(self, due: frozenset[Due]) -> None:
        """Functions are needed: they are run from now on, and so is what has given what they owe."""
        self._needed |= due
        for each in due:
            for instance in self._owing.pop(each, ()):
                if not instance.running:
                    instance.outcome = None

    def note(self, instance: Instance, objects: Iterable[Obj]) -> None:
        """An instance has given objects, of which some may be owed."""
        for each in frozenset().union(*(obj.due for obj in objects)):
            if each.path:
                self._owing[each].append(instance)


def _texts(frame: Frame, value: Value) -> Iterator[str]:
    """The texts that a value is, or that a list, tuple or set has."""
    for atom in value.atoms:
        if type(atom) is Const and isinstance(atom.value, str):
            yield atom.value
        elif type(atom) is Ref and frame.get(atom.oid).kind in ("list", "tuple", "set"):
            for held in frame.get(atom.oid).items.values():
                constant = held.const()
                if constant is not None and isinstance(constant.value, str):
                    yield constant.value


def _place(frame: Frame) -> tuple[str, int | None]:
    return frame.instance.path, frame.instance.function


def owed(frame: Frame, at: int, slot: object, due: frozenset[Due]) -> Value:
    """An unknown object that is owed."""
    made = types.opaque(frame, at, slot)
    for oid in made.refs():
        frame.edit(oid).due = due
    return made


def meet(frame: Frame, values: list[Value]) -> frozenset[Due]:
    """Which functions owe what an operator is given. Where data is among it, they are needed."""
    due = frozenset[Due]() if frame.instance.settled else owed_by(frame, *values)
    if due and deep_tags(frame.state, values):
        raise Needed(due)
    return due


def made_of(frame: Frame, at: int, slot: object, values: list[Value]) -> Value | None:
    """What stands for what an operator makes of something that is owed, which is owed as well; None: nothing is."""
    due = meet(frame, values)
    return owed(frame, at, ("owed", slot), due) if due else None


def owed_by(frame: Frame, *values: Value | None) -> frozenset[Due]:
    """Which functions owe what values are."""
    due: frozenset[Due] = frozenset()
    for oid in _oids(values):
        due |= due_of(frame.state, oid)
    return due


def _oids(values: Iterable[Value | None]) -> Iterator[int]:
    for value in values:
        if value is not None:
            yield from value.refs()
