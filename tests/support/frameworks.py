"""The small applications under fixtures/frameworks: what is analysed, and what is needed to run them."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import purposelint
from purposelint.policy.findings import Report
from support.expectations import ROOT

FRAMEWORKS = ROOT / "fixtures" / "frameworks"
NEEDED = {
    "aiohttp_client": ("aiohttp",),
    "aiohttp_server": ("aiohttp",),
    "attrs": ("attrs",),
    "celery": ("celery",),
    "click": ("click",),
    "django": ("django",),
    "dramatiq": ("dramatiq",),
    "fastapi": ("fastapi", "httpx", "multipart"),
    "flask": ("flask",),
    "flask_sqlalchemy": ("flask_sqlalchemy",),
    "httpx": ("httpx",),
    "marshmallow": ("marshmallow",),
    "protobuf": ("google.protobuf",),
    "pydantic": ("pydantic", "pydantic_settings"),
    "pyramid": ("pyramid", "pyramid_services", "webtest"),
    "requests": ("requests",),
    "rest": ("django", "rest_framework"),
    "rq": ("rq", "fakeredis"),
    "sqlalchemy": ("sqlalchemy", "greenlet"),
    "urllib3": ("urllib3",),
}
"""The packages that an application needs to run, by its folder; those that are not named need none."""


def applications() -> list[Path]:
    """List the folders of the applications."""
    return sorted(path.parent for path in FRAMEWORKS.glob("*/purposes.toml"))


def missing(folder: Path) -> list[str]:
    """List the packages that are not installed to run an application."""
    name = folder.name.removesuffix("_app")
    return [package for package in NEEDED.get(name, ()) if not _is_installed(package)]


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


@cache
def report(folder: Path) -> Report:
    """Analyse an application."""
    return purposelint.analyse(root=folder)
