"""Room for recursion: code nests as deep as its author likes, Python's default limits do not.

The parser recurses on the C stack and the passes over syntax on Python's. `run_deep` runs
a function in a thread that has plenty of both.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Tried in turn: address space may be limited, as in small containers.
_STACK_SIZES = tuple(megabytes << 20 for megabytes in (512, 128, 32))

# Python 3.10 takes C stack for each Python frame: well under this many bytes.
_STACK_PER_FRAME = 2048

# Python 3.11 and later keep frames in chunks of 16 KiB, and ask the system for one, and give it back, each time that
# calls cross the end of one. A frame that is larger than a chunk gets one of its own, of twice its size, and those of
# what it calls have the other half: 4 MiB, which deep code alone leaves. Measured: an eighth
# to a quarter of a run.
_SLOTS = 1 << 19

_here = threading.local()
_lock = threading.Lock()
_raised: list[int] = []  # the limits in force before each deep thread that still runs


def is_deep() -> bool:
    """Whether the current thread is one of `run_deep`."""
    return getattr(_here, "deep", False)


def run_deep(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function(*args, **kwargs)`` with room for deep recursion; return or raise what it does.

    Runs in a thread of its own, unless the current one is deep already. Thread-local state
    of the caller is not seen by the function. When the caller is interrupted the thread is
    left to end with the process.
    """
    if is_deep():
        return function(*args, **kwargs)
    outcome: list[T] = []
    failure: list[BaseException] = []

    def body(stack_size: int) -> None:
        _here.deep = True
        try:
            with _recursion_limit(stack_size // _STACK_PER_FRAME):
                outcome.append(function(*args, **kwargs))
        except BaseException as error:  # raised again in the caller's thread
            failure.append(error)

    body.__code__ = body.__code__.replace(co_stacksize=_SLOTS)
    _start(body).join()
    if failure:
        raise failure.pop()
    return outcome.pop()


def _start(body: Callable[[int], None]) -> threading.Thread:
    """Start ``body(stack size)`` in a thread with the largest stack that can be had."""
    for size in _STACK_SIZES:
        with _lock:
            try:
                before = threading.stack_size(size)
            except ValueError:
                continue
            try:
                thread = threading.Thread(target=body, args=(size,), name="deep", daemon=True)
                thread.start()
            except (RuntimeError, MemoryError):
                continue
            finally:
                threading.stack_size(before)
        return thread
    raise MemoryError("no memory for the analysis thread's stack")


@contextmanager
def _recursion_limit(limit: int) -> Iterator[None]:
    """Raise the interpreter's recursion limit; the last thread that leaves puts the first one back."""
    with _lock:
        _raised.append(sys.getrecursionlimit())
        sys.setrecursionlimit(max(limit, _raised[-1]))
    try:
        yield
    finally:
        with _lock:
            if len(_raised) == 1:
                sys.setrecursionlimit(_raised[0])
                _raised.clear()
            else:
                _raised.pop()
