"""Containers: elements by key and index, iteration, unpacking, membership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from purposelint.dataflow import classes, events, flags, hints, stems, types
from purposelint.dataflow.branches import either
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Key, Obj, ObjectKey, deep_tags, due_of
from purposelint.dataflow.values import (
    MISSING,
    MISSING_ATOM,
    NO_TAGS,
    NONE,
    NOTHING,
    UNKNOWN,
    Atom,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Tags,
    Value,
    join,
    join_all,
    literal,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

ORDERED = ("list", "tuple")

MAX_KEY_DEPTH = 3
"""Tuples inside one another by which a key is known."""


@dataclass(slots=True)
class Run:
    """What an iteration gives: elements known in order, then any number of ``rest``."""

    known: list[Value] = field(default_factory=list)
    rest: Value | None = None


def deep(frame: Frame, given: Sequence[Value]) -> Tags:
    """The tags of values and of all they hold; pending generators are run first."""
    forced(frame, given)
    return deep_tags(frame.state, given)


def forced(frame: Frame, given: Sequence[Value]) -> None:
    """Run the pending generators among values."""
    for value in given:
        for atom in value.atoms:
            if type(atom) is Ref:
                obj = frame.get(atom.oid)
                if obj.kind == "generator" and obj.data == ("pending",):
                    from purposelint.dataflow import functions  # noqa: PLC0415

                    functions.force(frame, atom.oid, 0)


def settled_missing(value: Value, default: Value | None) -> Value:
    """A field that may be missing: what it holds, or the default."""
    if MISSING_ATOM not in value.atoms:
        return value
    kept = Value(tuple(atom for atom in value.atoms if atom is not MISSING_ATOM), value.tags)
    return kept if default is None else join(kept, default)


def text_tags(frame: Frame, given: Sequence[Value], at: int) -> Tags:
    """The tags that the text of containers and unknown values carries; all keys that are sources are in it."""
    return deep(frame, given) | events.whole_mappings(frame, given, at)


# --- keys ------------------------------------------------------------------------


def constant_key(frame: Frame, key: Value) -> tuple[bool, Key]:
    """Whether a key is known, and the key: a literal, or a tuple of literals."""
    constant = key.const()
    if constant is not None:
        return True, cast("Key", constant.value)
    if len(key.atoms) == 1 and type(key.atoms[0]) is Ref:
        obj = frame.get(key.atoms[0].oid)
        if obj.kind == "opaque":
            frame.machine.deferred.need(frame, due_of(frame.state, key.atoms[0].oid))
        if obj.kind == "tuple" and obj.exact():
            literals = _literals(frame, obj, 0)
            if literals is not None:
                return True, cast("Key", literals)
        literal_of = classes.member_literal(frame, obj)
        if literal_of is not None:
            return True, cast("Key", literal_of.value)
        if obj.kind in ("class", "function", "module") or (obj.kind == "instance" and not obj.many and not obj.open):
            return True, ObjectKey(key.atoms[0].oid)
    if len(key.atoms) == 1 and type(key.atoms[0]) is Native:
        return True, ("native", key.atoms[0].name)
    return False, None


def _literals(frame: Frame, obj: Obj, depth: int) -> tuple[object, ...] | None:
    """A tuple of literals, of what there is one of in all runs, and of such tuples; None: it holds something else."""
    parts: list[object] = []
    for held in obj.items.values():
        constant = held.const()
        if constant is not None:
            parts.append(constant.value)
            continue
        part = _part(frame, held, depth)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts)


def _part(frame: Frame, held: Value, depth: int) -> object:
    """A part of a key that is no literal as it stands; None: it is not known which it is."""
    if len(held.atoms) != 1:
        return None
    atom = held.atoms[0]
    if type(atom) is Native:
        return ("native", atom.name)
    if type(atom) is not Ref:
        return None
    oid = atom.oid
    obj = frame.get(oid)
    if obj.kind == "tuple":
        return _literals(frame, obj, depth + 1) if obj.exact() and depth < MAX_KEY_DEPTH else None
    literal_of = classes.member_literal(frame, obj)
    if literal_of is not None:
        return literal_of.value
    lasting = oid in frame.state.base and not obj.many
    single = obj.kind in ("class", "function", "module") or (obj.kind == "instance" and _is_member(frame, obj))
    return ObjectKey(oid) if lasting and single else None


def _is_member(frame: Frame, obj: Obj) -> bool:
    return not obj.open and classes.is_enum_instance(frame, obj)


def key_value(key: Key) -> Value:
    """A known key as a value."""
    if isinstance(key, tuple):
        if type(key) is ObjectKey:
            return Value((ref(key.oid),)) if key.oid != -1 else UNKNOWN
        return of_kind("tuple")
    return literal(key)


def load_item(frame: Frame, owner: Value, key: Value, at: int, node: s.Subscript | None = None) -> Value:
    """``owner[key]``."""
    if owner.refs() and key.tags:
        events.compared(frame, owner, key, at, lookup=True)
    if all(type(atom) is Ref and frame.get(atom.oid).kind in ORDERED for atom in owner.atoms):
        key = as_index(frame, key, at)
    result = NOTHING
    for atom in frame.one_by_one(owner.atoms):
        # Of several things that it may be, one that has no elements is not it.
        if len(owner.atoms) > 1 and type(atom) is Ref and _has_none(frame, atom.oid):
            continue
        found = _load_one(frame, atom, owner, key, at)
        if found is not None:
            result = join(result, found)
    if not result.atoms:
        result = UNKNOWN if owner.atoms else NOTHING
    return events.read_key(frame, owner, key, result, at, node)


def _has_none(frame: Frame, oid: int) -> bool:
    """Whether an object is an instance of a class of which all is known, and that cannot be subscripted."""
    obj = frame.get(oid)
    if obj.kind != "instance" or not obj.cls.atoms or obj.items or obj.rest is not None:
        return False
    known = all(type(each) is Ref or each is classes.OBJECT for each in classes.classes_of(frame, obj.cls))
    return known and classes.lookup(frame, obj.cls, "__getitem__") is None


def as_index(frame: Frame, key: Value, at: int) -> Value:
    """An index or bound of a slice: what the ``__index__`` of an instance says."""
    if any(frame.get(oid).kind == "instance" for oid in key.refs()):
        return classes.call_special(frame, key, "__index__", [], at) or key
    return key


def _load_one(frame: Frame, atom: Atom, owner: Value, key: Value, at: int) -> Value | None:
    one = Value((atom,), owner.tags)
    if type(atom) is Ref:
        obj = hints.by_its_name(frame, atom.oid)
        if obj.kind in ("list", "tuple", "dict", "set", "opaque", "iterator", "match"):
            return load_element(frame, atom.oid, key, at, owner.tags)
        if obj.kind == "instance":
            result = classes.call_special(frame, one, "__getitem__", [key], at)
            if result is not None:
                return result
            if obj.items or obj.rest is not None or obj.open or classes.has_unknown_base(frame, obj.cls):
                found = load_element(frame, atom.oid, key, at, owner.tags)
                absent = MISSING_ATOM in found.atoms or found is UNKNOWN
                if absent or not constant_key(frame, key)[0]:
                    missing = classes.call_special(frame, one, "__missing__", [key], at)
                    if missing is not None:
                        return missing if absent else join(found, missing)
                return found
            if classes.is_builtin_subclass(frame, obj.cls, "dict"):
                missing = classes.call_special(frame, one, "__missing__", [key], at)
                if missing is not None:
                    return missing
            return load_element(frame, atom.oid, key, at, owner.tags)
        if obj.kind == "class":
            made = classes.class_getitem(frame, atom.oid, key, at)
            return made if made is not None else Value((atom,))
        if obj.kind == "text":
            return of_kind("str", frame.derived(at, "part of it", obj.tags | owner.tags))
        return of_kind("", owner.tags | deep(frame, [one]))
    if type(atom) is Const and isinstance(atom.value, str | bytes):
        constant = key.const()
        if constant is not None and isinstance(constant.value, int) and not owner.tags:
            try:
                return literal(atom.value[constant.value])
            except IndexError:
                return None
        if not owner.tags and len(key.refs()) == 1 and frame.get(key.refs()[0]).kind == "slice":
            bounds = slice_bounds(frame.get(key.refs()[0]))
            if bounds is not None and bounds.step != 0:
                return literal(atom.value[bounds])
        return of_kind(atom.kind, frame.derived(at, "part of it", owner.tags))
    if type(atom) is Some:
        tags = frame.derived(at, "element", owner.tags)
        return of_kind(atom.kind if atom.kind in ("str", "bytes") else "", tags)
    if type(atom) is Native:
        return one
    if type(atom) is Const:
        return None
    child = types.external_child(frame, atom, ("[]", _trail_key(frame, key)), at).tagged(owner.tags)
    known, name = constant_key(frame, key)
    return types.kept_in(frame, atom, name, child, item=True) if known and type(atom) is External else child


def _trail_key(frame: Frame, key: Value) -> str | int | None:
    known, constant = constant_key(frame, key)
    return constant if known and isinstance(constant, str | int) else None


def load_element(frame: Frame, oid: int, key: Value, at: int, tags: Tags = NO_TAGS) -> Value:
    """What a container holds at a key or index."""
    obj = frame.get(oid)
    ordered = classes.sequence_kind(frame, obj) != ""
    if len(key.atoms) == 1 and type(key.atoms[0]) is Ref and (ordered or obj.data[:1] == (types.EACH,)):
        part = frame.get(key.atoms[0].oid)
        if part.kind == "slice":
            return sliced(frame, oid, part, at) if ordered else Value((ref(oid),), tags)
    known, constant = constant_key(frame, key)
    if known and isinstance(constant, int) and obj.kind == "instance":
        from purposelint.dataflow import objects  # noqa: PLC0415

        columns = objects.columns(frame, oid, at)
        if columns is not None and -len(columns) <= constant < len(columns):
            return columns[constant]
        obj = frame.get(oid)
    if known and ordered and isinstance(constant, int) and constant < 0 and obj.rest is None and not obj.open:
        constant += len(obj.items)
    if (
        known
        and constant in obj.items
        and not (ordered and obj.rest is not None and isinstance(constant, int) and constant < 0)
    ):
        value = obj.items[constant]
        if obj.rest is not None and not ordered:
            value = join(value, obj.rest)
        if MISSING_ATOM in value.atoms:
            frame.implicit.add("LookupError")
            value = settled_missing(value, _unknown_element(frame, oid, key, at, tags) if obj.open else None)
        return value
    if obj.open:
        frame.implicit.add("LookupError")
        value = _unknown_element(frame, oid, key, at, tags)
        if not known and obj.kind in ("list", "tuple", "dict"):
            value = join_all([value, *(settled_missing(held, None) for held in obj.items.values())])
        return value if obj.rest is None else join(value, obj.rest)
    if known and obj.rest is None:
        return _certainly_absent(frame, obj, at)
    from purposelint.dataflow import exceptions  # noqa: PLC0415

    exceptions.may_raise(frame, "IndexError" if ordered else "KeyError", [key], at)
    # Elements at unknown places come behind those at known ones.
    behind = ordered and isinstance(constant, int) and constant >= len(obj.items)
    candidates = [] if known and (behind or not ordered) else list(obj.items.values())
    if obj.rest is not None:
        candidates.append(obj.rest)
    value = settled_missing(join_all(candidates), None)
    if not value.atoms:
        return of_kind("", tags)
    return value


def _certainly_absent(frame: Frame, obj: Obj, at: int) -> Value:
    from purposelint.dataflow import exceptions  # noqa: PLC0415

    if obj.kind in ("list", "tuple", "dict") and not obj.many:
        name = "KeyError" if obj.kind == "dict" else "IndexError"
        if frame.trying:
            exceptions.raise_builtin(frame, name, [], at)
        exceptions.may_raise_plain(frame, name, at)
    return NOTHING if obj.kind == "dict" else UNKNOWN


def _unknown_element(frame: Frame, oid: int, key: Value, at: int, tags: Tags) -> Value:
    """An element of something whose contents are not known: an unknown object of its own."""
    known, constant = constant_key(frame, key)
    step = ("[]", constant if known and isinstance(constant, str | int) else None)
    return types.child(frame, oid, step, at, tags)


def store_item(frame: Frame, owner: Value, key: Value, value: Value, at: int, node: s.Subscript | None = None) -> None:
    """``owner[key] = value``."""
    events.write_key(frame, owner, key, value, at, node)
    single = len(owner.atoms) == 1
    for atom in owner.atoms:
        if type(atom) is External:
            set_key(frame, types.external_object(frame, atom), key, value, at)
        if type(atom) is not Ref:
            continue
        obj = hints.by_its_name(frame, atom.oid)
        if obj.kind == "instance":
            result = classes.call_special(frame, Value((atom,)), "__setitem__", [key, value], at)
            if result is not None:
                continue
        if obj.kind == "list" and len(key.atoms) == 1 and type(key.atoms[0]) is Ref:
            part = frame.get(key.atoms[0].oid)
            if part.kind == "slice":
                store_slice(frame, atom.oid, part, value, at)
                continue
        if single:
            set_key(frame, atom.oid, key, value, at)
        else:
            add_key(frame, atom.oid, key, value)


def set_key(frame: Frame, oid: int, key: Value, value: Value, at: int) -> None:
    """Store into one container: strongly, where the key is known."""
    value = frame.machine.shapes.put(frame, oid, value)
    if value is NOTHING:
        return
    frame.note_store(oid)
    frame.machine.deferred.stored(frame, oid, value)
    obj = frame.edit(oid)
    known, constant = constant_key(frame, key)
    if known and obj.kind in ORDERED and isinstance(constant, int):
        if constant < 0 and obj.rest is None:
            constant += len(obj.items)
        if obj.exact() and constant not in obj.items:
            _certainly_absent(frame, obj, at)
            return
        if constant not in obj.items:
            known = False
    if known and not obj.many:
        obj.items[constant] = value
        if isinstance(constant, str):
            through_view(frame, obj, constant, value)
        if key.tags:
            obj.keys = Value((), obj.keys.tags | key.tags)
        return
    add_key(frame, oid, key, value)


def through_view(frame: Frame, view: Obj, name: str, value: Value, *, strong: bool = True) -> None:
    """A store into ``obj.__dict__`` is one into the object's attributes."""
    if "<owner>" in view.attrs:
        from purposelint.dataflow import objects  # noqa: PLC0415

        for owner in view.attrs["<owner>"].refs():
            objects.set_field(frame, owner, name, value, strong=strong)


def add_key(frame: Frame, oid: int, key: Value, value: Value) -> None:
    """Store into a container that keeps what it has."""
    value = frame.machine.shapes.put(frame, oid, value)
    if value is NOTHING:
        return
    frame.note_store(oid)
    obj = frame.edit(oid)
    known, constant = constant_key(frame, key)
    if known and isinstance(constant, str):
        through_view(frame, obj, constant, value, strong=False)
    if known and constant in obj.items:
        obj.items[constant] = join(obj.items[constant], value)
        return
    if known and obj.kind not in ORDERED:
        obj.items[constant] = join(value, Value((MISSING_ATOM,)))
        return
    if obj.kind in ORDERED:
        # An element is replaced, which of them is not known; none is added.
        obj.items = {index: join(held, value) for index, held in obj.items.items()}
        if obj.items and obj.rest is None and not obj.open:
            return
    obj.rest = value if obj.rest is None else join(obj.rest, value)
    if obj.kind not in ORDERED:
        obj.keys = join(obj.keys, key)


def delete_item(frame: Frame, owner: Value, key: Value, at: int) -> None:
    """``del owner[key]``; what is no object has no elements to delete, something external those that were stored."""
    kept = (types.external_object(frame, atom) for atom in owner.atoms if type(atom) is External)
    refs = [atom for atom in owner.atoms if type(atom) is Ref] + [ref(oid) for oid in kept if frame.state.has(oid)]
    if refs:
        either(frame, refs, lambda atom: _delete_from(frame, atom, key, at))


def _delete_from(frame: Frame, atom: Ref, key: Value, at: int) -> Value:
    obj = frame.get(atom.oid)
    if obj.kind != "instance" or classes.call_special(frame, Value((atom,)), "__delitem__", [key], at) is None:
        pop_key(frame, atom.oid, key, at)
    return NONE


def pop_key(frame: Frame, oid: int, key: Value, at: int) -> None:
    """Remove a key or index."""
    obj = frame.edit(oid)
    if obj.kind in ORDERED and len(key.atoms) == 1 and type(key.atoms[0]) is Ref:
        part = frame.get(key.atoms[0].oid)
        if part.kind == "slice":
            bounds = slice_bounds(part)
            if bounds is not None and obj.rest is None:
                kept = list(obj.items.values())
                del kept[bounds]
                obj.items = dict(enumerate(kept))
            return
    known, constant = constant_key(frame, key)
    if not known or obj.many:
        # It may be any of them that goes; what stands behind it in a list moves up.
        if obj.kind in ORDERED and obj.items:
            obj.rest = join_all([*obj.items.values(), *(() if obj.rest is None else (obj.rest,))])
            obj.items = {}
        elif obj.kind == "dict":
            obj.items = {
                each: join(held, MISSING) if not known or each == constant else held for each, held in obj.items.items()
            }
        return
    for owner in obj.attrs["<owner>"].refs() if "<owner>" in obj.attrs else ():
        if not frame.get(owner).many:
            frame.edit(owner).attrs.pop(str(constant), None)
    if obj.kind in ORDERED:
        if isinstance(constant, int):
            values = list(obj.items.values())
            if -len(values) <= constant < len(values) and (constant >= 0 or obj.rest is None):
                values.pop(constant)
                obj.items = dict(enumerate(values))
        return
    if obj.open:
        obj.items[constant] = NONE
    else:
        obj.items.pop(constant, None)


# --- slices ----------------------------------------------------------------------


def slice_bounds(part: Obj) -> slice | None:
    """The slice, where its bounds are known."""
    bounds: list[int | None] = []
    for name in ("lower", "upper", "step"):
        constant = part.items[name].const()
        if constant is None or not (constant.value is None or isinstance(constant.value, int)):
            return None
        bounds.append(constant.value)
    return slice(*bounds)


def sliced(frame: Frame, oid: int, part: Obj, at: int) -> Value:
    """``sequence[lower:upper:step]``."""
    from purposelint.dataflow import objects  # noqa: PLC0415

    columns = objects.columns(frame, oid, at)
    obj = frame.get(oid)
    bounds = slice_bounds(part)
    kind = classes.sequence_kind(frame, obj) or obj.kind
    new = Obj(kind, cls=types.native_value(kind))
    if bounds is not None and columns is not None:
        new.items = dict(enumerate(columns[bounds]))
    elif bounds is not None and obj.rest is None and not obj.open:
        new.items = dict(enumerate(list(obj.items.values())[bounds]))
    elif bounds is not None and bounds.stop == 0 and (bounds.step is None or bounds.step > 0):
        pass
    else:
        new.rest = join_all([*obj.items.values(), *(() if obj.rest is None else (obj.rest,))])
        if not new.rest.atoms:
            new.rest = None
        new.open, new.tags = obj.open, obj.tags
        new.data = obj.data if obj.data[:1] == (types.EACH,) else ()
    return Value((ref(frame.allocate(at, new, "slice")),))


def store_slice(frame: Frame, oid: int, part: Obj, value: Value, at: int) -> None:
    """``list[lower:upper] = value``."""
    run = iterate(frame, value, at)
    obj = frame.edit(oid)
    bounds = slice_bounds(part)
    if bounds is not None and obj.rest is None and run.rest is None and not obj.many:
        values = list(obj.items.values())
        try:
            values[bounds] = run.known
        except ValueError:
            return
        obj.items = dict(enumerate(values))
        return
    everything = [*obj.items.values(), *run.known]
    everything.extend(rest for rest in (obj.rest, run.rest) if rest is not None)
    obj.items = {}
    obj.rest = join_all(everything)


# --- iteration ---------------------------------------------------------------------


def iterate(frame: Frame, value: Value, at: int, *, asynchronous: bool = False) -> Run:
    """What iterating over a value gives."""
    runs: list[Run] = []
    for atom in frame.one_by_one(value.atoms):
        run = _iterate_one(frame, atom, value, at, asynchronous=asynchronous)
        if run is not None:
            runs.append(events.read_elements(frame, Value((atom,), value.tags), run, at))
    if not runs:
        return Run([], of_kind("", value.tags)) if value.atoms else Run()
    if len(runs) == 1:
        return runs[0]
    if all(run.rest is None and len(run.known) == len(runs[0].known) for run in runs):
        return Run([join_all(values) for values in zip(*(run.known for run in runs), strict=True)])
    everything = [element for run in runs for element in run.known]
    everything.extend(run.rest for run in runs if run.rest is not None)
    return Run([], join_all(everything)) if everything else Run()


def _iterate_one(frame: Frame, atom: Atom, value: Value, at: int, *, asynchronous: bool) -> Run | None:
    one = Value((atom,), value.tags)
    if type(atom) is Ref:
        obj = frame.get(atom.oid)
        if obj.kind in ("generator", "coroutine"):
            from purposelint.dataflow import functions, generators  # noqa: PLC0415

            if obj.data[:1] == ("stepped",) and generators.can_step(frame, atom.oid):
                return _tagged(generators.drain(frame, atom.oid, at), value.tags)
            functions.force(frame, atom.oid, at)
            return _tagged(_drain(frame, atom.oid), value.tags)
        if obj.kind == "iterator":
            return _drain(frame, atom.oid)
        if obj.kind in ("list", "tuple"):
            return _tagged(_contents(frame, atom.oid, at, value.tags), value.tags)
        if obj.kind in ("dict", "set"):
            keys = _keys(frame, atom.oid, at, value.tags)
            return _tagged(keys, value.tags) if obj.kind == "set" else keys
        if obj.kind == "instance":
            run = _protocol(frame, one, at, asynchronous=asynchronous)
            if run is not None:
                return run
            listed = flags.members_in(frame, one)
            if listed is not None:
                return Run(listed)
            if classes.is_builtin_subclass(frame, obj.cls, "dict"):
                return _keys(frame, atom.oid, at, value.tags)
            return _contents(frame, atom.oid, at, value.tags)
        if obj.kind == "class":
            members = classes.enum_members(frame, atom.oid)
            if members is not None:
                return Run(flags.canonical(frame, atom.oid, members))
            if obj.cls.atoms:
                run = _protocol(frame, one, at, asynchronous=asynchronous)
                if run is not None:
                    return run
            return Run([], UNKNOWN)
        if obj.kind == "text":
            return Run([], of_kind("str", frame.derived(at, "characters", obj.tags | value.tags)))
        return _contents(frame, atom.oid, at, value.tags)
    if type(atom) is Const:
        if isinstance(atom.value, str) and len(atom.value) <= 16 and not value.tags:
            return Run([literal(character) for character in atom.value])
        if isinstance(atom.value, str | bytes):
            return Run(
                [],
                of_kind("str" if isinstance(atom.value, str) else "int", frame.derived(at, "characters", value.tags)),
            )
        return None
    if type(atom) is Some:
        return Run([], of_kind("str" if atom.kind == "str" else "", frame.derived(at, "element", value.tags)))
    if type(atom) is Bound or type(atom) is Native:
        return Run([], of_kind("", value.tags))
    return Run([], types.external_child(frame, atom, ("[]", None), at).tagged(value.tags))


def _tagged(run: Run, tags: Tags) -> Run:
    """What something gives that is data as a whole."""
    if not tags:
        return run
    return Run([each.tagged(tags) for each in run.known], None if run.rest is None else run.rest.tagged(tags))


def _contents(frame: Frame, oid: int, at: int, tags: Tags) -> Run:
    from purposelint.dataflow import objects  # noqa: PLC0415

    columns = objects.columns(frame, oid, at)
    if columns is not None:
        return Run(columns)
    obj = frame.get(oid)
    if obj.open:
        child = types.child(frame, oid, ("[]", None), at, tags)
        rest = join_all([child, *obj.items.values(), *(() if obj.rest is None else (obj.rest,))])
        return Run([], settled_missing(rest, None))
    if (obj.many and not classes.sequence_kind(frame, obj)) or any(
        MISSING_ATOM in held.atoms for held in obj.items.values()
    ):
        everything = [*obj.items.values(), *(() if obj.rest is None else (obj.rest,))]
        return Run([], settled_missing(join_all(everything), None)) if everything else Run()
    return Run(list(obj.items.values()), obj.rest)


def _keys(frame: Frame, oid: int, at: int, tags: Tags) -> Run:
    """The keys of a dict, the elements of a set."""
    obj = frame.get(oid)
    if obj.kind == "set":
        known = list(obj.items.values())
        if obj.open:
            put = [] if obj.rest is None else [obj.rest]
            return Run([], join_all([types.child(frame, oid, ("[]", None), at, tags), *known, *put]))
        return Run(known, obj.rest) if not obj.many else Run([], join_all([*known, obj.rest or NOTHING]))
    known = [key_value(key).tagged(obj.keys.tags) for key in obj.items]
    if obj.open:
        # The names of attributes are the program's own.
        child = of_kind("str") if "<owner>" in obj.attrs else of_kind("", tags | obj.tags)
        return Run([], join_all([child, *known, obj.keys]))
    if obj.keys.atoms or obj.many or any(MISSING_ATOM in held.atoms for held in obj.items.values()):
        return Run([], join_all([*known, obj.keys])) if known or obj.keys.atoms else Run()
    return Run(known, of_kind("", obj.keys.tags) if obj.rest is not None else None)


def _drain(frame: Frame, oid: int) -> Run:
    """The elements that an iterator has left; it is empty then."""
    obj = frame.get(oid)
    known = list(obj.items.values())
    run = Run(known, obj.rest)
    if obj.open:
        run = Run([], join_all([*known, of_kind("", obj.tags), *(() if obj.rest is None else (obj.rest,))]))
    elif obj.many:
        run = Run([], join_all([*known, *(() if obj.rest is None else (obj.rest,))])) if known or obj.rest else Run()
    else:
        frame.edit(oid).items = {}
    return run


_ITERATED = ("dict", "list", "tuple", "set", "frozenset", "str", "bytes")
"""Builtin types whose own ``__iter__`` counts where a subclass has a ``__getitem__``."""


def _protocol(frame: Frame, one: Value, at: int, *, asynchronous: bool) -> Run | None:
    """Iterate over an instance by its own ``__iter__`` and ``__next__``."""
    start, following = ("__aiter__", "__anext__") if asynchronous else ("__iter__", "__next__")
    iterator = classes.call_special(frame, one, start, [], at)
    if iterator is None:
        if asynchronous or classes.lookup_value(frame, one, "__getitem__") is None:
            return None
        (oid,) = one.refs()
        if any(classes.is_builtin_subclass(frame, frame.get(oid).cls, kind) for kind in _ITERATED):
            return None
        return _by_index(frame, one, at)
    if iterator == one or classes.lookup_value(frame, iterator, following) is not None:
        return _by_next(frame, iterator, following, at, asynchronous=asynchronous)
    return iterate(frame, iterator, at, asynchronous=asynchronous)


def _by_next(frame: Frame, iterator: Value, following: str, at: int, *, asynchronous: bool) -> Run:
    """Call ``__next__`` until it raises; elements are kept in order as long as that is certain."""
    known: list[Value] = []
    for _ in range(24):
        raised = len(frame.raises)
        before = frame.state.fork()
        frame.trying += 1
        from purposelint.dataflow.frame import Unreachable  # noqa: PLC0415

        try:
            value = classes.call_special(frame, iterator, following, [], at)
            if asynchronous and value is not None:
                value = awaited(frame, value, at)
        except Unreachable:
            frame.live = True
            ended = frame.raises[raised:]
            del frame.raises[raised:]
            frame.state = ended[0][1] if ended else before
            return Run(known)
        finally:
            frame.trying -= 1
        ended = frame.raises[raised:]
        del frame.raises[raised:]
        if value is None:
            break
        known.append(value)
        if ended:
            # Whether there is another element is not known: any number of such elements.
            return Run([], join_all(known))
    return Run([], join_all(known)) if known else Run()


def _by_index(frame: Frame, one: Value, at: int) -> Run:
    from purposelint.dataflow.frame import Unreachable  # noqa: PLC0415

    known: list[Value] = []
    for index in range(16):
        raised = len(frame.raises)
        try:
            value = classes.call_special(frame, one, "__getitem__", [literal(index)], at)
        except Unreachable:
            frame.live = True
            if frame.raises[raised:]:
                frame.state = frame.raises[raised][1]
            del frame.raises[raised:]
            return Run(known)
        del frame.raises[raised:]
        if value is None or not value.atoms:
            break
        known.append(value)
    return Run([], join_all(known)) if known else Run()


def awaited(frame: Frame, value: Value, at: int, *, again: bool = False) -> Value:
    """``await value``. ``again``: a coroutine that was awaited before runs once more."""
    result = NOTHING
    for atom in value.atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            if obj.kind == "coroutine":
                from purposelint.dataflow import functions  # noqa: PLC0415

                functions.force(frame, atom.oid, at, again=again)
                given = frame.get(atom.oid).attrs.get("<return>", NOTHING)
                for trail in frame.get(atom.oid).trails:
                    given = stems.known_as(frame, trail, given, at)
                result = join(result, given)
                continue
            if obj.kind == "instance":
                made = classes.call_special(frame, Value((atom,), value.tags), "__await__", [], at)
                if made is not None:
                    iterate(frame, made, at)
                    result = join(result, generator_result(frame, made, at))
                    continue
        result = join(result, Value((atom,), value.tags))
    return result if result.atoms else UNKNOWN.tagged(value.tags)


def generator_result(frame: Frame, value: Value, at: int) -> Value:
    """What ``yield from value`` gives: what the generator returned."""
    result = NOTHING
    for atom in value.atoms:
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            result = join(result, obj.attrs.get("<return>", NONE))
    return result if result.atoms else NONE


# --- building and changing -----------------------------------------------------------


def append(frame: Frame, oid: int, value: Value) -> None:
    """Add an element at the end."""
    value = frame.machine.shapes.put(frame, oid, value)
    if value is NOTHING:
        return
    obj = frame.edit(oid)
    if obj.rest is None and not obj.open and not obj.many and len(obj.items) < 64:
        obj.items[len(obj.items)] = value
    else:
        obj.rest = value if obj.rest is None else join(obj.rest, value)


def append_any(frame: Frame, oid: int, value: Value) -> None:
    """Add any number of such elements at the end."""
    value = frame.machine.shapes.put(frame, oid, value)
    if value is NOTHING:
        return
    obj = frame.edit(oid)
    obj.rest = value if obj.rest is None else join(obj.rest, value)


def new_set(frame: Frame, known: Sequence[Value], rest: Value | None, at: int) -> Value:
    """A new set."""
    oid = frame.allocate(at, Obj("set", cls=types.native_value("set"), rest=rest), "set")
    for value in known:
        add_to_set(frame, oid, value)
    return Value((ref(oid),))


def add_to_set(frame: Frame, oid: int, value: Value) -> None:
    """``set.add``."""
    obj = frame.edit(oid)
    known, constant = constant_key(frame, value)
    if known and not obj.many and not value.tags:
        obj.items[constant] = value
    else:
        obj.rest = value if obj.rest is None else join(obj.rest, value)


def set_operation(frame: Frame, op: str, left: Value, right: Value, at: int) -> Value:
    """``left op right`` of sets."""
    if op == "&":
        events.compared(frame, left, right, at)
    ours, theirs = iterate(frame, left, at), iterate(frame, right, at)
    if op in ("&", "-") and ours.rest is None and theirs.rest is None:
        other = [element.atoms for element in theirs.known]
        kept = [element for element in ours.known if (element.atoms in other) is (op == "&")]
        return new_set(frame, kept, None, at)
    known = list(ours.known)
    rests = [ours.rest] if ours.rest is not None else []
    if op in ("|", "^"):
        known.extend(theirs.known)
        rests.extend([theirs.rest] if theirs.rest is not None else [])
    return new_set(frame, known, join_all(rests) if rests else None, at)


def concatenated(frame: Frame, left: Value, right: Value, kind: str, at: int) -> Value:
    """``left + right`` of sequences."""
    ours, theirs = iterate(frame, left, at), iterate(frame, right, at)
    new = Obj(kind, cls=types.native_value(kind))
    if ours.rest is None:
        new.items = dict(enumerate([*ours.known, *theirs.known]))
        new.rest = theirs.rest
    else:
        new.items = dict(enumerate(ours.known))
        new.rest = join_all([ours.rest, *theirs.known, theirs.rest or NOTHING])
    return Value((ref(frame.allocate(at, new, "concatenation")),))


def repeated(frame: Frame, sequence: Value, times: Value, kind: str, at: int) -> Value:
    """``sequence * times``."""
    run = iterate(frame, sequence, at)
    count = times.const()
    new = Obj(kind, cls=types.native_value(kind))
    if count is not None and isinstance(count.value, int) and run.rest is None and count.value * len(run.known) <= 64:
        new.items = dict(enumerate(run.known * count.value))
    else:
        new.rest = join_all([*run.known, run.rest or NOTHING])
        if not new.rest.atoms:
            new.rest = None
    return Value((ref(frame.allocate(at, new, "repetition")),))


def in_place(frame: Frame, op: str, left: Value, right: Value, at: int) -> bool:
    """``left op= right`` for builtin containers; False where it is something else."""
    handled = False
    for oid in left.refs():
        obj = frame.get(oid)
        if obj.kind == "list" and op == "+":
            extend(frame, oid, right, at)
            handled = True
        elif obj.kind == "dict" and op == "|":
            update_mapping(frame, oid, right, at)
            handled = True
        elif obj.kind == "set" and op in ("|", "&", "-", "^"):
            if op in ("|", "^"):
                run = iterate(frame, right, at)
                for value in run.known:
                    add_to_set(frame, oid, value)
                if run.rest is not None:
                    append_any(frame, oid, run.rest)
            handled = op in ("|", "^")
    return handled


def extend(frame: Frame, oid: int, more: Value, at: int) -> None:
    """``list.extend``."""
    run = iterate(frame, more, at)
    for value in run.known:
        append(frame, oid, value)
    if run.rest is not None:
        append_any(frame, oid, run.rest)


def read_item(frame: Frame, oid: int, key: Key, at: int) -> Value:
    """What a dict holds under a key that it is known to have: a read of it, where a pattern goes on to its keys."""
    value = frame.get(oid).items[key]
    if not stems.is_named(frame.get(oid)):
        return value
    return events.read_key(frame, Value((ref(oid),)), key_value(key), value, at, None)


def any_child(frame: Frame, oid: int, at: int) -> Value:
    """What stands at the unknown keys of a dict from elsewhere."""
    child = types.child(frame, oid, ("[]", None), at)
    if not frame.machine.rules.all_keys:
        return child
    return child.tagged(events.keys_of_whole(frame, Value((ref(oid),)), at))


def mapping_items(frame: Frame, value: Value, at: int) -> tuple[dict[Key, Value], Value | None]:
    """The items of a mapping: known keys, and what stands at others."""
    items: dict[Key, Value] = {}
    rests: list[Value] = []
    for atom in value.atoms:
        if type(atom) is not Ref:
            if type(atom) is External:
                for named, tags in events.keyed_sources(frame, Value((atom,)), at).items():
                    _add_source(items, rests, named, of_kind("", value.tags | tags))
            if value.tags or type(atom) is not Const:
                rests.append(of_kind("", value.tags))
            continue
        obj = frame.get(atom.oid)
        if obj.kind == "instance" and not classes.is_builtin_subclass(frame, obj.cls, "dict"):
            keys = classes.call_special(frame, Value((atom,)), "keys", [], at)
            if keys is None and classes.has_unknown_base(frame, obj.cls) and _gives_by_key(frame, obj):
                # What `keys` gives is what the class gives when it is iterated over: `collections.abc.Mapping`.
                keys = Value((atom,))
            if keys is not None:
                run = iterate(frame, keys, at)
                for key in [*run.known, *(() if run.rest is None else (run.rest,))]:
                    known, constant = constant_key(frame, key)
                    got = classes.call_special(frame, Value((atom,)), "__getitem__", [key], at) or UNKNOWN
                    if known:
                        items[constant] = got
                    else:
                        rests.append(got)
                continue
        for name in obj.items:
            read = read_item(frame, atom.oid, name, at)
            items[name] = join(items[name], read) if name in items else read
        if obj.rest is not None:
            rests.append(obj.rest)
        if obj.kind == "dict" and obj.trails and not obj.open:
            for named, tags in events.keyed_sources(frame, Value((atom,)), at).items():
                under = obj.items.get(named, obj.rest)
                if under is not None:
                    items[named] = items.get(named, under).tagged(tags)
        if obj.open:
            if obj.kind in ("opaque", "dict"):
                for named, tags in events.keyed_sources(frame, Value((atom,)), at).items():
                    child = types.child(frame, atom.oid, ("[]", named), at, value.tags)
                    _add_source(items, rests, named, child.tagged(tags))
            rests.append(types.child(frame, atom.oid, ("[]", None), at, value.tags))
    return items, join_all(rests) if rests else None


def _gives_by_key(frame: Frame, obj: Obj) -> bool:
    """Whether a class defines what a mapping is made of."""
    return all(classes.lookup(frame, obj.cls, name) is not None for name in ("__getitem__", "__iter__"))


def _add_source(items: dict[Key, Value], rests: list[Value], key: Key | None, value: Value) -> None:
    """Add what is at a key of an unknown mapping that is a source; None: at any."""
    if key is None:
        rests.append(value)
    else:
        items[key] = join(items[key], value) if key in items else value


def update_mapping(frame: Frame, oid: int, other: Value, at: int) -> None:
    """``dict.update(other)`` where other is a mapping or an iterable of pairs."""
    for atom in other.atoms:
        source = frame.get(atom.oid) if type(atom) is Ref else None
        kinds = ("list", "tuple", "set", "generator", "iterator")
        if source is not None and (source.kind in kinds or _is_of_pairs(frame, source)):
            update_pairs(frame, oid, Value((atom,), other.tags), at)
            continue
        items, rest = mapping_items(frame, Value((atom,), other.tags), at)
        obj = frame.edit(oid)
        for key, held in items.items():
            if MISSING_ATOM in held.atoms and key in obj.items:
                held = settled_missing(held, obj.items[key])  # noqa: PLW2901
            if len(other.atoms) > 1 or obj.many:
                held = join(held, obj.items.get(key, Value((MISSING_ATOM,))))  # noqa: PLW2901
            obj.items[key] = held
            if isinstance(key, str):
                through_view(frame, obj, key, held)
        if rest is not None:
            obj.rest = rest if obj.rest is None else join(obj.rest, rest)
            keys = source.keys if source is not None and source.keys.atoms else of_kind("", other.tags)
            obj.keys = join(obj.keys, keys)
        elif source is not None and source.keys.tags:
            obj.keys = Value(obj.keys.atoms, obj.keys.tags | source.keys.tags)


def _is_of_pairs(frame: Frame, obj: Obj) -> bool:
    """Whether an instance is no mapping, but gives elements."""
    if obj.kind != "instance" or classes.is_builtin_subclass(frame, obj.cls, "dict"):
        return False
    return (
        classes.lookup(frame, obj.cls, "keys") is None
        and not classes.has_unknown_base(frame, obj.cls)
        and (classes.lookup(frame, obj.cls, "__iter__") is not None or bool(classes.sequence_kind(frame, obj)))
    )


def update_pairs(frame: Frame, oid: int, pairs: Value, at: int) -> None:
    """Store pairs of key and value."""
    run = iterate(frame, pairs, at)
    for pair in run.known:
        halves = iterate(frame, pair, at)
        if len(halves.known) == 2 and halves.rest is None:
            set_key(frame, oid, halves.known[0], halves.known[1], at)
        else:
            anything = join_all([*halves.known, halves.rest or NOTHING])
            add_key(frame, oid, UNKNOWN.tagged(anything.tags), anything)
    if run.rest is not None:
        halves = iterate(frame, run.rest, at)
        if len(halves.known) == 2 and halves.rest is None:
            add_key(frame, oid, _vague_key(halves.known[0]), halves.known[1])
        else:
            anything = join_all([*halves.known, halves.rest or NOTHING])
            add_key(frame, oid, UNKNOWN.tagged(anything.tags), anything)


def _vague_key(key: Value) -> Value:
    return key if key.const() is None else of_kind(key.atoms[0].kind, key.tags)  # type: ignore[union-attr]


# --- membership -----------------------------------------------------------------------


def contains(frame: Frame, container: Value, element: Value, at: int) -> bool | None:
    """``element in container``, where it can be told."""
    if len(container.atoms) != 1:
        return None
    atom = container.atoms[0]
    constant = element.const()
    if type(atom) is Const and isinstance(atom.value, str) and constant is not None and isinstance(constant.value, str):
        return constant.value in atom.value
    if type(atom) is not Ref:
        return None
    obj = frame.get(atom.oid)
    if obj.kind == "instance":
        result = classes.call_special(frame, container, "__contains__", [element], at)
        if result is not None:
            from purposelint.dataflow import conditions  # noqa: PLC0415

            return conditions.truth(frame, result)
        return flags.contains(frame, container, element)
    if obj.kind not in ("list", "tuple", "dict", "set"):
        return None
    known, key = constant_key(frame, element)
    if obj.kind in ("dict", "set"):
        if known and key in obj.items and MISSING_ATOM not in obj.items[key].atoms:
            return True
        return False if known and obj.exact() and key not in obj.items else None
    if not obj.exact():
        return None
    verdicts = [held.atoms == element.atoms and held.const() is not None for held in obj.items.values()]
    if constant is not None and any(verdicts):
        return True
    return False if constant is not None and all(held.const() is not None for held in obj.items.values()) else None


def equal(frame: Frame, left: int, right: int) -> bool | None:
    """``==`` of two containers, where it can be told."""
    if left == right:
        return None if frame.get(left).many else True
    one, two = frame.get(left), frame.get(right)
    if one.kind in ("list", "tuple", "dict") and two.kind in ("list", "tuple", "dict"):
        if one.kind != two.kind:
            return False
        if one.exact() and two.exact():
            if one.items.keys() != two.items.keys():
                return False
            pairs = [(held.const(), two.items[key].const()) for key, held in one.items.items()]
            if all(a is not None and b is not None for a, b in pairs):
                return all(a is b for a, b in pairs)
    return None
