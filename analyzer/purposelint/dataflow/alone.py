"""Whether code matches an entry, seen in one file alone.

An entry that nothing has matched is *stale* (PUR904) unless some code matches it. Functions that name it are run to
find that out, and running one takes the modules that it needs, and those that these need. Most entries are used
somewhere in a few lines that need no other file: ``json.dumps(rows)`` in a script, ``logger.error("...")`` in a helper.

So functions are looked for that *stand alone*: no name that matters for what is asked hangs on another file of the
project. They are run in a machine of their own for which that file is all there is. Where none other was asked
for, it has done what the whole program's would do, and what it matched is matched. If not, nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Sequence
from typing import TYPE_CHECKING

from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow.aliases import spellings
from purposelint.dataflow.byname import ByName
from purposelint.dataflow.callsites import CallSites
from purposelint.dataflow.hanging import hanging_names, is_of_project, led_to
from purposelint.dataflow.heirs import Heirs
from purposelint.dataflow.registration import Registration
from purposelint.dataflow.seeds import identifiers, owner_of
from purposelint.dataflow.slicing import Slicer
from purposelint.dataflow.values import Ref, Value
from purposelint.facts import syntax as s
from purposelint.facts.program import Program, Relaying

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_BYTES = 160_000
"""Bytes of source that are read for one pattern, the smallest files first; sizes count as the next power of two."""
MAX_FUNCTIONS = 4
"""Functions of one file that are run for one pattern, the shortest first."""
MAX_LIKELY = 3
"""Functions that matched an entry alone, though they need other files, and are run with these first."""

Root = tuple[str, int]
Probe = Callable[["Machine", Root, list[str]], object]


class OneFile(Relaying):
    """A program of which one file, and the models of libraries, can be read.

    ``asked``: the other files that were asked for.
    """

    def __init__(self, program: Program, path: str) -> None:
        super().__init__(program)
        self._path = path
        self.asked: set[str] = set()

    def facts(self, path: str) -> s.Module | None:
        """The facts of the file or of a model; None for all others."""
        if path == self._path or path.startswith("<"):
            return self.program.facts(path)
        self.asked.add(path)
        return None

    def prefetch(self, paths: Collection[str]) -> None:
        """Nothing is read ahead."""


class Alone:
    """Looks for functions that match an entry, and stand alone.

    ``probe`` runs a slice of a function for some names. Functions in ``run`` are left out: they have been run.
    """

    def __init__(self, machine: Machine, probe: Probe, run: Container[Root]) -> None:
        self._machine = machine
        self._probe = probe
        self._run = run
        self._hanging: dict[str, frozenset[str] | None] = {}
        self._likely: list[tuple[int, Root, list[str]]] = []

    def matches(self, entry: tuple[str, int], patterns: Iterable[Pattern]) -> bool:
        """Whether an entry is known to be matched by code, through one of its patterns."""
        self._likely.clear()
        return any(
            self._in_file(path, entry, identifiers(pattern)) for pattern in patterns for path in self._files(pattern)
        )

    def likely(self) -> list[tuple[Root, list[str]]]:
        """What may match the entry that was asked for last: functions and for which names, by how few files they need.

        They matched it alone, but other files were asked for.
        """
        return [(root, names) for _, root, names in sorted(self._likely)[:MAX_LIKELY]]

    def _files(self, pattern: Pattern) -> Sequence[str]:
        """The files that name what a pattern ends in, and the library, class or module that it is of."""
        program = self._machine.program
        near = nearness(self._machine, pattern)
        names = [*identifiers(pattern)[:1], *([near] if near else [])]
        return program.smallest(program.mentions(*names), MAX_BYTES) if names else ()

    def _in_file(self, path: str, entry: tuple[str, int], names: list[str]) -> bool:
        facts = self._machine.facts(path)
        if facts is None:
            return False
        parts: list[tuple[int, list[str], frozenset[str]]] = []
        for spelled in spellings(facts, names):
            for number in _naming(facts, spelled):
                part = Slicer(facts, number).of(spelled)[number]
                if (path, number) not in self._run and self._stands_alone(path, facts, facts.functions[number], part):
                    parts.append((number, spelled, frozenset(part.names)))
        for number, spelled, used in sorted(parts, key=lambda each: len(each[2]))[:MAX_FUNCTIONS]:
            program = OneFile(self._machine.program, path)
            machine = self._machine_for(program, path, used)
            self._probe(machine, (path, number), spelled)
            if entry in machine.matched:
                if not program.asked:
                    return True
                self._likely.append((len(program.asked), (path, number), spelled))
        return False

    def _machine_for(self, program: OneFile, path: str, used: Collection[str]) -> Machine:
        """A machine that has loaded one file; ``used``: the names that matter in what will be run."""
        from purposelint.dataflow.machine import Machine  # noqa: PLC0415 - it is run by what it runs

        machine = Machine(program, self._machine.annotations, self._machine.rules)
        machine.tag_sources = self._machine.tag_sources
        machine.gate_names = self._machine.gate_names
        machine.environment = _Open()
        machine.registration = _Registration(machine)
        machine.loader.load(path)
        # What was not there is to be asked for again: it did not matter while the file was loaded.
        machine.loader.runs = {each: run for each, run in machine.loader.runs.items() if run is not None}
        machine.registration, machine.heirs, machine.by_name = _Registration(machine), Heirs(machine), ByName(machine)
        machine.call_sites = _CallSites(self._machine, used)
        machine.matched.clear()
        program.asked.clear()
        return machine

    def _stands_alone(self, path: str, facts: s.Module, function: s.Function, part: s.Function) -> bool:
        """Whether nothing in a part of a function hangs on another file, as far as names tell."""
        if path not in self._hanging:
            self._hanging[path] = hanging_names(self._machine, path, facts)
        hanging = self._hanging[path]
        if hanging is None or function.name in hanging:
            return False
        return led_to(facts, function, part.names).isdisjoint(hanging)


class _Open(dict[str, list[str]]):
    """Which modules hold the settings that an environment variable names: none, for another installation has others."""

    def __contains__(self, variable: object) -> bool:
        return True

    def __missing__(self, variable: str) -> list[str]:
        return []


class _Registration(Registration):
    """As in a whole program; but who tells an object of a library something does not change what its methods are."""

    def complete(self, path: str, name: str, value: Value) -> None:
        """See `Registration.complete`."""
        base = self._machine.base
        held = [base[atom.oid] for atom in value.atoms if type(atom) is Ref and atom.oid in base]
        makers = {str(base[oid].data[0]) for obj in held for oid in obj.cls.refs() if base[oid].data}
        if not makers or any(obj.kind != "instance" for obj in held) or any(each[:1] != "<" for each in makers):
            super().complete(path, name, value)


class _CallSites(CallSites):
    """Those of the whole program, for parameters that are used; what others are given does not matter."""

    def __init__(self, machine: Machine, used: Collection[str]) -> None:
        super().__init__(machine)
        self._used = used

    def constants(self, path: str, function: s.Function, position: int) -> Value | None:
        """See `CallSites.constants`."""
        return super().constants(path, function, position) if function.params[position].name in self._used else None


def nearness(machine: Machine, pattern: Pattern) -> str:
    """What a file names that is likely to use what a pattern says: the library, or the project's class or module."""
    first = pattern.steps[0]
    if isinstance(first, NameStep) and first.name not in ("*", "**") and len(pattern.steps) > 2:
        is_own = is_of_project(machine.modules.absolute("", first.name))
        return owner_of(pattern) if is_own else first.name
    return owner_of(pattern)


def _naming(facts: s.Module, names: list[str]) -> list[int]:
    """The outermost functions that mention all of several names."""
    return [
        number
        for number, function in enumerate(facts.functions)
        if function.parent is None and names and all(map(function.mentions, names))
    ]
