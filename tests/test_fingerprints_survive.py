"""Findings are known again when lines move, files are renamed and code is formatted anew, and new ones are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from purposelint import analyse
from support.small_project import write

ANNOTATIONS = """\
[purposes]
security = "Protect accounts"
advertising = "Choose adverts"

[[source]]
id = "phone"
match = "user.phone"
purposes = ["security"]

[[sink]]
id = "audience"
match = "adnetwork.upload()"
purpose = "advertising"
"""

FILES = {
    "purposes.toml": ANNOTATIONS,
    "people.py": """\
def numbers(users):
    return [user.phone for user in users]


def first(user):
    return {'number': user.phone, 'kind': 'mobile'}
""",
    "helpers.py": "def clean(value):\n    return value.strip().lower()\n",
    "sync.py": """\
import adnetwork
from helpers import clean
from people import first, numbers


class Job:
    def run(self, users):
        adnetwork.upload(numbers(users)); adnetwork.upload([clean(number) for number in numbers(users)])

    def one(self, user):
        adnetwork.upload(clean(first(user)['number']), clean(user.phone))


def forward(user): adnetwork.upload(user.phone)
""",
}

REFORMATTED = {
    "people.py": """\
\"\"\"Who our people are.\"\"\"


def first(user):
    return {
        "number": (
            user.phone  # as they gave it
        ),
        "kind": "mobile",
    }


def numbers(
    users,
):
    return [
        user.phone
        for user in users
    ]
""",
    "helpers.py": "# clean\n\n\ndef clean(value):\n    value = value.strip()\n    return value.lower()\n",
    "sync.py": """\
import adnetwork

from helpers import clean
from people import (
    first,
    numbers,
)


def forward(user):
    adnetwork.upload(
        user.phone,
    )


class Job:
    def run(self, users):
        adnetwork.upload(
            numbers(users)
        )
        adnetwork.upload(
            [
                clean(number)
                for number in numbers(users)
            ]
        )

    def one(self, user):
        adnetwork.upload(
            clean(
                first(user)["number"],
            ),
            clean(user.phone),
        )
""",
}


def fingerprints(root: Path, files: Mapping[str, str]) -> Counter[str]:
    write(root, files)
    return Counter(finding.fingerprint for finding in analyse(root, select=["PUR0"]).findings)


def before(tmp_path: Path) -> Counter[str]:
    found = fingerprints(tmp_path / "before", FILES)
    assert len(found) == 5
    assert set(found.values()) == {1}
    return found


def test_when_lines_move(tmp_path: Path) -> None:
    moved = {name: "# moved\n\n\n" + text for name, text in FILES.items()}
    assert fingerprints(tmp_path / "moved", moved) == before(tmp_path)


def test_when_code_is_formatted_anew_and_functions_change_their_order(tmp_path: Path) -> None:
    assert fingerprints(tmp_path / "formatted", {**FILES, **REFORMATTED}) == before(tmp_path)


def test_when_files_are_renamed(tmp_path: Path) -> None:
    names = {"people": "a_users", "helpers": "zz.cleaning", "sync": "jobs.advertising.upload"}
    renamed = {}
    for path, code in FILES.items():
        text = code
        for old, new in names.items():
            text = text.replace(f"from {old} ", f"from {new} ")
        stem = path.removesuffix(".py")
        renamed[f"{names.get(stem, stem).replace('.', '/')}.py" if path.endswith(".py") else path] = text
    assert set(renamed) == {"purposes.toml", "a_users.py", "zz/cleaning.py", "jobs/advertising/upload.py"}
    assert fingerprints(tmp_path / "renamed", renamed) == before(tmp_path)


def test_when_a_helper_on_the_way_gets_another_name(tmp_path: Path) -> None:
    renamed = {name: text.replace("clean", "normalise") for name, text in FILES.items()}
    assert fingerprints(tmp_path / "helper", renamed) == before(tmp_path)


def test_a_flow_that_is_added_is_one_more(tmp_path: Path) -> None:
    more = FILES["sync.py"] + "\n\ndef again(user):\n    adnetwork.upload(user.phone)\n"
    found = fingerprints(tmp_path / "more", {**FILES, "sync.py": more})
    assert len(found - before(tmp_path)) == 1
    assert not before(tmp_path) - found


def test_a_flow_that_is_added_beside_one_that_looks_the_same_is_one_more(tmp_path: Path) -> None:
    twice = FILES["sync.py"].replace("def forward(user): ", "def forward(user): adnetwork.upload(user.phone); ")
    found = fingerprints(tmp_path / "twice", {**FILES, "sync.py": twice})
    assert len(found) == 6
    assert not before(tmp_path) - found
