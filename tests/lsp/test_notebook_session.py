"""A client that has a notebook open as such: a document for each cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.notebooks import code, document, prose, write_notebook
from support.small_project import FILES, write

pytest.importorskip("pygls", reason="pygls is not installed (it comes with the extra `lsp`)")

from lsprotocol import types

from support.language_client import Client, session

NOTEBOOK = "sent.ipynb"
MARKUP, CODE = types.NotebookCellKind.Markup, types.NotebookCellKind.Code
LOADED = "from accounts import User\nimport ads\nuser = User()"
SENT = "# 🦉\n\nads.send(user.phone)"
COUNTED = "# 🦉\n\nads.send(len(user.phone))"


def cell_uri(name: str) -> str:
    """As VS Code names the documents of cells."""
    return f"vscode-notebook-cell:/a%20project/{NOTEBOOK}#{name}"


def item(name: str, text: str, language: str = "python") -> types.TextDocumentItem:
    return types.TextDocumentItem(cell_uri(name), language, 1, text)


def cell(name: str, kind: types.NotebookCellKind = CODE) -> types.NotebookCell:
    return types.NotebookCell(kind, cell_uri(name))


class NotebookClient:
    """What a client does with one notebook."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.uri = client.uri(NOTEBOOK)
        self.version = 1

    def open(self, cells: list[types.NotebookCell], texts: list[types.TextDocumentItem]) -> None:
        notebook = types.NotebookDocument(self.uri, "jupyter-notebook", 1, cells)
        self.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, texts))

    def change(self, changes: types.NotebookDocumentCellChanges) -> None:
        self.version += 1
        self.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(self.version, self.uri),
                types.NotebookDocumentChangeEvent(cells=changes),
            )
        )

    def type(self, name: str, text: str) -> None:
        content = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(self.version + 1, cell_uri(name)),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
        self.change(types.NotebookDocumentCellChanges(text_content=[content]))

    def close(self, *names: str) -> None:
        self.client.notebook_document_did_close(
            types.DidCloseNotebookDocumentParams(
                types.NotebookDocumentIdentifier(self.uri),
                [types.TextDocumentIdentifier(cell_uri(name)) for name in names],
            )
        )

    def open_as_usual(self, sent: str = SENT) -> None:
        """A cell of prose and one of another language among those of Python."""
        self.open(
            [cell("title", MARKUP), cell("loaded"), cell("shell"), cell("sent")],
            [
                item("title", "# Sent", "markdown"),
                item("loaded", LOADED),
                item("shell", "echo (", "shellscript"),
                item("sent", sent),
            ],
        )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "a project"
    write(root, {name: text for name, text in FILES.items() if not name.startswith("jobs/")})
    write_notebook(root / NOTEBOOK, prose("# Sent"), code(LOADED), code("%%bash\necho ("), code(COUNTED))
    return root


def test_what_is_typed_in_a_cell_counts_and_is_told_in_the_cell(project: Path) -> None:
    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual()
        (found,) = await client.diagnostics(cell_uri("sent"))
        assert found.code == "PUR001"
        assert found.range == types.Range(types.Position(2, 0), types.Position(2, 20))
        assert {hop.location.uri for hop in found.related_information or []} == {cell_uri("sent")}
        notebook.type("sent", COUNTED)
        assert await client.diagnostics(cell_uri("sent")) == []
        notebook.type("sent", SENT)
        assert len(await client.diagnostics(cell_uri("sent"))) == 1

    session(project, story)


def test_a_way_leads_through_cells(project: Path) -> None:
    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual("ads.send(number)")
        notebook.type("loaded", f"{LOADED}\nnumber = user.phone")
        (found,) = await client.diagnostics(cell_uri("sent"))
        (read, *_, sent) = found.related_information or []
        assert (read.location.uri, read.location.range.start.line) == (cell_uri("loaded"), 3)
        assert (sent.location.uri, sent.location.range.start.line) == (cell_uri("sent"), 0)

    session(project, story)


def test_cells_that_are_added_and_moved_keep_their_findings(project: Path) -> None:
    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual()
        assert len(await client.diagnostics(cell_uri("sent"))) == 1
        added = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(1, 0, [cell("more")]), did_open=[item("more", "import ads\nads.send(1)\n")]
        )
        notebook.change(types.NotebookDocumentCellChanges(structure=added))
        (found,) = await client.diagnostics(cell_uri("sent"))
        assert found.range.start == types.Position(2, 0)
        removed = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(4, 1), did_close=[types.TextDocumentIdentifier(cell_uri("sent"))]
        )
        notebook.change(types.NotebookDocumentCellChanges(structure=removed))
        assert await client.diagnostics(cell_uri("sent")) == []

    session(project, story)


def test_a_notebook_that_is_closed_counts_as_it_is_on_disk(project: Path) -> None:
    write_notebook(project / NOTEBOOK, prose("# Sent"), code(LOADED), code("%%bash\necho ("), code(SENT))
    line = document(prose("# Sent"), code(LOADED), code("%%bash\necho ("), code(SENT)).split("\n")

    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual()
        assert len(await client.diagnostics(cell_uri("sent"))) == 1
        notebook.close("title", "loaded", "shell", "sent")
        (found,) = await client.diagnostics(NOTEBOOK)
        assert "ads.send" in line[found.range.start.line]
        assert await client.diagnostics(cell_uri("sent")) == []

    session(project, story)


def test_a_cell_that_cannot_be_parsed_yet_is_told_on_its_line(project: Path) -> None:
    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual()
        assert len(await client.diagnostics(cell_uri("sent"))) == 1
        notebook.type("loaded", f"{LOADED}\nnumber = (")
        (wrong,) = await client.diagnostics(cell_uri("loaded"))
        assert (wrong.code, wrong.range.start.line) == ("PUR901", 3)

    session(project, story)


def test_hover_definition_and_allowing_work_in_a_cell(project: Path) -> None:
    async def story(client: Client) -> None:
        notebook = NotebookClient(client)
        notebook.open_as_usual()
        sent = types.TextDocumentIdentifier(cell_uri("sent"))
        (found,) = await client.diagnostics(cell_uri("sent"))
        data = await client.text_document_hover_async(types.HoverParams(sent, types.Position(2, 16)))
        assert data is not None
        assert isinstance(data.contents, types.MarkupContent)
        assert "**source** two-factor-phone (collected for security)" in data.contents.value
        for name, line in (("sent", 0), ("title", 0), ("shell", 0)):
            place = types.TextDocumentIdentifier(cell_uri(name))
            assert await client.text_document_hover_async(types.HoverParams(place, types.Position(line, 1))) is None
        entries = await client.text_document_definition_async(types.DefinitionParams(sent, types.Position(2, 6)))
        assert isinstance(entries, list)
        (entry,) = entries
        assert isinstance(entry, types.Location)
        assert entry.uri == client.uri("purposes.toml")
        asked = types.CodeActionParams(sent, found.range, types.CodeActionContext(diagnostics=[found]))
        (change,) = [
            action.edit.changes
            for action in await client.text_document_code_action_async(asked) or []
            if isinstance(action, types.CodeAction) and action.edit and action.title.startswith("Allow")
        ]
        (edit,) = (change or {})[cell_uri("sent")]
        assert edit.range.start == types.Position(2, len("ads.send(user.phone)"))
        notebook.type("sent", f"{SENT}{edit.new_text}agreed in DPIA-7")
        assert await client.diagnostics(cell_uri("sent")) == []

    session(project, story)
