"""What things are usually called: the classes that conventions give objects of which nothing else is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purposelint.config.model import Convention
    from purposelint.facts.program import Program


class Conventions:
    """The conventions that count in a project: its own, and those of packs whose package the code mentions."""

    def __init__(self, program: Program, conventions: Iterable[Convention]) -> None:
        self._program = program
        self._own: dict[str, str] = {}
        self._packed: defaultdict[str, list[str]] = defaultdict(list)
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        for convention in conventions:
            self._names[convention.type].extend(name for name in convention.names if "." not in name)
            for name in convention.names:
                if convention.pack is None:
                    self._own.setdefault(name, convention.type)
                elif program.is_mentioned(_package(convention.type)):
                    self._packed[name].append(convention.type)

    def __bool__(self) -> bool:
        return bool(self._own or self._packed)

    def chains(self) -> list[str]:
        """The names that say of what something is: ``request.user``."""
        return [name for name in dict.fromkeys((*self._own, *self._packed)) if "." in name]

    def names_of(self, kind: str) -> list[str]:
        """What things of a type are called."""
        return self._names.get(kind, [])

    def type_of(self, names: Iterable[str], path: str) -> str | None:
        """The type of what is called so in a file, the first of the names first.

        Of several packs', that whose package the file mentions, or else the one that most files do.
        """
        for name in names:
            kinds = self._packed.get(name, ())
            if name in self._own:
                return self._own[name]
            if len(kinds) > 1:
                files = {kind: self._program.mentions(_package(kind)) for kind in kinds}
                return max(kinds, key=lambda kind: (path in files[kind], len(files[kind])))
            if kinds:
                return kinds[0]
        return None


def _package(kind: str) -> str:
    return kind.partition(".")[0]
