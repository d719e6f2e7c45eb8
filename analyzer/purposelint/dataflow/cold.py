"""Calls that no tagged data goes into: what they give back, worked out once for each function.

Such calls matter for the types, functions and literals that they give. A root follows its first
ones exactly (`MAX_COLD` steps of it); behind that a function is run once on arguments of which
only their annotations are known, and what it gives is made anew for each caller. Functions that name a source or a
gate, or are known to give away data, are never called so, nor are those whose result cannot be
made anew (closures, and whatever carries data), nor those that store into what they are given: constructors, setters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from purposelint.dataflow.heap import Obj, State, deep_tags, reachable
from purposelint.dataflow.values import UNKNOWN, Atom, Bound, Ref, Value, ref, some

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame
    from purposelint.dataflow.machine import Machine

MAX_COLD = 300
"""Steps of a root behind which calls without tagged data are not run for themselves any more."""
MAX_INSIDE = 400
"""Steps that a function is run for, to know what it gives."""
MAX_PORTED = 3
"""Objects inside one another that are made anew with what they hold."""
MAX_OBJECTS = 40

_RECORDS = frozenset({"instance", "opaque", "list", "tuple", "dict", "set", "iterator", "text", "slice"})


@dataclass(frozen=True, slots=True)
class Given:
    """What a function gives on arguments of which nothing is known: values, and the state that holds their objects."""

    values: tuple[Value, ...]
    in_order: bool
    state: State


class Cold:
    """What functions give, by file and number."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[tuple[str, int], Given | None] = {}

    def result(self, frame: Frame, func: int, at: int) -> tuple[Value, tuple[Value, ...], bool] | None:
        """What a call returns and yields, and whether the latter is in order; None where it must be run for itself."""
        path, number = frame.get(func).data[:2]
        definition = (str(path), int(number))  # type: ignore[call-overload]
        if definition not in self._known:
            # While it runs, calls of itself inside are of unknown result.
            self._known[definition] = Given((UNKNOWN,), False, frame.state)
            self._known[definition] = self._run(func, definition)
        given = self._known[definition]
        if given is None:
            return None
        copy = _Copy(frame, given.state, at, definition)
        values = [copy.value(value, 0) for value in given.values]
        frame.implicit.add("*")
        return values[0], tuple(values[1:]), given.in_order

    def _run(self, func: int, definition: tuple[str, int]) -> Given | None:
        from purposelint.dataflow.machine import MAX_STEPS  # noqa: PLC0415
        from purposelint.dataflow.roots import host, outcome_of  # noqa: PLC0415

        machine = self._machine
        if func not in machine.base:
            return None
        steps, machine.steps = machine.steps, MAX_STEPS - MAX_INSIDE
        frame, _ = host(machine, *definition)
        try:
            with machine.whole():
                values, in_order = outcome_of(frame, func)
        finally:
            machine.steps = steps
        given = list(frame.given)
        if deep_tags(frame.state, [*values, *given]) or not _is_portable(frame.state, values):
            return None
        if any(frame.get(oid).origin in machine.stored_into for oid in reachable(frame.state, given)):
            return None
        return Given(tuple(values), in_order, frame.state)


def _is_portable(state: State, values: list[Value]) -> bool:
    """Whether all that values hold can be made anew."""
    seen: set[int] = set()
    queue = list(values)
    while queue:
        for atom in queue.pop().atoms:
            if type(atom) is Bound:
                queue.append(atom.receiver)
                atom = atom.func  # noqa: PLW2901
            if type(atom) is not Ref or atom.oid in state.base or atom.oid in seen:
                continue
            obj = state.get(atom.oid)
            if obj.kind not in _RECORDS or len(seen) > MAX_OBJECTS:
                return False
            seen.add(atom.oid)
            queue.extend(obj.values())
            queue.append(obj.cls)
    return True


class _Copy:
    """Makes what a function gives anew in a caller's state."""

    def __init__(self, frame: Frame, state: State, at: int, definition: tuple[str, int]) -> None:
        self._frame = frame
        self._state = state
        self._at = at
        self._definition = definition
        self._made: dict[int, int] = {}

    def value(self, value: Value, depth: int) -> Value:
        """A value of the caller's."""
        atoms: list[Atom] = []
        for atom in value.atoms:
            if type(atom) is Bound:
                func = self._atom(atom.func, depth)
                new: Atom = Bound(func, self.value(atom.receiver, depth)) if isinstance(func, Ref) else atom
            else:
                new = self._atom(atom, depth)
            if new not in atoms:
                atoms.append(new)
        return Value(tuple(atoms))

    def _atom(self, atom: Atom, depth: int) -> Atom:
        if type(atom) is not Ref or atom.oid in self._state.base:
            return atom
        if atom.oid in self._made:
            return ref(self._made[atom.oid])
        if depth > MAX_PORTED:
            return some("")
        theirs = self._state.get(atom.oid)
        new = Obj(theirs.kind, cls=theirs.cls, open=theirs.open, trails=theirs.trails, data=theirs.data)
        new.origin = theirs.origin
        oid = self._frame.allocate(self._at, new, ("cold", self._definition, len(self._made)))
        self._made[atom.oid] = oid
        mine = self._frame.edit(oid)
        mine.many = theirs.many
        mine.attrs = {name: self.value(held, depth + 1) for name, held in theirs.attrs.items()}
        mine.items = {key: self.value(held, depth + 1) for key, held in theirs.items.items()}
        mine.rest = None if theirs.rest is None else self.value(theirs.rest, depth + 1)
        mine.keys = self.value(theirs.keys, depth + 1)
        return ref(oid)
