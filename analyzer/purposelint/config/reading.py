"""From a document to what it says: its top-level keys."""

from __future__ import annotations

import datetime

from purposelint.config.codes import CODES, SEVERITIES
from purposelint.config.declarations import read_declarations
from purposelint.config.documents import Document
from purposelint.config.entries import read_entries
from purposelint.config.suggestions import did_you_mean
from purposelint.config.tables import Table
from purposelint.config.written import Written

_VOCABULARY = frozenset({"purposes", "recipients", "data"})
_PACK_KEYS = _VOCABULARY | {"pack", "source", "sink", "gate", "transform", "passthrough", "model", "convention"}
_PROJECT_KEYS = (
    (_PACK_KEYS - {"pack"}) | {"linkage", "exception", "codes"} | {"exclude", "packs", "exclude_packs", "extend"}
)


def read_written(document: Document, today: datetime.date) -> Written:
    """Read everything that a document says; what is wrong with it is then in its ``mistakes``."""
    written = Written(document)
    top = Table(document, (), document.values, written.references)
    top.only(_PACK_KEYS if document.pack else _PROJECT_KEYS)
    read_declarations(top, written)
    read_entries(top, written, today)
    if document.pack:
        _read_pack(top, written)
    else:
        _read_codes(top, written)
        written.exclude = top.texts("exclude") or ()
        written.packs = top.texts("packs")
        written.exclude_packs = top.texts("exclude_packs")
        written.extend = top.text("extend")
    return written


def _read_pack(top: Table, written: Written) -> None:
    """``[pack]``: what the pack is called, and what it is for; without it, it is called as its file.

    ``fails``: what of Python's own library may fail though it is used well.
    """
    pack = top.table("pack")
    if pack is not None:
        pack.only({"name", "description", "fails"})
        for key in ("name", "description"):
            pack.needs(key, "say what the pack is called, and what it is for")
            pack.text(key)
        written.fails = pack.texts("fails") or ()


def _read_codes(top: Table, written: Written) -> None:
    codes = top.table("codes")
    if codes is None:
        return
    for code in codes.values:
        if code not in CODES:
            codes.refuse(f'"{code}" is no code{did_you_mean(code, CODES)}', code)
        elif severity := codes.one_of(code, SEVERITIES):
            written.codes[code] = severity
