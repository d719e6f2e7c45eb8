"""`why` and `why-not`: what is known of a line, and why nothing is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import Run
from support.notebooks import code, prose, write_notebook
from support.small_project import ANNOTATIONS, FILES, write

GATE = '\n[[gate]]\nid = "consent"\nmatch = "consent.given()"\npermits = ["advertising"]\n'
GATED = {
    "purposes.toml": ANNOTATIONS + GATE,
    "consent.py": "def given():\n    return settings\n",
    "jobs/sync.py": (
        "import ads\nimport consent\nfrom accounts import User\n\n\ndef sync(user: User):\n"
        "    if consent.given():\n        ads.send(user.phone)\n"
    ),
}


# --- a line ---


def test_a_line_tells_its_sink_the_data_with_its_way_and_the_finding(project: Path, run: Run) -> None:
    result = run("why", "jobs/sync.py:6")
    assert result.status == 0
    assert result.out.splitlines()[0] == "jobs/sync.py:6: ads.send(user.phone)"
    assert "sink audience (for advertising)" in result.out
    assert "data of two-factor-phone (collected for security): handed over" in result.out
    assert "PUR001 two-factor-phone (collected for security) reaches audience (advertising)" in result.out


def test_a_column_leaves_out_what_does_not_stand_there(project: Path, run: Run) -> None:
    assert "source two-factor-phone" in run("why", "jobs/sync.py:6:15").out
    assert "source two-factor-phone" not in run("why", "jobs/sync.py:6:6").out


def test_a_line_without_data_names_the_nearest_that_has_some(project: Path, run: Run) -> None:
    assert "the nearest in this file: line 6" in run("why", "jobs/sync.py:1").out
    assert "No tagged data is known to come into this file" in run("why", "jobs/clean.py:2").out


def test_a_line_of_a_notebook_is_one_of_a_cell(project: Path, run: Run) -> None:
    sent = code("user = User()\nads.send(user.phone)")
    write_notebook(project / "a.ipynb", prose("# Sent"), code("import ads\nfrom accounts import User"), sent)
    out = run("why", "a.ipynb:cell 3:2").out
    assert out.splitlines()[0] == "a.ipynb:cell 3:2: ads.send(user.phone)"
    assert "by a.ipynb:cell 3:2" in out
    assert "the nearest in this file: line 2 of cell 3" in run("why", "a.ipynb:cell 2:1").out
    assert "say which cell, as in `a.ipynb:cell 3:2`" in run("why", "a.ipynb:2").err
    assert "no line 1 of code in cell 1" in run("why", "a.ipynb:cell 1:1").err
    assert "it has no cells" in run("why", "jobs/sync.py:cell 1:1").err


ROBOT = """\
import ads
import requests
from settings import URL


class Robot:
    phone = "1"


def call(robot: Robot, other, request):
    ads.send(robot.phone)
    ads.send(other.phone)
    requests.post("https://x.example/", data=other)
    requests.post(URL, data=other)
    vendor.put(0, other)
    return request.POST["phone"]
"""
PATTERNS = """
[[sink]]
id = "posted"
match = "requests.post(data)"
where = { url = "https://ads.example/**" }
purpose = "advertising"

[[sink]]
id = "elsewhere"
match = "ads.send()"
within = ["billing.**"]
purpose = "advertising"

[[sink]]
id = "unnamed"
match = "**.vendor.put(record)"
purpose = "advertising"

[[source]]
id = "form"
match = "request.POST['phone']"
except = "*.POST['phone']"
purposes = ["security"]
"""


@pytest.fixture
def asked(project: Path, run: Run) -> Callable[[int], str]:
    """What is said of a line of a file to which no tagged data comes."""
    write(project, {"jobs/robots.py": ROBOT, "purposes.toml": ANNOTATIONS + PATTERNS})
    return lambda line: run("why", f"jobs/robots.py:{line}").out


def test_a_pattern_that_was_tried_says_that_the_type_is_another(asked: Callable[[int], str]) -> None:
    out = asked(11)
    assert (
        "robot.phone: source two-factor-phone, accounts.User.phone\n         `robot` is known to be an instance" in out
    )
    assert "ads.send(robot.phone): sink codes, messages.send()\n         `ads` is known to be the module ads" in out
    assert "PUR001" not in out


def test_or_that_no_type_is_known(asked: Callable[[int], str]) -> None:
    assert "         nothing is known of what `other` is, and the pattern names something of a module" in asked(12)


def test_or_that_it_matches_and_is_given_no_tagged_data(asked: Callable[[int], str]) -> None:
    assert "sink audience, ads.send()\n         it matches, and no tagged data is in what it is given" in asked(11)


def test_or_that_it_lies_outside_of_within(asked: Callable[[int], str]) -> None:
    out = asked(11)
    assert "sink elsewhere, ads.send()\n         it matches, but counts within billing.**, and this is" in out


def test_or_that_an_argument_is_another_than_where_says_or_not_known(asked: Callable[[int], str]) -> None:
    assert "counts where url is https://ads.example/**, and here it is 'https://x.example/'" in asked(13)
    assert "counts where url is https://ads.example/**, and here it is settings.URL" in asked(14)


def test_or_that_the_call_has_no_such_argument(asked: Callable[[int], str]) -> None:
    assert "no argument record (by position only where the signature is known, or no more are given" in asked(15)


def test_or_that_except_takes_it_out(asked: Callable[[int], str]) -> None:
    assert "source form, request.POST['phone']\n         it matches, and `except` takes it out" in asked(16)


def test_values_are_named_by_what_they_are(asked: Callable[[int], str]) -> None:
    out = asked(11)
    assert "  robot: an instance of" in out
    assert "  robot.phone: '1'" in out
    assert "  other: nothing is known of it" in asked(12)


def test_what_matched_says_so_too(project: Path, run: Run) -> None:
    out = run("why", "jobs/sync.py:6").out
    assert "ads.send(user.phone): sink audience, ads.send()\n         it matches, and is given tagged data" in out
    assert "user.phone: source two-factor-phone, accounts.User.phone\n         it matches\n" in out
    assert "user: an instance of accounts.User" in out


def test_asking_changes_no_finding(project: Path, run: Run) -> None:
    before = run("check", "--format", "json").out
    run("why", "jobs/clean.py:2")
    assert run("check", "--format", "json", "--no-cache").out == before


def test_a_file_that_is_not_analysed_is_told_to_be_none(project: Path, run: Run) -> None:
    write(project, {"purposes.toml": f'exclude = ["jobs/"]\n{ANNOTATIONS}'})
    assert "The file is not analysed" in run("why", "jobs/sync.py:6").out


def test_a_place_that_is_none_is_an_error(project: Path, run: Run) -> None:
    assert run("why", "jobs/sync.py").status == 2
    missing = run("why", "jobs/sync.py:99")
    assert (missing.status, missing.out) == (2, "")
    assert "jobs/sync.py has no line 99" in missing.err


# --- a source and a sink ---


def test_a_flow_that_is_told_is_shown(project: Path, run: Run) -> None:
    out = run("why-not", "two-factor-phone", "audience").out
    assert out.startswith("It is told: PUR001 at jobs/sync.py:6.")
    assert "ads.send(user.phone)" in out


def test_a_flow_that_is_allowed_is_shown_with_the_purpose(project: Path, run: Run) -> None:
    out = run("why-not", "two-factor-phone", "codes").out
    assert "It may be used for security: it was collected for security." in out
    assert "security.py:6" in out


def test_a_gate_that_permits_a_flow_is_named(project: Path, run: Run) -> None:
    write(project, GATED)
    out = run("why-not", "two-factor-phone", "audience").out
    assert "The gate consent holds on this way, and permits advertising." in out


def test_a_suppressed_flow_tells_the_reason(project: Path, run: Run) -> None:
    allowed = FILES["jobs/sync.py"].replace("phone)", "phone)  # purposelint: allow[PUR001] agreed in DPIA-7")
    write(project, {"jobs/sync.py": allowed})
    assert "PUR001 at jobs/sync.py:6 is suppressed (comment): agreed in DPIA-7" in (
        run("why-not", "two-factor-phone", "audience").out
    )


def test_a_flow_that_ends_tells_where(project: Path, run: Run) -> None:
    write(project, {"jobs/sync.py": FILES["jobs/sync.py"].replace("user.phone", "len(user.phone)")})
    out = run("why-not", "two-factor-phone", "audience").out
    assert "No way leads from two-factor-phone to audience." in out
    assert "jobs/sync.py:6:" in out.partition("It ends here:")[2]
    assert "What is not seen" in out


def test_an_entry_that_matches_nothing_is_the_answer(project: Path, run: Run) -> None:
    gone = '\n[[sink]]\nid = "gone"\nmatch = "nowhere.at_all()"\npurpose = "security"\n'
    write(project, {"purposes.toml": ANNOTATIONS + gone})
    assert "The sink gone matches nothing: the names of its patterns (nowhere.at_all()) stand in no file." in (
        run("why-not", "two-factor-phone", "gone").out
    )


def test_an_id_that_is_none_is_an_error_with_the_nearest(project: Path, run: Run) -> None:
    result = run("why-not", "two-factor-phones", "audience")
    assert (result.status, result.out) == (2, "")
    assert 'did you mean "two-factor-phone"?' in result.err
