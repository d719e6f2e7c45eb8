"""Abstract values: what an expression may be, and which tagged data it carries.

A `Value` is a small set of *atoms* (what it may be) with *tags* (the nodes of the data-flow
graph from which its data comes). Atoms are interned, so that they compare by identity; their
order in a value is the order of discovery, which keeps runs repeatable.

Containers, instances, functions, classes and modules live in the heap (`purposelint.dataflow.heap`);
a value only refers to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from purposelint.facts.syntax import Scalar as Literal

MAX_ATOMS = 10
MOST_ATOMS = 3 * MAX_ATOMS

Step: TypeAlias = "str | tuple[str, str | int | None]"
Trail: TypeAlias = "tuple[Step, ...]"
"""How a value is written: names, ``()`` for a call, ``("[]", key)`` for a key (None: any)."""


class Const:
    """A known literal; ``kind`` is its type's name, so that True and 1 differ."""

    __slots__ = ("kind", "value")

    def __init__(self, value: Literal, kind: str) -> None:
        self.value = value
        self.kind = kind

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class Ref:
    """An object in the heap."""

    __slots__ = ("oid",)

    def __init__(self, oid: int) -> None:
        self.oid = oid

    def __repr__(self) -> str:
        return f"Ref({self.oid})"


class Some:
    """A value without identity of a known builtin type (``str``, ``int`` ...), or of none known (``""``)."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"Some({self.kind})"


class External:
    """A module, class or function that is not in the project, by the name it has where it is imported."""

    __slots__ = ("trail",)

    def __init__(self, trail: Trail) -> None:
        self.trail = trail

    def __repr__(self) -> str:
        return f"External({self.trail})"


_FILLING = frozenset(
    f"{kind}.{method}"
    for kind, methods in (
        ("list", ("append", "clear", "extend", "insert", "remove", "reverse", "sort")),
        ("set", ("add", "clear", "discard", "remove", "update")),
        ("dict", ("clear", "update")),
    )
    for method in methods
)


class Native:
    """A builtin function or type that the interpreter implements itself."""

    __slots__ = ("fills", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        # Whether it is a method that changes a container and gives nothing: who has it cannot get at what is inside.
        self.fills = name in _FILLING

    def __repr__(self) -> str:
        return f"Native({self.name})"


class Bound:
    """A method bound to its receiver. ``func`` is a `Ref` to a function, or a method's name on a builtin or unknown."""

    __slots__ = ("func", "receiver")

    def __init__(self, func: Ref | External | Native, receiver: Value) -> None:
        self.func = func
        self.receiver = receiver

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Bound) and self.func is other.func and self.receiver == other.receiver
        )

    def __hash__(self) -> int:
        return hash((self.func, self.receiver))

    def __repr__(self) -> str:
        return f"Bound({self.func}, {self.receiver})"


class Lazy:
    """A name imported from a module of the project that was not looked at yet; name ``""``: the module itself."""

    __slots__ = ("name", "path")

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name

    def __repr__(self) -> str:
        return f"Lazy({self.path}, {self.name})"


Atom: TypeAlias = "Const | Ref | Some | External | Native | Bound | Lazy"
Tags: TypeAlias = frozenset[int]
NO_TAGS: Tags = frozenset()

_consts: dict[tuple[str, object], Const] = {}
_refs: dict[int, Ref] = {}
_some: dict[str, Some] = {}
_externals: dict[Trail, External] = {}
_natives: dict[str, Native] = {}
_lazy: dict[tuple[str, str], Lazy] = {}


def const(value: Literal) -> Const:
    """The atom of a literal."""
    kind = type(value).__name__
    key = (kind, repr(value) if kind in ("float", "complex") else value)
    atom = _consts.get(key)
    if atom is None:
        atom = _consts[key] = Const(value, kind)
    return atom


def ref(oid: int) -> Ref:
    """The atom of an object."""
    atom = _refs.get(oid)
    if atom is None:
        atom = _refs[oid] = Ref(oid)
    return atom


def some(kind: str) -> Some:
    """The atom of an unknown value of a builtin type."""
    atom = _some.get(kind)
    if atom is None:
        atom = _some[kind] = Some(kind)
    return atom


def external(trail: Trail) -> External:
    """The atom of something imported from outside the project."""
    atom = _externals.get(trail)
    if atom is None:
        atom = _externals[trail] = External(trail)
    return atom


def native(name: str) -> Native:
    """The atom of a builtin."""
    atom = _natives.get(name)
    if atom is None:
        atom = _natives[name] = Native(name)
    return atom


def lazy(path: str, name: str) -> Lazy:
    """The atom of an import that is followed when it is used."""
    key = (path, name)
    atom = _lazy.get(key)
    if atom is None:
        atom = _lazy[key] = Lazy(path, name)
    return atom


Gate: TypeAlias = tuple[int, int]
"""A gate that holds: its index in the annotations, and the object it is tied to (-0 when it is tied to none)."""
FREE = 0
Gates: TypeAlias = frozenset[Gate]
NO_GATES: Gates = frozenset()


class Value:
    """What an expression may be. ``when_true``/``when_false``: gates known to hold where it is true, or false."""

    __slots__ = ("_hash", "atoms", "tags", "when_false", "when_true")

    def __init__(
        self, atoms: tuple[Atom, ...], tags: Tags = NO_TAGS, when_true: Gates = NO_GATES, when_false: Gates = NO_GATES
    ) -> None:
        self.atoms = atoms
        self.tags = tags
        self.when_true = when_true
        self.when_false = when_false
        self._hash = 0

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Value) or self.tags != other.tags:
            return False
        if self.atoms != other.atoms and (len(self.atoms) != len(other.atoms) or set(self.atoms) != set(other.atoms)):
            return False
        return self.when_true == other.when_true and self.when_false == other.when_false

    def __hash__(self) -> int:
        if not self._hash:
            self._hash = hash((frozenset(self.atoms), self.tags)) or 1
        return self._hash

    def __repr__(self) -> str:
        return f"Value({', '.join(map(repr, self.atoms))}{' tags=' + str(sorted(self.tags)) if self.tags else ''})"

    def tagged(self, tags: Tags) -> Value:
        """The same with more tags."""
        if not tags or tags <= self.tags:
            return self
        return Value(self.atoms, self.tags | tags, self.when_true, self.when_false)

    def untagged(self) -> Value:
        """The same without tags of its own."""
        return Value(self.atoms) if self.tags or self.when_true or self.when_false else self

    def const(self) -> Const | None:
        """The literal it is, when it can be nothing else."""
        if len(self.atoms) == 1 and type(self.atoms[0]) is Const:
            return self.atoms[0]
        return None

    def refs(self) -> list[int]:
        """The objects it may be."""
        return [atom.oid for atom in self.atoms if type(atom) is Ref]


NOTHING = Value(())
"""No value at all: the join's neutral element."""
UNKNOWN = Value((some(""),))
NONE = Value((const(None),))
MISSING_ATOM = some("missing")
MISSING = Value((MISSING_ATOM,))
"""Stands beside what a field holds on some branches only: there it has what it had before."""
TRUE = Value((const(True),))
FALSE = Value((const(False),))


def literal(value: Literal) -> Value:
    """The value of a literal."""
    return Value((const(value),))


def of_kind(kind: str, tags: Tags = NO_TAGS) -> Value:
    """An unknown value of a builtin type."""
    return Value((some(kind),), tags)


def is_literal(value: Value) -> bool:
    """Whether a value is known to be a literal of the program, and so nobody's data."""
    return bool(value.atoms) and all(type(atom) is Const for atom in value.atoms) and not value.tags


def join(left: Value, right: Value) -> Value:
    """Either of two values."""
    if left is right or not right.atoms:
        return left.tagged(right.tags)
    if not left.atoms:
        return right.tagged(left.tags)
    atoms = left.atoms
    if atoms != right.atoms:
        extra = tuple(atom for atom in right.atoms if atom not in atoms)
        if extra:
            atoms = widened(atoms + extra) if len(atoms) + len(extra) > MAX_ATOMS else atoms + extra
    tags = left.tags | right.tags if right.tags else left.tags
    when_true = left.when_true & right.when_true if left.when_true else NO_GATES
    when_false = left.when_false & right.when_false if left.when_false else NO_GATES
    if left.when_true or left.when_false or right.when_true or right.when_false:
        when_true, when_false = _joined_truth(left, right)
    return Value(atoms, tags, when_true, when_false)


def _joined_truth(left: Value, right: Value) -> tuple[Gates, Gates]:
    """Gates of a join: a side that cannot be true says nothing about what holds where the whole is true."""
    left_truth, right_truth = truth(left), truth(right)
    if left_truth is False:
        when_true = right.when_true
    elif right_truth is False:
        when_true = left.when_true
    else:
        when_true = left.when_true & right.when_true
    if left_truth is True:
        when_false = right.when_false
    elif right_truth is True:
        when_false = left.when_false
    else:
        when_false = left.when_false & right.when_false
    return when_true, when_false


def join_all(values: Iterable[Value]) -> Value:
    """Any of several values; `NOTHING` when there are none."""
    result = NOTHING
    for value in values:
        result = join(result, value)
    return result


def widened(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Fewer atoms that stand for at least as much: literals become their types."""
    kept = (some(atom.kind) if type(atom) is Const and atom.value is not None else atom for atom in atoms)
    return tuple(dict.fromkeys(kept))[:MOST_ATOMS]


def widen(value: Value) -> Value:
    """The value with its literals turned into their types."""
    atoms = widened(value.atoms)
    return value if atoms == value.atoms else Value(atoms, value.tags, value.when_true, value.when_false)


def surely_true(atom: Atom) -> bool:
    """Whether an atom without state is surely true; a name in a module from elsewhere may be a constant."""
    if type(atom) is Bound:
        return not of_unknown(atom)
    return type(atom) is Native or (type(atom) is External and len(atom.trail) == 1)


def of_unknown(atom: Atom) -> bool:
    """Whether an atom is an attribute of something of which nothing is known: a method, or any value."""
    return type(atom) is Bound and type(atom.func) is Native and atom.func.name.startswith(".")


def truth(value: Value) -> bool | None:
    """Whether a value is true, where its atoms alone decide it; objects are not asked."""
    result: bool | None = None
    for atom in value.atoms:
        if type(atom) is Const:
            this = bool(atom.value)
        elif surely_true(atom):
            this = True
        else:
            return None
        if result is None:
            result = this
        elif result is not this:
            return None
    return result
