"""What the project's decorators hand to the functions that they wrap, where only they know of what type it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

WRAPPED = """\
from functools import wraps

import vendor
from shop import User, send


def current() -> User:
    return vendor.current()


def with_user(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        return view(current(), *args, **kwargs)

    return wrapper


def with_request(view):
    @wraps(view)
    def wrapper(request, **kwargs):
        return view(request, **kwargs)

    return wrapper


def as_keyword(needed):
    def decorate(view):
        def wrapper(*args, **kwargs):
            kwargs["user"] = current()
            return view(*args, **kwargs)

        return wrapper

    return decorate


@with_user
def page(user):
    send(user.phone)  # told
    send(user.name)


@with_request
def other(user):
    send(user.phone)


@as_keyword("login")
def keyword(request, user):
    send(user.phone)  # told
    send(request.phone)
"""

METHODS = """\
import vendor
from shop import User, send


def loaded(method):
    def wrapper(self, *args):
        return method(self, self.load(), *args)

    return wrapper


def logged(method):
    def wrapper(self, *args):
        return method(self, *args)

    return wrapper


class View:
    def load(self) -> User:
        return vendor.load()

    @loaded
    def get(self, user):
        send(user.phone)  # told
        send(user.name)

    @logged
    def post(self, user):
        send(user.phone)
"""


@pytest.mark.parametrize("code", [WRAPPED, METHODS])
def test_decorators_know_what_they_hand_over(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code)
    assert told == expected
