"""Reading the file itself: what cannot be read, ``pyproject.toml``, files that extend others."""

from __future__ import annotations

import datetime
import os
import random
from pathlib import Path

import pytest

from purposelint.config import load
from purposelint.errors import ConfigError, ConfigMistake

FIXTURES = Path(__file__).parents[3] / "fixtures" / "annotations"
SINK = '[[sink]]\nid = "s"\nmatch = "s.send(body)"\npurpose = "service"\n'


def mistakes(path: Path, root: Path) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(path, root=root)
    return [str(mistake) for mistake in raised.value.mistakes]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xef\xbb\xbf[purposes]\n", "1:1: begins with a byte order mark; save it as UTF-8 without one"),
        ("[purposes]\n".encode("utf-16"), "1:1: begins with a byte order mark; save it as UTF-8 without one"),
        ("x = 1\ny = 'é".encode("latin-1"), "2:6: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"a = " + b"[" * 100_000, "1: is nested too deeply"),
        (b"a = 1\x00", "1:6: is no TOML: Expected newline or end of document after a statement"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_remedy(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "purposes.toml"
    path.write_bytes(content)
    assert mistakes(path, tmp_path) == [f"purposes.toml:{told}"]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "no.toml", tmp_path) == ["no.toml:1: there is no such file"]
    (told,) = mistakes(tmp_path, tmp_path.parent)
    assert told.endswith(":1: is not a file; name the annotation file itself, such as purposes.toml")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.touch(0o000)
    assert mistakes(path, tmp_path) == ["purposes.toml:1: may not be read; check the file's permissions"]


def test_integers_longer_than_python_reads_are_told(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text(f"x = {'1' * 5000}")
    (told,) = mistakes(path, tmp_path)
    assert told.startswith("purposes.toml:1: is no TOML: ")


def test_windows_line_ends_do_not_move_places(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_bytes(SINK.replace("s.send", "s..send").replace("\n", "\r\n").encode())
    (told,) = mistakes(path, tmp_path)
    assert told.startswith('purposes.toml:3:12: sink[0].match: "s..send(body)" is no pattern')


def test_a_file_beside_or_above_the_root_is_shown_from_there(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text("x = 1")
    (told,) = mistakes(path, tmp_path / "services" / "shop")
    assert told.startswith("../../purposes.toml:1: x: there is no such key")


def test_a_file_that_has_no_folder_in_common_with_the_root_is_shown_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text("x = 1")
    (told,) = mistakes(path, Path(tmp_path.anchor, "elsewhere"))
    assert told.startswith(f"{path.as_posix()}:1: x: there is no such key")


def test_the_table_of_a_pyproject_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    text = '[project]\nname = "x"\n[tool.purposelint]\nexclude = ["tests/"]\n'
    path.write_text(text + SINK.replace("[[sink]]", "[[tool.purposelint.sink]]"))
    annotations = load(path, root=tmp_path)
    assert annotations.exclude == ("tests/",)
    assert [(sink.id, sink.origin.line) for sink in annotations.sinks if sink.pack is None] == [("s", 7)]


def test_mistakes_in_a_pyproject_are_placed_there(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n[tool.purposelint.codes]\nPUR999 = "off"\n')
    assert mistakes(path, tmp_path) == ['pyproject.toml:4: codes.PUR999: "PUR999" is no code; did you mean "PUR904"?']


def test_a_pyproject_without_the_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool]\npurposelint = "yes"\n')
    (told,) = mistakes(path, tmp_path)
    assert told.startswith("pyproject.toml:1: has no [tool.purposelint] table")


def test_mistakes_of_extended_files_are_told_with_those_of_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "purposes.toml").write_text('[codes]\nPUR001 = "loud"\n')
    (tmp_path / "app" / "purposes.toml").write_text('extend = "../purposes.toml"\nx = 1\n')
    told = mistakes(tmp_path / "app" / "purposes.toml", tmp_path)
    assert [mistake.partition(": ")[0] for mistake in told] == ["app/purposes.toml:2", "purposes.toml:2"]


def test_files_that_extend_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extend = "b.toml"')
    (tmp_path / "b.toml").write_text('extend = "./a.toml"')
    assert mistakes(tmp_path / "a.toml", tmp_path) == [
        'b.toml:1: extend: "./a.toml" comes back to a file that is read already'
    ]


def test_an_extended_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extend = "b.toml"')
    (tmp_path / "b.toml").write_text("= 1")
    assert mistakes(tmp_path / "a.toml", tmp_path) == ["b.toml:1:1: is no TOML: Invalid statement"]


def test_the_date_that_a_message_proposes_follows_today(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text('[[exception]]\nsource = "a.b"\nsink = "s"\nreason = "r"\nowner = "o"\n' + SINK)
    with pytest.raises(ConfigError, match="expires = 2030-04-01"):
        load(path, root=tmp_path, today=datetime.date(2030, 1, 1))


def test_keys_with_thousands_of_dots_do_not_break_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text(f"[purposes]\n{'a.' * 800}a = 'deep'\n[data]\n{'b.' * 800}b.x = 1\n")
    (told,) = mistakes(path, tmp_path)
    assert told.endswith(".x: there is no such key")


@pytest.mark.parametrize("name", ["contract", "every_form"])
def test_a_damaged_file_loads_or_is_told_and_nothing_else_happens(tmp_path: Path, name: str) -> None:
    text = (FIXTURES / "valid" / f"{name}.toml").read_text("utf-8").replace('extend = "shared/group.toml"\n', "")
    damage = random.Random(name)
    path = tmp_path / "purposes.toml"
    for _ in range(150):
        damaged = list(text)
        for _ in range(damage.randint(1, 3)):
            at = damage.randrange(len(damaged))
            damaged[at : at + damage.randint(0, 4)] = damage.choice(["", '"', "[", "]", "=", "{", "\n", "1", ".", "x"])
        path.write_text("".join(damaged), "utf-8")
        told: tuple[ConfigMistake, ...] = ()
        try:
            load(path, root=tmp_path)
        except ConfigError as error:
            told = error.mistakes
        lines = "".join(damaged).count("\n") + 1
        assert all(1 <= mistake.line <= lines for mistake in told)
