"""What the code at hand names: trails and spellings, and whether a pattern's rule matches them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from purposelint.config.patterns import NameStep, Pattern
from purposelint.dataflow import classes, types
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.matching import Rule, matches, matches_end
from purposelint.dataflow.values import Atom, Bound, External, Native, Ref, Trail, Value
from purposelint.facts import syntax as s

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine


def spelling(node: s.Expr | None) -> Trail:
    """An expression as it is written, as far as it is names, keys and calls; empty where it is something else."""
    if isinstance(node, s.Name):
        return (node.name.partition("@")[0],)
    if isinstance(node, s.Attribute):
        inner = spelling(node.value)
        return (*inner, node.attr) if inner else ()
    if isinstance(node, s.Call):
        inner = spelling(node.func)
        return (*inner, "()") if inner else ()
    if isinstance(node, s.Subscript):
        inner = spelling(node.value)
        key = node.key.value if isinstance(node.key, s.Const) and isinstance(node.key.value, str | int) else None
        return (*inner, ("[]", key)) if inner else ()
    if isinstance(node, s.Await):
        return spelling(node.value)
    return ()


def rooted(frame: Frame, node: s.Expr | None) -> list[Trail]:
    """A chain as it is written (``Lead.objects.create``), from what its first name is known to be."""
    written = spelling(node)
    if len(written) < 3 or node is None:
        return []
    root: s.Expr = node
    while not isinstance(root, s.Name):
        if isinstance(root, s.Call):
            root = root.func
        elif isinstance(root, s.Attribute | s.Subscript | s.Await):
            root = root.value
        else:
            return []
    from purposelint.dataflow import names  # noqa: PLC0415 - names know events, which know naming

    known = names.load(frame, root.name, root.ref)
    return [(*trail, *written[1:]) for atom in known.atoms for trail in types.trails_of(frame, atom)]


def text(trail: Trail) -> str:
    """A trail as a reader would write it."""
    result = ""
    for step in trail:
        if isinstance(step, tuple):
            result += "[*]" if step[1] is None else f"[{step[1]!r}]"
        elif step == "()":
            result += "()"
        else:
            result += f".{step}" if result else str(step)
    return result


def known_names(frame: Frame, owner: Value) -> list[str] | None:
    """The names of the classes a value is known to be of, inherited ones too; None when none is known."""
    found: list[str] = []
    known = False
    for atom in owner.atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            for cls in obj.cls.atoms:
                known = known or type(cls) is not Native
                for each in classes.mro(frame, cls):
                    found.extend(_class_name(frame, each))
            if obj.kind == "opaque":
                # An instance of an external class; what its methods gave is of no known class.
                for trail in obj.trails:
                    if len(trail) > 1 and trail[-1] == "()" and str(trail[-2])[:1].isupper():
                        known = True
                        found.append(str(trail[-2]))
    return found if known else None


def _class_name(frame: Frame, cls: Atom) -> list[str]:
    if type(cls) is Ref and frame.get(cls.oid).kind == "class":
        called = frame.machine.conventions.names_of
        trails = frame.get(cls.oid).trails[:1]
        return [name for trail in trails for name in (str(trail[-1]), *called(".".join(map(str, trail))))]
    if type(cls) is External:
        return [str(cls.trail[-1])]
    return []


def same_name(pattern: str, name: str) -> bool:
    """Whether a name in a pattern is a class's: ``story`` and ``Story``, ``ad_account`` and ``AdAccount``."""
    return pattern.replace("_", "").lower() == name.replace("_", "").lower()


def owner_matches(
    frame: Frame, rule: Rule, owner: Value, last: object | None, written: Trail, steps: Sequence[object] | None = None
) -> bool:
    """Whether a rule matches ``owner`` followed by ``last`` (None: the owner itself)."""
    pattern = rule.steps if steps is None else steps
    tail: Trail = () if last is None else (last,)  # type: ignore[assignment]
    for atom in owner.atoms:
        for trail in types.trails_of(frame, atom):
            if matches(pattern, (*trail, *tail)):  # type: ignore[arg-type]
                return True
    return rule.by_name and _spelled(frame, rule, pattern, owner, tail, written)


def _spelled(frame: Frame, rule: Rule, pattern: Sequence[object], owner: Value, tail: Trail, written: Trail) -> bool:
    before = pattern[-2] if tail and isinstance(tail[0], str) and len(pattern) > 1 else None
    if tail and not isinstance(tail[0], str) and pattern:
        before = pattern[-1]
    names = known_names(frame, owner)
    if names is not None and isinstance(before, NameStep) and before.name not in ("*", "**"):
        named = any(same_name(before.name, name) for name in names)
        if not named:
            return False
        if len([step for step in pattern if isinstance(step, NameStep)]) <= 2:
            return matches_end(pattern, (before.name, *tail))  # type: ignore[arg-type]
    if written and matches_end(pattern, (*written, *tail)):  # type: ignore[arg-type]
        return True
    for atom in owner.atoms:
        for spelled in spellings(frame, atom):
            if matches_end(pattern, (*spelled, *tail)):  # type: ignore[arg-type]
                return True
    return False


def spellings(frame: Frame, atom: Atom) -> list[Trail]:
    """How something was called where it came from: a parameter's name and the path from there, a library's object."""
    if type(atom) is External:
        return [atom.trail]
    if type(atom) is not Ref:
        return []
    obj = frame.get(atom.oid)
    named = [trail for trail in obj.trails if "()" not in trail] if obj.kind == "opaque" else []
    return [*((obj.spelled,) if obj.spelled else ()), *named]


def excluded(frame: Frame, rule: Rule, owner: Value, last: object | None, written: Trail) -> bool:
    """Whether an ``except`` pattern takes a match out."""
    return any(owner_matches(frame, other, owner, last, written) for other in rule.excluded)


def here(frame: Frame) -> list[Trail]:
    """The names of the module and function at hand."""
    return _named(frame.machine, frame.path, "" if frame.function is None else frame.function.qualname)


def _named(machine: Machine, path: str, qualname: str) -> list[Trail]:
    if qualname:
        return list(machine.trails_of_definition(path, qualname))
    return [tuple(name.split(".")) for name in machine.modules.names_of(path)]


def within(frame: Frame, patterns: Sequence[Pattern]) -> bool:
    """Whether the code at hand lies in what ``within`` names; no patterns: anywhere."""
    qualname = "" if frame.function is None else frame.function.qualname
    return not patterns or lies_within(frame.machine, frame.path, qualname, patterns)


def lies_within(machine: Machine, path: str, qualname: str, patterns: Sequence[Pattern]) -> bool:
    """The same of a function, by its qualified name; of a module by none."""
    if not patterns:
        return True
    places = _named(machine, path, qualname)
    for pattern in patterns:
        for place in places:
            if any(matches(pattern.steps, place[:length]) for length in range(1, len(place) + 1)):
                return True
    return False


def last_names(written: Trail, trails: Sequence[Trail]) -> list[str]:
    """The names by which what is called may end, by how it is written and how it is named where it is defined."""
    found: list[str] = []
    if written and isinstance(written[-1], str):
        found.append(written[-1])
    for trail in trails:
        for step in reversed(trail):
            if isinstance(step, str) and step != "()":
                if step and step not in found:
                    found.append(step)
                break
    return found


def receiver_of(atom: Atom, receiver: Value | None) -> Value | None:
    """The object whose method is called."""
    return atom.receiver if type(atom) is Bound else receiver
