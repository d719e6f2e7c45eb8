from __future__ import annotations

import json

import pytest

from purposelint.facts.span import Span
from purposelint.project.notebooks import BrokenNotebook, Notebook, parsed
from support.notebooks import code, document, prose


def notebook(text: str) -> Notebook:
    return parsed(text.encode())


def test_the_code_cells_are_one_module_in_order_and_each_knows_its_number() -> None:
    found = notebook(document(prose("# Title"), code("a = 1\nb = 2"), prose("more"), code("c = a")))
    assert [(cell.number, cell.first) for cell in found.cells] == [(2, 3), (4, 6)]
    lines = found.module().decode().split("\n")
    assert lines[2:4] == ["a = 1", "b = 2"]
    assert lines[5] == "c = a"


def test_what_stands_above_changes_the_module_so_that_nothing_kept_is_out_of_date() -> None:
    before, after = document(code("a = 1")), document(prose(""), code("a = 1"))
    assert notebook(before).module() != notebook(after).module()


def test_an_indented_cell_is_python_all_the_same() -> None:
    found = notebook(document(code("a = 1"), code("    b = 2\n    c = 3")))
    compile(found.module(), "", "exec")
    assert b"\n    b = 2\n" in found.module()


def test_a_place_is_told_by_its_cell_and_by_its_line_in_the_file() -> None:
    text = document(prose("x"), code('one = "é"\n\ttwo = "\\\\" + "\U0001f600" + three'))
    found = notebook(text)
    line = found.module_line(2, 2)
    assert line is not None
    column = '\ttwo = "\\\\" + "\U0001f600" + three'.index("three") + 1
    placed = found.placed(Span(line, column, line, column + 5))
    assert (placed.cell, placed.shown_line, placed.column) == (2, 2, column)
    in_file = found.in_file(placed)
    assert text.split("\n")[in_file.line - 1][in_file.column - 1 : in_file.end_column - 1] == "three"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_place_is_found_in_a_file_on_one_line_with_the_source_as_one_string(ascii_only: bool) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": 'a = "\U0001f600"\nsend(a)\n'}]
    text = json.dumps({"nbformat": 4, "x": ["]", {"cells": ["source"]}], "cells": cells}, ensure_ascii=ascii_only)
    found = notebook(text)
    line = found.module_line(1, 2)
    assert line is not None
    in_file = found.in_file(Span(line, 1, line, 8))
    assert in_file.line == 1
    assert text[in_file.column - 1 : in_file.end_column - 1] == "send(a)"


def test_cells_and_notebooks_in_other_languages_are_left_out() -> None:
    assert notebook(document(code("library(x)"), language="R")).cells == ()
    cells = notebook(document(code("select 1", vscode={"languageId": "sql"}), code("a"))).cells
    assert [cell.number for cell in cells] == [2]


def test_a_coding_that_a_cell_declares_means_nothing() -> None:
    compile(notebook(document(code("# coding: latin-1\na = 'é'"))).module(), "", "exec")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"nbformat": 4,\n "cells": [}', 2, "the JSON is broken"),
        ("", 1, "the JSON is broken"),
        ("[]", 1, "neither `nbformat` nor `cells`"),
        ('{"nbformat": 4}', 1, "`cells` is no list"),
        ('{"nbformat": 3, "worksheets": []}', 1, "format 3"),
        ('{"cells": [{"cell_type": "code", "source": [1]}]}', 1, "cell 1 is no text"),
        ("[" * 100_000, 1, "cannot be read"),
    ],
)
def test_a_broken_one_says_what_is_wrong_and_where(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenNotebook, match=said) as caught:
        notebook(text)
    assert caught.value.line == line


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(BrokenNotebook, match="0xff"):
        parsed(b'{"cells": [\n"\xff"]}')
