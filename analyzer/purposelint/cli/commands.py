"""The group of commands; ``check`` is meant where none is named."""

from __future__ import annotations

import click

from purposelint import __version__
from purposelint.cli.baseline import baseline
from purposelint.cli.cache import cache
from purposelint.cli.check import check
from purposelint.cli.explain import explain
from purposelint.cli.help import ExampleGroup
from purposelint.cli.lsp import lsp
from purposelint.cli.rules import rules
from purposelint.cli.why import why, why_not

_EXAMPLES = (
    ("purposelint", "analyse the project around this folder"),
    ("purposelint jobs/sync.py", "tell what touches this file"),
    ("purposelint check --format full", "show each way, hop by hop"),
    ("purposelint check --diff main...", "tell what this branch adds"),
    ("purposelint explain PUR001", "say what a code means and what to do"),
    ("purposelint baseline", "accept what there is, tell what is new"),
)


@click.group(
    cls=ExampleGroup,
    default="check",
    examples=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="purposelint", message="%(prog)s %(version)s")
def purposelint() -> None:
    """Say where data collected for one purpose flows to another use.

    `purposelint PATHS` means `purposelint check PATHS`. What is collected and why is read from
    purposes.toml, or from [tool.purposelint] in pyproject.toml, in the folder of PATHS or above.
    """


for _command in (check, explain, why, why_not, baseline, rules, lsp, cache):
    purposelint.add_command(_command)
