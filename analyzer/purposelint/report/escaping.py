"""Characters that would change what is shown, or that a format cannot hold."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def printable(text: str) -> str:
    """The text on one line, with no character that moves the cursor or sets a colour."""
    return _CONTROL.sub(lambda control: f"\\x{ord(control.group()):02x}", text)


def encodable(text: str) -> str:
    """The text with bytes that are no text written as escapes: what is UTF-8 throughout cannot hold them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
