"""Who holds what is read again only of shared objects that were set: none that was may be missed."""

from __future__ import annotations

from purposelint.dataflow.heap import Base, Obj


def test_what_was_set_is_told_once() -> None:
    base = Base()
    base[1] = Obj("list")
    base.adopt({2: Obj("dict"), 3: Obj("dict")})

    assert base.newly_set() == {1, 2, 3}
    assert base.newly_set() == set()


def test_what_is_set_anew_or_changed_in_place_is_told_again() -> None:
    base = Base()
    base.adopt({1: Obj("list"), 2: Obj("dict"), 3: Obj("set")})
    base.newly_set()

    base[1] = Obj("list")
    base.note(2)

    assert base.newly_set() == {1, 2}
