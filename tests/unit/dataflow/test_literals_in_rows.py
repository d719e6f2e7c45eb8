"""A literal that some code stores into one instance is not all that others may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

ROWS = """\
from django.db import models


class User(models.Model):
    name = models.CharField(max_length=30)
    phone = models.CharField(max_length=30)


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

ROW = """\
from shop import User, send


def forget(pk):
    user = User.objects.get(pk=pk)
    user.phone = ""
    user.save()
    send(user.phone)


def other():
    user = User.objects.first()
    if user.phone:
        send(user.phone)  # told
    send(user.name)


def handed(user: User):
    if not user.phone:
        return
    send(user.phone)  # told
    send(user.phone)  # told


def made():
    user = User(name="x")
    user.phone = "0"
    send(user.phone)
"""

PLAIN = """\
class User:
    def __init__(self):
        self.name = None
        self.phone = None


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

READ_TWICE = """\
from shop import User, send


def handed(user: User):
    number = user.phone
    send(user.phone)  # told
    send(user.name)


def made():
    user = User()
    send(user.phone)


def emptied(user: User):
    user.phone = ""
    send(user.phone)
"""


@pytest.mark.parametrize(("models", "code"), [(ROWS, ROW), (PLAIN, READ_TWICE)])
def test_a_stored_literal_is_not_all(models: str, code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code, models=models)
    assert told == expected
