"""What a program under composition knows of itself: types, variables, definitions, and the text so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

_T = TypeVar("_T")
_PATH = 3


@dataclass(frozen=True)
class Type:
    """What a value is. ``parts``: types of elements (list, dict), items (tuple), parameters and result."""

    kind: str
    parts: tuple[Type, ...] = ()
    name: str = ""


TEXT = Type("text")
FLAG = Type("flag")
ERROR = Type("error")


def list_of(element: Type) -> Type:
    """Give the type of lists."""
    return Type("list", (element,))


def dict_of(element: Type) -> Type:
    """Give the type of dicts; their keys are always k0 and k1."""
    return Type("dict", (element,))


def tuple_of(*items: Type) -> Type:
    """Give the type of tuples."""
    return Type("tuple", items)


def func_of(*parts: Type) -> Type:
    """Give the type of functions; the last part is their result."""
    return Type("func", parts)


MAPPER = func_of(TEXT, TEXT)


@dataclass
class Function:
    """A function or method of the program. ``kind``: plain, generator, manager, raiser or async.

    ``parameters``: name, type, and how it is given (``plain``, ``default``, ``named``, ``star``, ``pairs``).
    """

    name: str
    parameters: list[tuple[str, Type, str]]
    result: Type
    kind: str = "plain"


@dataclass
class Class:
    """A class of the program, with what it inherits in its own lists."""

    name: str
    fields: list[tuple[str, Type]] = field(default_factory=list)
    constructor: list[tuple[str, Type]] = field(default_factory=list)
    methods: list[Function] = field(default_factory=list)
    properties: list[tuple[str, bool]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    special: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    frozen: bool = False
    plain: bool = True


@dataclass
class Scope:
    """A function's variables. ``own`` may be assigned, ``outer`` only read."""

    own: dict[str, Type] = field(default_factory=dict)
    outer: dict[str, Type] = field(default_factory=dict)
    result: Type | None = None
    loop: bool = False
    kind: str = "plain"

    def visible(self) -> dict[str, Type]:
        """Give what can be read."""
        return {**self.outer, **self.own}


class Draft:
    """The text of a program as it grows. ``tag`` is in the names of what other files could know by name."""

    def __init__(self, random: Random, tag: str) -> None:
        self.random = random
        self.tag = tag
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.coins = 0
        self.heat = random.choice([0.02, 0.05, 0.1, 0.2])
        self.functions: list[Function] = []
        self.classes: dict[str, Class] = {}
        self.scope = Scope()
        self.imports: set[str] = set()
        self.unfinished = ""

    def name(self, prefix: str) -> str:
        """Give a new name."""
        self.count += 1
        return f"{prefix}{self.count}"

    def tagged(self, prefix: str) -> str:
        """Give a new name that no other program has."""
        return f"{self.name(prefix)}{self.tag}"

    def emit(self, line: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.indent + line)

    def chance(self, part: float) -> bool:
        """Be true in a part of all cases."""
        return self.random.random() < part

    def pick(self, options: list[tuple[int, Callable[[], _T]]]) -> _T:
        """Do one of several things, by weight."""
        at = self.random.randrange(sum(weight for weight, _ in options))
        for weight, do in options:
            at -= weight
            if at < 0:
                return do()
        raise AssertionError

    def choose(self, options: list[_T]) -> _T:
        """Take one."""
        return options[self.random.randrange(len(options))]

    @contextmanager
    def block(self, head: str, **variables: Type) -> Iterator[None]:
        """Indent what is written; variables that are made inside are not seen behind."""
        self.emit(head)
        self.indent += 1
        before = dict(self.scope.own)
        self.scope.own.update(variables)
        written = len(self.lines)
        yield
        if len(self.lines) == written:
            self.emit("pass")
        self.scope.own = {name: kind for name, kind in self.scope.own.items() if name in before}
        self.indent -= 1

    @contextmanager
    def function(self, head: str, inner: Scope) -> Iterator[None]:
        """Write the body of a function, whose scope is ``inner``."""
        saved, self.scope = self.scope, inner
        with self.block(head):
            yield
        self.scope = saved

    def variables(self, wanted: Type) -> list[str]:
        """List the variables of a type."""
        return [name for name, kind in self.scope.visible().items() if kind == wanted]

    def paths(self, wanted: Type, *, written: bool = False) -> list[str]:
        """List what leads to a value of a type: fields and elements of variables, ``written``: that can be assigned."""
        found: list[str] = []
        for name, kind in self.scope.visible().items():
            self._walk(name, kind, wanted, written, _PATH, found)
        return found

    def _walk(self, path: str, kind: Type, wanted: Type, written: bool, depth: int, found: list[str]) -> None:
        if depth == 0:
            return
        for step, inner, fixed in self._steps(kind):
            if inner == wanted and not (written and fixed):
                found.append(path + step)
            self._walk(path + step, inner, wanted, written, depth - 1, found)

    def _steps(self, kind: Type) -> list[tuple[str, Type, bool]]:
        if kind.kind == "list":
            return [("[0]", kind.parts[0], False), ("[-1]", kind.parts[0], False)]
        if kind.kind == "dict":
            return [('["k0"]', kind.parts[0], False), ('["k1"]', kind.parts[0], False)]
        if kind.kind == "tuple":
            return [(f"[{at}]", part, True) for at, part in enumerate(kind.parts)]
        if kind == ERROR:
            return [(".args[0]", TEXT, True)]
        if kind.kind == "object":
            known = self.classes[kind.name]
            steps = [(f".{name}", inner, known.frozen) for name, inner in known.fields]
            steps += [(f".{name}", TEXT, not setter) for name, setter in known.properties]
            return steps + [(f".{name}", TEXT, known.frozen) for name in known.shared]
        return []
