"""``purposelint check``: analyse the project around some paths, and tell what touches them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint import __version__
from purposelint.cli.cache import opened
from purposelint.cli.completion import complete_codes, complete_outputs
from purposelint.cli.formats import FORMATS
from purposelint.cli.help import command
from purposelint.cli.options import codes, outputs, project_options
from purposelint.cli.output import colour_wanted, summarise, write_report, write_statistics
from purposelint.cli.progress import Progress, Steps, progress_wanted
from purposelint.errors import ConfigError

if TYPE_CHECKING:
    from purposelint.policy.findings import Report

_FOUND = 1


_EXAMPLES = (
    ("purposelint check", "the project around this folder"),
    ("purposelint check jobs ads/sync.py", "what touches these files"),
    ("purposelint check --format full", "each way, hop by hop, with its code"),
    ("purposelint check --diff main...", "what this branch adds and widens"),
    ("purposelint check --output sarif=out.sarif", "a file for code scanning besides"),
    ("purposelint check --stdin-filename ads/sync.py", "what an editor has not saved yet"),
    ("purposelint check --select PUR001,PUR002", "these codes only"),
)


@command(_EXAMPLES)
@project_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    "files",
    multiple=True,
    callback=outputs,
    shell_complete=complete_outputs,
    metavar="FORMAT=FILE",
    help="Write this file too.",
)
@click.option("--diff", "revision", metavar="REV", help="Tell only what the change since REV adds; REV... is its base.")
@click.option("--baseline", type=click.Path(exists=True), help="Accepted findings; else purposelint-baseline.json.")
@click.option("--no-baseline", is_flag=True, help="Tell what was accepted, too.")
@click.option("--stdin-filename", "stdin", metavar="FILE", help="Read stdin, as what FILE holds; tell what touches it.")
@click.option(
    "--select",
    multiple=True,
    callback=codes,
    shell_complete=complete_codes,
    metavar="CODES",
    help="Tell only codes that begin so.",
)
@click.option(
    "--ignore",
    multiple=True,
    callback=codes,
    shell_complete=complete_codes,
    metavar="CODES",
    help="Tell no codes that begin so.",
)
@click.option("--show-suppressed", is_flag=True, help="Tell what is suppressed or accepted, too, and why.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when something is found.")
@click.option("--statistics", is_flag=True, help="Say on stderr what the run read and how long it took.")
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what is done, as it is done.")
@click.option("--quiet", "-q", is_flag=True, help="No summary on stderr.")
@click.option("--whole-program", is_flag=True, help="Parse every file, not only those a flow can pass through.")
def check(
    *,
    paths: tuple[str, ...],
    config: str | None,
    jobs: int | None,
    form: str,
    files: tuple[tuple[str, Path], ...],
    revision: str | None,
    baseline: str | None,
    no_baseline: bool,
    stdin: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show_suppressed: bool,
    exit_zero: bool,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    whole_program: bool,
    cache_dir: Path | None,
    no_cache: bool,
) -> int:
    """Tell where data flows to a use that it was not collected for.

    The project around PATHS (default: here) is analysed as a whole; what touches PATHS is told. Where PATHS belong to
    several projects, each is judged by the annotations that are nearest to it.

    \b
    Exit status: 0 nothing found (or warnings alone), 1 findings,
    2 the call or the annotation file is wrong.
    """
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.project.discovery import is_analysed  # noqa: PLC0415
    from purposelint.project.processors import processor_count  # noqa: PLC0415
    from purposelint.project.roots import prefix_in_repository  # noqa: PLC0415
    from purposelint.report.setting import Setting  # noqa: PLC0415

    if no_baseline and baseline:
        raise click.UsageError("--baseline and --no-baseline exclude each other")
    if stdin is not None and revision is not None:
        raise click.UsageError("--stdin-filename and --diff exclude each other")
    if stdin is not None and not is_analysed(stdin):
        raise click.UsageError(f"--stdin-filename {stdin}: only Python files and notebooks are read from stdin")
    contents: dict[Path | str, bytes] = {} if stdin is None else {Path(stdin): sys.stdin.buffer.read()}
    if stdin is not None:
        paths = (*paths, stdin)
    paths = paths or (".",)
    # A file that has not been saved yet lies where its folder does.
    places = {path: Path(path) if Path(path).exists() else Path(path).parent for path in paths}
    around = engine.projects_around([Path(path) for path in paths]) if config is None else {}
    # One that is named, or none at all, is looked for around all paths together.
    projects = around or {engine.project_of([*places.values()], config): [Path(path) for path in paths]}
    if len(projects) > 1 and baseline:
        raise click.UsageError(f"--baseline goes with one project; these paths belong to {len(projects)}")
    root = engine.root_of(projects.keys())
    accepted = baseline or not no_baseline
    progress = Progress(progress_wanted() and not quiet and not verbose)
    watch = Steps() if verbose else progress
    unknown: list[str | None] = []
    with progress, opened(cache_dir, no_cache) as cache:
        analyse = partial(
            engine.analyse,
            select=select,
            ignore=ignore,
            whole_program=whole_program,
            jobs=jobs or processor_count(),
            watch=watch,
            cache=cache,
        )
        reports = {}
        for project, own in projects.items():
            if verbose:
                click.echo(f"purposelint: {project.root}, by {project.config}", err=True)
            try:
                if revision is None:
                    reports[project] = analyse(
                        project.root, project.config, paths=own, baseline=accepted, contents=contents
                    )
                else:
                    from purposelint.review import review  # noqa: PLC0415

                    reviewed = review(project, revision, paths=own, baseline=accepted, analyse=analyse)
                    reports[project] = reviewed.report
                    unknown.append(reviewed.unknown)
            except ConfigError as error:
                raise error.below(project.root.relative_to(root).as_posix()) from error
    for reason in filter(None, unknown):
        click.echo(f"purposelint: {reason}; everything counts as new", err=True)
    report = engine.together(reports)
    held = engine.held(root, contents)
    prefix = prefix_in_repository(root)
    write_report(report, form, files, Setting(root, prefix, colour_wanted(), show_suppressed, __version__, held))
    if statistics:
        write_statistics(report)
    if not quiet:
        summarise(report, revision)
    return 0 if exit_zero else _exit_status(report)


def _exit_status(report: Report) -> int:
    failed = any(finding.severity == "error" for finding in (*report.findings, *report.errors))
    return _FOUND if failed else 0
