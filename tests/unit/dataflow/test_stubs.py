"""Functions with an empty body: what their annotation says of code that is elsewhere."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

CODE = """\
from shop import User, send


def load() -> User: ...


async def fetched() -> User:
    "From the service."


def nothing(): ...


def silent(number: str) -> None: ...


def cleaned(number: str) -> str: ...


class Session:
    def __enter__(self) -> User: ...

    def __exit__(self, *raised): ...

    def rows(self) -> list[User]: ...

    def first(self) -> User:
        raise NotImplementedError


def loaded():
    send(load().phone)  # told
    send(load().name)


async def awaited():
    send((await fetched()).phone)  # told
    send((await fetched()).name)


def entered():
    with Session() as user:
        send(user.phone)  # told
        send(user.name)
    for user in Session().rows():
        send(user.phone)  # told


def handed_over(user: User):
    send(cleaned(user.phone))  # told
    send(cleaned(user.name))
    send(silent(user.phone))
    send(nothing().phone)


def never_reached():
    send(Session().first().phone)
"""


def test_a_function_without_a_body_gives_what_its_annotation_says(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE)
    assert told == expected
