"""What a change widens, in words."""

from __future__ import annotations

from purposelint.facts.span import place_of
from purposelint.policy.findings import Widening
from purposelint.report.escaping import printable

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


def line(widening: Widening) -> str:
    """One line, as compilers write notes."""
    return printable(f"{place_of(widening.use.path, widening.span)}: note: {said(widening)}")
