"""The packs in ``rules/``: each is right, by itself and with the others."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from purposelint.config import load, rules
from purposelint.config.model import Limits
from purposelint.errors import ConfigError

SHIPPED = sorted(tomli.loads(path.read_text("utf-8"))["pack"]["name"] for path in rules.rules_dir().glob("*.toml"))


@pytest.fixture(autouse=True)
def rules_folder() -> Path:
    """Here the real one, not the one of ``conftest``."""
    return rules.rules_dir()


def test_all_packs_that_ship_are_right_and_their_ids_differ(tmp_path: Path) -> None:
    annotations = load(None, root=tmp_path)
    assert set(SHIPPED) <= set(annotations.packs)
    for entries in (annotations.sources, annotations.sinks, annotations.gates):
        ids = [entry.id for entry in entries]
        assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", SHIPPED)
def test_each_pack_that_ships_stands_by_itself(tmp_path: Path, name: str) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text(f'packs = ["{name}"]')
    assert name in load(path, root=tmp_path).packs


def test_the_taxonomy_has_its_purposes_and_categories_without_limits(tmp_path: Path) -> None:
    annotations = load(None, root=tmp_path)
    own = [purpose for purpose in annotations.purposes.values() if purpose.origin.path == "rules/taxonomy.toml"]
    assert len(own) == 28
    assert all(purpose.meaning and purpose.mapping for purpose in own)
    assert annotations.purposes["advertising.targeting"].mapping["tcf"] == ("4",)
    categories = [each for each in annotations.categories.values() if each.origin.path == "rules/taxonomy.toml"]
    assert all(category.limits == Limits() for category in categories)
    assert annotations.categories["user.biometric"].special
    assert not annotations.categories["user.name"].special
    assert annotations.categories["user.contact.phone_number"].names == ("phone", "msisdn")


def test_every_purpose_and_category_has_its_terms_and_names_below_something_that_is_declared(tmp_path: Path) -> None:
    annotations = load(None, root=tmp_path)
    for name in annotations.purposes:
        assert name.partition(".")[0] in annotations.purposes
    without_terms = [name for name, category in annotations.categories.items() if not category.mapping]
    assert without_terms == ["user.content.ephemeral"]  # a word of our own, and it says what it means
    assert annotations.categories["user.content.ephemeral"].meaning
    special = sorted(name for name, category in annotations.categories.items() if category.special)
    assert len(annotations.categories) == 47
    assert len(special) == 10


def test_a_project_uses_the_default_words_without_declaring_them_and_its_own_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "purposes.toml"
    path.write_text(
        '[purposes]\nrobocalls = "Call"\n[data."user.contact.email"]\npurposes = ["service.notification"]\n'
        '[[source]]\nid = "mail"\nmatch = "user.email"\ndata = "user.contact.email"\n'
        '[[sink]]\nid = "newsletter"\nmatch = "news.send()"\npurpose = "marketing.direct"\n'
        '[[sink]]\nid = "calls"\nmatch = "calls.make()"\npurpose = "robocalls"\n'
    )
    annotations = load(path, root=tmp_path)
    (source,) = (each for each in annotations.sources if each.pack is None)
    assert source.limits.purposes == ("service.notification",)
    assert [sink.purpose for sink in annotations.sinks if sink.pack is None] == ["marketing.direct", "robocalls"]
    path.write_text('[[sink]]\nid = "x"\nmatch = "x.y()"\npurpose = "service.notifcation"\n')
    with pytest.raises(ConfigError, match=r'did you mean "service\.notification"'):
        load(path, root=tmp_path)
