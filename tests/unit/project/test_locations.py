from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.facts.syntax import Assign
from purposelint.project.locations import Locations
from purposelint.project.program import ProjectProgram
from support.small_project import write

SOURCE = """\
import ads

def sync(user):
    x = 1
    ads.send(
        user.phone,  # purposelint: allow[PUR001] DPIA-7
    )
"""


@pytest.fixture
def program(tmp_path: Path) -> ProjectProgram:
    write(
        tmp_path, {"a.py": SOURCE, "b.py": "x = 1  # NOQA: PUR002\ny = 2  # noqa: E501\n", "c.py": "purposelint = 1\n"}
    )
    return ProjectProgram(tmp_path, ["a.py", "b.py", "c.py"])


def test_a_node_is_found_in_its_file(program: ProjectProgram) -> None:
    module = program.facts("a.py")
    assert module is not None
    statement = module.functions[0].body[0]
    assert isinstance(statement, Assign)
    span = Locations(program).span("a.py", statement.ref)
    assert (span.line, span.column) == (4, 5)


def test_a_node_that_the_file_has_not_any_more_is_placed_at_its_beginning(program: ProjectProgram) -> None:
    assert Locations(program).span("a.py", 10_000).line == 1


def test_a_line_belongs_to_the_statement_around_it(program: ProjectProgram) -> None:
    locations = Locations(program)
    assert locations.statement("a.py", 6) == (5, 7)
    assert locations.statement("a.py", 4) == (4, 4)
    assert locations.statement("a.py", 2) == (2, 2)


def test_the_comments_that_suppress_are_read_with_their_reasons(program: ProjectProgram) -> None:
    (comment,) = Locations(program).comments("a.py")
    assert (comment.kind, comment.codes, comment.reason, comment.line) == ("allow", ("PUR001",), "DPIA-7", 6)


def test_only_files_with_a_comment_that_may_suppress_are_named(program: ProjectProgram) -> None:
    assert Locations(program).commented_paths() == ["a.py", "b.py"]


def test_a_file_that_does_not_parse_has_no_comments(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(:  # purposelint: allow[PUR001] why\n"})
    locations = Locations(ProjectProgram(tmp_path, ["a.py"]))
    assert locations.commented_paths() == ["a.py"]
    assert locations.comments("a.py") == ()


DEFINITIONS = """\
TOP = 1


class Account:
    LIMIT = 2

    @staticmethod
    def phone():
        def inner():
            return 3
        return lambda: (
            4
        )
"""


@pytest.mark.parametrize(
    ("constant", "name"),
    [(1, ""), (2, "Account"), (3, "Account.phone.inner"), (4, "Account.phone")],
)
def test_a_node_stands_in_the_innermost_definition_that_has_a_name(tmp_path: Path, constant: int, name: str) -> None:
    write(tmp_path, {"a.py": DEFINITIONS})
    program = ProjectProgram(tmp_path, ["a.py"])
    locations = Locations(program)
    line = next(
        number for number, text in enumerate(DEFINITIONS.splitlines(), 1) if text.strip().endswith(str(constant))
    )
    refs = [
        ref for ref in range(60) if locations.span("a.py", ref).line == line == locations.span("a.py", ref).end_line
    ]
    assert {locations.definition("a.py", ref) for ref in refs} == {name}
