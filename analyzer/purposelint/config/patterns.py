"""The pattern language: patterns read like the code they match.

A pattern is a chain of steps, for example::

    accounts.models.User.phone        names
    requests.post(data, json)         names, then a call with the parameters that count
    event["user"]["phone"]            a name and two keys
    Client.medias()[*].location.lat   goes on after a call; ``[*]`` is any key or element
    @app.route() -> return            what a decorated function returns
    not profile.is_private            a gate that holds where the test is false
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NameStep:
    """One name; ``*`` stands for any one, ``**`` for any number of them, none included."""

    name: str


@dataclass(frozen=True, slots=True)
class CallStep:
    """A call. ``params`` is None for ``()``: as a source the result, as a sink every argument.

    Otherwise the parameters that count: a name, a position counted from 0, ``*`` for
    all of them; ``self`` names the receiver.
    """

    params: tuple[str | int, ...] | None


@dataclass(frozen=True, slots=True)
class KeyStep:
    """``["key"]`` or ``[0]``; None for ``[*]``."""

    key: str | int | None


Step: TypeAlias = "NameStep | CallStep | KeyStep"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One parsed pattern. ``steps`` start with a name.

    ``decorator``: it was written with ``@``. ``returns``: it ends in ``-> return``.
    ``negated``: it begins with ``not`` (gates only).
    """

    text: str
    steps: tuple[Step, ...]
    decorator: bool = False
    returns: bool = False
    negated: bool = False
