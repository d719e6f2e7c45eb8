from __future__ import annotations

import pytest

from purposelint.facts import syntax as facts
from unit.syntax.shown import function, module


def tag(text: str) -> str | None:
    (only,) = module(text).body
    assert isinstance(only, facts.Assign | facts.AnnAssign)
    return only.tag


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # purpose: security, service",
        "x: int = 1  # purpose: security, service",
        "x: int  #purpose:security, service   ",
        "x = f(\n  1,\n)  # purpose: security, service",
        "x = f(  # purpose: security, service\n  1,\n)",
        "x = {  # purpose: security, service\n}",
        "x = 1  # type: ignore  # purpose: security, service",
        "x: Annotated[str, 'purpose: security, service']",
        "x: Optional[Annotated[str, Doc(), ' purpose: security, service ']] = None",
        "x: 'typing.Annotated[str, \"purpose: security, service\"] | None' = None",
    ],
)
def test_a_variable_is_tagged_where_it_is_defined(text: str) -> None:
    assert tag(text) == "security, service"


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # the purpose: security",
        "x = 1  # Purpose: security",
        "x = 1  # purpose:",
        "x = '# purpose: security'",
        "# purpose: security\nx = 1",
        "x = 1\n# purpose: security",
        "x = f(\n  1,  # purpose: security\n)",
        "x: Annotated[str, 'my purpose: security']",
        "x: Note['purpose: security']",
    ],
)
def test_what_only_looks_like_a_tag_is_none(text: str) -> None:
    assert tag(text) is None


def test_the_category_comes_with_the_tag() -> None:
    assert tag("x = 1  # purpose: security; data: user.contact") == "security; data: user.contact"


def test_a_parameter_is_tagged_on_its_line() -> None:
    text = """
        def f(
            self,
            a,  # purpose: one
            b: int = {
            },  # purpose: two
            c=0, d=1,  # purpose: three
            *,
            e,  # what it is for
            **kw  # purpose: four
        ):
            pass
    """
    found = function(text, "f")
    assert {param.name: param.tag for param in found.params} == {
        "self": None,
        "a": "one",
        "b": "two",
        "c": "three",
        "d": "three",
        "e": None,
        "kw": "four",
    }
    assert found.tag is None


def test_a_tag_on_the_line_of_a_def_is_the_functions_and_its_parameters() -> None:
    found = function("def f(self, phone):  # purpose: security\n  pass", "f")
    assert found.tag == "security"
    assert [param.tag for param in found.params] == [None, "security"]


def test_a_tag_at_the_end_of_a_long_header_is_not_that_of_parameters_above() -> None:
    found = function("def f(\n  a,\n  b\n) -> str:  # purpose: security\n  pass", "f")
    assert found.tag == "security"
    assert [param.tag for param in found.params] == [None, None]


def test_a_tag_inside_the_body_is_not_the_functions() -> None:
    found = function("def f(a):\n  # purpose: security\n  x = 1  # purpose: service\n", "f")
    assert found.tag is None
    assert found.params[0].tag is None


def test_annotated_parameters_and_results_are_tagged() -> None:
    found = function("def f(a: Annotated[str, 'purpose: x'], b: str) -> Annotated[str, 'purpose: y']: pass", "f")
    assert [param.tag for param in found.params] == ["x", None]
    assert found.tag == "y"


def test_a_tag_does_not_leak_into_a_nested_definition() -> None:
    text = "class C:\n  a = 1  # purpose: x\n  def m(self): b = 1\n  c = lambda: 0\n"
    (method, _) = module(text).functions
    (inner,) = method.body
    assert isinstance(inner, facts.Assign)
    assert inner.tag is None
