"""What the shell offers beside commands, options and files: codes, packs, and the ids of the annotations here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from purposelint.cli.formats import FORMATS

if TYPE_CHECKING:
    from purposelint.config import Annotations


def complete_codes(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes, with their names; behind a comma the next one."""
    from purposelint.policy.codes import CODES  # noqa: PLC0415  (start-up time)

    before, comma, last = begun.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{code.code}", help=code.name)
        for code in CODES
        if code.code.startswith(last.upper())
    ]


def complete_outputs(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """``FORMAT=``; what comes behind is a file's name to be thought of."""
    return [CompletionItem(f"{form}=") for form in FORMATS if form.startswith(begun)]


def complete_packs(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The rule packs that ship, or are installed."""
    from purposelint.config.rules import available_packs  # noqa: PLC0415  (start-up time)

    return [
        CompletionItem(pack.name, help=pack.description) for pack in available_packs() if pack.name.startswith(begun)
    ]


def complete_sources(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The sources of the annotations here; of rule packs where no source of the project's begins so."""
    annotations = _annotations(ctx)
    found = annotations.sources if annotations is not None else ()
    fitting = [(each.pack is None, each.id, each.data or "") for each in found if each.id.startswith(begun)]
    return _own_first(fitting)


def complete_sinks(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The sinks of the annotations here; of rule packs where no sink of the project's begins so."""
    annotations = _annotations(ctx)
    found = annotations.sinks if annotations is not None else ()
    fitting = [(each.pack is None, each.id, each.purpose or "") for each in found if each.id.startswith(begun)]
    return _own_first(fitting)


def _own_first(fitting: list[tuple[bool, str, str]]) -> list[CompletionItem]:
    own = any(is_own for is_own, _, _ in fitting)
    return [CompletionItem(name, help=about) for is_own, name, about in fitting if is_own or not own]


def _annotations(ctx: click.Context) -> Annotations | None:
    """The annotations that the command would read; None where there are none, or they are wrong."""
    from purposelint.config import find, load  # noqa: PLC0415  (start-up time)
    from purposelint.errors import PurposelintError  # noqa: PLC0415

    named = ctx.params.get("config")
    file = Path(named).absolute() if named else find(Path.cwd())
    try:
        return load(file, root=file.parent) if file is not None else None
    except (PurposelintError, OSError):
        return None
