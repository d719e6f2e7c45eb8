"""Calls of builtins with any arguments, wrong ones too, are analysed to the end."""

from __future__ import annotations

import builtins
from pathlib import Path
from types import GeneratorType

import pytest

import purposelint
from support.expectations import LANGUAGE

_ARGUMENTS = ["", "data", "*many", "**more", "data, data", "data, *many", "key=data", "None"]
_RECEIVERS: dict[str, type] = {
    "data": str, "'text'": str, "1": int,
    "b'bytes'": bytes, "[data]": list, "(data,)": tuple, "{data}": set, "{'key': data}": dict,
    "object()": object, "ValueError(data)": ValueError, "(each for each in [data])": GeneratorType,
}  # fmt: skip


def _builtins() -> list[str]:
    names = [name for name in dir(builtins) if not name.startswith("_") and callable(getattr(builtins, name))]
    return [f"{name}({given})" for name in names for given in _ARGUMENTS]


def _methods() -> list[str]:
    return [
        f"({receiver}).{name}({given})"
        for receiver, kind in _RECEIVERS.items()
        for name in dir(kind)
        for given in ("", "*many")
    ]


@pytest.mark.parametrize("calls", [_builtins(), _methods()], ids=["functions", "methods"])
def test_calls_with_any_arguments_are_analysed(calls: list[str], tmp_path: Path) -> None:
    cases = [
        f"def case_{number}(many, more):\n    data = source()\n    sink({call})\n" for number, call in enumerate(calls)
    ]
    text = "\n".join(["from probe import sink, source", *cases, "def last():\n    sink(source())\n"])
    (tmp_path / "calls.py").write_text(text, encoding="utf-8")

    report = purposelint.analyse(tmp_path, LANGUAGE / "purposes.toml")

    assert report.errors == ()
    assert text.count("\n") in {finding.span.line for finding in report.findings}
