"""Fingerprints: what a finding is known by when lines move, files are renamed and code is formatted anew.

A finding is its code and its two ends. An end is known by what the annotations call it and by the function that it
stands in, without the file. The way between is left out: that a helper on it changes its name makes no new
finding, and which of two equally short ways is shown depends on the names of files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from purposelint.policy.findings import Finding

_QUALIFIED = re.compile(r"(?:\w+\.)+(?=\w)")


def unqualified(text: str) -> str:
    """The text with names in their last part alone: ``read of phone`` for ``read of accounts.models.phone``."""
    return _QUALIFIED.sub("", text)


def identity(parts: Iterable[str]) -> str:
    """What a finding says, without a line or a path in it; several findings may share it."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def numbered(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with a fingerprint of its own.

    ``fingerprint`` holds their `identity` so far. Those that share one are told apart by their order,
    so that the sequence must be sorted.
    """
    seen: dict[str, int] = {}
    result = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        digest = identity((finding.fingerprint, str(count)))
        result.append(replace(finding, fingerprint=digest[:32]))
    return result


def distinct(findings: Sequence[Finding]) -> list[Finding]:
    """Findings that have fingerprints: of those that share one, all but the first get another by their order."""
    seen: dict[str, int] = {}
    result = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        again = identity((finding.fingerprint, str(count)))[:32]
        result.append(finding if count == 1 else replace(finding, fingerprint=again))
    return result
