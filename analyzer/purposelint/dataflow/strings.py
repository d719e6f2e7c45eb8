"""Methods of text, numbers and values of unknown type."""

from __future__ import annotations

import re
from typing import NamedTuple

from purposelint.dataflow import elements, operators, types
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import (
    FALSE,
    TRUE,
    UNKNOWN,
    Ref,
    Tags,
    Value,
    join_all,
    literal,
    of_kind,
    ref,
)
from purposelint.facts import syntax as s

PREDICATES = frozenset(
    [
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isalnum",
        "isdecimal",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "isascii",
        "__contains__",
        "__eq__",
        "__ne__",
        "__lt__",
        "__le__",
        "__gt__",
        "__ge__",
        "is_integer",
    ]
)
NUMBERS = frozenset({"count", "find", "rfind", "index", "rindex", "__len__", "__hash__", "bit_length", "bit_count"})
LISTS = frozenset({"split", "rsplit", "splitlines"})
FOLDABLE = frozenset(
    [
        "upper",
        "lower",
        "title",
        "capitalize",
        "swapcase",
        "casefold",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "split",
        "rsplit",
        "splitlines",
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isalnum",
        "islower",
        "isupper",
        "isspace",
        "count",
        "find",
        "rfind",
        "index",
        "zfill",
        "removeprefix",
        "removesuffix",
        "center",
        "ljust",
        "rjust",
        "partition",
        "rpartition",
        "isidentifier",
        "isnumeric",
        "isdecimal",
        "encode",
        "decode",
        "join",
    ]
)
_LONGEST = 4096


def method(frame: Frame, kind: str, name: str, receiver: Value, args: Arguments, at: int, node: s.Expr | None) -> Value:
    """Call a method of a text, a number, or of something of unknown type."""
    if kind == "str" and any(frame.get(oid).kind == "instance" for oid in receiver.refs()):
        receiver = operators.to_text(frame, receiver, at)
    folded = _folded(frame, name, receiver, args, at)
    if folded is not None:
        return folded
    if name in PREDICATES and (kind in ("str", "bytes") or name.startswith("__")):
        return of_kind("bool")
    if kind in ("str", "bytes") and name in NUMBERS:
        return of_kind("int")
    if kind in ("int", "float", "bool") and (name in PREDICATES or name in NUMBERS):
        return of_kind("int")
    if kind in ("str", "bytes"):
        return _text(frame, kind, name, receiver, args, at)
    from purposelint.dataflow import calls  # noqa: PLC0415

    written = node if isinstance(node, s.Attribute) else s.Attribute(s.Const(None, at), name, at)
    return calls.call_unknown(frame, args, at, written, receiver, Value(()))


def _folded(frame: Frame, name: str, receiver: Value, args: Arguments, at: int) -> Value | None:
    constant = receiver.const()
    if constant is None or receiver.tags or name not in FOLDABLE or args.keywords or args.rest is not None:
        return None
    if not isinstance(constant.value, str | bytes) or not hasattr(constant.value, name):
        return None
    given: list[object] = []
    for value in args.positional:
        each = value.const()
        if each is not None and not value.tags:
            given.append(each.value)
            continue
        if name == "join" and len(value.atoms) == 1 and type(value.atoms[0]) is Ref:
            obj = frame.get(value.atoms[0].oid)
            parts = [held.const() for held in obj.items.values() if not held.tags]
            if obj.kind in ("list", "tuple") and obj.exact() and len(parts) == len(obj.items) and None not in parts:
                given.append([part.value for part in parts if part is not None])
                continue
        return None
    try:
        made = getattr(constant.value, name)(*given)
    except (TypeError, ValueError, LookupError):
        return None
    if isinstance(made, list | tuple):
        kind = "list" if isinstance(made, list) else "tuple"
        obj = Obj(kind, cls=types.native_value(kind), items={i: literal(part) for i, part in enumerate(made)})
        return Value((ref(frame.allocate(at, obj, name)),))
    if isinstance(made, bool):
        return TRUE if made else FALSE
    if isinstance(made, str | bytes | int) and (isinstance(made, int) or len(made) <= _LONGEST):
        return literal(made)
    return None


def _text(frame: Frame, kind: str, name: str, receiver: Value, args: Arguments, at: int) -> Value:
    if name == "format_map" and args.positional:
        known, rest = elements.mapping_items(frame, args.positional[0], at)
        args = Arguments(keywords={str(key): held for key, held in known.items()}, extra=rest)
        name = "format"
    if name in ("encode", "decode") and _is_packed(frame, receiver):
        return receiver
    if name == "format":
        return _format(frame, receiver, args, at)
    if name == "replace" and len(args.positional) > 1:
        given = [receiver, args.positional[1]]
    elif name in ("strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "split", "rsplit", "encode", "decode",
                  "partition", "rpartition", "splitlines", "expandtabs", "zfill"):  # fmt: skip
        given = [receiver]
    else:
        given = [receiver, *args.all()]
    if name == "join":
        return _joined(frame, kind, receiver, args, at)
    tags = frame.derived(at, name, elements.deep(frame, given))
    if name in LISTS:
        rest = _lines_of(frame, receiver, name, args) or of_kind(kind, tags)
        obj = Obj("list", cls=types.native_value("list"), rest=rest)
        return Value((ref(frame.allocate(at, obj, name)),))
    if name in ("partition", "rpartition"):
        part = of_kind(kind, tags)
        obj = Obj("tuple", cls=types.native_value("tuple"), items={0: part, 1: of_kind(kind), 2: part})
        return Value((ref(frame.allocate(at, obj, name)),))
    prefix = _prefix(frame, receiver) if name in ("rstrip", "strip", "__add__", "ljust", "removesuffix") else None
    if name in ("__add__", "__radd__"):
        return operators.text(frame, tags, prefix, at)
    result = {"encode": "bytes", "decode": "str"}.get(name, kind)
    return operators.text(frame, tags, prefix, at) if prefix else of_kind(result, tags)


def _is_packed(frame: Frame, value: Value) -> bool:
    """Whether a text remembers what it was made from: its bytes do too."""
    return bool(value.refs()) and all("<packed>" in frame.get(oid).attrs for oid in value.refs())


_LINES = "<lines>"


def _lines_of(frame: Frame, receiver: Value, name: str, args: Arguments) -> Value | None:
    """What a text gives that is split into the lines it was joined of."""
    if name != "splitlines":
        separator = args.first().const() if len(args.positional) == 1 else None
        if name != "split" or separator is None or separator.value != "\n":
            return None
    texts = [frame.get(oid) for oid in receiver.refs()]
    if not texts or len(texts) != len(receiver.atoms) or not all(_LINES in obj.attrs for obj in texts):
        return None
    return join_all([obj.attrs[_LINES].tagged(receiver.tags) for obj in texts])


def _joined(frame: Frame, kind: str, separator: Value, args: Arguments, at: int) -> Value:
    """``separator.join(parts)``; lines that remember what they were made from are kept as such."""
    parts: list[Value] = []
    for value in args.positional:
        run = elements.iterate(frame, value, at)
        parts += [*run.known, *(() if run.rest is None else (run.rest,))]
    tags = frame.derived(at, "join", separator.tags.union(*(elements.deep(frame, [part]) for part in parts)))
    constant, lines = separator.const(), join_all(parts)
    if constant is not None and constant.value == "\n" and not separator.tags and _is_packed(frame, lines):
        obj = Obj("text", tags=tags, data=("",), attrs={_LINES: lines})
        return Value((ref(frame.allocate(at, obj, "join")),))
    return of_kind(kind, tags)


def _prefix(frame: Frame, value: Value) -> object:
    if len(value.atoms) == 1 and type(value.atoms[0]) is Ref:
        obj = frame.get(value.atoms[0].oid)
        return obj.data[0] if obj.kind == "text" else None
    return None


def _format(frame: Frame, receiver: Value, args: Arguments, at: int) -> Value:
    """``template.format(...)``: data that no field takes is left out."""
    template = receiver.const()
    tags: Tags = receiver.tags
    text = template.value if template is not None and isinstance(template.value, str) else None
    wanted = _fields(text) if text is not None else None
    given = {**{str(index): value for index, value in enumerate(args.positional)}, **args.keywords}
    if text is not None and wanted is not None and args.rest is None and args.extra is None and not tags:
        known = _known(text, wanted, args)
        if known is not None:
            return known
    for name, value in given.items():
        for taken in [_PLAIN] if wanted is None else wanted.get(name, []):
            part = _at_path(frame, value, taken.path, at)
            spec = literal(taken.spec) if taken.spec is not None else UNKNOWN
            tags |= elements.deep(frame, [operators.to_text(frame, part, at, taken.method, spec)])
    # What is not known by its place or name is taken by the fields that are left.
    left = None if wanted is None else [name for name in wanted if name not in given]
    for unplaced, counts in ((args.rest, str.isdecimal), (args.extra, str.isidentifier)):
        if unplaced is not None and (left is None or any(counts(name) for name in left)):
            tags |= elements.deep(frame, [unplaced])
    prefix = text.partition("{")[0] if text is not None else None
    return operators.text(frame, frame.derived(at, "formatted text", tags), prefix, at)


def _known(template: str, wanted: dict[str, list[_Field]], args: Arguments) -> Value | None:
    """The text of a template whose fields take known texts and numbers as they are."""
    if any(taken.path for fields in wanted.values() for taken in fields):
        return None
    placed = [operators.plain_constant(value) for value in args.positional]
    named = {name: operators.plain_constant(value) for name, value in args.keywords.items()}
    by_place = [one.value for one in placed if one is not None]
    by_name = {name: one.value for name, one in named.items() if one is not None}
    if len(by_place) < len(placed) or len(by_name) < len(named):
        return None
    return operators.known_text(template, lambda: template.format(*by_place, **by_name))


_Path = tuple[tuple[bool, str | int], ...]
"""The steps behind a field's name: whether it is an attribute, and its name or key."""


class _Field(NamedTuple):
    """A field of a format string: what it takes of an argument, and how it makes text of that (None: not known)."""

    path: _Path = ()
    method: str = "__format__"
    spec: str | None = ""


_PLAIN = _Field(method="__str__")
_CONVERSIONS = {"r": "__repr__", "a": "__repr__", "s": "__str__"}


def _at_path(frame: Frame, value: Value, path: _Path, at: int) -> Value:
    """What a field with attributes and keys means: ``{user.name}``, ``{row[0]}``."""
    from purposelint.dataflow import objects  # noqa: PLC0415

    for is_attribute, step in path:
        if is_attribute:
            value = objects.load_attribute(frame, value, str(step), s.Attribute(s.Const(None, at), str(step), at))
        else:
            value = elements.load_item(frame, value, literal(step), at)
    return value


def _fields(template: str) -> dict[str, list[_Field]] | None:
    """The fields of a format string, by name or number, those in format specifications too; None: it is none."""
    import string  # noqa: PLC0415

    found: dict[str, list[_Field]] = {}
    count = 0
    try:
        for _, field, spec, conversion in string.Formatter().parse(template):
            if field is None:
                continue
            inner = [each for _, each, _, _ in string.Formatter().parse(spec or "") if each is not None]
            for each in (field, *inner):
                first, path = _split(each)
                if first == "":
                    first, count = str(count), count + 1
                taken = _Field(path, _CONVERSIONS.get(conversion or "", "__format__"), None if inner else spec or "")
                found.setdefault(first, []).append(taken if each is field else _Field(path))
    except ValueError:
        return None
    return found


_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]+)\]")


def _split(field: str) -> tuple[str, _Path]:
    first = re.split(r"[.\[]", field, maxsplit=1)[0]
    steps: list[tuple[bool, str | int]] = []
    for attribute, key in _STEP.findall(field[len(first) :]):
        steps.append((True, attribute) if attribute else (False, int(key) if key.isdigit() else key))
    return first, tuple(steps)
