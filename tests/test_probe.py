"""The probe recognises its mark in what programs make of it, and only there."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import pickle
from collections import UserList, UserString, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote_plus

import pytest

from support import language, probe
from support.expectations import expectations
from support.probe import (
    Number,
    marked,
    safe,
    safe_dict,
    safe_object,
    source,
    source_dict,
    source_number,
    source_object,
)
from support.truth import interpreter, truth_of


@dataclass
class Letter:
    body: object


class Slotted:
    __slots__ = ("body",)

    def __init__(self, body: object) -> None:
        self.body = body


def _caused(text: str) -> Exception:
    error = ValueError("outer")
    error.__cause__ = KeyError(text)
    return error


def _cyclic(text: str) -> list[object]:
    ring: list[object] = []
    ring += [ring, text]
    return ring


WAYS: dict[str, Callable[[str], object]] = {
    "as it is": lambda text: text,
    "in a sentence": lambda text: f"<{text:>40}>",
    "upper case": str.upper,
    "title": str.title,
    "reversed": lambda text: text[::-1],
    "a piece": lambda text: text[3:8],
    "split": lambda text: text.split("-"),
    "letters": list,
    "letters, joined": ", ".join,
    "bytes": str.encode,
    "utf-16": lambda text: text.encode("utf-16"),
    "numbers of the bytes": lambda text: list(text.encode()),
    "hex": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"ÿþ{text}".encode()).decode().rstrip("="),
    "base64 in the middle": lambda text: base64.b64encode(b"x" + text.encode()).decode(),
    "URL quoting": lambda text: quote_plus(f"<{text}>"),
    "JSON": lambda text: json.dumps({"a": [text]}),
    "pickle": pickle.dumps,
    "gzip": lambda text: gzip.compress(text.encode()),
    "hash": lambda text: hashlib.sha256(text.lower().encode()).hexdigest(),
    "whole number": lambda text: int.from_bytes(text.encode(), "little"),
    "key": lambda text: {text: 1},
    "deep": lambda text: {"a": [({"b": deque([text])},)]},
    "dataclass": Letter,
    "slots": Slotted,
    "namespace": lambda text: SimpleNamespace(a=SimpleNamespace(b=text)),
    "exception": lambda text: ValueError("wrong", text),
    "cause of an exception": _caused,
    "generator": lambda text: (part for part in [1, text]),
    "map": lambda text: map(str.upper, [text]),
    "view": lambda text: {"a": text}.values(),
    "itself contained": _cyclic,
    "text, wrapped": UserString,
    "list, wrapped": lambda text: UserList(["a", text]),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_the_mark_is_recognised_and_other_text_is_not(way: Callable[[str], object]) -> None:
    assert marked(way(source()))
    assert not marked(way("Ordinary text, as long as the mark"))
    assert not marked(way(safe()))


def test_what_says_little_about_the_mark_is_not_marked() -> None:
    assert not marked([len(source()), source() == safe(), source().isdigit(), source().find("@")])
    assert not marked(source)


def test_numbers_computed_from_a_marked_number_are_marked() -> None:
    assert marked(source_number() * 2 + 1)
    assert marked(f"{1 + source_number()}")
    assert isinstance(7 - source_number(), Number)
    assert not marked(source_number() > 3)
    assert not marked([7305, 19, 10_000_000_000, "tel. 0123456789"])


def test_every_leaf_of_the_structures_is_marked() -> None:
    record, person = source_dict(), source_object()

    assert all(map(marked, [*record.values(), *record["address"].values(), *vars(person).values()]))
    assert not marked(list(record))
    assert not marked([safe_dict(), safe_object(), "__getattr__", "a_b_c_d_e_f", "+-_-+", "deadbeef-0123-cafe"])


def test_a_run_tells_where_the_mark_arrived(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "from probe import safe, sink, source\nimport two\n"
        "def case_first():\n    two.kept.append(source())\n    sink(two.kept)\n"
        "async def case_second():\n    sink(two.kept)\n    sink(\n        source(),\n    )\n"
        "def case_breaks():\n    raise KeyError(1)\n"
        "def case_hangs():\n    while True: pass\n"
    )
    (tmp_path / "two.py").write_text("kept = []\n")
    (tmp_path / "later_py399.py").write_text("a syntax to come\n")

    truth = truth_of(tmp_path)

    assert truth.arrived == {("one.py", 5), ("one.py", 8)}
    assert truth.reached == {("one.py", 5), ("one.py", 7), ("one.py", 8)}
    assert truth.skipped == ("later_py399.py",)
    assert [problem.split(":")[0] for problem in truth.problems] == ["one.case_breaks", "one.case_hangs"]
    assert interpreter(399) is None


def test_a_comment_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("sink(1)  # expect: PUR001, PUR002\nsink(2)  # gap: PUR001 threads\n")
    assert [(one.line, one.kind, one.code, one.reason) for one in expectations(tmp_path)] == [
        (1, "expect", "PUR001", ""),
        (1, "expect", "PUR002", ""),
        (2, "gap", "PUR001", "threads"),
    ]
    (tmp_path / "one.py").write_text("sink(1)  # expects PUR001\n")
    with pytest.raises(ValueError, match=r"one\.py:1"):
        expectations(tmp_path)
    (tmp_path / "one.py").write_text("sink(1)  # noise: PUR001\n")
    with pytest.raises(ValueError, match="needs a reason"):
        expectations(tmp_path)


def test_the_table_counts_what_the_analysis_does_not_what_the_comments_hope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.py").write_text(
        "def case_one():\n"
        "    sink(1)  # expect: PUR001\n"
        "    sink(2)  # gap: PUR001 threads\n"
        "    sink(3)  # noise: PUR001 lengths\n"
        "    sink(4)\n"
        "    sink(5)  # expect: PUR001\n"
    )
    lines = {2, 3, 5}
    monkeypatch.setattr(language, "found", lambda _: {("one.py", line, "PUR001") for line in lines})

    assert language.row(tmp_path) == language.Row(tmp_path.name, programs=1, checked=5, gap=1, noise=1)
    assert str(language.Row("loops", programs=1, checked=5, gap=1, noise=1)) == "| loops | 1 | 5 | 3 | 1 | 1 |"


def test_no_piece_of_the_mark_is_in_what_is_drawn_by_chance() -> None:
    assert [piece for piece in probe._PIECES if set(piece) <= set("0123456789abcdef-")] == []
