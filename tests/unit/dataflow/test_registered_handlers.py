"""A handler that names a source and knows nothing of its arguments: who calls it names what it is registered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

SIGNALS = """\
from django.dispatch import Signal, receiver
from shop import User, send

joined = Signal()
left = Signal()
other = Signal()


@receiver(joined)
def on_joined(sender, member, **kwargs):
    send(member.phone)  # told
    send(member.name)


def on_left(sender, member, **kwargs):
    send(member.phone)  # told
    send(member.name)


@receiver(other)
def on_other(sender, member, **kwargs):
    send(member.phone)


class Config:
    def ready(self):
        left.connect(on_left)


def joining(user: User):
    joined.send(None, member=user)


def leaving(user: User):
    left.send(None, member=user)


def of_others():
    other.send(None, member=joining)
"""

BUS = """\
from shop import User, send


class Bus:
    def __init__(self):
        self.handlers = {}

    def on(self, kind):
        def registering(handler):
            self.handlers.setdefault(kind, []).append(handler)
            return handler

        return registering

    def emit(self, kind, payload):
        for handler in self.handlers.get(kind, []):
            handler(payload)


bus = Bus()


@bus.on("joined")
def greet(payload):
    send(payload.phone)  # told
    send(payload.name)


@bus.on("left")
def forget(payload):
    send(payload.phone)


def joining(user: User):
    bus.emit("joined", user)
"""

SUBSCRIBERS = """\
from shop import User, send


class Hub:
    def __init__(self):
        self.subscribers = {}

    def subscribe(self, kind, handler):
        self.subscribers[kind] = handler

    def post(self, kind, payload):
        self.subscribers[kind](payload)


class Notifier:
    def __init__(self, hub):
        hub.subscribe("moved", self.moved)
        hub.subscribe("married", self.married)

    def moved(self, payload):
        send(payload.phone)  # told
        send(payload.name)

    def married(self, payload):
        send(payload.phone)


hub = Hub()
notifier = Notifier(hub)


def moving(user: User):
    hub.post("moved", user)
"""


@pytest.mark.parametrize("code", [SIGNALS, BUS, SUBSCRIBERS], ids=["signals", "bus", "subscribers"])
def test_what_a_handler_is_given_is_known_where_it_is_sent(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code)
    assert told == expected
