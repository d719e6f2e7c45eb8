"""`nodes` leaves out fields in which no syntax can be; what is looked at field by field must be the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from purposelint.facts.syntax import Module
from purposelint.facts.walking import nodes
from purposelint.syntax import lower, run_deep

SOURCES = sorted((Path(__file__).parents[3] / "fixtures" / "language").glob("[a-c]*/*.py"))


def everything(queue: list[object]) -> Iterator[object]:
    for part in queue:
        if type(part) is tuple:
            queue.extend(part)
        elif is_dataclass(part):
            yield part
            queue.extend(getattr(part, field.name) for field in fields(part))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parent.name)
def test_all_syntax_is_met_in_order(path: Path) -> None:
    module: Module = run_deep(lower, path.read_bytes())

    met = list(nodes(module))

    assert [id(each) for each in met] == [id(each) for each in everything([module])]
