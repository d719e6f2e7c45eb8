"""A notebook's cell as Python: what IPython understands beyond it is taken out, and every line keeps its number.

Lines of IPython's own (``%matplotlib inline``, ``!pip install x``, ``frame?``) become ``pass``, so that a block that
holds nothing else stays one. Those that run Python (``%time f(x)``) are kept from the column on where that begins. A
cell in another language (``%%bash``) is empty; one that is run as Python in another way (``%%time``) is not.
"""

from __future__ import annotations

import re

_RUN_AS_PYTHON = frozenset(
    ["capture", "debug", "ipytest", "memit", "prun", "pypy", "python", "python3", "time", "timeit"],
)
"""Cell magics whose cell is Python."""

_TAKES_CODE = re.compile(r"%(?:time|timeit|prun|memit)(?=\s)(?:\s+-\w+(?:\s+\d+)?(?=\s))*\s+(?=\S)")
_CELL_MAGIC = re.compile(r"\s*%%\s*(\w*)[^\n]*")
_ASSIGNED = re.compile(r"((?:[^\n#'\"=]|'[^'\n]*'|\"[^\"\n]*\")*=[ \t]*)([%!])")
_HELP = re.compile(r"\?|[\w.*%\[\]'\"]+[ \t]*\?{1,2}[ \t]*(?:#.*)?$")
_AUTOCALL = re.compile(r"[/,;]\s*[A-Za-z_]")
_CONTINUED = re.compile(r"(?:[^\n]*\\\n)*[^\n]*")
_TOKEN = re.compile(
    r"#[^\n]*"
    r"|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'''(?:[^\\]|\\.)*?(?:'''|\Z)"
    r"|\"(?:[^\"\\\n]|\\.)*|'(?:[^'\\\n]|\\.)*"  # the quote that ends it is passed over below
    r"|\\\n|[()\[\]{}]|\n",
    re.DOTALL,
)


def as_python(text: str) -> str:
    """The text of a cell as Python, with as many lines; places of what is Python in it stay the same."""
    begins = _CELL_MAGIC.match(text)
    if begins is not None:
        if begins[1] not in _RUN_AS_PYTHON:
            return "\n" * text.count("\n")
        text = "\n" * begins[0].count("\n") + text[begins.end() :]
    if not any(mark in text for mark in "%!?/,;"):
        return text
    at = depth = 0
    starts = True  # whether a statement can begin here
    while at < len(text):
        if starts:
            text = _statement(text, at)
            starts = False
        token = _TOKEN.search(text, at)
        if token is None:
            break
        at = token.end()
        if token[0] == "\n":
            starts = depth <= 0
        elif token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif token[0][0] in "\"'" and len(text) > at and text[at] == token[0][0]:
            at += 1
    return text


def _statement(text: str, at: int) -> str:
    """The text, with what begins at an offset as Python."""
    end = text.find("\n", at)
    line = text[at:] if end < 0 else text[at:end]
    code = line.lstrip()
    begin = at + len(line) - len(code)
    if code.startswith("%") and (taken := _TAKES_CODE.match(text, begin)) is not None:
        # A statement of as many characters, so that columns stay what they are.
        return text[:begin] + "pass;".ljust(taken.end() - begin) + text[taken.end() :]
    if code.startswith(("%", "!")) or _AUTOCALL.match(code) or _HELP.match(code):
        return _emptied(text, begin, "pass")
    assigned = _ASSIGNED.match(text, begin)
    if assigned is not None:
        magic = assigned.start(2)
        taken = _TAKES_CODE.match(text, magic)
        if taken is not None:
            return text[:magic] + " " * (taken.end() - magic) + text[taken.end() :]
        return _emptied(text, magic, "...")
    return text


def _emptied(text: str, at: int, instead: str) -> str:
    """The text with something else for the rest of a line, and of the lines that continue it."""
    found = _CONTINUED.match(text, at)
    assert found is not None  # it matches anything
    return text[:at] + instead + "\n" * found[0].count("\n") + text[found.end() :]
