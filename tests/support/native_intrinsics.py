"""The module `purposelint_model` that library models import, as ordinary Python.

`carry` gives an `Unknown` that knows whether marked data went into it; what may go either way
(`choice`, the truth of something unknown) is decided by an `Oracle`.
"""

from __future__ import annotations

import copy
import inspect
import re
import types
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

TEXT = "mark-4711"
NUMBER = 4711
_DIGITS = "4711"
_MAX_DECISIONS = 60
_PATIENCE = 10


class WayTooLong(BaseException):
    """A run that asked the oracle more often than the bound: given up, as a blocked thread would be."""


class Oracle:
    """Decides what is unknown: first as ``prefix`` says, then 0, and after a while each in turn, so that loops end."""

    def __init__(self, prefix: tuple[int, ...] = ()) -> None:
        self._prefix = prefix
        self.taken: list[int] = []
        self.widths: list[int] = []

    def decide(self, width: int) -> int:
        """One of ``range(width)``."""
        if len(self.taken) >= _MAX_DECISIONS:
            raise WayTooLong
        depth = len(self.taken)
        late = depth % width if depth > len(self._prefix) + _PATIENCE else 0
        decision = self._prefix[depth] if depth < len(self._prefix) else late
        self.taken.append(decision)
        self.widths.append(width)
        return min(decision, width - 1)

    def alternatives(self) -> Iterator[tuple[int, ...]]:
        """The prefixes that lead elsewhere."""
        for depth in range(len(self._prefix), len(self.taken)):
            for other in range(self.widths[depth]):
                if other != self.taken[depth]:
                    yield (*self.taken[:depth], other)


_oracle = Oracle()


def ask(oracle: Oracle) -> None:
    """Let this oracle decide from here on."""
    global _oracle  # noqa: PLW0603
    _oracle = oracle


class Unknown:
    """A value of which only this is known: whether marked data went into it."""

    def __init__(self, marked: bool) -> None:
        self._marked = marked

    def _with(self, *others: object) -> Unknown:
        return Unknown(self._marked or any(marked(other) for other in others))

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(self._marked)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._with(*args, *kwargs.values())

    def __getitem__(self, key: object) -> object:
        return Unknown(self._marked)

    def __iter__(self) -> Iterator[object]:
        return iter([Unknown(self._marked)])

    def __next__(self) -> object:
        return Unknown(self._marked)

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return _oracle.decide(2) == 1

    def __str__(self) -> str:
        return f"unknown {TEXT}" if self._marked else "unknown"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)

    def __int__(self) -> int:
        return NUMBER if self._marked else 0

    __index__ = __int__

    def __float__(self) -> float:
        return float(int(self))

    def __bytes__(self) -> bytes:
        return str(self).encode()

    def __enter__(self) -> object:
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    def __await__(self) -> Generator[None, None, object]:
        yield
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __hash__(self) -> int:
        return id(self)


def _operator(name: str, carries: bool) -> None:
    def operate(self: Unknown, *others: object) -> object:
        return self._with(*others) if carries else Unknown(False)

    setattr(Unknown, name, operate)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift"):
    _operator(f"__{_name}__", True)
    _operator(f"__r{_name}__", True)
for _name in ("neg", "pos", "invert", "abs", "round"):
    _operator(f"__{_name}__", True)
for _name in ("lt", "le", "gt", "ge", "ne"):
    _operator(f"__{_name}__", False)


class Packed(Unknown):
    """A text that remembers the structure written into it."""

    def __init__(self, kind: str, value: object) -> None:
        super().__init__(marked(value))
        self.kind = kind
        self.value = copy.deepcopy(value)

    def encode(self, *args: object) -> Packed:
        """The same as bytes."""
        return self

    decode = encode


def carry(*values: object) -> Unknown:
    """An unknown value that carries all data of these."""
    return Unknown(any(marked(value) for value in values))


def unknown() -> Unknown:
    """An unknown value without data."""
    return Unknown(False)


def choice(*values: object) -> object:
    """One of these, may be any; of none, an unknown value without data."""
    if not values:
        return Unknown(False)
    return values[_oracle.decide(len(values))] if len(values) > 1 else values[0]


def filled(template: object, mapping: Mapping[str, object], keywords: Mapping[str, object]) -> object:
    """A template with what its names stand for, and nothing else."""
    if not isinstance(template, str):
        return carry(template, mapping, keywords)
    names = set(re.findall(r"\$\{?([_a-z]\w*)", template.replace("$$", ""), re.IGNORECASE))
    return carry(template, *(held for each in (mapping, keywords) for name, held in each.items() if name in names))


def pack(kind: str, value: object) -> Packed:
    """A text that carries the data and remembers the structure."""
    return Packed(kind, value)


def unpack(kind: str, text: object, *otherwise: object) -> object:
    """The structure packed into ``text``, if it is known to be such; else what is given for that, or carry(text)."""
    if isinstance(text, Packed) and text.kind == kind:
        return copy.copy(text.value) if kind == "shallow" else copy.deepcopy(text.value)
    return otherwise[0] if otherwise else carry(text)


_afresh: WeakKeyDictionary[types.CoroutineType[Any, Any, Any], Callable[[], Any]] = WeakKeyDictionary()


def _maker(coroutine: types.CoroutineType[Any, Any, Any]) -> Callable[[], Any]:
    """What makes a coroutine like this one, which has not begun."""
    code, frame = coroutine.cr_code, coroutine.cr_frame
    assert frame is not None, "it has ended"
    given = dict(frame.f_locals)
    cells = tuple(types.CellType(given[name]) for name in code.co_freevars)
    function = types.FunctionType(code, frame.f_globals, closure=cells)
    names = iter(code.co_varnames)
    positional = [given[name] for name in islice(names, code.co_argcount)]
    keywords = {name: given[name] for name in islice(names, code.co_kwonlyargcount)}
    if code.co_flags & inspect.CO_VARARGS:
        positional.extend(given[next(names)])
    if code.co_flags & inspect.CO_VARKEYWORDS:
        keywords.update(given[next(names)])
    return lambda: function(*positional, **keywords)


def here() -> None:
    """Say that a function belongs to the place that calls it: that is so of every function here."""


def typed(_cls: object, value: object) -> object:
    """The value: its type is known here."""
    return value


def converted(value: object, function: Callable[[object], object]) -> object:
    """With what the function makes of all in it that is no text, number, truth value or None."""
    if isinstance(value, Mapping):
        return {key: converted(held, function) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([converted(held, function) for held in value])
    if value is None or isinstance(value, (str, int, float)):
        return value
    try:
        return converted(function(value), function)
    except TypeError:
        return None


def rebuilt(value: object, function: Callable[[object], object]) -> object:
    """With what the function makes of each dict in it, inner ones first."""
    if isinstance(value, Mapping):
        return function({key: rebuilt(held, function) for key, held in value.items()})
    if isinstance(value, (list, tuple)):
        return type(value)([rebuilt(held, function) for held in value])
    return value


def awaited(value: object) -> object:
    """What ``await value`` gives, once more if it was awaited before; what cannot be awaited is itself."""
    if isinstance(value, types.CoroutineType):
        if inspect.getcoroutinestate(value) == inspect.CORO_CREATED:
            _afresh[value] = _maker(value)
        elif value in _afresh:
            value = _afresh[value]()
    waiter = getattr(value, "__await__", None)
    if waiter is None:
        return value
    steps = waiter()
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def named(function: Callable[..., Any], args: tuple[Any, ...], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """What a call gives each parameter of a function, by name."""
    bound = inspect.signature(function).bind_partial(*args, **keywords)
    bound.apply_defaults()
    return dict(bound.arguments)


def placed(function: Callable[..., Any], arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What such a mapping gives by position and by keyword."""
    bound = inspect.BoundArguments(inspect.signature(function), OrderedDict(arguments))
    return bound.args, bound.kwargs


INTRINSICS: Mapping[str, object] = {
    function.__name__: function
    for function in (
        *(carry, unknown, choice, pack, unpack, awaited, here, typed, filled, converted, rebuilt),
        *(named, placed),
    )
}


def marked(value: object) -> bool:
    """Whether marked data can be read off a value, or off what it holds."""
    seen: set[int] = set()
    worklist = deque([value])
    while worklist:
        item = worklist.popleft()
        if id(item) in seen or isinstance(item, (type, types.ModuleType)):
            continue
        seen.add(id(item))
        if isinstance(item, Unknown):
            if item._marked:
                return True
        elif isinstance(item, (str, int, float, complex)):
            if _DIGITS in str(item):
                return True
        elif isinstance(item, (bytes, bytearray)):
            if _DIGITS.encode() in item:
                return True
        elif isinstance(item, Mapping):
            worklist.extend([*item.keys(), *item.values()])
        elif isinstance(item, Collection):
            worklist.extend(item)
        elif isinstance(item, BaseException):
            worklist.extend(item.args)
        worklist.extend(getattr(item, "__dict__", {}).values())
        if isinstance(item, types.FunctionType):
            worklist.extend(cell.cell_contents for cell in item.__closure__ or ())
    return False
