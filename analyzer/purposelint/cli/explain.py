"""``purposelint explain``: what a code means, and the whole way of a finding."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint.cli.cache import opened
from purposelint.cli.completion import complete_codes
from purposelint.cli.help import command
from purposelint.cli.options import project_options
from purposelint.cli.output import colour_wanted, write
from purposelint.cli.progress import Progress, progress_wanted

if TYPE_CHECKING:
    from purposelint.cache import Store
    from purposelint.policy.codes import Code

_EXAMPLES = (
    ("purposelint explain", "all codes"),
    ("purposelint explain PUR001", "what a code means and what to do"),
    ("purposelint explain 5cd44e42", "the finding of this fingerprint, with its way"),
)
_FINGERPRINT = re.compile(r"[0-9a-f]{4,32}")


@command(_EXAMPLES)
@click.argument("what", metavar="[CODE | FINGERPRINT]", required=False, shell_complete=complete_codes)
@project_options
def explain(
    *,
    what: str | None,
    paths: tuple[str, ...],
    config: str | None,
    jobs: int | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> None:
    """Say what a code means and what to do about it, or show a finding with its whole way.

    A finding is named by its fingerprint, or by the beginning of it, as `--format full` and `json` tell it. It is
    looked for in the project around PATHS (default: here), among those that are suppressed or accepted, too.
    """
    from purposelint.policy.codes import BY_CODE  # noqa: PLC0415  (start-up time)
    from purposelint.report import explanation  # noqa: PLC0415

    colour = colour_wanted()
    if what is None:
        write(explanation.all_codes(colour).encode())
    elif (code := BY_CODE.get(what.upper()) or _named(what)) is not None:
        write(explanation.of_code(code, colour).encode())
    elif _FINGERPRINT.fullmatch(what.lower()):
        with opened(cache_dir, no_cache) as cache:
            write(_finding(what.lower(), paths, config, jobs, cache, colour))
    else:
        raise click.BadParameter(
            f"{what!r} is neither a code ({', '.join(BY_CODE)}), nor the name of one, nor a fingerprint (4 to 32"
            " hexadecimal digits)"
        )


def _finding(
    beginning: str, paths: tuple[str, ...], config: str | None, jobs: int | None, cache: Store | None, colour: bool
) -> bytes:
    from purposelint import engine  # noqa: PLC0415  (start-up time)
    from purposelint.project.processors import processor_count  # noqa: PLC0415
    from purposelint.report import explanation  # noqa: PLC0415
    from purposelint.report.setting import Setting  # noqa: PLC0415

    projects = list(engine.projects_around([Path(path) for path in paths or (".",)])) if config is None else []
    projects = projects or [engine.project_of(paths or (".",), config)]
    with Progress(progress_wanted()) as progress:
        analyse = partial(engine.analyse, jobs=jobs or processor_count(), watch=progress, cache=cache)
        report = engine.together({project: analyse(project.root, project.config) for project in projects})
    root = engine.root_of(projects)
    told = (*report.findings, *report.errors, *report.suppressed)
    fitting = [finding for finding in told if finding.fingerprint.startswith(beginning)]
    if not fitting:
        raise click.ClickException(f"no finding of {root} has a fingerprint that begins with {beginning}")
    if len(fitting) > 1:
        listed = ", ".join(sorted(finding.fingerprint for finding in fitting))
        raise click.ClickException(f"{len(fitting)} fingerprints begin with {beginning}: {listed}")
    return explanation.of_finding(fitting[0], Setting(root, colour=colour)).encode("utf-8", "surrogateescape")


def _named(name: str) -> Code | None:
    from purposelint.policy.codes import BY_CODE  # noqa: PLC0415  (start-up time)

    return next((code for code in BY_CODE.values() if code.name == name.lower()), None)
