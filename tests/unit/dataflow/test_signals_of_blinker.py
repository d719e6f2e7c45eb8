"""Receivers of blinker's signals are called with what is sent, those of other signals are not."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

CODE = """\
from blinker import Namespace, signal
from shop import User, send

signals = Namespace()
registered = signals.signal("registered")
removed = signals.signal("removed")
changed = signal("changed")


@registered.connect
def on_registered(sender, user=None, **others):
    send(user.phone)  # told
    send(user.name)
    send(others["number"])  # told
    send(others["city"])


@removed.connect_via("shop")
def on_removed(sender, user, **others):
    send(user)


def on_changed(sender, number):
    send(number)  # told


changed.connect(on_changed)


def register(user: User):
    registered.send("shop", user=user, number=user.phone, city="Bonn")
    removed.send("shop", user=user.name)
    changed.send(None, number=user.phone)
"""


def test_signals_are_told_apart(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE)
    assert told == expected
