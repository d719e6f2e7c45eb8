"""What is like a dict, and of which one key is a source: code that leaves the key out hands over none of its data."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

FORM = """
[[source]]
id = "typed"
match = 'form["phone"]'
purposes = ["security"]
"""

BY_TEST = """\
from shop import send

HIDDEN = {"phone", "mail"}


def leave_out(form):
    send({key: value for key, value in form.items() if key != "phone"})
    send({key: value for key, value in form.items() if key not in HIDDEN})
    send(dict((key, value) for key, value in form.items() if key not in ("phone", "mail")))


def leave_out_another(form):
    phone = form["phone"]
    send({key: value for key, value in form.items() if key != "city"})  # told


def keep(form):
    send({key: value for key, value in form.items() if key in ("phone", "city")})  # told


def by_loop(form):
    kept = {}
    for key, value in form.items():
        if key == "phone":
            send(value)  # told
            continue
        kept[key] = value
    send(kept)


def of_values(form):
    phone = form["phone"]
    send(list(form.values()))  # told
    send(sorted(form.items()))  # told


def beside_what_is_stored(form):
    form["city"] = "x"
    send({key: value for key, value in form.items() if key != "phone"})
    send({key: value for key, value in form.items() if key != "city"})  # told
"""

TAKEN_OUT = """\
from shop import send


def take_out(form):
    send(form)  # told
    form.pop("phone")
    send(form)


def delete(form):
    send(form)  # told
    del form["phone"]
    send(form)


def copy(form):
    copied = dict(form.items())
    send(copied)  # told
    copied.pop("phone", None)
    send(copied)
    copied = {**form}
    del copied["phone"]
    send(copied)
"""


@pytest.mark.parametrize("code", [BY_TEST, TAKEN_OUT])
def test_a_key_that_is_left_out(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code, annotations=FORM)
    assert told == expected
