"""Projects that are open in an editor, each with what its last run found out. Knows nothing of the protocol."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from purposelint import engine
from purposelint.cache import Store
from purposelint.config import extends
from purposelint.errors import PurposelintError
from purposelint.inquiry import Inquiry

PAUSE = 0.2
"""Seconds that are waited after a change: more of them may come, and one run serves them all."""


@dataclass(frozen=True, slots=True)
class Buffers:
    """What the editor holds, by the file's real path.

    ``cells`` are its names for the cells of notebooks, in their order, where it has a document for each cell.
    """

    contents: Mapping[Path, bytes] = field(default_factory=dict)
    cells: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)

    def below(self, root: Path) -> Buffers:
        """What it holds of files in a folder."""
        return Buffers(
            {file: held for file, held in self.contents.items() if file.is_relative_to(root)},
            {file: names for file, names in self.cells.items() if file.is_relative_to(root)},
        )


@dataclass(slots=True)
class OpenProject:
    """A project and its last run. ``buffers`` is what the editor held then.

    ``told`` are the documents that the client was told findings of, ``mistaken`` those with mistakes in annotations.
    """

    project: engine.Project
    study: engine.Study | None = None
    inquiry: Inquiry | None = None
    buffers: Buffers = field(default_factory=Buffers)
    told: set[str] = field(default_factory=set)
    mistaken: set[str] = field(default_factory=set)
    changed: bool = False
    running: asyncio.Task[None] | None = None


class Projects:
    """Analyses projects when something in them has changed: one run at a time, in a thread of its own.

    ``buffers`` gives what the editor holds now. ``done`` is called after a run, ``failed`` where the annotations
    are wrong or cannot be read; both in the thread of the event loop.
    """

    def __init__(
        self,
        cache: Path | None,
        buffers: Callable[[], Buffers],
        done: Callable[[OpenProject], None],
        failed: Callable[[OpenProject, PurposelintError], None],
    ) -> None:
        self._cache = Store(cache) if cache is not None else None
        self._buffers = buffers
        self._done = done
        self._failed = failed
        self._open: dict[engine.Project, OpenProject] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="purposelint")

    def of(self, file: Path) -> OpenProject | None:
        """The project that a file belongs to, judged by the nearest annotations; None where there are none."""
        found = next(iter(engine.projects_around([file])), None)
        return self._open.setdefault(found, OpenProject(found)) if found is not None else None

    def changed(self, file: Path) -> None:
        """Note that a file, or what the editor holds of it, has changed.

        Annotations concern the projects that extend them, too.
        """
        found = self.of(file)
        concerned = [found] if found is not None else []
        if file.suffix == ".toml":
            others = [each for each in self._open.values() if each is not found]
            concerned += [each for each in others if extends(each.project.config, file)]
        for project in concerned:
            project.changed = True
            if project.running is None or project.running.done():
                project.running = asyncio.get_running_loop().create_task(self._run(project))

    async def settled(self, project: OpenProject, seconds: float) -> bool:
        """Wait until what is known of a project is of now, so long at most; whether it is."""
        if project.running is not None and not project.running.done():
            await asyncio.wait([project.running], timeout=seconds)
        return project.running is None or project.running.done()

    def close(self) -> None:
        """End. A run that is under way is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._cache is not None:
            self._cache.close()

    async def _run(self, project: OpenProject) -> None:
        while project.changed:
            await asyncio.sleep(PAUSE)
            project.changed = False
            buffers = self._buffers().below(project.project.root)
            given: dict[Path | str, bytes] = dict(buffers.contents.items())
            run = partial(engine.study, project.project, cache=self._cache, contents=given)
            try:
                study = await asyncio.get_running_loop().run_in_executor(self._thread, run)
            except PurposelintError as error:
                self._failed(project, error)
                continue
            except Exception as error:  # whoever waits for findings must be told that none will come
                traceback.print_exc()
                self._failed(project, PurposelintError(f"a mistake in purposelint itself, please report it: {error!r}"))
                continue
            project.study, project.buffers = study, buffers
            project.inquiry = Inquiry(study)
            self._done(project)
