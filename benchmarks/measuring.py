"""Wall time, processor time and peak memory of a command with all the processes that it starts."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY = 0.02


@dataclass(frozen=True)
class Cost:
    """wall and cpu in seconds, memory in bytes. ``finished`` is False where the limit of time was reached.

    cpu is summed over processes as last seen, memory over those that run at the same time (what they share counts
    for each); both are looked at 50 times a second. ``err`` is what was written to stderr, ``status`` the exit status.
    """

    wall: float
    cpu: float
    memory: int
    finished: bool
    status: int
    err: str


def measure(command: Sequence[str | Path], *, folder: Path, limit: float, env: dict[str, str] | None = None) -> Cost:
    """Run a command in ``folder``, at most ``limit`` seconds; what it writes to stdout is thrown away."""
    start = time.perf_counter()
    errors = folder / ".stderr"
    with errors.open("wb") as err:
        process = psutil.Popen(list(map(str, command)), cwd=folder, stdout=subprocess.DEVNULL, stderr=err, env=env)
    seen: dict[int, float] = {}
    peak = 0
    while process.poll() is None:
        peak = max(peak, _look(process, seen))
        if time.perf_counter() - start > limit:
            _end(process)
            return Cost(limit, sum(seen.values()), peak, False, -1, _text(errors))
        time.sleep(_EVERY)
    wall = time.perf_counter() - start
    return Cost(wall, sum(seen.values()), peak, True, process.returncode, _text(errors))


def best(costs: Sequence[Cost]) -> Cost:
    """The run that took the least time: what else the machine did only adds to it."""
    return min(costs, key=lambda cost: cost.wall)


def _look(process: psutil.Process, seen: dict[int, float]) -> int:
    """Note the processor time of each process of the tree; give the memory that they have together."""
    memory = 0
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for each in tree:
        try:
            with each.oneshot():
                times = each.cpu_times()
                seen[each.pid] = times.user + times.system
                memory += each.memory_info().rss
        except psutil.Error:
            continue
    return memory


def _end(process: psutil.Process) -> None:
    """Kill the command and what it started."""
    tree = [*process.children(recursive=True), process]
    for each in tree:
        try:
            each.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(tree, timeout=10)


def _text(path: Path) -> str:
    text = path.read_text("utf-8", "replace")
    path.unlink()
    return text
