"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from purposelint.cli.formats import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])

cache_folder = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path),
    envvar="PURPOSELINT_CACHE_DIR",
    show_envvar=True,
    help="The folder of the cache; else purposelint in the user's cache folder.",
)


def cache_options(command: Command) -> Command:
    """Where the annotations and the cache are, and with how many processes files are read."""
    for option in (
        cache_folder,
        click.option("--no-cache", is_flag=True, help="Neither use nor keep results of runs."),
        click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to read files with."),
        click.option("--config", type=click.Path(), help="The annotation file; else purposes.toml of PATHS or above."),
    ):
        command = option(command)
    return command


def project_options(command: Command) -> Command:
    """PATHS, and `cache_options`."""
    return click.argument("paths", nargs=-1, type=click.Path(exists=True))(cache_options(command))


def codes(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Prefixes of codes, given once or often, with commas or without."""
    from purposelint.policy.codes import BY_CODE  # noqa: PLC0415  (start-up time)

    prefixes = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in BY_CODE):
            raise click.BadParameter(f"{prefix!r} begins no code; the codes are {', '.join(sorted(BY_CODE))}")
    return prefixes


def outputs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """Pairs of a format and a file, checked before the analysis, which may take a while."""
    pairs = []
    for value in values:
        form, equals, file = value.partition("=")
        if not equals or not file or form not in FORMATS:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(FORMATS)}")
        if not Path(file).parent.is_dir():
            raise click.BadParameter(f"{Path(file).parent}: no such folder")
        pairs.append((form, Path(file)))
    return tuple(pairs)
