"""What an edit does, told before the run of the whole project: the process that looks at open files."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed (it comes with the extra `lsp`)")

from purposelint import engine
from purposelint.lsp import projects as module
from purposelint.lsp.glances import Glances
from purposelint.lsp.projects import Buffers, OpenProject, Projects
from support.small_project import ANNOTATIONS, FILES, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")

CLEAN = FILES["jobs/sync.py"].replace("user.phone", "len(user.phone)").encode()
BROKEN = b"def sync(user"


def test_each_question_is_answered_by_a_copy_that_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    file = tmp_path / "jobs/sync.py"
    glances = Glances(engine.project_of([tmp_path]), None)
    try:
        assert glances.glance({}) is None  # nothing was looked at
        glances.see({}, [file])
        for _ in range(2):
            glimpse = glances.glance({file: CLEAN})
            assert glimpse is not None
            assert (len(glimpse.before), len(glimpse.now)) == (1, 0)
            assert glances.glance({file: BROKEN}) is None
        glances.see({file: CLEAN}, [file])
        glimpse = glances.glance({})
        assert glimpse is not None
        assert (len(glimpse.before), len(glimpse.now)) == (0, 1)
    finally:
        glances.close()
    assert glances.glance({}) is None


def test_a_process_that_dies_is_begun_again(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    file = tmp_path / "jobs/sync.py"
    glances = Glances(engine.project_of([tmp_path]), None)
    try:
        glances.see({}, [file])
        assert glances.process is not None
        glances.process.kill()
        glances.process.join()
        assert glances.glance({file: CLEAN}) is None
        glances.see({}, [file])
        assert glances.glance({file: CLEAN}) is not None
    finally:
        glances.close()


def test_a_large_project_is_told_at_once_and_then_as_a_run_of_all_of_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, FILES)
    file = tmp_path / "jobs/sync.py"
    monkeypatch.setattr(module, "LARGE", 1)
    held: dict[Path, bytes] = {}
    shown: list[tuple[int, bool]] = []
    news = asyncio.Event()

    def done(project: OpenProject) -> None:
        shown.append((len(project.shown.findings), project.shown.buffers == project.buffers))
        news.set()

    async def story() -> None:
        projects = Projects(None, lambda: Buffers(dict(held)), done, lambda _project, _error: None)
        project = projects.of(file)
        assert project is not None
        projects.changed(file)
        assert await projects.settled(project, 20)
        slow = asyncio.Event()
        loop = asyncio.get_running_loop()
        study = engine.study

        def later(*args: object, **options: object) -> engine.Study:
            asyncio.run_coroutine_threadsafe(slow.wait(), loop).result(20)
            return study(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(engine, "study", later)
        news.clear()
        held[file] = CLEAN
        projects.changed(file)
        await asyncio.wait_for(news.wait(), 20)
        assert shown == [(1, True), (0, False)]
        slow.set()
        assert await projects.settled(project, 20)
        assert shown[-1] == (0, True)
        (tmp_path / "purposes.toml").write_text(ANNOTATIONS.replace('"advertising"', '"security"'), encoding="utf-8")
        projects.changed(tmp_path / "purposes.toml")
        assert project.glances.process is None  # it knew other annotations
        projects.close()

    asyncio.run(story())
