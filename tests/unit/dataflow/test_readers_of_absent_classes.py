"""Classes that read fields without naming them are not looked for where no source can be there."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"

[[source]]
id = "email"
match = "{}"
purposes = ["service"]
"""

SHOWN = """\
from rest_framework import serializers
from {0} import Guest


class GuestSerializer(serializers.ModelSerializer):
    # nowhere.people
    class Meta:
        model = Guest
        fields = "__all__"
"""


@pytest.mark.parametrize(("source", "parsed"), [("nowhere.people.Guest.email", 0), ("library.people.Guest.email", 1)])
def test_files_are_read_where_the_class_is_imported_though_nobody_names_the_field(
    tmp_path: Path, source: str, parsed: int
) -> None:
    write(tmp_path, {"purposes.toml": ANNOTATIONS.format(source), "shown.py": SHOWN.format("library.people")})

    assert purposelint.analyse(tmp_path).statistics["files parsed"] == parsed
