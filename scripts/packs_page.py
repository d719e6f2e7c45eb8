"""Print the page of the rule packs and the default vocabulary; with ``--write``, into docs/packs.md."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "packs.md"
VOCABULARIES = ("fideslang", "dpv", "tcf")
KINDS = ("source", "sink", "gate", "transform", "passthrough")

_LABEL = re.compile(r"#\s*(?:use|silent):\s*([\w, -]+)$", re.MULTILINE)
_HEAD = """\
# Rule packs

What ships in `rules/`. A pack counts where the code names the package; `packs` and `exclude_packs` choose among them,
and `purposelint rules show NAME` prints one ([annotations.md](annotations.md#rule-packs) says how they are written, and
how a project gives the ways out that have no purpose one).

*Entries* are sources, sinks, transforms and passthroughs. *Read* counts those whose name was read in that version of
the package, in the file and line that the entry gives; `scripts/check_rules.py` downloads the packages and looks again.
*Tried* counts those with a use in `fixtures/packs` that is found and another that stays silent. A package "python" is
the standard library.
"""
_MODELS = """
Packs without entries hold models of libraries: {names}.
"""
_PURPOSES = """
## The default vocabulary

`rules/taxonomy.toml` declares these, so that a project's file can say `purposes = ["service.notification"]` without
declaring it; own names go beside them. {purposes} purposes and {categories} categories of data, with the nearest terms
of fideslang, of the W3C's Data Privacy Vocabulary (DPV) and of the IAB's Transparency and Consent Framework (TCF).

| purpose | meaning | fideslang | DPV | TCF |
| --- | --- | --- | --- | --- |
"""
_CATEGORIES = """
★ special: Art. 9 or 10 GDPR, or children.

| category | fideslang | DPV | fields are called |
| --- | --- | --- | --- |
"""
_FOOT = """
Written by `scripts/packs_page.py --write` from `rules/` and `fixtures/packs/`.
"""


def page() -> str:
    """Write the page."""
    packs = {path.stem: tomli.loads(path.read_text("utf-8")) for path in sorted((ROOT / "rules").glob("*.toml"))}
    taxonomy = packs.pop("taxonomy")
    with_entries = {name: pack for name, pack in packs.items() if any(map(checked, entries(pack)))}
    models = sorted(packs[name]["pack"]["name"] for name in packs.keys() - with_entries.keys())
    sections = "".join(_section(name, pack) for name, pack in with_entries.items())
    purposes = list(_flat(taxonomy["purposes"]))
    rows = "".join(
        f"| `{name}` | {value['meaning']} | {' | '.join(_terms(value, each) for each in VOCABULARIES)} |\n"
        for name, value in purposes
    )
    categories = "".join(
        f"| `{name}`{' ★' if value.get('special') else ''} | {_terms(value, 'fideslang')} | {_terms(value, 'dpv')}"
        f" | {', '.join(value.get('names', ()))} |\n"
        for name, value in taxonomy["data"].items()
    )
    counts = {"purposes": len(purposes), "categories": len(taxonomy["data"])}
    return (
        _HEAD
        + sections
        + _MODELS.format(names=", ".join(f"`{name}`" for name in models))
        + _PURPOSES.format(**counts)
        + rows
        + _CATEGORIES
        + categories
        + _FOOT
    )


def entries(pack: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All entries of a pack."""
    for kind in KINDS:
        yield from pack.get(kind, ())


def checked(entry: Mapping[str, Any]) -> bool:
    """Whether an entry says where it was read."""
    return bool(entry.get("checked", {}).get("at"))


def name_of(entry: Mapping[str, Any]) -> str:
    """The id of an entry, or what stands for it in fixtures/packs."""
    patterns: Sequence[str] = [entry["match"]] if isinstance(entry.get("match"), str) else entry.get("match", [])
    return str(entry.get("id") or patterns[0].partition("(")[0].replace(".", "-"))


def _section(name: str, pack: Mapping[str, Any]) -> str:
    tried = _tried(name)
    packages: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries(pack):
        about = entry.get("checked", {})
        packages[str(about.get("package", "")), str(about.get("version", ""))].append(entry)
    rows = "".join(
        f"| {package} | {version} | {len(its)} | {sum(map(checked, its))}"
        f" | {sum(name_of(entry) in tried for entry in its)} | {', '.join(map(name_of, its))} |\n"
        for (package, version), its in sorted(packages.items(), key=lambda row: (row[0][0].lower(), row[0][1]))
    )
    about = pack["pack"]
    return (
        f"\n## {about['name']}\n\n{about['description']}.\n\n"
        f"| package | version | entries | read | tried | which |\n| --- | --- | --- | --- | --- | --- |\n{rows}"
    )


def _tried(name: str) -> set[str]:
    uses = ROOT / "fixtures" / "packs" / "uses" / f"{name}.py"
    labels = _LABEL.findall(uses.read_text("utf-8")) if uses.is_file() else []
    return {each.strip() for label in labels for each in label.split(",")}


def _flat(purposes: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in purposes.items():
        yield name, {"meaning": value} if isinstance(value, str) else value


def _terms(value: Mapping[str, Any], vocabulary: str) -> str:
    terms = value.get(vocabulary, ())
    return ", ".join([terms] if isinstance(terms, str) else terms)


def main() -> None:
    """Print or write the page."""
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
