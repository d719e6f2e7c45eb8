"""A client and the server, each in a process of its own, speaking over the standard streams."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.notebooks import code, document, prose, write_notebook
from support.small_project import ANNOTATIONS, FILES, write

pytest.importorskip("pygls", reason="pygls is not installed (it comes with the extra `lsp`)")

from lsprotocol import types

from support.language_client import Client, session

CLEAN = FILES["jobs/sync.py"].replace("user.phone", "len(user.phone)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "a project"
    write(root, FILES)
    return root


def test_findings_come_when_a_file_is_opened_and_go_when_it_is_mended(project: Path) -> None:
    async def story(client: Client) -> None:
        client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        assert (found.code, found.source, found.severity) == ("PUR001", "purposelint", types.DiagnosticSeverity.Error)
        assert found.message == "two-factor-phone (collected for security) reaches audience (advertising)"
        assert found.range == types.Range(types.Position(5, 4), types.Position(5, 24))
        hops = found.related_information or []
        assert [hop.location.uri for hop in hops] == [client.uri("jobs/sync.py")] * len(hops)
        assert [hop.message for hop in hops] == ["read of user.phone", "handed over"]

        client.type("jobs/sync.py", CLEAN)
        assert await client.diagnostics("jobs/sync.py") == []
        client.type("jobs/sync.py", FILES["jobs/sync.py"])
        assert len(await client.diagnostics("jobs/sync.py")) == 1

    session(project, story)


def test_an_edit_opens_a_finding_in_a_file_that_is_not_open(project: Path) -> None:
    write(project, {"helpers.py": "def short(value):\n    return len(value)\n"})
    job = "import ads\nimport helpers\nfrom accounts import User\n\n\ndef sync(user: User):\n"
    write(project, {"jobs/sync.py": f"{job}    ads.send(helpers.short(user.phone))\n"})

    async def story(client: Client) -> None:
        client.open("helpers.py", "def short(value):\n    return value[:3]\n")
        (found,) = await client.diagnostics("jobs/sync.py")
        assert found.code == "PUR001"
        assert client.uri("helpers.py") in [hop.location.uri for hop in found.related_information or []]

    session(project, story)


def test_saved_annotations_count_and_mistakes_in_them_are_told_on_their_line(project: Path) -> None:
    async def story(client: Client) -> None:
        client.open("jobs/sync.py")
        assert len(await client.diagnostics("jobs/sync.py")) == 1
        write(project, {"purposes.toml": ANNOTATIONS.replace('["security"]', '["securty"]')})
        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(client.uri("purposes.toml")))
        client.text_document_did_save(saved)
        (wrong,) = await client.diagnostics("purposes.toml")
        assert 'did you mean "security"?' in wrong.message
        assert wrong.range.start.line == 7
        assert client.uri("jobs/sync.py") not in client.told  # what was found before stays

        write(project, {"purposes.toml": ANNOTATIONS.replace('["security"]', '["security", "advertising"]')})
        client.text_document_did_save(saved)
        assert await client.diagnostics("purposes.toml") == []

    session(project, story)


def test_a_finding_in_a_notebook_stands_where_its_file_has_the_line(project: Path) -> None:
    sent = code("from accounts import User\nimport ads\n\nfor user in [User()]:\n\tads.send(user.phone)")
    write_notebook(project / "sent.ipynb", prose("# Sent"), sent)
    lines = (project / "sent.ipynb").read_text(encoding="utf-8").split("\n")
    number = next(number for number, line in enumerate(lines) if "ads.send" in line)

    async def story(client: Client) -> None:
        client.open("jobs/sync.py")
        (found,) = await client.diagnostics("sent.ipynb")
        assert found.range.start.line == found.range.end.line == number
        assert lines[number][found.range.start.character : found.range.end.character] == "ads.send(user.phone)"
        client.open("sent.ipynb", document(prose("# Sent"), code("1")))
        assert await client.diagnostics("sent.ipynb") == []

    session(project, story)


def test_hover_tells_what_data_is_and_what_it_may_be_used_for(project: Path) -> None:
    async def story(client: Client) -> None:
        document = types.TextDocumentIdentifier(client.open("jobs/sync.py"))
        await client.diagnostics("jobs/sync.py")  # a question alone is waited for no longer than two seconds
        data = await client.text_document_hover_async(types.HoverParams(document, types.Position(5, 20)))
        assert data is not None
        assert isinstance(data.contents, types.MarkupContent)
        assert "**source** two-factor-phone (collected for security)" in data.contents.value
        sink = await client.text_document_hover_async(types.HoverParams(document, types.Position(5, 6)))
        assert sink is not None
        assert isinstance(sink.contents, types.MarkupContent)
        assert "**sink** audience (for advertising)" in sink.contents.value
        assert await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 3))) is None

    session(project, story)


def test_a_definition_leads_to_the_annotation(project: Path) -> None:
    async def story(client: Client) -> None:
        document = types.TextDocumentIdentifier(client.open("jobs/sync.py"))
        await client.diagnostics("jobs/sync.py")  # a question alone is waited for no longer than two seconds
        found = await client.text_document_definition_async(types.DefinitionParams(document, types.Position(5, 6)))
        assert isinstance(found, list)
        (place,) = found
        assert isinstance(place, types.Location)
        assert (place.uri, place.range.start.line) == (client.uri("purposes.toml"), 11)

    session(project, story)


async def offered(client: Client, uri: str, found: types.Diagnostic) -> list[types.CodeAction | types.Command]:
    """The actions that are offered for a finding."""
    asked = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext(diagnostics=[found])
    )
    return list(await client.text_document_code_action_async(asked) or [])


async def edits(client: Client, uri: str, found: types.Diagnostic, title: str) -> list[types.WorkspaceEdit]:
    """What the actions do whose titles begin so."""
    return [
        action.edit
        for action in await offered(client, uri, found)
        if isinstance(action, types.CodeAction) and action.edit is not None and action.title.startswith(title)
    ]


def applied(text: str, edit: types.TextEdit) -> str:
    """A text after an edit that only adds, counted in characters."""
    assert edit.range.start == edit.range.end
    lines = text.split("\n")
    line, column = edit.range.start.line, edit.range.start.character
    lines[line] = lines[line][:column] + edit.new_text + lines[line][column:]
    return "\n".join(lines)


@pytest.mark.parametrize("ending", ["\n", "", "\n# the end, with 🦉"])
def test_an_exception_is_added_to_the_annotations_and_counts_once_it_is_filled_in(project: Path, ending: str) -> None:
    toml = f"{ANNOTATIONS.rstrip()}{ending}"
    write(project, {"purposes.toml": toml})

    async def story(client: Client) -> None:
        uri = client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        (change,) = await edits(client, uri, found, "Except")
        (edit,) = (change.changes or {})[client.uri("purposes.toml")]
        assert isinstance(edit, types.TextEdit)
        drafted = applied(toml, edit)
        assert drafted.startswith(toml)

        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(client.uri("purposes.toml")))
        write(project, {"purposes.toml": drafted})
        client.text_document_did_save(saved)
        assert {each.message for each in await client.diagnostics("purposes.toml")} == {
            "exception[0].reason: is empty",
            "exception[0].owner: is empty",
        }
        filled = drafted.replace('reason = ""', 'reason = "DPIA-7"').replace(
            'owner = ""', 'owner = "privacy@example.com"'
        )
        write(project, {"purposes.toml": filled})
        client.text_document_did_save(saved)
        assert await client.diagnostics("purposes.toml") == []
        assert await client.diagnostics("jobs/sync.py") == []

    session(project, story, "utf-32")


def test_the_exception_goes_into_what_the_editor_holds_of_the_annotations(project: Path) -> None:
    async def story(client: Client) -> None:
        uri = client.open("jobs/sync.py")
        client.open("purposes.toml", f"{ANNOTATIONS}\n\n# not saved yet\n")
        found = (await client.diagnostics("jobs/sync.py"))[0]
        (change,) = await edits(client, uri, found, "Except")
        (edit,) = (change.changes or {})[client.uri("purposes.toml")]
        assert edit.range.start.line == len(ANNOTATIONS.split("\n")) + 2

    session(project, story)


def test_no_exception_is_offered_where_the_file_lists_them_in_another_form(project: Path) -> None:
    write(project, {"purposes.toml": f"exception = []\n{ANNOTATIONS}"})

    async def story(client: Client) -> None:
        uri = client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        assert await edits(client, uri, found, "Except") == []
        assert len(await edits(client, uri, found, "Allow")) == 1

    session(project, story)


def test_the_annotations_of_a_finding_are_opened(project: Path) -> None:
    async def story(client: Client) -> None:
        shown: list[types.ShowDocumentParams] = []

        @client.feature(types.WINDOW_SHOW_DOCUMENT)  # type: ignore[untyped-decorator]
        def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            shown.append(params)
            return types.ShowDocumentResult(success=True)

        uri = client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        for command in await offered(client, uri, found):
            if isinstance(command, types.Command):
                assert command.title.startswith("Open the annotation of the ")
                asked = types.ExecuteCommandParams(command.command, command.arguments)
                await client.workspace_execute_command_async(asked)
        assert [(each.uri, each.selection.start.line) for each in shown if each.selection is not None] == [
            (client.uri("purposes.toml"), 6),
            (client.uri("purposes.toml"), 11),
        ]

    session(project, story)


def test_a_finding_is_allowed_on_its_line_once_a_reason_is_written(project: Path) -> None:
    async def story(client: Client) -> None:
        uri = client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        (change,) = await edits(client, uri, found, "Allow")
        (edit,) = (change.changes or {})[uri]
        assert isinstance(edit, types.TextEdit)
        lines = FILES["jobs/sync.py"].splitlines(keepends=True)
        line, column = edit.range.start.line, edit.range.start.character
        lines[line] = lines[line][:column] + edit.new_text + lines[line][column:]

        client.type("jobs/sync.py", "".join(lines))
        assert {each.code for each in await client.diagnostics("jobs/sync.py")} == {"PUR001", "PUR902"}
        lines[line] = lines[line].rstrip("\n") + "agreed in DPIA-7\n"
        client.type("jobs/sync.py", "".join(lines))
        assert await client.diagnostics("jobs/sync.py") == []

    session(project, story)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_columns_are_counted_as_the_client_counts_them(project: Path, encoding: str) -> None:
    source = FILES["jobs/sync.py"].replace("    ads.send", '    "🦉é"; ads.send')
    write(project, {"jobs/sync.py": source})

    async def story(client: Client) -> None:
        client.open("jobs/sync.py")
        (found,) = await client.diagnostics("jobs/sync.py")
        before = '    "🦉é"; '
        units = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2, "utf-32": len(before)}
        assert found.range.start == types.Position(5, units[encoding])

    session(project, story, encoding)


def test_a_file_of_no_project_is_told_nothing_of(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n"})

    async def story(client: Client) -> None:
        document = types.TextDocumentIdentifier(client.open("a.py"))
        assert await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 0))) is None
        assert client.told == {}

    session(tmp_path, story)


def test_of_an_open_file_without_findings_it_is_told_that_there_are_none(project: Path) -> None:
    async def story(client: Client) -> None:
        client.open("jobs/clean.py")
        assert await client.diagnostics("jobs/clean.py") == []
        assert [found.code for found in await client.diagnostics("jobs/sync.py")] == ["PUR001"]
        assert client.uri("security.py") not in client.told
        client.type("jobs/clean.py", FILES["jobs/sync.py"])
        assert [found.code for found in await client.diagnostics("jobs/clean.py")] == ["PUR001"]

    session(project, story)
