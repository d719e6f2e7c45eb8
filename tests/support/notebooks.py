"""Notebooks as Jupyter writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def code(text: str, **metadata: Any) -> dict[str, Any]:
    """A cell of code."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": text.splitlines(True),
    }


def prose(text: str) -> dict[str, Any]:
    """A cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(True)}


def document(*cells: dict[str, Any], language: str = "python") -> str:
    """The JSON of a notebook."""
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "", "language": language, "name": ""}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def write_notebook(file: Path, *cells: dict[str, Any], language: str = "python") -> None:
    """Write a notebook."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(document(*cells, language=language), encoding="utf-8")
