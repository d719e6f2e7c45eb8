"""Entries that one file alone matches: what is not run for them, and that they are stale exactly where they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import purposelint
from purposelint.dataflow.alone import Alone
from purposelint.dataflow.roots import MAX_NAMING
from support.small_project import write

ANNOTATIONS = """\
packs = ["taxonomy"]

[purposes]
service = "Deliver"

[[sink]]
id = "use"
match = "{}"
purpose = "service"
"""

MATCHED = {
    "a module's function": (
        "json.dumps()",
        """\
import json


def used(rows):
    return json.dumps(rows)
""",
    ),
    "by another name": (
        "json.dumps()",
        """\
from json import dumps


def used(rows):
    return dumps(rows)
""",
    ),
    "by a name of the file's own": (
        "json.dumps()",
        """\
from json import dumps as text_of


def used(rows):
    return text_of(rows)
""",
    ),
    "of a library without a model": (
        "tracker.Client.track()",
        """\
import tracker


def used(name):
    tracker.Client(name).track(name)
""",
    ),
    "of an object of the module": (
        "logging.Logger.error()",
        """\
import logging

logger = logging.getLogger(__name__)


def used(name):
    logger.error('no %s', name)
""",
    ),
    "in a handler": (
        "logging.Logger.error()",
        """\
import logging
import tracker

logger = logging.getLogger(__name__)


def used(name):
    try:
        tracker.track(name)
    except tracker.Error:
        logger.error('no %s', name)
""",
    ),
    "below a test of a parameter": (
        "json.dumps()",
        """\
import json


def used(rows):
    if rows:
        return json.dumps(rows)
    return None
""",
    ),
    "in a method": (
        "json.dumps()",
        """\
import json


class Use:
    def used(self, rows):
        return json.dumps([self.name, rows])
""",
    ),
    "an attribute that is written": (
        "guest.note",
        """\
def used(guest):
    guest.note = 'x'
""",
    ),
}

NOT_MATCHED = {
    "below a constant that is false": (
        "json.dumps()",
        """\
import json

DEBUG = False


def used(rows):
    if DEBUG:
        json.dumps(rows)
""",
    ),
    "below a constant of another file": (
        "json.dumps()",
        """\
import json
from flags import DEBUG


def used(rows):
    if DEBUG:
        json.dumps(rows)
""",
    ),
    "below what is made of one": (
        "json.dumps()",
        """\
import json
import flags

VERBOSE = flags.DEBUG


def used(rows):
    if VERBOSE:
        json.dumps(rows)
""",
    ),
    "behind what another file never gives": (
        "json.dumps()",
        """\
import json
from flags import refuse


def used(rows):
    return json.dumps(refuse(rows))
""",
    ),
    "behind what a class of another file never gives": (
        "json.dumps()",
        """\
import json
from flags import Never


class Use(Never):
    def used(self):
        return json.dumps(self.rows())
""",
    ),
    "of a parameter that is never true where it is called": (
        "json.dumps()",
        """\
import json


def used(rows, loud):
    if loud:
        json.dumps(rows)
""",
    ),
    "another thing of that name": (
        "json.dumps()",
        """\
from flags import dumps


def used(rows):
    return dumps(rows)
""",
    ),
    "another thing by a name of the file's own": (
        "json.dumps()",
        """\
from flags import dumps as text_of


def used(rows):
    return text_of(rows)
""",
    ),
    "in a comment": (
        "json.dumps()",
        """\
def used(rows):
    return rows  # json.dumps(rows)
""",
    ),
}

OTHERS = {
    "flags.py": (
        "DEBUG = False\n\n\ndef refuse(rows):\n    raise ValueError(rows)\n\n\ndef dumps(rows):\n    return rows\n\n\n"
        "class Never:\n    def rows(self):\n        raise TypeError\n"
    ),
    "calls.py": "import use\n\n\ndef call(rows):\n    use.used(rows, False)\n",
}


def _codes(folder: Path, pattern: str, files: Mapping[str, str]) -> list[str]:
    write(folder, {"purposes.toml": ANNOTATIONS.format(pattern), **files})
    return [finding.code for finding in purposelint.analyse(folder).findings]


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is looked at alone: what names the entry is run in the whole program."""
    monkeypatch.setattr(Alone, "matches", lambda *_: False)


@pytest.mark.parametrize("case", MATCHED)
def test_what_one_file_alone_matches_is_not_stale(tmp_path: Path, case: str) -> None:
    pattern, use = MATCHED[case]
    write(tmp_path, {"purposes.toml": ANNOTATIONS.format(pattern), "use.py": use, **OTHERS})

    report = purposelint.analyse(tmp_path)

    assert [finding.code for finding in report.findings] == []
    assert report.statistics["files parsed"] in (1, 2)  # that, and the one that names the function


@pytest.mark.parametrize("case", MATCHED)
@pytest.mark.usefixtures("searched")
def test_nor_is_it_where_the_whole_program_is_searched(tmp_path: Path, case: str) -> None:
    pattern, use = MATCHED[case]

    assert _codes(tmp_path, pattern, {"use.py": use, **OTHERS}) == []


@pytest.mark.parametrize("case", NOT_MATCHED)
def test_what_hangs_on_other_files_is_stale_as_it_is_there(tmp_path: Path, case: str) -> None:
    pattern, use = NOT_MATCHED[case]

    assert _codes(tmp_path, pattern, {"use.py": use, **OTHERS}) == ["PUR904"]


@pytest.mark.parametrize("case", NOT_MATCHED)
@pytest.mark.usefixtures("searched")
def test_and_where_the_whole_program_is_searched(tmp_path: Path, case: str) -> None:
    pattern, use = NOT_MATCHED[case]

    assert _codes(tmp_path, pattern, {"use.py": use, **OTHERS}) == ["PUR904"]


def test_nothing_is_looked_for_where_so_many_files_name_it_that_it_would_not_be_told(tmp_path: Path) -> None:
    files = {f"use_{number}.py": "def used(rows):\n    return rows.dumps\n" for number in range(MAX_NAMING + 1)}
    write(tmp_path, {"purposes.toml": ANNOTATIONS.format("json.dumps()"), "json_use.py": "import json\n", **files})

    report = purposelint.analyse(tmp_path)

    assert [finding.code for finding in report.findings] == []
    assert report.statistics["files parsed"] == 0
