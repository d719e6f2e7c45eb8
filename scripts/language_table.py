"""Analyse the language fixtures and print how it comes out; with ``--write``, into docs/language.md.

``--slowest`` prints instead the seconds of processor time that each construct takes, the slowest first.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.expectations import constructs, programs  # noqa: E402
from support.language import report, table  # noqa: E402


def main() -> None:
    """Print or write the table."""
    if "--slowest" in sys.argv[1:]:
        sys.stdout.write(_slowest())
        return
    if "--write" in sys.argv[1:]:
        (ROOT / "docs" / "language.md").write_text(table(), encoding="utf-8")
    else:
        sys.stdout.write(table())


def _slowest() -> str:
    rows = []
    for folder in constructs():
        begin = time.process_time()
        report(folder)
        rows.append((time.process_time() - begin, folder.name, programs(folder)))
    lines = [f"| {name} | {count} | {seconds:.2f} |" for seconds, name, count in sorted(rows, reverse=True)]
    return "\n".join(["| construct | programs | seconds |", "| --- | ---: | ---: |", *lines, ""])


if __name__ == "__main__":
    main()
