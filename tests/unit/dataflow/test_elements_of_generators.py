"""Patterns of elements (``rows()[*]["phone"]``): what is taken one by one out of generators."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

SOURCES = """\
[[source]]
id = "row"
match = ['main.rows()[*]["mail"]', 'main.mails()[*]']
purposes = ["security"]

"""

CODE = """\
from shop import send


def rows():
    yield {"id": 1, "mail": input()}
    yield {"id": 2, "mail": input()}


def mails():
    for number in range(2):
        yield input()


def others():
    yield {"id": 1, "mail": input()}


def same(items):
    for item in items:
        yield item


def project(*keys):
    def stage(items):
        for item in items:
            yield {key: item[key] for key in keys}

    return stage


def first(items):
    return next(items)


def loop():
    for row in rows():
        send(row["mail"])  # told
        send(row["id"])
    for mail in mails():
        send(mail)  # told
    for row in others():
        send(row["mail"])


def one_by_one():
    send(next(rows())["mail"])  # told
    send(next(rows())["id"])
    send(next(mails()))  # told
    send(next(others())["mail"])
    left = rows()
    next(left)
    for row in left:
        send(row["mail"])  # told
        send(row["id"])


def handed_on():
    send(first(rows())["mail"])  # told
    send(first(rows())["id"])
    send(list(same(rows())))  # told
    send(list(same(others())))
    for row in same(rows()):
        send(row["mail"])  # told
        send(row["id"])
    send(list(project("id", "mail")(rows())))  # told
    send(list(project("id")(rows())))
"""


def test_a_pattern_of_elements_finds_what_is_taken_one_by_one(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE, annotations=SOURCES)
    assert told == expected
