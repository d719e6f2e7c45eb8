from __future__ import annotations

import datetime
from pathlib import PurePath

import tomli

from purposelint.config.drafts import exception_draft

TODAY = datetime.date(2026, 6, 15)
TOML = PurePath("purposes.toml")


def drafted(text: str, file: PurePath = TOML) -> str:
    draft = exception_draft(text, file, "phone", 'the "sink"', TODAY)
    assert draft is not None
    return text + draft


def test_an_exception_has_all_its_keys_and_leaves_open_what_only_a_person_can_say() -> None:
    found = tomli.loads(drafted('[purposes]\na = "A"\n'))
    assert found["purposes"] == {"a": "A"}
    assert found["exception"] == [
        {"source": "phone", "sink": 'the "sink"', "reason": "", "owner": "", "expires": datetime.date(2026, 9, 13)}
    ]


def test_it_goes_behind_those_that_there_are() -> None:
    found = tomli.loads(drafted(drafted("")))
    assert len(found["exception"]) == 2


def test_in_pyproject_it_is_one_of_the_tools_tables() -> None:
    found = tomli.loads(drafted("[tool.purposelint]\n[tool.other]\nx = 1", PurePath("pyproject.toml")))
    assert found["tool"]["purposelint"]["exception"][0]["source"] == "phone"
    assert found["tool"]["other"] == {"x": 1}


def test_line_ends_stay_what_they_are() -> None:
    assert "\n" not in drafted('[purposes]\r\na = "A"\r\n').replace("\r\n", "")


def test_there_is_none_for_a_file_that_could_not_be_read_with_it() -> None:
    assert exception_draft("exception = []", TOML, "a", "b", TODAY) is None
    assert exception_draft("[[", TOML, "a", "b", TODAY) is None
