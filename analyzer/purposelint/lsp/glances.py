"""What an edit does, told at once: a process looks at the open files again while the whole project is analysed.

The process keeps a `Glance` at what the last run of the project saw. For each question it makes a copy of itself, which
takes the editor's contents, answers and ends: no answer leaves anything behind. Where processes cannot be copied
(Windows) there are no such answers.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Iterable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from purposelint.cache import Store
from purposelint.engine import Project
from purposelint.glance import Glance
from purposelint.policy.findings import Finding
from purposelint.project.workers import start_process

Contents = Mapping[Path, bytes]


class Glimpse(NamedTuple):
    """What is found in what is looked at: as it was when `Glances.see` was called last, and as it is now."""

    before: tuple[Finding, ...]
    now: tuple[Finding, ...]


class Glances:
    """A process that looks at files of a project; begun by the first `see`."""

    def __init__(self, project: Project, cache: Path | None) -> None:
        self._project = project
        self._cache = cache
        self.process: BaseProcess | None = None
        self._connection: Connection | None = None

    def see(self, contents: Contents, files: Iterable[Path]) -> None:
        """Take what the project holds, as a run of all of it has seen it, and look at some files."""
        if not hasattr(os, "fork"):
            return
        if self._connection is None:
            self.process, self._connection = start_process(_serve, self._project, self._cache, dict(contents))
        paths = [path.relative_to(self._project.root).as_posix() for path in files]
        self._tell(("see", dict(contents), paths))

    def glance(self, contents: Contents) -> Glimpse | None:
        """What is found with other contents; None where they cannot be parsed, or nothing can be told.

        Waits for the answer.
        """
        if not self._tell(("glance", dict(contents), [])):
            return None
        assert self._connection is not None
        try:
            answer: Glimpse | None = self._connection.recv()
        except (EOFError, OSError):
            self.close()
            return None
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tell(self, message: tuple[str, dict[Path, bytes], list[str]]) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.send(message)
        except OSError:
            self.close()
            return False
        return True


def _serve(connection: Connection, project: Project, cache: Path | None, contents: dict[Path, bytes]) -> None:
    """The process: one glance, kept at what `Glances.see` says."""
    gc.set_threshold(50_000, 20, 20)
    glance = Glance(project, Store(cache) if cache is not None else None, contents)
    before: tuple[Finding, ...] = ()
    while True:
        try:
            kind, held, paths = connection.recv()
        except EOFError:
            return
        if kind == "see":
            glance.take(held)
            for path in paths:
                glance.look_at(path)
            before = glance.findings()
            gc.collect()
            gc.freeze()
        elif (child := os.fork()) == 0:
            _answer(connection, glance, held, before)
        else:
            os.waitpid(child, 0)


def _answer(connection: Connection, glance: Glance, contents: Contents, before: tuple[Finding, ...]) -> None:
    """Answer one question, and end this copy of the process."""
    glimpse: Glimpse | None = None
    try:
        if glance.take(contents):
            glimpse = Glimpse(before, glance.findings())
    except Exception:
        traceback.print_exc()
    finally:
        connection.send(glimpse)
        os._exit(0)
