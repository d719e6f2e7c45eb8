"""Projects that are open in an editor, without the protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed (it comes with the extra `lsp`)")

from purposelint import engine
from purposelint.errors import PurposelintError
from purposelint.lsp.projects import Buffers, OpenProject, Projects
from support.small_project import ANNOTATIONS, FILES, write


def test_a_mistake_of_purposelint_itself_is_told_and_the_next_change_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, FILES)
    done: list[OpenProject] = []
    failed: list[str] = []

    def note(_project: OpenProject, error: PurposelintError) -> None:
        failed.append(str(error))

    async def story() -> None:
        projects = Projects(None, Buffers, done.append, note)
        project = projects.of(tmp_path / "ads.py")
        assert project is not None
        with monkeypatch.context() as broken:
            broken.setattr(engine, "study", lambda *_args, **_options: [].pop())
            projects.changed(tmp_path / "ads.py")
            assert await projects.settled(project, 20)
        projects.changed(tmp_path / "ads.py")
        assert await projects.settled(project, 20)
        projects.close()

    asyncio.run(story())
    (said,) = failed
    assert said.startswith("a mistake in purposelint itself, please report it: IndexError")
    assert [len(project.study.report.findings) for project in done if project.study is not None] == [1]


def test_a_change_of_annotations_concerns_the_open_projects_that_extend_them(tmp_path: Path) -> None:
    head, _, own = ANNOTATIONS.partition("[[source]]")
    write(tmp_path, {"purposes.toml": head})
    write(tmp_path / "one", {**FILES, "purposes.toml": f'extend = "../purposes.toml"\n\n[[source]]{own}'})
    write(tmp_path / "two", FILES)
    done: list[str] = []

    async def story() -> None:
        projects = Projects(
            None,
            Buffers,
            lambda project: done.append(project.project.root.name),
            lambda *_failed: done.append("failed"),
        )
        opened = [projects.of(tmp_path / name / "ads.py") for name in ("one", "two")]
        projects.changed(tmp_path / "purposes.toml")
        for project in (*opened, projects.of(tmp_path / "purposes.toml")):
            assert project is not None
            assert await projects.settled(project, 20)
        projects.close()

    asyncio.run(story())
    assert sorted(done) == sorted(["one", tmp_path.name])
