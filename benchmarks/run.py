"""Measure what a run costs, beside the floors and the peers: python benchmarks/run.py [--write] (see README.md)."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from measuring import Cost, best, measure
from page import write_page
from peers import Peers
from rules import NOTHING, RULES, Rules

ROOT = Path(__file__).resolve().parents[1]
DOWNLOADS = ROOT / "downloads"
RESULTS = DOWNLOADS / "benchmarks" / "results.json"
TREES = ("weblate", "pretix", "superset", "homeassistant")
CASES = ("floors", "nothing", "plain", "full", "slices", "growth", "peers")
CHANGED = "\n\ndef added_by_the_benchmark(value):\n    return value\n"


@dataclass
class Bench:
    """One tree: its copy, which may be changed, and a folder for all else."""

    name: str
    tree: Path
    work: Path
    repeat: int
    limit: float
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def annotations(self) -> Path:
        """Where annotation files are written: not above the tree, for then that were the project."""
        return self.work / "annotations"

    def note(self, case: str, cost: Cost, statistics: dict[str, float] | None = None, **more: Any) -> None:
        """Keep and show a result."""
        counted = statistics if statistics is not None else _statistics(cost.err)
        row: dict[str, Any] = {
            "tree": self.name,
            "case": case,
            **_without_text(cost),
            **{key: counted[key] for key in ("files parsed", "files parsed by this run") if key in counted},
            **more,
        }
        if cost.finished and cost.status not in (0, 1):
            row["failed"] = cost.err[-2000:]
        self.rows.append(row)
        shown = f"{cost.wall:8.2f} s {cost.cpu:8.2f} s cpu {cost.memory / (1 << 20):7.0f} MiB"
        print(f"{self.name:14} {case:34} {shown}{'' if cost.finished else '  (limit)'}", flush=True)
        if "failed" in row:
            print(f"  status {cost.status}: {cost.err.strip()[-500:]}", file=sys.stderr)

    def check(self, annotations: Path, cache: Path | None, *options: str) -> Cost:
        """One run of purposelint."""
        kept = ["--cache-dir", str(cache)] if cache is not None else ["--no-cache"]
        command = [sys.executable, "-m", "purposelint", "check", "--quiet", "--statistics", "--no-baseline"]
        command += [*kept, "--config", str(annotations), *options, str(self.tree)]
        return measure(command, folder=self.work, limit=self.limit)

    def cold(self, annotations: Path, *options: str) -> Cost:
        """The best of some runs with an empty cache each."""
        runs = []
        for number in range(self.repeat):
            with tempfile.TemporaryDirectory(dir=self.work) as cache:
                runs.append(self.check(annotations, Path(cache) / str(number), *options))
        return best(runs)


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trees", nargs="+", choices=(*TREES, "small"), default=TREES)
    parser.add_argument("--from", dest="source", type=Path, help="a folder that holds the trees, unpacked")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each case; the best counts (peers: one)")
    parser.add_argument("--limit", type=float, default=900, help="seconds that a single run may take")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=CASES, help="which groups of cases")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its plots")
    parser.add_argument("--page-only", action="store_true", help="write them from the results of the last run")
    chosen = parser.parse_args(arguments)
    if not chosen.page_only:
        peers = None if "peers" not in chosen.cases else Peers.install(DOWNLOADS / "benchmarks" / "peers")
        results: dict[str, Any] = {"machine": {**_machine(peers), "repeat": str(chosen.repeat)}, "rows": []}
        for name in chosen.trees:
            with tempfile.TemporaryDirectory(prefix="purposelint-benchmark-") as temporary:
                work = Path(temporary)
                shutil.copytree(_tree(name, chosen.source), work / "tree" / name)
                bench = Bench(name, work / "tree" / name, work, chosen.repeat, chosen.limit)
                measure_tree(bench, peers, chosen.cases)
                results["rows"] += bench.rows
            RESULTS.parent.mkdir(parents=True, exist_ok=True)
            RESULTS.write_text(json.dumps(results, indent=1), "utf-8")
    if chosen.write or chosen.page_only:
        write_page(json.loads(RESULTS.read_text("utf-8")), ROOT / "docs")
    return 0


def measure_tree(bench: Bench, peers: Peers | None, cases: Collection[str]) -> None:
    """These groups of cases of one tree."""
    rules = RULES[bench.name]
    lines = sum(path.read_bytes().count(b"\n") for path in bench.tree.rglob("*.py") if path.is_file())
    files = sum(path.is_file() for path in bench.tree.rglob("*.py"))
    size: dict[str, Any] = {"lines": lines, "files": files}
    for floor in ("hash", "index", "parse") if "floors" in cases else ():
        command: list[str | Path] = [sys.executable, ROOT / "benchmarks" / "floors.py", floor, bench.tree]
        runs = [measure(command, folder=bench.work, limit=bench.limit) for _ in range(bench.repeat)]
        bench.note(f"floor: {floor}", best(runs), {}, **size)
    plain = _written(bench.annotations / "plain.toml", rules)
    if "nothing" in cases:
        nothing = _written(bench.annotations / "nothing.toml", NOTHING)
        bench.note("nothing tagged, cold", bench.cold(nothing), **size)
    if "plain" in cases:
        measure_runs(bench, "plain", plain, size)
    full = ROOT / "fixtures" / "annotations" / f"{bench.name}.toml"
    if "full" in cases and full.is_file():
        measure_runs(bench, "full", full, size)
    for count in range(1, len(rules.sources)) if "slices" in cases else ():
        some = _written(bench.annotations / f"some{count}.toml", Rules(rules.sources[:count]))
        bench.note(f"slice: {count} of {len(rules.sources)} sources, cold", bench.cold(some), **size)
    if "growth" in cases:
        measure_growth(bench, plain, lines)
    if peers is not None:
        for number, cost in enumerate(peers.pysa(bench.tree, bench.work / "pysa", rules, bench.limit)):
            bench.note(f"Pysa, {('types', 'analysis')[number]}", cost, {}, **size)
        bench.note("Semgrep", peers.semgrep(bench.tree, bench.work / "semgrep", rules, bench.limit), {}, **size)


def measure_runs(bench: Bench, kind: str, annotations: Path, size: dict[str, Any]) -> None:
    """Cold, warm, with one file changed, and the whole program."""
    cache = bench.work / f"cache-{kind}"
    bench.note(f"{kind}, cold", bench.cold(annotations), **size)
    bench.note(f"{kind}, cold, one process", bench.cold(annotations, "--jobs", "1"), **size)
    bench.check(annotations, cache)
    bench.note(f"{kind}, warm", best([bench.check(annotations, cache) for _ in range(bench.repeat)]), **size)
    # Files of the larger half: a change that an empty file gets says little.
    by_size = sorted(bench.tree.rglob("*.py"), key=lambda path: (path.stat().st_size, path))
    changed = sorted(by_size[len(by_size) // 2 :])
    runs = []
    for number in range(bench.repeat):
        path = changed[(number + 1) * len(changed) // (bench.repeat + 1)]
        before = path.read_bytes()
        path.write_bytes(before + CHANGED.encode())
        runs.append(bench.check(annotations, cache))
        path.write_bytes(before)
    bench.note(f"{kind}, one file changed", best(runs), **size)
    bench.note(f"{kind}, whole program, cold", bench.cold(annotations, "--whole-program"), **size)


def measure_growth(bench: Bench, annotations: Path, lines: int) -> None:
    """The tree with as much again, and three times as much, of code that has nothing to do with it."""
    unrelated = bench.tree / "unrelated"
    for times in (2, 4):
        unrelated.mkdir(exist_ok=True)
        number = 0
        while number * 500 < lines * (times - 1):
            text = "".join(f"def f{number}_{each}(a{each}):\n    return a{each}\n\n\n" for each in range(125))
            (unrelated / f"m{number}.py").write_text(text, "utf-8")
            number += 1
        bench.note(f"tree x {times}, cold", bench.cold(annotations), lines=lines * times)
    shutil.rmtree(unrelated)


def _tree(name: str, source: Path | None) -> Path:
    if name == "small":
        return ROOT / "fixtures" / "scenarios" / "S1" / "as_it_happened"
    if source is not None:
        for folder in (source / name, source / f"apache_{name}"):
            if folder.is_dir():
                return folder
        raise SystemExit(f"there is no {name} in {source}")
    _script("fetch_real_code").fetch(name)
    return DOWNLOADS / name


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _without_text(cost: Cost) -> dict[str, Any]:
    values = dataclasses.asdict(cost)
    del values["err"]
    return values


def _written(path: Path, rules: Rules) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(rules.purposelint(), "utf-8")
    return path


def _statistics(err: str) -> dict[str, float]:
    found = {}
    for line in err.splitlines():
        name, _, value = line.rpartition(": ")
        try:
            found[name] = float(value)
        except ValueError:
            continue
    return found


def _machine(peers: Peers | None) -> dict[str, str]:
    names = ("purposelint", "libcst", "networkx")
    return {
        "date": datetime.date.today().isoformat(),
        "processors": str(os.cpu_count()),
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in names},
        **(peers.versions() if peers is not None else {}),
    }


def _processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in described if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
