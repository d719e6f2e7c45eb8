"""The language server: the only place that knows the protocol.

`projects` keeps what is known of each project and analyses it anew when something has changed, `telling` says it in the
protocol's terms, `server` answers the client.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["serve"]


def serve(cache: Path | None) -> None:
    """Speak the language server protocol on the standard streams until the client ends it.

    ``cache`` is the folder where runs keep what later ones can use; None: nothing is kept.
    """
    from purposelint.lsp.server import make_server  # noqa: PLC0415  (needs the extra `lsp`)

    make_server(cache).start_io()
