"""The page to hand on: whole in itself, safe whatever the code says, with the data map."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from purposelint.policy.findings import Finding, Report, Use
from purposelint.report import render
from purposelint.report.data_map import data_map
from purposelint.report.setting import Setting
from support.findings import FILES, FLOW, STALE
from support.small_project import write

EVIL = "</pre><script>alert(1)</script>"


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str, **attributes: str) -> int:
        return sum(name == tag and attributes.items() <= found.items() for name, found in self.elements)


def page(report: Report, root: Path | None = None) -> Page:
    return Page(render(report, "html", Setting(root, version="1.2")).decode())


def use(source: str, sink: str, purpose: str | None = None, recipient: str | None = None) -> Use:
    return Use(source, "contact", sink, purpose, recipient, "a.py", 1)


USES = (
    use("two-factor-phone", "audience", "advertising", "ad-network"),
    use("two-factor-phone", "sms", "security", "twilio"),
)


def test_a_finding_is_shown_with_its_ends_and_the_code_of_its_way(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    shown = page(Report(findings=(FLOW,)), tmp_path)
    assert "ads/sync.py:5 PUR001 purpose-violation" in shown.text
    assert "accounts/views.py:2:12 read of user.phone 2 | return user.phone" in shown.text
    assert "collected for security" in shown.text
    assert shown.count("mark") == 2
    assert shown.count("li") == 2


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    shown = page(Report(findings=(FLOW, STALE), uses=USES))
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in shown.elements}
    assert not {"src", "href", "onclick"} & {name for _, found in shown.elements for name in found}
    assert shown.count("meta", content="default-src 'none'; style-src 'unsafe-inline'") == 1


def test_code_names_and_reasons_cannot_add_to_the_page(tmp_path: Path) -> None:
    write(tmp_path, {"ads/sync.py": f"\n\n\n\nx = '{EVIL}'\n"})
    evil = Finding("PUR001", "error", EVIL, f"{EVIL}.py", FLOW.span, suppressed=EVIL, suppressed_by="comment")
    known = page(Report(findings=(FLOW,), suppressed=(replace(FLOW, suppressed="x"),), uses=USES))
    shown = page(
        Report(findings=(replace(FLOW, said=EVIL),), suppressed=(evil,), uses=(replace(USES[0], sink=EVIL), USES[1])),
        tmp_path,
    )
    assert shown.count("script") == 0
    assert "alert(1)" in shown.text
    assert shown.count("details") == known.count("details")


def test_what_is_suppressed_has_a_part_of_its_own_with_its_reason() -> None:
    shown = page(Report(suppressed=(replace(FLOW, suppressed="DPIA-7", suppressed_by="exception"),)))
    assert "Nothing found." in shown.text
    assert "Suppressed by an exception: DPIA-7" in shown.text


def test_an_empty_report_is_a_page_all_the_same() -> None:
    assert "No data that is declared reaches a use that is declared." in page(Report()).text


# --- the data map ---


def test_the_map_leads_from_sources_over_sinks_to_recipients_and_marks_what_is_found() -> None:
    drawn = data_map(Report(findings=(FLOW,), uses=USES))
    assert [(box.name, box.about) for box in drawn.boxes] == [
        ("two-factor-phone", "contact"),
        ("audience", "advertising"),
        ("sms", "security"),
        ("ad-network", "recipient"),
        ("twilio", "recipient"),
    ]
    assert [(line.title, line.found) for line in drawn.lines if line.found] == [("two-factor-phone → audience", True)]
    assert len(drawn.lines) == 4


def test_the_way_to_a_recipient_is_marked_where_sharing_is_what_is_found() -> None:
    drawn = data_map(Report(findings=(replace(FLOW, code="PUR002"),), uses=USES))
    assert [line.title for line in drawn.lines if line.found] == [
        "two-factor-phone → audience",
        "audience → ad-network",
    ]


def test_all_boxes_and_lines_lie_on_the_page_and_no_boxes_on_each_other() -> None:
    uses = tuple(use(f"s{n}", f"k{m}", None, f"r{m % 2}") for n in range(7) for m in range(n, 12))
    drawn = data_map(Report(uses=uses))
    assert len({(box.x, box.y) for box in drawn.boxes}) == len(drawn.boxes) == 7 + 12 + 2
    assert max(box.x for box in drawn.boxes) + drawn.box_width <= drawn.width
    assert max(box.y for box in drawn.boxes) + drawn.box_height <= drawn.height


@pytest.mark.parametrize("uses", [USES, USES[::-1]])
def test_the_map_does_not_depend_on_the_order_of_the_uses(uses: tuple[Use, ...]) -> None:
    assert data_map(Report(uses=uses)) == data_map(Report(uses=USES))
