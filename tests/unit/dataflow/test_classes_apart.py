"""Of an instance of a known class, a test for another class is decided where no class of the project is both."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "guest.email"
purposes = ["service"]

[[sink]]
id = "channel"
match = "client.send()"
purpose = "sharing"
"""

PEOPLE = """\
from library import Row


class Guest(Row):
    pass


class Team(Row):
    pass


class Host(Guest):
    pass
"""

USE = """\
import client
from people import Guest, Host, Team


def use(guest: Guest):
    if isinstance(guest, {}):
        client.send(guest.email)
"""

BOTH = "from people import Guest, Team\n\n\nclass Delegate(Guest, Team):\n    pass\n"
HEIR_OF_HEIR = "from people import Host, Team\n\n\nclass Delegate(Host, Team):\n    pass\n"
OTHERS = "from people import Guest, Team\n\n\nclass Squad(Team):\n    guest: Guest\n"


@pytest.mark.parametrize(
    ("tested", "others", "expected"),
    [
        ("Team", OTHERS, 0),
        ("Team", BOTH, 1),
        ("Team", HEIR_OF_HEIR, 1),
        ("Host", OTHERS, 1),
        ("Guest", OTHERS, 1),
        ("(Team, Guest)", OTHERS, 1),
        ("somewhere", OTHERS, 1),
    ],
)
def test_a_test_for_a_class_is_decided_where_no_class_inherits_from_both(
    tmp_path: Path, tested: str, others: str, expected: int
) -> None:
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS,
            "people.py": PEOPLE,
            "others.py": others,
            "use.py": USE.format(tested).replace("import client", "import client\nfrom library import somewhere"),
        },
    )

    findings = purposelint.analyse(tmp_path).findings

    assert [found.code for found in findings].count("PUR001") == expected
