"""The server: what it answers to a client."""

from __future__ import annotations

import datetime
import io
import tokenize
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from purposelint import __version__
from purposelint.config.model import Sink, Source
from purposelint.errors import ConfigError, PurposelintError
from purposelint.facts.span import Span
from purposelint.lsp import actions, telling
from purposelint.lsp.projects import Buffers, OpenProject, Projects
from purposelint.policy.findings import Report
from purposelint.project.notebooks import SUFFIX as NOTEBOOK
from purposelint.project.notebooks import is_notebook, written

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    # All cells, in whatever language: their numbers count.
    [types.NotebookDocumentFilterWithNotebook(types.NotebookDocumentFilterNotebookType("jupyter-notebook"))],
    save=True,
)

_WAIT = 2.0
"""Seconds that a question waits for a run that is under way."""


class Server(LanguageServer):
    """A language server with the projects that its client has open."""

    def __init__(self, cache: Path | None) -> None:
        super().__init__("purposelint", __version__, notebook_document_sync=_NOTEBOOKS)
        self.projects = Projects(cache, self.buffers, self.tell, self.tell_mistakes)

    def buffers(self) -> Buffers:
        """What the client holds of Python files and notebooks."""
        documents = self.documents()
        contents = {
            file: encoded(document.source) for file, document in documents.items() if file.suffix in (".py", NOTEBOOK)
        }
        cells = {}
        by_uri = {document.uri: document for document in self.workspace.text_documents.values()}
        for file, found in self.notebooks().items():
            rows = [(cell.kind, by_uri.get(cell.document)) for cell in found.cells]
            contents[file] = written(
                (document.language_id if kind == types.NotebookCellKind.Code else None, document.source)
                if document is not None
                else (None, "")
                for kind, document in rows
            )
            cells[file] = tuple(cell.document for cell in found.cells)
        return Buffers(contents, cells)

    def documents(self) -> dict[Path, TextDocument]:
        """The files that the client has open as text, by their real paths."""
        found = {}
        for document in self.workspace.text_documents.values():  # the keys are not what the client calls them
            path = uris.to_fs_path(document.uri)
            if path is not None and self.workspace.get_notebook_document(cell_uri=document.uri) is None:
                found[Path(path).resolve()] = document
        return found

    def notebooks(self) -> dict[Path, types.NotebookDocument]:
        """The notebooks that the client has open as such, by their real paths."""
        found = {}
        for notebook in self.workspace.notebook_documents.values():
            path = uris.to_fs_path(notebook.uri)
            if path is not None and is_notebook(path):
                found[Path(path).resolve()] = notebook
        return found

    def text_of(self, file: Path) -> actions.Held:
        """What a file holds, as the client has it where it has it open."""
        document = self.documents().get(file.resolve())
        if document is not None:
            uri, text = document.uri, document.source
        else:
            uri = uris.from_fs_path(str(file)) or ""
            try:
                text = file.read_bytes().decode("utf-8", "replace")
            except OSError:
                text = ""
        *above, last = text.split("\n")
        end = types.Position(len(above), self.workspace.position_codec.client_num_units(last))
        return actions.Held(uri, text, end)

    def shows_documents(self) -> bool:
        """Whether the client opens a document when it is asked to."""
        window = self.client_capabilities.window
        return window is not None and window.show_document is not None and window.show_document.support

    def places(self, project: OpenProject, held: Buffers | None = None) -> telling.Places:
        """Places of a project, in what its last run read, or in what is ``held``."""
        root = project.project.root
        buffers = (held or project.buffers).below(root)
        contents = {file.relative_to(root).as_posix(): held for file, held in buffers.contents.items()}
        cells = {file.relative_to(root).as_posix(): names for file, names in buffers.cells.items()}
        opened = {file: document.uri for file, document in self.documents().items()}
        opened |= {file: notebook.uri for file, notebook in self.notebooks().items()}
        return telling.Places(root, contents, self.workspace.position_codec, opened, cells)

    def tell(self, project: OpenProject) -> None:
        """Tell the client what is found in a project, and that nothing is left of what it was told before.

        Of a file that it has open it is told that nothing is found there, too: it may wait for that.
        """
        report = project.study.report if project.study is not None else Report()
        places = self.places(project, project.shown.buffers)
        opened = {file: document.uri for file, document in self.documents().items() if not is_notebook(file.name)}
        found: dict[str, list[types.Diagnostic]] = {
            uri: [] for file, uri in opened.items() if self.projects.of(file) is project
        }
        for finding in (*project.shown.findings, *report.errors):
            uri = places.location(finding.path, finding.span).uri
            found.setdefault(uri, []).append(telling.diagnostic(finding, places))
        self._publish(found, project.told | project.mistaken)
        project.told, project.mistaken = set(found), set()

    def tell_mistakes(self, project: OpenProject, error: PurposelintError) -> None:
        """Tell the client what is wrong with the annotations; what was found before stays as it is told."""
        if not isinstance(error, ConfigError):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"purposelint: {error}"))
            return
        places = self.places(project)
        found: dict[str, list[types.Diagnostic]] = {}
        for wrong in error.mistakes:
            found.setdefault(places.uri(wrong.path), []).append(telling.mistake(wrong, places))
        self._publish(found, project.mistaken)
        project.mistaken = set(found)

    def _publish(self, found: dict[str, list[types.Diagnostic]], before: set[str]) -> None:
        for uri in sorted(found.keys() | before):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found.get(uri, [])))

    def changed(self, uri: str) -> None:
        """Note that a document, or the file it stands for, has changed."""
        path = uris.to_fs_path(uri)
        if path is not None:
            self.projects.changed(Path(path))

    async def asked(self, uri: str) -> tuple[OpenProject, str] | None:
        """The project of a document, known as it is now, and the file's path there; None where it is not to be had."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        file = uris.to_fs_path(uri if notebook is None else notebook.uri)
        project = self.projects.of(Path(file)) if file is not None else None
        if file is None or project is None or (notebook is None and is_notebook(file)):
            return None  # the lines of a notebook's file are JSON: there is nothing to be said of them
        current = await self.projects.settled(project, _WAIT)
        if project.inquiry is None:
            return None
        place = Path(file).resolve()
        held = None if current else self.buffers().contents.get(place)
        if held is not None and held != project.buffers.contents.get(place):
            return None  # what is known is of other lines
        return project, project.inquiry.path_of(Path(file))


def make_server(cache: Path | None) -> Server:
    """A server that answers, and is not started yet."""
    server = Server(cache)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_changed(
        params: types.DidOpenNotebookDocumentParams
        | types.DidChangeNotebookDocumentParams
        | types.DidSaveNotebookDocumentParams
        | types.DidCloseNotebookDocumentParams,
    ) -> None:
        server.changed(params.notebook_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            server.changed(change.uri)

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.projects.close()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        asked = await server.asked(params.text_document.uri)
        if asked is None or asked[0].inquiry is None:
            return None
        project, path = asked
        assert project.inquiry is not None
        point = server.places(project).point(params.text_document.uri, path, params.position)
        said = telling.hover(project.inquiry, path, *point) if point is not None else None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said)) if said else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        """Where the annotations say what is at a point: those of the project; what packs say has no file here."""
        asked = await server.asked(params.text_document.uri)
        if asked is None or asked[0].inquiry is None:
            return []
        project, path = asked
        assert project.inquiry is not None
        places, holdings = server.places(project), project.inquiry.holdings
        point = places.point(params.text_document.uri, path, params.position)
        if point is None:
            return []
        entries: list[Source | Sink] = [
            *(use.sink for use in holdings.uses(path, *point)),
            *(entry.source for entry in holdings.entries(path, *point)),
            *(holding.source for holding in holdings.at(path, *point)),
        ]
        origins = dict.fromkeys(entry.origin for entry in entries if entry.pack is None)
        return [places.location(each.path, Span(each.line, 1, each.line, 1)) for each in origins]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def offered(params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
        """What can be done about the findings at hand."""
        asked = await server.asked(params.text_document.uri)
        if asked is None or asked[0].study is None:
            return []
        project, path = asked
        assert project.study is not None
        study, places = project.study, server.places(project)
        found: list[types.CodeAction | types.Command] = []
        for diagnostic in params.context.diagnostics:
            if diagnostic.source != telling.SOURCE or not str(diagnostic.code).startswith("PUR0"):
                continue
            point = places.point(params.text_document.uri, path, diagnostic.range.start)
            if point is not None and path.endswith((".py", NOTEBOOK)):
                _, last = study.places.statement(path, point[0])
                whole = places.location(path, study.places.placed(path, Span(last, 1, last, 1)))
                found.append(actions.allowing(diagnostic, whole.uri, whole.range.end))
            finding = actions.finding_of(study, path, diagnostic)
            if finding is not None:
                file = project.project.config
                excepted = actions.excepting(diagnostic, finding, file, server.text_of(file), datetime.date.today())
                found += [excepted] if excepted is not None else []
                found += actions.opening(finding, study, places) if server.shows_documents() else []
        return found

    @server.command(actions.OPEN)
    async def open_annotation(uri: str, line: int) -> None:
        place = types.Range(types.Position(line, 0), types.Position(line, 0))
        await server.window_show_document_async(types.ShowDocumentParams(uri, take_focus=True, selection=place))

    return server


def encoded(text: str) -> bytes:
    """The bytes that a document stands for, in the encoding that it declares."""
    source = text.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return text.encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return source
