"""The interpreter's world: modules, functions, the base heap, instances and what was met on the way.

The machine loads a module when a name of it is first used, and runs a function when it is
called with a shape of input that was not seen before. It knows no order of work: see
`purposelint.dataflow.roots` for what is run and why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from purposelint.config.model import Annotations
from purposelint.dataflow import failing, outcomes
from purposelint.dataflow.byname import ByName
from purposelint.dataflow.callsites import CallSites
from purposelint.dataflow.deferred import MAX_AGAIN, Deferred, Needed
from purposelint.dataflow.definitions import Definitions
from purposelint.dataflow.filling import Filling
from purposelint.dataflow.flows import Place
from purposelint.dataflow.frame import Frame, Instance, Leaving, Outcome, Tagged, Unreachable
from purposelint.dataflow.graph import Edge, GraphBuilder
from purposelint.dataflow.heap import (
    Base,
    Obj,
    State,
    deep_tags,
    join_objects,
    reachable,
    replace_ref,
)
from purposelint.dataflow.heirs import Heirs
from purposelint.dataflow.holders import Holders
from purposelint.dataflow.matching import Rules
from purposelint.dataflow.registration import Registration
from purposelint.dataflow.seeds import Seeds, gives_nothing
from purposelint.dataflow.shapes import Shapes
from purposelint.dataflow.sites import Sites
from purposelint.dataflow.slicing import Slicer
from purposelint.dataflow.transfer import Homecoming, View, Viewer, bind_entries, entry_tags, retagged
from purposelint.dataflow.trials import Trials
from purposelint.dataflow.values import (
    NONE,
    NOTHING,
    External,
    Lazy,
    Ref,
    Tags,
    Trail,
    Value,
    external,
    join,
    join_all,
    ref,
)
from purposelint.facts.program import Program
from purposelint.facts.syntax import Compare, Expr, Function, If, Module, Name, Statement
from purposelint.facts.walking import nodes
from purposelint.link.modules import Modules

MAX_SHAPES = 32
"""Shapes of input that are told apart for one function; what comes after is made coarser."""
MAX_COARSE = 96
"""Coarse shapes of one function behind which the literals of arguments are forgotten too; behind twice as many, cut."""
MODEL_SHAPES = 4_000
"""More of them for functions of library models: these are short, and the whole program shares them."""
MAX_ROUNDS = 8
"""Runs of a recursive function until its result stays the same."""
MAX_NEW = 80
"""Objects that a call gives back one by one; more are told apart by where they were made only."""
MAX_RESULTS = 8
"""Nodes made in a callee that one value brings home one by one; more come home as one node."""
MAX_TURNS = 24
MAX_DEPTH = 60
MAX_SAME = 7
"""How often a function may stand on the stack before its input is made coarser."""
MAX_EXACT = 300
"""Statements run for one root behind which calls without data are put off (`purposelint.dataflow.deferred`), in a

project of at most `MAX_SMALL` files; in larger ones all are.
"""
MAX_SMALL = 100
MAX_STEPS = 5_000
"""Statements run for one root; behind it, calls are treated as unknown."""


@dataclass(slots=True)
class ModuleRun:
    """A module of the project: its object, and its frame while its body runs."""

    path: str
    facts: Module
    oid: int
    frame: Frame | None = None
    done: bool = False
    # What its statements have changed that was there before: how often, and at which time each object was.
    version: int = 0
    changed: dict[int, int] = field(default_factory=dict)


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
        self.runs: dict[str, ModuleRun | None] = {}
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
        self.conventions = {
            name: convention.type
            for convention in reversed(annotations.conventions)
            if convention.pack is None or program.is_mentioned(convention.type.partition(".")[0])
            for name in convention.names
        }
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
        # The modules that are being loaded.
        self._loading: list[ModuleRun] = []
        self._exact = MAX_EXACT if len(program.paths) <= MAX_SMALL else 0
        self.yield_points: dict[tuple[str, int, str], frozenset[int]] = {}
        # The modules from which a module has all names: `from shop import *`.
        self.starred: defaultdict[str, set[str]] = defaultdict(set)
        self._sought: set[str] = set()
        self._following: set[tuple[str, str]] = set()
        self._read: list[tuple[str, str, Value]] = []
        self.steps = 0
        self._above = 0
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
        # While slices are run: they, by definition; the instances made for them; whether only to see if data comes up.
        self._slices: dict[tuple[str, int], Function] | None = None
        self._probing = False
        self._sliced: list[Hashable] = []
        self._slicers: dict[tuple[str, int], Slicer] = {}
        self._oids: dict[Hashable, int] = {}
        self._defined_as: dict[tuple[str, str], tuple[Trail, ...]] = {}
        self._sites: dict[Hashable, int] = {}
        # Where functions of models are called, by site.
        self.called_at: dict[int, Place] = {}
        self._instances: dict[Hashable, Instance] = {}
        # What functions gave when they were run as roots, by file and number, and in which instance.
        self._alone: dict[tuple[str, int], tuple[Instance, Outcome | None]] = {}
        self._numbered = 0
        self._shapes: dict[tuple[str, int | None, Place | None], int] = {}
        self._registered: set[tuple[str, str]] = set()
        self._silent: dict[tuple[str, int], bool] = {}
        self._provisional: list[Instance] = []
        self._recursed: set[int] = set()
        self._captured: dict[tuple[str, int], frozenset[str]] = {}
        self.trials: Trials | None = None
        definitions = Definitions(self)
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

    def module_oid(self, path: str) -> int:
        """The object of a module (or of a namespace package's folder, ``path/``)."""
        oid = self.oid(("module", path))
        if oid not in self.base:
            names = self.modules.names_of(path) if not path.startswith("<") else (path[1:-1],)
            trails = tuple(tuple(name.split(".")) for name in names)
            self.base[oid] = Obj("module", data=(path,), trails=trails)
        return oid

    def load(self, path: str) -> ModuleRun | None:
        """A module, run when it is first asked for; None when it cannot be read."""
        if path in self.runs:
            return self.runs[path]
        facts = self.facts(path)
        if facts is None:
            self.runs[path] = None
            return None
        run = self.runs[path] = ModuleRun(path, facts, self.module_oid(path))
        instance = self._instance(("module", path), path, None, "<module>")
        instance.settled = True
        frame = Frame(self, path, facts, None, instance, State(self.base))
        frame.scope = run.oid
        run.frame = frame
        # A module is loaded once for all: whoever asks first has no say in how far.
        steps, self.steps = self.steps, 0
        above, self._above = self._above, len(self.stack)
        self.stack.append(instance)
        self._loading.append(run)
        changed: set[int] = set()
        try:
            from purposelint.dataflow import declared  # noqa: PLC0415 - the interpreter is one knot
            from purposelint.dataflow.statements import execute_block  # noqa: PLC0415 - the interpreter is one knot

            with self.whole():
                for statement in facts.body:
                    if not frame.live:
                        break
                    execute_block(frame, (statement,))
                    if _is_main(statement):
                        # The file as a program: what it has under way ends with it.
                        for oid in self.registries() & frame.state.heap.keys():
                            del frame.state.heap[oid]
                    changed |= self._note_changed(run, frame)
                    self._commit(frame)
                declared.complete(frame)
        finally:
            self.stack.pop()
            self._loading.pop()
            self.steps, self._above = steps, above
            run.frame = None
            run.done = True
        self._commit(frame)
        self._note_tagged(run)
        self._note_filled(changed)
        return run

    def registries(self) -> set[int]:
        """The lists in which models of the library note what is under way: they end with the run."""
        models = [run.oid for run in self.runs.values() if run is not None and run.path.startswith("<")]
        held = [oid for model in models for value in self.base[model].attrs.values() for oid in value.refs()]
        return {oid for oid in held if self.base[oid].kind == "list"}

    def _note_tagged(self, run: ModuleRun) -> None:
        """Variables and class attributes that module-level code fills with tagged data: who reads them matters."""
        state = State(self.base)
        module = self.base[run.oid]
        for name, value in list(module.attrs.items()):
            if deep_tags(state, (value,)):
                self.published.add(name)
                self.note_home(name, run.oid)
            for oid in value.refs():
                obj = self.base[oid]
                if obj.kind == "class":
                    tagged = [key for key, held in obj.attrs.items() if deep_tags(state, (held,))]
                    # Who names the class may reach them without naming them: by iteration, `vars`, a method.
                    self.published.update(tagged, [name] if tagged else [])
                    for attribute in (*tagged, name):
                        self.note_home(attribute, oid)
                elif obj.kind == "function" and _holds_tagged(state, oid):
                    self.published.add(name)
                    self.note_home(name, run.oid)

    def _note_filled(self, changed: set[int]) -> None:
        """Containers and instances that module-level code has put tagged data into, of other modules too."""
        for oid in sorted(changed):
            obj = self.base[oid]
            if obj.kind in ("list", "dict", "set", "instance") and deep_tags(State(self.base), obj.values()):
                self.published.update(self.holders.names({oid: ""}))

    def _note_changed(self, run: ModuleRun, frame: Frame) -> set[int]:
        """The objects that a statement of a module has stored into and that were there before.

        Functions do not show what they find in them by their arguments: those that ran before may give something else.
        """
        stored = frame.state.heap.keys() & self.base.keys()
        differing = [oid for oid in stored if _differs(self.base[oid], frame.state.heap[oid])]
        if differing:
            run.version += 1
            run.changed.update(dict.fromkeys(differing, run.version))
        return stored

    def _version(self, frame: Frame, path: str, function: Function, given: dict[str, Value]) -> tuple[str, int] | None:
        """As of when a call sees what the module that is being loaded has changed; None: as it was in the beginning.

        What the module itself defines may see all of it. Of other modules, a function sees what it is given, what the
        module's functions see that it is given, and the variables of its own that it names.
        """
        run = self._loading[-1] if self._loading else None
        if run is None or not run.version:
            return None
        version = run.version
        if path != run.path:
            module = self.module_oid(path)
            version = run.changed.get(module, 0)
            own = self.base[module].attrs
            named = [own[name] for name in function.names if name in own]
            for oid in reachable(frame.state, [*given.values(), *named]):
                obj = frame.get(oid)
                if obj.kind == "function" and obj.data[0] == run.path:
                    version = run.version
                version = max(version, run.changed.get(oid, 0))
        return (run.path, version) if version else None

    def _commit(self, frame: Frame) -> None:
        """What module-level code has done so far is seen by everything that is run from it."""
        self.base.adopt(frame.state.heap)
        frame.state.heap = {}
        frame.state.owned = set()

    def facts(self, path: str) -> Module | None:
        """The facts of a file of the project or of a library model (``<queue>``)."""
        if path.startswith("<"):
            return self.program.facts(path) if path[1:-1] in self.models else None
        return self.program.facts(path)

    def model_path(self, name: str) -> str | None:
        """The pseudo path of the model that stands for a library module."""
        return f"<{name}>" if name in self.models else None

    def module_attribute(self, path: str, name: str) -> Value | None:
        """What a module's name holds; None when the module does not define it."""
        self.seek(name)
        run = None if path.endswith("/") else self.load(path)
        if run is not None:
            obj = (run.frame.state if run.frame is not None else State(self.base)).get(run.oid)
            value = obj.attrs.get(name)
            if value is not None:
                if path[:1] != "<":
                    self._read.append((path, name, value))
                return self.settled(value)
        child = self.modules.child(path, name) if not path.startswith("<") else self.model_path(f"{path[1:-1]}.{name}")
        if child is not None:
            return Value((ref(self.module_oid(child)),))
        return None

    def settled(self, value: Value) -> Value:
        """A value with its lazy imports followed."""
        if not any(type(atom) is Lazy for atom in value.atoms):
            return value
        result = NOTHING
        for atom in value.atoms:
            if type(atom) is Lazy:
                found = self.follow(atom)
                result = join(result, found)
            else:
                result = join(result, Value((atom,)))
        return Value(result.atoms, value.tags | result.tags)

    def follow(self, atom: Lazy) -> Value:
        """What an import brings."""
        if not atom.name:
            return Value((ref(self.module_oid(atom.path)),))
        key = (atom.path, atom.name)
        name = atom.path[1:-1] if atom.path.startswith("<") else self.modules.name_of(atom.path)
        if key in self._following:
            # A package that imports a module of its own: `from . import records`.
            child = self.modules.child(atom.path, atom.name) if atom.path[:1] != "<" else None
            if child is not None:
                return Value((ref(self.module_oid(child)),))
            return Value((external((*name.split("."), atom.name)),))
        self._following.add(key)
        try:
            found = self.module_attribute(atom.path, atom.name)
        finally:
            self._following.discard(key)
        while self._read and not self._following:
            # What registers imports the same name: not before this import is through.
            read = self._read.pop()
            self.registration.complete(*read)
            if self.filling.complete(*read) and read[:2] == key:
                found = self.settled(self.base[self.module_oid(atom.path)].attrs.get(atom.name, read[2]))
        if found is None:
            return Value((external((*name.split("."), atom.name)),))
        return found

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
        if self._probing:
            self._came_up()
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
        if self._probing:
            self._came_up()
        self.sites.add_sink(sink, instance.number, place, nodes, gates, retention)

    # --- instances -----------------------------------------------------------------

    def _instance(self, key: Hashable, path: str, function: int | None, name: str) -> Instance:
        instance = self._instances.get(key)
        if instance is None:
            instance = self._instances[key] = Instance(self._numbered, path, function, name)
            self._numbered += 1
        return instance

    def root_instance(self, path: str, function: int) -> Instance:
        """The instance in which a root is called."""
        return self._instance(("root", path, function), path, function, "<root>")

    def run_alone(self, func: int) -> None:
        """Run a function on unknown inputs for what it leaves in unknown instances, and in what outlives its run."""
        from purposelint.dataflow.publishing import publish  # noqa: PLC0415
        from purposelint.dataflow.running import run_function  # noqa: PLC0415

        if len(self.stack) < MAX_DEPTH:
            with self.whole():
                frame, _ = run_function(self, func)
            publish(self, frame)

    def run_for(self, func: int, name: str) -> None:
        """Run what matters for a name in a function, on unknown inputs, for what it leaves in what outlives its run."""
        from purposelint.dataflow.publishing import publish  # noqa: PLC0415
        from purposelint.dataflow.running import run_function  # noqa: PLC0415

        path, number = self.base[func].data[:2]
        if len(self.stack) < MAX_DEPTH:
            steps, self.steps = self.steps, 0
            with self.sliced(str(path), int(number), [name]):  # type: ignore[call-overload]
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
                    run = self.load(path)
                    for number, function in enumerate(run.facts.functions if run is not None else ()):
                        if function.parent is None and function.mentions(name) and function.mentions(verb):
                            with self.sliced(path, number, [verb]):
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
        return self.module_attribute(path, last) if path is not None else None

    def run_naming(self, verb: str) -> None:
        """Run, once, the functions that mention a method by which things are registered."""
        from purposelint.dataflow.running import run_root  # noqa: PLC0415

        if ("", verb) in self._registered:
            return
        self._registered.add(("", verb))
        steps = self.steps
        for path in self.program.mentions(verb):
            run = self.load(path)
            for number, function in enumerate(run.facts.functions if run is not None else ()):
                if function.parent is None and function.mentions(verb):
                    with self.sliced(path, number, [verb]):
                        run_root(self, (path, number), None)
        self.steps = steps

    @contextmanager
    def sliced(self, path: str, number: int, names: Iterable[str], *, probing: bool = False) -> Iterator[None]:
        """Run only what matters for names of a function that is run inside.

        ``probing``: and only until tagged data comes up; then the run ends there. Raises `Tagged`.
        """
        facts = self.facts(path)
        assert facts is not None
        before = self._slices, self._probing, self._sliced
        slicer = self._slicers.get((path, number))
        if slicer is None:
            slicer = self._slicers[(path, number)] = Slicer(facts, number)
        self._slices = {(path, each): function for each, function in slicer.of(names).items()}
        self._probing, self._sliced = probing, []
        try:
            yield
        finally:
            for key in self._sliced:
                del self._instances[key]
            self._slices, self._probing, self._sliced = before

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Run what is run inside for itself, and not for what slices are run for."""
        before = self._slices, self._probing
        self._slices, self._probing = None, False
        try:
            yield
        finally:
            self._slices, self._probing = before

    def _came_up(self) -> None:
        for instance in (*self.stack, *self._provisional):
            instance.outcome = None
            instance.provisional = instance.stale = False
        self._provisional.clear()
        self._recursed.clear()
        raise Tagged

    def note_home(self, name: str, owner: int) -> None:
        """Remember whose name it is: who reads it mentions the module or class too, or stands in its file."""
        obj = self.base.get(owner)
        if obj is not None and obj.trails and obj.kind in ("module", "class"):
            self.homes.setdefault(name, set()).add(str(obj.trails[0][-1]))
            if obj.data and isinstance(obj.data[0], str) and obj.data[0][:1] != "<":
                self.home_files.setdefault(name, set()).add(obj.data[0])

    def recover(self, depth: int) -> None:
        """Go on after a mistake of the interpreter: what was under way above ``depth`` on the stack has no outcome."""
        del self.stack[depth:]
        for instance in self._provisional:
            instance.outcome = None
            instance.provisional = instance.stale = False
        self._provisional.clear()
        self._recursed.clear()

    def forget_outcomes(self) -> None:
        """Have every function run again when it is next called: what they may read has changed."""
        for instance in self._instances.values():
            if not instance.running:
                instance.outcome = None

    # --- new versions of files -----------------------------------------------------

    def instances(self) -> Collection[Instance]:
        """All that are known."""
        return self._instances.values()

    def forget(self, numbers: Collection[int]) -> list[tuple[str, int]]:
        """Forget some instances of functions, and the data that went through them; gives the roots among them."""
        gone = {key: each for key, each in self._instances.items() if each.number in numbers}
        for key in gone:
            del self._instances[key]
        lost = self.graph.forget(numbers)
        self.sites.forget(numbers, lost)
        return [
            (instance.path, instance.function)
            for instance in gone.values()
            if instance.name == "<root>" and instance.function is not None
        ]

    def forget_definitions(self, functions: Collection[tuple[str, int]]) -> None:
        """Forget what was read off the text of some functions."""
        paths = {path for path, _ in functions}
        self.declared = {key: found for key, found in self.declared.items() if key[0] not in paths}
        self.shapes.forget_texts({oid for (path, _), oid in self.classes.items() if path in paths})
        for known in (self._captured, self._silent, self._slicers, self._alone, self.annotated):
            for each in functions:
                known.pop(each, None)
        for noted in (self.ran, self.leaking, self.skipped, self.seeking, self.sourced):
            noted.difference_update(functions)
        self._shapes = {key: count for key, count in self._shapes.items() if key[:2] not in functions}
        self.deferred.forget_texts()

    def reload(self, path: str) -> ModuleRun | None:
        """Run a module's body again. What it defines keeps its name, as far as it is defined by the same nodes."""
        run = self.runs.pop(path, None)
        if run is not None:
            instance = self._instance(("module", path), path, None, "<module>")
            made = [oid for key, oid in self._oids.items() if type(key) is tuple and key[0] == instance.number]
            for oid in (run.oid, *made):
                self.base.pop(oid, None)
            for defined in (self.functions, self.classes):
                for each in [each for each in defined if each[0] == path]:
                    del defined[each]
        return self.load(path)

    def captured(self, path: str, function: int) -> frozenset[str]:
        """The local names of a function that its nested functions use."""
        key = (path, function)
        names = self._captured.get(key)
        if names is None:
            facts = self.facts(path)
            assert facts is not None
            used: set[str] = set()
            for nested in facts.functions:
                if nested.parent == function:
                    used.update(nested.names)
                    used.update(nested.nonlocals)
            names = self._captured[key] = frozenset(used)
        return names

    def invoke(
        self, frame: Frame, func: int, given: dict[str, Value], at: int, through: dict[str, int], sent: Value | None
    ) -> tuple[Value, tuple[Value, ...], bool]:
        """Run a function with bound arguments in the heap of a frame.

        Returns what it returns, what it yields, and whether the latter is in order. Raises
        `Unreachable` where it never returns. ``through``: the sink nodes of arguments, by parameter.
        """
        path, number, scope, cls = frame.get(func).data[:4]
        assert isinstance(path, str)
        assert isinstance(number, int)
        assert isinstance(scope, int)
        assert isinstance(cls, int)
        facts = self.facts(path)
        assert facts is not None
        function = facts.functions[number]
        sliced = None if self._slices is None else self._slices.get((path, number))
        if sliced is not None:
            function = sliced
        depth = sum(1 for running in self.stack if running.function == number and running.path == path)
        here = frame.place(at) if path.startswith("<") and "here" in function.names else None
        shapes = self._shapes.get((path, number, here), 0)
        # What is so short costs little, and may be how everybody asks for something by name: `return _all.get(name)`.
        more = MODEL_SHAPES if path.startswith("<") or len(function.body) == 1 else 0
        coarse = shapes > MAX_SHAPES + more or depth > MAX_SAME
        inside = self._inside(frame, (path, number), function, given, scope, sent)
        if inside > 0 and not self.deferred.is_needed(frame, (path, number), function, inside - 1):
            owed = self.deferred.result(frame, func, function, given, at)
            if owed is not None:
                self.skipped.add((path, number))
                return owed
            inside = 0
        viewer, ranges = self._view(frame, function, given, scope, cls, sent, coarse, shapes > MAX_COARSE + more)
        view = viewer.view
        self.steps += 1 + len(view.heap) // 4
        if here is None and path.startswith("<") and self._takes_sink(frame, view):
            here = frame.place(at)
        gates = viewer.gates(frame.state.gates)
        if self._probing and view.marks:
            self._came_up()
        version = self._version(frame, path, function, given) if self._loading else None
        key: Hashable = (path, number, here, coarse, gates, tuple(view.key), sliced is not None, version)
        instance = self._instances.get(key)
        if instance is None:
            # What answers for a gate is looked into for longer, else what it permits would be told.
            # So are models: they are short, and without them data comes out of the wrong things.
            modelled = path.startswith("<")
            most = MAX_STEPS if self.gate_names.isdisjoint(function.names) and not modelled else 2 * MAX_STEPS
            if self.steps > most or len(self.stack) - self._above > MAX_DEPTH or shapes > 2 * MAX_COARSE + more:
                self.cut += 1
                return self._cut_off(frame, (path, number), function, given, at)
            if sliced is None:
                self._shapes[(path, number, here)] = shapes + 1
            else:
                self._sliced.append(key)
            instance = self._instance(key, path, number, function.name)
            instance.here = here
            instance.gates = gates
        while len(instance.entries) < len(view.marks):
            instance.entries.append(self._entry(instance, function, len(instance.entries), ranges))
        if frame.instance.name == "<root>" and instance.began > 2 * self.steps and not instance.running:
            # It was run by a root that had done much before, and calls were cut for that.
            instance.outcome = None
        if instance.outcome is None or instance.stale:
            if instance.running:
                self._recursed.add(instance.number)
                instance.recursive = True
                self._mark_provisional(instance)
            else:
                instance.inside = inside
                self._run(instance, facts, function, func, view.heap, viewer, scope, frame, sent)
        elif instance.running:
            instance.recursive = True
            self._recursed.add(instance.number)
            self._mark_provisional(instance)
        if self.called_by is not None:
            self.called_by[instance.number].add(frame.instance.number)
        site = self.site((frame.instance.number, at, instance.number))
        if path.startswith("<"):
            self.called_at[site] = frame.place(at)
        for index, marked in enumerate(view.marks):
            tags = marked
            sink_node = through.get(ranges[index], -1) if index < len(ranges) else -1
            if frame.state.gates:
                tags = frozenset((frame.node(at, "handed over", tags, ("gated", index)),))
            self.graph.edges(tags, instance.entries[index], Edge("call", site, sink_node))
        if frame.instance.name == "<root>" and (frame.instance.path, frame.instance.function) == (path, number):
            self._alone[(path, number)] = (instance, instance.outcome)
        return self._come_home(frame, instance, view.names, view.marks, at, site)

    def _cut_off(
        self, frame: Frame, definition: tuple[str, int], function: Function, given: dict[str, Value], at: int
    ) -> tuple[Value, tuple[Value, ...], bool]:
        """What is taken to come out of a call that is not followed: the data that it is given as such.

        A function that has been run as a root gives the data that it has given then, in the same containers. What types
        other objects have was worked out for arguments of no known type, and says nothing of these.
        """
        if self.gives_nothing(definition, function):
            return NONE, (), False
        facts = self.facts(definition[0])
        read = {node.name for node in nodes(function.body, facts) if type(node) is Name}
        used = {name: value for name, value in given.items() if name in read}
        unknown = self._unknown_outcome(frame, used, at, function.name)
        instance, outcome = self._alone.get(definition, (None, None))
        if instance is None or outcome is None or outcome.returned is None:
            return unknown, (unknown,) if function.is_generator else (), False
        left = outcomes.without_types(outcome.returned)
        site = self.site((frame.instance.number, at, instance.number))
        result, *yielded = self._apply(frame, frame.state, instance, left, {}, [], at, site)
        if deep_tags(frame.state, [unknown]):
            yielded = [join_all([unknown, *yielded])] if function.is_generator else []
            return join(result, unknown), tuple(yielded), False
        return result, tuple(yielded), outcome.in_order

    def _takes_sink(self, frame: Frame, view: View) -> bool:
        """Whether a model is given a function that may be a sink: it is used where the model is called."""
        for part in dict.fromkeys(each for each in view.key if type(each) is External or type(each) is Ref):
            name: object = part.trail[-1] if type(part) is External else ""
            if type(part) is Ref:
                obj = view.heap.get(part.oid) or self.base.get(part.oid)
                if obj is None or obj.kind != "function" or str(obj.data[0]).startswith("<"):
                    continue
                facts = self.facts(str(obj.data[0]))
                name = "" if facts is None else facts.functions[int(obj.data[1])].name  # type: ignore[call-overload]
            if isinstance(name, str) and any(rule.kind == "sink" for rule in self.rules.call(name)):
                return True
        return False

    def _inside(
        self,
        frame: Frame,
        definition: tuple[str, int],
        function: Function,
        given: dict[str, Value],
        scope: int,
        sent: Value | None,
    ) -> int:
        """How many calls inside one another have nothing to do with data, with this one; 0 if it has.

        That is when no tagged data goes into a call, and none is known to come out of it.
        """
        if (
            self.steps < self._exact
            or self._loading
            or definition[0].startswith("<")
            or sent is not None
            or scope != -1
        ):
            return 0
        if frame.instance.name in ("<root>", "<module>") or self.is_hot(definition, function):
            return 0
        values = list(given.values())
        if deep_tags(frame.state, values) or self.gives_hot(frame, values):
            return 0
        if any(self._holds_data_for(frame.state, obj, function) for obj in self._shared_changes(frame)):
            return 0
        return frame.instance.inside + 1

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

    def _shared_changes(self, frame: Frame) -> Iterator[Obj]:
        """The objects of the base heap that a state has changed."""
        base = frame.state.base
        return (obj for oid, obj in frame.state.heap.items() if oid in base)

    def _holds_data_for(self, state: State, obj: Obj, function: Function) -> bool:
        """Whether a shared object holds tagged data that a function may read: in what it names, or in a container."""
        if obj.tags or any(held.tags for held in (*obj.items.values(), obj.rest or NOTHING)):
            return True
        named = [value for name, value in obj.attrs.items() if name in function.names]
        return bool(named) and bool(deep_tags(state, named))

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

    def _unknown_outcome(self, frame: Frame, given: dict[str, Value], at: int, name: str) -> Value:
        from purposelint.dataflow.calls import unknown_result  # noqa: PLC0415

        return unknown_result(frame, list(given.values()), at, name)

    def _mark_provisional(self, instance: Instance) -> None:
        position = self.stack.index(instance)
        for between in self.stack[position + 1 :]:
            if not between.provisional:
                between.provisional = True
                self._provisional.append(between)

    def _view(
        self,
        frame: Frame,
        function: Function,
        given: dict[str, Value],
        scope: int,
        cls: int,
        sent: Value | None,
        coarse: bool,
        many: bool,
    ) -> tuple[Viewer, list[str]]:
        """The callee's view, and for each mark the parameter by which it is reached."""
        state = frame.state
        names = frozenset(function.names) | function.nonlocals

        def free(oid: int) -> frozenset[str]:
            data = state.get(oid).data
            if len(data) < 3:
                return names
            return names | self.captured(str(data[1]), int(data[2]))  # type: ignore[call-overload]

        running = any(each.name == function.name for each in self.stack)
        viewer = Viewer(state, free, coarse=coarse, recursive=running or many)
        ranges: list[str] = []
        bound: dict[str, Value] = {}
        for name, value in given.items():
            viewer.view.key.append(name)
            bound[name] = viewer.value(value)
            viewer.drain()
            ranges.extend([name] * (len(viewer.view.marks) - len(ranges)))
        if sent is not None:
            viewer.view.key.append("sent")
            bound["<sent>"] = viewer.value(sent)
        viewer.view.key.append("scope")
        self._callee_scope = viewer.scope(scope)
        self._callee_class = viewer.scope(cls)
        viewer.drain()
        viewer.changed_statics()
        viewer.drain()
        viewer.links()
        ranges.extend([""] * (len(viewer.view.marks) - len(ranges)))
        self._bound = bound
        return viewer, ranges

    _bound: dict[str, Value]
    _callee_scope: int
    _callee_class: int

    def _entry(self, instance: Instance, function: Function, index: int, ranges: list[str]) -> int:
        name = ranges[index] if index < len(ranges) else ""
        at = next((param.ref for param in function.params if param.name == name), function.ref)
        note = f"{name} of {function.name}" if name else f"into {function.name}"
        return self.graph.node((instance.number, "entry", index), Place(instance.path, at), note)

    def _run(
        self,
        instance: Instance,
        facts: Module,
        function: Function,
        func: int,
        heap: dict[int, Obj],
        viewer: Viewer,
        scope: int,
        caller: Frame,
        sent: Value | None,
    ) -> None:
        from purposelint.dataflow.functions import run_body  # noqa: PLC0415

        entries = instance.entries
        given = dict(self._bound)
        if viewer.view.marks:
            given = {name: retagged(value, lambda tags: entry_tags(tags, entries)) for name, value in given.items()}
        inner_scope = self._callee_scope
        initial = bind_entries(viewer.view, entries)
        data = caller.get(func).data
        data = (*data[:2], inner_scope, self._callee_class, *data[4:])
        instance.running = True
        self.stack.append(instance)
        began, cut = self.steps, self.cut
        first = len(self._provisional)
        if instance.path and instance.function is not None:
            self.ran.add((instance.path, instance.function))
        try:
            again = 0
            rounds = 0
            while rounds < MAX_ROUNDS:
                self._recursed.discard(instance.number)
                instance.stale = False
                frame = Frame(
                    self, instance.path, facts, function, instance, State(self.base, dict(initial), instance.gates)
                )
                try:
                    outcome = run_body(frame, function, dict(given), inner_scope, data)
                except Needed as needed:
                    again += 1
                    if again > MAX_AGAIN or not self.deferred.provide(needed, caller, viewer.view.names):
                        instance.settled = True
                    continue
                outcome = self._left(outcome, initial)
                rounds += 1
                before = instance.outcome
                if before is not None:
                    outcome = outcomes.joined(before, outcome)
                    if outcomes.same(before, outcome):
                        break
                instance.outcome = outcome
                # In a recursion through several functions, only the outermost one repeats.
                if instance.number not in self._recursed or instance.provisional:
                    break
                for other in self._provisional[first:]:
                    other.stale = True
        finally:
            instance.running = False
            if instance.outcome is not None:
                for leaving in (instance.outcome.returned, instance.outcome.raised):
                    if leaving is not None:
                        self.deferred.note(instance, leaving.state.heap.values())
            instance.began = began if self.cut > cut else 0
            self.stack.pop()
            if not instance.provisional:
                for other in self._provisional[first:]:
                    other.provisional = False
                del self._provisional[first:]

    def _left(self, outcome: Outcome, initial: dict[int, Obj]) -> Outcome:
        """An outcome without the objects that nobody can reach."""
        for leaving in (outcome.returned, outcome.raised):
            if leaving is None:
                continue
            heap = leaving.state.heap
            changed = tuple(
                oid
                for oid, obj in heap.items()
                if (oid < 0 or oid in self.base)
                and obj is not initial.get(oid)
                and not (oid in initial and obj.same(initial[oid]))
            )
            state = leaving.state
            kept = outcomes.closure(state, leaving.values, changed)
            leaving.state = State(self.base, {oid: obj for oid, obj in heap.items() if oid in kept}, state.gates)
            leaving.changed = changed
        return outcome

    def _come_home(
        self, frame: Frame, instance: Instance, names: dict[int, int], marks: list[Tags], at: int, site: int
    ) -> tuple[Value, tuple[Value, ...], bool]:
        outcome = instance.outcome
        frame.implicit |= failing.implicit(frame, instance)
        if outcome is None or (outcome.returned is None and outcome.raised is None):
            frame.live = False
            raise Unreachable
        if outcome.raised is not None:
            state = frame.state.fork() if outcome.returned is not None else frame.state
            (error,) = self._apply(frame, state, instance, outcome.raised, names, marks, at, site)
            frame.raises.append((error, state))
        if outcome.returned is None:
            frame.live = False
            raise Unreachable
        result, *yielded = self._apply(frame, frame.state, instance, outcome.returned, names, marks, at, site)
        return result, tuple(yielded), outcome.in_order

    def _apply(
        self,
        frame: Frame,
        state: State,
        instance: Instance,
        leaving: Leaving,
        names: dict[int, int],
        marks: list[Tags],
        at: int,
        site: int,
    ) -> list[Value]:
        back = {inner: outer for outer, inner in names.items()}
        place = frame.place(at)
        entries = {entry: index for index, entry in enumerate(instance.entries[: len(marks)])}
        renamed: dict[Tags, Tags] = {}

        def outside(tags: Tags) -> Tags:
            known = renamed.get(tags)
            if known is None:
                found: set[int] = set()
                made: list[int] = []
                for tag in sorted(tags):
                    index = entries.get(tag)
                    if index is not None:
                        found |= marks[index]
                    else:
                        made.append(tag)
                if made and self._probing:
                    self._came_up()
                # Many at once share a node, else what a recursion gives doubles with every level.
                for group in [made] if len(made) > MAX_RESULTS else [[tag] for tag in made]:
                    owners: frozenset[int] = frozenset().union(*(self.graph.owners[tag] for tag in group))
                    node = self.graph.node(
                        (frame.instance.number, at, "result", *group),
                        place,
                        f"result of {instance.name}",
                        frame.gates_for(owners),
                        owners,
                    )
                    for tag in group:
                        self.graph.edge(tag, node, Edge("return", site))
                    found.add(node)
                known = renamed[tags] = frozenset(found)
            return known

        counts: Counter[int] = Counter()
        given = set(back.values())
        many_new = len(leaving.state.heap) > MAX_NEW
        by_origin = many_new or instance.recursive
        crowds = outcomes.crowds(leaving)

        def fresh(oid: int) -> int:
            origin = leaving.state.get(oid).origin
            if by_origin or oid in crowds:
                return self.oid((frame.instance.number, at, "made", origin))
            # Counted by origin: a call that is run in several states makes more in one, and the names are the same.
            counts[origin] += 1
            key = (
                frame.instance.number,
                at,
                "new",
                origin,
                counts[origin],
                frame.step if frame.loops else 0,
                frame.turn,
            )
            # What the callee was given may be what an earlier round of a loop made here: it keeps its name.
            for turn in range(4):
                if self.oid((*key, turn)) not in given:
                    return self.free_oid(state, (*key, turn), looping=frame.loops > 0)
            return self.oid((frame.instance.number, at, "made", origin))

        home = Homecoming(state, leaving.state, back, fresh, outside, self.oid, by_origin=by_origin, crowds=crowds)
        self.steps += len(leaving.state.heap) // 4
        values = [home.value(value) for value in leaving.values]
        home.changed(leaving.changed)
        home.drain()
        state.gates |= home.gates(leaving.state.gates)
        return values


def _holds_tagged(state: State, function: int) -> bool:
    """Whether a function has tagged data in its defaults or in the variables that it captured."""
    obj = state.get(function)
    if deep_tags(state, obj.items.values()):
        return True
    scope = obj.data[2]
    while isinstance(scope, int) and scope != -1 and state.has(scope):
        held = state.get(scope)
        if held.kind != "scope":
            return False
        if deep_tags(state, held.attrs.values()):
            return True
        scope = held.data[0]
    return False


def _is_main(statement: Statement) -> bool:
    """Whether a statement is ``if __name__ == ...``."""
    test = statement.test if type(statement) is If else None
    return type(test) is Compare and type(test.left) is Name and test.left.name == "__name__"


def _differs(before: Obj, after: Obj) -> bool:
    """Whether an object holds something else than before. Names that a module defines are nothing that it changes."""
    if after.kind == "module":
        held = after.attrs
        return any(held.get(name, value) is not value and held[name] != value for name, value in before.attrs.items())
    return (
        before.attrs != after.attrs
        or before.items != after.items
        or before.rest != after.rest
        or before.keys != after.keys
        or before.tags != after.tags
    )
