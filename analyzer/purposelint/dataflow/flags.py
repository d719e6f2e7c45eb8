"""Flags: members of ``enum.Flag`` and ``enum.IntFlag``, their combinations and which are in them."""

from __future__ import annotations

from purposelint.dataflow import classes
from purposelint.dataflow.frame import Frame
from purposelint.dataflow.heap import Obj
from purposelint.dataflow.values import Const, External, Ref, Value, literal, of_kind, ref

KINDS = frozenset({"Flag", "IntFlag"})
_COMBINED = {"|": int.__or__, "&": int.__and__, "^": int.__xor__}


def is_flag(frame: Frame, oid: int) -> bool:
    """Whether a class is an enumeration of flags."""
    return any(
        type(each) is External and len(each.trail) == 2 and each.trail[0] == "enum" and each.trail[1] in KINDS
        for each in classes.mro(frame, ref(oid))
    )


def next_bit(held: list[Value]) -> int:
    """What ``auto()`` gives behind these: the bit above the highest."""
    constants = [value.const() for value in held]
    numbers = [one.value for one in constants if one is not None and type(one.value) is int]
    return 1 << max((number.bit_length() for number in numbers if number > 0), default=0)


def combined(frame: Frame, op: str, left: Value, right: Value) -> Value | None:
    """``left op right`` of flags; None where they are none that are known."""
    one, two = _flag(frame, left), _flag(frame, right)
    cls = one or two
    if op not in _COMBINED or cls is None or (one and two and one[0] != two[0]):
        return None
    a, b = _bits(left, one), _bits(right, two)
    return None if a is None or b is None else _of_bits(frame, cls[0], _COMBINED[op](a, b))


def inverted(frame: Frame, value: Value) -> Value | None:
    """``~value`` of a flag: all others of its class."""
    found = _flag(frame, value)
    if found is None:
        return None
    cls, bits = found
    every = 0
    for member in classes.enum_members(frame, cls) or []:
        flag = _flag(frame, member)
        if flag is None:
            return None
        every |= flag[1] if flag[1] > 0 else 0
    return _of_bits(frame, cls, every & ~bits)


def contains(frame: Frame, container: Value, element: Value) -> bool | None:
    """``element in container`` of flags: whether all its bits are among the other's."""
    whole, part = _flag(frame, container), _flag(frame, element)
    if whole is None or part is None or whole[0] != part[0]:
        return None
    return part[1] & whole[1] == part[1]


def of_value(frame: Frame, cls: int, value: Value) -> Value | None:
    """``Class(3)``: the flag with these bits; None where it is not known which."""
    constant = value.const()
    if constant is None or type(constant.value) is not int or constant.value < 0 or not is_flag(frame, cls):
        return None
    return _of_bits(frame, cls, constant.value)


def members_in(frame: Frame, value: Value) -> list[Value] | None:
    """What iterating over a flag gives: its members of a single bit; None where it is no flag that is known."""
    found = _flag(frame, value)
    if found is None:
        return None
    cls, bits = found
    known = [(member, _flag(frame, member)) for member in classes.enum_members(frame, cls) or []]
    return [member for member, one in known if one and one[1].bit_count() == 1 and one[1] & bits == one[1]]


def canonical(frame: Frame, cls: int, members: list[Value]) -> list[Value]:
    """What iterating over an enumeration gives: of flags, those of a single bit."""
    if not is_flag(frame, cls):
        return members
    known = [(member, _flag(frame, member)) for member in members]
    return [member for member, one in known if one is None or one[1].bit_count() == 1]


def truth(frame: Frame, obj: Obj) -> bool | None:
    """Whether an instance is a flag with a bit set; None where it is no flag that is known."""
    bits = _bits_of(frame, obj)
    return None if bits is None else bool(bits[1])


def _flag(frame: Frame, value: Value) -> tuple[int, int] | None:
    """The class and the bits of a flag."""
    if len(value.atoms) != 1 or type(value.atoms[0]) is not Ref:
        return None
    return _bits_of(frame, frame.get(value.atoms[0].oid))


def _bits_of(frame: Frame, obj: Obj) -> tuple[int, int] | None:
    if obj.kind != "instance" or "_value_" not in obj.attrs or len(obj.cls.atoms) != 1:
        return None
    cls, constant = obj.cls.atoms[0], obj.attrs["_value_"].const()
    if type(cls) is not Ref or constant is None or type(constant.value) is not int or not is_flag(frame, cls.oid):
        return None
    return cls.oid, constant.value


def _bits(value: Value, flag: tuple[int, int] | None) -> int | None:
    if flag is not None:
        return flag[1]
    constant = value.const()
    return constant.value if type(constant) is Const and type(constant.value) is int else None


def _of_bits(frame: Frame, cls: int, bits: int) -> Value:
    """The member with these bits, or the nameless one that has them."""
    for member in classes.enum_members(frame, cls) or []:
        if _flag(frame, member) == (cls, bits):
            return member
    oid = frame.machine.oid(("flags", cls, bits))
    if frame.state.has(oid):
        return Value((ref(oid),))
    held = literal(bits)
    made = Obj("instance", cls=Value((ref(cls),)), attrs={"value": held, "_value_": held, "name": of_kind("str")})
    frame.state.put(oid, made)
    return Value((ref(oid),))
