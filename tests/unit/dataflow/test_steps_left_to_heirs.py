"""A method that leaves several steps to heirs: what one heir's step gives, the same heir's next step takes."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

CHANNELS = """\
from abc import ABC, abstractmethod

from shop import User, send


class Channel(ABC):
    @abstractmethod
    def wrap(self, user): ...

    @abstractmethod
    def deliver(self, text): ...

    def notify(self, user: User):
        self.last = user.phone
        self.deliver(self.wrap(user))

    def rows(self, user: User):
        for part in self.parts(user):
            yield self.shown(part)

    def retry(self):
        send(self.last)  # told


class Calls(Channel):
    def wrap(self, user):
        return user.phone

    def deliver(self, text):
        send(text)  # told

    def parts(self, user):
        return [user.phone]

    def shown(self, part):
        send(part)  # told


class Letters(Channel):
    def wrap(self, user):
        return user.name

    def deliver(self, text):
        send(text)

    def parts(self, user):
        return [user.name]

    def shown(self, part):
        send(part)
"""

USED = """

def notify(channel: Channel, user: User):
    channel.notify(user)
    return list(channel.rows(user))
"""


def test_steps_of_one_heir_go_together(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CHANNELS)
    assert told == expected


def test_so_do_those_of_a_receiver_that_is_handed_over(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CHANNELS + USED)
    assert told == expected


OF_A_LIBRARY = """\
import vendor
from shop import User, send


class Mixin:
    def notify(self, user: User):
        self.deliver(self.wrap(user))


class Calls(Mixin):
    def wrap(self, user):
        return user.name

    def deliver(self, text):
        send(text)


class Letters(Mixin):
    def wrap(self, user):
        return user.name

    def deliver(self, text):
        print(text)


class Cards(Mixin, vendor.Cards):
    def wrap(self, user):
        send(user.phone)  # told
        return user.name
"""


def test_an_heir_that_has_a_step_of_a_library_is_run_too(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, OF_A_LIBRARY)
    assert told == expected
