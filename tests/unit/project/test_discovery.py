from __future__ import annotations

import os
from pathlib import Path

import pytest

from purposelint.errors import PurposelintError
from purposelint.project.discovery import discover


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(root: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def test_python_files_are_found_at_any_depth_and_sorted_by_path(root: Path) -> None:
    write(root, "b.py", "a/z.py", "a/b/c.py", "a.txt", "a.pyc", "a.pyi", "a-b/x.py")
    assert discover(root) == ("a-b/x.py", "a/b/c.py", "a/z.py", "b.py")


@pytest.mark.parametrize(
    "folder", [".git", ".tox", "__pycache__", "node_modules", "x.egg-info", "deep/.venv", "deep/__pycache__"]
)
def test_folders_that_hold_no_source_are_left_out(root: Path, folder: str) -> None:
    write(root, f"{folder}/a.py", "kept.py")
    assert discover(root) == ("kept.py",)


@pytest.mark.parametrize("folder", ["git", "node_module", "egg-info", "_cache"])
def test_folders_with_similar_names_are_kept(root: Path, folder: str) -> None:
    write(root, f"{folder}/a.py")
    assert discover(root) == (f"{folder}/a.py",)


def test_a_virtual_environment_is_known_by_its_mark_and_not_by_its_name(root: Path) -> None:
    write(root, "env/pyvenv.cfg", "env/lib/a.py", "venv/a.py")
    assert discover(root) == ("venv/a.py",)


def test_a_project_that_is_named_is_read_whatever_its_own_folder_is_called(tmp_path: Path) -> None:
    write(tmp_path, ".hidden/a.py", ".hidden/pyvenv.cfg")
    assert discover(tmp_path / ".hidden") == ("a.py",)


def test_gitignore_patterns_are_honoured(root: Path) -> None:
    write(root, ".gitignore", text="build/\n/top.py\n*_pb2.py\n!kept_pb2.py\n# no.py\n\n")
    write(root, "build/a.py", "top.py", "a/top.py", "a/x_pb2.py", "a/kept_pb2.py", "no.py", "a/build")
    assert discover(root) == ("a/kept_pb2.py", "a/top.py", "no.py")


def test_a_nested_gitignore_counts_below_its_folder_and_has_the_last_word(root: Path) -> None:
    write(root, ".gitignore", text="gen.py\n")
    write(root, "a/.gitignore", text="!gen.py\n/local.py\n")
    write(root, "gen.py", "a/gen.py", "b/gen.py", "a/local.py", "local.py", "a/c/local.py")
    assert discover(root) == ("a/c/local.py", "a/gen.py", "local.py")


def test_a_line_of_gitignore_that_is_no_pattern_is_passed_over(root: Path) -> None:
    write(root, ".gitignore", text="!\na.py\n")
    write(root, "a.py", "b.py")
    assert discover(root) == ("b.py",)


def test_the_gitignore_files_of_the_checkout_above_count(root: Path) -> None:
    write(root, ".git/HEAD", "app/a.py", "app/gen/b.py", "app/sub/gen/b.py")
    write(root, ".gitignore", text="/app/gen/\n")
    assert discover(root / "app") == ("a.py", "sub/gen/b.py")


def test_a_gitignore_above_that_is_in_no_checkout_does_not_count(root: Path) -> None:
    write(root, "app/a.py")
    write(root, ".gitignore", text="*.py\n")
    assert discover(root / "app") == ("a.py",)


def test_a_project_that_is_ignored_as_a_whole_was_asked_for_by_name(root: Path) -> None:
    write(root, ".git/HEAD", "build/app/a.py")
    write(root, ".gitignore", text="build/\n")
    assert discover(root / "build/app") == ("a.py",)


def test_exclude_uses_the_patterns_of_gitignore(root: Path) -> None:
    write(root, "tests/a.py", "app/tests/a.py", "app/migrations/0001.py", "app/a.py", "legacy.py")
    assert discover(root, ["/tests/", "migrations", "legacy.*"]) == ("app/a.py", "app/tests/a.py")


def test_a_pattern_of_exclude_that_is_none_is_an_error_that_names_it(root: Path) -> None:
    with pytest.raises(PurposelintError, match="exclude"):
        discover(root, ["!"])


def test_a_root_that_is_no_folder_is_an_error(root: Path) -> None:
    with pytest.raises(PurposelintError, match="no such folder"):
        discover(root / "absent")


def test_a_linked_file_is_listed_once_by_its_real_path(root: Path) -> None:
    write(root, "z/real.py")
    (root / "a.py").symlink_to("z/real.py")
    assert discover(root) == ("z/real.py",)


def test_a_linked_file_whose_real_path_is_not_listed_is_listed_by_the_first_link(root: Path) -> None:
    write(root, ".store/real.py")
    (root / "b.py").symlink_to(".store/real.py")
    (root / "a.py").symlink_to(".store/real.py")
    assert discover(root) == ("a.py",)


def test_a_linked_folder_is_followed_where_it_is_not_listed_already(root: Path) -> None:
    write(root, ".store/pkg/a.py", "seen/b.py")
    (root / "pkg").symlink_to(".store/pkg", target_is_directory=True)
    (root / "again").symlink_to("seen", target_is_directory=True)
    assert discover(root) == ("pkg/a.py", "seen/b.py")


def test_links_out_of_the_project_are_not_followed(root: Path) -> None:
    write(root.parent, "outside/a.py")
    write(root, "kept.py")
    (root / "out").symlink_to("../outside", target_is_directory=True)
    (root / "out.py").symlink_to("../outside/a.py")
    assert discover(root) == ("kept.py",)


def test_links_in_a_circle_and_links_to_nothing_end(root: Path) -> None:
    write(root, "a/x.py")
    (root / "a/up").symlink_to("..", target_is_directory=True)
    (root / "one.py").symlink_to("two.py")
    (root / "two.py").symlink_to("one.py")
    (root / "gone.py").symlink_to("absent.py")
    assert discover(root) == ("a/x.py",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_no_source(root: Path) -> None:
    write(root, "a.py")
    os.mkfifo(root / "pipe.py")
    (root / "null.py").symlink_to(os.devnull)
    assert discover(root) == ("a.py",)


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_is_found(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "a/x.py", "b/y.py")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("purposelint.project.discovery.os.scandir", refusing)
    told: dict[str, OSError] = {}
    assert discover(root, on_error=told.__setitem__) == ("b/y.py",)
    assert list(told) == ["a"]
