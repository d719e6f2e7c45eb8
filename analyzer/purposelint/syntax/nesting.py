"""A cheap look at the bytes that keeps the parser from what it cannot stand.

LibCST's parser recurses for each open bracket and each prefix operator, and takes time and
memory by the square of the depth: a few thousand calls in one another take all memory there
is. Python itself stops at 200 brackets, so no program that runs is lost by the bounds on them.
It takes time by the square of the length of a chain (``a.b().c()``, ``a + b + c``) as well.
"""

from __future__ import annotations

import re

# Measured: 500 calls in one another take 4 s and 600 MB, 5,000 parentheses 7 s.
MAX_BRACKETS = 500
MAX_PARENTHESES = 5_000
MAX_PREFIXES = 5_000
MAX_ELIFS = 20_000
# Measured: 2,000 calls in a chain take 6 s, 4,000 operands 3 s.
MAX_CHAINED = 2_000
MAX_OPERANDS = 5_000

_NO_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))

_TEXT = (
    rb"\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
    rb"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
)
_OPERATORS = rb"\*\*|//|<<|>>|[-+*/%@&|^]"
_TOKEN = re.compile(rb"#[^\r\n]*|" + _TEXT + rb"|[()\[\]{}]", re.DOTALL)

_CHAINED = re.compile(rb"[)\]]\s*(?:\.\s*\w+\s*)?[\[(]")
_OPERATOR = re.compile(_OPERATORS)
_CHAIN_TOKEN = re.compile(
    rb"(?P<skipped>#[^\r\n]*|\\\r?\n)|(?P<text>" + _TEXT + rb")"
    rb"|(?P<opened>[(\[{])|(?P<closed>[)\]}])|(?P<operator>" + _OPERATORS + rb")|(?P<end>[,;:=\r\n])",
    re.DOTALL,
)

_PREFIX = rb"(?:[-+~]|\bnot\b|\bawait\b|\blambda\b[^:\r\n]{0,80}:)"
_PREFIXES = re.compile(rb"(?<![-+~\s])\s*(?:" + _PREFIX + rb"[\s\\]*){%d}" % (MAX_PREFIXES + 1))


def nests_too_deeply(source: bytes) -> int | None:
    """The line (from 1) where the nesting goes beyond the bounds, or None where it does not."""
    if source.count(b"elif") > MAX_ELIFS:
        return 1
    if (match := _PREFIXES.search(source)) is not None:
        return _line(source, match.start())
    if _greatest_possible_depth(source) > MAX_BRACKETS and (line := _too_deep_bracket(source)) is not None:
        return line
    return _too_long_chain(source)


def _greatest_possible_depth(source: bytes) -> int:
    """A bound of the depth that counts brackets in strings and comments too: fast, never too low."""
    brackets = source.translate(None, _NO_BRACKETS)
    depth = 0
    while True:
        fewer = brackets.replace(b"()", b"").replace(b"[]", b"").replace(b"{}", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
        # One round takes up to three levels away: ``({[]})`` goes in one.
        depth += 3
    return depth + len(brackets.translate(None, b")]}"))


def _too_deep_bracket(source: bytes) -> int | None:
    depth = parentheses = 0
    pushed: list[int] = []
    end = -1
    for match in _TOKEN.finditer(source):
        token = match[0]
        if token in b"([{":
            # A parenthesis just inside another one is cheap.
            cheap = token == b"(" and end == match.start()
            pushed.append(0 if cheap else 1)
            depth += pushed[-1]
            parentheses += 1
            end = match.end() if token == b"(" else -1
            if depth > MAX_BRACKETS or parentheses > MAX_PARENTHESES:
                return _line(source, match.start())
        elif token in b")]}" and pushed:
            depth -= pushed.pop()
            parentheses -= 1
    return None


def _too_long_chain(source: bytes) -> int | None:
    if len(_CHAINED.findall(source)) < MAX_CHAINED and len(_OPERATOR.findall(source)) <= MAX_OPERANDS:
        return None
    # For each open bracket: the operators and the brackets that close in the expression so far.
    counts = [[0, 0]]
    for match in _CHAIN_TOKEN.finditer(source):
        kind = match.lastgroup
        if kind == "opened":
            counts[-1][1] += 1
            counts.append([0, 0])
        elif kind == "closed" and len(counts) > 1:
            counts.pop()
        elif kind == "operator":
            counts[-1][0] += 1
            counts[-1][1] = 0
        elif kind == "end" and (len(counts) == 1 or match[0] not in b"\r\n"):
            counts[-1] = [0, 0]
        if counts[-1][0] > MAX_OPERANDS or counts[-1][1] > MAX_CHAINED:
            return _line(source, match.start())
    return None


def _line(source: bytes, offset: int) -> int:
    return source.count(b"\n", 0, offset) + 1
