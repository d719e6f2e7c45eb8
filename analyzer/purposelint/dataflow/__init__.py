"""The data-flow graph: what builds it, and the search for flows in it.

`analyse` runs the program on abstract values (`machine`, `roots` and the modules of statements and
expressions) and gives the graph with its sources and sinks (`solve.GraphFlows`).
"""

from __future__ import annotations

from collections.abc import Mapping

from purposelint.config.model import Annotations
from purposelint.dataflow.solve import GraphFlows
from purposelint.facts.program import Program

__all__ = ["analyse", "restored"]


def analyse(program: Program, annotations: Annotations, asked: str | None = None) -> GraphFlows:
    """Where tagged data goes in a program.

    ``asked`` is a file that is run as a whole, and of which is recorded what its expressions are and which patterns
    were tried on them.
    """
    from purposelint.dataflow import results  # noqa: PLC0415 - the interpreter is loaded when it is needed
    from purposelint.dataflow.machine import Machine  # noqa: PLC0415
    from purposelint.dataflow.roots import Driver  # noqa: PLC0415
    from purposelint.dataflow.tags import with_tags  # noqa: PLC0415
    from purposelint.dataflow.trials import Trials  # noqa: PLC0415

    annotations, tag_sources = with_tags(program, annotations)
    machine = Machine(program, annotations)
    machine.tag_sources = tag_sources
    machine.trials = Trials(asked) if asked is not None else None
    Driver(machine).run()
    return results.flows(machine, annotations)


def restored(
    packed: bytes, program: Program, annotations: Annotations, refs: Mapping[str, Mapping[int, int]]
) -> GraphFlows | None:
    """What an earlier run found, from the bytes of `keeping.pack`, with nodes where they are now.

    The program must answer as it did then; see `keeping.unpack`.
    """
    from purposelint.dataflow.keeping import unpack  # noqa: PLC0415
    from purposelint.dataflow.tags import with_tags  # noqa: PLC0415

    return unpack(packed, with_tags(program, annotations)[0], refs)
