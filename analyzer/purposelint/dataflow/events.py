"""Where the annotations meet the code: sources, sinks, gates, transforms, passthroughs, comparisons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from purposelint.config.patterns import CallStep, KeyStep, NameStep, Pattern
from purposelint.dataflow import classes, elements, hints, naming, reasons, stems, types
from purposelint.dataflow import sinks as sink_calls
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.graph import Edge
from purposelint.dataflow.matching import STEM, Rule, matches, matches_end
from purposelint.dataflow.values import (
    FREE,
    NO_TAGS,
    Atom,
    Bound,
    Const,
    External,
    Ref,
    Some,
    Tags,
    Trail,
    Value,
    is_literal,
    ref,
    some,
)
from purposelint.facts import syntax as s

MAX_HANDED = 60
"""Objects handed over to a sink that are looked at for fields that are sources."""

# --- sources -----------------------------------------------------------------------


def owners_of(frame: Frame, owner: Value | None) -> frozenset[int]:
    """The objects that data read from ``owner`` belongs to: it, and what it was reached through."""
    found: set[int] = set()
    for oid in owner.refs() if owner is not None else ():
        current: int | None = oid
        while current is not None and current not in found:
            found.add(current)
            current = frame.machine.parents.get(current)
    return frozenset(found)


def source_node(frame: Frame, source: int, at: int, note: str, owner: Value | None = None) -> int:
    """The node of data that enters at a place."""
    owners = owners_of(frame, owner)
    place = frame.place(at)
    node = frame.machine.graph.node(
        (frame.instance.number, at, "source", source), place, note, frame.gates_for(owners), owners
    )
    frame.machine.add_source(source, place, node)
    frame.machine.note_sourced(frame.instance.path, frame.instance.function)
    return node


def _with_source(frame: Frame, value: Value, source: int, at: int, note: str, owner: Value | None) -> Value:
    node = source_node(frame, source, at, note, owner)
    return value.tagged(frozenset((node,)))


def _may_be_other(frame: Frame, owner: Value, name: str) -> bool:
    """Whether a field is of an instance from elsewhere: a literal that some code stores is not all that it may be."""
    for obj in map(frame.get, owner.refs()):
        if obj.kind == "instance" and obj.open and name not in obj.attrs:
            of_class = classes.lookup(frame, obj.cls, name)
            if of_class is None or not is_literal(of_class):
                return True
    return False


def read_attribute(frame: Frame, owner: Value, name: str, value: Value, node: s.Expr) -> Value:
    """A read of an attribute: tagged by the sources it matches, a gate by the gates."""
    rules = frame.machine.rules.attribute(name)
    if not rules or not isinstance(node, s.Attribute):
        return value
    written = naming.spelling(node.value)
    own = False  # what the project says of a read goes before what a pack says
    for rule in rules:
        if rule.kind == STEM and _matches_attribute(frame, rule, owner, name, written):
            value = stems.named(frame, rule, value, node.ref)
        if rule.kind not in ("source", "gate"):
            continue
        if not _matches_attribute(frame, rule, owner, name, written):
            _unmatched(frame, rule, owner, name, written, node.ref)
            continue
        if rule.kind == "gate":
            _tried(frame, node.ref, rule)
            value = gated(frame, rule, value, owner)
            continue
        entry = frame.machine.annotations.sources[rule.index]
        if not naming.within(frame, entry.within):
            _tried(frame, node.ref, rule, outside=entry.within)
        elif rule.packed and own:
            _tried(frame, node.ref, rule, matched=False, why=_OWN)
        else:
            own = own or not rule.packed
            if is_literal(value) and not _may_be_other(frame, owner, name):
                frame.machine.matched.add(rule.entry)
                _tried(frame, node.ref, rule, why=_LITERAL)
                continue
            _tried(frame, node.ref, rule)
            note = f"read of {naming.text((*written, name)) or name}"
            value = _with_source(frame, value, rule.index, node.ref, note, owner)
    return value


_EXCEPT = "it matches, and `except` takes it out"
_OWN = "what the project says of a read goes before what a pack says"
_LITERAL = "it matches, and what is read is a literal of the program: nobody's data"


def _is_asked(frame: Frame) -> bool:
    """Whether somebody asks what is tried in the code at hand."""
    trials = frame.machine.trials
    return trials is not None and trials.path == frame.path


def _tried(
    frame: Frame,
    at: int,
    rule: Rule,
    *,
    matched: bool = True,
    why: str = "it matches",
    outside: Sequence[Pattern] | None = None,
) -> None:
    """Record that a pattern was tried, where somebody asks; ``outside``: what the code at hand does not lie in."""
    if not _is_asked(frame):
        return
    if outside is not None:
        matched, why = False, reasons.of_place(frame, outside)
    reasons.note(frame, at, rule, matched, why)


def _unmatched(frame: Frame, rule: Rule, owner: Value, last: object | None, written: Trail, at: int) -> None:
    """Record why a pattern does not match what is taken of an owner, where somebody asks."""
    if not _is_asked(frame):
        return
    if naming.excluded(frame, rule, owner, last, written):
        reasons.note(frame, at, rule, False, _EXCEPT)
    else:
        reasons.note(frame, at, rule, False, reasons.of_owner(frame, rule, owner, naming.text(written)))


def _matches_attribute(frame: Frame, rule: Rule, owner: Value, name: str, written: Trail) -> bool:
    if naming.owner_matches(frame, rule, owner, name, written):
        return not naming.excluded(frame, rule, owner, name, written)
    return False


def read_global(frame: Frame, path: str, name: str, value: Value, at: int) -> Value:
    """A read of a module's variable, also by way of a module that imports it."""
    path, name = frame.machine.definitions.origin(path, name)
    rules = frame.machine.rules.attribute(name)
    if not rules:
        return value
    module = Value((ref(frame.machine.loader.module_oid(path)),))
    for rule in rules:
        if rule.kind not in ("source", STEM) or not _matches_attribute(frame, rule, module, name, ()):
            continue
        if rule.kind == STEM:
            value = stems.named(frame, rule, value, at)
            continue
        if any(type(atom) is Ref and frame.get(atom.oid).kind in ("class", "function") for atom in value.atoms):
            frame.machine.matched.add(rule.entry)
            continue
        entry = frame.machine.annotations.sources[rule.index]
        if naming.within(frame, entry.within):
            value = _with_source(frame, value, rule.index, at, f"read of {name}", None)
    return value


def key_of(frame: Frame, key: Value) -> str | int | None:
    """The literal that a key is known to be."""
    known, constant = elements.constant_key(frame, key)
    return constant if known and isinstance(constant, str | int) else None


def read_key(frame: Frame, owner: Value, key: Value, value: Value, at: int, node: s.Expr | None) -> Value:
    """A read of a key."""
    constant = key_of(frame, key)
    # A key that is known only at run time may be any.
    rules = frame.machine.rules.key(constant) if constant is not None else frame.machine.rules.all_keys
    if not rules:
        return value
    written = naming.spelling(node.value) if isinstance(node, s.Subscript) else naming.spelling(node)
    for rule in rules:
        if rule.kind == STEM and _matches_key(frame, rule, owner, written):
            value = stems.named(frame, rule, value, at)
        if rule.kind != "source":
            continue
        if not _matches_key(frame, rule, owner, written):
            _unmatched(frame, rule, owner, None, written, at)
            continue
        if _key_excluded(frame, rule, owner, constant, written):
            _tried(frame, at, rule, matched=False, why=_EXCEPT)
            continue
        entry = frame.machine.annotations.sources[rule.index]
        if not naming.within(frame, entry.within):
            _tried(frame, at, rule, outside=entry.within)
            continue
        if is_literal(value):
            frame.machine.matched.add(rule.entry)
            _tried(frame, at, rule, why=_LITERAL)
            continue
        _tried(frame, at, rule)
        note = f"read of {naming.text((*written, ('[]', constant)))}" if written else f"read of key {constant!r}"
        value = _with_source(frame, value, rule.index, at, note, owner)
    return value


def _matches_key(frame: Frame, rule: Rule, owner: Value, written: Trail) -> bool:
    for atom in owner.atoms:
        for trail in types.trails_of(frame, atom):
            if matches(rule.steps, trail):
                return True
    if not rule.by_name:
        return False
    if written and matches_end(rule.steps, written):
        return True
    return any(matches_end(rule.steps, each) for atom in owner.atoms for each in naming.spellings(frame, atom))


def _key_excluded(frame: Frame, rule: Rule, owner: Value, key: str | int | None, written: Trail) -> bool:
    """Whether an ``except`` pattern takes out a key; one that is not known may be another."""
    return any(
        isinstance(other.last, KeyStep)
        and (other.last.key is None or (key is not None and other.last.key == key))
        and _matches_key(frame, other, owner, written)
        for other in rule.excluded
    )


def read_elements(frame: Frame, owner: Value, run: elements.Run, at: int) -> elements.Run:
    """Elements met by iteration."""
    if None not in frame.machine.rules.keys:
        return run
    known = [read_element(frame, owner, each, at) for each in run.known]
    return elements.Run(known, None if run.rest is None else read_element(frame, owner, run.rest, at))


def read_element(frame: Frame, owner: Value, value: Value, at: int) -> Value:
    """One element met by iteration, or taken out of an iterator; `NOTHING` stays that."""
    if not value.atoms:
        return value
    for rule in frame.machine.rules.keys.get(None, ()):
        if rule.kind not in ("source", STEM) or not _matches_key(frame, rule, owner, ()):
            continue
        if rule.kind == STEM:
            value = stems.named(frame, rule, value, at)
        elif naming.within(frame, frame.machine.annotations.sources[rule.index].within) and not is_literal(value):
            value = _with_source(frame, value, rule.index, at, "an element", owner)
    return value


def tagged_definition(frame: Frame, targets: Sequence[s.Expr], value: Value, tag: str, at: int) -> Value:
    """A variable defined with a ``# purpose:`` comment; attributes and module variables are tagged where read."""
    if not any(isinstance(target, s.Name) for target in targets) or frame.function is None:
        return value
    source = frame.machine.tag_sources.get((frame.path, at))
    if source is None:
        return value
    name = next(target.name for target in targets if isinstance(target, s.Name))
    return _with_source(frame, value, source, at, f"definition of {name}", None)


def enter(frame: Frame, function: s.Function, data: tuple[object, ...]) -> None:
    """A function begins: gates of its decorators hold, and parameters that are sources are tagged."""
    decorated = data[4] if len(data) > 4 else ()
    assert isinstance(decorated, tuple)
    frame.decorated = decorated
    for kind, index, returns in decorated:
        if kind == "gate":
            frame.machine.matched.add((kind, index))
            frame.state.gates |= frozenset(((index, FREE),))
        elif kind == "source" and not returns:
            entry = frame.machine.annotations.sources[index]
            if naming.within(frame, entry.within):
                for position, param in enumerate(function.params):
                    if not (position == 0 and param.name in ("self", "cls")):
                        _tag_parameter(frame, param, index)
        elif kind == "sink":
            frame.machine.matched.add((kind, index))
    for param in function.params:
        if param.tag is not None:
            source = frame.machine.tag_sources.get((frame.path, param.ref))
            if source is not None:
                _tag_parameter(frame, param, source)
    for rule in frame.machine.rules.parameter_rules(function.name):
        _parameter_sources(frame, function, rule)


def _parameter_sources(frame: Frame, function: s.Function, rule: Rule) -> None:
    params = rule.last.params if isinstance(rule.last, CallStep) else None
    if not params:
        return
    qualified = frame.machine.trails_of_definition(frame.path, function.qualname)
    if frame.cls is not None:
        qualified = (*qualified, *((*trail, function.name) for trail in types.trails_of(frame, ref(frame.cls))))
    if not any(matches(rule.steps, trail) for trail in qualified) and not (
        rule.by_name and matches_end(rule.steps, qualified[0])
    ):
        return
    entry = frame.machine.annotations.sources[rule.index]
    if not naming.within(frame, entry.within):
        return
    names = [param.name for param in function.params if param.name not in ("self", "cls")]
    for param in function.params:
        if param.name in params or "*" in params or (param.name in names and names.index(param.name) in params):
            _tag_parameter(frame, param, rule.index)


def _tag_parameter(frame: Frame, param: s.Parameter, source: int) -> None:
    node = source_node(frame, source, param.ref, f"parameter {param.name}")
    scope = frame.edit(frame.scope)
    value = scope.attrs.get(param.name)
    if value is not None:
        tags = frozenset((node,))
        scope.attrs[param.name] = value.tagged(tags)
        if param.kind in ("args", "kwargs"):
            types.taint(frame, value, tags)


# --- gates ---------------------------------------------------------------------------


def gated(frame: Frame, rule: Rule, value: Value, owner: Value | None) -> Value:
    """A value whose truth is a gate's."""
    frame.machine.matched.add(rule.entry)
    tied = FREE
    refs = owner.refs() if owner is not None else []
    if len(refs) == 1 and frame.get(refs[0]).kind not in ("module", "class"):
        tied = refs[0]
    fact = frozenset(((rule.index, tied),))
    value = _unknown_truth(value)
    if rule.pattern.negated:
        return Value(value.atoms, value.tags, value.when_true, value.when_false | fact)
    return Value(value.atoms, value.tags, value.when_true | fact, value.when_false)


def _unknown_truth(value: Value) -> Value:
    if len(value.atoms) == 1 and type(value.atoms[0]) is Ref:
        return Value((some(""),), value.tags, value.when_true, value.when_false)
    return value


def decorators(frame: Frame, given: Sequence[tuple[s.Expr, Value]]) -> tuple[tuple[str, int, bool], ...]:
    """The entries whose decorator patterns a definition matches: kind, index, and whether they end in ``-> return``."""
    found: list[tuple[str, int, bool]] = []
    for expr, value in given:
        written = naming.spelling(expr)
        names = {step for step in written if isinstance(step, str) and step != "()"}
        for atom in value.atoms:
            for trail in types.trails_of(frame, atom):
                names.update(str(step) for step in trail[-2:] if step != "()")
        for name in sorted(names):
            for rule in frame.machine.rules.decorator(name):
                plain = Value(value.atoms)
                if naming.owner_matches(frame, rule, plain, None, written) or (
                    rule.by_name and written and matches_end(rule.steps, tuple(s_ for s_ in written if s_ != "()"))
                ):
                    frame.machine.matched.add(rule.entry)
                    row = (rule.kind, rule.index, rule.pattern.returns)
                    if row not in found:
                        found.append(row)
    return tuple(found)


# --- sinks ---------------------------------------------------------------------------


def returning(frame: Frame, value: Value, node: s.Return) -> Value:
    """A value is returned: a hop, and a sink in functions whose decorator says so."""
    for kind, index, returns in frame.decorated:
        if kind == "sink" and returns and naming.within(frame, frame.machine.annotations.sinks[index].within):
            sink_calls.used(frame, index, node.ref, [(value, node.ref)], None)
        elif kind == "source" and returns:
            value = _with_source(frame, value, index, node.ref, "what is returned", None)
    return hop(frame, value, node)


def hop(frame: Frame, value: Value, node: s.Expr | s.Return) -> Value:
    """A node of its own for data that passes here, so that a gate or suppression here counts."""
    if not value.tags:
        return value
    tags = frozenset((frame.node(node.ref, "passed on", value.tags),))
    return Value(value.atoms, tags, value.when_true, value.when_false)


def write_attribute(frame: Frame, owner: Value, name: str, value: Value, node: s.Expr) -> None:
    """A write to an attribute that is a sink."""
    rules = frame.machine.rules.attribute(name)
    if not rules:
        return
    written = naming.spelling(node.value) if isinstance(node, s.Attribute) else ()
    for rule in rules:
        if rule.kind != "sink":
            continue
        if _matches_attribute(frame, rule, owner, name, written):
            _tried(frame, node.ref, rule)
            sink_calls.written(frame, rule.index, node.ref, value)
        else:
            _unmatched(frame, rule, owner, name, written, node.ref)


def write_global(frame: Frame, path: str, name: str, value: Value) -> None:
    """A write to a module's variable that is a sink."""
    rules = frame.machine.rules.attribute(name)
    module = Value((ref(frame.machine.loader.module_oid(path)),)) if rules else None
    for rule in rules:
        if rule.kind == "sink" and module is not None and _matches_attribute(frame, rule, module, name, ()):
            sink_calls.written(frame, rule.index, frame.writing, value)


def write_key(frame: Frame, owner: Value, key: Value, value: Value, at: int, node: s.Expr | None) -> None:
    """A write to a key that is a sink."""
    constant = key_of(frame, key)
    rules = frame.machine.rules.key(constant) if constant is not None else ()
    if not rules:
        return
    written = naming.spelling(node.value) if isinstance(node, s.Subscript) else ()
    for rule in rules:
        if rule.kind != "sink":
            continue
        if _key_excluded(frame, rule, owner, constant, written):
            _tried(frame, at, rule, matched=False, why=_EXCEPT)
        elif _matches_key(frame, rule, owner, written):
            _tried(frame, at, rule)
            sink_calls.written(frame, rule.index, at, value)
        else:
            _unmatched(frame, rule, owner, None, written, at)


def write_field(frame: Frame, oid: int, name: str, value: Value) -> None:
    """A field of an unknown instance is set: other instances of its class may be the same."""
    frame.machine.shapes.note(frame, oid, name, value)


# --- calls ---------------------------------------------------------------------------


def call_rules(frame: Frame, atom: Atom, node: s.Expr | None, receiver: Value | None, at: int) -> list[Rule]:
    """The rules that a call matches."""
    rules = frame.machine.rules
    found: list[Rule] = []
    if type(atom) is Const or (type(atom) is Some and atom.kind == "missing"):
        return found
    written, trails = naming.spelling(node), types.trails_of(frame, atom)
    rooted: list[Trail] | None = None
    for name in naming.last_names(written, trails):
        of_library: Iterable[Rule] = ()
        if name in rules.packed:
            # Packs' rules are found by what the code is known to name.
            rooted = naming.rooted(frame, node) if rooted is None else rooted
            firsts = dict.fromkeys(str(trail[0]) for trail in (*trails, *rooted) if trail)
            of_library = rules.call_of_library(name, firsts)
        for rule in (*rules.call(name), *of_library, *(rules.attribute(name) if name[:1].isupper() else ())):
            if rule in found:
                continue
            if isinstance(rule.last, NameStep) and rule.kind != "sink":
                continue
            matching = _call_matches(frame, rule, atom, trails, written, receiver)
            if not matching and len(rule.steps) > 2:
                rooted = naming.rooted(frame, node) if rooted is None else rooted
                matching = any(matches(rule.steps, trail) for trail in rooted)
            if not matching and rule.kind == STEM:
                continue
            if not matching:
                _uncalled(frame, rule, atom, receiver, written, at)
                continue
            if not naming.within(frame, within := _where_it_counts(frame, rule)):
                _tried(frame, at, rule, outside=within)
                continue
            excluded = (other for other in rule.excluded if _whole(other))
            if any(_call_matches(frame, other, atom, trails, written, receiver) for other in excluded):
                _tried(frame, at, rule, matched=False, why=_EXCEPT)
                continue
            found.append(rule)
            if rule.kind == STEM:
                continue
            frame.machine.matched.add(rule.entry)
            if rule.kind != "sink":
                _tried(frame, at, rule)
    return found


def _uncalled(frame: Frame, rule: Rule, atom: Atom, receiver: Value | None, written: Trail, at: int) -> None:
    """Record why a pattern does not match a call, where somebody asks."""
    if _is_asked(frame):
        reasons.note(frame, at, rule, False, reasons.of_call(frame, rule, atom, receiver, naming.text(written)))


def _whole(rule: Rule) -> bool:
    return isinstance(rule.last, CallStep) and rule.last.params is None


def _where_it_counts(frame: Frame, rule: Rule) -> Sequence[Pattern]:
    """What an entry is to be within; nothing: anywhere."""
    annotations = frame.machine.annotations
    if rule.kind == "source":
        return annotations.sources[rule.index].within
    if rule.kind == "sink":
        return annotations.sinks[rule.index].within
    return ()


def _call_matches(
    frame: Frame, rule: Rule, atom: Atom, trails: Sequence[Trail], written: Trail, receiver: Value | None
) -> bool:
    if isinstance(rule.last, NameStep) and not (
        (type(atom) is Ref and frame.get(atom.oid).kind == "class") or type(atom).__name__ == "External"
    ):
        return False
    for trail in trails:
        if matches(rule.steps, trail):
            return True
    if not rule.by_name:
        return False
    owner = naming.receiver_of(atom, receiver)
    names = [step for step in rule.steps if isinstance(step, NameStep)]
    if owner is not None and len(names) > 1 and names[-2].name not in ("*", "**"):
        known = naming.known_names(frame, owner)
        if known is not None:
            if not any(naming.same_name(names[-2].name, name) for name in known):
                return False
            if len(names) == 2 and written and written[-1] == names[-1].name:
                return True
    if written and matches_end(rule.steps, written):
        return True
    if owner is not None and written:
        return any(
            frame.get(oid).spelled and matches_end(rule.steps, (*frame.get(oid).spelled, written[-1]))
            for oid in owner.refs()
        )
    return False


def sinks(
    frame: Frame, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int
) -> dict[int, int]:
    """Tell of the sinks that a call matches; the sink nodes by argument's ref."""
    through: dict[int, int] = {}
    for rule in matched:
        if rule.kind == "sink":
            owner = naming.receiver_of(atom, receiver)
            nodes = sink_calls.called(frame, rule, matched, atom, args, owner, at)
            through.update(nodes)
            if _is_asked(frame):
                why = "it matches, and is given tagged data" if nodes else ""
                why = why or reasons.of_sink(frame, rule, matched, atom, args, owner, at)
                reasons.note(frame, at, rule, bool(nodes), why)
    return through


def passthrough(
    frame: Frame, matched: Sequence[Rule], atom: Atom, args: Arguments, receiver: Value | None, at: int
) -> Value | None:
    """The result of a call whose flow is declared; None when it is not, or the project's own code is called."""
    declared = [rule for rule in matched if rule.kind == "passthrough"]
    if not declared or (type(atom) is Ref and frame.get(atom.oid).kind == "function"):
        return None
    if type(atom) is Bound and type(atom.func) is Ref:
        return None
    owner = naming.receiver_of(atom, receiver)
    result = NO_TAGS
    for rule in declared:
        entry = frame.machine.annotations.passthroughs[rule.index]
        packed = entry.pack is not None
        chosen = sink_calls.chosen(frame, rule, matched, atom, args, owner, at, in_order=packed, by_count=not packed)
        tags = frame.derived(at, "passed through", elements.deep(frame, [value for value, _ in chosen]))
        for target in entry.to:
            if target == "return":
                result |= tags
            elif target == "self" and owner is not None:
                types.keep(frame, owner, tags)
            else:
                value = sink_calls.argument(frame, target, matched, atom, args)
                if value is not None and tags:
                    types.keep(frame, value, tags)
    # What comes back is known as what the call gives, as for any other.
    trails = [(*trail, "()") for trail in types.trails_of(frame, atom) if len(trail) < types.MAX_PATH]
    return types.opaque(frame, at, "passthrough", result, tuple(trails[:3]))


def called(frame: Frame, matched: Sequence[Rule], result: Value, atom: Atom, receiver: Value | None, at: int) -> Value:
    """What a call's result is for the annotations: data of a source, a gate's word, or transformed data."""
    owner = naming.receiver_of(atom, receiver)
    own = any(rule.kind == "source" and not rule.packed for rule in matched)
    for rule in matched:
        if rule.kind == "source" and isinstance(rule.last, CallStep) and rule.last.params is None:
            if rule.packed and own:
                continue
            node = source_node(frame, rule.index, at, f"result of {naming.text(_name(frame, atom)) or 'a call'}", owner)
            tags = frozenset((node,))
            if all(frame.get(oid).above is not None for oid in result.refs()):
                # It was read from what others read too: it is data as it comes from here.
                result = result.tagged(tags)
                continue
            fresh = [
                oid
                for oid in result.refs()
                if frame.get(oid).kind in ("opaque", "list", "dict", "tuple", "set", "instance") and frame.get(oid).open
            ]
            if fresh and len(fresh) == len(result.atoms) and not any(oid in frame.state.base for oid in fresh):
                types.taint(frame, result, tags)
            else:
                types.taint_deeply(frame, result, tags)
                result = result.tagged(tags)
        elif rule.kind == STEM:
            result = stems.named(frame, rule, result, at)
        elif rule.kind == "gate":
            result = gated(frame, rule, result, owner if rule.by_name and len(rule.steps) > 1 else None)
        elif rule.kind == "transform":
            result = transformed(frame, rule, result, at)
    return result


def _name(frame: Frame, atom: Atom) -> Trail:
    trails = types.trails_of(frame, atom)
    return trails[0] if trails else ()


def transformed(frame: Frame, rule: Rule, result: Value, at: int) -> Value:
    """The result of a transform: removed categories end on the edge into it."""
    tags = elements.deep(frame, [result])
    entry = frame.machine.annotations.transforms[rule.index]
    if not tags:
        return result
    if "*" in entry.removes:
        return types.opaque(frame, at, "transformed")
    node = frame.machine.graph.node(
        (frame.instance.number, at, "transform", rule.index),
        frame.place(at),
        "transformed",
        frame.gates_for(frozenset()),
    )
    frame.machine.graph.edges(tags, node, Edge("value", transform=rule.index))
    return types.opaque(frame, at, "transformed", frozenset((node,)))


# --- comparison ------------------------------------------------------------------------


def compared(frame: Frame, left: Value, right: Value, at: int, *, lookup: bool = False) -> None:
    """Two values are compared, or one is looked up by the other: tagged data on both sides may match."""
    if not frame.machine.annotations.linkages:
        return
    ours = left.tags | _keys(frame, left) if lookup else elements.deep(frame, [left])
    theirs = elements.deep(frame, [right])
    if ours and theirs:
        place = frame.place(at)
        one = frame.node(at, "compared", ours, "left")
        two = frame.node(at, "compared", theirs, "right")
        frame.machine.sites.add_match(place, frozenset((one,)), frozenset((two,)))


def _keys(frame: Frame, owner: Value) -> Tags:
    tags: Tags = NO_TAGS
    for oid in owner.refs():
        obj = frame.get(oid)
        tags |= obj.keys.tags | obj.tags
        tags |= elements.deep(frame, [Value(obj.keys.atoms)])
        if obj.rest is not None:
            tags |= elements.deep(frame, [obj.rest])
        tags |= elements.deep(frame, list(obj.items.values()))
    return tags


def _handed_over(frame: Frame, given: Sequence[Value]) -> list[int]:
    """The objects that values hold; not what generators and methods keep for themselves while they work."""
    seen: dict[int, None] = {}
    queue = list(given)
    while queue and len(seen) < MAX_HANDED:
        for atom in queue.pop(0).atoms:
            if type(atom) is Ref and atom.oid not in seen:
                seen[atom.oid] = None
                obj = frame.get(atom.oid)
                # What `vars` gives was read field by field.
                if obj.kind in ("generator", "coroutine", "iterator") or ("<owner>" in obj.attrs and not obj.open):
                    queue.extend([*obj.items.values(), *(() if obj.rest is None else (obj.rest,))])
                elif obj.kind not in ("scope", "module", "class", "function"):
                    queue.extend(obj.values())
    return list(seen)


def whole_objects(
    frame: Frame, given: Sequence[Value], at: int, *, alone: bool = False, without: Collection[str] = ()
) -> Tags:
    """Sources that are fields of objects handed over as a whole, whose type is known.

    ``alone``: of these objects, not of others that they lead to. ``without``: fields that are left out.
    """
    rules = [rule for each in frame.machine.rules.attributes.values() for rule in each if rule.kind == "source"]
    if not rules:
        return NO_TAGS
    found: set[int] = set()
    handed = [oid for value in given for oid in value.refs()] if alone else _handed_over(frame, given)
    hints.settle(frame, handed)
    for oid in handed:
        obj = frame.get(oid)
        if obj.kind not in ("instance", "opaque") or not (obj.cls.atoms or obj.trails):
            continue
        whole = Value((ref(oid),))
        names = naming.known_names(frame, whole)
        if names is None:
            continue
        trails = types.trails_of(frame, ref(oid))
        for rule in rules:
            last = rule.steps[-1]
            if not isinstance(last, NameStep) or last.name in ("*", "**", *without):
                continue
            held = obj.attrs.get(last.name)
            if not obj.open if held is None else is_literal(held) or elements.deep(frame, [held]):
                continue
            entry = frame.machine.annotations.sources[rule.index]
            if entry.within:
                continue
            by_class = any(matches(rule.steps[:-1], trail) for trail in trails if trail[-1:] == ("()",))
            by_class = by_class or any(matches(rule.steps, trail) for trail in trails if trail[-1:] == ("()",))
            by_name = (
                rule.by_name
                and len(rule.steps) == 2
                and isinstance(rule.steps[0], NameStep)
                and any(naming.same_name(rule.steps[0].name, name) for name in names)
            )
            if by_class or by_name:
                found.add(source_node(frame, rule.index, at, f"{last.name} of the object handed over", whole))
    return frozenset(found)


def whole_mappings(frame: Frame, given: Sequence[Value], at: int) -> Tags:
    """Sources that are keys of unknown objects handed over as a whole."""
    if not frame.machine.rules.all_keys:
        return NO_TAGS
    found: Tags = NO_TAGS
    for oid in _handed_over(frame, given):
        obj = frame.get(oid)
        if (obj.kind in ("opaque", "dict") and obj.open and (obj.trails or obj.spelled)) or stems.is_named(obj):
            found |= keys_of_whole(frame, Value((ref(oid),)), at)
    for atom in dict.fromkeys(atom for value in given for atom in value.atoms if type(atom) is External):
        found |= keys_of_whole(frame, Value((atom,)), at)
    return found


def keys_of_whole(frame: Frame, owner: Value, at: int, written: Trail = ()) -> Tags:
    """The sources that are keys of an object of which some key is read, but not said which."""
    return frozenset[int]().union(*keyed_sources(frame, owner, at, written).values())


def keyed_sources(frame: Frame, owner: Value, at: int, written: Trail = ()) -> dict[str | int | None, Tags]:
    """The same by key; None: any key."""
    found: dict[str | int | None, Tags] = {}
    for rule in frame.machine.rules.all_keys:
        last = rule.last
        if rule.kind != "source" or not isinstance(last, KeyStep) or not _matches_key(frame, rule, owner, written):
            continue
        if not any(stems.may_hold(frame.get(oid), last.key) for oid in owner.refs()) and owner.refs():
            continue
        if naming.within(frame, frame.machine.annotations.sources[rule.index].within):
            note = f"{last.key or 'what is in it'} of the whole"
            node = source_node(frame, rule.index, at, note, owner)
            found[last.key] = found.get(last.key, NO_TAGS) | {node}
    return found
