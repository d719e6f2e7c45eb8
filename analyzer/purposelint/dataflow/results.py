"""What a machine has found, as the judge is given it."""

from __future__ import annotations

from purposelint.config.model import Annotations
from purposelint.dataflow import outside
from purposelint.dataflow.flows import Failure, Place
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.solve import GraphFlows


def flows(machine: Machine, annotations: Annotations) -> GraphFlows:
    """The flows that were found so far; ``annotations`` are the machine's, with the sources that the code tags."""
    used = outside.sinks(machine)
    nodes, edges = machine.graph.size()
    statistics = {
        "calls resolved": machine.resolved_calls,
        "calls unknown": machine.unknown_calls,
        "calls cut short": machine.cut,
        "functions left out": machine.left_out,
        "nodes": nodes,
        "edges": edges,
    }
    return GraphFlows(
        machine.graph,
        annotations,
        machine.sites.sources(),
        used,
        machine.sites.matches(),
        frozenset(machine.matched | machine.undecided),
        statistics,
        machine.trials,
        [_failure(machine, *row) for row in sorted(machine.failures.items())],
    )


def _failure(machine: Machine, root: tuple[str, int], error: str) -> Failure:
    path, number = root
    facts = machine.facts(path)
    if facts is None or number < 0:
        return Failure(Place(path, 0), "", error)
    function = facts.functions[number]
    return Failure(Place(path, function.ref), function.qualname, error)
