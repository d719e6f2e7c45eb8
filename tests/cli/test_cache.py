from __future__ import annotations

from pathlib import Path

from support.command import Run


def test_the_second_run_tells_the_same_from_the_cache(project: Path, run: Run, own_cache: Path) -> None:
    first = run("--statistics", "--format", "json")
    second = run("--statistics", "--format", "json")
    assert first.out == second.out
    assert first.status == second.status == 1
    assert "reports taken from the cache: 1" in second.err
    assert "reports taken from the cache" not in first.err
    assert own_cache.is_dir()


def test_no_cache_neither_uses_nor_keeps_anything(project: Path, run: Run, own_cache: Path) -> None:
    run("--no-cache")
    assert not own_cache.exists()
    run()
    assert "reports taken from the cache" not in run("--no-cache", "--statistics").err


def test_the_folder_is_named_by_an_option(project: Path, run: Run, own_cache: Path, tmp_path: Path) -> None:
    run("--cache-dir", str(tmp_path / "shared"))
    assert (tmp_path / "shared" / "CACHEDIR.TAG").is_file()
    assert not own_cache.exists()
    assert "reports taken from the cache: 1" in run("--cache-dir", str(tmp_path / "shared"), "--statistics").err


def test_a_cache_that_cannot_be_is_said_once_and_the_run_goes_on(project: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("--cache-dir", str(tmp_path / "file"))
    assert result.status == 1
    assert "PUR001" in result.out
    assert result.err.count("going on without it") == 1
    assert f"the cache folder {tmp_path / 'file'} cannot be" in result.err


def test_info_tells_how_much_there_is_and_clear_deletes_it(project: Path, run: Run, own_cache: Path) -> None:
    run()
    told = run("cache", "info").out
    assert f"folder: {own_cache}\n" in told
    assert "entries: 0" not in told
    assert "MiB of at most 1024.0 MiB" in told
    assert run("cache", "clear").out.startswith("deleted ")
    assert "entries: 0\n" in run("cache", "info").out
    assert "reports taken from the cache" not in run("--statistics").err


def test_info_and_clear_of_a_cache_that_is_not_there_tell_so(project: Path, run: Run) -> None:
    assert "entries: 0\n" in run("cache", "info").out
    assert run("cache", "clear").out.startswith("deleted 0 entries ")
