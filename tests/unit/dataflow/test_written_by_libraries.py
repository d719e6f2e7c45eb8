"""What is not known writes to the streams that it is given, where it is called so."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

CODE = """\
import io

import matrix
from shop import User, send


def told(user: User):
    table = matrix.Table([{"phone": user.phone}])
    buffer = io.StringIO()
    table.to_text(buffer)
    send(buffer.getvalue())  # told
    send(table.to_text())  # told
    with open("table.txt", "w") as file:
        table.to_text(file)  # told
    read = io.StringIO()
    table.compare(read)
    send(read.getvalue())
    names = matrix.Table([{"name": user.name}])
    other = io.StringIO()
    names.to_text(other)
    send(other.getvalue())
    dumped = io.StringIO()
    matrix.dump({"phone": user.phone}, dumped)
    send(dumped.getvalue())  # told
"""


def test_what_is_written_is_in_the_stream(tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, CODE)
    assert told == expected
