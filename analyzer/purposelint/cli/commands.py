"""The group of commands; ``check`` is meant where none is named."""

from __future__ import annotations

import click

from purposelint import __version__
from purposelint.cli.baseline import baseline
from purposelint.cli.check import check


class DefaultGroup(click.Group):
    """A group that takes its arguments for those of ``default`` when the first names no command."""

    default = "check"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front where none stands."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="purposelint", message="%(prog)s %(version)s")
def purposelint() -> None:
    """Say where data collected for one purpose flows to another use.

    `purposelint PATHS` means `purposelint check PATHS`. What is collected and why is read from
    purposes.toml, or from [tool.purposelint] in pyproject.toml, in the folder of PATHS or above.
    """


purposelint.add_command(check)
purposelint.add_command(baseline)
