"""The files under ``fixtures/annotations``: what is right loads, what is wrong is told exactly as the file expects.

A wrong file carries its expectations: ``# error: LINE[:COLUMN] MESSAGE``, compared as a list in order.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from purposelint.config import load
from purposelint.errors import ConfigError

FIXTURES = Path(__file__).parents[3] / "fixtures" / "annotations"
TODAY = datetime.date(2026, 11, 22)
EXPECTED = re.compile(r"^# error: (\S+) (.*)$", re.MULTILINE)


def files(folder: str) -> list[Path]:
    return sorted((FIXTURES / folder).glob("*.toml"))


@pytest.mark.parametrize("path", files("invalid"), ids=lambda path: path.stem)
def test_a_wrong_file_is_told_all_its_mistakes_at_once(path: Path) -> None:
    expected = [f"{path.name}:{place}: {message}" for place, message in EXPECTED.findall(path.read_text("utf-8"))]
    assert expected, "a fixture without expectations proves nothing"
    with pytest.raises(ConfigError) as raised:
        load(path, root=path.parent, today=TODAY)
    assert [str(mistake) for mistake in raised.value.mistakes] == expected


@pytest.mark.parametrize("path", files("valid"), ids=lambda path: path.stem)
def test_a_right_file_loads(path: Path) -> None:
    assert load(path, root=path.parent, today=TODAY).path == path.name


def test_eight_different_mistakes_give_eight_messages() -> None:
    path = FIXTURES / "invalid" / "eight_mistakes.toml"
    with pytest.raises(ConfigError) as raised:
        load(path, root=path.parent, today=TODAY)
    mistakes = raised.value.mistakes
    assert len({mistake.line for mistake in mistakes}) == len({mistake.message for mistake in mistakes}) == 8
    assert str(raised.value) == "\n".join(str(mistake) for mistake in mistakes)
