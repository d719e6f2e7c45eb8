from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.config import rules


@pytest.fixture(autouse=True)
def rules_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rules folder with the taxonomy alone: what packs say is no concern of tests of the annotation file."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "taxonomy.toml").write_bytes((rules.rules_dir() / "taxonomy.toml").read_bytes())
    monkeypatch.setattr(rules, "rules_dir", lambda: folder)
    return folder
