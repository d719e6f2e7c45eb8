"""What an object of which nothing is known has under a key is not the key."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

LOOKED_UP = """\
import elsewhere
from shop import User, send


def view(rows, user: User):
    send(rows.get(user.phone))
    send(rows[0].get(f"phone:{user.phone}"))
    send(rows.pop(user.phone, user.name))
    send(rows.get(user.name, user.phone))  # told
    send(rows.get(number=user.phone))  # told
    send(rows.fetch(user.phone))  # told
    send(elsewhere.get(user.phone))  # told


def kept(rows, user: User):
    rows.set(user.name, user.phone)
    send(rows.get(user.name))  # told


def shown(rows, columns, user: User):
    record = {"name": user.name, "phone": user.phone}
    for column in columns:
        record[column] = dict(record)
        for found in rows.get(record["name"]):
            send(found)
            send(record[found])  # told
"""


def test_what_is_found_under_data_is_not_that_data(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, LOOKED_UP)
    assert told == expected
