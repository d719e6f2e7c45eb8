"""What leaves an instance: joined, compared, and cut down to what somebody can reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from purposelint.dataflow.frame import Leaving, Outcome
from purposelint.dataflow.heap import Obj, State, join_states, same_states, spread
from purposelint.dataflow.values import NOTHING, Value, join, join_all

MAX_ALIKE = 4
"""Objects made at one place that a container holds one by one under unknown keys; more of them become one."""


def without_types(leaving: Leaving) -> Leaving:
    """What leaves, with nothing known of its objects but their data, and of containers what they hold."""
    heap: dict[int, Obj] = {}
    for oid, obj in leaving.state.heap.items():
        if obj.kind in ("instance", "opaque"):
            tags = obj.tags.union(*(held.tags for held in obj.values()))
            heap[oid] = Obj("opaque", open=True, tags=tags)
            heap[oid].origin = obj.origin
        else:
            heap[oid] = obj
    return Leaving(leaving.values, State(leaving.state.base, heap), ())


def crowds(leaving: Leaving) -> frozenset[int]:
    """The objects of which very many, made at one place, are held under unknown keys by a changed container.

    Those that are given back too, alone or in a container, are none of them: the caller goes on with each.
    """
    found: set[int] = set()
    for oid in leaving.changed:
        rest = leaving.state.get(oid).rest
        if rest is not None and len(rest.atoms) > MAX_ALIKE:
            alike = rest.refs()
            made = Counter(leaving.state.get(each).origin for each in alike)
            crowded = {origin for origin, often in made.items() if often > MAX_ALIKE and origin}
            found.update(each for each in alike if leaving.state.get(each).origin in crowded)
    return frozenset(found - _given_back(leaving)) if found else frozenset()


def _given_back(leaving: Leaving) -> set[int]:
    """What the values that leave refer to, and what is in containers that they are."""
    found: set[int] = set()
    for value in leaving.values:
        for oid in value.refs():
            found.add(oid)
            obj = leaving.state.get(oid)
            if obj.kind in ("list", "tuple", "set", "dict"):
                found.update(each for held in obj.items.values() for each in held.refs())
    return found


def closure(state: State, values: Iterable[Value], oids: Iterable[int]) -> set[int]:
    """The objects of a state's own heap that values and objects lead to, by captured scopes and classes too.

    What lies in the base heap leads to such objects only where it was changed, and then it is among ``oids``.
    """
    first: dict[int, None] = {}
    for value in values:
        spread(value, set(), first)
    heap, seen, queue = state.heap, set[int](), [*first, *oids]
    while queue:
        oid = queue.pop()
        if oid in seen or oid not in heap:
            continue
        seen.add(oid)
        queue.extend(state.held(oid))
        queue.extend(heap[oid].cls.refs())
    return seen


def _joined_leaving(left: Leaving | None, right: Leaving | None) -> Leaving | None:
    if left is None or right is None:
        return left or right
    size = max(len(left.values), len(right.values))
    values = tuple(
        join(
            left.values[index] if index < len(left.values) else NOTHING,
            right.values[index] if index < len(right.values) else NOTHING,
        )
        for index in range(size)
    )
    changed = tuple(dict.fromkeys((*left.changed, *right.changed)))
    return Leaving(values, join_states(left.state, right.state, widening=True), changed)


def joined(left: Outcome, right: Outcome) -> Outcome:
    """What two runs of an instance give together."""
    in_order = left.in_order and right.in_order
    if (
        left.returned is not None
        and right.returned is not None
        and len(left.returned.values) != len(right.returned.values)
    ):
        in_order = False
    returned = _joined_leaving(left.returned, right.returned)
    if returned is not None and not in_order and len(returned.values) > 2:
        returned.values = (returned.values[0], join_all(returned.values[1:]))
    return Outcome(returned, _joined_leaving(left.raised, right.raised), in_order, left.implicit | right.implicit)


def _same_leaving(left: Leaving | None, right: Leaving | None) -> bool:
    if left is None or right is None:
        return left is right
    return left.values == right.values and same_states(left.state, right.state)


def same(left: Outcome, right: Outcome) -> bool:
    """Whether two runs of an instance give the same."""
    return (
        left.implicit == right.implicit
        and _same_leaving(left.returned, right.returned)
        and _same_leaving(left.raised, right.raised)
    )
