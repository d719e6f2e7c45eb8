"""``purposelint baseline``: accept today's findings, so that only new ones are told."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from purposelint.cli.cache import opened
from purposelint.cli.help import command
from purposelint.cli.options import project_options
from purposelint.cli.progress import Progress, progress_wanted

_EXAMPLES = (
    ("purposelint baseline", "accept all that is found"),
    ("purposelint baseline --only-remove", "take out what is found no more"),
)


@command(_EXAMPLES)
@project_options
@click.option(
    "--output", "-o", type=click.Path(), help="The file; else purposelint-baseline.json beside purposes.toml."
)
@click.option("--only-remove", is_flag=True, help="Accept nothing new: take out what is found no more.")
def baseline(
    *,
    paths: tuple[str, ...],
    config: str | None,
    jobs: int | None,
    output: str | None,
    only_remove: bool,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Accept what is found today, so that only new findings are told.

    All findings of the project around PATHS (default: here) are written to a file, and `check` leaves them out. It
    belongs in the repository. A finding is known by what it says, not by its line: it stays accepted when
    lines move, files are renamed and code is formatted anew. Run it again to accept anew and to take out what is gone.
    Where PATHS belong to several projects, each gets a file of its own.
    """
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.policy.baseline import accepting  # noqa: PLC0415
    from purposelint.project.baselines import FILE_NAME, read_baseline, write_baseline  # noqa: PLC0415
    from purposelint.project.processors import processor_count  # noqa: PLC0415

    projects = list(engine.projects_around([Path(path) for path in paths or (".",)])) if config is None else []
    projects = projects or [engine.project_of(paths or (".",), config)]
    if len(projects) > 1 and output:
        raise click.UsageError(f"--output goes with one project; these paths belong to {len(projects)}")
    with Progress(progress_wanted()) as progress, opened(cache_dir, no_cache) as cache:
        analyse = partial(engine.analyse, jobs=jobs or processor_count(), baseline=False, watch=progress, cache=cache)
        reports = {project: analyse(project.root, project.config) for project in projects}
    for project, report in engine.apart(reports).items():
        file = Path(output) if output else project.root / FILE_NAME
        before = read_baseline(file) if file.is_file() else {}
        now = accepting(report, before if only_remove else None)
        if not (now or before or len(projects) == 1):
            continue
        write_baseline(file, now.values())
        new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
        click.echo(f"purposelint: {len(now)} accepted in {_shown(file)} ({new} new, {gone} gone)", err=True)


def _shown(file: Path) -> str:
    """The file as it leads from the working folder, where it lies below that."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)
