"""From the text of a pattern to a `Pattern`.

The grammar, with blanks allowed at both ends, around ``->``, after ``not`` and between parameters::

    pattern    = ["not"] ["@"] name {step} ["->" "return"]
    step       = "." name | "(" [parameter {"," parameter}] ")" | "[" key "]"
    name       = identifier | "*" | "**"
    parameter  = identifier | position counted from 0 | "*"
    key        = quoted text | integer | "*"

Beyond the grammar: a decorator (``@``) is names and at most an empty call at its end, only a
decorator ends in ``-> return``, and only the last step of a pattern names parameters.
"""

from __future__ import annotations

import keyword
import re
from functools import cache

from purposelint.config.patterns import CallStep, KeyStep, NameStep, Pattern, Step
from purposelint.errors import PurposelintError

_NAME = re.compile(r"\*{1,2}(?![\w*])|[^\W\d]\w*(?![\w*])")
_PART_WILDCARD = re.compile(r"\w*(?P<star>\*)")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_INTEGER = re.compile(r"-?[0-9]+(?!\w)")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_ESCAPE = re.compile(r"\\(.)")
_BLANKS = re.compile(r"[ \t]*")
_PLAIN = re.compile(
    r"((?:[A-Za-z_]\w*|\*\*?)(?:\.(?:[A-Za-z_]\w*|\*\*?))*)(\(([A-Za-z_]\w*(?:, [A-Za-z_]\w*)*)?\))?", re.ASCII
)
_NOT = re.compile(r"not(?=[ \t@])[ \t]*")


class PatternError(PurposelintError):
    """A pattern that cannot be parsed: ``column`` counts its characters from 1, ``message`` says what is wrong."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column
        self.message = message


def parse_pattern(text: str) -> Pattern:
    """Parse one pattern.

    Raises `PatternError` at the first character that does not fit.
    """
    return _plain(text) or _Parser(text).pattern()


def _plain(text: str) -> Pattern | None:
    """Names with at most one call at the end, as nearly all patterns are: read at one go. None for all others."""
    found = _PLAIN.fullmatch(text)
    if not found:
        return None
    names, call, params = found.groups()
    words = names.split(".")
    if any(map(keyword.iskeyword, words)):
        return None
    steps: tuple[Step, ...] = tuple(map(_name_step, words))
    if call:
        steps = (*steps, CallStep(tuple(params.split(", ")) if params else None))
    return Pattern(text, steps)


@cache
def _name_step(name: str) -> NameStep:
    return NameStep(name)


class _Parser:
    """A cursor (``at``, from 0) over the text of one pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text.rstrip(" \t"))

    def pattern(self) -> Pattern:
        self.blanks()
        if self.at >= self.end:
            raise self.error("a pattern is expected, such as accounts.models.User.phone")
        negated = bool(self.take(_NOT))
        decorator_at = self.at
        decorator = self.literal("@")
        steps = self.steps()
        if decorator:
            self.check_decorator(steps, decorator_at, negated)
        returns = self.returns(decorator)
        if self.at < self.end:
            raise self.unexpected()
        return Pattern(self.text.strip(" \t"), tuple(steps), decorator, returns, negated)

    def steps(self) -> list[Step]:
        steps: list[Step] = [self.name("at the beginning")]
        named_parameters = -1
        while self.at < self.end:
            if named_parameters >= 0 and self.text[self.at] in ".([":
                raise self.error("only the last call of a pattern names arguments; write () here", named_parameters)
            if self.literal("."):
                steps.append(self.name('after "."'))
            elif self.literal("("):
                begin = self.at
                call = self.call()
                named_parameters = begin if call.params is not None else -1
                steps.append(call)
            elif self.literal("["):
                steps.append(self.key())
            else:
                break
        return steps

    def name(self, where: str) -> NameStep:
        found = _NAME.match(self.text, self.at, self.end)
        if not found:
            if star := _PART_WILDCARD.match(self.text, self.at, self.end):
                message = '"*" stands for one whole name and "**" for any number of them, not for a part of one'
                raise self.error(message, star.start("star"))
            raise self.error(f"a name is expected {where}{self.instead()}")
        word = found[0]
        if keyword.iskeyword(word):
            raise self.error(f'"{word}" is a word of Python\'s own and cannot be a name')
        self.at = found.end()
        return NameStep(word)

    def call(self) -> CallStep:
        """The rest of a call, after its ``(``."""
        params: list[str | int] = []
        self.blanks()
        while not self.literal(")"):
            params.append(self.parameter())
            self.blanks()
            if not self.literal(","):
                if self.literal(")"):
                    break
                raise self.after_parameter()
            self.blanks()
        return CallStep(tuple(params) if params else None)

    def parameter(self) -> str | int:
        if found := self.take(_IDENTIFIER):
            return found
        begin = self.at
        if number := self.take(_INTEGER):
            if number.startswith("-"):
                raise self.error("positions of arguments count from 0", begin)
            return int(number)
        if self.literal("**"):
            raise self.error('"**" is no argument; write * for all arguments', begin)
        if self.literal("*"):
            return "*"
        if self.at < self.end and self.text[self.at] in "\"'":
            raise self.error("an argument is given by its name or its position, without quotes")
        raise self.error(f'an argument\'s name, its position, * or ")" is expected{self.instead()}')

    def after_parameter(self) -> PatternError:
        if self.text.startswith("=", self.at):
            return self.error("an argument's value is not part of a pattern; a sink's \"where\" asks for it")
        if self.text.startswith((":", "["), self.at):
            return self.error("an argument is given by its bare name")
        return self.error(f'"," or ")" is expected{self.instead()}')

    def key(self) -> KeyStep:
        """The rest of a key, after its ``[``."""
        key: str | int | None
        if found := _QUOTED.match(self.text, self.at, self.end):
            key = _ESCAPE.sub(r"\1", found[1] if found[1] is not None else found[2])
            self.at = found.end()
        elif number := self.take(_INTEGER):
            key = int(number)
        elif self.literal("*"):
            key = None
        elif self.at < self.end and self.text[self.at] in "\"'":
            raise self.error("the quote that ends this key is missing")
        elif word := _IDENTIFIER.match(self.text, self.at, self.end):
            raise self.error(f'a key is written in quotes: ["{word[0]}"]')
        else:
            raise self.error(f"a key in quotes, a number or * is expected{self.instead()}")
        if not self.literal("]"):
            raise self.error(f'"]" is expected{self.instead()}')
        return KeyStep(key)

    def returns(self, decorator: bool) -> bool:
        begin = self.at
        self.blanks()
        if not self.literal("->"):
            self.at = begin
            return False
        if not decorator:
            raise self.error('"-> return" goes with a decorator, as in @app.route() -> return', self.at - 2)
        self.blanks()
        word = _IDENTIFIER.match(self.text, self.at, self.end)
        if not word or word[0] != "return":
            raise self.error(f'"return" is expected after "->"{self.instead()}')
        self.at = word.end()
        return True

    def check_decorator(self, steps: list[Step], at: int, negated: bool) -> None:
        if negated:
            raise self.error('"not" does not go with a decorator: a decorator always holds', at)
        *names, last = steps
        if isinstance(last, CallStep) and last.params is not None:
            raise self.error("a decorator takes no arguments in a pattern; write () or nothing at its end", at)
        if isinstance(last, KeyStep) or not all(isinstance(step, NameStep) for step in names):
            raise self.error("a decorator is names joined by dots, with at most () at its end", at)

    def blanks(self) -> None:
        self.take(_BLANKS)

    def take(self, expression: re.Pattern[str]) -> str:
        """What ``expression`` matches here, stepped over; an empty string when it does not."""
        found = expression.match(self.text, self.at, self.end)
        if not found:
            return ""
        self.at = found.end()
        return found[0]

    def literal(self, text: str) -> bool:
        if not self.text.startswith(text, self.at, self.end):
            return False
        self.at += len(text)
        return True

    def instead(self) -> str:
        return f", not {self.shown()}" if self.at < self.end else ", but the pattern ends here"

    def shown(self) -> str:
        """The character at the cursor, quoted."""
        character = self.text[self.at]
        return f"'{character}'" if character == '"' else f'"{character}"'

    def unexpected(self) -> PatternError:
        if self.text[self.at] in " \t":
            return self.error("a blank does not belong in a pattern")
        return self.error(f"unexpected {self.shown()}")

    def error(self, message: str, at: int | None = None) -> PatternError:
        return PatternError((self.at if at is None else at) + 1, message)
