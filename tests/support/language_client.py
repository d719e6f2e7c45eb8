"""A client of the language server, which is a process of its own; they speak over the standard streams."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.client import LanguageClient

SECONDS = 20.0


class Client(LanguageClient):
    """A client that keeps what it is told."""

    def __init__(self, root: Path) -> None:
        super().__init__("test", "1")
        self.root = root
        self.told: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return uris.from_fs_path(str(self.root / name)) or ""

    def open(self, name: str, text: str | None = None) -> str:
        uri = self.uri(name)
        text = (self.root / name).read_text(encoding="utf-8") if text is None else text
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, types.LanguageKind.Python, 1, text))
        )
        return uri

    def type(self, name: str, text: str) -> None:
        uri = self.uri(name)
        self.versions[uri] = self.versions.get(uri, 1) + 1
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def diagnostics(self, name: str) -> list[types.Diagnostic]:
        """What is told next of a file, or of a document of this URI."""
        uri = name if ":" in name else self.uri(name)
        while uri not in self.told:
            await asyncio.wait_for(self.news.wait(), SECONDS)
            self.news.clear()
        return self.told.pop(uri)


def session(root: Path, story: Callable[[Client], Awaitable[None]], encoding: str = "utf-16") -> None:
    """Start the server, tell the story, end the server."""

    async def play() -> None:
        client = Client(root)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def told(params: types.PublishDiagnosticsParams) -> None:
            client.told[params.uri] = list(params.diagnostics)
            client.news.set()

        cache = str(root.parent / "cache")
        await client.start_io(sys.executable, "-m", "purposelint", "lsp", "--cache-dir", cache)
        general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])
        await client.initialize_async(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(
                    general=general,
                    notebook_document=types.NotebookDocumentClientCapabilities(
                        types.NotebookDocumentSyncClientCapabilities()
                    ),
                    window=types.WindowClientCapabilities(
                        show_document=types.ShowDocumentClientCapabilities(support=True)
                    ),
                ),
                root_uri=client.uri("."),
            )
        )
        client.initialized(types.InitializedParams())
        await story(client)
        await asyncio.wait_for(client.shutdown_async(None), SECONDS)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]

    asyncio.run(asyncio.wait_for(play(), 2 * SECONDS))
