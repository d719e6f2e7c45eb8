"""Entries to begin with, as text for an annotation file: what only a person can say is left empty, and refused so."""

from __future__ import annotations

import datetime
import json
from pathlib import PurePath

import tomli

from purposelint.config.documents import PYPROJECT, PYPROJECT_TABLE
from purposelint.config.entries import EXCEPTION_LASTS


def exception_draft(text: str, file: PurePath, source: str, sink: str, today: datetime.date) -> str | None:
    """What to add at the end of an annotation file that holds ``text``, to except a flow for a while.

    Reason and owner are empty: the file is refused until they are written. None where tables of this kind cannot be
    added at the end (the file is no TOML, or lists its exceptions in another form).
    """
    table = ".".join((*PYPROJECT_TABLE, "exception")) if file.name == PYPROJECT else "exception"
    lines = [
        f"[[{table}]]",
        f"source = {_string(source)}",
        f"sink = {_string(sink)}",
        'reason = ""',
        'owner = ""',
        f"expires = {(today + EXCEPTION_LASTS).isoformat()}",
    ]
    before = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    draft = before + "\n".join(lines) + "\n"
    try:
        tomli.loads(text.replace("\r\n", "\n") + draft)
    except tomli.TOMLDecodeError:
        return None
    return draft.replace("\n", "\r\n") if "\r\n" in text else draft


def _string(text: str) -> str:
    # A JSON string is a TOML string; TOML has no surrogates, and ids none either.
    return json.dumps(text, ensure_ascii=False)
