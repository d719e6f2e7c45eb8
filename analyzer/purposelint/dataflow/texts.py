"""Who reads a field by a text from elsewhere: ``getattr(user, self.field)`` where a class has ``field = "phone"``.

The function that reads names neither the field nor its class. It names what holds the text: a variable of a module, an
attribute of a class or one that a method sets. It may stand in a class from which the one that says so inherits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from purposelint.dataflow.aliases import statements
from purposelint.dataflow.heirs import Definition, base_names
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

MAX_FILES = 15
"""Files that may name what holds the text; where more do, those count that name its class or module, too."""
MAX_HOLDERS = 40
"""Variables and attributes that hold the name of one source."""
MAX_ABOVE = 4
"""How far up the classes that one inherits from are looked through."""
BY_NAME = ("getattr", "attrgetter")


class Holder(NamedTuple):
    """What holds a text: its name, its file, and the number of its class there, if it is an attribute."""

    name: str
    path: str
    cls: int | None


class Reader(NamedTuple):
    """A function that reads by what a holder holds, and the class of its receiver where that is an heir of its own."""

    path: str
    number: int
    holder: str
    heir: Definition | None


def readers(machine: Machine, text: str, among: Collection[str] | None = None) -> Iterator[Reader]:
    """The functions that may read an attribute by a text that variables and attributes hold, of some files or all."""
    paths = machine.program.mentions(text, within=among)
    held = [each for path in paths for each in _holders(machine.facts(path), path, text)]
    for holder in list(dict.fromkeys(held))[:MAX_HOLDERS]:
        above = _above(machine, holder)
        for path in _files(machine, holder, above):
            facts = machine.facts(path)
            for number, function in enumerate(facts.functions if facts is not None else ()):
                if not function.mentions(holder.name) or not any(map(function.mentions, BY_NAME)):
                    continue
                if function.parent is None:
                    place = (path, function.cls) if function.cls is not None else None
                    heir = (holder.path, holder.cls) if holder.cls is not None and place in above else None
                    yield Reader(path, number, holder.name, heir)


def _holders(facts: s.Module | None, path: str, text: str) -> Iterator[Holder]:
    if facts is None:
        return
    for name in _assigned(facts.body, text):
        yield Holder(name, path, None)
    for number, cls in enumerate(facts.classes):
        if facts.class_mentions(number, text):
            for name in _assigned(cls.body, text):
                yield Holder(name, path, number)
    for function in facts.functions:
        if function.cls is None or not function.params or not function.mentions(text):
            continue
        for node in nodes(function.body):
            if type(node) is s.Assign and _holds(node.value, text):
                for target in node.targets:
                    if not isinstance(target, s.Attribute) or not isinstance(target.value, s.Name):
                        continue
                    if target.value.name == function.params[0].name:
                        yield Holder(target.attr, path, function.cls)


def _assigned(body: tuple[s.Statement, ...], text: str) -> Iterator[str]:
    for statement in statements(body):
        if isinstance(statement, s.Assign) and _holds(statement.value, text):
            yield from (each.name for each in statement.targets if isinstance(each, s.Name))
        elif isinstance(statement, s.AnnAssign) and statement.value is not None and _holds(statement.value, text):
            yield from [statement.target.name] if isinstance(statement.target, s.Name) else []


def _holds(value: s.Expr, text: str) -> bool:
    """Whether an expression is a text, or a list, tuple, set or dict with it."""
    if isinstance(value, s.Const):
        return value.value == text
    if isinstance(value, s.Sequence | s.Dict):
        return any(type(node) is s.Const and node.value == text for node in nodes(value))
    return False


def _above(machine: Machine, holder: Holder) -> dict[Definition, None]:
    """The classes that the holder's class inherits from, by name."""
    found: dict[Definition, None] = {}
    facts = machine.facts(holder.path)
    if holder.cls is None or facts is None:
        return found
    names = base_names(facts.classes[holder.cls])
    for _ in range(MAX_ABOVE):
        above: list[str] = []
        for name in names:
            for path in machine.program.defining("class", name):
                facts = machine.facts(path)
                for number, cls in enumerate(facts.classes if facts is not None else ()):
                    if cls.name == name and (path, number) not in found:
                        found[(path, number)] = None
                        above.extend(base_names(cls))
        names = above
    return found


def _files(machine: Machine, holder: Holder, above: dict[Definition, None]) -> list[str]:
    program = machine.program
    if program.is_rare(holder.name, MAX_FILES):
        return sorted(program.mentions(holder.name))
    facts = machine.facts(holder.path)
    assert facts is not None
    module = machine.modules.name_of(holder.path).rpartition(".")[2]
    near = module if holder.cls is None else facts.classes[holder.cls].name
    found = {holder.path, *(path for path, _ in above)}
    if program.is_rare(near, MAX_FILES):
        found.update(program.mentions(holder.name, near))
    return sorted(found)
