"""Print the documentation of the codes; with ``--write``, into docs/codes.md."""

from __future__ import annotations

import sys
from pathlib import Path

from purposelint.policy.codes import CODES, Code

PAGE = Path(__file__).resolve().parents[1] / "docs" / "codes.md"

_HEAD = """\
# The codes

`PUR001` to `PUR006` are about flows, `PUR9xx` about the analysis and its annotations. `[codes]` in `purposes.toml` sets
each to `error`, `warning` (told, but the exit status stays 0) or `off`; `--select` and `--ignore` take beginnings of
codes.

| code | name | by default | when |
| --- | --- | --- | --- |
"""
_FOOT = """
Written by `scripts/codes_page.py --write` from `analyzer/purposelint/policy/codes.py`.
"""


def page() -> str:
    """Write the page: a table of all codes, then a section for each."""
    rows = "".join(
        f"| [{code.code}](#{code.code.lower()}-{code.name}) | {code.name} | {code.default} | {code.summary} |\n"
        for code in CODES
    )
    return _HEAD + rows + "".join(map(_section, CODES)) + _FOOT


def _section(code: Code) -> str:
    return (
        f"\n## {code.code} {code.name}\n\n{code.summary} By default: {code.default}.\n\n"
        f"**Why it matters.** {code.why}\n\n**What to do.** {code.mend}\n"
    )


def main() -> None:
    """Print or write the page."""
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
