"""The standard-library models say what the standard library does: both are run, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli

from support import native_models

CASES = Path(__file__).parent / "support" / "stdlib_cases"


def _cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.toml")):
        for module, programs in tomli.loads(path.read_text(encoding="utf-8")).items():
            for key, expected in (("carries", True), ("does_not_carry", False)):
                for number, program in enumerate(programs[key]):
                    yield pytest.param(program, expected, id=f"{module}-{key}-{number}")


@pytest.mark.parametrize(("program", "expected"), list(_cases()))
def test_a_model_lets_marked_data_out_exactly_where_the_library_does(program: str, expected: bool) -> None:
    assert native_models.carries(program) is expected, "the table is wrong about the library"
    assert native_models.may_carry(program) is expected, "the model differs from the library"
