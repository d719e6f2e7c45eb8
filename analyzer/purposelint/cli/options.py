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


class _Existing(click.Path):
    """A path that exists. One that does not may have been meant for a command: ``check`` stands where none is named."""

    def __init__(self) -> None:
        super().__init__(exists=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises `click.BadParameter` where there is none."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.BadParameter(f"{error.message}{_meant(value, ctx)}", ctx, param) from error


def _meant(value: str, ctx: click.Context | None) -> str:
    from purposelint.config.suggestions import nearest  # noqa: PLC0415  (start-up time)

    group = ctx.parent.command if ctx is not None and ctx.parent is not None else None
    commands = group.commands if isinstance(group, click.Group) else {}
    if value in commands:
        return f" The command {value} stands before options and paths."
    near = nearest(value, commands)
    return f" Did you mean the command {near}?" if near is not None else ""


def project_options(command: Command) -> Command:
    """PATHS, and `cache_options`."""
    return click.argument("paths", nargs=-1, type=_Existing())(cache_options(command))


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
    pairs: list[tuple[str, Path]] = []
    for value in values:
        form, equals, file = value.partition("=")
        if not equals or not file or form not in FORMATS:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(FORMATS)}")
        if file == "-":
            raise click.BadParameter(f"{value!r}: what stdout is written in is said by --format {form}")
        if Path(file).absolute() in [other.absolute() for _, other in pairs]:
            raise click.BadParameter(f"{value!r}: another output is written to this file")
        if not Path(file).parent.is_dir():
            raise click.BadParameter(f"{Path(file).parent}: no such folder")
        pairs.append((form, Path(file)))
    return tuple(pairs)
