"""What is not known beside something that a passthrough describes is taken for the same thing."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

CODE = """\
import os

import requests

from shop import User, send


class Base:
    def __init__(self, url):
        self._sessions = {self._key(): self.make()}

    def make(self):
        session = requests.Session()
        session.headers.update({"agent": "x"})
        return session

    def _key(self):
        return os.getpid()

    @property
    def http(self):
        key = self._key()
        if key in self._sessions:
            return self._sessions[key]
        session = self.make()
        self._sessions[key] = session
        return session

    def post(self, *args, **kwargs):
        return self.http.request("POST", *args, **kwargs)  # told


class Service(Base):
    def ask(self, number):
        try:
            response = self.post(url="https://x.example", json={"number": number})
        except requests.exceptions.RequestException:
            return None
        return response.json()

    def echo(self, number):
        return {"number": number}


def asked(user: User, service: Service):
    send(service.ask(user.phone))
    send(service.echo(user.phone))  # told


def asked_of_another(user: User):
    send(Service("u").ask(user.phone))
"""


def test_an_answer_is_not_what_was_sent(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE)
    assert told == expected
