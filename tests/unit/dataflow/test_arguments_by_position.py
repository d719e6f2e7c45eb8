"""Which arguments a sink's names are, of a function whose signature is not known."""

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
id = "upload"
match = "{match}"
purpose = "sharing"
"""


@pytest.mark.parametrize(
    ("match", "call", "arrives"),
    [
        ("vendor.upload(people)", "vendor.upload(guest.email)", True),
        ("vendor.upload(people)", "vendor.upload([guest.email])", True),
        ("vendor.upload(people)", "vendor.upload(*[guest.email])", True),
        ("vendor.upload(people)", "vendor.upload('list', people=guest.email)", True),
        ("vendor.upload(people)", "vendor.upload(guest.email, people=[])", False),
        ("vendor.upload(people)", "vendor.upload(to=guest.email)", False),
        # Which of the two it is, nothing tells; the names are no positions.
        ("vendor.upload(people)", "vendor.upload(guest.email, 'text')", False),
        ("vendor.upload(people, notes)", "vendor.upload(guest.email, notes='')", True),
        ("vendor.upload(people, notes)", "vendor.upload([], guest.email)", True),
        ("vendor.upload(1, people)", "vendor.upload(guest.email)", False),
        ("vendor.upload(1, people)", "vendor.upload('list', guest.email)", True),
        # The project's own function tells by its signature.
        ("own.upload(people)", "own.upload(guest.email)", False),
        ("own.upload(people)", "own.upload('list', guest.email)", True),
    ],
)
def test_names_are_found_by_position(match: str, call: str, arrives: bool, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "purposes.toml": ANNOTATIONS.format(match=match),
            "own.py": "def upload(name='', people=()):\n    pass\n",
            "shop.py": f"import own\nimport vendor\n\n\ndef use(guest):\n    {call}\n",
        },
    )
    found = [finding.code for finding in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings]
    assert found == (["PUR001"] if arrives else [])


def test_an_exception_is_not_guessed(tmp_path: Path) -> None:
    annotations = ANNOTATIONS.format(match="vendor.upload()").replace(
        'purpose = "sharing"', 'except = ["vendor.upload(token)"]\npurpose = "sharing"'
    )
    write(
        tmp_path,
        {
            "purposes.toml": annotations,
            "shop.py": "import vendor\n\n\ndef use(guest):\n    vendor.upload(guest.email)\n",
        },
    )
    assert [finding.code for finding in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings] == ["PUR001"]
