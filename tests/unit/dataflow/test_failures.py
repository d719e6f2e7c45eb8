"""A mistake in the interpreter costs the function at which it was met, and is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from purposelint.cache import Store
from purposelint.dataflow import calls
from purposelint.dataflow.frame import Arguments, Frame
from purposelint.dataflow.values import External, Value
from purposelint.facts import syntax as s
from support.small_project import FILES, write

BAD = "import ads\nimport trouble\nfrom accounts import User\n\n\ndef bad(user: User):\n    trouble.start(user.phone)\n"


def test_the_rest_is_analysed_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**FILES, "jobs/bad.py": BAD, "jobs/called.py": BAD.replace("bad(", "again(")})
    known = calls.call_external

    def failing(
        frame: Frame, atom: External, args: Arguments, at: int, node: s.Expr | None, receiver: Value | None
    ) -> Value:
        if atom.trail[0] == "trouble":
            raise KeyError("trouble")
        return known(frame, atom, args, at, node, receiver)

    monkeypatch.setattr(calls, "call_external", failing)
    report = purposelint.analyse(tmp_path)
    assert [(finding.code, finding.path) for finding in report.findings] == [("PUR001", "jobs/sync.py")]
    assert [(error.code, error.path, error.span.line) for error in report.errors] == [
        ("PUR901", "jobs/bad.py", 6),
        ("PUR901", "jobs/called.py", 6),
    ]
    assert report.errors[0].message == (
        "cannot be analysed in bad, by a mistake in purposelint itself (KeyError: 'trouble'); please report it"
    )


def test_a_run_in_which_something_failed_is_not_taken_over_by_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "project"
    write(root, {**FILES, "jobs/bad.py": BAD.replace("trouble.start", "ads.send")})
    cache = Store(tmp_path / "cache")
    with monkeypatch.context() as broken:
        broken.setattr(calls, "call_unknown", None)
        broken.setattr(calls, "_call_one", None)
        broken.setattr(calls, "dispatch", None)
        assert purposelint.analyse(root, cache=cache).errors
    (root / "jobs/clean.py").write_text("def clean():\n    return 2\n", encoding="utf-8")
    report = purposelint.analyse(root, cache=cache)
    assert report.errors == ()
    assert len(report.findings) == 2
