"""What a change widens, in words."""

from __future__ import annotations

from purposelint.facts.span import place_of
from purposelint.policy.findings import Widening, way_of
from purposelint.policy.fingerprints import identity
from purposelint.report.escaping import printable

NAME = "widened-use"
SUMMARY = "A change gives data to a recipient, a purpose or a sink that it did not go to before, and it may."
"""What stands for a code: a use that is allowed is no finding, and some formats want a name and a meaning."""

_NEWS = {
    "recipient": "a new recipient of this data",
    "purpose": "a new purpose for this data",
    "source": "new data at this sink",
}


def said(widening: Widening) -> str:
    """Which data is used where, and what is new about it."""
    use = widening.use
    words = [word for word in (use.purpose, f"to {use.recipient}" if use.recipient else None) if word]
    data = f" ({use.data})" if use.data else ""
    sink = f" ({', '.join(words)})" if words else ""
    return f"{use.source}{data} now reaches {use.sink}{sink}: {', '.join(_NEWS[word] for word in widening.news)}"


def fingerprint(widening: Widening) -> str:
    """What a widened use is known by: its ends, not its place."""
    use = widening.use
    return identity(("widened", use.source, use.sink, use.purpose or "", use.recipient or ""))[:32]


def line(widening: Widening) -> str:
    """One line, as compilers write notes."""
    way = f": {way_of(widening.trace)}" if widening.trace else ""
    return printable(f"{place_of(widening.use.path, widening.span)}: note: {said(widening)}{way}")
