"""The rule packs say of every name where it was checked, and leave judgement to who can have one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomli

RULES = Path(__file__).resolve().parents[1] / "rules"
PACKS = sorted(path for path in RULES.glob("*.toml") if not path.name.startswith(("stdlib_", "taxonomy")))
KINDS = ("source", "sink", "gate", "transform")


def entries(path: Path, *kinds: str) -> list[dict[str, Any]]:
    pack = tomli.loads(path.read_text("utf-8"))
    return [entry for kind in kinds for entry in pack.get(kind, ())]


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_entry_says_in_which_version_and_line_its_name_was_found(path: Path) -> None:
    for entry in entries(path, *KINDS):
        checked = entry.get("checked", {})
        assert checked.keys() == {"package", "version", "at"}, entry["id"]
        assert re.fullmatch(r"[\w/.-]+(\.pyi?:[1-9]\d*|\.json(\.gz)?)", checked["at"]), entry["id"]


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_a_sink_without_a_purpose_names_nobody_but_a_processor(path: Path) -> None:
    recipients = tomli.loads(path.read_text("utf-8")).get("recipients", {})
    for sink in entries(path, "sink"):
        if "purpose" not in sink and "recipient" in sink:
            assert recipients[sink["recipient"]].get("role") == "processor", sink["id"]


def test_no_two_packs_have_an_entry_of_the_same_kind_and_id() -> None:
    for kind in KINDS:
        ids = [entry["id"] for path in PACKS for entry in entries(path, kind)]
        assert sorted(ids) == sorted(set(ids))
