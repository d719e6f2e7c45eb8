"""What is read from an object of which nothing is known is one object, wherever and however often it is read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import purposelint
from purposelint.dataflow import invocation
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "order.email"
purposes = ["service"]

[[sink]]
id = "sent"
match = "shop.send()"
purpose = "sharing"
"""

HELPERS = """\
from contextlib import contextmanager

SENT = []


def send(value):
    SENT.append(value)


def fill(order):
    order.inner.address = order.email


def look(order):
    return order.inner.address


def inner_of(order):
    return order.inner


def put(inner, value):
    inner.address = value


def put_item(order):
    order.rows["to"].address = order.email


@contextmanager
def language(name):
    yield


"""


def _sent(body: str) -> list[Any]:
    """What arrives when it runs."""
    namespace: dict[str, Any] = {}
    exec(f"{HELPERS}def use(order, flag):\n{body}", namespace)
    inner = SimpleNamespace(address="", other="")
    row = SimpleNamespace(address="", other="")
    order = SimpleNamespace(email="kim@example.org", inner=inner, rows={"to": row, "cc": SimpleNamespace(address="")})
    namespace["use"](order, True)
    sent: list[Any] = namespace["SENT"]
    return sent


@pytest.mark.parametrize(
    "lines",
    [
        ["inner = order.inner", "fill(order)", "send(inner.address)"],
        ["inner = order.inner", "fill(order)", "send(inner.other)"],
        ["fill(order)", "send(order.inner.address)"],
        ["send(order.inner.address)", "fill(order)"],
        ["look(order)", "fill(order)", "send(look(order))"],
        ["look(order)", "send(look(order))", "fill(order)"],
        ["inner = inner_of(order)", "inner.address = order.email", "send(look(order))"],
        ["inner = inner_of(order)", "inner.other = order.email", "send(look(order))"],
        ["put(order.inner, order.email)", "send(order.inner.address)"],
        ["put(order.inner, order.email)", "put(order.inner, '')", "send(order.inner.address)"],
        ["inner = order.inner", "order.inner = inner_of(SELF)", "fill(order)", "send(inner.address)"],
        ["if flag:", "    look(order)", "fill(order)", "send(order.inner.address)"],
        ["if flag:", "    fill(order)", "send(order.inner.address)"],
        ["if flag:", "    fill(order)", "send(order.inner.other)"],
        ["row = order.rows['to']", "put_item(order)", "send(row.address)"],
        ["row = order.rows['cc']", "put_item(order)", "send(row.address)"],
        ["for each in (1, 2, 3):", "    fill(order)", "send(inner_of(order).address)"],
    ],
    ids="; ".join,
)
def test_what_is_read_again_is_the_same(lines: list[str], tmp_path: Path) -> None:
    lines = [line.replace("SELF", "type('', (), {'inner': type('', (), {})()})()") for line in lines]
    body = "".join(f"    {line}\n" for line in lines)
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "shop.py": f"{HELPERS}def use(order, flag):\n{body}"})

    found = purposelint.analyse(tmp_path, ignore=["PUR904"]).findings

    assert bool(found) is ("kim@example.org" in _sent(body))


@pytest.mark.parametrize("sent", ["email", "name"])
def test_a_generator_that_is_not_run_any_more_still_yields(
    sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocation, "MAX_COARSE", 0)
    body = f"    with language('en'):\n        pass\n    with language('de'):\n        send(order.{sent})\n"
    write(tmp_path, {"purposes.toml": ANNOTATIONS, "shop.py": f"{HELPERS}def use(order, flag):\n{body}"})

    found = purposelint.analyse(tmp_path).findings

    assert [finding.code for finding in found] == (["PUR001"] if sent == "email" else [])


CALLED = """\
def meta(request, name):
    return request.meta.get(name, "")


def address(request):
    return meta(request, "address")


def forwarded(request):
    return meta(request, "forwarded")


def use(request):
"""


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["send(address(request))"], [1]),
        (["got = address(request)", "send(got.part)", "send([got])"], [2, 3]),
        (["got = address(request)", "send(meta(request, 'address'))"], []),
        (["send(forwarded(request))", "got = address(request)", "send(forwarded(request))"], []),
        (["request.seen = address(request)", "send(request.seen)", "send(request.meta['address'])"], [2]),
    ],
    ids=str,
)
def test_what_a_call_gives_that_is_a_source_leaves_none_where_it_was_read(
    lines: list[str], told: list[int], tmp_path: Path
) -> None:
    annotations = ANNOTATIONS.replace("order.email", "desk.address()")
    code = f"from shop import send\n\n\n{CALLED}" + "".join(f"    {line}\n" for line in lines)
    write(tmp_path, {"purposes.toml": annotations, "desk.py": code, "shop.py": "def send(value):\n    pass\n"})

    found = purposelint.analyse(tmp_path, ignore=["PUR904"]).findings

    first = code.count("\n") - len(lines)
    assert [finding.span.line - first for finding in found] == told
