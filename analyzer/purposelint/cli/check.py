"""``purposelint check``: analyse the project around some paths, and tell what touches them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint import __version__
from purposelint.cli.formats import FORMATS
from purposelint.cli.output import colour_wanted, summarise, write_report, write_statistics

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


def _outputs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """Pairs of a format and a file, checked before the analysis, which may take a while."""
    outputs = []
    for value in values:
        form, equals, file = value.partition("=")
        if not equals or not file or form not in FORMATS:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(FORMATS)}")
        if not Path(file).parent.is_dir():
            raise click.BadParameter(f"{Path(file).parent}: no such folder")
        outputs.append((form, Path(file)))
    return tuple(outputs)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", "files", multiple=True, callback=_outputs, metavar="FORMAT=FILE", help="Write this file too.")
@click.option("--config", type=click.Path(), help="The annotation file; by default purposes.toml of PATHS or above.")
@click.option("--select", multiple=True, callback=_codes, metavar="CODES", help="Tell only codes that begin so.")
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", help="Tell no codes that begin so.")
@click.option("--show-suppressed", is_flag=True, help="Tell what comments and exceptions end, too, and why.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when something is found.")
@click.option("--statistics", is_flag=True, help="Say on stderr what the run read and how long it took.")
@click.option("--quiet", "-q", is_flag=True, help="No summary on stderr.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to read files with.  [default: processors]")
@click.option("--whole-program", is_flag=True, help="Parse every file, not only those a flow can pass through.")
def check(
    *,
    paths: tuple[str, ...],
    form: str,
    files: tuple[tuple[str, Path], ...],
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show_suppressed: bool,
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
    from purposelint.project.roots import prefix_in_repository  # noqa: PLC0415
    from purposelint.project.workers import processor_count  # noqa: PLC0415
    from purposelint.report.setting import Setting  # noqa: PLC0415

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
    prefix = prefix_in_repository(project.root)
    write_report(report, form, files, Setting(project.root, prefix, colour_wanted(), show_suppressed, __version__))
    if statistics:
        write_statistics(report)
    if not quiet:
        summarise(report)
    return 0 if exit_zero else _exit_status(report)


def _exit_status(report: Report) -> int:
    failed = any(finding.severity == "error" for finding in (*report.findings, *report.errors))
    return _FOUND if failed else 0
