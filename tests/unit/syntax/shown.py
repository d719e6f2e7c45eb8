"""Facts as short text, refs left out, so that a test can say what it expects on one line."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from textwrap import dedent

from purposelint.facts import syntax as facts
from purposelint.syntax import lower


def module(text: str) -> facts.Module:
    return lower(dedent(text).encode())


def show(value: object) -> str:
    """``Name('x')`` for a `Name`; the fields of a fact in their order, but its ref."""
    if is_dataclass(value):
        inner = ", ".join(show(getattr(value, field.name)) for field in fields(value) if field.name != "ref")
        return f"{type(value).__name__}({inner})"
    if isinstance(value, tuple):
        return f"[{', '.join(show(item) for item in value)}]"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(value))}}}"
    return repr(value)


def statement(text: str) -> str:
    """The one statement that a program is lowered to."""
    (only,) = module(text).body
    return show(only)


def expression(text: str) -> str:
    """What the right side of an assignment is lowered to."""
    (only,) = module(f"it = {text}").body
    assert isinstance(only, facts.Assign)
    return show(only.value)


def function(text: str, name: str) -> facts.Function:
    """The function of a program with this qualified name."""
    (found,) = [candidate for candidate in module(text).functions if candidate.qualname == name]
    return found


def cls(text: str, name: str) -> facts.Class:
    """The class of a program with this qualified name."""
    (found,) = [candidate for candidate in module(text).classes if candidate.qualname == name]
    return found
