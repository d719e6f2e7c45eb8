"""Calls of functions: what a call sees is compared with earlier ones, its body is run once for each such view.

An *instance* is a function as it is run for one view: what it is given, and what it can reach from there, with data as
marks. Its outcome is used again wherever the same comes up. Where too much comes up, views are made coarser, and calls
are cut off. While a slice is run, only what matters for some names is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from purposelint.dataflow import failing, outcomes
from purposelint.dataflow.deferred import MAX_AGAIN, Needed
from purposelint.dataflow.flows import Place
from purposelint.dataflow.frame import Frame, Instance, Leaving, Outcome, Tagged, Unreachable
from purposelint.dataflow.graph import Edge
from purposelint.dataflow.heap import (
    Obj,
    State,
    deep_tags,
)
from purposelint.dataflow.slicing import Slicer
from purposelint.dataflow.transfer import Homecoming, View, Viewer, bind_entries, entry_tags, retagged
from purposelint.dataflow.values import (
    NONE,
    NOTHING,
    External,
    Ref,
    Tags,
    Value,
    join,
    join_all,
)
from purposelint.facts.syntax import Function, Module, Name, Return
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_SHAPES = 32
"""Shapes of input that are told apart for one function; what comes after is made coarser."""
MAX_COARSE = 96
"""Coarse shapes of one function behind which the literals of arguments are forgotten too; behind twice as many, cut."""
MODEL_SHAPES = 4_000
"""More of them for functions of library models, and those that only return: they are short, and many share them."""
MAX_ROUNDS = 8
"""Runs of a recursive function until its result stays the same."""
MAX_NEW = 80
"""Objects that a call gives back one by one; more are told apart by where they were made only."""
MAX_RESULTS = 8
"""Nodes made in a callee that one value brings home one by one; more come home as one node."""
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
NODES_A_STEP = 16
"""Nodes of the graph that cost a root one step: where data is mixed with data, few statements make very many."""


class Invocations:
    """Runs functions, and remembers what they gave."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.above = 0
        self._exact = MAX_EXACT if len(machine.program.paths) <= MAX_SMALL else 0
        self._instances: dict[Hashable, Instance] = {}
        self._numbered = 0
        # How many nodes of the graph are counted as steps.
        self._counted = 0
        # What functions gave when they were run as roots, by file and number, and in which instance.
        self._alone: dict[tuple[str, int], tuple[Instance, Outcome | None]] = {}
        self._shapes: dict[tuple[str, int | None, Place | None], int] = {}
        self._provisional: list[Instance] = []
        self._recursed: set[int] = set()
        self._captured: dict[tuple[str, int], frozenset[str]] = {}
        # While slices are run: they, by definition; the instances made for them; whether only to see if data comes up.
        self._slices: dict[tuple[str, int], Function] | None = None
        self.probing = False
        self._sliced: list[Hashable] = []
        self._slicers: dict[tuple[str, int], Slicer] = {}

    def instance(self, key: Hashable, path: str, function: int | None, name: str) -> Instance:
        """The instance of a key, made when it is first asked for."""
        instance = self._instances.get(key)
        if instance is None:
            instance = self._instances[key] = Instance(self._numbered, path, function, name)
            self._numbered += 1
        return instance

    def root_instance(self, path: str, function: int) -> Instance:
        """The instance in which a root is called."""
        return self.instance(("root", path, function), path, function, "<root>")

    @contextmanager
    def sliced(
        self, path: str, number: int, names: Iterable[str], *, probing: bool = False, kept: bool = False
    ) -> Iterator[None]:
        """Run only what matters for names of a function that is run inside.

        ``probing``: and only until tagged data comes up; then the run ends there. Raises `Tagged`. ``kept``: what is
        found counts, and is forgotten with the function (`forget`).
        """
        facts = self._machine.facts(path)
        assert facts is not None
        before = self._slices, self.probing, self._sliced
        slicer = self._slicers.get((path, number))
        if slicer is None:
            slicer = self._slicers[(path, number)] = Slicer(facts, number)
        self._slices = {(path, each): function for each, function in slicer.of(names).items()}
        self.probing, self._sliced = probing, []
        try:
            yield
        finally:
            for key in self._sliced:
                instance = self._instances.pop(key)
                if kept:
                    self._instances[("slice", instance.number)] = instance
            self._slices, self.probing, self._sliced = before

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Run what is run inside for itself, and not for what slices are run for."""
        before = self._slices, self.probing
        self._slices, self.probing = None, False
        try:
            yield
        finally:
            self._slices, self.probing = before

    def came_up(self) -> None:
        """Tagged data has come up where that was the question: what is under way ends."""
        for instance in (*self._machine.stack, *self._provisional):
            instance.outcome = None
            instance.provisional = instance.stale = False
        self._provisional.clear()
        self._recursed.clear()
        raise Tagged

    def recover(self, depth: int) -> None:
        """Go on after a mistake of the interpreter: what was under way above ``depth`` on the stack has no outcome."""
        del self._machine.stack[depth:]
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

    def instances(self) -> Collection[Instance]:
        """All that are known."""
        return self._instances.values()

    def invoke(
        self, frame: Frame, func: int, given: dict[str, Value], at: int, through: dict[str, int], sent: Value | None
    ) -> tuple[Value, tuple[Value, ...], bool]:
        """Run a function with bound arguments in the heap of a frame.

        Returns what it returns, what it yields, and whether the latter is in order. Raises
        `Unreachable` where it never returns. ``through``: the sink nodes of arguments, by parameter.
        """
        machine = self._machine
        path, number, scope, cls = frame.get(func).data[:4]
        assert isinstance(path, str)
        assert isinstance(number, int)
        assert isinstance(scope, int)
        assert isinstance(cls, int)
        facts = machine.facts(path)
        assert facts is not None
        function = facts.functions[number]
        sliced = None if self._slices is None else self._slices.get((path, number))
        if sliced is not None:
            function = sliced
        depth = sum(1 for running in machine.stack if running.function == number and running.path == path)
        here = frame.place(at) if path.startswith("<") and "here" in function.names else None
        shapes = self._shapes.get((path, number, here), 0)
        # What only returns costs little, and may be how everybody asks for something by name: `return _all.get(name)`.
        more = MODEL_SHAPES if path.startswith("<") or _only_returns(function) else 0
        coarse = shapes > MAX_SHAPES + more or depth > MAX_SAME
        inside = self._inside(frame, (path, number), function, given, scope, sent)
        if inside > 0 and not machine.deferred.is_needed(frame, (path, number), function, inside - 1):
            owed = machine.deferred.result(frame, func, function, given, at)
            if owed is not None:
                machine.skipped.add((path, number))
                return owed
            inside = 0
        viewer, ranges = self._view(frame, function, given, scope, cls, sent, coarse, shapes > MAX_COARSE + more)
        view = viewer.view
        made = (len(machine.graph.owners) - self._counted) // NODES_A_STEP
        self._counted += made * NODES_A_STEP
        machine.steps += 1 + len(view.heap) // 4 + made
        if here is None and path.startswith("<") and self._takes_sink(frame, view):
            here = frame.place(at)
        gates = viewer.gates(frame.state.gates)
        if self.probing and view.marks and (scope != -1 or any(ranges) or self._shares_data(frame, function)):
            self.came_up()
        version = machine.loader.version(frame, path, function, given) if machine.loader.loading else None
        key: Hashable = (path, number, here, coarse, gates, tuple(view.key), sliced is not None, version)
        instance = self._instances.get(key)
        if instance is not None and instance.running and any(each is instance for each in machine.stack[: self.above]):
            # No recursion: it asked for a module, and that is being loaded. In a run, it would have been there before.
            key = (key, machine.loader.loading[-1].path)
            instance = self._instances.get(key)
        if instance is None:
            # What answers for a gate is looked into for longer, else what it permits would be told.
            # So are models: they are short, and without them data comes out of the wrong things.
            modelled = path.startswith("<")
            most = MAX_STEPS if machine.gate_names.isdisjoint(function.names) and not modelled else 2 * MAX_STEPS
            if machine.steps > most or len(machine.stack) - self.above > MAX_DEPTH or shapes > 2 * MAX_COARSE + more:
                machine.cut += 1
                return self._cut_off(frame, (path, number), function, given, at)
            if sliced is None:
                self._shapes[(path, number, here)] = shapes + 1
            else:
                self._sliced.append(key)
            instance = self.instance(key, path, number, function.name)
            instance.here = here
            instance.gates = gates
        while len(instance.entries) < len(view.marks):
            instance.entries.append(self._entry(instance, function, len(instance.entries), ranges))
        if frame.instance.name == "<root>" and instance.began > 2 * machine.steps and not instance.running:
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
        if machine.called_by is not None:
            machine.called_by[instance.number].add(frame.instance.number)
        site = machine.site((frame.instance.number, at, instance.number))
        if path.startswith("<"):
            machine.called_at[site] = frame.place(at)
        for index, marked in enumerate(view.marks):
            tags = marked
            sink_node = through.get(ranges[index], -1) if index < len(ranges) else -1
            if frame.state.gates:
                tags = frozenset((frame.node(at, "handed over", tags, ("gated", index)),))
            machine.graph.edges(tags, instance.entries[index], Edge("call", site, sink_node))
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
        machine = self._machine
        if machine.gives_nothing(definition, function):
            return NONE, (), False
        facts = machine.facts(definition[0])
        read = {node.name for node in nodes(function.body, facts) if type(node) is Name}
        used = {name: value for name, value in given.items() if name in read}
        unknown = self._unknown_outcome(frame, used, at, function.name)
        instance, outcome = self._alone.get(definition, (None, None))
        if instance is None or outcome is None or outcome.returned is None:
            return unknown, (unknown,) if function.is_generator else (), False
        left = outcomes.without_types(outcome.returned)
        site = machine.site((frame.instance.number, at, instance.number))
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
                obj = view.heap.get(part.oid) or self._machine.base.get(part.oid)
                if obj is None or obj.kind != "function" or str(obj.data[0]).startswith("<"):
                    continue
                facts = self._machine.facts(str(obj.data[0]))
                name = "" if facts is None else facts.functions[int(obj.data[1])].name  # type: ignore[call-overload]
            if isinstance(name, str) and any(rule.kind == "sink" for rule in self._machine.rules.call(name)):
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
        machine = self._machine
        if (
            machine.steps < self._exact
            or machine.loader.loading
            or definition[0].startswith("<")
            or sent is not None
            or scope != -1
        ):
            return 0
        if frame.instance.name in ("<root>", "<module>") or machine.is_hot(definition, function):
            return 0
        values = list(given.values())
        if deep_tags(frame.state, values) or machine.gives_hot(frame, values):
            return 0
        return 0 if self._shares_data(frame, function) else frame.instance.inside + 1

    def _shares_data(self, frame: Frame, function: Function) -> bool:
        """Whether an object of the base heap that was changed in a run holds tagged data that a function may read."""
        base = frame.state.base
        changed = ((oid, obj) for oid, obj in frame.state.heap.items() if oid in base)
        return any(self._holds_data_for(frame.state, oid, obj, function) for oid, obj in changed)

    def _holds_data_for(self, state: State, oid: int, obj: Obj, function: Function) -> bool:
        """Whether a shared object holds tagged data that a function may read: in what it names, or in a container."""
        field = self._machine.shapes.field_of(oid)
        if field is not None and field not in function.names:
            return False
        if obj.tags or any(held.tags for held in (*obj.items.values(), obj.rest or NOTHING)):
            return True
        named = [value for name, value in obj.attrs.items() if name in function.names]
        return bool(named) and bool(deep_tags(state, named))

    def _unknown_outcome(self, frame: Frame, given: dict[str, Value], at: int, name: str) -> Value:
        from purposelint.dataflow.calls import unknown_result  # noqa: PLC0415

        return unknown_result(frame, list(given.values()), at, name)

    def _mark_provisional(self, instance: Instance) -> None:
        position = self._machine.stack.index(instance)
        for between in self._machine.stack[position + 1 :]:
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

        running = any(each.name == function.name for each in self._machine.stack)
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
        return self._machine.graph.node((instance.number, "entry", index), Place(instance.path, at), note)

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
        machine = self._machine
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
        machine.stack.append(instance)
        began, cut = machine.steps, machine.cut
        first = len(self._provisional)
        if instance.path and instance.function is not None:
            machine.ran.add((instance.path, instance.function))
        try:
            again = 0
            rounds = 0
            while rounds < MAX_ROUNDS:
                self._recursed.discard(instance.number)
                instance.stale = False
                frame = Frame(
                    machine,
                    instance.path,
                    facts,
                    function,
                    instance,
                    State(machine.base, dict(initial), instance.gates),
                )
                try:
                    outcome = run_body(frame, function, dict(given), inner_scope, data)
                except Needed as needed:
                    again += 1
                    if again > MAX_AGAIN or not machine.deferred.provide(needed, caller, viewer.view.names):
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
                        machine.deferred.note(instance, leaving.state.heap.values())
            instance.began = began if machine.cut > cut else 0
            machine.stack.pop()
            if not instance.provisional:
                for other in self._provisional[first:]:
                    other.provisional = False
                del self._provisional[first:]

    def _left(self, outcome: Outcome, initial: dict[int, Obj]) -> Outcome:
        """An outcome without the objects that nobody can reach."""
        machine = self._machine
        for leaving in (outcome.returned, outcome.raised):
            if leaving is None:
                continue
            heap = leaving.state.heap
            changed = tuple(
                oid
                for oid, obj in heap.items()
                if (oid < 0 or oid in machine.base)
                and obj is not initial.get(oid)
                and not (oid in initial and obj.same(initial[oid]))
            )
            state = leaving.state
            kept = outcomes.closure(state, leaving.values, changed)
            leaving.state = State(machine.base, {oid: obj for oid, obj in heap.items() if oid in kept}, state.gates)
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
        machine = self._machine
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
                if made and self.probing:
                    self.came_up()
                # Many at once share a node, else what a recursion gives doubles with every level.
                for group in [made] if len(made) > MAX_RESULTS else [[tag] for tag in made]:
                    owners: frozenset[int] = frozenset().union(*(machine.graph.owners[tag] for tag in group))
                    node = machine.graph.node(
                        (frame.instance.number, at, "result", *group),
                        place,
                        f"result of {instance.name}",
                        frame.gates_for(owners),
                        owners,
                    )
                    for tag in group:
                        machine.graph.edge(tag, node, Edge("return", site))
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
                return machine.oid((frame.instance.number, at, "made", origin))
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
                if machine.oid((*key, turn)) not in given:
                    return machine.free_oid(state, (*key, turn), looping=frame.loops > 0)
            return machine.oid((frame.instance.number, at, "made", origin))

        home = Homecoming(state, leaving.state, back, fresh, outside, machine.oid, by_origin=by_origin, crowds=crowds)
        machine.steps += len(leaving.state.heap) // 4
        values = [home.value(value) for value in leaving.values]
        home.changed(leaving.changed)
        home.drain()
        state.gates |= home.gates(leaving.state.gates)
        return values

    def captured(self, path: str, function: int) -> frozenset[str]:
        """The local names of a function that its nested functions use."""
        key = (path, function)
        names = self._captured.get(key)
        if names is None:
            facts = self._machine.facts(path)
            assert facts is not None
            used: set[str] = set()
            for nested in facts.functions:
                if nested.parent == function:
                    used.update(nested.names)
                    used.update(nested.nonlocals)
            names = self._captured[key] = frozenset(used)
        return names

    def forget(self, numbers: Collection[int]) -> list[Instance]:
        """Forget some instances; gives them."""
        gone = {key: each for key, each in self._instances.items() if each.number in numbers}
        for key in gone:
            del self._instances[key]
        return list(gone.values())

    def forget_texts(self, functions: Collection[tuple[str, int]]) -> None:
        """Forget what was read off the text of some functions, and what they gave."""
        for known in (self._captured, self._slicers, self._alone):
            for each in functions:
                known.pop(each, None)
        self._shapes = {key: count for key, count in self._shapes.items() if key[:2] not in functions}


def _only_returns(function: Function) -> bool:
    return len(function.body) == 1 and type(function.body[0]) is Return
