"""What budgets leave alone: a module is loaded whole, whoever asks for it first and however much was run before."""

from __future__ import annotations

from pathlib import Path

import pytest

import purposelint
from purposelint.dataflow import invocation
from purposelint.dataflow.invocation import MAX_STEPS
from purposelint.dataflow.roots import MAX_LOADED
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
match = "client.Channel.send()"
purpose = "sharing"
"""

CLIENT = """\
class Channel:
    def send(self, text):
        pass


class Client:
    def __init__(self):
        self.channel = Channel()


client = Client()
"""


def test_a_module_that_is_loaded_late_is_loaded_whole(tmp_path: Path) -> None:
    busy = "".join(f"    step_{number} = {number}\n" for number in range(MAX_STEPS + 100))
    use = f"def use(guest):\n{busy}    from client import client\n    client.channel.send(guest.{{}})\n"
    files = {"client.py": CLIENT, "use.py": use.format("email"), "silent.py": use.format("name")}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    findings = purposelint.analyse(tmp_path).findings

    assert [(found.path, found.code) for found in findings] == [("use.py", "PUR001")]


def test_a_function_that_is_not_run_any_more_gives_nothing_where_it_returns_nothing(tmp_path: Path) -> None:
    busy = "".join(f"    step_{number} = {number}\n" for number in range(MAX_STEPS + 100))
    helpers = "def noted(text):\n    print(text)\n\n\ndef given(text):\n    return text\n\n\n"
    use = f"from client import client\n\n\n{helpers}def use(guest):\n{busy}    client.channel.send({{}}(guest.email))\n"
    files = {"client.py": CLIENT, "use.py": use.format("given"), "silent.py": use.format("noted")}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    findings = purposelint.analyse(tmp_path).findings

    assert [(found.path, found.code) for found in findings] == [("use.py", "PUR001")]


@pytest.mark.parametrize(("nodes", "cut"), [(1, True), (1_000, False)])
def test_nodes_of_the_graph_count_as_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nodes: int, cut: bool
) -> None:
    monkeypatch.setattr(invocation, "MAX_STEPS", 300)
    monkeypatch.setattr(invocation, "NODES_A_STEP", nodes)
    busy = "".join(f"    made_{number} = guest.email + 'a' + 'b'\n" for number in range(200))
    shown = "def shown(text):\n    return [text]\n\n\n"
    use = f"from client import client\n\n\n{shown}def use(guest):\n{busy}    client.channel.send(shown(guest.email))\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "client.py": CLIENT, "use.py": use})

    statistics = purposelint.analyse(tmp_path).statistics

    assert (statistics["calls cut short"] != 0) is cut


def test_a_function_that_is_called_in_many_ways_still_has_both_branches(tmp_path: Path) -> None:
    calls = "".join(
        f"def use_{number}(post):\n    return shown(post.part_{number}.author)\n\n\n" for number in range(120)
    )
    shown = "def shown(guest):\n    if guest.is_hidden:\n        return 'hidden'\n    return guest.{}\n\n\n"
    use = (
        "from client import client\n\n\n"
        + shown
        + calls
        + "def use(post):\n    client.channel.send(shown(post.writer))\n"
    )
    files = {"client.py": CLIENT, "use.py": use.replace("{}", "email"), "silent.py": use.replace("{}", "name")}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    findings = purposelint.analyse(tmp_path).findings

    assert [(found.path, found.code) for found in findings] == [("use.py", "PUR001")]


def test_a_function_that_was_first_run_by_one_that_does_much_is_run_whole_for_itself(tmp_path: Path) -> None:
    busy = "".join(f"    step_{number} = {number}\n" for number in range(MAX_STEPS - 100))
    helper = "def made(guest):\n    return guest.{}\n\n\n"
    first = f"def first(guest):\n{busy}    use(guest)\n    return guest.email\n\n\n"
    rest = "".join(f"    step_{number} = {number}\n" for number in range(200))
    last = f"def use(guest):\n    known = guest.email\n{rest}    client.channel.send(made(guest))\n"
    use = f"from client import client\n\n\n{first}{helper}{last}"
    files = {"client.py": CLIENT, "use.py": use.replace("{}", "email"), "silent.py": use.replace("{}", "name")}
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **files})

    findings = purposelint.analyse(tmp_path).findings

    assert [(found.path, found.code) for found in findings] == [("use.py", "PUR001")]


def test_an_entry_whose_module_nothing_names_is_stale_without_a_look_at_what_names_its_method(tmp_path: Path) -> None:
    stale = ANNOTATIONS.replace("client.Channel.send()", "nowhere.client.send()")
    write(
        tmp_path,
        {"purposes.toml": stale, "client.py": CLIENT, "use.py": "def use(channel):\n    channel.send('a')\n"},
    )

    report = purposelint.analyse(tmp_path)

    assert [finding.code for finding in report.findings] == ["PUR904", "PUR904"]  # the source matches nothing either
    assert report.statistics["files parsed"] == 0


def test_an_entry_that_many_modules_may_match_is_not_told_as_stale(tmp_path: Path) -> None:
    count = MAX_LOADED + 2
    chain = {f"m{number}.py": f"import m{number + 1}\n\nx = m{number + 1}.x\n" for number in range(count)}
    use = "from m0 import x\n\n\ndef use(channel):\n    x.send('a')\n\n\ndef other(channel):\n    channel.send('a')\n"
    write(
        tmp_path,
        {"purposes.toml": ANNOTATIONS, "client.py": CLIENT, **chain, f"m{count}.py": "x = object()\n", "use.py": use},
    )

    report = purposelint.analyse(tmp_path)

    assert [finding.message for finding in report.findings if "channel" in finding.message] == []
