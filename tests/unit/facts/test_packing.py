from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from purposelint import syntax
from purposelint.facts.packing import pack, unpack
from purposelint.facts.syntax import Module
from purposelint.syntax import lower, run_deep

EVERYTHING = b"""
from a import b as c
import d.e
@f
class G(h, k=i):
    j: int = 1  # purpose: security
    async def m(self, a, /, b=2, *c, d: "x", **e) -> y:
        async with a as b, c: return
        async for x in y: await z
        global gg; nonlocal nn
        yield; yield from x
while a < b <= c: break
else: pass
for i, *j in [k]: continue
try: pass
except A as e: raise e from None
finally: del a[1:2:3], b
if (x := not -1): assert y, "z"
elif 0: a += b @ c
match a:
    case {1: b, **c} | [d, *_] | E(f, g=h) | None | i.j as k if l: m and n or o
x = {1: 2, **a}, {3}, f"{a!r:>{b}}{c=}", lambda: 1j, b"", ..., (a if b else c), 1.5, True
y = [a for b in c if d], {a: b for a in b}, {**a for a in b}
"""


@pytest.mark.parametrize("source", [b"", b"pass", b"x = 1", EVERYTHING, Path(syntax.__file__).read_bytes()])
def test_what_is_packed_is_unpacked_the_same(source: bytes) -> None:
    module = lower(source)
    assert unpack(pack(module)) == module
    assert pickle.loads(pickle.dumps(module)) == module


def test_values_keep_their_types() -> None:
    module = lower(b"x = 1, True, 1.0, '1', b'1'")
    assert repr(pickle.loads(pickle.dumps(module))) == repr(module)


@pytest.mark.parametrize("text", ["+".join("a" * 2000), "if a: b\n" + "elif a: b\n" * 2000], ids=["sum", "elif"])
def test_deep_code_is_pickled_without_recursion(text: str) -> None:
    module = lower(text.encode())
    loaded: Module = pickle.loads(pickle.dumps(module))
    assert run_deep(repr, loaded) == run_deep(repr, module)


def test_equal_facts_are_pickled_to_equal_bytes() -> None:
    assert pickle.dumps(lower(EVERYTHING)) == pickle.dumps(lower(EVERYTHING))
