"""Why patterns match or not, and what values are, in words; only where it is asked (`purposelint.dataflow.trials`)."""

from __future__ import annotations

from collections.abc import Sequence

from purposelint.config.model import COMMENT, Passthrough
from purposelint.config.patterns import CallStep, Pattern
from purposelint.dataflow import elements, naming, types
from purposelint.dataflow import sinks as sink_calls
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.matching import Entry, Rule
from purposelint.dataflow.trials import Trial
from purposelint.dataflow.values import Atom, Const, Ref, Some, Value

_MOST = 4
"""So many things that a value may be are named."""


def note(frame: Frame, at: int, rule: Rule, matched: bool, why: str) -> None:
    """Record that a pattern was tried."""
    if frame.machine.trials is not None:
        entry = _entry(frame, rule)
        name = "" if isinstance(entry, Passthrough) else entry.id
        packed = entry.pack not in (None, COMMENT)
        frame.machine.trials.note(Trial(at, rule.kind, name, rule.pattern.text, matched, why, packed))


def saw(frame: Frame, at: int, value: Value) -> None:
    """Record what a value may be."""
    if frame.machine.trials is not None:
        frame.machine.trials.saw(at, ", or ".join(described(frame, value)) or "nothing is known of it")


def described(frame: Frame, value: Value) -> list[str]:
    """What a value may be, each in words; what nothing is known of is left out."""
    found = dict.fromkeys(
        word for atom in frame.machine.loader.settled(value).atoms if (word := _word(frame, atom)) is not None
    )
    words = list(found)
    return words if len(words) <= _MOST else [*words[:_MOST], "something else"]


def of_owner(frame: Frame, rule: Rule, owner: Value, written: str) -> str:
    """Why a pattern does not match what is read, written or keyed of ``owner``."""
    known = described(frame, owner)
    what = f"`{written}`" if written else "what it is taken of"
    if known:
        return f"{what} is known to be {', or '.join(known)}"
    return f"nothing is known of what {what} is{_spelling(rule)}"


def of_call(frame: Frame, rule: Rule, atom: Atom, receiver: Value | None, written: str) -> str:
    """Why a pattern does not match a call."""
    owner = naming.receiver_of(atom, receiver)
    held = described(frame, owner) if owner is not None else []
    what = written.rpartition(".")[0]
    if held and what:
        return f"`{what}` is known to be {', or '.join(held)}"
    known = _word(frame, atom)
    if known is not None:
        return f"what is called is known to be {known}"
    return f"nothing is known of what {f'`{what}` is' if what else 'is called'}{_spelling(rule)}"


def of_place(frame: Frame, within: Sequence[Pattern]) -> str:
    """Why an entry does not count at the code at hand."""
    here = naming.here(frame)
    named = naming.text(here[0]) if here else frame.path
    return f"it matches, but counts within {', '.join(pattern.text for pattern in within)}, and this is {named}"


def of_sink(
    frame: Frame, rule: Rule, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int
) -> str:
    """Why a sink that matches a call is given no tagged data."""
    entry = frame.machine.annotations.sinks[rule.index]
    for name, globs in entry.where.items():
        value = sink_calls.argument(frame, name, matched, atom, args)
        if not sink_calls.constant_matches(frame, value, globs):
            known = described(frame, value) if value is not None else []
            held = f"is {', or '.join(known)}" if known else "cannot be told"
            held = "is not given, or by position where the signature is not known" if value is None else held
            return f"it matches, but counts where {name} is {' or '.join(globs)}, and here it {held}"
    packed = entry.pack is not None
    given = sink_calls.chosen(frame, rule, matched, atom, args, receiver, at, in_order=packed, by_count=not packed)
    if not given:
        params = rule.last.params if isinstance(rule.last, CallStep) else None
        if not params:
            return "it matches, but the call has no arguments"
        names = ", ".join(map(str, params))
        return (
            f"it matches, but the call has no argument {names}"
            " (by position only where the signature is known, or no more are given than are named)"
        )
    if elements.deep(frame, [value for value, _ in given]):
        return "it matches, and `except` takes the arguments out that hold tagged data"
    return "it matches, and no tagged data is in what it is given"


def _spelling(rule: Rule) -> str:
    if rule.by_name:
        return ", and it is not written as the pattern is"
    return ", and the pattern names something of a module: how it is written does not count"


def _entry(frame: Frame, rule: Rule) -> Entry:
    annotations = frame.machine.annotations
    groups: dict[str, Sequence[Entry]] = {
        "source": annotations.sources,
        "sink": annotations.sinks,
        "gate": annotations.gates,
        "transform": annotations.transforms,
        "passthrough": annotations.passthroughs,
    }
    return groups[rule.kind][rule.index]


def _word(frame: Frame, atom: Atom) -> str | None:
    """What an atom is; None where nothing is known of it."""
    if isinstance(atom, Const):
        shown = repr(atom.value)
        return shown if len(shown) <= 40 else f"{shown[:40]}…"
    if isinstance(atom, Some):
        return atom.kind if atom.kind and atom.kind not in ("missing", "class") else None
    trails = types.trails_of(frame, atom)
    if isinstance(atom, Ref):
        obj = frame.get(atom.oid)
        if obj.kind in ("module", "class", "function"):
            return f"the {obj.kind} {naming.text(trails[0])}" if trails else f"a {obj.kind}"
        if not trails:
            return None if obj.kind in ("opaque", "instance") else f"a {obj.kind}"
        name = naming.text(trails[0])
        return f"an instance of {name.removesuffix('()')}" if obj.kind == "instance" else name.removeprefix("builtins.")
    return naming.text(trails[0]).removeprefix("builtins.") if trails else None
