"""``purposelint check``: analyse the project around some paths, and tell what touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from purposelint.cli.output import summarise, write, write_statistics
from purposelint.report import FORMATS, render

if TYPE_CHECKING:
    from purposelint.policy.findings import Report

_FOUND = 1


def _codes(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Prefixes of codes, given once or often, with commas or without."""
    from purposelint.policy.codes import BY_CODE  # noqa: PLC0415  (start-up time)

    prefixes = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in BY_CODE):
            raise click.BadParameter(f"{prefix!r} begins no code; the codes are {', '.join(sorted(BY_CODE))}")
    return prefixes


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), default="text", show_default=True)
@click.option("--config", type=click.Path(), help="The annotation file; by default purposes.toml of PATHS or above.")
@click.option("--select", multiple=True, callback=_codes, metavar="CODES", help="Tell only codes that begin so.")
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", help="Tell no codes that begin so.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when something is found.")
@click.option("--statistics", is_flag=True, help="Say on stderr what the run read and how long it took.")
@click.option("--quiet", "-q", is_flag=True, help="No summary on stderr.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to read files with.  [default: processors]")
@click.option("--whole-program", is_flag=True, help="Parse every file, not only those a flow can pass through.")
def check(
    *,
    paths: tuple[str, ...],
    form: str,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exit_zero: bool,
    statistics: bool,
    quiet: bool,
    jobs: int | None,
    whole_program: bool,
) -> int:
    """Analyse the project around PATHS (default: here) and tell what touches them.

    \b
    Exit status: 0 nothing found (or warnings alone), 1 findings,
    2 the call or the annotation file is wrong.
    """
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.project.workers import processor_count  # noqa: PLC0415

    project = engine.project_of(paths or (".",), config)
    report = engine.analyse(
        project.root,
        project.config,
        paths=paths or (".",),
        select=select,
        ignore=ignore,
        whole_program=whole_program,
        jobs=jobs or processor_count(),
    )
    write(render(report, form))
    if statistics:
        write_statistics(report)
    if not quiet:
        summarise(report)
    return 0 if exit_zero else _exit_status(report)


def _exit_status(report: Report) -> int:
    failed = any(finding.severity == "error" for finding in (*report.findings, *report.errors))
    return _FOUND if failed else 0
