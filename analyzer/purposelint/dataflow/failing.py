"""Library calls that may raise an exception though they are used well: a handler around them may run.

What is no part of Python may always fail: it speaks to other machines, or looks at what it is given. Of Python's own
library, packs say what does (``[pack] fails``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposelint.dataflow.newest import PYTHON_MODULES
from purposelint.dataflow.values import Atom, Bound, External, Native, Ref, Trail

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame, Instance


FOREIGN = "foreign"
"""Stands in `Frame.implicit` for what a library may raise: any exception but those that the project defines."""
CALLED = "called"
"""Stands there for what code of the project may raise that a library's model has called."""


def note(frame: Frame, atom: Atom) -> None:
    """Note that what is called may fail, where it is a library's, and not its model that calls."""
    if frame.path.startswith("<"):
        return
    target = atom.func if type(atom) is Bound else atom
    trail: Trail = ()
    if type(target) is External:
        trail = target.trail
    elif type(target) is Native:
        trail = ("builtins", *target.name.split("."))
    elif type(target) is Ref:
        obj = frame.get(target.oid)
        path, number = obj.data[:2] if obj.kind in ("function", "class") else ("", 0)
        facts = frame.machine.facts(path) if isinstance(path, str) and path.startswith("<") else None
        if facts is not None and isinstance(number, int):
            defined = facts.functions if obj.kind == "function" else facts.classes
            trail = frame.machine.trails_of_definition(str(path), defined[number].qualname)[0]
    if trail and may_fail(trail, frame.machine.annotations.fails):
        frame.implicit.add(FOREIGN)


def may_fail(trail: Trail, failing: frozenset[str]) -> bool:
    """Whether a library's function, class or method may fail. ``failing``: what does of Python's own."""
    if trail[0] not in PYTHON_MODULES:
        return True
    name = ""
    for part in trail:
        name = f"{name}.{part}" if name else str(part)
        if name in failing:
            return True
    return False


def implicit(frame: Frame, instance: Instance) -> frozenset[str]:
    """What the call of an instance may raise without saying so, as `Frame.implicit` names it.

    Of a model only what it was given to call may do so: what its own code may raise is not what the library may.
    """
    raised = instance.outcome.implicit if instance.outcome is not None else frozenset[str]()
    if frame.instance.path.startswith("<"):
        return frozenset((CALLED,)) if raised and not instance.path.startswith("<") else raised & {CALLED}
    if instance.path.startswith("<"):
        return frozenset("*") if CALLED in raised else frozenset()
    return raised
