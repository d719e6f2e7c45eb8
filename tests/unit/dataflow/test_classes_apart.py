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


PLAIN = """\
class Guest:
    pass


class Host(Guest):
    pass
"""
BUILTIN_TOO = "from people import Guest\n\n\nclass Crowd(Guest, list):\n    pass\n"
FROM_ELSEWHERE = "from library import Row\nfrom people import Host\n\n\nclass Crowd(Host, Row):\n    pass\n"
GENERIC = "from people import Guest\n\n\nclass Guide(Guest):\n    pass\n"


@pytest.mark.parametrize(
    ("tested", "people", "others", "expected"),
    [
        ("list", PLAIN, GENERIC, 0),
        ("(dict, str)", PLAIN, GENERIC, 0),
        ("(list, Guest)", PLAIN, GENERIC, 1),
        ("object", PLAIN, GENERIC, 1),
        ("list", PLAIN, BUILTIN_TOO, 1),
        ("list", PLAIN, FROM_ELSEWHERE, 1),
        ("list", PEOPLE, "", 1),
    ],
)
def test_a_test_for_a_builtin_class_is_decided_where_all_bases_are_known(
    tmp_path: Path, tested: str, people: str, others: str, expected: int
) -> None:
    use = USE.format(tested).replace(", Host, Team", "")
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": people, "others.py": others, "use.py": use})

    findings = purposelint.analyse(tmp_path).findings

    assert [found.code for found in findings].count("PUR001") == expected


def test_a_generic_function_takes_what_is_registered_for_the_class(tmp_path: Path) -> None:
    code = (
        "from functools import singledispatch\n\nimport client\nfrom people import Guest\n\n\n"
        '@singledispatch\ndef shown(value):\n    return "?"\n\n\n'
        "@shown.register\ndef _(guest: Guest):\n    return guest.email\n\n\n"
        "@shown.register(list)\n@shown.register(tuple)\ndef _many(values):\n"
        "    return [shown(value) for value in values]\n\n\n"
        "def use(guest: Guest):\n"
        "    client.send(shown(guest))\n"
        "    client.send(shown([guest]))\n"
        '    client.send(shown("text"))\n'
        "    client.send(shown([3]))\n"
    )
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "people.py": PLAIN, "use.py": code})

    assert [found.span.line for found in purposelint.analyse(tmp_path).findings] == [24, 25]


def test_a_class_that_is_made_by_a_call_may_be_any(tmp_path: Path) -> None:
    code = (
        "from collections import namedtuple\n\nimport client\n\n"
        'Fee = namedtuple("Fee", ("value",))\nTax = namedtuple("Tax", ("value",))\n\n\n'
        "class Till:\n    Item = Fee\n    Other = Tax\n\n"
        "    def pay(self, guest, items: list[Fee], one: Fee):\n"
        "        for item in [*items, one]:\n"
        "            if isinstance(item, self.Other):\n                client.send(guest.email)\n"
        "            if isinstance(item, Tax):\n                client.send(guest.email)\n"
    )
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "till.py": code})
    report = purposelint.analyse(tmp_path)
    assert report.errors == ()
    assert {finding.span.line for finding in report.findings} <= {16, 18}
