"""The text of a record whose `__repr__` is generated holds the fields that it shows, of one from elsewhere too."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

CLASSES = """\
import logging
from dataclasses import dataclass, field
from typing import NamedTuple

import attr
import attrs
from pydantic import BaseModel, Field, PrivateAttr, SecretStr
from shop import User, send

log = logging.getLogger(__name__)


@dataclass
class Hidden:
    name: str
    phone: str = field(repr=False)  # purpose: security


@dataclass(repr=False)
class Mute:
    name: str
    phone: str  # purpose: security


@dataclass
class Own:
    name: str
    phone: str  # purpose: security

    def __str__(self):
        return self.name


class Plain:
    name: str
    phone: str  # purpose: security


@dataclass
class Order:
    user: User
    code: str


class Row(NamedTuple):
    name: str
    phone: str  # purpose: security


@attrs.define
class Defined:
    name: str
    phone: str  # purpose: security


@attrs.define
class DefinedHidden:
    name: str
    phone: str = attrs.field(repr=False)  # purpose: security


@attr.s
class Old:
    name = attr.ib()
    phone = attr.ib()  # purpose: security


class Lead(BaseModel):
    name: str
    phone: str  # purpose: security


class LeadHidden(BaseModel):
    name: str
    phone: str = Field(repr=False)  # purpose: security
    _mobile: str = PrivateAttr()  # purpose: security


class LeadSecret(BaseModel):
    phone: SecretStr  # purpose: security


def told({parameter}):
"""

TEXTS = """\
    send(str(user))  # told
    send(f"{user}")  # told
    send("user %r" % user)  # told
    send("{}".format(user))  # told
    log.info("user %s", user)  # told
    log.info("user %s", user.name)
    send(str(user.name))
    send(user.name)
"""


@pytest.mark.parametrize(
    ("parameter", "body"),
    [
        ("user: User", TEXTS),
        ("row: Hidden", "    send(f'{row}')\n"),
        ("row: Mute", "    send(f'{row}')\n"),
        ("row: Plain", "    send(f'{row}')\n"),
        ("row: Own", "    send(str(row))\n    send(repr(row))  # told\n    send(f'{row!r}')  # told\n"),
        ("row: Order", "    send(f'{row}')  # told\n    send(f'{row.code}')\n"),
        ("rows: list[Order]", "    send(f'{rows}')  # told\n"),
        ("row: Row", "    send(f'{row}')  # told\n"),
        ("row: Defined", "    send(f'{row}')  # told\n"),
        ("row: DefinedHidden", "    send(f'{row}')\n"),
        ("row: Old", "    send(f'{row}')  # told\n"),
        ("row: Lead", "    send(f'{row}')  # told\n    send(str(row.name))\n"),
        ("row: LeadHidden", "    send(f'{row}')\n"),
        ("row: LeadSecret", "    send(f'{row}')\n"),
    ],
)
def test_a_text_holds_the_fields_that_are_shown(parameter: str, body: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CLASSES.replace("{parameter}", parameter) + body)
    assert told == expected
