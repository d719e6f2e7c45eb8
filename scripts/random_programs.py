"""Compose random programs, run them, analyse them, and print how the analysis compares with the runs.

``--count N --seed S`` says which programs, ``--jobs`` how many processes; every flow that is missed is printed as the
smallest program that still shows it (status 1). ``--alarms K`` prints K false alarms in the same way.
"""

from __future__ import annotations

import argparse
import functools
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.random_programs.program import alarmed, compose, missed  # noqa: E402
from support.random_programs.reduction import reduced  # noqa: E402
from support.random_programs.trials import Counts, numbered, tried  # noqa: E402

_SHARE = 200


def main() -> int:
    """Print the counts, and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first program")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--alarms", type=int, default=0, help="false alarms to show")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    end = asked.first + asked.count
    begins = range(asked.first, end, _SHARE)
    with ProcessPoolExecutor(asked.jobs) as pool:
        shares = pool.map(functools.partial(tried, asked.seed), begins, [min(one + _SHARE, end) for one in begins])
        counts = sum(shares, Counts())
    sys.stdout.write(str(counts))
    for title, numbers, show in [
        ("missed", counts.misses, missed),
        ("false alarm", counts.false[: asked.alarms], alarmed),
    ]:
        for number in numbers:
            text = compose(numbered(asked.seed, number), f"_{number}").text
            alone = show([text])[0]
            body = reduced(text, show) if alone else f"{text}# only together with other programs\n"
            sys.stdout.write(f"\n# {title}: --seed {asked.seed} --first {number} --count 1\n{body}")
            sys.stdout.flush()
    return 1 if counts.misses else 0


if __name__ == "__main__":
    raise SystemExit(main())
