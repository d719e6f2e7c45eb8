"""What comes out of a call that is not followed any more: what the function gave when it was run for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from purposelint.dataflow.invocation import MAX_STEPS
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
id = "channel"
match = "client.send()"
purpose = "sharing"
"""

HEAD = "from client import send\n\n\n"
BUSY = "".join(f"    step_{number} = {number}\n" for number in range(2 * MAX_STEPS + 100))


def _codes(root: Path, helper: str, use: str) -> list[str]:
    """What is found where ``use`` has done so much that its calls are not followed."""
    text = f"{HEAD}{helper}\n\n\ndef use(guest, other):\n{BUSY}    {use}\n"
    write(root, {"purposes.toml": ANNOTATIONS, "client.py": "def send(text):\n    pass\n", "use.py": text})
    return [found.code for found in purposelint.analyse(root, ignore=["PUR904"]).findings]


@pytest.mark.parametrize(("read", "expected"), [("email", ["PUR001"]), ("name", [])])
def test_data_that_a_function_read_when_it_was_run_for_itself_comes_back(
    read: str, expected: list[str], tmp_path: Path
) -> None:
    helper = f"def given(guest):\n    known = guest.email\n    return guest.{read}"

    assert _codes(tmp_path, helper, "print(guest.email); send(given(guest))") == expected


@pytest.mark.parametrize(("key", "expected"), [("mail", ["PUR001"]), ("size", [])])
def test_it_comes_back_in_the_same_container(key: str, expected: list[str], tmp_path: Path) -> None:
    helper = "def given(guest):\n    return {'mail': guest.email, 'size': 1}"

    assert _codes(tmp_path, helper, f"print(guest.email); send(given(guest)['{key}'])") == expected


@pytest.mark.parametrize(("returned", "expected"), [("text", ["PUR001"]), ("'plain'", [])])
def test_an_argument_whose_parameter_the_body_does_not_mention_does_not_come_back(
    returned: str, expected: list[str], tmp_path: Path
) -> None:
    helper = f"def given(text, other):\n    return len(other) and {returned}"

    assert _codes(tmp_path, helper, "send(given(guest.email, other))") == expected


@pytest.mark.parametrize(("given", "expected"), [("guest.email, 1", []), ("1, guest.email", ["PUR001"])])
def test_an_argument_that_it_mentions_does(given: str, expected: list[str], tmp_path: Path) -> None:
    helper = "def given(text, other):\n    return [other]"

    assert _codes(tmp_path, helper, f"send(given({given}))") == expected


def test_what_a_nested_function_mentions_is_mentioned(tmp_path: Path) -> None:
    helper = "def given(text):\n    def inner():\n        return text\n    return inner()"

    assert _codes(tmp_path, helper, "send(given(guest.email))") == ["PUR001"]


@pytest.mark.parametrize(("read", "expected"), [("email", ["PUR001"]), ("name", [])])
def test_a_generator_yields_what_it_yielded_then(read: str, expected: list[str], tmp_path: Path) -> None:
    helper = f"def given(guest):\n    known = guest.email\n    yield guest.{read}"
    use = "print(guest.email)\n    for each in given(guest):\n        send(each)"

    assert _codes(tmp_path, helper, use) == expected


@pytest.mark.parametrize(("text", "expected"), [("text", ["PUR001"]), ("'plain'", [])])
def test_a_generator_yields_data_that_it_is_given(text: str, expected: list[str], tmp_path: Path) -> None:
    helper = "def given(text):\n    yield text"
    use = f"text = guest.email\n    for each in given({text}):\n        send(each)"

    assert _codes(tmp_path, helper, use) == expected
