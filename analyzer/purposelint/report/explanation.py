"""Explanations: a code's meaning, why it matters, how to put it right; a finding with all that."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.text import Text

from purposelint.policy.codes import BY_CODE, CODES, Code
from purposelint.policy.findings import Finding
from purposelint.report.code_lines import CodeLines
from purposelint.report.full import paragraph, shown
from purposelint.report.setting import Setting

_WIDTH = 100


def all_codes(colour: bool = False) -> str:
    """Every code with its name and when it is told."""
    width = max(len(code.name) for code in CODES)
    lines = [Text.assemble((code.code, "bold"), f"  {code.name:<{width}}  {code.summary}") for code in CODES]
    return shown(lines, colour)


def of_code(code: Code, colour: bool = False) -> str:
    """What a code means, why it matters and what to do."""
    heading = Text.assemble((f"{code.code} {code.name}", "bold"), f" ({_default(code)})")
    return shown([heading, Text(), *_wrapped("", code.summary), Text(), *_advice(code)], colour)


def of_finding(finding: Finding, setting: Setting) -> str:
    """A finding with its whole way, then what its code means."""
    lines = [*paragraph(finding, CodeLines(setting.root, setting.contents)), Text(), *_advice(BY_CODE[finding.code])]
    return shown(lines, setting.colour)


def _default(code: Code) -> str:
    return "off by default" if code.default == "off" else f"{code.default} by default"


def _advice(code: Code) -> Iterator[Text]:
    yield from _wrapped("Why it matters", code.why)
    yield Text()
    yield from _wrapped("What to do", code.mend)


def _wrapped(title: str, text: str) -> Iterator[Text]:
    if title:
        yield Text(title, style="bold")
    for line in textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  "):
        yield Text(line)
