from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of this test alone, also in the processes that it starts: never that of who runs the tests."""
    folder = tmp_path_factory.mktemp("cache") / "purposelint"
    monkeypatch.setenv("PURPOSELINT_CACHE_DIR", str(folder))
    return folder
