"""What is left out of a copy of an object is not in it, and what a copy keeps is told apart by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

CLASSES = """\
import attrs
import stripe
from pydantic import BaseModel, Field
from shop import User, send


class Hidden(BaseModel):
    name: str
    phone: str = Field(exclude=True)


class Contact(BaseModel):
    phone: str
    name: str = ""


@attrs.define
class Row:
    name: str
    phone: str


def told(user: User):
"""

PYDANTIC = """\
    send(Hidden(name="x", phone=user.phone).model_dump())
    send(Hidden(name="x", phone=user.phone).model_dump_json())
    send(Hidden(name=user.phone, phone="x").model_dump())  # told
    send(Contact(phone=user.phone).model_dump_json())  # told
    back = Contact.model_validate_json(Contact(phone=user.phone, name="x").model_dump_json())
    send(back.phone)  # told
    send(back.name)
    send(Contact.model_validate_json(user.phone).phone)  # told
"""

ATTRS = """\
    send(attrs.asdict(Row("x", user.phone), filter=lambda attribute, value: attribute.name != "phone"))
    send(attrs.asdict(Row("x", user.phone), filter=lambda attribute, value: attribute.name != "name"))  # told
    send(attrs.asdict(Row("x", user.phone), filter=attrs.filters.exclude("phone")))
    send(attrs.asdict(Row("x", user.phone), filter=attrs.filters.exclude("name")))  # told
    send(attrs.asdict(Row("x", user.phone), filter=attrs.filters.include("name")))
    send(attrs.asdict(Row("x", user.phone), filter=attrs.filters.include("phone")))  # told
    send(attrs.asdict(Row("x", user.phone)))  # told
"""

VARS = """\
    copied = vars(user).copy()
    send(copied)  # told
    send(dict(vars(user)))  # told
    left = {**vars(user)}
    send(left["phone"])  # told
    send(left["name"])
    left.pop("phone")
    send(left)
"""

ANSWERS = """\
    customer = stripe.Customer.create(phone=user.phone)  # told
    stripe.Customer.modify(customer.id, metadata={"plan": user.name})
    send(customer.id)
"""


@pytest.mark.parametrize("body", [PYDANTIC, ATTRS, VARS, ANSWERS])
def test_parts_are_told_apart(body: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CLASSES + body)
    assert told == expected
