"""What is known of a few files at once, and again whenever one of them changes.

A run of a whole project starts at all places that name a source. For an editor that is too much: what matters at once
is the file that is typed in. `Nearby` runs what names a source there, keeps the machine, and when a function changes
runs again what had called it. What is found so is a part of what a whole run finds.

Words used here
---------------
*near*, *far*
    The files that are asked about; functions elsewhere from which data is known to come to them, or to which it goes.
*touched*
    Of an instance: it, or one that it called, runs code that has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from purposelint.config.model import Annotations
from purposelint.dataflow import results
from purposelint.dataflow.byname import ByName
from purposelint.dataflow.callsites import CallSites
from purposelint.dataflow.flows import Place
from purposelint.dataflow.frame import Instance
from purposelint.dataflow.heirs import Heirs
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.roots import Driver
from purposelint.dataflow.running import Root
from purposelint.dataflow.solve import GraphFlows
from purposelint.dataflow.tags import with_tags
from purposelint.facts.program import Program
from purposelint.facts.walking import nodes

MAX_FAR = 12
"""Functions elsewhere that are run, since data comes from them to a file that is asked about; as many for where

its own data goes.
"""


class Nearby:
    """A machine that has run what matters in some files of a program, and is kept.

    The program's files may get new versions, whose numbers and refs must be those of the old ones as far as they say
    the same (`purposelint.facts.aligning`); `changed` is to be called for each.
    """

    def __init__(self, program: Program, annotations: Annotations) -> None:
        annotations, tag_sources = with_tags(program, annotations)
        self.annotations = annotations
        self._machine = Machine(program, annotations)
        self._machine.tag_sources = tag_sources
        self._machine.called_by = defaultdict(set)
        self._driver = _Driver(self._machine)

    def look_at(self, path: str, earlier: GraphFlows | None) -> None:
        """Run what names a source in a file, and what its data comes from and goes to according to an earlier run."""
        self._driver.near.add(path)
        if earlier is not None and earlier.sources:
            self._driver.far.update(_connected(self._machine, earlier, path))
        self._driver.run_near((path,))

    def changed(self, path: str, functions: Collection[int], removed: Collection[int], *, rearranged: bool) -> None:
        """Run again what had called ``functions`` of a file; those ``removed`` are gone.

        ``rearranged``: its top level or a class has changed, too.
        """
        machine = self._machine
        self._driver.near.add(path)
        touched = self._touched(path, {*functions, *removed})
        modules = {each.path for each in touched if each.function is None}
        again = machine.forget({each.number for each in touched if each.function is not None})
        machine.forget_definitions({(path, number) for number in (*functions, *removed)})
        machine.by_name, machine.heirs, machine.call_sites = ByName(machine), Heirs(machine), CallSites(machine)
        for number in removed:
            machine.functions.pop((path, number), None)
        facts, run = machine.facts(path), machine.loader.runs.get(path)
        if facts is None:
            return
        if rearranged or path in modules:
            machine.loader.reload(path)
        elif run is not None:
            run.facts = facts
        self._driver.run_again(path, functions, again)

    def flows(self) -> GraphFlows:
        """What has been found so far."""
        return results.flows(self._machine, self.annotations)

    def _touched(self, path: str, functions: Collection[int]) -> list[Instance]:
        """The instances that run functions of a file, or have called one that does."""
        machine = self._machine
        assert machine.called_by is not None
        touched = {
            each.number for each in machine.invocations.instances() if each.path == path and each.function in functions
        }
        waiting = list(touched)
        while waiting:
            for caller in machine.called_by.pop(waiting.pop(), ()):
                if caller not in touched:
                    touched.add(caller)
                    waiting.append(caller)
        return [each for each in machine.invocations.instances() if each.number in touched]


class _Driver(Driver):
    """Runs what is near, and nothing else."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.near: set[str] = set()
        self.far: set[Root] = set()
        self._again: set[Root] | None = None

    def run_near(self, paths: Collection[str]) -> None:
        """Run what names a source in some files, and what is `far`."""
        self._add_sources(paths)
        self._add_all(sorted(self.far))
        self._work()

    def run_again(self, path: str, functions: Collection[int], roots: Iterable[Root]) -> None:
        """Run roots again, and functions of a file that may be new ones."""
        facts = self._machine.facts(path)
        assert facts is not None
        self._outermost.pop(path, None)
        changed = {(path, number) for number in functions}
        again = [root for root in dict.fromkeys((*roots, *changed)) if self._runs.get(root)]
        for root in (*again, *changed):
            self._runs.pop(root, None)
            self._passed.discard(root)
        self._asked -= {f"{path}:{facts.functions[number].qualname}" for number in functions}
        self._derived = 0
        self._again = {*again, *changed}
        self._add_sources((path,))
        self._add_all(again)
        self._again = None
        self._work()

    def _add_all(self, roots: Iterable[Root]) -> None:
        self._level = 0
        for root in roots:
            self._add(root)

    def _add(self, root: Root) -> None:
        near = root[0] in self.near or root in self.far
        if near and (self._again is None or root in self._again):
            super()._add(root)

    def _seek(self, root: Root) -> None:
        """Who calls a function that names a source is asked of a whole program only."""


def _connected(machine: Machine, flows: GraphFlows, path: str) -> set[Root]:
    """The functions elsewhere through which data comes to a file, and those through which data of the file goes.

    The nearest of both.
    """
    graph = flows.graph
    own = [node for node in graph if flows.hop(node).place.path == path]
    found: set[Root] = set()
    for adjacent in (graph.pred, graph.succ):
        level, seen, far = own, set(own), dict[Root, None]()
        while level and len(far) < MAX_FAR:
            level = sorted({other for node in level for other in adjacent[node]} - seen)
            seen.update(level)
            roots = (_outermost(machine, flows.hop(node).place) for node in level)
            far.update((root, None) for root in roots if root is not None and root[0] != path)
        found.update(list(far)[:MAX_FAR])
    return found


def _outermost(machine: Machine, place: Place) -> Root | None:
    """The outermost function in which a node stands."""
    facts = machine.facts(place.path) if not place.is_modelled else None
    if facts is None:
        return None
    # Refs are in the order of the file: the function begins before what stands in it.
    begun = [number for number, each in enumerate(facts.functions) if each.parent is None and each.ref <= place.ref]
    for number in sorted(begun, key=lambda number: -facts.functions[number].ref):
        function = facts.functions[number]
        if any(getattr(node, "ref", -1) == place.ref for node in nodes(function, facts)):
            return place.path, number
    return None
