"""Who receives a request is read off its address, as far as the code says it."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint

ANNOTATIONS = """
packs = ["http"]
[[source]]
id = "phone"
match = "user.phone"
purposes = ["service"]
[[sink]]
id = "network"
like = "requests"
where = { url = ["https://ads.example/**/events", "https://*.ads.example/**"] }
purpose = "advertising"
"""


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ('"https://ads.example/v1/7/events"', True),
        ('"https://ads.example/v1/7/messages"', False),
        ('"https://other.example/v1/7/events"', False),
        ('f"https://ads.example/v1/{number}/events"', True),
        ('f"https://ads.example/v1/{number}/messages"', False),
        ('f"https://ads.example/{path}"', True),  # a constant beginning is enough
        ('f"{BASE}/v1/{number}/events"', True),
        ('f"{OTHER}/v1/{number}/events"', False),
        ('BASE + "/v1/" + number', True),
        ('"https://eu.ads.example/v1"', True),
        ('f"https://{number}/v1"', False),  # anybody's
        ("number", False),
    ],
)
def test_an_address_of_which_the_beginning_is_known_matches_unless_its_end_differs(
    tmp_path: Path, address: str, found: bool
) -> None:
    (tmp_path / "purposes.toml").write_text(ANNOTATIONS)
    (tmp_path / "main.py").write_text(
        'import requests\nBASE = "https://ads.example"\nOTHER = "https://other.example"\n'
        f"def send(user, number, path):\n    requests.post({address}, user.phone)\n"
    )
    assert bool(purposelint.analyse(tmp_path).findings) is found
