"""What budgets leave alone: a module is loaded whole, whoever asks for it first and however much was run before."""

from __future__ import annotations

from pathlib import Path

import purposelint
from purposelint.dataflow.machine import MAX_STEPS
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
