"""The rule packs: TOML files that say where well-known packages take data.

A pack has the form of a project's file, with ``[pack] name = "…", description = "…"`` (else it is called as its file)
and, if it likes, ``checked`` in its entries; it has no linkages, exceptions or settings. Its purposes and recipients
come along; where the project declares the same name, or an entry of the same id, the project's counts. A source of a
pack that has no ``purposes`` only says what kind of data is there (``purposelint init`` proposes it); it is left out
at load.

A project's ``packs`` and ``exclude_packs`` choose among them. Packs that judge nothing, because they hold only words
(the taxonomy) or how libraries move data (models, passthroughs), need not be named in ``packs``: without them the
analysis would understand less of the code, not find less.

The packs that ship stand in ``rules/``. Other distributions add theirs by an entry point of the group
``purposelint.rules`` that names a package with TOML files in it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from purposelint.config.documents import Document, UnreadableError, read_document
from purposelint.errors import ConfigError

ENTRY_POINT_GROUP = "purposelint.rules"
TAXONOMY = "taxonomy"
"""The pack that holds the default purposes and categories."""

_JUDGING = frozenset({"source", "sink", "gate", "transform"})


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack that is at hand, read but not yet checked."""

    name: str
    description: str
    path: Path
    document: Document


def rules_dir() -> Path:
    """The folder of the packs that ship: in the installed package, else in the checkout.

    Raises `FileNotFoundError` when there is neither: a broken installation.
    """
    package = Path(str(files("purposelint")))
    for folder in (package / "rules", *(parent / "rules" for parent in package.parents[:2])):
        if (folder / f"{TAXONOMY}.toml").is_file():
            return folder
    raise FileNotFoundError(f"no rule packs in or above {package}; install purposelint anew")


def available_packs() -> tuple[Pack, ...]:
    """All packs at hand, by name.

    Raises `ConfigError` when one cannot be read.
    """
    packs: list[Pack] = []
    unreadable: list[UnreadableError] = []
    for path, shown in _pack_files():
        try:
            document = read_document(path, shown, pack=True)
        except UnreadableError as error:
            unreadable.append(error)
            continue
        about = document.values.get("pack")
        name, description = (about.get("name"), about.get("description")) if isinstance(about, dict) else (None, None)
        packs.append(Pack(str(name or path.stem), str(description or ""), path, document))
    if unreadable:
        raise ConfigError(tuple(error.mistake for error in unreadable))
    return tuple(sorted(packs, key=lambda pack: (pack.name, pack.document.path)))


def in_force(packs: Sequence[Pack], only: Sequence[str] | None, excluded: Sequence[str]) -> tuple[Pack, ...]:
    """The packs that count: all or ``only`` those named (and those that judge nothing), never the ``excluded``."""
    return tuple(
        pack
        for pack in packs
        if pack.name not in excluded
        and (only is None or pack.name in only or _JUDGING.isdisjoint(pack.document.values))
    )


def _pack_files() -> Iterator[tuple[Path, str]]:
    """The TOML files of all packs, and how they are shown."""
    for path in sorted(rules_dir().glob("*.toml")):
        yield path, f"rules/{path.name}"
    for module in sorted({entry.value for entry in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)}):
        # The package is found and not imported: a pack is data.
        found = importlib.util.find_spec(module)
        for folder in sorted(found.submodule_search_locations or ()) if found else ():
            for path in sorted(Path(folder).glob("*.toml")):
                yield path, f"{module}/{path.name}"
