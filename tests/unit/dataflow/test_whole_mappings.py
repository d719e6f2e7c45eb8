"""The whole of something of which a key is a source: as an argument, as text, element by element."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

SOURCES = """\
[[source]]
id = "row"
match = ['main.rows()[*]["mail"]', 'main.record()["mail"]', 'records.stored()["mail"]']
purposes = ["security"]

"""

CODE = """\
import json

from records import stored
from shop import send


def rows():
    yield {"id": 1, "mail": input()}
    yield {"id": 2, "mail": input()}


def others():
    yield {"id": 1, "mail": input()}


def record():
    return {"id": 1, "mail": input()}


def named():
    send(record()["mail"])  # told
    send([row["mail"] for row in rows()])  # told


def arguments():
    send(list(rows()))  # told
    send(list(others()))
    send(record())  # told
    send(record()["id"])
    send(stored())  # told
    send(stored()["id"])


def each():
    for row in rows():
        send(row)  # told
        send(row["id"])
    for row in others():
        send(row)


def each_in_brackets():
    send([json.dumps(row) for row in rows()])  # told
    send([json.dumps(row["id"]) for row in rows()])


def formatted():
    send(f"{record()}")  # told
    send(f"{record()['id']}")


def texts():
    send(str(record()))  # told
    send("row: %s" % record())  # told
    send("row: %s" % record()["id"])
    send("row: {}".format(record()))  # told
    send("row: {0[id]}".format(record()))
    send("\\n".join(json.dumps(row) for row in rows()))  # told
    send("\\n".join(json.dumps(row["id"]) for row in rows()))
    send("\\n".join(json.dumps(row) for row in others()))
"""

RECORDS = """\
def stored():
    return {"id": 1, "mail": input()}
"""


def test_the_whole_of_what_has_a_source_as_a_key_is_found_as_argument_text_and_element(tmp_path: Path) -> None:
    (tmp_path / "records.py").write_text(RECORDS, encoding="utf-8")
    expected, told = expected_and_told(tmp_path, CODE, annotations=SOURCES)
    assert told == expected
