"""The documentation says what is so: generated pages are fresh, links lead somewhere, examples load."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import tomli

from purposelint import __version__
from purposelint.config import load
from purposelint.config.codes import CODES as NAMES
from purposelint.policy.codes import CODES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_codes_is_fresh() -> None:
    page = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    assert page == script("codes_page").page(), "run scripts/codes_page.py --write"


def test_the_page_of_the_packs_is_fresh() -> None:
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    assert page == script("packs_page").page(), "run scripts/packs_page.py --write"


def test_the_codes_that_a_file_may_set_are_those_that_are_told() -> None:
    assert tuple(code.code for code in CODES) == NAMES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "docs/annotations.md"])
def test_the_first_example_of_a_page_is_a_file_that_loads(page: str, tmp_path: Path) -> None:
    example = _TOML.findall((ROOT / page).read_text(encoding="utf-8"))[0]
    (tmp_path / "purposes.toml").write_text(example, encoding="utf-8")
    annotations = load(tmp_path / "purposes.toml", root=tmp_path)
    assert [sink.id for sink in annotations.sinks if sink.pack is None]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_is_toml(page: Path) -> None:
    for example in _TOML.findall(page.read_text(encoding="utf-8")):
        tomli.loads(example)


def test_the_readme_has_two_commands_of_a_line_each() -> None:
    commands = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert [command.count("\n") for command in commands] == [1, 1]
    assert "fixtures/scenarios/S1/as_it_happened" in commands[0]
    assert "pytest" in commands[1]


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased" in changelog or f"## {__version__}" in changelog
