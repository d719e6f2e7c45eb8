"""What one Python file says, without its concrete syntax: small frozen values.

Words used here
---------------
*ref*
    The ordinal of a syntax node in lowering order, counted from 0 within the file.
    Positions are not computed while lowering; `purposelint.syntax.locate` turns the
    refs of the few nodes that appear in a finding into lines and columns.
*function*, *class*
    Numbered per file in order of appearance; `Module.functions` and `Module.classes`
    hold them, and statements and expressions refer to them by number.
*tag*
    The text behind ``purpose:`` in a comment or an ``Annotated[...]`` of a definition.

Names of comprehension variables are unique within the file (``x`` becomes ``x@7``,
7 being the ref of the comprehension), so that a comprehension needs no scope of its
own; every other name is spelled as in the source. Parentheses, comments, type
parameters' bounds and everything else that carries no data is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, TypeAlias

Scalar: TypeAlias = "bool | int | float | complex | str | bytes | EllipsisType | None"


# --- expressions ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    """A literal. Adjacent string literals are joined; ``-1`` stays a `Unary`."""

    value: Scalar
    ref: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable that is read (or, as a target, written)."""

    name: str
    ref: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """``value.attr``; private names are mangled (``__x`` in class ``C`` is ``_C__x``)."""

    value: Expr
    attr: str
    ref: int


@dataclass(frozen=True, slots=True)
class Subscript:
    """``value[key]``; several keys make a `Sequence` of kind ``tuple``."""

    value: Expr
    key: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Slice:
    """``lower:upper:step`` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: ``value``, ``name=value``, ``*value`` (star ``*``) or ``**value`` (star ``**``)."""

    value: Expr
    name: str | None
    star: str
    ref: int


@dataclass(frozen=True, slots=True)
class Call:
    """``func(args)``. ``ref`` is the call's own."""

    func: Expr
    args: tuple[Argument, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Star:
    """``*value`` in a display or in an assignment target."""

    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A tuple, list or set display; also an assignment target. ``kind``: ``tuple``, ``list`` or ``set``."""

    kind: str
    items: tuple[Expr, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict display; a key of None means that the value is spread (``**value``)."""

    items: tuple[tuple[Expr | None, Expr], ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Binary:
    """``left op right``; op as written: ``+ - * / // % ** @ << >> & | ^``."""

    op: str
    left: Expr
    right: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Unary:
    """``op value``; op: ``not``, ``-``, ``+``, ``~``."""

    op: str
    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Boolean:
    """``a and b and c`` (flattened where the operators are the same). op: ``and``, ``or``."""

    op: str
    values: tuple[Expr, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op1 v1 op2 v2``; ops: ``== != < <= > >= in, not in, is, is not``."""

    left: Expr
    rest: tuple[tuple[str, Expr], ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """``body if test else orelse``."""

    test: Expr
    body: Expr
    orelse: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Lambda:
    """A lambda; ``function`` numbers it in `Module.functions`, its body is one `Return`."""

    function: int
    ref: int


@dataclass(frozen=True, slots=True)
class ForClause:
    """``[async] for target in iter if ifs`` of a comprehension."""

    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]
    is_async: bool


@dataclass(frozen=True, slots=True)
class Comprehension:
    """kind: ``list``, ``set``, ``dict`` or ``generator``; ``key`` for dict only (None: ``**element``)."""

    kind: str
    key: Expr | None
    element: Expr
    clauses: tuple[ForClause, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Formatted:
    """A replacement field of an f- or t-string. conversion: ``""``, ``s``, ``r``, ``a``; ``debug`` for ``{x=}``."""

    value: Expr
    conversion: str
    spec: tuple[Expr, ...]
    debug: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Joined:
    """An f-string: parts are `Const` strings and `Formatted`. ``template``: it is a t-string.

    Strings beside it are among its parts; an f-string without fields is a `Const`.
    """

    parts: tuple[Expr, ...]
    template: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Await:
    """``await value``."""

    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Yield:
    """``yield value``, or ``yield from value`` when ``delegate``."""

    value: Expr | None
    delegate: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Walrus:
    """``name := value``."""

    target: Name
    value: Expr
    ref: int


Expr: TypeAlias = (
    "Const | Name | Attribute | Subscript | Slice | Call | Star | Sequence | Dict | Binary | Unary | Boolean"
    " | Compare | Conditional | Lambda | Comprehension | Formatted | Joined | Await | Yield | Walrus"
)


# --- patterns of match ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValuePattern:
    """A literal or dotted name, compared by ``==`` (None, True, False by ``is``)."""

    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class CapturePattern:
    """``pattern as name``; a bare capture has no pattern, ``_`` has neither."""

    pattern: Pattern | None
    name: Name | None
    ref: int


@dataclass(frozen=True, slots=True)
class StarPattern:
    """``*name`` inside a sequence pattern; no name for ``*_``."""

    name: Name | None
    ref: int


@dataclass(frozen=True, slots=True)
class SequencePattern:
    """``[a, b, *rest]`` or ``(a, b)``."""

    items: tuple[Pattern, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class MappingPattern:
    """``{key: pattern, **rest}``."""

    items: tuple[tuple[Expr, Pattern], ...]
    rest: Name | None
    ref: int


@dataclass(frozen=True, slots=True)
class ClassPattern:
    """``Cls(p0, name=p1)``."""

    cls: Expr
    positional: tuple[Pattern, ...]
    keywords: tuple[tuple[str, Pattern], ...]
    ref: int


@dataclass(frozen=True, slots=True)
class OrPattern:
    """``a | b``."""

    alternatives: tuple[Pattern, ...]
    ref: int


Pattern: TypeAlias = (
    "ValuePattern | CapturePattern | StarPattern | SequencePattern | MappingPattern | ClassPattern | OrPattern"
)


# --- statements ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExprStatement:
    """An expression for its effect."""

    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class Assign:
    """``target = ... = value``. Targets: `Name`, `Attribute`, `Subscript`, `Sequence`, `Star`."""

    targets: tuple[Expr, ...]
    value: Expr
    tag: str | None
    ref: int


@dataclass(frozen=True, slots=True)
class AugAssign:
    """``target op= value``; op without the ``=``."""

    target: Expr
    op: str
    value: Expr
    ref: int


@dataclass(frozen=True, slots=True)
class AnnAssign:
    """``target: annotation = value``. A string annotation is lowered as the expression it holds."""

    target: Expr
    annotation: Expr
    value: Expr | None
    tag: str | None
    ref: int


@dataclass(frozen=True, slots=True)
class Delete:
    """``del targets``."""

    targets: tuple[Expr, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Return:
    """``return value``."""

    value: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class Raise:
    """``raise exc from cause``."""

    exc: Expr | None
    cause: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class Assert:
    """``assert test, message``."""

    test: Expr
    message: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class Break:
    """``break``."""

    ref: int


@dataclass(frozen=True, slots=True)
class Continue:
    """``continue``."""

    ref: int


@dataclass(frozen=True, slots=True)
class If:
    """``if test: body else: orelse`` (``elif`` is an `If` in orelse)."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class While:
    """``while test: body else: orelse``."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class For:
    """``[async] for target in iter: body else: orelse``."""

    target: Expr
    iter: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    is_async: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Handler:
    """``except type as name: body``. ``except A, B:`` (3.14) is a tuple of both."""

    type: Expr | None
    name: str | None
    body: tuple[Statement, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Try:
    """``try``; ``star`` for ``except*``."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    final: tuple[Statement, ...]
    star: bool
    ref: int


@dataclass(frozen=True, slots=True)
class WithItem:
    """``context as target``."""

    context: Expr
    target: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class With:
    """``[async] with items: body``."""

    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]
    is_async: bool
    ref: int


@dataclass(frozen=True, slots=True)
class Case:
    """``case pattern if guard: body``."""

    pattern: Pattern
    guard: Expr | None
    body: tuple[Statement, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class Match:
    """``match subject: cases``."""

    subject: Expr
    cases: tuple[Case, ...]
    ref: int


@dataclass(frozen=True, slots=True)
class FunctionDef:
    """``def``: binds `Module.functions[function]`, after its decorators, to its name."""

    function: int
    ref: int


@dataclass(frozen=True, slots=True)
class ClassDef:
    """``class``: binds `Module.classes[cls]`, after its decorators, to its name."""

    cls: int
    ref: int


@dataclass(frozen=True, slots=True)
class Import:
    """``import module as alias``: one statement per name. Without an alias the first part of the name is bound."""

    module: str
    alias: str | None
    ref: int


@dataclass(frozen=True, slots=True)
class ImportFrom:
    """``from ..module import names``: level counts the dots; names are (name, bound name); ``*`` is (``*``, ``*``)."""

    module: str
    level: int
    names: tuple[tuple[str, str], ...]
    ref: int


Statement: TypeAlias = (
    "ExprStatement | Assign | AugAssign | AnnAssign | Delete | Return | Raise | Assert | Break | Continue | If"
    " | While | For | Try | With | Match | FunctionDef | ClassDef | Import | ImportFrom"
)


# --- definitions ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """kind: ``positional`` (before ``/``), ``normal``, ``keyword`` (after ``*``), ``args``, ``kwargs``."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None
    tag: str | None
    ref: int


@dataclass(frozen=True, slots=True)
class TypeParameter:
    """A type parameter of PEP 695, with its bound: ``def first[T: Person](...)``."""

    name: str
    bound: Expr | None
    ref: int


@dataclass(frozen=True, slots=True)
class Function:
    """A ``def`` or a lambda.

    ``qualname`` as Python gives it (``Outer.method``, ``f.<locals>.g``, ``<lambda>``).
    ``parent`` is the enclosing function's number, skipping classes; ``cls`` the number
    of the class in whose body it stands directly. ``locals`` are the names bound here
    (parameters too, comprehension variables not); ``names`` every identifier,
    attribute name, keyword and constant string that is an identifier in its body,
    header and decorators, nested definitions included, sorted. ``name`` is the name that is
    bound, mangled where it is private. ``tag`` stands at the end of the header, or in the
    annotation of the result. A lambda's ref is that of its `Lambda`, a ``def``'s that of its `FunctionDef`.
    """

    name: str
    qualname: str
    parent: int | None
    cls: int | None
    params: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    body: tuple[Statement, ...]
    is_async: bool
    is_generator: bool
    locals: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    names: tuple[str, ...]
    tag: str | None
    ref: int
    type_parameters: tuple[TypeParameter, ...] = ()

    def mentions(self, name: str) -> bool:
        """Whether ``name`` is among its `names`: the way to ask where nothing else about them matters."""
        return name in self.names

    def lowered(self) -> Function:
        """The function as the front end made it, where an `ObservedFunction` stands for it."""
        return self


@dataclass(frozen=True, slots=True)
class Class:
    """A ``class``. ``parent`` is the enclosing function's number, ``outer`` the class whose body it stands in.

    ``bases`` holds the keywords (``metaclass=M``) too. ``ref`` is that of its `ClassDef`.
    """

    name: str
    qualname: str
    parent: int | None
    outer: int | None
    bases: tuple[Argument, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Statement, ...]
    locals: frozenset[str]
    names: tuple[str, ...]
    ref: int
    type_parameters: tuple[TypeParameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """A whole file. ``body`` is its top level; ``names`` is as in `Function`, for the top level alone.

    Where it is not ``tagging``, no definition in it has a tag.
    """

    body: tuple[Statement, ...]
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    locals: frozenset[str]
    names: tuple[str, ...]
    tagging: bool = False

    def mentions(self, name: str) -> bool:
        """Whether the top level or a class (methods included) mentions ``name``."""
        return name in self.names or any(name in each.names for each in self.classes)

    def class_mentions(self, number: int, name: str) -> bool:
        """Whether a class (methods included) mentions ``name``."""
        return name in self.classes[number].names

    def gone_through(self) -> None:
        """Say that all that it defines, or a class in it, was gone through, whatever its name is."""

    def __reduce__(self) -> tuple[Callable[[list[tuple[Any, ...]]], Module], tuple[list[tuple[Any, ...]]]]:
        # Pickle would recurse as deep as the code nests.
        from purposelint.facts import packing  # noqa: PLC0415 - it describes the classes of this module

        return packing.unpack, (packing.pack(self),)
