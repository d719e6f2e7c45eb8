"""Reading many files at once, in worker processes. The result is the same as one by one, in the same order."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
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
    """Up to ``jobs`` processes that read the files of the project at ``root``; started when first needed.

    Each has a connection of its own, and is given files only while it waits for some. Processes share no lock or queue
    that one which is killed could leave locked, as those of `concurrent.futures` do.
    """

    def __init__(self, root: Path, jobs: int) -> None:
        self._root = root
        self._jobs = jobs
        self._team: list[_Worker] = []
        self._have_worked = False

    def worth(self, task: Task, count: int) -> bool:
        """Whether processes gain anything for so many files."""
        return self._jobs > 1 and count >= WORTH_PROCESSES[task]

    def run(self, task: Task, paths: Sequence[str]) -> Generator[tuple[str, Reading], None, None]:
        """The outcome of ``task`` for each file, in order; a process that dies costs the file it was at, no other."""
        if not self.worth(task, len(paths)):
            yield from run_chunk(task, self._root, paths)
            return
        size = _CHUNK[task]
        chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
        waiting = deque(range(len(chunks)))
        done: dict[int, Outcomes] = {}
        is_over = False
        try:
            for number, chunk in enumerate(chunks):
                self._give(task, chunks, waiting)
                self._take(task, done, timeout=0)
                while number not in done:
                    if self._jobs == 1:  # no process can begin here
                        done[number] = run_chunk(task, self._root, chunk)
                    else:
                        self._give(task, chunks, waiting)
                        self._take(task, done)
                yield from done.pop(number)
            is_over = True
        finally:
            if not is_over:
                self.close()

    def close(self) -> None:
        """End the processes."""
        for worker in self._team:
            worker.end()
        self._team.clear()

    def _give(self, task: Task, chunks: Sequence[Sequence[str]], waiting: deque[int]) -> None:
        """Have every process work that can."""
        while waiting:
            worker = next((worker for worker in self._team if worker.at is None), None)
            if worker is None:
                if len(self._team) == self._jobs:
                    return
                worker = _Worker(self._root)
                self._team.append(worker)
            number = waiting.popleft()
            worker.give(task, number, chunks[number])

    def _take(self, task: Task, done: dict[int, Outcomes], timeout: float | None = None) -> None:
        """Wait until a process has something, and take what they have."""
        working = {worker.connection: worker for worker in self._team if worker.at is not None}
        ready = set(wait(working, timeout))
        for worker in [worker for worker in self._team if worker.connection in ready]:
            assert worker.at is not None
            number, chunk = worker.at
            outcomes = worker.take()
            if isinstance(outcomes, Exception):
                raise outcomes
            if outcomes is not None:
                self._have_worked = True
                done[number] = outcomes
                continue
            # One by one, so that the culprit is known.
            worker.end()
            self._team.remove(worker)
            done[number] = [(path, self._alone(task, path)) for path in chunk]

    def _alone(self, task: Task, path: str) -> Reading:
        """The outcome for one file, in a process of its own."""
        if self._jobs == 1:
            return run_chunk(task, self._root, [path])[0][1]
        worker = _Worker(self._root)
        worker.give(task, 0, [path])
        outcomes = worker.take()
        status = worker.end()
        if isinstance(outcomes, Exception):
            raise outcomes
        if outcomes is not None:
            self._have_worked = True
            return outcomes[0][1]
        if status == 1 and not self._have_worked:
            # It did not come as far as reading: no process can begin here (`__main__` cannot be imported, say).
            self._jobs = 1
            return self._alone(task, path)
        return Reading(b"", wrong=Unreadable(1, 1, f"the process that read it died{_cause(status)}"))


class _Worker:
    """A process, our end of its connection, and the chunk (with its number) that it is at."""

    def __init__(self, root: Path) -> None:
        self._process, self.connection = start_process(_serve, run_chunk, root)
        self.at: tuple[int, Sequence[str]] | None = None

    def give(self, task: Task, number: int, chunk: Sequence[str]) -> None:
        """Have it work."""
        self.at = number, chunk
        with suppress(OSError):  # it has died, as `take` will tell
            self.connection.send((task, chunk))

    def take(self) -> Outcomes | Exception | None:
        """What it made of its chunk, or raised; None where it has died."""
        self.at = None
        try:
            outcomes: Outcomes | Exception = self.connection.recv()
        except (EOFError, OSError):
            return None
        return outcomes

    def end(self) -> int | None:
        """End the process, whatever it is at; its exit status."""
        if self.at is not None:
            self._process.terminate()
        self.connection.close()
        self._process.join()
        return self._process.exitcode


def run_chunk(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """The outcomes for some files, in this process."""
    return [(path, _outcome(task, root, path)) for path in paths]


def _outcome(task: Task, root: Path, path: str) -> Reading:
    if task == "facts":
        return read_encoded(root, path)
    return check(root, path) if task == "check" else read_indexed(root, path)


def _serve(ours: Connection, run: Callable[[Task, Path, Sequence[str]], Outcomes], root: Path) -> None:
    """Do what comes over the connection, until it is closed.

    A worker keeps nothing from one file to the next, and trees hold no cycles: there is no garbage to look for.
    """
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began this process hears it too, and ends it
    with suppress(EOFError, OSError):
        while True:
            task, paths = ours.recv()
            try:
                ours.send(run(task, root, paths))
            except OSError:
                raise
            except Exception as error:  # raised again by who asked
                ours.send(error)


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
