"""Who reads fields without naming them: code that uses a class whose body names what its instances read.

A serializer names the fields that it shows (``fields = ("name", "email")``) or their class (``model = Member``). The
function that makes one of a row names the serializer alone, or what a setting or another serializer calls it. A
model's class says that it reads so by ``purposelint_reads = True``, or by ``purposelint_reads = ("from_attributes",)``
that those of its heirs do that mention one of these names. Its heirs, and what names them, are found by name:
rather too many than too few, as they are only functions that are run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow.heirs import base_names
from purposelint.dataflow.seeds import identifiers, owner_of
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MARK = "purposelint_reads"
ALWAYS = f"{MARK} = True"
READ_BY = "purposelint_read_by"
MAX_NAMES = 150
"""Names of such classes, and of what stands for them."""
MAX_CLASSES = 400
"""Classes that are found to inherit, by name, from those of models."""
MAX_FILES = 25
"""Files that may have a name before it is taken as common."""

Definition = tuple[str, int]


def names_of_readers(machine: Machine) -> list[str]:
    """The names of the classes that read a source by what their bodies say, and of what stands for them."""
    wanted = _wanted(machine)
    readers, asked = _readers(machine) if wanted else ({}, [])
    found = [
        name
        for (path, number), name in readers.items()
        if any(_facts(machine, path).class_mentions(number, each) for each in wanted)
    ]
    known = dict.fromkeys(sorted(found)[:MAX_NAMES])
    methods = _methods_of_models(machine) if known else {}
    queue = list(known)
    for name in queue:
        for path in machine.program.mentions(name) if machine.program.is_rare(name, MAX_FILES) else ():
            for other in _led_from(machine, path, name, readers):
                if other not in known and len(known) < MAX_NAMES:
                    known[other] = None
                    queue.append(other)
        for other in methods.get(name, ()):
            if other not in known and machine.program.is_mentioned(other) and len(known) < MAX_NAMES:
                known[other] = None
                queue.append(other)
    # What is asked of a class may be asked in the call instead: `Shown.model_validate(row, from_attributes=True)`.
    return [name for name in (*known, *asked) if machine.program.is_rare(name, MAX_FILES)]


def names_behind(machine: Machine) -> dict[str, list[str]]:
    """By the attribute of a model's class that keeps something, the names by which code has it handed over."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, model in sorted(machine.models.items()):
        if READ_BY not in model.code or not machine.program.is_mentioned(name.partition(".")[0]):
            continue
        for cls in _facts(machine, f"<{name}>").classes:
            for statement in cls.body:
                if isinstance(statement, s.Assign) and any(_mentions(each, READ_BY) for each in statement.targets):
                    kept, *names = [node.value for node in nodes(statement.value) if isinstance(node, s.Const)]
                    found[str(kept)].extend(map(str, names))
    return found


def _methods_of_models(machine: Machine) -> dict[str, list[str]]:
    """By what they mention, the methods of those models that use the marked ones: ``get_serializer`` is one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in _near_models(machine, ALWAYS):
        facts = _facts(machine, f"<{name}>")
        for function in facts.functions:
            if function.cls is not None and not function.name.startswith("_"):
                given = [node.name for param in function.params for node in _default(param)]
                behind = [each for other in facts.functions if other.name in given for each in other.names]
                for mentioned in sorted({*function.names, *behind}):
                    found[mentioned].append(function.name)
    return found


def _default(param: s.Parameter) -> list[s.Name]:
    return [node for node in nodes(param.default) if isinstance(node, s.Name)] if param.default is not None else []


def _wanted(machine: Machine) -> frozenset[str]:
    """The last names of the attributes that are sources, and the names of their classes, where they can be there."""
    patterns = [pattern for source in machine.annotations.sources if source.pack is None for pattern in source.match]
    patterns = [each for each in patterns if isinstance(each.steps[-1], NameStep) and may_be_there(machine, each)]
    found = [(*identifiers(each), owner_of(each)) for each in patterns]
    return frozenset(name for names in found for name in names if name)


def may_be_there(machine: Machine, pattern: Pattern) -> bool:
    """Whether code names the attribute, or may have its class of another module: one of the project, or imported."""
    first, program = pattern.steps[0], machine.program
    if not isinstance(first, NameStep) or any(map(program.is_mentioned, identifiers(pattern))):
        return True
    return bool(program.defining("import", first.name)) or machine.modules.defines_top(first.name)


def _readers(machine: Machine) -> tuple[dict[Definition, str], list[str]]:
    """The project's classes that read so, and the names that models ask for in those that do."""
    marked = _marked(machine)
    found = _heirs(machine, [name for name, asked in marked.items() if not asked])
    asking: dict[tuple[str, ...], list[str]] = {}
    for name, asked in marked.items():
        asking.setdefault(asked, []).append(name)
    words: dict[str, None] = {}
    for asked, names in asking.items():
        heirs = _heirs(machine, names) if asked else {}
        saying = {
            (path, number): name
            for (path, number), name in heirs.items()
            if any(_facts(machine, path).class_mentions(number, word) for word in asked)
        }
        found.update(saying)
        found.update(_heirs(machine, list(dict.fromkeys(saying.values()))))
        words.update(dict.fromkeys(asked if heirs else ()))
    return found, list(words)


def _marked(machine: Machine) -> dict[str, tuple[str, ...]]:
    """The names of the classes of models that say that they read so, and of those that inherit from them.

    With the names that each asks for in its heirs; none where all of them read so.
    """
    near = _near_models(machine)
    found: dict[str, tuple[str, ...]] = {}
    classes = [cls for name in near for cls in _facts(machine, f"<{name}>").classes]
    found.update((cls.name, _asked(cls)) for cls in classes if MARK in cls.locals)
    size = -1
    while size != len(found):
        size = len(found)
        for cls in classes:
            base = next((each for each in base_names(cls) if each in found), None)
            if base is not None:
                found.setdefault(cls.name, found[base])
    for name in near:
        # Other names: ``HyperlinkedModelSerializer = ModelSerializer``.
        for statement in _facts(machine, f"<{name}>").body:
            if (
                isinstance(statement, s.Assign)
                and isinstance(statement.value, s.Name)
                and statement.value.name in found
            ):
                asked = found[statement.value.name]
                found.update((each.name, asked) for each in statement.targets if isinstance(each, s.Name))
    return found


def _asked(cls: s.Class) -> tuple[str, ...]:
    """The names in what a class is marked with."""
    assigned = [each for each in cls.body if isinstance(each, s.Assign)]
    marks = [each.value for each in assigned if any(_mentions(target, MARK) for target in each.targets)]
    texts = [node.value for mark in marks for node in nodes(mark) if isinstance(node, s.Const)]
    return tuple(each for each in texts if isinstance(each, str))


def _near_models(machine: Machine, mark: str = MARK) -> list[str]:
    """The models with marked classes, of packages that the code names, and those that mention such a package."""
    models = machine.models.items()
    first = {name.partition(".")[0] for name, model in models if mark in model.code}
    first = {name for name in first if machine.program.is_mentioned(name)}
    return sorted(name for name, model in models if any(each in model.code or name.startswith(each) for each in first))


def _heirs(machine: Machine, queue: list[str]) -> dict[Definition, str]:
    """The project's classes that inherit, by name, from one of some classes."""
    found: dict[Definition, str] = {}
    for name in queue:
        for path in machine.program.defining("base", name):
            for number, cls in enumerate(_facts(machine, path).classes):
                if (path, number) not in found and name in base_names(cls) and len(found) < MAX_CLASSES:
                    found[(path, number)] = cls.name
                    if cls.name not in queue:
                        queue.append(cls.name)
    return found


def _led_from(machine: Machine, path: str, name: str, readers: dict[Definition, str]) -> Iterator[str]:
    """What of a file stands for a name, or holds it: heirs, readers that mention it, variables and class attributes."""
    facts = _facts(machine, path)
    yield from _assigned(facts.body, name)
    for number, cls in enumerate(facts.classes):
        if name in base_names(cls) or ((path, number) in readers and facts.class_mentions(number, name)):
            readers[(path, number)] = cls.name
            yield cls.name
        elif facts.class_mentions(number, name):
            yield from _assigned(cls.body, name)


def _assigned(body: Sequence[s.Statement], name: str) -> Iterator[str]:
    """The variables that are assigned something which mentions a name, or the end of a dotted path that is a text."""
    for statement in body:
        if isinstance(statement, s.Assign) and any(_mentions(node, name) for node in nodes(statement.value)):
            yield from (each.name for each in statement.targets if isinstance(each, s.Name))


def _mentions(node: object, name: str) -> bool:
    if isinstance(node, s.Name):
        return node.name == name
    if isinstance(node, s.Attribute):
        return node.attr == name
    return isinstance(node, s.Const) and isinstance(node.value, str) and node.value.rpartition(".")[2] == name


_NOTHING = s.Module((), (), (), frozenset(), ())


def _facts(machine: Machine, path: str) -> s.Module:
    return machine.facts(path) or _NOTHING
