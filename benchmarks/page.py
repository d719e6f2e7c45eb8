"""docs/benchmarks.md and its plots, from the results of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

_MIB = 1 << 20

_FOOT = """
*wall* and *processor time* in seconds, of the command with all processes that it starts; *memory* is the most that
they have together. Each is the best of as many runs as *repeat* says (the peers: one).
*parsed* is how many files' syntax the run asked for, and in brackets how many of them it parsed itself, not
taking them from the cache. *floor* is one process that only
reads and hashes, reads and indexes, or parses all files with LibCST. *plain* rules are a few attributes as sources and
six library functions as sinks, the same for all tools (`benchmarks/rules.py`); *full* ones are those of
`fixtures/annotations`, with all rule packs. Pysa runs with the types that Pyrefly infers, unannotated functions too;
Semgrep's open source engine follows data inside single functions only.

Written by `benchmarks/run.py --write`; see `benchmarks/README.md`.
"""


def write_page(results: Mapping[str, Any], docs: Path) -> None:
    """Write the page and the plots."""
    machine: Mapping[str, str] = results["machine"]
    rows: Sequence[Row] = results["rows"]
    images = docs / "images"
    images.mkdir(exist_ok=True)
    plots = _plots(rows, images)
    lines = ["# Benchmarks", "", ", ".join(f"{name}: {value}" for name, value in machine.items()) + ".", ""]
    for tree in dict.fromkeys(row["tree"] for row in rows):
        lines += _table(tree, [row for row in rows if row["tree"] == tree])
    for title, name in plots:
        lines += [f"## {title}", "", f"![{title}](images/{name})", ""]
    (docs / "benchmarks.md").write_text("\n".join(lines).rstrip() + "\n" + _FOOT, "utf-8")


def _table(tree: str, rows: Sequence[Row]) -> list[str]:
    first = rows[0]
    walls = {row["case"]: row["wall"] for row in rows if row["finished"] and "failed" not in row}
    floor, pysa = walls.get("floor: parse"), _pysa(rows)
    lines = [f"## {tree}: {first['lines']:,} lines in {first['files']:,} files", ""]
    lines += ["| run | wall | processor time | memory | parsed | of parsing all | of Pysa | of Semgrep |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in rows:
        own = not row["case"].startswith(("floor", "Pysa", "Semgrep"))
        wall = f"{row['wall']:.2f}" if row["finished"] else f"over {row['wall']:.0f}"
        if "failed" in row:
            wall += " (failed)"
        parsed = f"{row['files parsed']:.0f}" if "files parsed" in row else ""
        if "files parsed by this run" in row:
            parsed += f" ({row['files parsed by this run']:.0f})"
        ratios = [_ratio(row["wall"], other) if own else "" for other in (floor, pysa, walls.get("Semgrep"))]
        cells = [row["case"], wall, f"{row['cpu']:.2f}", f"{row['memory'] / _MIB:,.0f} MiB", parsed, *ratios]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _pysa(rows: Sequence[Row]) -> float | None:
    """Both steps together, where both came to their end."""
    steps = [row for row in rows if row["case"].startswith("Pysa") and row["finished"] and "failed" not in row]
    return sum(row["wall"] for row in steps) if len(steps) == 2 else None


def _ratio(wall: float, other: float | None) -> str:
    return f"{wall / other:.2f}" if other else ""


def _plots(rows: Sequence[Row], images: Path) -> list[tuple[str, str]]:
    """The plots, and what each shows."""
    import matplotlib as mpl  # noqa: PLC0415  (not wanted for a run without --write)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "purposelint"  # the same results give the same file
    done = [row for row in rows if row["finished"] and "failed" not in row]
    plain = [row for row in done if row["case"] == "plain, cold"]
    floors = [row for row in done if row["case"] in ("plain, warm", "nothing tagged, cold", "floor: parse")]
    grown = [row for row in done if row["case"] in ("tree x 2, cold", "tree x 4, cold")]
    slices = [row for row in done if row["case"].startswith("slice")]
    wanted = (
        ("size", "Cost against the size of the tree", [*plain, *floors], "case", "lines", "lines in the tree"),
        (
            "growth",
            "Cost when the tree grows and the slice does not",
            [*plain, *grown],
            "tree",
            "lines",
            "lines in the tree, the slice being the same",
        ),
        ("slice", "Cost against the size of the slice", [*plain, *slices], "tree", "files parsed", "files parsed"),
    )
    drawn = []
    for name, title, points, group, along, label in wanted:
        file = f"benchmarks-{name}.svg"
        if _plot(images / file, points, group, along, label):
            drawn.append((title, file))
    return drawn


def _plot(path: Path, rows: Sequence[Row], group: str, along: str, label: str) -> bool:
    """Draw seconds along a figure, a line for each group; not where no line has two points."""
    from matplotlib import pyplot  # noqa: PLC0415

    lines = {
        name: sorted((row.get(along, 0), row["wall"]) for row in rows if row[group] == name)
        for name in sorted({row[group] for row in rows})
    }
    if not any(len({x for x, _ in points}) > 1 for points in lines.values()):
        path.unlink(missing_ok=True)
        return False
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, points in lines.items():
        axes.plot([x for x, _ in points], [y for _, y in points], "o-", label=name)
    axes.set(xlabel=label, ylabel="seconds", xlim=(0, None), ylim=(0, None))
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return True
