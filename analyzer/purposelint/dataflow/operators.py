"""Operators and text: arithmetic, comparison, formatting."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from purposelint.dataflow import classes, deferred, elements, events, flags, types
from purposelint.dataflow.branches import either
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import (
    FALSE,
    NO_TAGS,
    NOTHING,
    TRUE,
    Atom,
    Bound,
    Const,
    External,
    Native,
    Ref,
    Some,
    Tags,
    Trail,
    Value,
    literal,
    of_kind,
    of_unknown,
    ref,
)
from purposelint.facts import syntax as s

_FOLD: dict[str, Callable[..., object]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift,
    ">>": operator.rshift, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_METHOD = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor",
}  # fmt: skip
_COMPARE = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
_MIRRORED = {"==": "__eq__", "!=": "__ne__", "<": "__gt__", "<=": "__ge__", ">": "__lt__", ">=": "__le__"}
_SIMPLE = (bool, int, float, str, bytes)
_LONGEST = 4096


def _is_small(number: object, other: object) -> bool:
    """Whether multiplying by a number stays small: text is not repeated often, and integers do not grow without end."""
    if not isinstance(number, int):
        return True
    return abs(number) <= _LONGEST if isinstance(other, str | bytes) else number.bit_length() <= 64


def _folded(op: str, left: Const, right: Const) -> Value | None:
    """A constant operation, done; None where it cannot be, or its result would be large."""
    a, b = left.value, right.value
    if op not in _FOLD or not isinstance(a, _SIMPLE) or not isinstance(b, _SIMPLE):
        return None
    if op == "*" and not (_is_small(a, b) and _is_small(b, a)):
        return None
    if op == "<<" and isinstance(b, int) and b > 64:
        return None
    if op == "%" and isinstance(a, str | bytes):
        return None
    try:
        result = _FOLD[op](a, b)
    except (TypeError, ValueError, ArithmeticError):
        return None
    if isinstance(result, _SIMPLE) and (not isinstance(result, str | bytes) or len(result) <= _LONGEST):
        return literal(result)
    return None


def binary(frame: Frame, op: str, left: Value, right: Value, at: int) -> Value:
    """``left op right``."""
    a, b = left.const(), right.const()
    if a is not None and b is not None:
        folded = _folded(op, a, b)
        if folded is not None:
            return folded.tagged(frame.derived(at, op, left.tags | right.tags))
        if op in ("/", "//", "%") and b.value == 0 and not isinstance(a.value, str | bytes):
            from purposelint.dataflow import exceptions  # noqa: PLC0415

            exceptions.raise_builtin(frame, "ZeroDivisionError", [], at)
    if any(type(atom) is Ref for atom in (*left.atoms, *right.atoms)):
        made = deferred.made_of(frame, at, op, [left, right])
        if made is not None:
            return made
        special = _special(frame, op, left, right, at)
        if special is not None:
            return special
    if op == "%" and a is not None and isinstance(a.value, str):
        known = None if left.tags else _known_text(frame, a.value, right)
        return formatted(frame, a.value, left.tags, right, at) if known is None else known
    if op in ("/", "//", "%"):
        frame.implicit.add("ZeroDivisionError")
    tags = frame.derived(at, op, elements.deep(frame, [left, right]))
    if op == "+" and a is not None and isinstance(a.value, str):
        return text(frame, tags, a.value, at)
    if op == "/":
        # What a library lets divide and is no number is a path, of a file or an address: the result is one as well.
        of_library = tuple(dict.fromkeys(trail for atom in left.atoms for trail in _library_trails(frame, atom)))
        if of_library:
            return types.opaque(frame, at, op, tags, of_library[:3])
    return of_kind(_result_kind(op, left, right), tags)


def _library_trails(frame: Frame, atom: Atom) -> tuple[Trail, ...]:
    """How something of a library is named that no model describes."""
    if type(atom) is External:
        return (atom.trail,)
    return frame.get(atom.oid).trails if type(atom) is Ref and frame.get(atom.oid).kind == "opaque" else ()


def _result_kind(op: str, left: Value, right: Value) -> str:
    kinds = {atom.kind if type(atom) in (Const, Some) else "" for atom in (*left.atoms, *right.atoms)}  # type: ignore[union-attr]
    if kinds <= {"int", "bool"}:
        return "float" if op == "/" else "int"
    if kinds <= {"int", "float", "bool"}:
        return "float"
    if "str" in kinds and op in ("+", "*", "%"):
        return "str"
    if "bytes" in kinds and op in ("+", "*", "%"):
        return "bytes"
    return ""


def _special(frame: Frame, op: str, left: Value, right: Value, at: int) -> Value | None:
    """Operators on containers and on instances that define them."""
    name = _METHOD.get(op)
    if name is not None:
        result = classes.call_special(frame, left, f"__{name}__", [right], at)
        if result is not None and not _not_implemented(result):
            return result
        result = classes.call_special(frame, right, f"__r{name}__", [left], at)
        if result is not None and not _not_implemented(result):
            return result
    flag = flags.combined(frame, op, left, right)
    if flag is not None:
        return flag
    if len(left.atoms) == 1 and type(left.atoms[0]) is Ref:
        obj = frame.get(left.atoms[0].oid)
        kind = classes.sequence_kind(frame, obj)
        if kind:
            if op == "+":
                return elements.concatenated(frame, left, right, kind, at)
            if op == "*":
                return elements.repeated(frame, left, right, kind, at)
        if obj.kind == "dict" and op == "|":
            oid = frame.allocate(at, Obj("dict", cls=types.native_value("dict")))
            elements.update_mapping(frame, oid, left, at)
            elements.update_mapping(frame, oid, right, at)
            return Value((ref(oid),))
        if obj.kind == "set" and op in ("|", "&", "-", "^"):
            return elements.set_operation(frame, op, left, right, at)
    if op == "*" and len(right.atoms) == 1 and type(right.atoms[0]) is Ref:
        obj = frame.get(right.atoms[0].oid)
        if obj.kind in ("list", "tuple"):
            return elements.repeated(frame, right, left, obj.kind, at)
    return None


def _not_implemented(value: Value) -> bool:
    return all(type(atom) is Native and atom.name == "NotImplemented" for atom in value.atoms)


def augmented(frame: Frame, op: str, left: Value, right: Value, at: int) -> Value:
    """``left op= right``: lists, sets and dicts change in place."""
    name = _METHOD.get(op)
    if name is None or not any(type(atom) is Ref for atom in left.atoms):
        return binary(frame, op, left, right, at)
    deferred.meet(frame, [left, right])
    if len(left.atoms) == 1:
        return _augmented_one(frame, op, name, left, right, at)
    # Which of them it is, is not known: what changes in one case has not changed in another.
    return either(
        frame,
        left.atoms,
        lambda atom: _augmented_one(frame, op, name, Value((atom,), left.tags), right, at),
    )


def _augmented_one(frame: Frame, op: str, name: str, left: Value, right: Value, at: int) -> Value:
    if type(left.atoms[0]) is Ref:
        result = classes.call_special(frame, left, f"__i{name}__", [right], at)
        if result is not None:
            return result
        if elements.in_place(frame, op, left, right, at):
            return left
    return binary(frame, op, left, right, at)


def unary(frame: Frame, op: str, value: Value, at: int) -> Value:
    """``-value``, ``+value``, ``~value``."""
    constant = value.const()
    if (
        constant is not None
        and isinstance(constant.value, int | float)
        and not (op == "~" and isinstance(constant.value, float))
    ):
        number = constant.value
        result = -number if op == "-" else +number if op == "+" else ~int(number)
        return literal(result).tagged(frame.derived(at, op, value.tags))
    name = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op]
    special = classes.call_special(frame, value, name, [], at)
    if special is not None:
        return special
    flag = flags.inverted(frame, value) if op == "~" else None
    if flag is not None:
        return flag
    return of_kind("", frame.derived(at, op, elements.deep(frame, [value])))


# --- comparison ------------------------------------------------------------------


def compare(frame: Frame, op: str, left: Value, right: Value, at: int, node: s.Compare) -> Value:
    """``left op right``: a truth value, which does not carry the data compared."""
    if op in ("==", "!=", "in", "not in") and (left.tags or right.tags or left.refs() or right.refs()):
        deferred.meet(frame, [left, right])
        events.compared(frame, left, right, at)
    result = _compared(frame, op, left, right, at)
    return _gated(op, left, right, result)


def _gated(op: str, left: Value, right: Value, result: Value) -> Value:
    """``gate is True`` and its like say what the gate says."""
    for value, other in ((left, right), (right, left)):
        constant = other.const()
        if (value.when_true or value.when_false) and constant is not None and isinstance(constant.value, bool):
            same = (op in ("==", "is")) is constant.value
            if op in ("==", "is", "!=", "is not"):
                gates = (value.when_true, value.when_false) if same else (value.when_false, value.when_true)
                return Value(result.atoms, result.tags, *gates)
    return result


def _compared(frame: Frame, op: str, left: Value, right: Value, at: int) -> Value:
    a, b = left.const(), right.const()
    if op in ("in", "not in"):
        found = elements.contains(frame, right, left, at)
        return _bool(found if op == "in" or found is None else not found)
    if op in ("is", "is not"):
        same = _identical(frame, left, right)
        return _bool(same if op == "is" or same is None else not same)
    if a is not None and b is not None and not left.tags and not right.tags:
        folded = _folded(op, a, b)
        if folded is not None:
            return folded
        if op in ("==", "!="):
            return _bool((a.value == b.value) is (op == "=="))
    ordered = _ordered(frame, op, left, right)
    if ordered is not None:
        return _bool(ordered)
    for value, other, method in ((left, right, _COMPARE[op]), (right, left, _MIRRORED[op])):
        result = classes.call_special(frame, value, method, [other], at)
        if result is not None and not _not_implemented(result):
            return result
        if method == "__ne__":
            result = classes.call_special(frame, value, "__eq__", [other], at)
            if result is not None:
                from purposelint.dataflow import conditions  # noqa: PLC0415

                return conditions.negated(frame, result)
    if op in ("==", "!="):
        same = _equal(frame, left, right)
        if same is not None:
            return _bool(same is (op == "=="))
    return of_kind("bool")


def _ordered(frame: Frame, op: str, left: Value, right: Value) -> bool | None:
    """``(3, 9) <= version`` of two sequences of literals."""
    sides: list[tuple[object, ...]] = []
    for value in (left, right):
        if len(value.atoms) != 1 or type(value.atoms[0]) is not Ref or op not in ("<", "<=", ">", ">="):
            return None
        obj = frame.get(value.atoms[0].oid)
        parts = [held.const() for held in obj.items.values()]
        if obj.kind not in ("list", "tuple") or not obj.exact() or None in parts:
            return None
        sides.append(tuple(part.value for part in parts if part is not None))
    try:
        return bool(_FOLD[op](*sides))
    except TypeError:
        return None


def _bool(decision: bool | None) -> Value:
    return of_kind("bool") if decision is None else TRUE if decision else FALSE


def _identical(frame: Frame, left: Value, right: Value) -> bool | None:
    if len(left.atoms) != 1 or len(right.atoms) != 1:
        return None if any(atom in right.atoms for atom in left.atoms) or _vague(frame, left, right) else False
    a, b = left.atoms[0], right.atoms[0]
    if a is b:
        if type(a) is Some or (type(a) is Ref and frame.get(a.oid).many):
            return None
        return True
    return None if _vague(frame, left, right) else False


def _vague(frame: Frame, left: Value, right: Value) -> bool:
    """Whether what is compared may be the same without being seen to be."""
    for value, other in ((left, right), (right, left)):
        for atom in value.atoms:
            if type(atom) is Some:
                if atom.kind in {"", "missing"}:
                    return True
                if any(type(each) is Const and each.kind == atom.kind for each in other.atoms):
                    return True
            elif type(atom) is Ref:
                obj = frame.get(atom.oid)
                if obj.kind == "opaque" or obj.open:
                    # A known literal such as None may be what an unknown object is.
                    return True
            elif type(atom) not in (Const, Native, Bound) or of_unknown(atom):
                return True
    return False


def _equal(frame: Frame, left: Value, right: Value) -> bool | None:
    if not left.refs() and not right.refs():
        return (
            None
            if _vague(frame, left, right) or any(type(atom) is Some for atom in (*left.atoms, *right.atoms))
            else (None if len(left.atoms) > 1 or len(right.atoms) > 1 else left.atoms[0] is right.atoms[0])
        )
    one, two = left.atoms, right.atoms
    if len(one) == 1 and len(two) == 1:
        a, b = one[0], two[0]
        if type(a) is Ref and type(b) is Const:
            a, b = b, a
        if type(a) is Const and type(b) is Ref:
            obj = frame.get(b.oid)
            if obj.kind in ("list", "dict", "tuple", "set", "function", "class", "module"):
                return False
        if type(a) is Ref and type(b) is Ref:
            return elements.equal(frame, a.oid, b.oid)
    return None


# --- text ------------------------------------------------------------------------

_CONTAINERS = frozenset({"dict", "list", "set", "tuple"})
MAX_SHOWN = 3
"""Containers inside one another of which each element's own text counts; what lies deeper is shown whole."""


def text(frame: Frame, tags: Tags, prefix: object, at: int, end: str = "") -> Value:
    """An unknown text; where its beginning is known, that is kept for `where` conditions, with its end if known too."""
    if isinstance(prefix, str) and prefix:
        obj = Obj("text", tags=tags, data=(prefix, end))
        return Value((ref(frame.allocate(at, obj, "text")),))
    return of_kind("str", tags)


def to_text(
    frame: Frame, value: Value, at: int, method: str = "__str__", spec: Value | None = None, depth: int = 0
) -> Value:
    """``str(value)`` and what formatting makes of it. ``depth``: how many containers it is in."""
    constant = value.const()
    if constant is not None:
        return literal(repr(constant.value) if method == "__repr__" else str(constant.value)).tagged(value.tags)
    tags: Tags = NO_TAGS
    prefix: object = None
    plain: list[Value] = []
    order = {
        "__format__": ("__format__", "__str__", "__repr__"),
        "__str__": ("__str__", "__repr__"),
        "__repr__": ("__repr__",),
    }[method]
    for atom in value.atoms:
        one = Value((atom,), value.tags)
        if type(atom) is Ref:
            obj = frame.get(atom.oid)
            if obj.kind == "text":
                prefix = obj.data[0] if len(value.atoms) == 1 else None
            elif obj.kind in ("function", "class", "module"):
                continue
            elif obj.kind in _CONTAINERS and depth < MAX_SHOWN and _holds_instances(frame, obj, MAX_SHOWN - depth):
                held = [to_text(frame, each, at, "__repr__", depth=depth + 1) for each in obj.values()]
                tags |= value.tags | elements.deep(frame, held)
                continue
            elif obj.kind == "instance":
                result = None
                for name in order:
                    given = [literal("") if spec is None else spec] if name == "__format__" else []
                    result = classes.call_special(frame, one, name, given, at)
                    if result is not None:
                        break
                if result is not None:
                    tags |= elements.deep(frame, [result])
                    if len(value.atoms) == 1 and result.const() is not None:
                        return result
                    continue
                if classes.default_text(frame, obj):
                    continue
                shown = _shown(frame, one, obj, at)
                if shown is not None:
                    if depth < MAX_SHOWN and not obj.tags:
                        shown = [to_text(frame, each, at, "__repr__", depth=depth + 1) for each in shown]
                    tags |= elements.deep(frame, shown)
                    continue
        elif type(atom) is Bound:
            continue
        plain.append(one)
    tags |= elements.text_tags(frame, plain, at)
    tags = frame.derived(at, "text of it", tags) if tags else tags
    return text(frame, tags, prefix, at)


def _holds_instances(frame: Frame, obj: Obj, levels: int) -> bool:
    """Whether a container has instances in it, whose own methods say what is shown of them."""
    if obj.open or obj.tags:
        return False
    held = [frame.get(oid) for value in obj.values() for oid in value.refs()]
    return any(
        each.kind == "instance"
        or (levels > 1 and each.kind in _CONTAINERS and _holds_instances(frame, each, levels - 1))
        for each in held
    )


def _shown(frame: Frame, whole: Value, obj: Obj, at: int) -> list[Value] | None:
    """What the text of an instance shows, where it is known: an exception's arguments, a record's fields, a text."""
    if obj.cls.atoms and any(classes.is_builtin_subclass(frame, obj.cls, kind) for kind in ("str", "int", "float")):
        # What was given to its constructor, but not its attributes.
        return [Value((), obj.tags)]
    if not obj.cls.atoms:
        return None
    if types.is_record(frame, obj.cls):
        return _shown_fields(frame, whole, obj, at)
    if not obj.open and classes.is_builtin_subclass(frame, obj.cls, "BaseException"):
        return [obj.attrs["args"]] if "args" in obj.attrs else None
    return None


def _shown_fields(frame: Frame, whole: Value, obj: Obj, at: int) -> list[Value] | None:
    """The fields that the generated ``__repr__`` of a record shows; of one from elsewhere they are read."""
    fields = types.record_fields(frame, obj.cls.atoms[0])
    if fields is None:
        return None
    if not types.shows_fields(frame, obj.cls.atoms[0]):
        return []
    shown = [name for name, owner in fields if not _hidden(frame, owner, name)]
    from purposelint.dataflow import objects  # noqa: PLC0415

    (oid,) = whole.refs()
    read = [objects.read_field(frame, oid, name, at) for name in shown if obj.open or name in obj.attrs]
    return [*read, Value((), obj.tags)] if obj.open else read


def _hidden(frame: Frame, owner: int, name: str) -> bool:
    """Whether a field is declared with ``repr=False``."""
    for oid in frame.get(owner).attrs.get(name, FALSE).refs():
        option = frame.get(oid)
        if option.kind == "field" and "repr" in option.attrs:
            constant = option.attrs["repr"].const()
            return constant is not None and constant.value is False
    return False


def text_of_caught(frame: Frame, at: int) -> Value:
    """What a traceback shows of the exception that the handler at hand has caught, and of those behind it."""
    tags: Tags = NO_TAGS
    waiting = [frame.get(frame.scope).attrs.get("<exception>", NOTHING)]
    seen: set[int] = set()
    for error in waiting:
        shown = to_text(frame, error, at)
        tags |= shown.tags | elements.deep(frame, [shown])
        for oid in error.refs():
            if oid not in seen:
                seen.add(oid)
                held = frame.get(oid).attrs
                waiting += [held[name] for name in ("__cause__", "__context__") if name in held]
    return of_kind("str", tags)


_KEY = re.compile(r"%\(([^()]*)\)")
_FIELD = re.compile(r"%[-#0 +]*(\*|\d*)(?:\.(\*|\d*))?[hlL]?(.)")
"""A field of a ``%`` format, with its width, precision and conversion."""


def fields_in(template: str) -> int:
    """How many values a ``%`` format takes one by one; 0 where it takes them by key or with a width of its own."""
    fields = [each for each in _FIELD.findall(template) if each[2] != "%"]
    if "%(" in template or any("*" in each[:2] for each in fields):
        return 0
    return len(fields)


def _taken(frame: Frame, template: str, atom: Atom, data: Tags, at: int) -> Tags:
    """What the fields of a ``%`` format take of a value that is no dict: the items of a tuple one by one."""
    wanted: list[str] = []
    for width, precision, conversion in _FIELD.findall(template):
        if conversion != "%":
            wanted += ["d"] * ((width == "*") + (precision == "*")) + [conversion]
    obj = frame.get(atom.oid) if type(atom) is Ref else None
    items = [Value((atom,), data)]
    if obj is not None and obj.kind == "tuple":
        if not obj.exact() or len(obj.items) != len(wanted):
            return elements.deep(frame, [to_text(frame, items[0], at)])
        items = list(obj.items.values())
    tags = data
    for position, item in enumerate(items):
        method = "__repr__" if wanted[position : position + 1] in (["r"], ["a"]) else "__str__"
        tags |= elements.deep(frame, [to_text(frame, item, at, method)])
    return tags


def _is_asked_by_key(frame: Frame, atom: Atom) -> bool:
    return type(atom) is Ref and frame.get(atom.oid).kind in ("opaque", "dict")


_WIDE = re.compile(r"\d{5}")
"""A width or a precision that would make a long text."""


def known_text(template: str, make: Callable[[], str]) -> Value | None:
    """A text that is made of nothing but known parts; None where it cannot be made, or would be long."""
    if _WIDE.search(template):
        return None
    try:
        made = make()
    except (TypeError, ValueError, LookupError, AttributeError):
        return None
    return literal(made) if len(made) <= _LONGEST else None


def plain_constant(value: Value) -> Const | None:
    """A known text or number that is no data."""
    constant = None if value.tags else value.const()
    return constant if constant is not None and isinstance(constant.value, _SIMPLE) else None


def _known_text(frame: Frame, template: str, right: Value) -> Value | None:
    """``template % right`` where all that is filled in is known."""
    one = plain_constant(right)
    if one is not None:
        return known_text(template, lambda: template % one.value)
    obj = frame.get(right.atoms[0].oid) if len(right.atoms) == 1 and type(right.atoms[0]) is Ref else None
    if obj is None or obj.kind not in ("tuple", "dict") or not obj.exact() or obj.tags or right.tags or "*" in template:
        return None
    parts = {key: plain_constant(held) for key, held in obj.items.items()}
    given = {key: part.value for key, part in parts.items() if part is not None}
    if len(given) < len(parts):
        return None
    return known_text(template, lambda: template % (given if obj.kind == "dict" else tuple(given.values())))


def formatted(frame: Frame, template: str, template_tags: Tags, right: Value, at: int) -> Value:
    """``template % right``: data that no field takes is left out."""
    tags: Tags = template_tags
    for atom in right.atoms:
        if "%(" in template and (type(atom) is External or _is_asked_by_key(frame, atom)):
            for key in dict.fromkeys(_KEY.findall(template)):
                held = elements.load_item(frame, Value((atom,), right.tags), literal(key), at)
                tags |= elements.deep(frame, [to_text(frame, held, at)])
        else:
            tags |= _taken(frame, template, atom, right.tags, at)
    prefix = template.partition("%")[0]
    return text(frame, frame.derived(at, "formatted text", tags), prefix, at)
