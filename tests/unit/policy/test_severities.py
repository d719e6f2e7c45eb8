"""Which codes are in force, and how severe they are."""

from __future__ import annotations

import pytest

from purposelint.config.codes import CODES as CONFIGURABLE
from purposelint.config.model import Annotations
from purposelint.policy.codes import CODES, severities
from purposelint.policy.places import Unreadable
from support.graphs import Story

DEFAULT = ["PUR001", "PUR002", "PUR003", "PUR004", "PUR005", "PUR901", "PUR902", "PUR903", "PUR904"]


def in_force(select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), **codes: str) -> list[str]:
    return list(severities(Annotations(codes=codes), select, ignore))


def test_what_is_in_force_by_default() -> None:
    assert in_force() == DEFAULT
    warnings = [code for code, severity in severities(Annotations()).items() if severity == "warning"]
    assert warnings == ["PUR902", "PUR904"]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (("PUR001",), (), ["PUR001", "PUR901"]),
        (("PUR00",), (), [*DEFAULT[:5], "PUR901"]),
        (("PUR006",), (), ["PUR006", "PUR901"]),
        (("PUR",), ("PUR9",), DEFAULT[:5]),
        (("PUR901",), ("PUR",), ["PUR901"]),
        (("PUR001",), ("PUR001",), ["PUR901"]),
        ((), ("PUR00", "PUR90"), []),
    ],
)
def test_select_and_ignore_go_by_prefix_and_the_longer_wins(
    select: tuple[str, ...], ignore: tuple[str, ...], expected: list[str]
) -> None:
    assert in_force(select, ignore) == expected


def test_the_file_sets_severities_and_switches_off() -> None:
    assert severities(Annotations(codes={"PUR001": "warning"}))["PUR001"] == "warning"
    assert "PUR001" not in in_force(PUR001="off")
    assert severities(Annotations(codes={"PUR006": "warning"}))["PUR006"] == "warning"


def test_a_code_that_is_off_is_switched_on_by_its_full_name_only() -> None:
    assert in_force(("PUR006",)) == ["PUR006", "PUR901"]
    assert "PUR006" not in in_force(("PUR",))


def test_the_annotation_file_may_set_every_code() -> None:
    assert tuple(code.code for code in CODES) == CONFIGURABLE


def test_unreadable_files_are_errors_apart_from_the_findings() -> None:
    broken = Unreadable("a.py", 3, 7, "invalid syntax")
    report = Story().judge(unreadable=[broken])
    assert report.findings == ()
    (error,) = report.errors
    assert (error.code, error.severity, error.path) == ("PUR901", "error", "a.py")
    assert (error.span.line, error.span.column, error.message) == (3, 7, "invalid syntax")
    assert Story().judge(unreadable=[broken], ignore=["PUR901"]).errors == ()
