"""What `isinstance` and `case` say of an object of which a base class is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

MODELS = """\
class Event:
    name: str


class User(Event):
    phone: str


class Shop(Event):
    phone: str


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

TESTED = """\
from shop import Event, Shop, User, send


def handle(event: Event):
    if isinstance(event, User):
        send(event.phone)  # told
        send(event.name)


def handle_other(event: Event):
    if isinstance(event, Shop):
        send(event.phone)
    elif isinstance(event, User):
        send(event.phone)  # told
    if isinstance(event, Shop):
        send(event.phone)


def handle_early(event: Event):
    if not isinstance(event, User):
        return
    send(event.phone)  # told


def handle_known(user: User):
    if isinstance(user, Event):
        send(user.phone)  # told
        send(user.name)


def handle_path(request):
    if isinstance(request.user, User):
        send(request.user.phone)  # told
    if isinstance(request.shop, Shop):
        send(request.shop.phone)
"""

MATCHED = """\
from shop import Event, Shop, User, send


def handle(event: Event):
    match event:
        case Shop(phone=number):
            send(number)
        case User(phone=number):
            send(number)  # told


def handle_all(events: list[Event]):
    for event in events:
        if isinstance(event, User):
            send(event.phone)  # told
    send([each.name for each in events if isinstance(each, User)])
    send([each.phone for each in events if isinstance(each, User)])  # told
"""


@pytest.mark.parametrize("code", [TESTED, MATCHED])
def test_a_base_class_is_narrowed(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code, models=MODELS)
    assert told == expected
