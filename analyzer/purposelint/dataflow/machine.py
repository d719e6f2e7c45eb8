"""The interpreter's world: modules, functions, the base heap, instances and what was met on the way.

The machine loads a module when a name of it is first used, and runs a function when it is
called with a shape of input that was not seen before. It knows no order of work: see
`purposelint.dataflow.roots` for what is run and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence

from purposelint.config.model import Annotations
from purposelint.dataflow.byname import ByName
from purposelint.dataflow.callsites import CallSites
from purposelint.dataflow.conventions import Conventions
from purposelint.dataflow.deferred import Deferred
from purposelint.dataflow.definitions import Definitions
from purposelint.dataflow.filling import Filling
from purposelint.dataflow.flows import Place
from purposelint.dataflow.frame import Frame, Instance
from purposelint.dataflow.graph import GraphBuilder
from purposelint.dataflow.heap import (
    Base,
    Obj,
    State,
    join_objects,
    reachable,
    replace_ref,
)
from purposelint.dataflow.heirs import Heirs
from purposelint.dataflow.holders import Holders
from purposelint.dataflow.invocation import MAX_DEPTH, Invocations
from purposelint.dataflow.loading import Loader
from purposelint.dataflow.matching import Rules
from purposelint.dataflow.registration import Registration
from purposelint.dataflow.seeds import Seeds, gives_nothing
from purposelint.dataflow.shapes import Shapes
from purposelint.dataflow.sites import Sites
from purposelint.dataflow.trials import Trials
from purposelint.dataflow.values import (
    Tags,
    Trail,
    Value,
    ref,
)
from purposelint.facts.program import Program
from purposelint.facts.syntax import Expr, Function, Module
from purposelint.link.modules import Modules

MAX_TURNS = 24


class Machine:
    """Runs code on abstract values; collects the graph and the sites of sources, sinks and comparisons."""

    def __init__(self, program: Program, annotations: Annotations, rules: Rules | None = None) -> None:
        self.program = program
        self.annotations = annotations
        self.modules = Modules(program.paths)
        self.models = {model.module: model for model in annotations.models}
        self.graph = GraphBuilder()
        self.sites = Sites()
        self.base = Base()
        self.functions: dict[tuple[str, int], int] = {}
        self.classes: dict[tuple[str, int], int] = {}
        self.ran: set[tuple[str, int]] = set()
        self.stack: list[Instance] = []
        self.parents: dict[int, int] = {}
        self.tag_sources: dict[tuple[str, int], int] = {}
        self.shapes = Shapes(self)
        self.by_name = ByName(self)
        self.heirs = Heirs(self)
        self.holders = Holders(self)
        self.registration = Registration(self)
        self.filling = Filling(self)
        self.call_sites = CallSites(self)
        self.conventions = Conventions(program, annotations.conventions)
        # The heirs of a method's class for which it is run as a root (`texts`).
        self.receivers: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.provided: dict[str, list[tuple[str, str, int, str]]] = {}
        # What was found out about tests that are asked again, by file, first and last statement (`correlation`).
        self.correlated: dict[tuple[str, int, int], int] = {}
        # What methods declare of attributes, by file, number of the class and name (`declared`).
        self.declared: dict[tuple[str, int, str], tuple[Expr, Function] | None] = {}
        # The annotations of functions' variables, by file and number (`hints.assigned`).
        self.annotated: dict[tuple[str, int], dict[str, Expr]] = {}
        # Types that stand in strings, by text and place (`hints`).
        self.quoted: dict[tuple[str, int], Expr | None] = {}
        self.environment: dict[str, list[str]] = {}
        self.handlers: list[tuple[Value, tuple[str, int], bool]] = []
        # What leads back by a name: the keyword that says so and the name -> class objects and their fields.
        self.relations: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self.deferred = Deferred(self)
        self.loader = Loader(self)
        self.invocations = Invocations(self)
        self.yield_points: dict[tuple[str, int, str], frozenset[int]] = {}
        # The modules from which a module has all names: `from shop import *`.
        self.starred: defaultdict[str, set[str]] = defaultdict(set)
        self._sought: set[str] = set()
        self.steps = 0
        self.cut = 0
        self.left_out = 0
        # Instance -> those that have called it; None: nobody asks.
        self.called_by: defaultdict[int, set[int]] | None = None
        self.seeds = Seeds(program, annotations)
        self.gate_names: frozenset[str] = frozenset()
        self.leaking: set[tuple[str, int]] = set()
        self.leaking_names: set[str] = set()
        self.skipped: set[tuple[str, int]] = set()
        self.seeking: set[tuple[str, int]] = set()
        self.matched: set[tuple[str, int]] = set()
        self.undecided: set[tuple[str, int]] = set()
        # Roots at which the interpreter itself has failed, and how.
        self.failures: dict[tuple[str, int], str] = {}
        self.published: set[str] = set()
        # Name -> the modules and classes whose it is: their names, and the files that define them.
        self.homes: dict[str, set[str]] = {}
        self.home_files: dict[str, set[str]] = {}
        self.sourced: set[tuple[str, int]] = set()
        self.resolved_calls = 0
        self.unknown_calls = 0
        # What code has stored into: attributes of shared objects, and the origins of what was made by reading them.
        self.stored: set[tuple[int, str]] = set()
        self.stored_into: set[int] = set()
        self._oids: dict[Hashable, int] = {}
        self._defined_as: dict[tuple[str, str], tuple[Trail, ...]] = {}
        self._sites: dict[Hashable, int] = {}
        # Where functions of models are called, by site.
        self.called_at: dict[int, Place] = {}
        self._registered: set[tuple[str, str]] = set()
        self._silent: dict[tuple[str, int], bool] = {}
        self.trials: Trials | None = None
        self.definitions = definitions = Definitions(self)
        self.rules = rules or Rules(annotations, definitions.defined, definitions.canonical_steps, definitions.hides)

    # --- names of things ---------------------------------------------------------

    def oid(self, key: Hashable) -> int:
        """The name of the object with a key."""
        number = self._oids.get(key)
        if number is None:
            number = self._oids[key] = len(self._oids) + 1
        return number

    def site(self, key: Hashable) -> int:
        """The number of a call site."""
        return self._sites.setdefault(key, len(self._sites))

    def free_oid(self, state: State, key: tuple[object, ...], *, looping: bool, beside: Obj | None = None) -> int:
        """The name of a new object of a key. Where the key's object is there, it is retired in a loop; elsewhere

        the same place runs a second time in one state (a callback, a handler), and the new object has another name.
        ``beside``: what is not in the state yet, and may refer to the one that is retired.
        """
        oid = self.oid(key)
        if not state.has(oid):
            return oid
        if not looping:
            for turn in range(1, MAX_TURNS):
                other = self.oid((key, turn))
                if not state.has(other):
                    return other
        self.retire(state, oid, beside)
        return oid

    def retire(self, state: State, oid: int, beside: Obj | None = None) -> None:
        """Make room for a new object of the same place: the old one becomes one of many."""
        atom = ref(oid)
        old = self.oid(("many", oid))
        self.steps += len(state.heap) // 16
        holders = state.holders(atom)
        held_beside = beside is not None and beside.refers_to(atom)
        if not holders and not held_beside:
            return
        retired = state.get(oid).copy()
        if state.has(old):
            retired = join_objects(state.get(old), retired, widening=True)
            retired = retired.copy()
        retired.many = True
        retired.above = None
        state.put(old, retired)
        for holder in holders:
            obj = state.edit(holder if holder != oid else old)
            replace_ref(obj, atom, ref(old))
        if beside is not None and held_beside:
            replace_ref(beside, atom, ref(old))

    # --- modules -----------------------------------------------------------------

    def facts(self, path: str) -> Module | None:
        """The facts of a file of the project or of a library model (``<queue>``)."""
        if path.startswith("<"):
            return self.program.facts(path) if path[1:-1] in self.models else None
        return self.program.facts(path)

    def model_path(self, name: str) -> str | None:
        """The pseudo path of the model that stands for a library module."""
        return f"<{name}>" if name in self.models else None

    # --- names of definitions --------------------------------------------------------

    def import_target(self, importer: str, module: str, level: int) -> str | None:
        """The file (or ``folder/``) that an import statement's module means; None: not in the project."""
        if importer.startswith("<"):
            return self.model_path(module)
        if level:
            return self.modules.relative(importer, level, module)
        return self.modules.absolute(importer, module) or self.model_path(module)

    def trails_of_definition(self, path: str, qualname: str) -> tuple[Trail, ...]:
        """The dotted names of something that a file defines. Worked out once: they follow from the project's paths."""
        known = self._defined_as.get((path, qualname))
        if known is None:
            known = self._defined_as[(path, qualname)] = self._trails_of_definition(path, qualname)
        return known

    def _trails_of_definition(self, path: str, qualname: str) -> tuple[Trail, ...]:
        parts = tuple(part for part in qualname.split(".") if part != "<locals>")
        if path.startswith("<"):
            return ((*path[1:-1].split("."), *parts),)
        return tuple((*name.split("."), *parts) for name in self.modules.names_of(path))

    # --- sites ---------------------------------------------------------------------

    def add_source(self, source: int, place: Place, node: int) -> None:
        """Note that data of a source enters at a place."""
        if self.invocations.probing:
            self.invocations.came_up()
        self.matched.add(("source", source))
        self.sites.add_source(source, place, node)

    def note_sourced(self, path: str, function: int | None) -> None:
        """Note that data of a source enters in a function, and so in those around it."""
        facts = self.facts(path)
        while facts is not None and function is not None and (path, function) not in self.sourced:
            self.sourced.add((path, function))
            function = facts.functions[function].parent

    def add_sink(
        self, sink: int, instance: Instance, place: Place, nodes: Tags, gates: frozenset[int], retention: float | None
    ) -> None:
        """Note that a declared sink is given tagged data."""
        if self.invocations.probing:
            self.invocations.came_up()
        self.sites.add_sink(sink, instance.number, place, nodes, gates, retention)

    # --- instances -----------------------------------------------------------------

    def run_alone(self, func: int) -> None:
        """Run a function on unknown inputs for what it leaves in unknown instances, and in what outlives its run."""
        from purposelint.dataflow.publishing import publish  # noqa: PLC0415
        from purposelint.dataflow.running import run_function  # noqa: PLC0415

        if len(self.stack) < MAX_DEPTH:
            with self.invocations.whole():
                frame, _ = run_function(self, func)
            publish(self, frame)

    def run_for(self, func: int, name: str) -> None:
        """Run what matters for a name in a function, on unknown inputs, for what it leaves in what outlives its run."""
        from purposelint.dataflow.publishing import publish  # noqa: PLC0415
        from purposelint.dataflow.running import run_function  # noqa: PLC0415

        path, number = self.base[func].data[:2]
        if len(self.stack) < MAX_DEPTH:
            steps, self.steps = self.steps, 0
            with self.invocations.sliced(str(path), int(number), [name]):  # type: ignore[call-overload]
                frame, _ = run_function(self, func)
            publish(self, frame)
            self.steps = steps

    def register(self, oid: int, verbs: Sequence[str]) -> None:
        """Run what names an object that module-level variables hold together with one of some verbs."""
        from purposelint.dataflow.running import run_root  # noqa: PLC0415

        for name in self.holders.names({oid: ""}):
            for verb in verbs:
                if (name, verb) in self._registered:
                    continue
                self._registered.add((name, verb))
                for path in self.program.mentions(name, verb):
                    run = self.loader.load(path)
                    for number, function in enumerate(run.facts.functions if run is not None else ()):
                        if function.parent is None and function.mentions(name) and function.mentions(verb):
                            with self.invocations.sliced(path, number, [verb]):
                                run_root(self, (path, number), None)

    def seek(self, name: str) -> None:
        """Note that something is looked for under a name in a module or class (`Program.sought`)."""
        if name not in self._sought:
            self._sought.add(name)
            self.program.sought(name)

    def go_through(self, obj: Obj) -> None:
        """Note that all that a module or class has is looked at, whatever its name is."""
        queue = [str(obj.data[0])] if obj.kind in ("module", "class") and obj.data else []
        for path in queue:
            facts = self.facts(path) if not path.endswith("/") else None
            if facts is not None:
                facts.gone_through()
            queue.extend(other for other in sorted(self.starred.get(path, ())) if other not in queue)

    def located(self, name: str) -> Value | None:
        """What is at a dotted path: of the project, or of a library's model."""
        module, _, last = name.replace(":", ".").rpartition(".")
        path = (self.modules.absolute("", module) or self.model_path(module)) if module else None
        return self.loader.module_attribute(path, last) if path is not None else None

    def run_naming(self, verb: str) -> None:
        """Run, once, the functions that mention a method by which things are registered."""
        from purposelint.dataflow.running import run_root  # noqa: PLC0415

        if ("", verb) in self._registered:
            return
        self._registered.add(("", verb))
        steps = self.steps
        for path in self.program.mentions(verb):
            run = self.loader.load(path)
            for number, function in enumerate(run.facts.functions if run is not None else ()):
                if function.parent is None and function.mentions(verb):
                    with self.invocations.sliced(path, number, [verb]):
                        run_root(self, (path, number), None)
        self.steps = steps

    def note_home(self, name: str, owner: int) -> None:
        """Remember whose name it is: who reads it mentions the module or class too, or stands in its file."""
        obj = self.base.get(owner)
        if obj is not None and obj.trails and obj.kind in ("module", "class"):
            self.homes.setdefault(name, set()).add(str(obj.trails[0][-1]))
            if obj.data and isinstance(obj.data[0], str) and obj.data[0][:1] != "<":
                self.home_files.setdefault(name, set()).add(obj.data[0])

    # --- new versions of files -----------------------------------------------------

    def forget(self, numbers: Collection[int]) -> list[tuple[str, int]]:
        """Forget some instances of functions, and the data that went through them; gives the roots among them."""
        gone = self.invocations.forget(numbers)
        lost = self.graph.forget(numbers)
        self.sites.forget(numbers, lost)
        return [
            (instance.path, instance.function)
            for instance in gone
            if instance.name == "<root>" and instance.function is not None
        ]

    def forget_definitions(self, functions: Collection[tuple[str, int]]) -> None:
        """Forget what was read off the text of some functions."""
        paths = {path for path, _ in functions}
        self.declared = {key: found for key, found in self.declared.items() if key[0] not in paths}
        self.shapes.forget_texts({oid for (path, _), oid in self.classes.items() if path in paths})
        for known in (self._silent, self.annotated):
            for each in functions:
                known.pop(each, None)
        for noted in (self.ran, self.leaking, self.skipped, self.seeking, self.sourced):
            noted.difference_update(functions)
        self.invocations.forget_texts(functions)
        self.deferred.forget_texts()

    def is_hot_name(self, name: str) -> bool:
        """Whether what is read by a name of an object of unknown type may be data, or a function that gives some."""
        return (
            name in self.seeds.names
            or name in self.gate_names
            or name in self.published
            or name in self.leaking_names
            or name in self.shapes.tagged
        )

    def note_leaking(self, definition: tuple[str, int], name: str) -> None:
        """Note that a function gives away data."""
        self.leaking.add(definition)
        self.leaking_names.add(name)

    def is_hot(self, definition: tuple[str, int], function: Function) -> bool:
        """Whether a function may read or give away data, or answers for a gate, whatever it is given."""
        return (
            definition in self.leaking
            or definition in self.seeking
            or self.seeds.named_by(definition[0], function)
            or not self.gate_names.isdisjoint(function.names)
            or not self.published.isdisjoint(function.names)
        )

    def may_meet(self, definition: tuple[str, int], function: Function) -> bool:
        """Whether a function may read data, or call what gives some, by what it names."""
        return self.is_hot(definition, function) or any(
            not known.isdisjoint(function.names) for known in (self.leaking_names, self.shapes.tagged)
        )

    def gives_hot(self, frame: Frame, values: list[Value]) -> bool:
        """Whether a call is handed a function that may read or give away data."""
        for oid in reachable(frame.state, values, 60):
            obj = frame.get(oid)
            if obj.kind == "function":
                path, number = str(obj.data[0]), int(obj.data[1])  # type: ignore[call-overload]
                facts = self.facts(path)
                if facts is not None and self.is_hot((path, number), facts.functions[number]):
                    return True
        return False

    def gives_nothing(self, definition: tuple[str, int], function: Function) -> bool:
        """Whether a function returns nothing, whatever happens in it."""
        known = self._silent.get(definition)
        if known is None:
            known = self._silent[definition] = gives_nothing(function)
        return known
