"""A variable of the environment that is a source, however it is read, until code takes it out."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint

ANNOTATIONS = """
[purposes]
service = "Deliver"
advertising = "Adverts"
[[source]]
id = "phone"
match = 'os.environ["PHONE"]'
purposes = ["service"]
[[sink]]
id = "audience"
match = "ads.send()"
purpose = "advertising"
"""


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['ads.send(os.environ["PHONE"])'], True),
        (['ads.send(os.environ["SIZE"])'], False),
        (['ads.send(os.environ.get("PHONE"))'], True),
        (['ads.send(os.environ.get("SIZE"))'], False),
        (['ads.send(os.environ.get("SIZE", "PHONE"))'], False),
        (['ads.send(os.getenv("PHONE"))'], True),
        (['ads.send(os.environ.pop("PHONE"))'], True),
        (['os.environ.setdefault("PHONE", "")', 'ads.send(os.environ.get("PHONE"))'], True),
        (['os.environ["PHONE"] = ""', 'ads.send(os.environ.get("PHONE"))'], False),
        (['del os.environ["PHONE"]', 'ads.send(os.environ.get("PHONE"))'], False),
        (['del os.environ["SIZE"]', 'ads.send(os.environ.get("PHONE"))'], True),
    ],
)
def test_a_variable_is_read_by_key_and_by_get(tmp_path: Path, lines: list[str], found: bool) -> None:
    (tmp_path / "purposes.toml").write_text(ANNOTATIONS)
    body = "".join(f"    {line}\n" for line in lines)
    (tmp_path / "main.py").write_text(f"import os\n\nimport ads\n\n\ndef send():\n{body}")
    assert ("PUR001" in {finding.code for finding in purposelint.analyse(tmp_path).findings}) is found
