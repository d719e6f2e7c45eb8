"""What a run has asked of its program, kept with its result: where later code answers the same, the result stands.

A run sees of the code what it asks for: who mentions a name, who defines it, the facts of some files, and of these
files' functions the bodies of few. A later run with other code can take the earlier one's result if it would be given
the same answers. Most edits leave them as they are: those in functions that no tagged data comes near, in comments, in
layout, and new functions that nobody calls yet.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable
from dataclasses import dataclass

from purposelint.facts.comparing import Comparison, compare
from purposelint.facts.observed import Looks
from purposelint.facts.syntax import Class, Const, Function, Module
from purposelint.facts.walking import nodes
from purposelint.project.kept import Kept
from purposelint.project.program import ProjectProgram
from purposelint.project.questions import Answer, Question
from purposelint.project.reading import decode

Refs = dict[str, dict[int, int]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A run's questions and answers, and its ``result``.

    ``digests`` are those of the project's files, ``answers`` what the index was asked and said, ``asked`` the files
    whose facts were asked for.
    """

    digests: dict[str, bytes]
    answers: dict[Question, Answer]
    asked: frozenset[str]
    looks: Looks
    result: bytes


def written(program: ProjectProgram, kept: Kept, result: bytes) -> bytes:
    """The ledger of a run, as bytes."""
    paths = sorted(program.paths)
    numbers = {path: number for number, path in enumerate(paths)}
    looks = program.looks
    return marshal.dumps(
        (
            [(path, kept.snapshot.digests[path]) for path in paths],
            list(program.answers.items()),
            sorted(numbers[path] for path in program.asked if path in numbers),
            sorted((numbers[path], number) for path, number in looks.bodies),
            sorted((numbers[path], number) for path, number in looks.listings),
            sorted((numbers[path], name) for path, name in looks.names),
            sorted(looks.sought),
            result,
        )
    )


def read(packed: bytes) -> Ledger:
    """The ledger of `written`'s bytes."""
    rows, answers, asked, bodies, listings, names, sought, result = marshal.loads(packed)
    paths = [path for path, _ in rows]
    looks = Looks(
        {(paths[path], number) for path, number in bodies},
        {(paths[path], number) for path, number in listings},
        {(paths[path], name) for path, name in names},
        set(sought),
    )
    return Ledger(dict(rows), dict(answers), frozenset(paths[path] for path in asked), looks, result)


def moved(ledger: Ledger, program: ProjectProgram, kept: Kept, reserved: Iterable[str]) -> Refs | None:
    """Where the nodes of changed files are now, if the code answers as it did; None where it may not.

    ``reserved`` is code that is no file of the project and may call what is defined there by its name: library models.
    """
    digests = kept.snapshot.digests
    if ledger.digests.keys() != digests.keys() or not program.answers_as(ledger.answers):
        return None
    changed = sorted(path for path in ledger.asked if ledger.digests.get(path) != digests.get(path))
    program.prefetch(changed)
    refs: Refs = {}
    for path in changed:
        before, now = kept.facts_of(ledger.digests[path]), program.lowered(path)
        if before is None or now is None:
            return None
        old = decode(before)
        comparison = compare(old, now)
        if comparison is None or not _looks_the_same(ledger, path, comparison):
            return None
        # What is defined in one version only must be unknown to the other.
        alone = [*((name, old) for name in comparison.added), *((name, now) for name in comparison.removed)]
        if not ledger.looks.sought.isdisjoint(name for name, _ in alone):
            return None
        if not all(_is_unknown(name, path, version, program, reserved) for name, version in alone):
            return None
        refs[path] = comparison.refs
    return refs


def _looks_the_same(ledger: Ledger, path: str, comparison: Comparison) -> bool:
    """Whether nothing differs at which the run has looked."""
    looks = ledger.looks
    return not (
        any((path, number) in looks.bodies for number in comparison.bodies)
        or any((path, number) in looks.listings for number in comparison.listings)
        or any((path, name) in looks.names for name in comparison.named)
    )


def _is_unknown(name: str, path: str, version: Module, program: ProjectProgram, reserved: Iterable[str]) -> bool:
    """Whether nothing can mean a definition by its name: no code or text of other files, or of a version of this."""
    if name.startswith("__") or any(each != path for each in program.mentions(name)):
        return False
    named = re.compile(rf"\b{re.escape(name)}\b")
    parts: list[Module | Function | Class] = [version, *version.functions, *version.classes]
    return not (
        any(named.search(code) for code in reserved)
        or any(name in part.names for part in parts)
        or any(
            type(node) is Const and isinstance(node.value, str) and named.search(node.value)
            for part in parts
            for node in nodes(part.body)
        )
    )
