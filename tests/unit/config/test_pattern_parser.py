from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purposelint.config import Pattern, PatternError, parse_pattern
from purposelint.config.patterns import CallStep, KeyStep, NameStep, Step


def names(text: str) -> tuple[Step, ...]:
    return tuple(NameStep(name) for name in text.split("."))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("accounts.models.User.phone", names("accounts.models.User.phone")),
        ("requests.get()", (*names("requests.get"), CallStep(None))),
        ("requests.post(data, json)", (*names("requests.post"), CallStep(("data", "json")))),
        ("f(a,b,)", (*names("f"), CallStep(("a", "b")))),
        ("send(0)", (*names("send"), CallStep((0,)))),
        ("f(*)", (*names("f"), CallStep(("*",)))),
        ("C.m(self)", (*names("C.m"), CallStep(("self",)))),
        ('request.POST["phone"]', (*names("request.POST"), KeyStep("phone"))),
        ("event['user'][\"phone\"]", (*names("event"), KeyStep("user"), KeyStep("phone"))),
        (r'event["a\"b"]', (*names("event"), KeyStep('a"b'))),
        ("rows[0][-1][*]", (*names("rows"), KeyStep(0), KeyStep(-1), KeyStep(None))),
        ("C.medias()[*].location.lat", (*names("C.medias"), CallStep(None), KeyStep(None), *names("location.lat"))),
        ("session.query().filter()", (*names("session.query"), CallStep(None), *names("filter"), CallStep(None))),
        ("accounts.**.phone", names("accounts.**.phone")),
        ("**(taint_src)", (*names("**"), CallStep(("taint_src",)))),
        ("*.story.media", names("*.story.media")),
        ("größe.naïve", names("größe.naïve")),
        ("  user.phone ", names("user.phone")),
        ("nothing.noted", names("nothing.noted")),
        ("post(from)", (*names("post"), CallStep(("from",)))),
    ],
)
def test_patterns_read_like_the_code_they_match(text: str, steps: tuple[Step, ...]) -> None:
    assert parse_pattern(text) == Pattern(text.strip(), steps)


def test_a_decorator_may_be_asked_for_what_its_functions_return() -> None:
    steps = (*names("app.route"), CallStep(None))
    assert parse_pattern("@app.route()") == Pattern("@app.route()", steps, decorator=True)
    returns = Pattern("@app.route() -> return", steps, decorator=True, returns=True)
    assert parse_pattern("@app.route() -> return") == returns
    assert parse_pattern("@app.route()->return").returns
    assert parse_pattern("@app.route").steps == names("app.route")


def test_not_turns_a_gate_round() -> None:
    pattern = parse_pattern("not profile.is_private")
    assert (pattern.negated, pattern.steps) == (True, names("profile.is_private"))
    assert not parse_pattern("notify.is_private").negated


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "a pattern is expected"),
        ("   ", 1, "a pattern is expected"),
        ("user..phone", 6, 'after ".", not "."'),
        ("user.", 6, "the pattern ends here"),
        (".phone", 1, "a name is expected at the beginning"),
        ("3user", 1, "a name is expected"),
        ("pho*", 4, "one whole name"),
        ("user.*phone", 6, "one whole name"),
        ("***.phone", 1, "one whole name"),
        ("user.class", 6, "word of Python"),
        ("not", 1, "word of Python"),
        ("a b", 2, "a blank"),
        ("a.b:c", 4, 'unexpected ":"'),
        ('user."phone"', 6, "not '\"'"),
        ("f(", 3, "the pattern ends here"),
        ("f(a", 4, "the pattern ends here"),
        ("f(,)", 3, 'not ","'),
        ("f(a b)", 5, '"," or ")" is expected'),
        ("f(a=1)", 4, '"where"'),
        ("f(a: int)", 4, "bare name"),
        ("f(**)", 3, "write * for all"),
        ("f(-1)", 3, "count from 0"),
        ("f('a')", 3, "without quotes"),
        ("f(a).b", 3, "only the last call"),
        ("f(a)()", 3, "only the last call"),
        ("f)", 2, 'unexpected ")"'),
        ("x[phone]", 3, 'in quotes: ["phone"]'),
        ("x[]", 3, "a key in quotes"),
        ("x['a]", 3, "quote that ends"),
        ("x['a'", 6, '"]" is expected'),
        ("x[1:2]", 4, '"]" is expected'),
        ("f() -> return", 5, "goes with a decorator"),
        ("@f() -> result", 9, '"return" is expected'),
        ("@f() ->", 8, '"return" is expected'),
        ("@f(a)", 1, "no arguments"),
        ("@f()()", 1, "names joined by dots"),
        ("@f['a']", 1, "names joined by dots"),
        ("not @f", 5, "a decorator always holds"),
        ("@", 2, "a name is expected"),
    ],
)
def test_what_does_not_fit_is_told_with_its_column(text: str, column: int, says: str) -> None:
    with pytest.raises(PatternError) as raised:
        parse_pattern(text)
    assert (raised.value.column, says in raised.value.message) == (column, True), str(raised.value)


@given(st.text(alphabet="ab.*()[]\"'@->,0 =not", max_size=20))
def test_any_text_is_a_pattern_or_a_mistake_within_it(text: str) -> None:
    column, pattern = 1, None
    try:
        pattern = parse_pattern(text)
    except PatternError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1
    assert pattern is None or parse_pattern(pattern.text) == pattern
