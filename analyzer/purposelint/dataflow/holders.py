"""Who holds an object: the names by which code outside its own can reach it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from purposelint.dataflow.values import Ref, Value

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_HELD = 4
"""How many containers and instances may lie between an object and the name that leads to it."""


class Holders:
    """The base heap, looked at from what is held: an object is read again only when it has changed."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        # Held object -> those that hold it, or have held it.
        self._holding: defaultdict[int, set[int]] = defaultdict(set)
        self._named: dict[int, str | None] = {}

    def names(self, wanted: Mapping[int, str]) -> list[str]:
        """The names by which objects are reached; the machine remembers whose they are.

        Looked at are variables of modules and attributes of classes and of known instances, by way of containers
        and such instances too. ``wanted``: the objects' oids, and for each a name that is known already.
        """
        machine, found, seen = self._machine, set[str](), set(wanted)
        if wanted:
            self._read_changed()
        for _ in range(MAX_HELD):
            above: dict[int, str] = {}
            for holder in sorted({holder for oid in wanted for holder in self._holding.get(oid, ())}):
                obj = machine.base[holder]
                inside = False
                for name, value in obj.attrs.items():
                    known = _first_held(value, wanted)
                    if known is None:
                        continue
                    inside = True
                    if known != name and name.isidentifier() and not obj.open:
                        found.add(name)
                        machine.note_home(name, holder)
                if holder in seen or obj.open or obj.kind in ("module", "class", "scope"):
                    continue
                elements = (*obj.items.values(), *(() if obj.rest is None else (obj.rest,)))
                if inside or any(_first_held(value, wanted) is not None for value in elements):
                    above[holder] = ""
            seen.update(above)
            wanted = above
        return sorted(found)

    def attribute(self, oid: int) -> str | None:
        """The one name by which classes have an object as their attribute."""
        if oid not in self._named:
            self._read_changed()
            classes = [self._machine.base[each] for each in sorted(self._holding.get(oid, ()))]
            names = {
                name
                for obj in classes
                if obj.kind == "class"
                for name, value in obj.attrs.items()
                if oid in value.refs()
            }
            self._named[oid] = names.pop() if len(names) == 1 else None
        return self._named[oid]

    def reread(self, oid: int) -> None:
        """An object was changed in place."""
        self._machine.base.note(oid)

    def _read_changed(self) -> None:
        base, holding = self._machine.base, self._holding
        for oid in base.newly_set():
            obj = base.get(oid)
            if obj is None:
                continue
            for value in (*obj.attrs.values(), *obj.items.values(), *(() if obj.rest is None else (obj.rest,))):
                for atom in value.atoms:
                    if type(atom) is Ref:
                        holding[atom.oid].add(oid)


def _first_held(value: Value, wanted: Mapping[int, str]) -> str | None:
    for atom in value.atoms:
        if type(atom) is Ref and atom.oid in wanted:
            return wanted[atom.oid]
    return None
