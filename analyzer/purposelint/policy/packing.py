"""A report as bytes and back, without a name of any class in them."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from purposelint.facts.span import Span
from purposelint.policy import findings
from purposelint.policy.findings import Report

_CLASSES = (
    Span,
    *sorted(
        (kind for kind in vars(findings).values() if isinstance(kind, type) and kind.__module__ == findings.__name__),
        key=lambda kind: kind.__name__,
    ),
)
_NUMBERS = {kind: number for number, kind in enumerate(_CLASSES)}
_FIELDS = tuple(tuple(field.name for field in fields(kind)) for kind in _CLASSES)
_TUPLE, _MAPPING = -1, -2


def pack(report: Report) -> bytes:
    """The bytes of a report. Raises `TypeError` where it holds what is no plain value."""
    return marshal.dumps(_plain(report))


def unpack(packed: bytes) -> Report:
    """The report of `pack`'s bytes."""
    report = _built(marshal.loads(packed))
    assert isinstance(report, Report)
    return report


def _plain(value: Any) -> Any:
    """Classes, tuples and mappings as tuples that begin with a number; all else as it is."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return (_TUPLE, *map(_plain, value))
    if isinstance(value, Mapping):
        return (_MAPPING, *((key, _plain(item)) for key, item in value.items()))
    number = _NUMBERS.get(type(value))
    if number is None:
        raise TypeError(f"a report holds a {type(value).__name__}, which cannot be kept")
    return (number, *(_plain(getattr(value, name)) for name in _FIELDS[number]))


def _built(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    number, *parts = value
    if number == _TUPLE:
        return tuple(map(_built, parts))
    if number == _MAPPING:
        return {key: _built(item) for key, item in parts}
    return _CLASSES[number](*map(_built, parts))
