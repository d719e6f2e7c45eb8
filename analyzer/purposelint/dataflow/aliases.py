"""Other names by which module-level code knows something: import aliases, assignments, decorated functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from purposelint.facts import syntax as s
from purposelint.facts.walking import last_name


def other_names(facts: s.Module, name: str) -> list[str]:
    """What a module's top level calls a thing of this name, or makes with it: ``fetch`` for ``import get as fetch``."""
    found: dict[str, None] = {}
    for statement in statements(facts.body):
        if isinstance(statement, s.ImportFrom):
            found.update((bound, None) for original, bound in statement.names if original == name)
        elif isinstance(statement, s.Assign) and _last_name(statement.value) == name:
            found.update((each.name, None) for each in statement.targets if isinstance(each, s.Name))
        elif isinstance(statement, s.FunctionDef):
            function = facts.functions[statement.function]
            if any(_last_name(expr) == name for expr in function.decorators):
                found[function.name] = None
    found.pop(name, None)
    return list(found)


def spellings(facts: s.Module, names: Sequence[str]) -> list[list[str]]:
    """The names by which a file may say what has all of some names: these; the other name of one."""
    return [list(names), *([other] for name in names[: len(names) == 1] for other in other_names(facts, name))]


def statements(body: Sequence[s.Statement]) -> Iterator[s.Statement]:
    """The statements of a block and of the blocks in it, but not of definitions."""
    for statement in body:
        yield statement
        if isinstance(statement, s.If):
            yield from statements((*statement.body, *statement.orelse))
        elif isinstance(statement, s.Try):
            yield from statements((*statement.body, *statement.orelse, *statement.final))
            for handler in statement.handlers:
                yield from statements(handler.body)
        elif isinstance(statement, s.With | s.For | s.While):
            yield from statements(statement.body)


def _last_name(node: s.Expr) -> str:
    """``f`` for ``f``, ``m.f``, ``f(...)`` and ``m.f(...)``."""
    return last_name(node.func if isinstance(node, s.Call) else node)
