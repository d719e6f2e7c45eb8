"""The standard streams: findings and nothing else on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint.errors import PurposelintError

if TYPE_CHECKING:
    from purposelint.policy.findings import Report
    from purposelint.report.setting import Setting


_ANNOTATIONS = ("purposes.toml", "pyproject.toml")
"""A hook is given these when they change. They are read, though there is nothing in them to find."""

_SHOWN = 3


def colour_wanted() -> bool:
    """Whether stdout is a terminal that shows colours, and nobody asked for none (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write_report(report: Report, form: str, files: Sequence[tuple[str, Path]], setting: Setting) -> None:
    """Write to stdout in one format, and to each of ``files`` in its own.

    Raises `PurposelintError` where a file cannot be written.
    """
    from purposelint.report import render  # noqa: PLC0415  (start-up time)

    write(render(report, form, setting))
    plain = replace(setting, colour=False)
    for other, file in files:
        try:
            file.write_bytes(render(report, other, plain))
        except OSError as error:
            raise PurposelintError(f"--output {other}={file}: cannot be written: {error.strerror or error}") from error


def write(content: bytes) -> None:
    """Write to stdout as it is, whatever the locale; who closes the pipe early has read enough.

    Raises `PurposelintError` where it cannot be written: the disk that it leads to is full.
    """
    stdout = sys.stdout
    try:
        stdout.flush()
        stdout.buffer.write(content)
        stdout.buffer.flush()
    except OSError as error:
        # Python flushes stdout once more at its end, and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise PurposelintError(f"stdout cannot be written: {error.strerror or error}") from error


def write_statistics(report: Report) -> None:
    """One ``name: value`` a line."""
    for name, value in {**report.statistics, **report.effort}.items():
        click.echo(f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}", err=True)


def summarise(report: Report, since: str | None = None) -> None:
    """How much was found, in one line; ``since`` is the revision that the code was held against."""
    told = (*report.findings, *report.errors)
    errors = sum(finding.severity == "error" for finding in told)
    counts = [_count(errors, "error")] if errors else []
    if len(told) > errors:
        counts.append(_count(len(told) - errors, "warning"))
    found = " and ".join(counts) or "nothing found"
    if since is not None:
        found = f"{found} that {'was' if len(told) == 1 else 'were'} not there at {since}" if told else "nothing added"
        if report.widened:
            found += f", {_count(len(report.widened), 'use')} widened"
    files = report.statistics.get("files")
    about = [f"{_count(files, 'file')} analysed"] if isinstance(files, int) else []
    about += _left_out(report)
    if not told and report.statistics.get("source places") == 0:
        about.append("no source was recognised, so that nothing can be")
    click.echo(f"purposelint: {found}" + (f" ({'; '.join(about)})" if about else ""), err=True)
    unmet = [path for path in report.unmet if path.rpartition("/")[2] not in _ANNOTATIONS]
    if unmet:
        shown = ", ".join(unmet[:_SHOWN]) + (", …" if len(unmet) > _SHOWN else "")
        click.echo(f"purposelint: {shown}: not analysed (ignored, excluded, or no Python)", err=True)


def _left_out(report: Report) -> list[str]:
    """What is not told, and how to see it."""
    words = []
    known = report.statistics.get("findings known")
    if isinstance(known, int) and known:
        words.append(f"{_count(known, 'finding')} left out that {'was' if known == 1 else 'were'} there before")
    accepted = sum(finding.suppressed_by == "baseline" for finding in report.suppressed)
    if accepted:
        words.append(f"{_count(accepted, 'finding')} left out that the baseline accepts")
    gone = report.statistics.get("baseline gone")
    if isinstance(gone, int) and gone:
        words.append(f"{gone} of the baseline found no more, `purposelint baseline --only-remove` takes them out")
    return words


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
