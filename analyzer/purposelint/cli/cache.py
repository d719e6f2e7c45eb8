"""What runs keep for those that follow: the cache that commands use, and ``purposelint cache``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purposelint.cli.help import ExampleCommand, ExampleGroup
from purposelint.cli.options import cache_folder
from purposelint.errors import PurposelintError

if TYPE_CHECKING:
    from purposelint.cache import Store

_EXAMPLES = (
    ("purposelint cache info", "where it is, and how much it holds"),
    ("purposelint cache clear", "delete it"),
)


@contextmanager
def opened(folder: Path | None, no_cache: bool = False) -> Iterator[Store | None]:
    """The cache in ``folder``, else in the user's own; none with ``no_cache``. What is wrong is told on stderr."""
    if no_cache:
        yield None
        return
    with _store(folder) as store:
        yield store


def _store(folder: Path | None) -> Store:
    from purposelint.cache import Store, default_folder  # noqa: PLC0415  (start-up time)

    return Store(folder or default_folder(), tell=lambda text: click.echo(f"purposelint: {text}", err=True))


@click.group(cls=ExampleGroup, examples=_EXAMPLES)
def cache() -> None:
    """Look at what is kept of earlier runs, or delete it.

    Runs keep what they found out about each file, and their results, under digests of all that these were made from.
    It is safe to delete at any time.
    """


@cache.command(cls=ExampleCommand, examples=_EXAMPLES[:1])
@cache_folder
def info(cache_dir: Path | None) -> None:
    """Tell where the cache is and how much it holds."""
    from purposelint.cache import LIMIT  # noqa: PLC0415

    store = _store(cache_dir)
    try:
        content = store.content()
    except OSError as error:
        raise PurposelintError(f"{store.folder}: cannot be listed: {error.strerror or error}") from error
    click.echo(f"folder: {store.folder}")
    click.echo(f"entries: {content.entries}")
    click.echo(f"size: {_megabytes(content.size)} of at most {_megabytes(LIMIT)}")


@cache.command(cls=ExampleCommand, examples=_EXAMPLES[1:])
@cache_folder
def clear(cache_dir: Path | None) -> None:
    """Delete everything that the cache holds, and nothing else."""
    store = _store(cache_dir)
    try:
        content = store.clear()
    except OSError as error:
        raise PurposelintError(f"{store.folder}: cannot be cleared: {error.strerror or error}") from error
    entries = "1 entry" if content.entries == 1 else f"{content.entries} entries"
    click.echo(f"deleted {entries} ({_megabytes(content.size)}) in {store.folder}")


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"
