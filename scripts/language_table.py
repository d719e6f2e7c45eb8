"""Analyse the language fixtures and print how it comes out; with ``--write``, into docs/language.md."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.language import table  # noqa: E402


def main() -> None:
    """Print or write the table."""
    if "--write" in sys.argv[1:]:
        (ROOT / "docs" / "language.md").write_text(table(), encoding="utf-8")
    else:
        sys.stdout.write(table())


if __name__ == "__main__":
    main()
