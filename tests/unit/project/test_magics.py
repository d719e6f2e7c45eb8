from __future__ import annotations

import ast

import pytest

from purposelint.project.magics import as_python


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install x", "pass"),
        ("if a:\n    !ls {a}\nb = 1", "if a:\n    pass\nb = 1"),
        ("!ls \\\n  -l\nx = 1", "pass\n\nx = 1"),
        ("files = !ls *.csv", "files = ..."),
        ("a.b['c'] = %env HOME", "a.b['c'] = ..."),
        ("frame.head?", "pass"),
        ("?frame", "pass"),
        ("frame.to_csv??  # how", "pass"),
        ("/send x", "pass"),
        ("%time send(x)", "pass; send(x)"),
        ("    %timeit -n 10 -r 3 send(x)", "    pass;" + " " * 14 + "send(x)"),
        ("r = %time send(x)", "r =       send(x)"),
        ("%%bash\nls | while read x; do", "\n"),
        ("\n%%html\n<b>", "\n\n"),
        ("%%time\nsend(x)", "\nsend(x)"),
        ("%%capture out\n%time send(x)", "\npass; send(x)"),
        ("%time send(\n  x)\n!ls", "pass; send(\n  x)\npass"),
    ],
)
def test_what_is_ipythons_own_is_taken_out(cell: str, python: str) -> None:
    assert as_python(cell) == python
    if not cell.startswith("    "):
        ast.parse(python)


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n% b)",
        "x = a \\\n% b",
        "t = '''\n%magic\n!shell\nwhat?\n'''",
        't = f"""\n%%time\n"""',
        "x = 'a\\\n%b'",
        "x = {\n  # (what?\n  'a': 1,\n}",
        "assert a != b, 'what?'",
        "x = a % b  # really?",
        "f('%', \"!\", x=1)",
        "if a: x %= 2",
        "send(x);",
        "log('a = %s' % b, c = 1)",
        "x = '''= %s\n= !x'''",
    ],
)
def test_python_that_looks_like_it_stays_what_it_is(cell: str) -> None:
    ast.parse(cell)
    assert as_python(cell) == cell
