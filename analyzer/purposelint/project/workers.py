"""Reading many files at once, in worker processes. The result is the same as one by one, in the same order."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeAlias

from purposelint.project.files import Unreadable
from purposelint.project.index import read_indexed
from purposelint.project.reading import Reading, check, read_encoded

Task: TypeAlias = Literal["facts", "check", "index"]
"""The facts of a file; whether there are any; what the index wants of it."""

Outcomes: TypeAlias = "list[tuple[str, Reading]]"

WORTH_PROCESSES: dict[Task, int] = {"facts": 40, "check": 400, "index": 400}
"""Fewer files than this are done sooner than a process starts."""

_CHUNK: dict[Task, int] = {"facts": 8, "check": 32, "index": 32}
"""Files that a process is given at once."""


class Workers:
    """Up to ``jobs`` processes that read the files of the project at ``root``; started when first needed."""

    def __init__(self, root: Path, jobs: int) -> None:
        self._root = root
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._have_worked = False

    def worth(self, task: Task, count: int) -> bool:
        """Whether processes gain anything for so many files."""
        return self._jobs > 1 and count >= WORTH_PROCESSES[task]

    def run(self, task: Task, paths: Sequence[str]) -> Iterator[tuple[str, Reading]]:
        """The outcome of ``task`` for each file, in order; a process that dies costs the file it was at, no other."""
        if not self.worth(task, len(paths)):
            yield from run_chunk(task, self._root, paths)
            return
        size = _CHUNK[task]
        chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
        waiting = deque((chunk, self._submit(task, chunk)) for chunk in chunks)
        while waiting:
            chunk, future = waiting.popleft()
            try:
                outcomes = future.result()
                self._have_worked = True
            except BrokenProcessPool:
                # All that was under way is lost. One by one here, so that the culprit is known; the rest once more.
                self.close()
                outcomes = [(path, self._alone(task, path)) for path in chunk]
                if self._jobs == 1:
                    yield from outcomes
                    yield from run_chunk(task, self._root, [path for chunk, _ in waiting for path in chunk])
                    return
                waiting = deque(
                    (chunk, future if _is_done(future) else self._submit(task, chunk)) for chunk, future in waiting
                )
            yield from outcomes

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _submit(self, task: Task, chunk: Sequence[str]) -> Future[Outcomes]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._jobs, mp_context=_context(), initializer=_begin)
        try:
            return self._pool.submit(run_chunk, task, self._root, chunk)
        except BrokenProcessPool as error:
            future: Future[Outcomes] = Future()
            future.set_exception(error)
            return future

    def _alone(self, task: Task, path: str) -> Reading:
        """The outcome for one file, in a process of its own."""
        if self._jobs == 1:
            return run_chunk(task, self._root, [path])[0][1]
        process, ours = start_process(_send, run_chunk, task, self._root, path)
        try:
            outcome = ours.recv()
        except EOFError:
            outcome = None
        process.join()
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, Reading):
            self._have_worked = True
            return outcome
        if process.exitcode == 1 and not self._have_worked:
            # It did not come as far as reading: no process can begin here (`__main__` cannot be imported, say).
            self._jobs = 1
            return self._alone(task, path)
        return Reading(b"", wrong=Unreadable(1, 1, f"the process that read it died{_cause(process.exitcode)}"))


def run_chunk(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """The outcomes for some files, in this process."""
    return [(path, _outcome(task, root, path)) for path in paths]


def _outcome(task: Task, root: Path, path: str) -> Reading:
    if task == "facts":
        return read_encoded(root, path)
    return check(root, path) if task == "check" else read_indexed(root, path)


def _begin() -> None:
    """A worker keeps nothing from one file to the next, and trees hold no cycles: there is no garbage to look for."""
    gc.disable()


def _send(
    connection: Connection, run: Callable[[Task, Path, Sequence[str]], Outcomes], task: Task, root: Path, path: str
) -> None:
    try:
        ((_, outcome),) = run(task, root, [path])
        connection.send(outcome)
    except Exception as error:  # raised again by who asked
        connection.send(error)


def _is_done(future: Future[Outcomes]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _cause(status: int | None) -> str:
    """What the exit status of a process says of its end."""
    if status is None or status >= 0:
        return f" (exit status {status})"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f" ({name}{', perhaps for want of memory' if name == 'SIGKILL' else ''})"


@contextmanager
def _without_main() -> Iterator[None]:
    """A process imports first what ``__main__`` is where it was begun, though it wants nothing of it: hide that."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Spawned(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:
        with _without_main():
            return SpawnProcess._Popen(process_obj)


class _Spawning(SpawnContext):
    Process = _Spawned


if sys.platform != "win32":
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    class _Served(ForkServerProcess):
        @staticmethod
        def _Popen(process_obj: BaseProcess) -> Any:
            with _without_main():
                return ForkServerProcess._Popen(process_obj)

    class _Serving(ForkServerContext):
        Process = _Served


def start_process(target: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """A process that is given a connection and ``args``, and our end of the connection. It ends with this process."""
    context = _context()
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *args), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return process, ours


def _context() -> multiprocessing.context.BaseContext:
    """Never ``fork``: the analysis runs in a thread of its own, and a fork copies the locks that others hold."""
    if sys.platform != "win32" and "forkserver" in multiprocessing.get_all_start_methods():
        context = _Serving()
        context.set_forkserver_preload(["purposelint.project.workers"])
        return context
    return _Spawning()
