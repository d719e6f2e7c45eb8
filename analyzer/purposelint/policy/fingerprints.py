"""Fingerprints: what a finding is known by when lines move and files are renamed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from purposelint.policy.findings import Finding


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
