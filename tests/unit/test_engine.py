from __future__ import annotations

from pathlib import Path

import pytest

from purposelint import engine
from purposelint.errors import PurposelintError
from purposelint.project.discovery import discover
from support.small_project import FILES, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project"
    write(folder, FILES)
    return folder


def test_the_project_is_the_folder_of_the_nearest_annotations(root: Path) -> None:
    for paths in ([root], [root / "jobs"], [root / "jobs/sync.py", root / "ads.py"]):
        assert engine.project_of(paths) == engine.Project(root, root / "purposes.toml")


def test_annotations_that_are_named_make_their_folder_the_project_of_what_lies_below(root: Path) -> None:
    write(root, {"strict.toml": ""})
    assert engine.project_of([root / "jobs/sync.py"], root / "strict.toml").root == root


def test_for_code_elsewhere_it_is_the_checkout_so_that_it_does_not_hang_on_the_files_named(root: Path) -> None:
    write(root.parent, {"policies/strict.toml": "", "project/.git/HEAD": ""})
    config = root.parent / "policies/strict.toml"
    assert engine.project_of([root / "jobs/sync.py"], config) == engine.Project(root, config)


def test_without_a_checkout_it_is_the_folder_that_the_paths_share(root: Path) -> None:
    write(root.parent, {"policies/strict.toml": ""})
    assert engine.project_of([root / "jobs"], root.parent / "policies/strict.toml").root == root / "jobs"


def test_a_link_to_shared_annotations_stands_where_the_link_is(root: Path) -> None:
    write(root.parent, {"shared/purposes.toml": ""})
    (root / "purposes.toml").unlink()
    (root / "purposes.toml").symlink_to("../shared/purposes.toml")
    assert engine.project_of([root / "jobs"]).root == root
    assert engine.project_of([root / "jobs"], root / "purposes.toml").root == root


def test_code_without_annotations_is_an_error_that_says_where_was_looked(tmp_path: Path) -> None:
    with pytest.raises(PurposelintError, match=r"looked for purposes\.toml"):
        engine.project_of([tmp_path])


def test_the_api_reads_the_folder_that_it_is_given(root: Path) -> None:
    report = engine.analyse(root / "jobs", root / "purposes.toml")
    assert report.statistics["files"] == 2


def test_exclude_of_the_annotations_leaves_files_out(root: Path) -> None:
    before = engine.analyse(root)
    assert [finding.path for finding in before.findings] == ["jobs/sync.py"]
    write(root, {"purposes.toml": 'exclude = ["/jobs/sync.py"]\n' + FILES["purposes.toml"]})
    after = engine.analyse(root, ignore=["PUR904"])
    assert after.findings == ()


def test_a_suppression_that_cannot_be_read_is_told_with_what_is_wrong_in_it(root: Path) -> None:
    write(root, {"jobs/sync.py": FILES["jobs/sync.py"].rstrip() + "  # purposelint: allow PUR001\n"})
    report = engine.analyse(root)
    (told,) = (finding for finding in report.findings if finding.code == "PUR902")
    assert "`allow` names no codes: write `# purposelint: allow[PUR001] reason`" in told.message


def test_a_folder_that_cannot_be_listed_is_told_as_unreadable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def refused(folder: Path, exclude: object, on_error: object) -> tuple[str, ...]:
        assert callable(on_error)
        on_error("jobs", PermissionError(13, "Permission denied"))
        return tuple(path for path in discover(folder) if not path.startswith("jobs/"))

    monkeypatch.setattr(engine, "discover", refused)
    (error,) = engine.analyse(root, ignore=["PUR904"]).errors
    assert (error.code, error.path) == ("PUR901", "jobs")
    assert "Permission denied" in error.message
