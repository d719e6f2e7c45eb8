"""Methods of instances of which only the class is known: heirs may define them, or override them."""

from __future__ import annotations

from pathlib import Path

import purposelint
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "guest.email"
purposes = ["service"]

[[sink]]
id = "list"
match = "sheet.append()"
purpose = "sharing"
"""


def lines_told(root: Path, **files: str) -> list[tuple[str, int]]:
    write(root, {"purposes.toml": ANNOTATIONS, **{f"{name}.py": text for name, text in files.items()}})
    findings = purposelint.analyse(root).findings
    return [(found.path, found.span.line) for found in findings if found.code == "PUR001"]


BASE = """\
class Exporter:
    def rows(self):
        raise NotImplementedError()

    def title(self):
        return "list"

    def render(self, sheet):
        sheet.append(self.title())
        for row in self.rows():
            sheet.append(row)
"""


def test_a_method_that_heirs_must_define_is_theirs(tmp_path: Path) -> None:
    heir = (
        "from base import Exporter\n\n\nclass Guests(Exporter):\n    def rows(self):\n"
        "        for guest in self.guests:\n            yield [guest.email]\n"
    )
    assert lines_told(tmp_path, base=BASE, heir=heir) == [("base.py", 11)]


def test_an_heir_that_gives_nothing_away_is_silent(tmp_path: Path) -> None:
    heir = (
        "from base import Exporter\n\n\nclass Guests(Exporter):\n    def rows(self):\n"
        "        for guest in self.guests:\n            print(guest.email)\n            yield [guest.number]\n"
    )
    assert lines_told(tmp_path, base=BASE, heir=heir) == []


def test_an_override_of_what_the_class_says_itself_counts_beside_it(tmp_path: Path) -> None:
    heir = "from base import Exporter\n\n\nclass Guests(Exporter):\n    def title(self):\n        return guest.email\n"
    assert lines_told(tmp_path, base=BASE, heir=heir) == [("base.py", 9)]


def test_a_class_that_does_not_inherit_overrides_nothing(tmp_path: Path) -> None:
    other = (
        "from base import Exporter\n\n\nclass Guests:\n    exporter = Exporter\n\n    def rows(self):\n"
        "        yield [guest.email]\n\n    def title(self):\n        return guest.email\n"
    )
    assert lines_told(tmp_path, base=BASE, other=other) == []


def test_an_instance_that_was_made_here_is_of_its_class_alone(tmp_path: Path) -> None:
    heir = "from base import Exporter\n\n\nclass Guests(Exporter):\n    def title(self):\n        return guest.email\n"
    use = "from base import Exporter\n\n\ndef use(sheet):\n    guest.email\n    sheet.append(Exporter().title())\n"
    assert ("use.py", 6) not in lines_told(tmp_path, base=BASE, heir=heir, use=use)


def test_a_mixin_may_call_what_only_its_heirs_have(tmp_path: Path) -> None:
    mixin = "class Listed:\n    def add(self, sheet):\n        sheet.append(self.contact())\n"
    heir = "from mixin import Listed\n\n\nclass Guest(Listed):\n    def contact(self):\n        return guest.email\n"
    assert lines_told(tmp_path, mixin=mixin, heir=heir) == [("mixin.py", 3)]
