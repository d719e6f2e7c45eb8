"""Fields that are read by names which are handed over, in projects so large that calls without data are put off."""

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
id = "street"
match = "addresses.Address.street"
purposes = ["service"]

[[sink]]
id = "partner"
match = "partners.send()"
purpose = "sharing"
"""

ADDRESSES = """\
class Address:
    public_fields = ["town", "country"]
    shown_fields = ["street", "town"]

    def __init__(self, street, town, country):
        self.street = street
        self.town = town
        self.country = country

    @property
    def summary(self):
        return ", ".join(self.values_of(self.shown_fields))

    @property
    def region(self):
        return ", ".join(self.values_of(self.public_fields))

    def line(self):
        return " ".join(self.values_of(("street",)))

    def values_of(self, fields):
        values = []
        for field in fields:
            if field == "country":
                try:
                    value = self.country.printable_name
                except AttributeError:
                    value = ""
            elif field == "summary":
                value = self.summary
            else:
                value = getattr(self, field)
            if value is not None:
                values.append(value.strip())
        return values
"""

VIEWS = """\
from partners import send
from somewhere import find


def shown(key):
    return find(key)


def tell(address):
    send("at %s" % address.{what})
"""


@pytest.fixture(autouse=True)
def _as_in_a_large_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purposelint.dataflow.invocation.MAX_SMALL", 0)


@pytest.mark.parametrize(
    ("what", "expected"), [("summary", ["street"]), ("region", []), ("line()", ["street"]), ("town", [])]
)
def test_what_is_read_by_a_name_that_is_handed_over_is_followed(tmp_path: Path, what: str, expected: list[str]) -> None:
    views = VIEWS.replace("{what}", what).replace("def tell(address):", "def tell(address: Address):")
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS,
            "addresses.py": ADDRESSES,
            "partners.py": "def send(text):\n    pass\n",
            "views.py": "from addresses import Address\n" + views,
        },
    )

    told = [each.source for each in purposelint.analyse(tmp_path).findings if each.code == "PUR001"]
    assert [source.id for source in told if source is not None] == expected
