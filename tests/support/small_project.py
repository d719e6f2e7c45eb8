"""A small project with one finding, for tests that run the whole pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ANNOTATIONS = """\
[purposes]
security = "Protect accounts"
advertising = "Choose adverts"

[[source]]
id = "two-factor-phone"
match = "accounts.User.phone"
purposes = ["security"]

[[sink]]
id = "audience"
match = "ads.send()"
purpose = "advertising"

[[sink]]
id = "codes"
match = "messages.send()"
purpose = "security"
"""

FILES = {
    "purposes.toml": ANNOTATIONS,
    "accounts.py": "class User:\n    phone: str\n",
    "ads.py": "def send(value):\n    pass\n",
    "messages.py": "def send(value):\n    pass\n",
    "security.py": (
        "import messages\nfrom accounts import User\n\n\ndef login(user: User):\n    messages.send(user.phone)\n"
    ),
    "jobs/sync.py": "import ads\nfrom accounts import User\n\n\ndef sync(user: User):\n    ads.send(user.phone)\n",
    "jobs/clean.py": "def clean():\n    return 1\n",
}
"""A project with one finding, in ``jobs/sync.py``."""


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write text files below ``root``."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def sharing(source: str, sink: str) -> str:
    """Annotations of one source, collected for a service, and one sink that shares with others."""
    return f"""\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "phone"
match = "{source}"
purposes = ["service"]

[[sink]]
id = "partner"
match = "{sink}"
purpose = "sharing"
"""
