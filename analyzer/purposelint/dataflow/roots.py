"""What is run, and why: from the places that name a source to whatever its data can reach.

A function that names a source is a *root*: it is run on inputs of which nothing is known. When
tagged data leaves it (returned, raised, stored in what it was given), the functions that name it
are roots too; when it is kept in a module's variable or in a field of an unknown instance, those
that name the variable or field are. All else is run only as it is called from there. The
identifier index answers "who names it", so a file that cannot matter is never parsed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow import naming, texts, vicinity
from purposelint.dataflow.aliases import other_names, spellings
from purposelint.dataflow.alone import Alone, nearness
from purposelint.dataflow.frame import Tagged
from purposelint.dataflow.giving import Keywords, either, givers, keywords
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.matching import Entry
from purposelint.dataflow.readers import may_be_there, names_behind, names_of_readers
from purposelint.dataflow.registration import registries_of
from purposelint.dataflow.running import Root, run_decorated, run_root
from purposelint.dataflow.seeds import (
    class_name,
    hands_over,
    identifiers,
    imports_from,
    is_named,
    owner_of,
    owners_of_key,
    qualifier,
    reads_attribute,
    stores_attribute,
)
from purposelint.dataflow.values import ref

MAX_RUNS = 2
"""How often a root is run again because something that it may read has changed."""
MAX_FILES = 15
"""Files that may mention a name before it is taken as common: then only files near what it names count."""
MAX_ASKED = 20_000
MAX_WHOLE = 40
"""Files that may name what has a source as a key, for functions to be run that hand all of it over."""
MAX_LEVELS = 4
"""How many callers up, or reads of what was kept, data is followed from where it enters."""
MAX_DERIVED = 700
"""Runs of callers and readers in all; what is left out is counted in the statistics."""
MAX_TRIED = 40
"""Functions that are run to see whether an entry is stale that nothing has matched."""
MAX_NAMING = 60
"""Files that may name what an entry's pattern ends in. Where more do, more than `MAX_TRIED` functions will as a rule:

measured on weblate and label-studio, for 94 of 100 names that are called.
"""
MAX_LOADED = 60
"""Modules that are loaded for that."""
MAX_SEEKING = 3
"""How far up the callers a function is followed that names a source of which its own types say nothing."""
MAX_SEEKERS = 150
MAX_SEEKER_FILES = 6

Mentions = Callable[[str], bool]


class Driver:
    """The work list."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._queue: deque[Root] = deque()
        self._waiting: set[Root] = set()
        self._runs: dict[Root, int] = {}
        self._levels: dict[Root, int] = {}
        self._level = 0
        # Names that are asked for at the end of the wave: in how many files, the name, the level, where, and as what.
        self._pending: list[tuple[int, str, int, list[str] | None, bool]] = []
        self._outdated = False
        self._derived = 0
        self._asked: set[str] = set()
        # Root -> the function that names a source without knowing it, and how many calls lead from here to it.
        self._seekers: dict[Root, tuple[Root, int]] = {}
        self._outermost: dict[str, list[tuple[int, Mentions]]] = {}
        # Functions that name a source's attribute, with the names: not run unless data is seen to enter there;
        # and those in which it was not seen.
        self._sought: dict[Root, set[str]] = {}
        self._passed: set[Root] = set()
        # Functions that may give away the whole of something, with what they give it to: of these, that alone is run.
        self._giving: dict[Root, tuple[str, ...]] = {}
        # Names of sinks: what a decorated function returns, and others.
        self._returning: set[str] = set()
        self._receiving: set[str] = set()
        # Functions that gave tagged data in this wave: their oids, and the names by which they are asked for already.
        self._leaked: dict[int, str] = {}
        self._read_by = names_behind(machine)

    def run(self) -> None:
        """Run everything that tagged data can reach."""
        self._add_sources()
        self._work()
        self._match_the_rest()
        self._work()
        if self._machine.trials is not None:
            self._run_all_of(self._machine.trials.path)

    def _add_sources(self, within: Collection[str] | None = None) -> None:
        """Add what names a source, and so may let data enter; ``within``: in these files alone."""
        machine = self._machine
        annotations = machine.annotations
        machine.gate_names = frozenset(
            name for gate in annotations.gates for pattern in gate.match for name in identifiers(pattern)
        )
        self._note_sinks()
        vicinities = self._vicinities()
        machine.seeds.confine(vicinities)
        whole: set[Root] = set()
        for source in annotations.sources:
            packed = source.pack is not None
            for pattern in source.match:
                if self._is_possible(pattern, packed=packed):
                    near = qualifier(machine.program, pattern) if packed and source.pack != "comment" else ""
                    attribute = isinstance(pattern.steps[-1], NameStep)
                    among = vicinities.get(pattern)
                    if among is not None and within is not None:
                        among = among.intersection(within)
                    roots = self._add_naming(
                        identifiers(pattern),
                        within if among is None else among,
                        beside=near,
                        attribute=attribute,
                        renamed=not packed,
                    )
                    for root in roots:
                        self._seekers.setdefault(root, (root, 0))
                        if attribute and not self._is_given_away(root, identifiers(pattern)):
                            self._sought.setdefault(root, set()).update(identifiers(pattern))
                        else:
                            whole.add(root)
                    if attribute and not packed:
                        self._add_reading_by_text(identifiers(pattern), within, vicinities.get(pattern))
                    if not packed:
                        self._add_handing_over(owners_of_key(pattern), source.within, within)
        for name in self._read_without_naming:
            whole.update(self._add_naming([name], within))
        self._add_giving_away(within)
        for root in whole:
            self._sought.pop(root, None)

    def _vicinities(self) -> dict[Pattern, frozenset[str]]:
        """Of the project's sources with names that very many files mention, the files that may meet their class."""
        found = {
            pattern: vicinity.near(self._machine, pattern)
            for source in self._machine.annotations.sources
            if source.pack is None
            for pattern in source.match
        }
        return {pattern: files for pattern, files in found.items() if files is not None}

    @cached_property
    def _read_without_naming(self) -> list[str]:
        return names_of_readers(self._machine)

    def _run_all_of(self, path: str) -> None:
        """Run what was not run of a file that is asked about: no tagged data comes there, but it has values."""
        for number, _ in self._functions(path):
            if (path, number) not in self._runs:
                run_root(self._machine, (path, number), None)

    def _is_possible(self, pattern: Pattern, *, packed: bool) -> bool:
        """Whether the library that a pack's pattern speaks of is named anywhere."""
        first = pattern.steps[0]
        if not packed or not isinstance(first, NameStep) or first.name in ("*", "**"):
            return True
        return self._machine.program.is_mentioned(first.name)

    # --- the queue -------------------------------------------------------------------

    def _add(self, root: Root) -> None:
        self._giving.pop(root, None)
        if root not in self._waiting and self._runs.get(root, 0) < MAX_RUNS:
            level = self._levels.setdefault(root, self._level)
            self._derived += level > 0
            if level > MAX_LEVELS or self._derived > MAX_DERIVED:
                self._machine.left_out += 1
                return
            self._waiting.add(root)
            self._queue.append(root)

    def _add_naming(
        self,
        names: Iterable[str],
        within: Collection[str] | None = None,
        *,
        beside: str = "",
        attribute: bool = False,
        renamed: bool = False,
    ) -> list[Root]:
        """Add the functions and modules that mention all of several names; ``attribute``: that may read them as one.

        ``beside`` is a name that their file mentions too. ``renamed``: or the other name that the module has for one.
        """
        wanted = [name for name in names if name]
        added: list[Root] = []
        if not wanted:
            return added
        paths = self._machine.program.mentions(*wanted, *([beside] if beside else []), within=within)
        self._machine.program.prefetch(paths)
        for path in paths:
            facts = self._machine.facts(path)
            spelled = spellings(facts, wanted) if renamed and facts is not None else [wanted]
            for number, mentions in self._functions(path):
                said = next((each for each in spelled if all(map(mentions, each))), None)
                if said is None or (attribute and number >= 0 and not self._may_read(path, number, said)):
                    continue
                self._add((path, number))
                added.append((path, number))
        return added

    def _add_handing_over(self, names: list[str], inside: Sequence[Pattern], within: Collection[str] | None) -> None:
        """Add what gives away, as a whole, something of which a key is a source: the key is not named there.

        A function need not name the module of what it has by name: what its file defines, or imports from there.
        """
        paths = self._machine.program.mentions(*names[:1], within=within) if names else ()
        module = {path: self._machine.modules.name_of(path).rpartition(".")[2] for path in paths}
        beside = set(self._machine.program.mentions(*names, within=within)) if names else ()
        paths = [path for path in paths if path in beside or module[path] in names[1:]]
        for path in paths if len(paths) <= MAX_WHOLE else ():
            facts = self._machine.facts(path)
            if facts is None:
                continue
            needed = names[:1] if module[path] in names[1:] or imports_from(facts, names) else names
            for number, mentions in self._functions(path):
                root = (path, number)
                if number < 0 or root in self._waiting or not all(map(mentions, needed)):
                    continue
                function = facts.functions[number]
                counts = naming.lies_within(self._machine, path, function.qualname, inside)
                if counts and hands_over(facts, function, names[0]):
                    self._add(root)
                    self._sought.setdefault(root, set()).update(names)

    def _add_reading_by_text(
        self, names: Iterable[str], within: Collection[str] | None, among: Collection[str] | None
    ) -> None:
        """Add what reads an attribute by its name that is kept elsewhere: ``getattr(user, self.field)``.

        ``among``: kept in these files.
        """
        for reader in (each for name in names for each in texts.readers(self._machine, name, among)):
            root = (reader.path, reader.number)
            if within is not None and reader.path not in within:
                continue
            if reader.heir is not None:
                receivers = self._machine.receivers.setdefault(root, [])
                if reader.heir not in receivers:
                    receivers.append(reader.heir)
            if root not in self._waiting:
                self._add(root)
                self._sought.setdefault(root, set()).add(reader.holder)
            elif root in self._sought:
                self._sought[root].add(reader.holder)

    def _add_giving_away(self, within: Collection[str] | None) -> None:
        """Add what may give away, as a whole, an instance of whose attributes one is a source."""
        machine = self._machine
        owners = {
            name
            for source in machine.annotations.sources
            if source.pack is None
            for pattern in source.match
            if isinstance(pattern.steps[-1], NameStep) and is_named(machine, pattern) and may_be_there(machine, pattern)
            for name in (owner_of(pattern), class_name(owner_of(pattern)))
        }
        sinks: dict[str, Keywords] = {}
        for sink in machine.annotations.sinks:
            for pattern in sink.match:
                if not pattern.returns and self._is_possible(pattern, packed=sink.pack is not None):
                    for name in identifiers(pattern):
                        sinks[name] = either(sinks.get(name, frozenset()), keywords(pattern))
        known = self._waiting.copy()
        for giver in givers(machine, owners - {"", "*", "**"}, sinks, within):
            root = (giver.path, giver.number)
            if root not in known:
                self._add(root)
                self._giving[root] = giver.names

    def _note_sinks(self) -> None:
        patterns = [pattern for sink in self._machine.annotations.sinks for pattern in sink.match]
        self._returning = {name for each in patterns if each.returns for name in identifiers(each)}
        self._receiving = {name for each in patterns if not each.returns for name in identifiers(each)}

    def _is_given_away(self, root: Root, names: Iterable[str]) -> bool:
        """Whether data may enter elsewhere: in functions inside, in what takes the result, or where a field is read."""
        path, number = root
        facts = self._machine.facts(path)
        assert facts is not None
        if number < 0 or any(map(facts.functions[number].mentions, self._returning)):
            return True
        if stores_attribute(facts, facts.functions[number], names):
            return True
        inside = {number}
        for each, function in enumerate(facts.functions):
            if function.parent in inside:
                inside.add(each)
                if all(map(function.mentions, names)):
                    return True
        return False

    def _may_read(self, path: str, number: int, names: Iterable[str]) -> bool:
        facts = self._machine.facts(path)
        assert facts is not None
        function = facts.functions[number]
        return function.name in names or all(reads_attribute(facts, function, name) for name in names)

    def _functions(self, path: str) -> list[tuple[int, Mentions]]:
        """The outermost functions of a file, and how to ask what they mention; -1 is the module's body."""
        known = self._outermost.get(path)
        if known is None:
            facts = self._machine.facts(path)
            known = []
            if facts is not None:
                known.append((-1, facts.mentions))
                for number, function in enumerate(facts.functions):
                    if function.parent is None:
                        known.append((number, function.mentions))
            self._outermost[path] = known
        return known

    def _work(self) -> None:
        """Run wave after wave: what a wave asks for is run in the next, with what the wave has found."""
        while self._queue:
            wave = list(self._queue)
            self._queue.clear()
            self._waiting.clear()
            if self._outdated:
                self._machine.invocations.forget_outcomes()
                self._outdated = False
            for root in wave:
                self._level = self._levels.get(root, 0) + 1
                if root in self._giving:
                    self._run_slice(root, self._giving.pop(root))
                elif self._is_entered(root):
                    self._runs[root] = self._runs.get(root, 0) + 1
                    run_root(self._machine, root, self)
                self._seek(root)
            self._holders()
            self._readers()
            self._settle()

    def _run_slice(self, root: Root, names: Iterable[str]) -> None:
        """Run what a function does with names, and nothing else of it."""
        with self._machine.invocations.sliced(*root, names, kept=True):
            run_root(self._machine, root, self)

    def _is_entered(self, root: Root) -> bool:
        """Whether data may enter in a function, as far as a slice of it tells; asked for the first time only."""
        names = self._sought.pop(root, None)
        if names is None:
            return True
        facts = self._machine.facts(root[0])
        assert facts is not None
        # What is declared as a sink may read the source of an object that it is given as a whole.
        receiving = set(filter(facts.functions[root[1]].mentions, self._receiving))
        if matters(self._machine, root, sorted(names | receiving)):
            return True
        self._passed.add(root)
        return False

    def _seek(self, root: Root) -> None:
        """Where a function names a source, but not what of, its callers may know the types of its arguments."""
        origin, depth = self._seekers.get(root, (root, MAX_SEEKING))
        path, number = root
        if depth == MAX_SEEKING or number < 0 or origin in self._machine.sourced:
            return
        facts = self._machine.facts(path)
        assert facts is not None
        function = facts.functions[number]
        if not function.params:
            return
        if depth == 0 and function.decorators and run_decorated(self._machine, root):
            self.leaks(path, number)
        self._machine.note_leaking(root, function.name)
        called_by = [function.name] if not function.name.startswith("__") else []
        if function.cls is not None:
            called_by.append(facts.classes[function.cls].name)
        if depth == 0:
            called_by.extend(registries_of(self._machine, path, function))
        for name in dict.fromkeys(called_by):
            if not self._machine.program.is_rare(name, MAX_SEEKER_FILES):
                continue
            for each in self._machine.program.mentions(name):
                for caller, mentions in self._functions(each):
                    if mentions(name):
                        self._seek_in((each, caller), origin, depth + 1)

    def _seek_in(self, caller: Root, origin: Root, depth: int) -> None:
        """Run a caller of what names a source; one that names it too is run whole, if it would not be for that."""
        if self._sought.pop(caller, None) is not None:
            self._machine.seeking.add(caller)
        elif caller in self._passed:
            self._passed.discard(caller)
            self._machine.seeking.add(caller)
            self._add(caller)
        elif caller not in self._seekers and len(self._seekers) < MAX_SEEKERS:
            self._seekers[caller] = (origin, depth)
            self._machine.seeking.add(caller)
            self._add(caller)

    def _readers(self) -> None:
        """Have what reads a changed variable or field run again."""
        fields = self._machine.shapes.changed - self._machine.published
        changed = sorted(fields | self._machine.published)
        if not changed:
            return
        self._machine.shapes.changed.clear()
        self._machine.published.clear()
        self._outdated = True
        for name in changed:
            within = self._near_home(name)
            self._ask(name, within, attribute=name in fields)
            self._add_aliased(name, within)
            for other in self._read_by.get(name, ()):
                self._ask(other, None)
                self._add_aliased(other)

    def _holders(self) -> None:
        """Ask for what holds a function that gave tagged data: callers may name the table, field or partial only."""
        machine = self._machine
        found = machine.holders.names(self._leaked)
        self._leaked.clear()
        for name in found:
            key = f"held {name}"
            if key not in self._asked:
                self._asked.add(key)
                within = self._near_home(name)
                self._ask(name, within)
                self._add_aliased(name, within)

    def _ask(self, name: str, within: list[str] | None, *, attribute: bool = False) -> None:
        """Have those who name something run after this wave; ``attribute``: it is only reached as one."""
        files = len(self._machine.program.mentions(name) if within is None else within)
        self._pending.append((files, name, self._level, within, attribute))

    def _settle(self) -> None:
        """Add what was asked for, rare names first: what all have is what there may be no allowance left for."""
        for _, name, level, within, attribute in sorted(self._pending, key=lambda row: row[:3]):
            self._level = level
            self._add_naming([name], within, attribute=attribute)
        self._pending.clear()

    def _near(self, name: str, homes: Iterable[str], files: Iterable[str]) -> list[str] | None:
        """Where a common name is looked for; None: everywhere.

        That is in the files that define or mention one of its homes, or a module that defines one, if few do.
        """
        program = self._machine.program
        if program.is_rare(name, MAX_FILES):
            return None
        paths = {path for home in homes for path in program.mentions(home)}
        for path in files:
            paths.add(path)
            module = self._machine.modules.name_of(path).rpartition(".")[2]
            paths.update(program.mentions(module) if program.is_rare(module, MAX_FILES) else ())
        return sorted(paths)

    def _near_home(self, name: str) -> list[str] | None:
        machine = self._machine
        return self._near(name, machine.homes.get(name, ()), sorted(machine.home_files.get(name, ())))

    def outdate(self) -> None:
        """Have the next wave run everything anew: what was left out before is known to matter."""
        self._outdated = True

    def leaks(self, path: str, number: int) -> None:
        """Tagged data leaves a function: whoever calls it is a root."""
        facts = self._machine.facts(path)
        assert facts is not None
        function = facts.functions[number]
        name = function.name
        oid = self._machine.functions.get((path, number))
        if oid is not None:
            self._leaked[oid] = name
        if name == "<lambda>":
            return
        key = f"{path}:{function.qualname}"
        if key in self._asked:
            return
        self._asked.add(key)
        if function.cls is None and name == "__getattr__":
            # A module's: who names the module reads by it.
            self._add_naming([self._machine.modules.name_of(path).rpartition(".")[2]])
            return
        if function.cls is not None and name.startswith("__") and name.endswith("__"):
            # Nobody names a special method: who names its class, or one that inherits it, may call it.
            name = facts.classes[function.cls].name
            owners = [(name, (path, function.cls)), *self._machine.heirs.of(name)]
            for each in dict.fromkeys(owner for owner, _ in owners):
                self._add_naming([each])
            # A variable or an attribute may hold an instance: that name is what others know.
            made = [ref(self._machine.classes[place]) for _, place in owners if place in self._machine.classes]
            for oid, obj in self._machine.base.items() if made else ():
                if obj.kind == "instance" and any(cls in obj.cls.atoms for cls in made):
                    self._leaked[oid] = ""
            return
        home = facts.classes[function.cls].name if function.cls is not None else _stem(path)
        within = self._near(name, (home,), (path,))
        self._ask(name, within)
        self._add_aliased(name, within)

    def _add_aliased(self, name: str, within: Sequence[str] | None = None) -> None:
        """Add what names a thing by another name that a module has given it; a common name only ``within`` files."""
        names = [name]
        near: dict[str, Sequence[str]] = {name: within or ()}
        for each in names:
            rare = self._machine.program.is_rare(each, MAX_FILES)
            paths = self._machine.program.mentions(each) if rare else near.get(each, ())
            for path in paths if len(paths) <= MAX_FILES else ():
                facts = self._machine.facts(path)
                for alias in () if facts is None else other_names(facts, each):
                    key = f"{path}: {alias}"
                    if key not in self._asked and len(self._asked) < MAX_ASKED:
                        self._asked.add(key)
                        within = self._near(alias, (), (path,))
                        self._add_naming([alias], within)
                        near.setdefault(alias, within or ())
                        names.append(alias)

    # --- entries that matched nothing ----------------------------------------------------

    def _match_the_rest(self) -> None:
        """Run what names an entry that matched nothing yet, so that a stale entry is known for one."""
        machine = self._machine
        groups: tuple[tuple[str, Sequence[Entry]], ...] = (
            ("sink", machine.annotations.sinks),
            ("gate", machine.annotations.gates),
            ("transform", machine.annotations.transforms),
            ("passthrough", machine.annotations.passthroughs),
            ("source", machine.annotations.sources),
        )
        alone = Alone(machine, matters, self._runs)
        for kind, entries in groups:
            for index, entry in enumerate(entries):
                if entry.pack is not None or (kind, index) in machine.matched:
                    continue
                patterns = [each for each in entry.match if identifiers(each) and is_named(machine, each)]
                if not all(machine.program.is_rare(identifiers(each)[0], MAX_NAMING) for each in patterns):
                    # So many functions name it that it would not be known to be stale when some had been run.
                    machine.undecided.add((kind, index))
                    continue
                if alone.matches((kind, index), patterns):
                    machine.matched.add((kind, index))
                    continue
                for root, names in alone.likely():
                    if (kind, index) not in machine.matched and matters(machine, root, names):
                        run_root(machine, root, self)
                for pattern in patterns:
                    self._until_matched((kind, index), pattern)

    def _until_matched(self, entry: tuple[str, int], pattern: Pattern) -> None:
        """Run what names a pattern's last name, files that name its class or module first, until it is matched.

        Behind `MAX_TRIED` functions, or `MAX_LOADED` modules that these need, it is not known whether the entry
        is stale, and so it is not told.
        """
        machine = self._machine
        if entry in machine.matched:
            return
        wanted = [name for name in identifiers(pattern) if name]
        paths = machine.program.mentions(wanted[0])
        owner = nearness(machine, pattern)
        most = len(machine.loader.runs) + MAX_LOADED
        near = machine.program.mentions(wanted[0], owner) if owner else paths
        order = (near, set(paths).difference(near))
        tried = 0
        for path in (path for group in order for path in machine.program.smallest(group)):
            facts = machine.facts(path)
            spelled = spellings(facts, wanted) if facts is not None else []
            for number, mentions in self._functions(path):
                if entry in machine.matched:
                    return
                names = next((each for each in spelled if all(map(mentions, each))), None)
                if names is None or self._runs.get((path, number), 0) >= MAX_RUNS:
                    continue
                if tried == MAX_TRIED or len(machine.loader.runs) > most:
                    machine.undecided.add(entry)
                    return
                tried += 1
                self._runs[(path, number)] = self._runs.get((path, number), 0) + 1
                if matters(machine, (path, number), names):
                    run_root(machine, (path, number), self)


def _stem(path: str) -> str:
    """The name of a file without its folder and its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def matters(machine: Machine, root: Root, names: Iterable[str]) -> bool:
    """Whether tagged data comes up in what a function does with names; what else it does is not looked at."""
    path, number = root
    if number < 0:
        return True
    try:
        with machine.invocations.sliced(path, number, names, probing=True):
            run_root(machine, root, None)
    except Tagged:
        return True
    return False
