"""``purposelint rules``: the packs that ship, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from purposelint.cli.completion import complete_packs
from purposelint.cli.help import ExampleGroup, command
from purposelint.cli.output import write

_EXAMPLES = (
    ("purposelint rules", "the packs, and which are in use here"),
    ("purposelint rules show advertising", "what a pack knows"),
    ("purposelint rules show meta-custom-audience", "one entry of a pack"),
)
_KINDS = {
    "purpose": "purposes",
    "category": "data",
    "recipient": "recipients",
    "source": "source",
    "sink": "sink",
    "gate": "gate",
    "transform": "transform",
    "passthrough": "passthrough",
    "model": "model",
}
"""What entries are called, and the keys of a pack that hold them."""


@click.group(cls=ExampleGroup, default="list", examples=_EXAMPLES)
def rules() -> None:
    """List the rule packs and show what they know.

    A pack says where well-known packages take data, and how they move it. All packs are in use unless `packs` or
    `exclude_packs` in purposes.toml choose among them.
    """


@command(_EXAMPLES[:1])
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--config", type=click.Path(exists=True), help="The annotation file; else purposes.toml here or above.")
def list_packs(*, form: str, config: str | None) -> None:
    """List the packs at hand, and which are in use here.

    In use means: in force for the annotation file that is found here or above.
    """
    from purposelint.config.rules import available_packs  # noqa: PLC0415  (start-up time)

    packs = available_packs()
    used = _in_use(config)
    counts = {pack.name: _counts(pack.document.values) for pack in packs}
    if form == "json":
        write(
            _json(
                [
                    {
                        "name": pack.name,
                        "description": pack.description,
                        "in_use": None if used is None else pack.name in used,
                        "entries": counts[pack.name],
                    }
                    for pack in packs
                ]
            )
        )
        return
    width = max(len(pack.name) for pack in packs)
    lines = []
    for pack in packs:
        mark = "" if used is None else "* " if pack.name in used else "  "
        listed = ", ".join(f"{number} {_plural(kind, number)}" for kind, number in counts[pack.name].items())
        lines.append(f"{mark}{pack.name:<{width}}  {pack.description} ({listed})\n")
    write("".join(lines).encode())
    if used is not None:
        click.echo("* in use here", err=True)


@command(_EXAMPLES[1:])
@click.argument("name", shell_complete=complete_packs)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def show(*, name: str, form: str) -> None:
    """Show the entries of a pack, or those of an id.

    Each with what it matches, what it is for, who receives the data, and where its name was checked.
    """
    from purposelint.config.rules import available_packs  # noqa: PLC0415  (start-up time)
    from purposelint.config.suggestions import did_you_mean  # noqa: PLC0415

    packs = available_packs()
    whole = [pack for pack in packs if pack.name == name]
    entries = [{"pack": pack.name, **entry} for pack in whole or packs for entry in _entries(pack.document.values)]
    found = entries if whole else [entry for entry in entries if entry["id"] == name]
    if not whole and not found:
        known = [pack.name for pack in packs] + [str(entry["id"]) for entry in entries if entry["id"]]
        raise click.BadParameter(f"{name!r} is no pack and no entry of one{did_you_mean(name, known) or ''}")
    if form == "json":
        write(_json(found))
        return
    blocks = [f"{pack.name}: {pack.description}\n" for pack in whole] + [_block(entry) for entry in found]
    write("\n".join(blocks).encode())


rules.add_command(list_packs, "list")
rules.add_command(show)


def _in_use(config: str | None) -> frozenset[str] | None:
    """The packs in force for the annotation file here; None where there is none."""
    from purposelint.config import find, load  # noqa: PLC0415  (start-up time)

    file = Path(config).absolute() if config else find(Path.cwd())
    return frozenset(load(file, root=file.parent).packs) if file is not None else None


def _entries(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries of a pack, each with its ``kind`` and its ``id`` (None where it has none)."""
    for kind, key in _KINDS.items():
        held = values.get(key, [])
        if isinstance(held, dict):
            for name, value in held.items():
                yield {"kind": kind, "id": name, **(value if isinstance(value, dict) else {"meaning": value})}
        else:
            for entry in held:
                yield {"kind": kind, "id": entry.get("module"), **entry}


def _counts(values: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in _entries(values):
        counts[entry["kind"]] = counts.get(entry["kind"], 0) + 1
    return counts


def _block(entry: Mapping[str, Any]) -> str:
    """An entry as lines: its kind and name, then what it says."""
    lines = [f"{entry['kind']} {entry['id'] or ''}".rstrip()]
    for key, value in entry.items():
        if key not in ("pack", "kind", "id", "module"):
            for number, line in enumerate(_lines(value)):
                lines.append(f"  {'' if number else key:<14} {line}".rstrip())
    return "\n".join(lines) + "\n"


def _lines(value: object) -> list[str]:
    match value:
        case list():
            return [line for item in value for line in _lines(item)]
        case dict():
            return [", ".join(f"{key}: {' '.join(_lines(item))}" for key, item in value.items())]
        case bool():
            return ["yes" if value else "no"]
        case _:
            return str(value).strip("\n").splitlines() or [""]


def _plural(kind: str, number: int) -> str:
    return kind if number == 1 else {"category": "categories"}.get(kind, f"{kind}s")


def _json(document: object) -> bytes:
    import json  # noqa: PLC0415  (start-up time)

    return (json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n").encode()
