"""What the language fixtures import: a source of marked values, and a sink that recognises them.

The mark is ordinary text, so that fixture programs can slice, format, encode and hash it; `marked` finds it again
in what became of it. Recognised are pieces of four characters and more, in any case, reversed, with a separator
between the characters, in bytes, hex, base64, URL quoting, compressed and hashed. What is shorter, or was computed
another way (a length, a comparison), is no longer the mark: fixture programs do not depend on it.
No piece is made of hexadecimal digits and hyphens alone: identifiers that a library draws by chance hold such.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import functools
import hashlib
import io
import itertools
import re
import sys
import types
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import unquote_plus

MARK = "q7XkZ-5h2kV9@wJ8vHt.zGx4N"
NUMBER = 7305192846
OFF = False  # as the settings of a library are: the analysis knows the name alone

_PIECE = 4
_FIRST = 1000  # elements of an iterator that are looked at
_TURNED = [codecs.encode(MARK, "rot13"), MARK[::2], MARK[1::2]]
_FORMS = [form.casefold() for text in [MARK, *_TURNED] for form in (text, text[::-1])]
_PIECES = sorted({form[at : at + _PIECE] for form in _FORMS for at in range(len(form) - _PIECE + 1)})
_ANY_PIECE = re.compile("|".join(re.escape(piece) for piece in _PIECES))
_ENCODED = re.compile(rb"[A-Za-z0-9+/]{6,}")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_HEX = re.compile(rb"[0-9A-Fa-f]{8,}")
_SPELLINGS = [MARK, MARK.lower(), MARK.upper(), MARK.strip(), str(NUMBER)]
_DIGESTS = {
    hashlib.new(name, text.encode()).digest()
    for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256")
    for text in _SPELLINGS
}
_CHECKSUMS = {number for text in _SPELLINGS for number in (zlib.crc32(text.encode()), zlib.adler32(text.encode()))}


class Number(int):
    """A marked whole number: what is computed from it is marked as well."""

    texts: ClassVar[set[str]] = {str(NUMBER)}

    def __new__(cls, value: int) -> Number:
        """Remember how the number is written, to find it in text."""
        if len(str(value)) >= _PIECE:
            cls.texts.add(str(value))
        return super().__new__(cls, value)


def _computed(name: str) -> Any:
    plain = getattr(int, name)

    def compute(self: Number, *others: Any) -> Any:
        result = plain(self, *others)
        return Number(result) if type(result) in (int, Number) else result

    return compute


_BINARY = ("add", "sub", "mul", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift")
for _name in [*_BINARY, *(f"r{_name}" for _name in _BINARY), "neg", "pos", "abs"]:
    setattr(Number, f"__{_name}__", _computed(f"__{_name}__"))


class Person:
    """A structure whose every leaf is given."""

    def __init__(self, leaf: str, nested: bool = True) -> None:
        self.name = leaf
        self.email = leaf
        self.phone = leaf
        if nested:
            self.address = Person(leaf, nested=False)


def source() -> str:
    """Give marked text."""
    return MARK


def source_number() -> int:
    """Give a marked whole number."""
    return Number(NUMBER)


def source_bytes() -> bytes:
    """Give marked bytes."""
    return MARK.encode()


def source_list() -> list[str]:
    """Give three marked texts."""
    return [MARK, MARK, MARK]


def source_dict() -> dict[str, Any]:
    """Give a record: name, email, phone, tags (a list), address (city, street)."""
    return _record(MARK)


def source_object() -> Person:
    """Give an object: name, email, phone, address (name, email, phone)."""
    return Person(MARK)


def safe() -> str:
    """Give text without a mark. It is true."""
    return "ordinary"


def safe_number() -> int:
    """Give a whole number without a mark: 3."""
    return 3


def safe_list() -> list[str]:
    """Give what `source_list` gives, without the mark."""
    return ["ordinary"] * 3


def safe_dict() -> dict[str, Any]:
    """Give what `source_dict` gives, without the mark."""
    return _record("ordinary")


def safe_object() -> Person:
    """Give what `source_object` gives, without the mark."""
    return Person("ordinary")


def sink(*args: object, **kwargs: object) -> None:
    """Record the place of the call, and whether something marked came."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.startswith(within):
        frame = frame.f_back
    place = ("<outside the fixture>", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)
    records.append((*place, marked(args) or marked(kwargs)))


def watch(owner: Any, name: str, disclosed: Any, answer: object, *, asynchronous: bool = False) -> None:
    """Make a library's function a sink: a call of it discloses ``disclosed(*args, **kwargs)``, and gets ``answer``."""

    def watched(*args: object, **kwargs: object) -> object:
        sink(disclosed(*args, **kwargs))
        return answer

    async def awaited(*args: object, **kwargs: object) -> object:
        return watched(*args, **kwargs)

    setattr(owner, name, awaited if asynchronous else watched)


records: list[tuple[str, int, bool]] = []
within = ""


def marked(value: object) -> bool:
    """Tell whether the mark is in a value, or in what it contains."""
    return _marked(value, {})


def _record(leaf: str) -> dict[str, Any]:
    address = {"city": leaf, "street": leaf}
    return {"name": leaf, "email": leaf, "phone": leaf, "tags": [leaf, leaf], "address": address}


def _marked(value: object, seen: dict[int, object]) -> bool:
    if value is None or isinstance(value, (bool, float, complex, range, type, types.ModuleType)):
        return False
    if isinstance(value, str):
        return _in_text(value) or _in_object(value, seen)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _in_bytes(bytes(value))
    if isinstance(value, int):
        return _in_number(value)
    if id(value) in seen:
        return False
    seen[id(value)] = value
    return _in_container(value, seen) or _in_object(value, seen)


def _in_text(text: str) -> bool:
    spread = [text[start::step] for step in (2, 3) for start in range(step)]
    if any(_ANY_PIECE.search(form.casefold()) for form in [text, unquote_plus(text), *spread]):
        return True
    if any(digits in text for digits in Number.texts):
        return True
    return text.isascii() and _in_encoded(text.encode())


def _in_bytes(data: bytes) -> bool:
    if any(digest in data for digest in _DIGESTS) or _in_text(data.decode("latin-1")):
        return True
    if _ANY_PIECE.search(data.replace(b"\0", b"").decode("latin-1").casefold()):
        return True
    for bits in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
        try:
            return _in_text(zlib.decompress(data, bits).decode("latin-1"))
        except zlib.error:
            continue
    return False


def _in_encoded(data: bytes) -> bool:
    decoded = [binascii.unhexlify(run[: len(run) // 2 * 2]) for run in _HEX.findall(data)]
    for run in _ENCODED.findall(data.translate(_STANDARD)):
        # Where encoded text begins in a run is unknown: try all four places, and fill the last group up.
        for part in (run[start:] for start in range(4)):
            decoded.append(base64.b64decode(part + b"A" * (-len(part) % 4)))
    return any(
        _ANY_PIECE.search(data.decode("latin-1").casefold()) or any(digest in data for digest in _DIGESTS)
        for data in decoded
    )


def _in_number(value: int) -> bool:
    if isinstance(value, Number) or value == NUMBER or value in _CHECKSUMS or value == hash(MARK):
        return True
    size = (value.bit_length() + 7) // 8
    if value < 0 or not _PIECE <= size <= 1000:
        return False
    data = value.to_bytes(size, "big")
    return any(
        _ANY_PIECE.search(form.decode("latin-1").casefold()) or any(digest in form for digest in _DIGESTS)
        for form in (data, data[::-1])
    )


def _in_container(value: object, seen: dict[int, object]) -> bool:
    if isinstance(value, Mapping):
        return any(_marked(part, seen) for item in list(value.items()) for part in item)
    if isinstance(value, io.StringIO | io.BytesIO):
        return _marked(value.getvalue(), seen)
    if isinstance(value, re.Match):
        return _marked(value.group(0), seen)
    if isinstance(value, functools.partial):
        return _marked((value.args, value.keywords), seen)
    if type(value).__module__ == "string.templatelib":  # t-strings, from 3.14 on
        return _marked(getattr(value, "values", None) or getattr(value, "value", None), seen)
    if isinstance(value, Iterator):
        return _in_elements(itertools.islice(value, _FIRST), seen)
    plain = type(value).__module__ in ("builtins", "collections", "array") and not hasattr(value, "__dict__")
    if plain and isinstance(value, Iterable):
        return _in_elements(itertools.islice(value, _FIRST), seen)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _in_elements(value, seen)
    return False


def _in_elements(elements: Iterable[object], seen: dict[int, object]) -> bool:
    elements = list(elements)
    if len(elements) >= _PIECE and all(isinstance(element, str) and len(element) == 1 for element in elements):
        return _in_text("".join(map(str, elements)))
    if len(elements) >= _PIECE and all(isinstance(element, int) and 0 <= element < 256 for element in elements):
        return _in_bytes(bytes(element for element in elements if isinstance(element, int)))
    return any(_marked(element, seen) for element in elements)


def _in_object(value: object, seen: dict[int, object]) -> bool:
    """Look at the state of an object. Functions keep theirs; so does an exception its context."""
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.CoroutineType)):
        return False
    parts: list[object] = list(getattr(value, "__dict__", {}).values())
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names = [slots] if isinstance(slots, str) else list(slots)
        parts += [getattr(value, name) for name in names if not name.startswith("__") and hasattr(value, name)]
    if isinstance(value, BaseException):
        parts += [value.args, value.__cause__, getattr(value, "exceptions", None), getattr(value, "value", None)]
    return any(_marked(part, seen) for part in parts)
