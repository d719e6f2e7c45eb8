"""Modules: the body of each is run when it is first asked for, statement by statement, and what imports bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import (
    Obj,
    State,
    deep_tags,
    reachable,
)
from purposelint.dataflow.values import (
    NOTHING,
    Lazy,
    Value,
    external,
    join,
    ref,
)
from purposelint.facts.syntax import Compare, Function, If, Module, Name, Statement

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine


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


class Loader:
    """Runs the bodies of modules, once each."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.runs: dict[str, ModuleRun | None] = {}
        # The modules that are being loaded.
        self.loading: list[ModuleRun] = []
        self._following: set[tuple[str, str]] = set()
        self._read: list[tuple[str, str, Value]] = []

    def module_oid(self, path: str) -> int:
        """The object of a module (or of a namespace package's folder, ``path/``)."""
        oid = self._machine.oid(("module", path))
        if oid not in self._machine.base:
            names = self._machine.modules.names_of(path) if not path.startswith("<") else (path[1:-1],)
            trails = tuple(tuple(name.split(".")) for name in names)
            self._machine.base[oid] = Obj("module", data=(path,), trails=trails)
        return oid

    def load(self, path: str) -> ModuleRun | None:
        """A module, run when it is first asked for; None when it cannot be read."""
        machine = self._machine
        if path in self.runs:
            return self.runs[path]
        facts = machine.facts(path)
        if facts is None:
            self.runs[path] = None
            return None
        run = self.runs[path] = ModuleRun(path, facts, self.module_oid(path))
        instance = machine.invocations.instance(("module", path), path, None, "<module>")
        instance.settled = True
        frame = Frame(machine, path, facts, None, instance, State(machine.base))
        frame.scope = run.oid
        run.frame = frame
        # A module is loaded once for all: whoever asks first has no say in how far.
        steps, machine.steps = machine.steps, 0
        above, machine.invocations.above = machine.invocations.above, len(machine.stack)
        machine.stack.append(instance)
        self.loading.append(run)
        changed: set[int] = set()
        try:
            from purposelint.dataflow import declared  # noqa: PLC0415 - the interpreter is one knot
            from purposelint.dataflow.statements import execute_block  # noqa: PLC0415 - the interpreter is one knot

            with machine.invocations.whole():
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
            machine.stack.pop()
            self.loading.pop()
            machine.steps, machine.invocations.above = steps, above
            run.frame = None
            run.done = True
        self._commit(frame)
        self._note_tagged(run)
        self._note_filled(changed)
        return run

    def registries(self) -> set[int]:
        """The lists in which models of the library note what is under way: they end with the run."""
        models = [run.oid for run in self.runs.values() if run is not None and run.path.startswith("<")]
        held = [oid for model in models for value in self._machine.base[model].attrs.values() for oid in value.refs()]
        return {oid for oid in held if self._machine.base[oid].kind == "list"}

    def _note_tagged(self, run: ModuleRun) -> None:
        """Variables and class attributes that module-level code fills with tagged data: who reads them matters."""
        state = State(self._machine.base)
        module = self._machine.base[run.oid]
        for name, value in list(module.attrs.items()):
            if deep_tags(state, (value,)):
                self._machine.published.add(name)
                self._machine.note_home(name, run.oid)
            for oid in value.refs():
                obj = self._machine.base[oid]
                if obj.kind == "class":
                    tagged = [key for key, held in obj.attrs.items() if deep_tags(state, (held,))]
                    # Who names the class may reach them without naming them: by iteration, `vars`, a method.
                    self._machine.published.update(tagged, [name] if tagged else [])
                    for attribute in (*tagged, name):
                        self._machine.note_home(attribute, oid)
                elif obj.kind == "function" and _holds_tagged(state, oid):
                    self._machine.published.add(name)
                    self._machine.note_home(name, run.oid)

    def _note_filled(self, changed: set[int]) -> None:
        """Containers and instances that module-level code has put tagged data into, of other modules too."""
        for oid in sorted(changed):
            obj = self._machine.base[oid]
            if obj.kind in ("list", "dict", "set", "instance") and deep_tags(State(self._machine.base), obj.values()):
                self._machine.published.update(self._machine.holders.names({oid: ""}))

    def _note_changed(self, run: ModuleRun, frame: Frame) -> set[int]:
        """The objects that a statement of a module has stored into and that were there before.

        Functions do not show what they find in them by their arguments: those that ran before may give something else.
        """
        stored = frame.state.heap.keys() & self._machine.base.keys()
        differing = [oid for oid in stored if _differs(self._machine.base[oid], frame.state.heap[oid])]
        if differing:
            run.version += 1
            run.changed.update(dict.fromkeys(differing, run.version))
        return stored

    def version(self, frame: Frame, path: str, function: Function, given: dict[str, Value]) -> tuple[str, int] | None:
        """As of when a call sees what the module that is being loaded has changed; None: as it was in the beginning.

        What the module itself defines may see all of it. Of other modules, a function sees what it is given, what the
        module's functions see that it is given, and the variables of its own that it names.
        """
        run = self.loading[-1] if self.loading else None
        if run is None or not run.version:
            return None
        version = run.version
        if path != run.path:
            module = self.module_oid(path)
            version = run.changed.get(module, 0)
            own = self._machine.base[module].attrs
            named = [own[name] for name in function.names if name in own]
            for oid in reachable(frame.state, [*given.values(), *named]):
                obj = frame.get(oid)
                if obj.kind == "function" and obj.data[0] == run.path:
                    version = run.version
                version = max(version, run.changed.get(oid, 0))
        return (run.path, version) if version else None

    def _commit(self, frame: Frame) -> None:
        """What module-level code has done so far is seen by everything that is run from it."""
        self._machine.base.adopt(frame.state.heap)
        frame.state.heap = {}
        frame.state.owned = set()

    def module_attribute(self, path: str, name: str) -> Value | None:
        """What a module's name holds; None when the module does not define it."""
        machine = self._machine
        machine.seek(name)
        run = None if path.endswith("/") else self.load(path)
        if run is not None:
            obj = (run.frame.state if run.frame is not None else State(machine.base)).get(run.oid)
            value = obj.attrs.get(name)
            if value is not None:
                if path[:1] != "<":
                    self._read.append((path, name, value))
                return self.settled(value)
        child = (
            machine.modules.child(path, name)
            if not path.startswith("<")
            else machine.model_path(f"{path[1:-1]}.{name}")
        )
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
        name = atom.path[1:-1] if atom.path.startswith("<") else self._machine.modules.name_of(atom.path)
        if key in self._following:
            # A package that imports a module of its own: `from . import records`.
            child = self._machine.modules.child(atom.path, atom.name) if atom.path[:1] != "<" else None
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
            self._machine.registration.complete(*read)
            if self._machine.filling.complete(*read) and read[:2] == key:
                found = self.settled(self._machine.base[self.module_oid(atom.path)].attrs.get(atom.name, read[2]))
        if found is None:
            return Value((external((*name.split("."), atom.name)),))
        return found

    def reload(self, path: str) -> ModuleRun | None:
        """Run a module's body again. What it defines keeps its name, as far as it is defined by the same nodes."""
        run = self.runs.pop(path, None)
        if run is not None:
            instance = self._machine.invocations.instance(("module", path), path, None, "<module>")
            made = [oid for key, oid in self._machine._oids.items() if type(key) is tuple and key[0] == instance.number]
            for oid in (run.oid, *made):
                self._machine.base.pop(oid, None)
            for defined in (self._machine.functions, self._machine.classes):
                for each in [each for each in defined if each[0] == path]:
                    del defined[each]
        return self.load(path)


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
