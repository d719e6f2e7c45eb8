"""Projects that are open in an editor, each with what its last run found out. Knows nothing of the protocol."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from purposelint import engine
from purposelint.cache import Store
from purposelint.config import extends
from purposelint.errors import PurposelintError
from purposelint.glance import carried, moves
from purposelint.inquiry import Inquiry
from purposelint.lsp.glances import Glances
from purposelint.policy.findings import Finding

PAUSE = 0.2
"""Seconds that are waited after a change: more of them may come, and one run serves them all."""
SHORT_PAUSE = 0.1
"""The same before a glance at the open files."""
LARGE = 100
"""Files of a project from which on the open ones are looked at alone, before all of it is run."""
OPEN = 8
"""Files that are looked at so, the last ones that were opened or changed."""


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client is told of a project, and what the editor held then."""

    findings: Sequence[Finding] = ()
    buffers: Buffers = field(default_factory=Buffers)


@dataclass(slots=True)
class OpenProject:
    """A project and its last run. ``buffers`` is what the editor held then, ``shown`` what is found by now.

    ``told`` are the documents that the client was told findings of, ``mistaken`` those with mistakes in annotations.
    ``files`` are those that were opened or changed, ``glances`` looks at them where the project is large.
    """

    project: engine.Project
    glances: Glances
    study: engine.Study | None = None
    inquiry: Inquiry | None = None
    buffers: Buffers = field(default_factory=Buffers)
    shown: Shown = field(default_factory=Shown)
    told: set[str] = field(default_factory=set)
    mistaken: set[str] = field(default_factory=set)
    files: dict[Path, None] = field(default_factory=dict)
    changed: bool = False
    unseen: bool = False
    running: asyncio.Task[None] | None = None
    glancing: asyncio.Task[None] | None = None

    @property
    def is_large(self) -> bool:
        """Whether a run of all of it may take longer than somebody who types waits."""
        return self.study is not None and len(self.study.program.paths) >= LARGE


class Projects:
    """Analyses projects when something in them has changed: one run at a time, in a thread of its own.

    Of a large project it is told at once what a glance at the open files says; the run follows.

    ``buffers`` gives what the editor holds now. ``done`` is called when there is something to show, ``failed`` where
    the annotations are wrong or cannot be read; both in the thread of the event loop.
    """

    def __init__(
        self,
        cache: Path | None,
        buffers: Callable[[], Buffers],
        done: Callable[[OpenProject], None],
        failed: Callable[[OpenProject, PurposelintError], None],
    ) -> None:
        self._folder = cache
        self._cache = Store(cache) if cache is not None else None
        self._buffers = buffers
        self._done = done
        self._failed = failed
        self._open: dict[engine.Project, OpenProject] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="purposelint")
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="purposelint glances")

    def of(self, file: Path) -> OpenProject | None:
        """The project that a file belongs to, judged by the nearest annotations; None where there are none."""
        found = next(iter(engine.projects_around([file])), None)
        if found is None:
            return None
        return self._open.setdefault(found, OpenProject(found, Glances(found, self._folder)))

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
            if file.suffix == ".toml":
                project.glances.close()
            elif file.suffix == ".py":
                self._note_open(project, file.resolve())
            project.changed = True
            if project.running is None or project.running.done():
                project.running = asyncio.get_running_loop().create_task(self._run(project))
            self._glance_soon(project)

    async def settled(self, project: OpenProject, seconds: float) -> bool:
        """Wait until what is known of a project is of now, so long at most; whether it is."""
        if project.running is not None and not project.running.done():
            await asyncio.wait([project.running], timeout=seconds)
        return project.running is None or project.running.done()

    def close(self) -> None:
        """End. A run that is under way is not waited for."""
        for project in self._open.values():
            project.glances.close()
        for thread in (self._thread, self._asking):
            thread.shutdown(wait=False, cancel_futures=True)
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
            current = self._buffers().below(project.project.root)
            if current == buffers or project.shown.buffers != current:
                self._show(project, study.report.findings, buffers)
            if project.is_large:
                self._look(project)
                self._glance_soon(project)

    # --- at once ---------------------------------------------------------------------------

    def _note_open(self, project: OpenProject, file: Path) -> None:
        """Remember a file that somebody works at, the last ones only."""
        is_new = file not in project.files
        project.files.pop(file, None)
        project.files[file] = None
        while len(project.files) > OPEN:
            del project.files[next(iter(project.files))]
        if is_new and project.is_large:
            self._look(project)

    def _look(self, project: OpenProject) -> None:
        """Have the files that somebody works at be looked at, as the last run of the project has seen it."""
        see = partial(project.glances.see, project.buffers.contents, list(project.files))
        asyncio.get_running_loop().run_in_executor(self._asking, see)

    def _glance_soon(self, project: OpenProject) -> None:
        project.unseen = True
        if project.glancing is None or project.glancing.done():
            project.glancing = asyncio.get_running_loop().create_task(self._glance(project))

    async def _glance(self, project: OpenProject) -> None:
        """Tell what the open files alone say, where the run of the project has not told more by then."""
        while project.unseen:
            await asyncio.sleep(SHORT_PAUSE)
            project.unseen = False
            study, buffers = project.study, self._buffers().below(project.project.root)
            if study is None or not project.is_large or project.shown.buffers == buffers:
                continue
            ask = partial(project.glances.glance, buffers.contents)
            glimpse = await asyncio.get_running_loop().run_in_executor(self._asking, ask)
            if glimpse is None or project.study is not study:
                continue
            move = partial(_moved, project.project.root, project.buffers.contents, buffers.contents, {})
            self._show(project, carried(study.report.findings, *glimpse, move), buffers)

    def _show(self, project: OpenProject, findings: Sequence[Finding], buffers: Buffers) -> None:
        project.shown = Shown(findings, buffers)
        self._done(project)


def _moved(
    root: Path,
    before: Mapping[Path, bytes],
    now: Mapping[Path, bytes],
    known: dict[str, Callable[[int], int]],
    path: str,
    line: int,
) -> int:
    """Where a line of a file is now, by what the editor held before and holds now."""
    if path not in known:
        file = root / path
        known[path] = moves(_text(file, before), _text(file, now)) if file in before or file in now else int
    return known[path](line)


def _text(file: Path, held: Mapping[Path, bytes]) -> bytes:
    try:
        return held[file] if file in held else file.read_bytes()
    except OSError:
        return b""
