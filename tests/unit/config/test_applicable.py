"""Entries of packs come along where the project names their library, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from purposelint.config import Annotations, applicable, load

PACK = """
[[sink]]
id = "both"
match = ["vendor.send(body)", "other.send(body)"]
[[sink]]
id = "anyone"
match = "**.outbox.send(body)"
[[sink]]
id = "inner"
match = "core.flush(body)"
[[passthrough]]
match = "other.codec.pack()"
to = []
[[model]]
module = "vendor.sdk"
code = '''
from core import flush
'''
[[model]]
module = "core"
code = '''
import inner_core
'''
"""

Names = Callable[..., Annotations]


@pytest.fixture
def names(tmp_path: Path, rules_folder: Path) -> Names:
    def names(*named: str) -> Annotations:
        (rules_folder / "vendor.toml").write_text(PACK)
        (tmp_path / "purposes.toml").write_text('[[sink]]\nid = "own"\nmatch = "away.send()"\npurpose = "service"\n')
        annotations = load(tmp_path / "purposes.toml", root=tmp_path)
        return applicable(annotations, named.__contains__)

    return names


def test_nothing_is_left_of_packs_whose_libraries_nobody_names_and_all_of_the_project(names: Names) -> None:
    annotations = names()
    assert [sink.id for sink in annotations.sinks] == ["own", "anyone"]
    assert annotations.passthroughs == ()


def test_an_entry_keeps_the_patterns_that_can_match(names: Names) -> None:
    annotations = names("other")
    assert [(sink.id, len(sink.match)) for sink in annotations.sinks] == [("own", 1), ("both", 1), ("anyone", 1)]
    assert len(annotations.passthroughs) == 1


def test_what_the_models_in_use_import_is_named_too(names: Names) -> None:
    assert [sink.id for sink in names("vendor").sinks] == ["own", "both", "anyone", "inner"]
    assert [sink.id for sink in names("inner_core").sinks] == ["own", "anyone"]
