"""What a library gives that checks passwords: a new hash is made of the password, and not of the old one."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "secret"
match = "{}"
purposes = ["service"]

[[sink]]
id = "channel"
match = "client.send()"
purpose = "sharing"
"""

USE = """\
import client
from passlib.context import CryptContext

CONTEXT = CryptContext(schemes=["argon2"])


def use(user, form):
    verified, updated = CONTEXT.verify_and_update(form.password, user.hash)
    client.send({})
"""


@pytest.mark.parametrize(
    ("source", "sent", "expected"),
    [
        ("user.hash", "updated", 0),
        ("user.hash", "verified", 0),
        ("user.hash", "user.hash", 1),
        ("user.hash", "CONTEXT.verify(form.password, user.hash)", 0),
        ("user.hash", "CONTEXT.identify(user.hash)", 1),  # what is not modelled carries
        ("form.password", "updated", 1),
        ("form.password", "verified", 0),
        ("form.password", "CONTEXT.hash(form.password)", 1),
        ("form.password", "CONTEXT.needs_update(user.hash)", 0),
    ],
)
def test_a_hash_is_made_of_the_password_alone(source: str, sent: str, expected: int, tmp_path: Path) -> None:
    write(tmp_path, {"purposes.toml": ANNOTATIONS.format(source), "use.py": USE.format(sent)})

    findings = purposelint.analyse(tmp_path).findings

    assert [found.code for found in findings].count("PUR001") == expected
