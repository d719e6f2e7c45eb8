"""Methods that leave several steps to heirs: each heir's steps are run together, and not those of different ones."""

from __future__ import annotations

from purposelint.dataflow.branches import either
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import OWN
from purposelint.dataflow.heirs import HEIR
from purposelint.dataflow.values import NOTHING, Ref, Value
from purposelint.facts import syntax as s


def invoke(
    frame: Frame,
    func: int,
    function: s.Function,
    given: dict[str, Value],
    at: int,
    through: dict[str, int],
    sent: Value | None,
) -> tuple[Value, tuple[Value, ...], bool]:
    """Run a function with bound arguments (`Machine.invoke`).

    A method of an instance from elsewhere that leaves steps to heirs is run for each heir apart.
    """
    machine = frame.machine
    own, heirs = _apart(frame, func, function, given)
    if not heirs:
        return machine.invocations.invoke(frame, func, given, at, through, sent)
    yielded: list[Value] = []

    def of(heir: int) -> Value:
        before = frame.get(own).data
        frame.edit(own).data = (HEIR, heir, *before)
        raised = len(frame.raises)
        try:
            result, known, _ = machine.invocations.invoke(frame, func, given, at, through, sent)
        finally:
            for state in (frame.state, *(state for _, state in frame.raises[raised:])):
                state.edit(own).data = before
        yielded.extend(known)
        return result

    return either(frame, heirs, of), tuple(yielded), False


def _apart(frame: Frame, func: int, function: s.Function, given: dict[str, Value]) -> tuple[int, tuple[int, ...]]:
    """The instance whose method is run, and the heirs that it may be of."""
    cls = frame.get(func).data[3]
    if not isinstance(cls, int) or cls == -1 or not function.params:
        return -1, ()
    atoms = given.get(function.params[0].name, NOTHING).atoms
    atom = atoms[0] if len(atoms) == 1 else None
    if type(atom) is not Ref or atom.oid in frame.state.base:
        return -1, ()
    obj = frame.get(atom.oid)
    of = obj.cls.atoms
    if obj.kind != "instance" or not obj.open or obj.data not in ((), (OWN,)) or len(of) != 1 or type(of[0]) is not Ref:
        return -1, ()
    path, number = frame.get(func).data[:2]
    definition = (str(path), int(str(number)))
    return atom.oid, frame.machine.heirs.of_template(frame, of[0].oid, definition, function)
