"""The forms in which a report is given: one module each, with a function ``render``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, cast

from purposelint.policy.findings import Report

Renderer: TypeAlias = Callable[[Report], str]

FORMATS = {
    "text": "purposelint.report.text",
    "json": "purposelint.report.json_document",
}
"""The name of each format and the module that renders it, imported when it is asked for."""


def render(report: Report, form: str) -> bytes:
    """The report in one of `FORMATS`, in UTF-8.

    A file name that is no text (it came from the disk so) keeps its bytes.
    """
    renderer = cast(Renderer, import_module(FORMATS[form]).render)
    return renderer(report).encode("utf-8", "surrogateescape")
