"""Help that begins with examples: what most people look for in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import click

Examples: TypeAlias = Sequence[tuple[str, str]]
"""Commands, and what each is for."""


class _WithExamples(click.Command):
    """A command whose help is a sentence, examples, the usage, the rest and the options, in that order."""

    examples: Examples = ()

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        first, _, rest = (self.help or "").partition("\n\n")
        formatter.write_text(" ".join(first.split()))
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_dl(list(self.examples), col_max=44)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        if rest:
            whole, self.help = self.help, rest
            self.format_help_text(ctx, formatter)
            self.help = whole
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)


class ExampleCommand(_WithExamples):
    """A command with examples."""

    def __init__(self, *args: Any, examples: Examples = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples


class ExampleGroup(_WithExamples, click.Group):
    """A group with examples. Its arguments are those of ``default`` when the first names no command."""

    default: str | None = None

    def __init__(self, *args: Any, examples: Examples = (), default: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front where none stands."""
        own = {name for parameter in self.get_params(ctx) for name in (*parameter.opts, *parameter.secondary_opts)}
        unnamed = not args or (args[0] not in self.commands and args[0] not in own)
        completing = ctx.resilient_parsing and not args  # the shell asks which commands there are
        if self.default is not None and unnamed and not completing:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


def command(examples: Examples) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function."""
    return click.command(cls=ExampleCommand, examples=examples)
