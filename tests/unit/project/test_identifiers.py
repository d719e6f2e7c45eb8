from __future__ import annotations

import time

import pytest

from purposelint.project.identifiers import definitions, identifiers, key


def found(source: bytes) -> set[str]:
    return {token.decode("utf-8") for token in identifiers(source)}


def test_names_are_found_in_code_strings_and_comments() -> None:
    assert found(b'user.phone = get("email")  # purpose: security') >= {
        "user",
        "phone",
        "get",
        "email",
        "purpose",
        "security",
    }


def test_a_part_of_a_longer_name_is_not_that_name() -> None:
    assert "phone" not in found(b"phone_number = telephone")


def test_the_names_in_a_look_up_of_fields_are_found() -> None:
    assert found(b"rows.filter(author__email=x)") >= {"author__email", "author", "email"}
    assert "author" not in found(b"author_email = 1")


def test_a_number_is_no_name() -> None:
    assert found(b"x = 12345") == {"x"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("ｐｈｏｎｅ = 1", "phone"),
        ("ﬁle = 1", "file"),
        ("e\u0301t = 1", "ét"),
        ("हि = 1", "हि"),
        ("# “phone”", "phone"),
        ("\ufeffphone = 1", "phone"),
    ],
)
def test_names_beyond_ascii_are_found_as_python_compares_them(source: str, name: str) -> None:
    assert key(name) in identifiers(source.encode("utf-8"))


def test_a_name_with_an_accent_is_not_the_one_without() -> None:
    assert "tele" not in found("télé = 1".encode())


@pytest.mark.parametrize(
    ("coding", "text"),
    [("latin-1", "été"), ("cp1251", "телефон"), ("shift_jis", "表"), ("utf-8", "été")],
)
def test_the_declared_coding_of_a_file_is_honoured(coding: str, text: str) -> None:
    assert text in found(f"# -*- coding: {coding} -*-\n{text} = phone\n".encode(coding))


def test_the_coding_may_stand_in_the_second_line() -> None:
    assert "été" in found("#!/usr/bin/python\n# coding: latin-1\nété = 1\n".encode("latin-1"))


def test_a_coding_that_does_not_exist_leaves_the_ascii_names() -> None:
    assert "phone" in found(b"# coding: no-such\nphone = 1\n")


@pytest.mark.parametrize(
    "source",
    [
        rb'"\x70hone"',
        rb'"\u0070hone"',
        rb'"\160hone"',
        rb'"\N{LATIN SMALL LETTER P}hone"',
        b'"pho\\\nne"',
        b'"pho" "ne"',
        b"'pho'\n  # the rest\n  'ne'",
        b'"ph" "" f"one"',
        rb'"\x70h" "on\x65"',
    ],
)
def test_a_string_is_found_by_its_value(source: bytes) -> None:
    assert "phone" in found(source)


def test_strings_that_are_apart_make_no_word_together() -> None:
    assert "phone" not in found(b'"pho", "ne"')


@pytest.mark.parametrize("piece", [b'"', b"'\"", b'" ', b'a"', b'"\n#', b'"ab\\\n', b'""" ', b"\\x41", b'"a"', b"#'\n"])
def test_the_search_is_linear(piece: bytes) -> None:
    start = time.perf_counter()
    identifiers(piece * 50_000)
    assert time.perf_counter() - start < 5


def test_what_an_import_names_is_found() -> None:
    source = b"import os.path, json as j\nfrom ..shop import (\n    orders,\n)\nif x: import late  # now\nexport = 1\n"

    imported = {each for each in definitions(source) if each.startswith(b"import:")}

    assert imported >= {b"import:os", b"import:json", b"import:shop", b"import:late"}
    assert not imported & {b"import:orders", b"import:now", b"import:export"}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        (b"phone = 1  # purpose: security\n", True),
        (b'phone: Annotated[str, "purpose: security"]\n', True),
        (b"purpose = 1  # on purpose\n", False),
    ],
)
def test_a_tag_is_found_where_the_word_is_followed_by_a_colon(source: bytes, holds: bool) -> None:
    assert (b"tag:purpose" in definitions(source)) is holds


def test_what_code_defines_and_inherits_is_found() -> None:
    source = b"""
import a; from b import c
class Outer(Base[int], metaclass=Meta):
    class Inner: pass
    async def method(self): from d import e; import f
    def \\
        other(self): pass
class Plain[T](Other): pass
x = 1; class_ = 2  # it comes from
class Behind(Base): pass  # one more class
import g
"""

    assert {each.decode() for each in definitions(source)} >= {
        "class:Outer", "class:Inner", "class:Plain", "base:Base", "base:Meta", "base:Other", "def:method", "def:other",
        "import:a", "import:b", "import:d", "import:f",
        "class:Behind", "import:g",
    }  # fmt: skip
