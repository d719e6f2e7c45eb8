"""What a pattern may look like, by the part it plays: a source reads, a sink is called or written, and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from purposelint.config.patterns import CallStep, KeyStep, NameStep, Pattern


@dataclass(frozen=True, slots=True)
class Role:
    """A part that patterns play. ``fault`` says what is wrong with a pattern in it, None when nothing is."""

    example: str
    fault: Callable[[Pattern], str | None]


def _source(pattern: Pattern) -> str | None:
    if pattern.returns:
        return 'cannot be a source with "-> return": leave it out, and the parameters of the functions are meant'
    return _negated(pattern) or _anything(pattern)


def _sink(pattern: Pattern) -> str | None:
    if pattern.decorator and not pattern.returns:
        return f'needs "-> return" as a sink: {pattern.text} -> return'
    return _negated(pattern) or _anything(pattern)


def _gate(pattern: Pattern) -> str | None:
    if pattern.returns:
        return 'cannot be a gate with "-> return": leave it out'
    return _anything(pattern)


def _call(pattern: Pattern) -> str | None:
    if pattern.decorator:
        return "is a decorator; a call is needed here"
    if not isinstance(pattern.steps[-1], CallStep):
        return f"must end in a call: {pattern.text}()"
    return _negated(pattern) or _anything(pattern)


def _within(pattern: Pattern) -> str | None:
    if pattern.decorator or pattern.negated or not all(isinstance(step, NameStep) for step in pattern.steps):
        return "must be the dotted name of a module, class or function; ** stands for what lies in it"
    return None


def _negated(pattern: Pattern) -> str | None:
    return 'begins with "not", which only a gate may' if pattern.negated else None


def _anything(pattern: Pattern) -> str | None:
    """Patterns of wildcards alone: a slip that would make a finding of every line."""
    for step in pattern.steps:
        if isinstance(step, NameStep) and step.name.strip("*"):
            return None
        if isinstance(step, KeyStep) and step.key is not None:
            return None
        if isinstance(step, CallStep) and step.params is not None and step.params != ("*",):
            return None
    return "matches everything; name something in it"


SOURCE = Role("accounts.models.User.phone", _source)
SINK = Role("vendor.Client.send(body)", _sink)
GATE = Role("privacy.consent.has_consent()", _gate)
TRANSFORM = Role("privacy.anonymise()", _call)
PASSTHROUGH = Role("vendor.codec.pack(payload)", _call)
EXCEPT = Role("", _negated)
WITHIN = Role("accounts.two_factor.**", _within)
