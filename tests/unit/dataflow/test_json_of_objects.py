"""What json does not know is in its text as the encoder says, and not with all that it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

BEGINNING = """\
import json
from dataclasses import asdict

from shop import User, send


class Plain:
    def __init__(self, name, phone):
        self.name = name
        self.phone = phone


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, User):
            return {"name": o.name}
        return super().default(o)


class Full(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, User):
            return asdict(o)
        return super().default(o)


def told(user: User, users: list[User]):
    send(json.dumps(VALUE))
"""


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        ("user", True),
        ("user, default=str", True),
        ("user, default=lambda o: o.phone", True),
        ("user, default=lambda o: o.name", False),
        ("user, cls=Encoder", False),
        ("user, cls=Full", True),
        ("{'user': [user]}, cls=Encoder", False),
        ("{'user': [user]}, cls=Full", True),
        ("users, cls=Encoder", False),
        ("users, cls=Full", True),
        ("{'phone': [user.phone]}, cls=Encoder", True),
        ("{'name': [user.name]}, cls=Full", False),
        ("Plain('x', user.phone), default=str", False),
        ("Plain('x', user.phone), default=vars", True),
        ("Plain('x', user.phone), default=lambda o: o.__dict__", True),
        ("Plain('x', user.phone), default=lambda o: o.name", False),
    ],
)
@pytest.mark.parametrize("package", ["json", "simplejson"])
def test_an_encoder_says_what_is_shown(package: str, value: str, arrives: bool, tmp_path: Path) -> None:
    code = BEGINNING.replace("VALUE", value).replace("import json\n", f"import {package} as json\n")
    expected, told = expected_and_told(tmp_path, code)
    assert bool(told) is arrives
    assert expected == []
