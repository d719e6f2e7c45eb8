"""How far a run is: on a terminal, on stderr, when it takes longer than a second. Never in a pipe or in CI."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

_PATIENCE = 1.0
_EVERY = 0.1
"""Seconds until it is shown, and between two looks."""

_STAGES = {
    "annotations": "reading the annotations",
    "discovery": "looking for files",
    "hashing": "looking what changed",
    "reading": "reading all files",
    "indexing": "looking what all files name",
    "dataflow": "following the data",
    "verification": "looking whether all files can be read",
    "judgement": "judging what was found",
}


def progress_wanted() -> bool:
    """Whether stderr is a terminal before which somebody sits."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


class Progress:
    """Shows how far a run is, from a thread of its own; implements `purposelint.engine.Watch`.

    Use it as a context manager: what it shows is gone at its end. ``wanted`` False: it shows nothing.
    """

    def __init__(self, wanted: bool, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._stage = ""
        self._counts: Callable[[], Mapping[str, int]] = dict
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True) if wanted else None

    def begin(self, stage: str) -> None:
        """A stage of the run begins."""
        self._stage = stage

    def count(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """What has been read so far can be asked from now on."""
        self._counts = counts

    def __enter__(self) -> Progress:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def words(self) -> str:
        """What is done at the moment, and how much was read for it."""
        return _words(self._stage, self._counts())

    def _show(self) -> None:
        if self._end.wait(self._patience):
            return
        from rich.console import Console  # noqa: PLC0415  (start-up time)

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        with console.status(self.words()) as status:
            while not self._end.wait(_EVERY):
                status.update(self.words())


class Steps:
    """Says each stage of a run when it begins, a line each, on stderr; implements `purposelint.engine.Watch`."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._counts: Callable[[], Mapping[str, int]] = dict

    def begin(self, stage: str) -> None:
        """A stage of the run begins: it is told with the seconds since the first, and how much was read before."""
        seconds = time.perf_counter() - self._start
        print(f"purposelint: {seconds:8.2f} s  {_words(stage, self._counts())}", file=sys.stderr, flush=True)

    def count(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """What has been read so far can be asked from now on."""
        self._counts = counts


def _words(stage: str, counts: Mapping[str, int]) -> str:
    said = _STAGES.get(stage, stage or "beginning")
    read = []
    if counts.get("files"):
        read.append(f"{counts['files']:,} files")
    if counts.get("bytes indexed"):
        read.append(f"{counts['bytes indexed'] // 1000:,} kB indexed")
    if counts.get("files parsed"):
        read.append(f"{counts['files parsed']:,} parsed")
    return f"{said} ({', '.join(read)})" if read else said
