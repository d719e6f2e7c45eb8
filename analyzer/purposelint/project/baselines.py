"""The file that holds a baseline: JSON, sorted, without lines, so that it changes only when findings do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from purposelint.errors import PurposelintError

FILE_NAME = "purposelint-baseline.json"
VERSION = 1

_ABOUT = "Findings that were accepted. Written by `purposelint baseline`; `purposelint check` leaves them out."


def read_baseline(file: Path) -> dict[str, dict[str, str]]:
    """The entries of a baseline file, by fingerprint. Raises `PurposelintError` where it cannot be read."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PurposelintError(f"{file}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise _wrong(file, f"it is no JSON ({error})") from error
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise _wrong(file, f"it is no baseline of version {VERSION}")
    entries = document.get("findings")
    if not isinstance(entries, list) or not all(map(_is_entry, entries)):
        raise _wrong(file, "`findings` is no list of objects with a `fingerprint`")
    return {entry["fingerprint"]: {name: str(value) for name, value in entry.items()} for entry in entries}


def write_baseline(file: Path, entries: Iterable[Mapping[str, str]]) -> None:
    """Write a baseline file. Raises `PurposelintError` where it cannot be written."""
    document = {"version": VERSION, "about": _ABOUT, "findings": [dict(entry) for entry in entries]}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise PurposelintError(f"{file}: cannot be written: {error.strerror or error}") from error


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("fingerprint"), str)


def _wrong(file: Path, what: str) -> PurposelintError:
    return PurposelintError(f"{file}: {what}; delete it and write it anew with `purposelint baseline`")
