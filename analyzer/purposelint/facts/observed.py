"""Facts that note what of them is looked at, so that it is known on what a result depends.

A run looks into few functions of the files that it reads. Of the others it sees the header, and whether they mention
some name. An `ObservedModule` notes in `Looks` at which bodies was looked, and for which names was asked. What else it
holds is not noted, for it always counts. See `purposelint.facts.comparing` for what that is good for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

from purposelint.facts.syntax import Function, Module

Definition: TypeAlias = "tuple[str, int]"
"""A file and the number of a function in it."""

EVERY_NAME = "*"
"""Stands in `Looks.names` for whatever a file defines."""

_HEADER = (
    "name",
    "qualname",
    "parent",
    "cls",
    "params",
    "returns",
    "decorators",
    "is_async",
    "tag",
    "ref",
    "type_parameters",
)


@dataclass(slots=True)
class Looks:
    """What was looked at: the ``bodies`` of functions, the whole list of names (``listings``) of others.

    ``names`` are those of which it was asked whether something in a file mentions them, with `EVERY_NAME` for a file of
    which a module or class was gone through. ``sought`` are those under which something was looked for in any module or
    class: code may have put them together, so that they stand nowhere.
    """

    bodies: set[Definition] = field(default_factory=set)
    listings: set[Definition] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    sought: set[str] = field(default_factory=set)


def _of_the_body(name: str) -> Any:
    """A field that the body decides: whoever reads it has looked at the body."""
    lowered = attrgetter(name)

    def read(self: ObservedFunction) -> object:
        self._looks.bodies.add(self._definition)
        return lowered(self._function)

    return property(read)


class ObservedFunction(Function):
    """A function that notes in `Looks` when its body, or what follows from the body, is looked at."""

    __slots__ = ("_definition", "_function", "_looks", "_named")

    _function: Function
    _definition: Definition
    _looks: Looks
    _named: frozenset[str] | None

    def __init__(self, function: Function, definition: Definition, looks: Looks) -> None:
        put = partial(object.__setattr__, self)  # like all facts, it is frozen
        for name in _HEADER:
            put(name, getattr(function, name))
        put("_function", function)
        put("_definition", definition)
        put("_looks", looks)
        put("_named", None)

    body = _of_the_body("body")
    is_generator = _of_the_body("is_generator")
    locals = _of_the_body("locals")
    globals = _of_the_body("globals")
    nonlocals = _of_the_body("nonlocals")

    @property
    def names(self) -> tuple[str, ...]:
        """See `Function`."""
        self._looks.listings.add(self._definition)
        return self._function.names

    def mentions(self, name: str) -> bool:
        """Whether it mentions a name; the name is noted."""
        self._looks.names.add((self._definition[0], name))
        if self._named is None:
            object.__setattr__(self, "_named", frozenset(self._function.names))
        return name in self._named  # type: ignore[operator]

    def lowered(self) -> Function:
        """The function without notes; all of it counts as looked at."""
        self._looks.bodies.add(self._definition)
        self._looks.listings.add(self._definition)
        return self._function


class ObservedModule(Module):
    """A module that notes which names are asked for, and whose functions note what is looked at."""

    __slots__ = ("_looks", "_named", "_path")

    _looks: Looks
    _named: frozenset[str]
    _path: str

    def __init__(self, path: str, module: Module, looks: Looks) -> None:
        functions = [ObservedFunction(each, (path, number), looks) for number, each in enumerate(module.functions)]
        super().__init__(
            module.body, tuple(functions), module.classes, module.locals, module.names, tagging=module.tagging
        )
        put = partial(object.__setattr__, self)
        put("_path", path)
        put("_looks", looks)
        put("_named", frozenset(module.names).union(*(each.names for each in module.classes)))

    def mentions(self, name: str) -> bool:
        """See `Module`; the name is noted."""
        self._looks.names.add((self._path, name))
        return name in self._named

    def class_mentions(self, number: int, name: str) -> bool:
        """See `Module`; the name is noted."""
        self._looks.names.add((self._path, name))
        return name in self.classes[number].names

    def gone_through(self) -> None:
        """See `Module`."""
        self._looks.names.add((self._path, EVERY_NAME))
