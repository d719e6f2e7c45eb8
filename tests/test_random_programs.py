"""What flows in random programs when they run is found by the analysis."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.random_programs.program import Program, alarmed, compose, found, missed, truth
from support.random_programs.reduction import reduced
from support.random_programs.trials import tried

_LEAK = "from probe import coin1, sink, source\nx = 'w'\nif coin1:\n    x = source()\nsink('a', x)\nsink('b')\n"
_CLEAN = "from probe import coin1, sink, source\nx = source()\nx = 'w' if coin1 else 'v'\nsink('a', x)\n"

programs = st.builds(compose, st.randoms(use_true_random=False))


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs)
def test_no_flow_of_a_program_is_missed(program: Program) -> None:
    """Shrinks what fails; `scripts/random_programs.py` tries many more."""
    (lines,) = found([program.text])

    assert program.truth.arrived <= lines, program.text


def test_no_flow_of_several_hundred_programs_is_missed_and_few_findings_are_false() -> None:
    counts = tried(seed=0, begin=0, end=300)

    assert counts.misses == [], "scripts/random_programs.py --seed 0 --count 1 --first NUMBER shows it"
    assert counts.arrived > 200
    assert counts.without_flow > 80
    assert len(counts.false) <= 0.04 * counts.without_flow


def test_a_program_is_run_with_every_answer_of_its_coins() -> None:
    shown = truth(_LEAK)

    assert shown.arrived == {5}
    assert shown.reached == {5, 6}
    assert truth(_CLEAN).arrived == set()
    assert truth("while True:\n    pass\n").troubles == ("endless",)


def test_the_same_number_gives_the_same_program() -> None:
    texts = {compose(random.Random("0-7"), "_7").text for _ in range(3)}

    assert len(texts) == 1
    assert compose(random.Random("0-8"), "_7").text not in texts


def test_misses_and_false_alarms_are_told_apart() -> None:
    assert found([_LEAK, _CLEAN]) == [{5}, set()]
    assert missed([_LEAK, _CLEAN]) == [False, False]
    assert alarmed([_LEAK, _CLEAN]) == [False, False]


def test_a_program_is_reduced_to_what_shows_something() -> None:
    def shows(texts: Sequence[str]) -> list[bool]:
        return [bool(truth(text).arrived) for text in texts]

    large = f"{_LEAK}def f(a):\n    try:\n        return a + x\n    finally:\n        sink(a)\nf('b')\n"

    assert reduced(large, shows) == "from probe import sink, source\nx = source()\nsink(x)\n"
