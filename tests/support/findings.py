"""Findings for tests of what is made of them."""

from __future__ import annotations

from purposelint.facts.span import Span
from purposelint.policy.findings import Finding, SinkEnd, SourceEnd, Step, Use, Widening

SAID = "two-factor-phone (collected for security) reaches audience (advertising)"
FLOW = Finding(
    code="PUR001",
    severity="error",
    message=f"{SAID}: accounts/views.py:2 -> ads/sync.py:5",
    path="ads/sync.py",
    span=Span(5, 5, 5, 21),
    source=SourceEnd(
        "two-factor-phone", "accounts/views.py", Span(2, 12, 2, 22), "user.contact.phone_number", ("security",)
    ),
    sink=SinkEnd("audience", "advertising", "ad-network"),
    trace=(
        Step("accounts/views.py", Span(2, 12, 2, 22), "read of user.phone"),
        Step("ads/sync.py", Span(5, 5, 5, 21), "handed over"),
    ),
    fingerprint="f00d",
    said=SAID,
)
FILES = {
    "accounts/views.py": "def numbers(user):\n    return user.phone\n",
    "ads/sync.py": "import ads\n\n\ndef sync(numbers):\n    ads.send(numbers)\n",
}
"""The code that `FLOW` is about."""

UNREADABLE = Finding("PUR901", "error", "cannot be parsed", "ads/broken.py", Span(2, 3, 2, 3), fingerprint="bad")
STALE = Finding("PUR904", "warning", "sink 'x' matched nothing", "purposes.toml", Span(7, 1, 7, 1), fingerprint="old")
WIDENED = Widening(
    Use("two-factor-phone", "user.contact.phone_number", "mail", "security", "mailer", "ads/sync.py", 3),
    Span(5, 5, 5, 21),
    ("recipient", "source"),
)
"""What a change adds and may."""
