"""``except`` takes keys out as it takes out attributes and calls."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint

ANNOTATIONS = """
[purposes]
service = "Deliver"
advertising = "Adverts"
[[source]]
id = "form"
match = "request.POST[*]"
except = ["request.POST['csrf']", "preview.request.POST[*]"]
purposes = ["service"]
[[sink]]
id = "audience"
match = "ads.send()"
purpose = "advertising"
"""


@pytest.mark.parametrize(
    ("read", "found"),
    [
        ('request.POST["phone"]', True),
        ('request.POST["csrf"]', False),
        ('request.POST.get("csrf")', False),
        ("request.POST[name]", True),
        ('preview.request.POST["phone"]', False),
    ],
)
def test_a_key_that_except_names_is_no_source(tmp_path: Path, read: str, found: bool) -> None:
    (tmp_path / "purposes.toml").write_text(ANNOTATIONS)
    (tmp_path / "main.py").write_text(f"import ads\ndef send(request, preview, name):\n    ads.send({read})\n")
    assert ("PUR001" in {finding.code for finding in purposelint.analyse(tmp_path).findings}) is found
