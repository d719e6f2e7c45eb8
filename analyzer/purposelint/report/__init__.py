"""The forms in which a report is given: one module each, with a function ``render``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, cast

from purposelint.policy.findings import Report
from purposelint.report.setting import Setting

Renderer: TypeAlias = Callable[[Report, Setting], str]

FORMATS = {
    "text": "purposelint.report.text",
    "full": "purposelint.report.full",
    "json": "purposelint.report.json_document",
    "sarif": "purposelint.report.sarif",
    "github": "purposelint.report.github",
    "gitlab": "purposelint.report.gitlab",
    "junit": "purposelint.report.junit",
    "html": "purposelint.report.html_page",
}
"""The name of each format and the module that renders it, imported when it is asked for."""


def render(report: Report, form: str, setting: Setting | None = None) -> bytes:
    """The report in one of `FORMATS`, in UTF-8.

    A file name that is no text (it came from the disk so) keeps its bytes where the format is not one for programs.
    """
    renderer = cast(Renderer, import_module(FORMATS[form]).render)
    return renderer(report, setting or Setting()).encode("utf-8", "surrogateescape")
