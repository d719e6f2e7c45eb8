"""Which functions are run: data may come from one that names the source of something else."""

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
match = "models.Order.email"
purposes = ["service"]

[[sink]]
id = "channel"
match = "shop.channel.send()"
purpose = "sharing"
"""

MODELS = """\
class Order:
    def __init__(self, email):
        self.email = email
        self.size = len(email)

"""

VIEW = """\
from models import Order
from shop.giving import give


def view(thing, mail):
    thing.show(thing.email)
    give(Order(mail))
"""

FILES = {
    "purposes.toml": ANNOTATIONS,
    "models.py": MODELS,
    "shop/__init__.py": "",
    "shop/channel.py": "def send(text):\n    pass\n",
}


@pytest.mark.parametrize(("read", "expected"), [("email", ["PUR001"]), ("size", [])])
def test_who_hands_over_what_has_the_source_is_run_though_it_reads_another_of_the_same_name(
    tmp_path: Path, read: str, expected: list[str]
) -> None:
    giving = f"from .channel import send\n\n\ndef give(row):\n    show(row.email)\n    send(row.{read})\n"
    write(tmp_path, {**FILES, "shop/giving.py": giving, "view.py": VIEW})

    findings = purposelint.analyse(tmp_path).findings

    assert [finding.code for finding in findings] == expected


def test_a_sink_in_a_package_that_is_only_imported_from_inside_is_not_stale(tmp_path: Path) -> None:
    giving = "from .channel import send\n\n\ndef give(row):\n    send('a')\n"
    write(tmp_path, {**FILES, "shop/giving.py": giving})

    findings = purposelint.analyse(tmp_path).findings

    assert [(finding.code, "email" in finding.message) for finding in findings] == [("PUR904", True)]
