"""A parameter that is annotated with a library's class is of it, whatever other class of a library is handed over."""

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
match = "user.email"
purposes = ["service"]

[[sink]]
id = "channel"
match = "wire.Channel.send()"
purpose = "sharing"
"""

USE = """\
import wire
from wire import Channel, Log


class Own:
    def send(self, text):
        pass


def give(channel{}, text):
    channel.send(text)


def use(user):
    give({}, user.email)
"""


@pytest.mark.parametrize(
    ("annotation", "given", "expected"),
    [
        (": Channel", "wire.FastChannel()", ["PUR001"]),
        (": wire.Channel", "wire.FastChannel()", ["PUR001"]),
        (": Channel", "wire.Channel()", ["PUR001"]),
        (": Log", "wire.FastChannel()", []),
        (": Log", "wire.Channel()", ["PUR001"]),  # what it is made as, it stays
        ("", "wire.FastChannel()", []),
        (": Channel", "Own()", []),
    ],
)
def test_what_a_librarys_class_inherits_from_is_not_known(
    annotation: str, given: str, expected: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "use.py": USE.format(annotation, given)})

    assert [found.code for found in purposelint.analyse(tmp_path, ignore=["PUR904"]).findings] == expected
