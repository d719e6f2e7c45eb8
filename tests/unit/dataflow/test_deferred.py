"""Calls without tagged data are put off, and run where data meets what they give."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import purposelint
from purposelint.dataflow import invocation, machine
from purposelint.dataflow.deferred import MAX_SLIGHT, Deferred
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.machine import Machine
from purposelint.dataflow.values import Value
from purposelint.facts.syntax import Function
from purposelint.facts.walking import nodes
from purposelint.syntax import lower
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "models.Guest.email"
purposes = ["service"]

[[sink]]
id = "channel"
match = "client.Channel.send()"
purpose = "sharing"
"""

ADDRESSES = """\
packs = ["http"]

[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "models.Guest.email"
purposes = ["service"]

[[sink]]
id = "network"
like = "requests"
where = { url = ["https://ads.example/**"] }
purpose = "sharing"
"""

MODELS = """\
from dataclasses import dataclass


@dataclass
class Guest:
    email: str
    name: str = ""


@dataclass
class Mail:
    email: str
"""

CLIENT = """\
class Channel:
    def send(self, text):
        pass


class Log:
    def send(self, text):
        pass
"""

HEAD = """\
import requests
from models import Guest, Mail
from client import Channel, Log


class Box:
    channel = None

    def open(self, channel):
        self.channel = channel


class Desk:
    def __init__(self):
        self.box = Box()


"""


GAPS = {
    "what is set by another name",
    "what is set in what the caller holds otherwise",
    "what the method of a field sets",
    "an element in the place of another",
    "a variable",
    "a table",
    "an attribute of a class",
    "an attribute of the class that is given",
    "an object of a module that is given",
}
"""Flows that are missed, where a call is put off that stores by another name of its argument, further inside it, in the

place of a known element, or into what its module or a class has. Each was found when all that a call may store was
followed; that takes too long (docs/decisions/0008). A case that is found again fails, and has to leave this list.
"""


@pytest.fixture(autouse=True)
def _as_in_a_large_project(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr("purposelint.dataflow.invocation.MAX_SMALL", 0)
    if getattr(request.node, "callspec", None) is not None and request.node.callspec.id in GAPS:
        request.applymarker(
            pytest.mark.xfail(strict=True, reason="what it stores is not followed so far: docs/decisions/0008")
        )


class Watched:
    """The machines that were made, and the functions that were put off in them."""

    def __init__(self) -> None:
        self.machines: list[Machine] = []
        self.put_off: set[str] = set()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Remembers what is put off."""
    watch = Watched()
    result = Deferred.result

    class Remembered(Machine):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            watch.machines.append(self)

    def remembering(
        self: Deferred, frame: Frame, func: int, function: Function, given: dict[str, Value], at: int
    ) -> object:
        found = result(self, frame, func, function, given, at)
        if found is not None:
            watch.put_off.add(function.name)
        return found

    monkeypatch.setattr(machine, "Machine", Remembered)
    monkeypatch.setattr(Deferred, "result", remembering)
    return watch


def long(text: str) -> str:
    """A program in which a line ``...`` makes a function so long that it is not run at once."""
    lines: list[str] = []
    for line in textwrap.dedent(text).strip().splitlines():
        if line.strip() == "...":
            indent = line[: len(line) - len(line.lstrip())]
            lines.extend(f"{indent}step_{number} = {number} + 1" for number in range(MAX_SLIGHT // 3))
        else:
            lines.append(line)
    return HEAD + "\n".join(lines) + "\n"


def codes(root: Path, text: str, annotations: str = ANNOTATIONS) -> list[str]:
    """What is found in a program."""
    write(root, {"purposes.toml": annotations, "models.py": MODELS, "client.py": CLIENT, "use.py": long(text)})
    return [found.code for found in purposelint.analyse(root, ignore=["PUR904"]).findings]


def test_the_functions_of_these_tests_are_long_enough() -> None:
    facts = lower(long("def made(number):\n    ...\n    return Channel()").encode())

    assert sum(1 for _ in nodes(facts.functions[-1].body)) > MAX_SLIGHT


FACTORY = """
    def made(number):
        ...
        return {}()

    def use(guest: Guest):
        made(1).send(guest.email)
"""

CASES = {
    "a client": (FACTORY, "Channel", "Log", "made"),
    "a client in a pair": (
        """
        def made(number):
            ...
            return {}(), Log()

        def use(guest: Guest):
            client, other = made(1)
            client.send(guest.email)
            other.send(guest.email)
        """,
        "Channel",
        "Log",
        "made",
    ),
    "a method": (
        """
        def sender(number):
            ...
            return {}().send

        def use(guest: Guest):
            sender(1)(guest.email)
        """,
        "Channel",
        "Log",
        "sender",
    ),
    "a class": (
        """
        def kind(number):
            ...
            return {}

        def use(guest: Guest):
            kind(1)().send(guest.email)
        """,
        "Channel",
        "Log",
        "kind",
    ),
    "a client for a caller": (
        """
        def made(number):
            ...
            return {}()

        def give(client, text):
            client.send(text)

        def use(guest: Guest):
            give(made(1), guest.email)
        """,
        "Channel",
        "Log",
        "made",
    ),
    "a client for the caller of a caller": (
        """
        def made(number):
            ...
            return {}()

        def give(client, text):
            client.send(text)

        def hand(client, text):
            give(client, text)

        def use(guest: Guest):
            hand(made(1), guest.email)
        """,
        "Channel",
        "Log",
        "made",
    ),
    "what a method sets": (
        """
        class Desk:
            def __init__(self):
                self.channel = None

            def open(self):
                ...
                self.channel = {}()

        def use(guest: Guest):
            desk = Desk()
            desk.open()
            desk.channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "open",
    ),
    "what a method that another calls sets": (
        """
        class Desk:
            def __init__(self):
                self.channel = None

            def open(self):
                ...
                self.begin()

            def begin(self):
                self.channel = {}()

        def use(guest: Guest):
            desk = Desk()
            desk.open()
            desk.channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "open",
    ),
    "a constructor": (
        """
        class Desk:
            def __init__(self, number):
                ...
                self.channel = {}()

        def use(guest: Guest):
            Desk(1).channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "__init__",
    ),
    "a constructor above": (
        """
        class Base:
            def __init__(self, number):
                ...
                self.channel = {}()

        class Middle(Base):
            def __init__(self, number):
                super().__init__(number)

        class Desk(Middle):
            def __init__(self, number):
                ...
                super().__init__(number)

        def use(guest: Guest):
            Desk(1).channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "__init__",
    ),
    "what a constructor keeps": (
        """
        class Desk:
            def __init__(self, rows):
                ...
                self.rows = rows

        def use(guest: Guest):
            rows = []
            desk = Desk(rows)
            rows.append(guest.{})
            Channel().send(desk.rows)
        """,
        "email",
        "name",
        "__init__",
    ),
    "the argument itself": (
        """
        def same(thing):
            ...
            return thing

        def use(guest: Guest):
            rows = []
            print(guest.email)
            same(rows).append(guest.{})
            Channel().send(rows)
        """,
        "email",
        "name",
        "same",
    ),
    "a name for getattr": (
        """
        def name_of(number):
            ...
            return "{}".replace("_", "").lower()

        def use(guest: Guest):
            print(guest.email)
            Channel().send(getattr(guest, name_of(1)))
        """,
        "E_MAIL",
        "N_AME",
        "name_of",
    ),
    "a key that is read": (
        """
        def key_of(number):
            ...
            return "{}"

        def use(guest: Guest):
            fields = {{"first": guest.email, "second": ""}}
            Channel().send(fields[key_of(1)])
        """,
        "first",
        "second",
        "key_of",
    ),
    "a key that is stored": (
        """
        def key_of(number):
            ...
            return "{}"

        def use(guest: Guest):
            fields = {{"first": "", "second": ""}}
            fields[key_of(1)] = guest.email
            Channel().send(fields["first"])
        """,
        "first",
        "second",
        "key_of",
    ),
    "a recursion": (
        """
        def made(number):
            ...
            if number > 0:
                return made(number - 1)
            return {}()

        def use(guest: Guest):
            made(1).send(guest.email)
        """,
        "Channel",
        "Log",
        "made",
    ),
    "a recursion of two": (
        """
        def made(number):
            ...
            if number > 0:
                return other(number - 1)
            return {}()

        def other(number):
            ...
            return made(number)

        def use(guest: Guest):
            made(1).send(guest.email)
        """,
        "Channel",
        "Log",
        "other",
    ),
    "a generator": (
        """
        def clients(number):
            ...
            yield {}()

        def use(guest: Guest):
            for client in clients(1):
                client.send(guest.email)
        """,
        "Channel",
        "Log",
        "clients",
    ),
    "the next of a generator": (
        """
        def clients(number):
            ...
            yield {}()

        def use(guest: Guest):
            next(clients(1)).send(guest.email)
        """,
        "Channel",
        "Log",
        "clients",
    ),
    "a context manager": (
        """
        import contextlib

        @contextlib.contextmanager
        def opened(number):
            ...
            yield {}()

        def use(guest: Guest):
            with opened(1) as client:
                client.send(guest.email)
        """,
        "Channel",
        "Log",
        "opened",
    ),
    "an async function": (
        """
        async def made(number):
            ...
            return {}()

        async def use(guest: Guest):
            client = await made(1)
            client.send(guest.email)
        """,
        "Channel",
        "Log",
        "made",
    ),
    "an async generator": (
        """
        async def clients(number):
            ...
            yield {}()

        async def use(guest: Guest):
            async for client in clients(1):
                client.send(guest.email)
        """,
        "Channel",
        "Log",
        "clients",
    ),
    "data after all": (
        """
        def use(guest: Guest, number):
            text = label(number)
            Channel().send(text)
            print(guest.email)

        def label(number):
            ...
            return inner(number)

        def inner(number):
            return Guest(number, number).{}
        """,
        "email",
        "name",
        "label",
    ),
    "what is set by another name": (
        """
        def setup(desks):
            ...
            for desk in desks:
                box = desk.box
                box.channel = {}()

        def use(guest: Guest):
            desk = Desk()
            setup([desk])
            desk.box.channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "setup",
    ),
    "what is set in what the caller holds otherwise": (
        """
        def setup(desk):
            ...
            desk.box.channel = {}()

        def use(guest: Guest):
            box = Box()
            desk = Desk()
            desk.box = box
            setup(desk)
            box.channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "setup",
    ),
    "what the method of a field sets": (
        """
        def setup(desk):
            ...
            desk.box.open({}())

        def use(guest: Guest):
            desk = Desk()
            setup(desk)
            desk.box.channel.send(guest.email)
        """,
        "Channel",
        "Log",
        "setup",
    ),
    "an element in the place of another": (
        """
        def setup(rows):
            ...
            rows[0] = {}()

        def use(guest: Guest):
            rows = [Log()]
            setup(rows)
            rows[0].send(guest.email)
        """,
        "Channel",
        "Log",
        "setup",
    ),
    "an operator": (
        """
        class Own:
            def __add__(self, other):
                {}().send(other)
                return self

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            own = made(1)
            own + guest.email
        """,
        "Channel",
        "Log",
        "made",
    ),
    "an operator from the right": (
        """
        class Own:
            def __radd__(self, other):
                {}().send(other)
                return self

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            own = made(1)
            guest.email + own
        """,
        "Channel",
        "Log",
        "made",
    ),
    "an operator in place": (
        """
        class Own:
            def __iadd__(self, other):
                {}().send(other)
                return self

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            own = made(1)
            own += guest.email
        """,
        "Channel",
        "Log",
        "made",
    ),
    "a comparison": (
        """
        class Own:
            def __eq__(self, other):
                {}().send(other)
                return self

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            own = made(1)
            own == guest.email
        """,
        "Channel",
        "Log",
        "made",
    ),
    "what is asked whether it holds something": (
        """
        class Own:
            def __contains__(self, other):
                {}().send(other)
                return self

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            own = made(1)
            guest.email in own
        """,
        "Channel",
        "Log",
        "made",
    ),
    "a template": (
        """
        def template(number):
            ...
            return "%({})s"

        def use(guest: Guest):
            Channel().send(template(1) % {{"first": guest.email, "second": ""}})
        """,
        "first",
        "second",
        "template",
    ),
    "a property that is set": (
        """
        class Own:
            @property
            def text(self):
                return ""

            @text.setter
            def text(self, other):
                {}().send(other)

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            made(1).text = guest.email
        """,
        "Channel",
        "Log",
        "made",
    ),
    "an element that is set": (
        """
        class Own:
            def __setitem__(self, key, other):
                {}().send(other)

        def made(number):
            ...
            return Own()

        def use(guest: Guest):
            made(1)["text"] = guest.email
        """,
        "Channel",
        "Log",
        "made",
    ),
}

SHARED = {
    "a variable": """
        channel = None

        def setup(number):
            ...
            global channel
            channel = {}()

        def use(guest: Guest):
            setup(1)
            channel.send(guest.email)
        """,
    "a table": """
        CHANNELS = {{}}

        def setup(number):
            ...
            add(number)

        def add(number):
            CHANNELS["a"] = {}()

        def use(guest: Guest):
            setup(1)
            CHANNELS["a"].send(guest.email)
        """,
    "an attribute of a class": """
        def setup(number):
            ...
            Box.channel = {}()

        def use(guest: Guest):
            setup(1)
            Box.channel.send(guest.email)
        """,
    "an attribute of the class that is given": """
        class Own(Box):
            @classmethod
            def setup(cls):
                ...
                cls.channel = {}()

        def use(guest: Guest):
            Own.setup()
            Own.channel.send(guest.email)
        """,
    "an object of a module that is given": """
        DESK = Desk()

        def setup(desk):
            ...
            desk.box.channel = {}()

        def use(guest: Guest):
            setup(DESK)
            DESK.box.channel.send(guest.email)
        """,
}

ROWS = {
    "a row of which a text is made": (
        """
        def row(number):
            ...
            return {}(number)

        def use(number):
            Channel().send(str(row(number).email))
        """,
        "row",
    ),
    "a row": (
        """
        def row(number):
            ...
            return {}(number)

        def use(number):
            Channel().send(row(number).email)
        """,
        "row",
    ),
    "a row for a caller": (
        """
        def row(number):
            ...
            return {}(number)

        def give(person):
            Channel().send(person.email)

        def use(number):
            give(row(number))
        """,
        "row",
    ),
    "a row for the caller of a caller": (
        """
        def row(number):
            ...
            return {}(number)

        def give(person):
            Channel().send(person.email)

        def hand(person):
            give(person)

        def use(number):
            hand(row(number))
        """,
        "row",
    ),
    "the rows of a generator": (
        """
        def rows(number):
            ...
            yield {}(number)

        def use(number):
            for row in rows(number):
                Channel().send(row.email)
        """,
        "rows",
    ),
    "a list that is filled": (
        """
        def fill(rows, number):
            ...
            rows.append({}(number))

        def use(number):
            rows = []
            fill(rows, number)
            for row in rows:
                Channel().send(row.email)
        """,
        "fill",
    ),
    "a list that is filled further down": (
        """
        def fill(rows, number):
            ...
            add(number, to=rows)

        def add(number, to):
            to.append({}(number))

        def use(number):
            rows = []
            fill(rows, number)
            for row in rows:
                Channel().send(row.email)
        """,
        "fill",
    ),
    "a dict that is filled": (
        """
        def fill(rows, number):
            ...
            rows["a"] = {}(number)

        def use(number):
            rows = {{}}
            fill(rows, number)
            for row in rows.values():
                Channel().send(row.email)
        """,
        "fill",
    ),
    "a dict of which a key is read": (
        """
        def fill(rows, number):
            ...
            rows["a"] = {}(number)

        def use(number):
            rows = {{}}
            fill(rows, number)
            Channel().send(rows["a"].email)
        """,
        "fill",
    ),
    "a field": (
        """
        class Desk:
            def __init__(self, number):
                ...
                self.row = {}(number)

        def use(number):
            Channel().send(Desk(number).row.email)
        """,
        "__init__",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_call_gives_matters_where_data_meets_it(case: str, tmp_path: Path, watched: Watched) -> None:
    text, loud, silent, late = CASES[case]

    assert codes(tmp_path, text.format(loud)) == ["PUR001"]
    assert late in watched.put_off

    watched.put_off.clear()
    assert codes(tmp_path, text.format(silent)) == []
    assert late in watched.put_off


@pytest.mark.parametrize("case", SHARED)
def test_what_stores_into_what_others_see_is_run_at_once(case: str, tmp_path: Path, watched: Watched) -> None:
    assert codes(tmp_path, SHARED[case].format("Channel")) == ["PUR001"]
    assert not watched.put_off
    assert codes(tmp_path, SHARED[case].format("Log")) == []


@pytest.mark.parametrize("case", ROWS)
def test_what_a_call_gives_matters_where_an_attribute_is_read_that_a_source_has(
    case: str, tmp_path: Path, watched: Watched
) -> None:
    text, late = ROWS[case]

    assert codes(tmp_path, text.format("Guest")) == ["PUR001"]
    assert late in watched.put_off

    watched.put_off.clear()
    assert codes(tmp_path, text.format("Mail")) == []
    assert late in watched.put_off


@pytest.mark.parametrize("form", ["address(1)", "f'{address(1)}/events'", "address(1) + '/events'"])
@pytest.mark.parametrize(
    ("address", "expected"),
    [("https://ads.example/v1", ["PUR001"]), ("https://other.example/v1", [])],
)
def test_an_address_that_decides_whether_a_call_is_a_sink_is_asked_for(
    address: str, expected: list[str], form: str, tmp_path: Path, watched: Watched
) -> None:
    text = f"""
    def address(number):
        ...
        return "{address}"

    def use(guest: Guest):
        requests.post({form}, data=guest.email)
    """

    assert codes(tmp_path, text, ADDRESSES) == expected
    assert "address" in watched.put_off


def test_what_nobody_needs_is_never_run(tmp_path: Path, watched: Watched) -> None:
    text = """
    def counted(number):
        ...
        return number

    def made(number):
        ...
        return Channel()

    def use(guest: Guest):
        total = counted(1)
        print(total + 1)
        made(total).send(guest.email)
    """

    assert codes(tmp_path, text) == ["PUR001"]
    one = watched.machines[0]
    assert one.deferred.put_off > 0
    facts = one.facts("use.py")
    assert facts is not None
    assert {facts.functions[number].name for path, number in one.ran if path == "use.py"} == {"made", "use"}


def test_what_is_needed_in_one_function_is_still_put_off_in_another(tmp_path: Path, watched: Watched) -> None:
    text = """
    def made(number):
        ...
        return Log()

    def other(guest: Guest):
        log = made(1)
        print(guest.email, log)

    def use(guest: Guest):
        made(1).send(guest.email)
    """

    assert codes(tmp_path, text) == []
    one = watched.machines[0]
    facts = one.facts("use.py")
    assert facts is not None
    (needed,) = one.deferred._needed
    assert needed.caller == ("use.py", [function.name for function in facts.functions].index("use"))


def test_a_slight_function_is_run_at_once(tmp_path: Path, watched: Watched) -> None:
    assert codes(tmp_path, FACTORY.replace("...", "pass").format("Channel")) == ["PUR001"]
    assert not watched.put_off


def test_a_function_that_is_handed_one_that_reads_data_is_run_at_once(tmp_path: Path, watched: Watched) -> None:
    text = """
    def reader(guest: Guest):
        return guest.{}

    def apply(function, number):
        ...
        return function(Guest(number, number))

    def use(guest: Guest, number):
        print(guest.email)
        Channel().send(apply(reader, number))
    """

    assert codes(tmp_path, text.format("email")) == ["PUR001"]
    assert not watched.put_off
    assert codes(tmp_path, text.format("name")) == []


def test_the_unknown_stays_unknown_where_running_it_again_does_not_end(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocation, "MAX_AGAIN", 0)

    assert codes(tmp_path, FACTORY.format("Log")) == []
    assert codes(tmp_path, FACTORY.replace("use(guest: Guest)", "use(guest: Guest, log=Channel())")) == []


@pytest.mark.parametrize("take", [list, reversed], ids=["in order", "the other way round"])
def test_the_order_in_which_functions_stand_does_not_matter(take: type, tmp_path: Path) -> None:
    parts = [
        "def made(number):\n    ...\n    return Channel()\n",
        "def desk(number):\n    ...\n    return made(number)\n",
        "def use(guest: Guest):\n    desk(1).send(guest.email)\n",
        "def other(guest: Guest):\n    print(guest.email, desk(2))\n",
    ]

    assert codes(tmp_path, "\n".join(take(parts))) == ["PUR001"]


def test_runs_give_the_same_whatever_the_hash_seed_is(tmp_path: Path) -> None:
    many = "\n\n".join(
        f"def made_{n}(number):\n    ...\n    return {'Channel' if n % 2 else 'Log'}()\n\n"
        f"def use_{n}(guest: Guest):\n    made_{n}(1).send(guest.email)\n    made_{(n + 1) % 6}(2).send(guest.email)\n"
        for n in range(6)
    )
    codes(tmp_path, many)
    script = (
        "import sys, purposelint\n"
        "for each in purposelint.analyse(sys.argv[1]).findings:\n    print(each.code, each.path, each.message)\n"
    )
    told = set()
    for seed in ("0", "1", "2", "0"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        told.add(done.stdout)

    (only,) = told
    assert only.count("PUR001") == 12 // 2
