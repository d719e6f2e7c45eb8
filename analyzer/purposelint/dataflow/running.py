"""One root: a function that is run on arguments of which nothing is known, or a module's body."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from purposelint.dataflow import classes, functions, hints, injection, shapes, templates, types
from purposelint.dataflow.deferred import MAX_AGAIN, Needed
from purposelint.dataflow.frame import Arguments, Frame, Tagged, Unreachable
from purposelint.dataflow.heap import Obj, State, deep_tags, reachable
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.publishing import publish
from purposelint.dataflow.values import NOTHING, Ref, Value, join, join_all, ref
from purposelint.facts.syntax import Function, Name, Parameter

if TYPE_CHECKING:
    from purposelint.dataflow.roots import Driver

Root = tuple[str, int]
"""The file of a function and its number there; -1 is the module's body."""


def run_root(machine: Machine, root: Root, driver: Driver | None) -> None:
    """Run a function on unknown inputs, or a module's body. Where the interpreter itself fails, all else goes on."""
    with _surviving(machine, root):
        _run_root(machine, root, driver)


@contextmanager
def _surviving(machine: Machine, root: Root) -> Iterator[None]:
    """A mistake in the interpreter is told, and costs what is run inside alone."""
    depth = len(machine.stack)
    try:
        yield
    except (Tagged, Needed, MemoryError):
        raise
    except Exception as error:
        machine.invocations.recover(depth)
        machine.failures.setdefault(root, f"{type(error).__name__}: {error}")


def _run_root(machine: Machine, root: Root, driver: Driver | None) -> None:
    path, number = root
    run = machine.loader.load(path)
    if run is None or number < 0:
        return
    func = machine.functions.get((path, number))
    if func is None or func not in machine.base:
        return
    frame, leaves = _run_for(machine, func, None)
    for receiver in machine.shapes.with_data(frame, *frame.given[:1]):
        leaves |= _run_for(machine, func, receiver)[1]
    if driver is not None and leaves:
        facts = machine.facts(path)
        assert facts is not None
        name = facts.functions[number].name
        machine.note_leaking((path, number), name)
        if (path, number) in machine.skipped or machine.deferred.was_read(name):
            machine.skipped.discard((path, number))
            driver.outdate()
        driver.leaks(path, number)


def _run_for(machine: Machine, func: int, receiver: int | None) -> tuple[Frame, bool]:
    """Run a root for an instance, or for an unknown one; whether data leaves it, or a function that may give some."""
    path, number = machine.base[func].data[:2]
    machine.steps = 0
    frame, outcome = run_function(machine, func, receiver=receiver)
    run_unused(frame, str(path), int(str(number)), outcome)
    handle_raised(frame)
    publish(machine, frame)
    return frame, leaves_tagged(machine, frame, outcome) or gives_reader(machine, frame, outcome)


def run_decorated(machine: Machine, root: Root) -> bool:
    """Run what the project's own decorators have made of a function: they may know more of its arguments.

    Gives whether tagged data leaves it.
    """
    path, number = root
    func, facts = machine.functions.get(root), machine.facts(path)
    assert facts is not None
    function = facts.functions[number]
    holder = machine.classes.get((path, function.cls)) if function.cls is not None else machine.loader.module_oid(path)
    if func not in machine.base or holder is None or holder not in machine.base:
        return False
    leaking = False
    made = machine.base[holder].attrs.get(function.name, NOTHING)
    for oid in made.refs():
        obj = machine.base.get(oid)
        if obj is None or oid == func or obj.kind != "function" or str(obj.data[0]).startswith("<"):
            continue
        machine.steps = 0
        with _surviving(machine, root):
            frame, outcome = run_function(machine, oid, holder if function.cls is not None else None)
            publish(machine, frame)
            leaking = leaking or leaves_tagged(machine, frame, outcome)
    return leaking


def run_function(
    machine: Machine, func: int, owner: int | None = None, receiver: int | None = None
) -> tuple[Frame, Value]:
    """Call a function with arguments of which nothing is known but their annotations.

    ``owner`` is the class whose attribute it is, where it is not defined in its body. ``receiver``: an instance that
    all runs know, of which it is called.
    Gives the frame from which it was called, and all that it returns and yields.
    """
    path, number = machine.base[func].data[:2]
    assert isinstance(path, str)
    assert isinstance(number, int)
    facts = machine.facts(path)
    assert facts is not None
    instance = machine.invocations.root_instance(path, number)
    instance.settled = False
    for again in range(MAX_AGAIN + 1):
        instance.settled = again == MAX_AGAIN
        frame = Frame(machine, path, facts, None, instance, State(machine.base))
        frame.scope = machine.loader.module_oid(path)
        try:
            outcome = _call(frame, func, owner, receiver)
            break
        except Needed as needed:
            machine.deferred.want(needed.own())
    instance.settled = True
    return frame, outcome


def _call(frame: Frame, func: int, owner: int | None, receiver: int | None) -> Value:
    machine = frame.machine
    function = functions.function_facts(frame, func)
    given = unknown_arguments(frame, func, function)
    if owner is not None and function.params:
        first = function.params[0]
        if first.kind == "args":
            frame.edit(given[first.name].refs()[0]).items[0] = types.instance_of(frame, ref(owner), first.ref, "self")
        elif first.kind in ("positional", "normal"):
            given[first.name] = types.instance_of(frame, ref(owner), first.ref, "self", (first.name,))
    if receiver is not None:
        given[function.params[0].name] = Value((ref(receiver),))
    frame.given = tuple(given.values())
    machine.stack.append(frame.instance)
    try:
        result, yielded, _ = templates.invoke(frame, func, function, given, function.ref, {}, None)
    except Unreachable:
        frame.live = True
        return NOTHING
    finally:
        machine.stack.pop()
    return join_all([result, *yielded])


def unknown_arguments(frame: Frame, func: int, function: Function) -> dict[str, Value]:
    """Arguments by parameter name."""
    given: dict[str, Value] = {}
    obj = frame.get(func)
    cls = obj.data[3]
    machine = frame.machine
    plain = {name for expr in function.decorators for name in _decorator_names(expr)}
    place = hints.place_of(frame, func, function, None)
    receiver: Value | None = None
    for position, param in enumerate(function.params):
        if (
            position == 0
            and isinstance(cls, int)
            and cls != -1
            and "staticmethod" not in plain
            and param.kind
            in (
                "positional",
                "normal",
            )
        ):
            if "classmethod" in plain or function.name in ("__new__", "__init_subclass__", "__class_getitem__"):
                given[param.name] = Value((ref(cls),))
            else:
                receiver = types.instance_of(frame, ref(cls), param.ref, "self", (param.name,))
                shapes.mark_own(frame, receiver)
                given[param.name] = join(receiver, _heirs_of(frame, func, param))
            continue
        if param.kind in ("args", "kwargs"):
            kind = "tuple" if param.kind == "args" else "dict"
            unknown = Obj(kind, cls=types.native_value(kind), open=True, spelled=(param.name,))
            given[param.name] = Value((ref(frame.allocate(param.ref, unknown, "spread")),))
            if param.annotation is not None:
                hints.refine_spread(frame, given[param.name], param.annotation, place)
            continue
        value = machine.call_sites.constants(str(obj.data[0]), function, position)
        if value is None:
            value = injection.given(frame, obj, param, place)
        if value is None and position > 0 and receiver is not None and param.annotation is None:
            value = injection.inherited(frame, function, position, receiver)
        if value is not None:
            given[param.name] = value
            continue
        if param.annotation is not None:
            value = hints.unknown_of(frame, param.annotation, param.ref, (param.name,), place)
        if value is None:
            value = types.opaque(frame, param.ref, "parameter", spelled=(param.name,))
        default = obj.items.get(param.name)
        if default is not None and not default.refs():
            value = join(value, default)
        given[param.name] = value
    return given


def _heirs_of(frame: Frame, func: int, param: Parameter) -> Value:
    """Instances of those heirs of its class for which a method is run."""
    machine, found = frame.machine, NOTHING
    path, number = frame.get(func).data[:2]
    for heir in machine.receivers.get((str(path), int(str(number))), ()):
        machine.loader.load(heir[0])
        oid = machine.classes.get(heir)
        if oid is not None and oid in machine.base:
            found = join(found, types.instance_of(frame, ref(oid), param.ref, ("self", oid), (param.name,)))
    return found


def _decorator_names(expr: object) -> list[str]:
    return [expr.name] if isinstance(expr, Name) else []


def run_unused(frame: Frame, path: str, number: int, outcome: Value) -> None:
    """Run the functions that a root made and gave away without calling them."""
    machine = frame.machine
    for oid in reachable(frame.state, [outcome], 60):
        obj = frame.get(oid)
        if obj.kind == "function" and oid not in machine.base and tuple(obj.data[:2]) not in machine.ran:
            call_unknowing(frame, oid)
        elif obj.kind in ("generator", "coroutine"):
            functions.force(frame, oid, 0)


def run_given_away(frame: Frame, state: State) -> State:
    """Run the functions that a function has made and given to decorators: others may call them.

    Gives what holds then; what they raise reaches handlers, and not who called the function.
    """
    from purposelint.dataflow import calls  # noqa: PLC0415

    own, raises, live = frame.state, frame.raises, frame.live
    frame.state, frame.raises, frame.live = state, [], True
    for oid in frame.given_away:
        if calls.may_read(frame, Value((ref(oid),))):
            call_unknowing(frame, oid)
    handle_raised(frame)
    state = frame.state
    frame.state, frame.raises, frame.live = own, raises, live
    return state


def call_unknowing(frame: Frame, func: int) -> None:
    """Call a function, or not, with arguments of which nothing is known but their names and annotations."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    function = functions.function_facts(frame, func)
    given = unknown_arguments(frame, func, function)
    args = Arguments()
    for param in function.params:
        if param.kind in ("positional", "normal"):
            args.positional.append(given[param.name])
        elif param.kind == "keyword":
            args.keywords[param.name] = given[param.name]
    at = function.ref if frame.get(func).data[0] == frame.path else 0
    calls.call_perhaps(frame, Value((ref(func),)), args, at)


def handle_raised(frame: Frame) -> None:
    """Call the handlers of a framework with the tagged exceptions that a root raises."""
    from purposelint.dataflow import calls  # noqa: PLC0415

    machine = frame.machine
    own = frame.state
    for error, state in list(frame.raises):
        if not deep_tags(state, [error]):
            continue
        frame.state = state
        raised = [each for each in types.class_of(frame, error).atoms if type(each) is Ref]
        for cls in raised:
            name = state.get(cls.oid).trails[:1]
            for path in machine.program.mentions(str(name[0][-1])) if name else ():
                machine.loader.load(path)
        for wanted, place, first in list(machine.handlers):
            oid = machine.functions.get(place, -1)
            frame.state = state.fork()
            if frame.state.has(oid) and any(atom in classes.mro(frame, cls) for cls in raised for atom in wanted.atoms):
                function = Value((ref(oid),))
                count = len(functions.function_facts(frame, oid).params)
                unknown = [types.opaque(frame, 0, ("request", index)) for index in range(min(count, 2) - 1)]
                try:
                    given = [error, *unknown] if first else [*unknown, error]
                    calls.call(frame, function, Arguments(given), 0)
                except Unreachable:
                    frame.live = True
    frame.state = own


def gives_reader(machine: Machine, frame: Frame, outcome: Value) -> bool:
    """Whether a root gives away a function that names a source: it may hand the data to what it wraps."""
    for oid in reachable(frame.state, [outcome], 60):
        obj = frame.get(oid)
        if obj.kind != "function" or oid in machine.base:
            continue
        if machine.seeds.named_by(str(obj.data[0]), functions.function_facts(frame, oid)):
            return True
    return False


def leaves_tagged(machine: Machine, frame: Frame, outcome: Value) -> bool:
    """Whether tagged data leaves a root by what it returns, yields, raises or was given."""
    if deep_tags(frame.state, [outcome]):
        return True
    if deep_tags(frame.state, frame.given):
        return True
    # What unknown instances hold (a queue that a constructor was given) is some object of who made them.
    held = [obj for oid, obj in frame.state.heap.items() if oid in machine.shapes.objects]
    if any(deep_tags(frame.state, [*obj.values(), Value((), obj.tags)]) for obj in held):
        return True
    return any(deep_tags(state, [error]) for error, state in frame.raises)
