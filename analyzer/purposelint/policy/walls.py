"""Wrappers: which uses hide what lies behind them.

Data that was judged at a sink is not judged again further inside that call at a sink that would
tell the same. So to a question about one sink, the nodes of every other sink that would tell the same are
walls. It tells the same when code, purpose and recipient agree; one that names no purpose or no recipient
agrees with any, where the code does not ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from purposelint.config.model import Annotations, Limits, Sink
from purposelint.dataflow.flows import Flows, Place, SinkSite
from purposelint.policy.retention import exceeds, kept_for


class Walls:
    """The nodes that close ways to a sink, by code; computed once for all sinks that are alike."""

    def __init__(self, annotations: Annotations, flows: Flows) -> None:
        self._sinks = annotations.sinks
        self._flows = flows
        self._cache: dict[tuple[str, str | None, str | None, float | None], frozenset[int]] = {}
        at: dict[Place, list[int]] = {}
        for row in flows.sinks:
            at.setdefault(row.place, []).extend(row.nodes)
        self._at: Mapping[Place, frozenset[int]] = {place: frozenset(nodes) for place, nodes in at.items()}

    def own(self, place: Place) -> frozenset[int]:
        """The nodes of all sinks at a place: they do not hide each other."""
        return self._at[place]

    def before(self, code: str, sink: Sink, limits: Limits) -> frozenset[int]:
        """The nodes of all sinks, this one among them, at which ``code`` would be told of the same use."""
        retention = limits.retention if code == "PUR003" else None
        key = (code, sink.purpose, sink.recipient, retention)
        if key not in self._cache:
            self._cache[key] = frozenset(
                node
                for row in self._flows.sinks
                if tells(code, self._sinks[row.sink], row, limits) and same_use(self._sinks[row.sink], sink, code)
                for node in row.nodes
            )
        return self._cache[key]


def leaves_undeclared(sink: Sink) -> bool:
    """Whether a sink is a way out for which nobody declared a purpose."""
    return sink.purpose is None and (sink.recipient is not None or (sink.storage is None and not sink.exposure))


def same_use(outer: Sink, inner: Sink, code: str) -> bool:
    """Whether a finding at ``outer`` says what one at ``inner``, inside it, would say."""
    if code == "PUR006":
        return True
    purposes = _agree(outer.purpose, inner.purpose)
    return purposes and (
        outer.recipient == inner.recipient if code == "PUR002" else _agree(outer.recipient, inner.recipient)
    )


def tells(code: str, sink: Sink, row: SinkSite, limits: Limits) -> bool:
    """Whether a sink is one at which ``code`` can be told."""
    match code:
        case "PUR001":
            return sink.purpose is not None
        case "PUR002":
            return sink.recipient is not None
        case "PUR003":
            return sink.storage is not None and exceeds(limits, kept_for(sink, row))
        case "PUR004":
            return sink.exposure
        case "PUR006":
            return sink.purpose is not None or leaves_undeclared(sink)
        case _:
            return True


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
