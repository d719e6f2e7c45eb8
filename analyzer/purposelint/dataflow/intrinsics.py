"""What models of frameworks ask the interpreter for: rows of a table, look-ups by field, what was registered.

A model imports these functions from ``purposelint_model``. A model's function that mentions ``here`` is run anew
for each place that calls it, and what happens in it happens there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from purposelint.dataflow import (
    calls,
    classes,
    elements,
    events,
    functions,
    hints,
    objects,
    operators,
    relations,
    signatures,
    types,
)
from purposelint.dataflow.frame import Arguments, Frame, Unreachable
from purposelint.dataflow.heap import Key, Obj
from purposelint.dataflow.relations import REVERSE
from purposelint.dataflow.seeds import texts_beside
from purposelint.dataflow.values import (
    NONE,
    NOTHING,
    UNKNOWN,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Value,
    external,
    join,
    join_all,
    literal,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

HERE = "here"


def here(frame: Frame, args: Arguments, at: int) -> Value:
    """Stands in a model's function to say that it belongs to the place that calls it."""
    return UNKNOWN


def instance(frame: Frame, args: Arguments, at: int) -> Value:
    """``instance(cls)``: one of which only the class is known."""
    made = [types.instance_of(frame, atom, at, "row") for atom in args.positional[0].atoms] if args.positional else []
    return join_all(made) if made else types.opaque(frame, at, "row")


def _texts(value: Value) -> list[str]:
    return [atom.value for atom in value.atoms if type(atom) is Const and isinstance(atom.value, str)]


def _field(frame: Frame, row: Value, path: str, separator: str, at: int) -> Value:
    """A field of a row, by its name or a path of names."""
    value = row
    for name in path.split(separator):
        kinds = [frame.get(oid) for oid in value.refs()]
        if not kinds or not any(obj.cls.atoms or obj.kind == "opaque" for obj in kinds):
            break
        value = objects.load_attribute(frame, value, name, s.Attribute(s.Const(None, at), name, at))
    return value


def looked_up(frame: Frame, args: Arguments, at: int) -> Value:
    """``looked_up(row, lookups, separator)``: the row's fields are compared with what the lookups give."""
    row, lookups, mark = args.positional[:3]
    (separator,) = _texts(mark)
    for oid in lookups.refs():
        for key, value in frame.get(oid).items.items():
            if isinstance(key, str):
                events.compared(frame, _field(frame, row, key, separator, at), value, at)
    return UNKNOWN


def fields(frame: Frame, args: Arguments, at: int) -> Value:
    """``fields(row, names, separator, without)``: the named fields of a row, as a tuple; no names: all but some."""
    row, names, mark = args.positional[:3]
    (separator,) = _texts(mark)
    found: list[Value] = []
    for value in elements.iterate(frame, names, at).known:
        for name in _texts(value)[:1]:
            found.append(_without_rows(frame, _field(frame, row, name, separator, at)))
        if value.refs():
            found.append(UNKNOWN)  # an expression has its place, too
    if not found:
        # No names, or such that are not known: every field of its own.
        without = [name for value in args.positional[3:4] for one in _each(frame, value, at) for name in _texts(one)]
        tags = events.whole_objects(frame, [row], at, alone=True, without=without)
        kept = [frame.get(oid) for oid in row.refs()]
        held = [value for obj in kept for name, value in obj.attrs.items() if name not in without]
        held += [Value((), obj.tags) for obj in kept]
        return types.opaque(frame, at, "fields", tags.union(*(_without_rows(frame, value).tags for value in held)))
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(found)))
    return Value((ref(frame.allocate(at, obj, "fields")),))


def attribute_name(frame: Frame, args: Arguments, at: int) -> Value:
    """``attribute_name(column)``: the name by which its class has it; of a class, its own. Unknown, where it is."""
    found: set[str] = set()
    for atom in args.positional[0].atoms if args.positional else ():
        name: str | None = None
        if type(atom) is External and len(atom.trail) > 1:
            name = str(atom.trail[-1])
        elif type(atom) is Ref and frame.get(atom.oid).kind == "class":
            trails = frame.get(atom.oid).trails
            name = str(trails[0][-1]) if trails else None
        elif type(atom) is Ref and atom.oid in frame.machine.base:
            name = frame.machine.holders.attribute(atom.oid)
        if name is None or not name.isidentifier():
            return UNKNOWN
        found.add(name)
    return literal(found.pop()) if len(found) == 1 else UNKNOWN


def record(frame: Frame, args: Arguments, at: int) -> Value:
    """``record(names, values, **attributes)``: a tuple whose elements are attributes too, by the names that are known.

    Any other name may be that of any other element.
    """
    names, values = (elements.iterate(frame, each, at).known for each in args.positional[:2])
    attrs = dict(args.keywords)
    others = NOTHING
    for name, value in zip(names, values, strict=False):
        texts = _texts(name)
        if not texts:
            others = join(others, value)
        elif not hasattr(tuple, texts[0]):
            attrs[texts[0]] = value
    if others.atoms:
        attrs[objects.OTHERS] = others
    obj = Obj("tuple", cls=types.native_value("tuple"), items=dict(enumerate(values)), attrs=attrs)
    return Value((ref(frame.allocate(at, obj, "record")),))


def _each(frame: Frame, value: Value, at: int) -> list[Value]:
    return list(elements.iterate(frame, value, at).known) if value.refs() else []


def _without_rows(frame: Frame, value: Value) -> Value:
    """A field's value; of a relation the key alone is known, and what it leads to is not in the field."""
    kept = tuple(atom for atom in value.atoms if type(atom) is not Ref or not _is_row(frame, frame.get(atom.oid)))
    return value if len(kept) == len(value.atoms) else Value(kept or UNKNOWN.atoms)


def _is_row(frame: Frame, obj: Obj) -> bool:
    return obj.kind in ("instance", "opaque") and any(
        classes.lookup_in(frame, atom, REVERSE) is not None for atom in obj.cls.atoms if type(atom) is Ref
    )


def registered(frame: Frame, args: Arguments, at: int) -> Value:
    """``registered(registry, *verbs)``: what elsewhere is handed to the registry by these verbs is known from here."""
    verbs = [name for value in args.positional[1:] for name in _texts(value)]
    for oid in args.positional[0].refs() if args.positional else ():
        if oid in frame.machine.base:
            frame.machine.register(oid, verbs)
    return UNKNOWN


def typed(frame: Frame, args: Arguments, at: int) -> Value:
    """``typed(cls, value)``: the value; where nothing is known of it, an instance of the class."""
    cls, value = args.positional[:2]
    for atom in value.atoms:
        hints.assume(frame, atom, cls)
    if value.atoms and all(type(atom) is Some and not atom.kind for atom in value.atoms):
        made = instance(frame, Arguments([cls]), at)
        types.taint(frame, made, value.tags)
        return Value(made.atoms, value.tags)
    return value


def converted(frame: Frame, args: Arguments, at: int) -> Value:
    """``converted(value, function)``: with what the function makes of all in it but texts, numbers, truth values, None.

    What may be one of these may stay as it is. What the function raises, the value has nothing of.
    """
    value, function = args.positional[:2]
    return _converted(frame, value, function, at, 0, again=False)


def _converted(frame: Frame, value: Value, function: Value, at: int, depth: int, *, again: bool) -> Value:
    """``again``: it is what the function has given; what is not known of that has been asked for."""
    found = NOTHING
    for atom in value.atoms:
        one = Value((atom,), value.tags)
        obj = frame.get(atom.oid) if type(atom) is Ref else None
        if type(atom) is Ref and obj is not None and obj.kind in ("list", "tuple", "dict") and depth < MAX_CONVERTED:
            new = obj.copy()
            new.many = False
            new.items = {
                key: _converted(frame, held, function, at, depth + 1, again=again) for key, held in obj.items.items()
            }
            if obj.rest is not None:
                new.rest = _converted(frame, obj.rest, function, at, depth + 1, again=again)
            oid = frame.allocate(at, new, ("converted", depth, atom.oid))
            found = join(found, Value((ref(oid),), value.tags))
            continue
        kind = atom.kind if isinstance(atom, Const | Some) else "str" if obj is not None and obj.kind == "text" else ""
        certain = obj is not None and _is_no_plain_thing(frame, obj) and _is_known(frame, function)
        if kind not in _PLAIN and depth < MAX_CONVERTED and (certain or not again):
            made = _made_of(frame, one, function, at)
            found = join(found, _converted(frame, made, function, at, depth + 1, again=True))
        if not certain:
            found = join(found, one)
    return found if found.atoms else Value(NONE.atoms, found.tags)


def rebuilt(frame: Frame, args: Arguments, at: int) -> Value:
    """``rebuilt(value, function)``: with what the function makes of each dict that is known in it, inner ones first."""
    if len(args.positional) < 2:
        return UNKNOWN
    return _rebuilt(frame, args.positional[0], args.positional[1], at, 0)


def _rebuilt(frame: Frame, value: Value, function: Value, at: int, depth: int) -> Value:
    found = NOTHING
    for atom in frame.one_by_one(value.atoms):
        one = Value((atom,), value.tags)
        obj = frame.get(atom.oid) if type(atom) is Ref else None
        if type(atom) is Ref and obj is not None and obj.kind in ("list", "tuple", "dict") and depth < MAX_CONVERTED:
            new = obj.copy()
            new.many = False
            new.items = {key: _rebuilt(frame, held, function, at, depth + 1) for key, held in obj.items.items()}
            if obj.rest is not None:
                new.rest = _rebuilt(frame, obj.rest, function, at, depth + 1)
            one = Value((ref(frame.allocate(at, new, ("rebuilt", depth, atom.oid))),), value.tags)
            if obj.kind == "dict":
                one = _made_of(frame, one, function, at)
        found = join(found, one)
    return found if found.atoms else Value(NONE.atoms, found.tags)


def _is_no_plain_thing(frame: Frame, obj: Obj) -> bool:
    """Whether something is an instance of a class that is known to have nothing of a text, a number or a container."""
    if obj.kind != "instance" or not obj.cls.atoms or classes.has_unknown_base(frame, obj.cls):
        return False
    return not any(
        classes.is_builtin_subclass(frame, obj.cls, kind) for kind in ("str", "int", "float", "list", "tuple", "dict")
    )


def _is_known(frame: Frame, function: Value) -> bool:
    funcs = [atom.func if type(atom) is Bound else atom for atom in function.atoms]
    return all(
        type(each) is Native or (type(each) is Ref and frame.get(each.oid).kind in ("function", "class"))
        for each in funcs
    )


def _made_of(frame: Frame, value: Value, function: Value, at: int) -> Value:
    """What a function gives for a value; nothing, where it raises."""
    outer, frame.raises = frame.raises, []
    before = frame.state.fork()
    try:
        return calls.call(frame, function, Arguments([value]), at)
    except Unreachable:
        frame.state, frame.live = before, True
        return NOTHING
    finally:
        frame.raises = outer


MAX_CONVERTED = 6
"""Containers inside one another in which is looked for what is to be converted."""
_PLAIN = frozenset({"str", "int", "float", "bool", "NoneType"})


def handled(frame: Frame, args: Arguments, at: int) -> Value:
    """``handled(exception, function)``: what code raises that nobody catches, the function is called with.

    It takes the exception as its last argument; with a third argument here, as its first.
    """
    first = len(args.positional) > 2
    for place in _made_at(frame, args.positional[1], "function") if len(args.positional) > 1 else ():
        entry = (args.positional[0], place, first)
        if entry not in frame.machine.handlers:
            frame.machine.handlers.append(entry)
    return UNKNOWN


def declared(frame: Frame, args: Arguments, at: int) -> Value:
    """``declared(name, keyword)``: what a decorator gives this name (``@task(name="…")``), or what is at this path.

    Unknown where the name is, and where nothing has it.
    """
    found = NOTHING
    keywords = [text for value in args.positional[1:] for text in _texts(value)]
    for name in _texts(args.positional[0]) if args.positional else ():
        value = _decorated(frame, name, keywords)
        found = join(found, value if value.atoms else located(frame, name))
    return found if found.atoms else types.opaque(frame, at, "declared")


def _decorated(frame: Frame, name: str, keywords: list[str]) -> Value:
    """The functions whose decorators are called with a text under one of some keywords."""
    program = frame.machine.program
    parts = [part for part in re.split(r"\W+", name) if part.isidentifier()]
    found = NOTHING
    for path in program.mentions(*parts) if parts else ():
        facts = frame.machine.facts(path)
        for function in facts.functions if facts is not None else ():
            given = [each for expr in function.decorators if isinstance(expr, s.Call) for each in expr.args]
            if function.parent is None and function.cls is None and any(_says(each, keywords, name) for each in given):
                value = frame.machine.loader.module_attribute(path, function.name)
                found = join(found, value) if value is not None else found
    return found


def _says(argument: s.Argument, keywords: list[str], text: str) -> bool:
    return argument.name in keywords and isinstance(argument.value, s.Const) and argument.value.value == text


def configured(frame: Frame, args: Arguments, at: int) -> Value:
    """``configured(variable, name, otherwise)``: a setting of the module that an environment variable names.

    The project puts one or several there (``os.environ.setdefault("SETTINGS_MODULE", "shop.settings")``); where it does
    not, and there is an ``otherwise``, modules called ``settings`` are meant. A truth value, a number and a text that
    is no dotted path are left open: another installation has others.
    """
    found = NOTHING
    asked = len(args.positional) > 2
    for variable in _texts(args.positional[0]) if len(args.positional) > 1 else ():
        for name in _texts(args.positional[1]):
            for module in _modules_in(frame, variable) or (_of_settings(frame, name) if asked else ()):
                value = frame.machine.loader.module_attribute(module, name)
                found = join(found, value) if value is not None else found
    if not found.atoms and asked:
        return args.positional[2]
    kept = tuple(atom for atom in found.atoms if type(atom) is not Const or _is_dotted(atom.value))
    return Value(kept, found.tags) if kept else types.opaque(frame, at, "setting", found.tags)


def _is_dotted(value: object) -> bool:
    return isinstance(value, str) and "." in value and all(part.isidentifier() for part in value.split("."))


def _modules_in(frame: Frame, variable: str) -> list[str]:
    """The project's modules that calls put into an environment variable, or that stand beside it in an assignment."""
    machine = frame.machine
    if variable not in machine.environment:
        found: set[str] = set()
        for path in machine.program.mentions(variable):
            facts = machine.facts(path)
            for text in texts_beside(facts, variable) if facts is not None else ():
                module = machine.modules.absolute(path, text)
                if module is not None and module.endswith(".py"):
                    found.add(module)
        machine.environment[variable] = sorted(found)
    return machine.environment[variable]


def _of_settings(frame: Frame, name: str) -> list[str]:
    """The files of modules called ``settings``, or in such a package, that mention a name."""
    machine = frame.machine
    paths = machine.program.mentions(name)
    return sorted(path for path in paths if "settings" in machine.modules.name_of(path).split("."))


def located(frame: Frame, name: str) -> Value:
    """What is at a dotted path (``package.module.Class``, ``package.module:Class``) of the project."""
    found = frame.machine.located(name)
    if found is None and name.count(".") > 1:
        # A method: ``package.module.Class.method``.
        owner, _, last = name.rpartition(".")
        cls = frame.machine.located(owner)
        found = objects.load_attribute(frame, cls, last, s.Name("", 0)) if cls is not None else None
    return found if found is not None else NOTHING


def related(frame: Frame, args: Arguments, at: int) -> Value:
    """``related(target)``: one of a class that is given itself, by its name, or by a function that gives it."""
    found = NOTHING
    for atom in args.positional[0].atoms if args.positional else ():
        if type(atom) is Ref and frame.get(atom.oid).kind == "function":
            given = calls.call(frame, Value((atom,)), Arguments(), at)
            found = join(found, Value(tuple(cls for cls in given.atoms if type(cls) is Ref)))
        elif type(atom) is Ref and frame.get(atom.oid).kind == "class":
            found = join(found, Value((atom,)))
        elif type(atom) is Const and isinstance(atom.value, str):
            found = join(found, Value(tuple(relations.named(frame.machine, atom.value))))
    return instance(frame, Arguments([found]), at) if found.atoms else types.opaque(frame, at, "related")


def heir(frame: Frame, args: Arguments, at: int) -> Value:
    """``heir(cls, otherwise)``: the project's class that inherits from a class, the last one of a chain.

    Where there are several, or none, ``otherwise``.
    """
    cls, otherwise = args.positional[:2]
    found = [oid for each in cls.refs() for oid in frame.machine.heirs.classes(frame, each)]
    found = [oid for oid in found if str(frame.get(oid).data[0])[:1] != "<"]
    above = {each for oid in found for each in classes.mro(frame, ref(oid))[1:]}
    last = [oid for oid in found if ref(oid) not in above]
    return Value((ref(last[0]),)) if len(last) == 1 else otherwise


def injected(frame: Frame, args: Arguments, at: int) -> Value:
    """``injected(dependency)``: stands for what the dependency gives when a framework calls the function."""
    obj = Obj("injected", attrs={"<dependency>": args.positional[0] if args.positional else UNKNOWN})
    return Value((ref(frame.allocate(at, obj, "injected")),))


def handed(frame: Frame, args: Arguments, at: int) -> Value:
    """``handed(function, position, dependency)``: what a framework gives a function's parameter is what this gives.

    Of a framework that calls by keyword, the parameter's name stands in the place of its position.
    """
    function, place, dependency = args.positional[:3]
    constant = place.const()
    wanted = constant.value if constant is not None else None
    for oid in (each for each in function.refs() if frame.get(each).kind == "function"):
        for position, param in enumerate(functions.function_facts(frame, oid).params):
            if wanted in (position, param.name):
                frame.edit(oid).items[param.name] = injected(frame, Arguments([dependency]), at)
    return UNKNOWN


def of_library(frame: Frame, args: Arguments, at: int) -> Value:
    """``of_library("requests.Session")``: what has this name in a library, where a model says nothing of it."""
    names = _texts(args.positional[0]) if args.positional else []
    return Value(tuple(external(tuple(name.split("."))) for name in names)) if names else UNKNOWN


def members(frame: Frame, args: Arguments, at: int) -> Value:
    """``members(row, cls)``: the attributes of the row's class that are instances of a class, by name, as a dict.

    Without a class, what the bodies of the project's classes give it, but for functions and classes.
    """
    row, *cls = args.positional
    hints.settle(frame, row.refs())
    items: dict[Key, Value] = {}
    for each in reversed(classes.classes_of(frame, types.class_of(frame, row))):
        if type(each) is not Ref or (not cls and str(frame.get(each.oid).data[0]).startswith("<")):
            continue
        for name, value in frame.get(each.oid).attrs.items():
            if _is_instance(frame, value, cls[0]) if cls else not name.startswith("__") and not _is_code(frame, value):
                items[name] = value
    obj = Obj("dict", cls=types.native_value("dict"), items=items)
    return Value((ref(frame.allocate(at, obj, "members")),))


def _is_instance(frame: Frame, value: Value, cls: Value) -> bool:
    kept = [oid for oid in value.refs() if frame.get(oid).kind == "instance"]
    return any(atom in classes.classes_of(frame, frame.get(oid).cls) for oid in kept for atom in cls.atoms)


def _is_code(frame: Frame, value: Value) -> bool:
    """Whether something is a function, a class, or what a decorator of the language makes of a function."""
    return any(frame.get(oid).kind in classes.CODE for oid in value.refs())


def methods(frame: Frame, args: Arguments, at: int) -> Value:
    """``methods(row, beginning, given)``: the row's methods whose names begin so, by what they end in, as a dict.

    ``given``: only those that can be called with so many arguments.
    """
    row, beginning, *given = args.positional
    count = given[0].const() if given else None
    items: dict[Key, Value] = {}
    for text in _texts(beginning):
        for each in reversed(classes.classes_of(frame, types.class_of(frame, row))):
            for name, held in frame.get(each.oid).attrs.items() if type(each) is Ref else ():
                if count is not None and _asks_for_more(frame, held, count.value):
                    continue
                if name.startswith(text) and name != text:
                    items[name.removeprefix(text)] = objects.load_attribute(frame, row, name, s.Name("", 0))
    obj = Obj("dict", cls=types.native_value("dict"), items=items)
    return Value((ref(frame.allocate(at, obj, "methods")),))


def _asks_for_more(frame: Frame, method: Value, count: object) -> bool:
    """Whether a method, as its class has it, needs more arguments than so many."""
    oids = method.refs()
    if not isinstance(count, int) or not oids or any(frame.get(oid).kind != "function" for oid in oids):
        return False
    facts = [functions.function_facts(frame, oid) for oid in oids]
    needed = [[each for each in function.params if each.default is None] for function in facts]
    return all(sum(each.kind in ("positional", "normal", "keyword") for each in one) > count + 1 for one in needed)


def taken(frame: Frame, args: Arguments, at: int) -> Value:
    """``taken(mapping, names, prefix, row)``: what a mapping has under each of the names, as a dict.

    With a prefix (None: none), under ``prefix-name``. With a row, what is declared of its attributes of these names is
    in it too. Under other names it may have anything, but no data.
    """
    mapping, names, *more = args.positional
    prefix = more[0].const() if more else NONE.const()
    before = f"{prefix.value}-" if prefix is not None and isinstance(prefix.value, str) else ""
    items: dict[Key, Value] = {}
    for each in elements.iterate(frame, names, at).known:
        for name in _texts(each)[:1]:
            if prefix is None:
                # No key that anybody has named.
                value = of_kind("str", elements.deep(frame, [mapping]))
            else:
                value = elements.load_item(frame, mapping, literal(before + name), at)
            if len(more) > 1:
                declared_of = objects.load_attribute(frame, more[1], name, s.Attribute(s.Const(None, at), name, at))
                value = Value(value.atoms, value.tags | declared_of.tags)
            items[name] = value
    obj = Obj("dict", cls=types.native_value("dict"), items=items, rest=UNKNOWN)
    return Value((ref(frame.allocate(at, obj, "taken")),))


def implemented(frame: Frame, args: Arguments, at: int) -> Value:
    """``implemented(cls, interface)``: the class has what the interface asks for."""
    for interface in args.positional[1].refs() if len(args.positional) > 1 else ():
        for place in _made_at(frame, args.positional[0], "class"):
            frame.machine.heirs.note(place, interface)
    return UNKNOWN


def _made_at(frame: Frame, value: Value, kind: str) -> list[tuple[str, int]]:
    """The file and number of classes (or functions): what a model is given has other names there."""
    held = [frame.get(oid) for oid in value.refs()]
    return [(str(obj.data[0]), int(str(obj.data[1]))) for obj in held if obj.kind == kind and len(obj.data) > 1]


def _key_of(frame: Frame, value: Value) -> list[str]:
    """What something is registered under: a text, or the name of a class."""
    names = [str(atom.value) for atom in value.atoms if type(atom) is Const and isinstance(atom.value, str)]
    trails = [frame.get(oid).trails[:1] for oid in value.refs()]
    return [*names, *(".".join(map(str, each[0])) for each in trails if each)]


def provide(frame: Frame, args: Arguments, at: int) -> Value:
    """``provide(key, thing, is_factory)``: what is found under a key is the thing, or what calling it gives."""
    key, thing, factory = args.positional[:3]
    called = "call" if factory.const() is not None and factory.const().value is True else "use"  # type: ignore[union-attr]
    places = [("function", *place, called) for place in _made_at(frame, thing, "function")]
    places += [("class", *place, called) for place in _made_at(frame, thing, "class")]
    for atom in thing.atoms:
        if type(atom) is Bound and type(atom.func) is Ref and frame.get(atom.func.oid).kind == "function":
            owners = _made_at(frame, atom.receiver, "class")
            places += [
                ("method", *place, called) for place in _made_at(frame, Value((atom.func,)), "function") if owners
            ]
        elif type(atom) is Ref and frame.get(atom.oid).kind == "instance":
            places += [("class", *place, "call") for place in _made_at(frame, frame.get(atom.oid).cls, "class")]
    for name in _key_of(frame, key):
        known = frame.machine.provided.setdefault(name, [])
        known.extend(place for place in places if place not in known)
    return UNKNOWN


def provided(frame: Frame, args: Arguments, at: int) -> Value:
    """``provided(key, request, *verbs)``: what was provided under a key by calls of these methods, anywhere.

    Where nothing was, and the key is a class, something that implements it.
    """
    key, request, *verbs = args.positional
    for verb in (text for value in verbs for text in _texts(value)):
        frame.machine.run_naming(verb)
    found = NOTHING
    for name in _key_of(frame, key):
        for kind, path, number, use in frame.machine.provided.get(name, ()):
            table = frame.machine.classes if kind == "class" else frame.machine.functions
            oid = table.get((path, number))
            if oid is None or oid not in frame.machine.base:
                continue
            if kind == "class" and use == "call":
                found = join(found, types.instance_of(frame, ref(oid), at, ("service", oid)))
            elif use == "call":
                found = join(found, _made_by(frame, oid, request, at))
            else:
                found = join(found, Value((ref(oid),)))
    classes_ = Value(tuple(atom for atom in key.atoms if type(atom) is Ref))
    if not found.atoms and classes_.atoms:
        return instance(frame, Arguments([classes_]), at)
    return found if found.atoms else types.opaque(frame, at, "service")


def _made_by(frame: Frame, func: int, request: Value, at: int) -> Value:
    """What a factory gives that is called with a context and the request; a class method with its class before."""
    obj = frame.get(func)
    cls = obj.data[3]
    first = [Value((ref(cls),))] if isinstance(cls, int) and cls != -1 else []
    return calls.call(frame, Value((ref(func),)), Arguments([*first, types.opaque(frame, at, "context"), request]), at)


def attached(frame: Frame, args: Arguments, at: int) -> Value:
    """``attached(key, owner, *verbs)``: what these methods provide under a key for an owner; nothing, where none does.

    A factory is called with the owner; any other function is a method of it.
    """
    key, owner, *verbs = args.positional
    for verb in (text for value in verbs for text in _texts(value)):
        frame.machine.run_naming(verb)
    found = NOTHING
    for name in _key_of(frame, key):
        for kind, path, number, use in frame.machine.provided.get(name, ()):
            oid = frame.machine.functions.get((path, number)) if kind == "function" else None
            if oid is None or oid not in frame.machine.base:
                continue
            method = Value((Bound(ref(oid), owner),))
            found = join(found, calls.call(frame, method, Arguments(), at) if use == "call" else method)
    return found


def filled(frame: Frame, args: Arguments, at: int) -> Value:
    """``filled(template, mapping, keywords)``: a template with what its ``$names`` stand for, and nothing else."""
    template, mapping, keywords = args.positional[:3]
    text = template.const()
    if text is None or not isinstance(text.value, str):
        return of_kind("str", frame.derived(at, "template", elements.deep(frame, args.positional)))
    wanted = {plain or braced for plain, braced in _PLACEHOLDER.findall(text.value.replace("$$", ""))}
    tags = template.tags
    for value in (mapping, keywords):
        known, rest = elements.mapping_items(frame, value, at)
        used = [held for key, held in known.items() if key in wanted]
        used += [rest] if rest is not None and wanted else []
        tags |= elements.deep(frame, [operators.to_text(frame, held, at) for held in used])
    return of_kind("str", frame.derived(at, "template", tags))


_PLACEHOLDER = re.compile(r"\$(?:([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})", re.IGNORECASE)

FUNCTIONS: dict[str, Callable[[Frame, Arguments, int], Value]] = {
    "purposelint_model.here": here,
    "purposelint_model.instance": instance,
    "purposelint_model.looked_up": looked_up,
    "purposelint_model.fields": fields,
    "purposelint_model.attribute_name": attribute_name,
    "purposelint_model.record": record,
    "purposelint_model.declared": declared,
    "purposelint_model.configured": configured,
    "purposelint_model.related": related,
    "purposelint_model.heir": heir,
    "purposelint_model.injected": injected,
    "purposelint_model.handed": handed,
    "purposelint_model.of_library": of_library,
    "purposelint_model.members": members,
    "purposelint_model.named": signatures.named,
    "purposelint_model.placed": signatures.placed,
    "purposelint_model.methods": methods,
    "purposelint_model.taken": taken,
    "purposelint_model.converted": converted,
    "purposelint_model.rebuilt": rebuilt,
    "purposelint_model.implemented": implemented,
    "purposelint_model.provide": provide,
    "purposelint_model.provided": provided,
    "purposelint_model.attached": attached,
    "purposelint_model.handled": handled,
    "purposelint_model.typed": typed,
    "purposelint_model.registered": registered,
    "purposelint_model.filled": filled,
}
