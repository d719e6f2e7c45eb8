from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.errors import PurposelintError
from purposelint.project.roots import common_folder, git_top
from purposelint.project.scope import Scope


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ["app/ads/sync.py", "app/a.py", "application/a.py", "purposes.toml"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path.resolve()


def test_a_folder_holds_what_lies_in_it_and_not_what_is_named_alike(root: Path) -> None:
    scope = Scope(root, [root / "app"], whole=root / "purposes.toml")
    assert scope.holds("app/a.py")
    assert scope.holds("app/ads/sync.py")
    assert not scope.holds("application/a.py")


def test_a_file_is_itself_alone(root: Path) -> None:
    scope = Scope(root, [root / "app/a.py"], whole=root / "purposes.toml")
    assert scope.holds("app/a.py")
    assert not scope.holds("app/ads/sync.py")


def test_no_paths_the_root_and_a_folder_above_it_are_the_whole_project(root: Path) -> None:
    for paths in ([], [root], [root.parent]):
        assert Scope(root, paths, whole=root / "purposes.toml").holds("purposes.toml")


def test_who_names_the_annotations_asks_about_everything(root: Path) -> None:
    scope = Scope(root, [root / "app/a.py", root / "purposes.toml"], whole=root / "purposes.toml")
    assert scope.holds("application/a.py")


def test_paths_may_be_relative_to_the_working_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "app")
    scope = Scope(root, ["ads"], whole=root / "purposes.toml")
    assert scope.holds("app/ads/sync.py")
    assert not scope.holds("app/a.py")


def test_a_path_through_a_link_is_the_file_it_leads_to(root: Path) -> None:
    (root / "link").symlink_to("app", target_is_directory=True)
    scope = Scope(root, [root / "link/a.py"], whole=root / "purposes.toml")
    assert scope.holds("app/a.py")
    assert scope.holds("link/a.py")


def test_what_was_named_and_is_no_file_of_the_project_is_known(root: Path) -> None:
    (root / "link").symlink_to("app", target_is_directory=True)
    (root / "empty").mkdir()
    files = ["app/a.py", "app/ads/sync.py"]
    whole = root / "purposes.toml"
    met = Scope(root, [root / "app/a.py", root / "app/ads", root / "link/a.py", root, whole], whole=whole)
    assert met.unmet(files) == ()
    unmet = Scope(root, [root / "application/a.py", root / "empty", root / "empty", root / "app/a.py"], whole=whole)
    assert unmet.unmet(files) == ("application/a.py", "empty")
    assert Scope(root, [], whole=whole).unmet([]) == ()


def test_the_common_folder_of_one_folder_is_itself_and_of_a_file_the_folder_it_is_in(root: Path) -> None:
    assert common_folder([root / "app"]) == root / "app"
    assert common_folder([root / "app/a.py"]) == root / "app"
    assert common_folder([root / "app/a.py", root / "application"]) == root


def test_a_path_that_does_not_exist_is_an_error(root: Path) -> None:
    with pytest.raises(PurposelintError, match=r"absent\.py: no such file"):
        common_folder([root / "absent.py"])


def test_the_git_top_is_the_nearest_folder_with_a_checkout(root: Path) -> None:
    (root / "app/.git").mkdir()
    assert git_top(root / "app/ads") == root / "app"
    assert git_top(root / "application") != root / "app"
