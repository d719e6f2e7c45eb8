from __future__ import annotations

import pytest

from purposelint.syntax import Comment, comments


def only(text: str) -> Comment:
    (found,) = comments(text.encode())
    return found


def test_an_allow_has_codes_and_a_reason() -> None:
    assert only("x = 1\nif a:\n  y  # purposelint: allow[PUR001, PUR002] DPIA-12: codes\n") == Comment(
        "allow", ("PUR001", "PUR002"), "DPIA-12: codes", 3, 6
    )


def test_an_allow_without_a_reason_is_well_formed() -> None:
    found = only("x #purposelint:allow[PUR001]\n")
    assert (found.reason, found.malformed) == ("", None)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# purposelint: allow PUR001 because", "`allow` names no codes"),
        ("# purposelint: allow[] because", "`allow[]` names no codes"),
        ("# purposelint: allow[PUR1x] because", '"PUR1X" is no code'),
        ("# purposelint: ignore", '"ignore" is no suppression'),
        ("# purposelint:", '"" is no suppression'),
    ],
)
def test_a_malformed_one_says_what_is_wrong(text: str, wrong: str) -> None:
    assert (only(text).malformed or "").startswith(wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# purposelint allow[PUR001] because", "`purposelint` wants a colon"),
        ("# purposelint allow[] because", "`purposelint` wants a colon"),
        ("# purposelint ignore", "`purposelint` wants a colon"),
        ("# purposelint; allow(PUR001) because", "`purposelint` wants a colon"),
        ("#purposelint disable=PUR001", "`purposelint` wants a colon"),
        ("# Purposelint: allow[PUR001] because", '"Purposelint" is not `purposelint`'),
        ("# purpose-lint: allow[PUR001] because", '"purpose-lint" is not'),
        ("# purpose lint: allow[PUR001] because", '"purpose lint" is not'),
        ("# purposlint: allow[PUR001] because", '"purposlint" is not'),
        ("# allow[PUR001] because", "it does not begin with"),
        ("# noqa PUR001", "`noqa` names its codes behind a colon"),
        ("# noqa[PUR001]", "`noqa` names its codes behind a colon"),
        ("# type: ignore  # purposelint allow[PUR001] because", "`purposelint` wants a colon"),
    ],
)
def test_what_is_near_enough_to_be_meant_says_what_is_wrong(text: str, wrong: str) -> None:
    found = only(f"x = 1  {text}\n")
    assert (found.malformed or "").startswith(wrong)
    assert found.codes == ()


@pytest.mark.parametrize(
    "text",
    [
        "# type: ignore[arg-type]  # purposelint: allow[PUR001] DPIA-12",
        "# noqa: E501 # purposelint: allow[PUR001] DPIA-12",
        "# purpose: security  # purposelint: allow[PUR001] DPIA-12",
        "# purposelint: allow[PUR001] DPIA-12  # type: ignore",
    ],
)
def test_it_may_stand_beside_what_is_said_to_other_tools(text: str) -> None:
    assert (only(f"x = 1  {text}\n").codes, only(f"x = 1  {text}\n").reason) == (("PUR001",), "DPIA-12")


def test_what_is_said_to_another_tool_is_no_reason() -> None:
    assert only("x  # purposelint: allow[PUR001]  # noqa: E501\n").reason == ""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("# noqa: PUR001", ("PUR001",)),
        ("#NOQA:pur001,E501", ("PUR001", "E501")),
        ("# noqa : PUR001 E501 because", ("PUR001", "E501")),
        ("# why  # noqa: PUR001", ("PUR001",)),
    ],
)
def test_noqa_is_read_as_flake8_does(text: str, codes: tuple[str, ...]) -> None:
    assert only(f"x = 1  {text}\n") == Comment("noqa", codes, "", 1, 8)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # noqa",
        "x = 1  # see purposelint: allow[PUR001] in the docs",
        "x = '# purposelint: allow[PUR001] no'",
        'x = """\n# noqa: PUR001\n"""',
        "x = 1  # noqa because of PUR001",
        "x = 1  # purposelint is a tool",
        "x = 1  # purposelint allows this by a comment",
        "x = 1  # purposelint allow lists are in the docs",
        "x = 1  # purposelint tells PUR001 here, which is right",
        "x = 1  # PUR001 is told here",
        "x = 1  # allow PUR001 to be told",
        "x = 1  # ignore case",
        "x = 1  # type: ignore[PUR001]",
        "x = 1  # the purpose of lint: ignore PUR001",
        "x = 1  # purpose: ignore PUR001",
        "x = 1  # write # purposelint: allow[PUR001] and a reason",
        "x = 1  # pylint: disable=PUR001",
    ],
)
def test_prose_and_strings_silence_nothing(text: str) -> None:
    assert comments(text.encode()) == ()


def test_comments_come_in_order_wherever_they_stand() -> None:
    text = (
        "# noqa: A1\n@d  # noqa: A2\ndef f(\n  a,  # noqa: A3\n):  # noqa: A4\n  # noqa: A5\n  x = [  # noqa: A6\n"
        "    # noqa: A7\n  ]  # noqa: A8\n# noqa: A9\n"
    )
    assert [found.codes[0] for found in comments(text.encode())] == [f"A{number}" for number in range(1, 10)]
    assert [found.line for found in comments(text.encode())] == [1, 2, 4, 5, 6, 7, 8, 9, 10]


def test_whether_a_comment_is_alone_on_its_line_is_known() -> None:
    allow = "# purposelint: allow[PUR001] r"
    text = f"{allow}\ndef f(\n  a,  {allow}\n  {allow}\n):\n  x = 1  {allow}\n  {allow}\n  y = 2; {allow}\n{allow}"
    assert [(found.line, found.alone) for found in comments(text.encode())] == [
        (1, True),
        (3, False),
        (4, True),
        (6, False),
        (7, True),
        (8, False),
        (9, True),
    ]
