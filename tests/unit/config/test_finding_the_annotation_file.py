from __future__ import annotations

from pathlib import Path

from purposelint.config import find

TABLE = '[tool.purposelint.purposes]\nservice = "Deliver"\n'


def written(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_nearest_file_above_wins(tmp_path: Path) -> None:
    outer = written(tmp_path / "purposes.toml")
    inner = written(tmp_path / "app" / "purposes.toml")
    (tmp_path / "app" / "pkg").mkdir()
    (tmp_path / "other").mkdir()
    assert find(tmp_path / "app" / "pkg") == inner
    assert find(tmp_path / "other") == outer


def test_a_file_is_looked_for_from_its_folder(tmp_path: Path) -> None:
    path = written(tmp_path / "purposes.toml")
    assert find(written(tmp_path / "app.py")) == path


def test_a_pyproject_counts_when_it_has_the_table(tmp_path: Path) -> None:
    outer = written(tmp_path / "pyproject.toml", TABLE)
    written(tmp_path / "app" / "pyproject.toml", '[project]\ndependencies = ["purposelint"]\n')
    assert find(tmp_path / "app") == outer


def test_beside_each_other_purposes_toml_goes_first(tmp_path: Path) -> None:
    written(tmp_path / "pyproject.toml", TABLE)
    path = written(tmp_path / "purposes.toml")
    assert find(tmp_path) == path


def test_a_nearer_pyproject_goes_before_a_farther_purposes_toml(tmp_path: Path) -> None:
    written(tmp_path / "purposes.toml")
    path = written(tmp_path / "app" / "pyproject.toml", TABLE)
    assert find(tmp_path / "app") == path


def test_a_broken_pyproject_counts_only_when_it_names_the_table(tmp_path: Path) -> None:
    outer = written(tmp_path / "purposes.toml")
    broken = written(tmp_path / "app" / "pyproject.toml", "[tool.purposelint]\nexclude = [")
    written(tmp_path / "lib" / "pyproject.toml", "# purposelint\nexclude = [")
    assert find(tmp_path / "app") == broken  # load() then says what is wrong with it
    assert find(tmp_path / "lib") == outer


def test_a_folder_of_that_name_is_no_annotation_file(tmp_path: Path) -> None:
    path = written(tmp_path / "purposes.toml")
    (tmp_path / "app" / "purposes.toml").mkdir(parents=True)
    (tmp_path / "app" / "pyproject.toml").mkdir()
    assert find(tmp_path / "app") == path
