"""Imports: names are bound to modules that are looked at when they are used."""

from __future__ import annotations

from purposelint.dataflow import names, objects
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.values import Value, external, join, lazy, ref
from purposelint.facts import syntax as s


def import_module(frame: Frame, node: s.Import) -> None:
    """``import a.b`` and ``import a.b as c``."""
    machine = frame.machine
    bound = node.module if node.alias is not None else node.module.partition(".")[0]
    path = machine.import_target(frame.path, bound, 0)
    if path is None:
        frame.implicit.add("ImportError")
        value = Value((external(tuple(bound.split("."))),))
    else:
        value = Value((ref(machine.loader.module_oid(path)),))
    names.store(frame, node.alias or bound, value)


def import_names(frame: Frame, node: s.ImportFrom) -> None:
    """``from a import b as c``."""
    machine = frame.machine
    path = machine.import_target(frame.path, node.module, node.level)
    for name, bound in node.names:
        if name == "*":
            _import_star(frame, node, path)
        elif path is None:
            frame.implicit.add("ImportError")
            names.store(frame, bound, Value((external((*_external_name(frame, node), name)),)))
        elif _is_made(frame, path, name):
            module = Value((ref(machine.loader.module_oid(path)),))
            names.store(
                frame, bound, objects.load_attribute(frame, module, name, s.Attribute(s.Const(None, 0), name, node.ref))
            )
        else:
            names.store(frame, bound, Value((lazy(path, name),)))


def _is_made(frame: Frame, path: str, name: str) -> bool:
    """Whether a module gives a name by its ``__getattr__`` alone."""
    machine = frame.machine
    facts = machine.facts(path) if not path.endswith("/") and not path.startswith("<") else None
    if facts is None or "__getattr__" not in facts.locals or name in facts.locals:
        return False
    for each in facts.body:
        if isinstance(each, s.ImportFrom) and ("*", "*") in each.names:
            target = machine.import_target(path, each.module, each.level)
            brought = machine.facts(target) if target is not None and not target.endswith("/") else None
            if brought is None or name in brought.locals:
                return False
    return machine.modules.child(path, name) is None


def _external_name(frame: Frame, node: s.ImportFrom) -> tuple[str, ...]:
    if not node.level:
        return tuple(node.module.split("."))
    own = frame.machine.modules.name_of(frame.path).split(".") if not frame.path.startswith("<") else []
    kept = own[: max(0, len(own) - node.level)]
    return (*kept, *(part for part in node.module.split(".") if part))


def _import_star(frame: Frame, node: s.ImportFrom, path: str | None) -> None:
    machine = frame.machine
    if path is None:
        scope = frame.edit(frame.scope)
        starred = Value((external(_external_name(frame, node)),))
        scope.attrs["*"] = join(scope.attrs["*"], starred) if "*" in scope.attrs else starred
        return
    run = None if path.endswith("/") else machine.loader.load(path)
    if run is None:
        return
    machine.starred[frame.path].add(path)
    module = frame.get(run.oid)
    listed = module.attrs.get("__all__")
    wanted: list[str] = []
    if listed is not None:
        for oid in listed.refs():
            for held in frame.get(oid).items.values():
                constant = held.const()
                if constant is not None and isinstance(constant.value, str):
                    wanted.append(constant.value)
    if not wanted:
        wanted = [name for name in module.attrs if not name.startswith("_") and name != "*"]
    for name in wanted:
        value = module.attrs.get(name)
        names.store(frame, name, value if value is not None else Value((lazy(path, name),)))
    if "*" in module.attrs:
        scope = frame.edit(frame.scope)
        scope.attrs["*"] = join(scope.attrs["*"], module.attrs["*"]) if "*" in scope.attrs else module.attrs["*"]
