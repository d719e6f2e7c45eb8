"""Each entry of the packs has a use in fixtures/packs that it finds, and one beside it that stays silent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli

import purposelint

ROOT = Path(__file__).resolve().parents[1]
USES = ROOT / "fixtures" / "packs"
PACKS = sorted(path.stem for path in (USES / "uses").glob("*.py") if path.stem != "__init__")
WITHOUT_ENTRIES = ("frameworks_", "stdlib_", "taxonomy")
KINDS = ("source", "sink", "gate", "transform", "passthrough")

_LABEL = re.compile(r"#\s*(use|silent):\s*([\w-]+(?:,\s*[\w-]+)*)\s*$")


@dataclass
class Uses:
    """The lines of a file, by the entry that they are a use of."""

    found: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    silent: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def uses(pack: str) -> Uses:
    result = Uses()
    for number, line in enumerate((USES / "uses" / f"{pack}.py").read_text("utf-8").splitlines(), start=1):
        label = _LABEL.search(line)
        for name in label[2].split(",") if label else ():
            (result.found if label and label[1] == "use" else result.silent)[name.strip()].append(number)
    return result


def entries(pack: str) -> Mapping[str, tuple[str, dict[str, Any]]]:
    """The entries of a pack by id (a passthrough has none: its first pattern's name), each with its kind."""
    toml = tomli.loads((ROOT / "rules" / f"{pack}.toml").read_text("utf-8"))
    return {name_of(entry): (kind, entry) for kind in KINDS for entry in toml.get(kind, ())}


def name_of(entry: Mapping[str, Any]) -> str:
    patterns = [entry["match"]] if isinstance(entry.get("match"), str) else entry.get("match", [])
    return str(entry.get("id") or patterns[0].partition("(")[0].replace(".", "-"))


@cache
def told() -> Mapping[str, Mapping[int, set[tuple[str, str, str]]]]:
    """By file and line, what was found: code, source and sink."""
    found: defaultdict[str, defaultdict[int, set[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(set))
    for finding in purposelint.analyse(USES).findings:
        source, sink = finding.source.id if finding.source else "", finding.sink.id if finding.sink else ""
        found[finding.path][finding.span.line].add((finding.code, source, sink))
    return found


def test_every_pack_with_entries_has_a_file_of_uses() -> None:
    packs = {path.stem for path in (ROOT / "rules").glob("*.toml") if not path.stem.startswith(WITHOUT_ENTRIES)}
    assert set(PACKS) == packs


@pytest.mark.parametrize("pack", PACKS)
def test_each_entry_has_a_use_and_a_silent_one(pack: str) -> None:
    known, written = entries(pack), uses(pack)
    assert sorted(set(known) - set(written.silent)) == []
    assert sorted(name for name in set(known) - set(written.found) if known[name][0] != "passthrough") == []
    assert sorted({*written.found, *written.silent} - set(known)) == []


@pytest.mark.parametrize("pack", PACKS)
def test_each_use_is_found_by_its_entry_and_all_else_is_silent(pack: str) -> None:
    known, written, found = entries(pack), uses(pack), told()[f"uses/{pack}.py"]
    wrong: list[str] = []
    for name, lines in written.found.items():
        kind, entry = known[name]
        for line in lines:
            rows = found.get(line, set())
            ids = {row[1] for row in rows} if kind == "source" else {row[2] for row in rows}
            wanted = "study" if kind == "transform" else name
            if wanted not in ids:
                wrong.append(f"{line}: {name} is not found, but {sorted(rows)}")
            elif missing := codes_of(entry, kind) - {row[0] for row in rows}:
                wrong.append(f"{line}: {name} is found without {sorted(missing)}")
    expected = {line for lines in written.found.values() for line in lines}
    wrong += [f"{line}: {sorted(rows)} is found" for line, rows in sorted(found.items()) if line not in expected]
    assert wrong == []


def codes_of(entry: Mapping[str, Any], kind: str) -> set[str]:
    """What data for another purpose, and for an hour, is told as at a sink."""
    if kind != "sink":
        return {"PUR001"}
    kept = {"PUR003"} if "storage" in entry else set()
    return kept | ({"PUR001"} if "purpose" in entry else set() if kept else {"PUR006"})
