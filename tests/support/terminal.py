"""Programs before a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest


def on_a_terminal(
    program: str,
    environment: Mapping[str, str],
    *,
    stream: Literal["stdout", "stderr"] = "stderr",
    cwd: Path | None = None,
) -> str:
    """What a Python program writes to a terminal that is its stdout or stderr; the other is a pipe."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")}
    try:
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=cwd,
            env={**inherited, "TERM": "xterm", "COLUMNS": "120", **environment},
            stdout=theirs if stream == "stdout" else subprocess.DEVNULL,
            stderr=theirs if stream == "stderr" else subprocess.DEVNULL,
            check=False,
        )
    finally:
        os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    return written.decode()
