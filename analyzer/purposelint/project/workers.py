"""Reading many files at once, in worker processes. The result is the same as one by one, in the same order."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Literal, TypeAlias

from purposelint.project.reading import Facts, Unreadable, check, read_facts

Task: TypeAlias = Literal["facts", "check"]
Outcomes: TypeAlias = "list[tuple[str, Facts | None]]"

WORTH_PROCESSES: dict[Task, int] = {"facts": 40, "check": 1000}
"""Fewer files than this are done sooner than a process starts."""

_CHUNK = 8


class Workers:
    """Up to ``jobs`` processes that read the files of the project at ``root``; started when first needed."""

    def __init__(self, root: Path, jobs: int) -> None:
        self._root = root
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def worth(self, task: Task, count: int) -> bool:
        """Whether processes gain anything for so many files."""
        return self._jobs > 1 and count >= WORTH_PROCESSES[task]

    def run(self, task: Task, paths: Sequence[str]) -> Iterator[tuple[str, Facts | None]]:
        """The outcome of ``task`` for each file, in order; a process that dies costs the file it was at, no other."""
        if not self.worth(task, len(paths)):
            yield from run_chunk(task, self._root, paths)
            return
        chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
        for chunk, future in zip(chunks, [self._submit(task, chunk) for chunk in chunks], strict=True):
            try:
                if future is None:
                    raise BrokenProcessPool
                outcomes = future.result()
            except BrokenProcessPool:
                self.close()
                outcomes = [self._alone(task, path) for path in chunk]
            yield from outcomes

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _submit(self, task: Task, chunk: Sequence[str]) -> Future[Outcomes] | None:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._jobs, mp_context=_context())
        try:
            return self._pool.submit(run_chunk, task, self._root, chunk)
        except BrokenProcessPool:
            return None

    def _alone(self, task: Task, path: str) -> tuple[str, Facts | None]:
        with ProcessPoolExecutor(1, mp_context=_context()) as pool:
            try:
                return pool.submit(run_chunk, task, self._root, [path]).result()[0]
            except BrokenProcessPool:
                return path, Unreadable(1, 1, "the process that read it died, perhaps for want of memory")


def run_chunk(task: Task, root: Path, paths: Sequence[str]) -> Outcomes:
    """The outcomes for some files, in this process."""
    function = read_facts if task == "facts" else check
    return [(path, function(root, path)) for path in paths]


def processor_count() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    """Never ``fork``: the analysis runs in a thread of its own, and a fork copies the locks that others hold."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["purposelint.project.workers"])
        return context
    return multiprocessing.get_context("spawn")
