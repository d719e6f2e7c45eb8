"""The data-flow graph: what builds it, and the search for flows in it.

`analyse` runs the program on abstract values (`machine`, `roots` and the modules of statements and
expressions) and gives the graph with its sources and sinks (`solve.GraphFlows`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from purposelint.config.model import Annotations
from purposelint.dataflow.flows import Failure, Place
from purposelint.dataflow.solve import GraphFlows
from purposelint.facts.program import Program

if TYPE_CHECKING:
    from purposelint.dataflow.machine import Machine

__all__ = ["analyse", "restored"]


def analyse(program: Program, annotations: Annotations, asked: str | None = None) -> GraphFlows:
    """Where tagged data goes in a program.

    ``asked`` is a file that is run as a whole, and of which is recorded what its expressions are and which patterns
    were tried on them.
    """
    from purposelint.dataflow import outside  # noqa: PLC0415 - the interpreter is loaded when it is needed
    from purposelint.dataflow.machine import Machine  # noqa: PLC0415
    from purposelint.dataflow.roots import Driver  # noqa: PLC0415
    from purposelint.dataflow.tags import with_tags  # noqa: PLC0415
    from purposelint.dataflow.trials import Trials  # noqa: PLC0415

    annotations, tag_sources = with_tags(program, annotations)
    machine = Machine(program, annotations)
    machine.tag_sources = tag_sources
    machine.trials = Trials(asked) if asked is not None else None
    Driver(machine).run()
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


def restored(
    packed: bytes, program: Program, annotations: Annotations, refs: Mapping[str, Mapping[int, int]]
) -> GraphFlows | None:
    """What an earlier run found, from the bytes of `keeping.pack`, with nodes where they are now.

    The program must answer as it did then; see `keeping.unpack`.
    """
    from purposelint.dataflow.keeping import unpack  # noqa: PLC0415
    from purposelint.dataflow.tags import with_tags  # noqa: PLC0415

    return unpack(packed, with_tags(program, annotations)[0], refs)
