"""``purposelint lsp``: the language server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from purposelint.cli.help import command
from purposelint.cli.options import cache_folder
from purposelint.errors import PurposelintError

_EXAMPLES = (("purposelint lsp", "what an editor starts"),)


@command(_EXAMPLES)
@cache_folder
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results of runs.")
@click.option("--stdio", is_flag=True, help="Speak on the standard streams; it always does.")
def lsp(*, cache_dir: Path | None, no_cache: bool, stdio: bool) -> None:
    """Serve an editor: findings as diagnostics, and what is known of the data under the cursor.

    It speaks the language server protocol on the standard streams, and needs the extra `lsp`.
    """
    from purposelint.cache import default_folder  # noqa: PLC0415  (start-up time)
    from purposelint.lsp import serve  # noqa: PLC0415

    try:
        serve(None if no_cache else cache_dir or default_folder())
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise PurposelintError("the language server needs pygls: pip install 'purposelint[lsp]'") from error
    # A run may be under way, and Python would wait for its thread; nobody waits for what it finds any more.
    os._exit(0)
