"""Gates across calls, frameworks that call back, and sources whose type only a caller knows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

import purposelint

ANNOTATIONS = """
[purposes]
service = "x"
adverts = "y"
[[source]]
id = "phone"
match = ["models.Person.phone", "user.phone"]
data = "user.contact.phone_number"
purposes = ["service"]
[[source]]
id = "customer-list"
match = "uploads.read()"
data = "user.unique_id"
purposes = ["adverts"]
[[sink]]
id = "network"
match = "network.send()"
purpose = "adverts"
[[gate]]
id = "consent"
match = "network.consents()"
permits = ["adverts"]
[[linkage]]
id = "matched"
combine = ["user.contact.phone_number", "user.unique_id"]
"""
FILES = {
    "network.py": "def send(data): print(data)\ndef consents(): return ask()\n",
    "uploads.py": "def read(path):\n    return [line.strip() for line in open(path)]\n",
    "models.py": """
        from django.db import models
        class Person(models.Model):
            phone = models.CharField(max_length=20)
            town = models.CharField(max_length=20)
    """,
}


def lines(tmp_path: Path, code: str) -> list[tuple[int, str]]:
    """The lines of ``main.py`` with a finding, and its code."""
    (tmp_path / "purposes.toml").write_text(ANNOTATIONS, "utf-8")
    for name, text in {**FILES, "main.py": code}.items():
        (tmp_path / name).write_text(dedent(text), "utf-8")
    report = purposelint.analyse(tmp_path)
    return sorted({(each.span.line, each.code) for each in report.findings if each.path == "main.py"})


GATED = """
from network import consents, send
def pass_on(data):
    send(data)
def check():
    if not consents():
        raise PermissionError
def ask_only():
    if not consents():
        print("no")
def main(user):
    {body}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("pass_on(user.phone)", [(4, "PUR001")]),
        ("phone = user.phone\n    if consents(): pass_on(phone)", []),
        ("check()\n    send(user.phone)", []),
        ("ask_only()\n    send(user.phone)", [(13, "PUR001")]),
        ("if consents(): print()\n    send(user.phone)", [(13, "PUR001")]),
    ],
)
def test_a_gate_holds_inside_a_gated_call_and_behind_a_call_that_insists_on_it(
    tmp_path: Path, body: str, told: list[tuple[int, str]]
) -> None:
    assert lines(tmp_path, GATED.format(body=body)) == told


def test_a_task_is_handed_what_is_put_into_its_queue(tmp_path: Path) -> None:
    code = """
        from celery import shared_task
        from network import send
        @shared_task
        def push(phone, size):
            send(size)
            send(phone)
        def main(user):
            push.delay(user.phone, 3)
    """
    assert lines(tmp_path, code) == [(7, "PUR001")]


def test_a_signal_reaches_its_receivers(tmp_path: Path) -> None:
    code = """
        from django.dispatch import Signal, receiver
        from network import send
        joined = Signal()
        @receiver(joined)
        def on_join(sender, phone, **kwargs):
            send(sender)
            send(phone)
        def main(user):
            joined.send(sender=None, phone=user.phone)
    """
    assert lines(tmp_path, code) == [(8, "PUR001")]


def test_rows_of_a_model_are_of_its_class_and_a_filter_compares_its_fields(tmp_path: Path) -> None:
    code = """
        from models import Person
        from network import send
        from uploads import read
        def main(path):
            for person in Person.objects.filter(town="Graz"):
                send(person.phone)
                send(person.town)
            Person.objects.filter(town__in=read(path))
            Person.objects.filter(phone__in=read(path))
    """
    assert lines(tmp_path, code) == [(7, "PUR001"), (10, "PUR005")]


def test_a_caller_knows_the_type_of_what_a_function_reads(tmp_path: Path) -> None:
    code = """
        from models import Person
        from network import send
        def tell(somebody):
            send(somebody.phone)
        def tell_shop(shop):
            send(shop.phone)
        class Shop:
            phone = "1"
        def main():
            tell(Person())
            tell_shop(Shop())
    """
    assert lines(tmp_path, code) == [(5, "PUR001")]


@pytest.mark.parametrize(("ttl", "told"), [("24 * HOUR", []), ("25 * HOUR", [(5, "PUR003")])])
def test_a_time_to_live_may_be_computed(tmp_path: Path, ttl: str, told: list[tuple[int, str]]) -> None:
    (tmp_path / "purposes.toml").write_text(
        """
        [[source]]
        id = "story"
        match = "user.story"
        data = "user.content.ephemeral"
        purposes = ["service"]
        retention = "24h"
        [purposes]
        service = "x"
        """,
        "utf-8",
    )
    code = f"""
        import redis
        HOUR = 60 * 90 - 30 * 60
        def keep(user):
            redis.Redis().set("story", user.story, ex={ttl})
    """
    (tmp_path / "main.py").write_text(dedent(code), "utf-8")
    report = purposelint.analyse(tmp_path)
    assert [(each.span.line, each.code) for each in report.findings] == told
