"""Programs of one file in which comments say on which lines something is told."""

from __future__ import annotations

from pathlib import Path

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
security = "Protect accounts"
advertising = "Choose adverts"

[[source]]
id = "phone"
match = "shop.User.phone"
data = "user.contact.phone_number"
purposes = ["security"]
retention = "1h"

[[sink]]
id = "partner"
match = "shop.send()"
purpose = "advertising"

[codes]
PUR006 = "error"
PUR904 = "off"
"""

USER = """\
from dataclasses import dataclass


@dataclass
class User:
    id: int
    name: str
    phone: str


def send(*things):
    \"\"\"To the partner.\"\"\"


"""


def expected_and_told(root: Path, code: str, annotations: str = "", models: str = USER) -> tuple[list[str], list[str]]:
    """The lines of ``code`` that end in ``# told``, and those on which something is; ``shop.py`` stands before it."""
    write(root, {"purposes.toml": ANNOTATIONS + annotations, "shop.py": models, "main.py": code})
    lines = code.splitlines()
    expected = [f"main.py:{number}" for number, line in enumerate(lines, 1) if line.endswith("# told")]
    found = {(each.path, each.span.line) for each in purposelint.analyse(root).findings}
    return expected, [f"{path}:{line}" for path, line in sorted(found)]
