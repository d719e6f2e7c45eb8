from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from purposelint.cache import Content, Store, digest

KEY = digest("key")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, told: list[str]) -> Iterator[Store]:
    with Store(tmp_path / "kept", tell=told.append) as store:
        yield store


def entries(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.entry"))


def test_what_is_put_is_got(store: Store) -> None:
    store.put("facts", KEY, b"value")
    assert store.get("facts", KEY) == b"value"


def test_nothing_is_got_by_another_key_or_of_another_kind(store: Store) -> None:
    store.put("facts", KEY, b"value")
    assert store.get("facts", digest("other")) is None
    assert store.get("report", KEY) is None


def test_what_is_put_again_replaces_what_was_there(store: Store) -> None:
    store.put("facts", KEY, b"before")
    store.put("facts", KEY, b"after")
    assert store.get("facts", KEY) == b"after"
    assert len(entries(store.folder)) == 1


def test_a_store_that_was_only_asked_leaves_no_folder(store: Store) -> None:
    assert store.get("facts", KEY) is None
    store.close()
    assert not store.folder.exists()


def test_the_folder_says_to_backups_and_to_git_what_it_is(store: Store) -> None:
    store.put("facts", KEY, b"value")
    assert (store.folder / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert (store.folder / ".gitignore").read_text("utf-8") == "*\n"


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"x",
        lambda whole: b"",
        lambda whole: b"\0" * len(whole),
        lambda whole: whole.replace(b"value", b"vague"),
        lambda whole: whole.replace(b"purposelint 1", b"purposelint 2"),
    ],
    ids=["cut", "longer", "empty", "zeros", "changed", "another form"],
)
def test_a_damaged_entry_is_as_good_as_none_and_is_deleted(store: Store, told: list[str], damage: object) -> None:
    store.put("facts", KEY, b"value")
    (entry,) = entries(store.folder)
    assert callable(damage)
    entry.write_bytes(damage(entry.read_bytes()))
    assert store.get("facts", KEY) is None
    assert entries(store.folder) == []
    store.put("facts", KEY, b"value")
    assert store.get("facts", KEY) == b"value"
    assert told == []


def test_a_full_disk_is_told_once_and_leaves_nothing_half_written(
    store: Store, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("facts", KEY, b"value")

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    store.put("facts", digest("second"), b"value")
    store.put("facts", digest("third"), b"value")
    assert told == [
        f"the cache folder {store.folder} cannot be written to (No space left on device); going on without it"
    ]
    assert len([path for path in store.folder.rglob("*") if path.is_file() and path.parent != store.folder]) == 1
    assert store.get("facts", KEY) == b"value"


def test_a_place_where_no_folder_can_be_made_is_told_once(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Store(tmp_path / "file" / "kept", tell=told.append)
    assert store.get("facts", KEY) is None
    store.put("facts", KEY, b"value")
    store.put("facts", KEY, b"value")
    store.close()
    assert len(told) == 1
    assert "cannot be written to" in told[0]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not hold for this user")
def test_a_folder_that_may_only_be_read_is_read_and_told_of_once(store: Store, told: list[str]) -> None:
    store.put("facts", KEY, b"value")
    for folder in (*store.folder.iterdir(), store.folder):
        folder.chmod(0o500)
    try:
        again = Store(store.folder, tell=told.append)
        assert again.get("facts", KEY) == b"value"
        again.put("facts", digest("second"), b"value")
        again.put("facts", digest("third"), b"value")
        assert len(told) == 1
    finally:
        for folder in (store.folder, *store.folder.iterdir()):
            folder.chmod(0o700)


def test_a_folder_that_may_not_be_read_is_told_once(
    store: Store, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("facts", KEY, b"value")

    def refused(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("builtins.open", refused)
    assert store.get("facts", KEY) is None
    assert store.get("facts", KEY) is None
    monkeypatch.undo()
    assert told == [f"the cache folder {store.folder} cannot be read (Permission denied); going on without it"]


def test_what_was_not_used_for_longest_goes_when_the_limit_is_reached(tmp_path: Path) -> None:
    one_shard = [key for key in (digest(str(number)) for number in range(2000)) if _shard(tmp_path, key) == "00"][:9]
    limit = 64 * 4 * (1000 + 50)  # a shard holds four of them
    with Store(tmp_path / "kept", limit=limit) as store:
        for age, key in enumerate(one_shard):
            store.put("facts", key, bytes(1000))
            os.utime(store._path("facts", key), (time.time() - 100_000 + age * 1000,) * 2)
        store.get("facts", one_shard[0])
    left = [key for key in one_shard if Store(tmp_path / "kept").get("facts", key) is not None]
    assert left == [one_shard[0], *one_shard[-3:]]


def test_what_would_fill_a_shard_alone_is_not_kept(tmp_path: Path, told: list[str]) -> None:
    store = Store(tmp_path / "kept", limit=64 * 100, tell=told.append)
    store.put("facts", KEY, bytes(101))
    assert store.get("facts", KEY) is None
    assert told == []


def test_what_a_killed_run_left_unfinished_goes_after_a_while(store: Store) -> None:
    store.put("facts", KEY, b"value")
    (entry,) = entries(store.folder)
    old, new = entry.with_name("1-2-3.unfinished"), entry.with_name("1-2-4.unfinished")
    for left in (old, new):
        left.write_bytes(b"pur")
    os.utime(old, (time.time() - 7200,) * 2)
    store.close()
    assert not old.exists()
    assert new.exists()
    assert store.get("facts", KEY) == b"value"


def test_the_content_is_counted_and_cleared_and_what_is_not_ours_stays(store: Store) -> None:
    for number in range(20):
        store.put("facts", digest(str(number)), bytes(100))
    (store.folder / "mine.txt").write_text("", encoding="utf-8")
    (store.folder / "00").mkdir(exist_ok=True)
    (store.folder / "00" / "mine.txt").write_text("", encoding="utf-8")
    (store.folder / "src").mkdir()
    (store.folder / "src" / "a.entry").write_text("", encoding="utf-8")
    content = store.content()
    assert content.entries == 20
    assert 20 * 100 < content.size < 20 * 200
    assert store.clear() == content
    assert store.content() == Content(0, 0)
    assert (store.folder / "mine.txt").exists()
    assert (store.folder / "00" / "mine.txt").exists()
    assert (store.folder / "src" / "a.entry").exists()


def test_a_run_goes_on_keeping_when_another_has_cleared_the_folder(store: Store, told: list[str]) -> None:
    store.put("facts", KEY, b"value")
    Store(store.folder).clear()
    store.put("facts", KEY, b"value")
    assert store.get("facts", KEY) == b"value"
    assert told == []


_WRITER = """
import sys
from pathlib import Path
from purposelint.cache import Store, digest
store = Store(Path(sys.argv[1]), limit=64 * 20_000, tell=lambda text: print(text))
print("begun", flush=True)
for turn in range(int(sys.argv[2])):
    for number in range(50):
        value = store.get("facts", digest(str(number)))
        assert value is None or value == str(number).encode() * 1000, number
        store.put("facts", digest(str(number)), str(number).encode() * 1000)
    store.close()
"""


def test_many_runs_at_once_never_see_half_of_an_entry(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path / "kept"), "10"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (run.returncode, out, err) == (0, "begun\n", "")


def test_a_run_that_is_killed_leaves_whole_entries_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path / "kept"), "100000"]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "begun\n"
            time.sleep(0.2)
            run.kill()
    store = Store(tmp_path / "kept")
    before = len(entries(store.folder))
    assert before > 0
    for number in range(50):
        assert store.get("facts", digest(str(number))) in (None, str(number).encode() * 1000)
    assert len(entries(store.folder)) == before


def _shard(tmp_path: Path, key: bytes) -> str:
    return Path(Store(tmp_path)._path("facts", key)).parent.name
