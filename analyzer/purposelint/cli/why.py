"""``purposelint why`` and ``why-not``: what is known of a line, and where a flow ends that is not told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint.cli.cache import opened
from purposelint.cli.completion import complete_sinks, complete_sources
from purposelint.cli.help import command
from purposelint.cli.options import cache_options
from purposelint.cli.output import colour_wanted, write
from purposelint.cli.progress import Progress, progress_wanted

if TYPE_CHECKING:
    from purposelint.engine import Project, Study

_WHY = (
    ("purposelint why ads/sync.py:14", "the data on this line, and where it comes from"),
    ("purposelint why ads/sync.py:14:9", "at this column only"),
    ('purposelint why "explore.ipynb:cell 3:2"', "a line of a notebook's cell"),
)
_WHY_NOT = (("purposelint why-not two-factor-phone audience", "where the flow ends, or why it is allowed"),)
_PLACE = re.compile(r"(.+?)(?::cell (\d+))?:(\d+)(?::(\d+))?")


@command(_WHY)
@click.argument("place", metavar="PATH[:cell N]:LINE[:COLUMN]")
@cache_options
def why(place: str, config: str | None, jobs: int | None, cache_dir: Path | None, no_cache: bool) -> None:
    """Say what is known of the values on a line.

    The sources and sinks that stand there, the tagged data that is there with its limits and the way it took, what is
    found there; what each expression may be, and which patterns were tried on it, and why they matched or did not.
    """
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.inquiry import Inquiry  # noqa: PLC0415
    from purposelint.report.setting import Setting  # noqa: PLC0415

    found = _PLACE.fullmatch(place)
    if found is None:
        raise click.BadParameter(f"{place!r} is not PATH:LINE or PATH:LINE:COLUMN, nor PATH:cell N:LINE")
    file = Path(found[1])
    project = engine.project_of((file,), config)
    study = _studied(project, jobs, cache_dir, no_cache, asked=file)
    cell, column = int(found[2] or 0), int(found[4]) if found[4] else None
    setting = Setting(project.root, colour=colour_wanted())
    write(Inquiry(study).why(file, int(found[3]), column, setting, cell).encode("utf-8", "surrogateescape"))


@command(_WHY_NOT)
@click.argument("source", shell_complete=complete_sources)
@click.argument("sink", shell_complete=complete_sinks)
@cache_options
def why_not(
    source: str, sink: str, config: str | None, jobs: int | None, cache_dir: Path | None, no_cache: bool
) -> None:
    """Say why no flow from a source to a sink is told.

    Where its data ends on the way; or, where it arrives, by which way and why it may. Both are named by their ids.
    Of several projects here, those are asked whose annotations have both.
    """
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.inquiry import Inquiry  # noqa: PLC0415
    from purposelint.report.setting import Setting  # noqa: PLC0415

    around = list(engine.projects_around([Path()])) if config is None else []
    if len(around) > 1:
        around = [project for project in around if _declares(project, source, sink)] or around[:1]
    around = around or [engine.project_of((".",), config)]
    said = []
    for project in around:
        study = _studied(project, jobs, cache_dir, no_cache)
        answer = Inquiry(study).why_not(source, sink, Setting(project.root, colour=colour_wanted()))
        said.append(answer if len(around) == 1 else f"{project.root}:\n{answer}")
    write("\n".join(said).encode("utf-8", "surrogateescape"))


def _declares(project: Project, source: str, sink: str) -> bool:
    from purposelint.config import load  # noqa: PLC0415  (start-up time)

    annotations = load(project.config, root=project.root)
    return source in {each.id for each in annotations.sources} and sink in {each.id for each in annotations.sinks}


def _studied(
    project: Project, jobs: int | None, cache_dir: Path | None, no_cache: bool, asked: Path | None = None
) -> Study:
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.project.processors import processor_count  # noqa: PLC0415

    with Progress(progress_wanted()) as progress, opened(cache_dir, no_cache) as cache:
        return engine.study(project, jobs=jobs or processor_count(), watch=progress, cache=cache, asked=asked)
