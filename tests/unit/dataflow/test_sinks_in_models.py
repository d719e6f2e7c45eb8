"""What comes to a sink in the model of a library is told where the library is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

ADAPTER = """\
import logging
from shop import User, send

logger = logging.getLogger(__name__)


def told(user: User):
    log = logging.LoggerAdapter(logger, {"user": user.id})
    phone = user.phone
    log.warning(
        "bad number %s", phone)
    log.info("called %s", phone)  # told
    log.info("called %s", user.name)


def told_of_itself(user: User):
    log = logging.LoggerAdapter(logger, {"user": user.phone})
    log.info("called %s", user.name)  # told
""".replace("    log.warning(\n", "    log.warning(  # told\n")

FILES = """\
import csv
import io
import json
import pickle
import tempfile
import zipfile
from pathlib import Path

from shop import User, send


def f(user: User, folder: Path, name: str):
    with open("a.json", "w") as fh:
        content = {"phone": user.phone}
        json.dump(content, fh)  # told
        json.dump({"name": user.name}, fh)
    buffer = io.StringIO()
    buffer.write(user.phone)
    csv.writer(buffer).writerow([user.phone])
    with tempfile.TemporaryFile("w") as fh:
        fh.write(user.phone)
    with tempfile.NamedTemporaryFile() as fh:
        fh.write(user.phone)
    with open("a.bin", "wb") as fh:
        pickle.dump(user.phone, fh)  # told
    with open("a.csv", "w") as fh:
        writer = csv.DictWriter(fh, ["a"])
        writer.writeheader()
        writer.writerow({"a": user.phone})  # told
        writer.writerow({"a": user.name})
    (folder / "a.txt").write_text(user.phone)  # told
    (folder / "b" / "a.txt").write_text(user.phone)  # told
    (folder / "a.txt").write_text(user.name)
    Path(name, "x").write_text(user.phone)  # told
    (Path(name) / "x").write_text(user.phone)  # told
    folder.joinpath("x").write_bytes(user.phone)  # told
    folder.with_suffix(".x").write_bytes(user.phone)  # told
    with (folder / "a.txt").open("w") as fh:
        fh.write(user.phone)  # told
    print(user.phone, file=open("x", "w"))  # told
    with zipfile.ZipFile("x.zip", "w") as z:
        z.writestr("a", user.phone)  # told
    with open("a.bin") as fh:
        fh.read(len(user.phone))
    z = io.BytesIO()
    with zipfile.ZipFile(z, "w") as zz:
        zz.writestr("a", user.phone)
    with open(folder / "x", "w") as fh:
        fh.writelines([user.phone])  # told
        fh.writelines([user.name])
    send(name / 3, name | user.name, folder / user.name)

class Store:
    def __init__(self, path: Path):
        self.path = path / "store"
    def save(self, user: User):
        self.path.write_text(user.phone)  # told
        (self.path.parent / "x").write_text(user.phone)  # told
    def __str__(self):
        return str(self.path)
"""


@pytest.mark.parametrize("code", [ADAPTER, FILES])
def test_it_is_told_at_the_call(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code)
    assert told == expected
