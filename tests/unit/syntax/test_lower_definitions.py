from __future__ import annotations

from purposelint.facts import syntax as facts
from unit.syntax.shown import cls, function, module, show


def test_parameters_are_of_five_kinds_in_their_order() -> None:
    found = function("def f(a, /, b: int = 1, *c, d, e=2, **g) -> str: pass", "f")
    assert [(param.name, param.kind) for param in found.params] == [
        ("a", "positional"),
        ("b", "normal"),
        ("c", "args"),
        ("d", "keyword"),
        ("e", "keyword"),
        ("g", "kwargs"),
    ]
    assert show(found.params[1].default) == "Const(1)"
    assert show(found.params[1].annotation) == "Name('int')"
    assert show(found.returns) == "Name('str')"


def test_a_bare_star_is_no_parameter() -> None:
    assert [param.kind for param in function("def f(*, a): pass", "f").params] == ["keyword"]


def test_qualified_names_are_those_that_python_gives() -> None:
    text = """
        def f():
            def g(): pass
            class C:
                def m(self): return lambda: 0
                class D: pass
            global h
            def h(): pass
    """
    program = module(text)
    assert [each.qualname for each in program.functions] == [
        "f",
        "f.<locals>.g",
        "f.<locals>.C.m",
        "f.<locals>.C.m.<locals>.<lambda>",
        "h",
    ]
    assert [each.qualname for each in program.classes] == ["f.<locals>.C", "f.<locals>.C.D"]


def test_definitions_know_what_they_stand_in() -> None:
    text = """
        class A:
            class B: pass
            key = lambda self: 0
            def m(self):
                def inner(): pass
                class C:
                    def n(self): pass
    """
    program = module(text)
    assert {each.qualname: (each.parent, each.cls) for each in program.functions} == {
        "A.<lambda>": (None, 0),
        "A.m": (None, 0),
        "A.m.<locals>.inner": (1, None),
        "A.m.<locals>.C.n": (1, 2),
    }
    assert [(each.parent, each.outer) for each in program.classes] == [(None, None), (None, 0), (1, None)]


def test_statements_and_expressions_number_the_definitions() -> None:
    program = module("@d(lambda: 1)\ndef f(a=lambda: 2): pass\nclass C: pass\n")
    assert [each.qualname for each in program.functions] == ["<lambda>", "f", "<lambda>"]
    assert [show(each) for each in program.body] == ["FunctionDef(1)", "ClassDef(0)"]
    assert show(program.functions[1].params[0].default) == "Lambda(2)"


def test_a_lambda_returns_its_body() -> None:
    (found,) = module("f = lambda a, *b, k=1, **c: a + k").functions
    assert show(found.body) == "[Return(Binary('+', Name('a'), Name('k')))]"
    assert [param.kind for param in found.params] == ["normal", "args", "keyword", "kwargs"]
    assert found.locals == {"a", "b", "k", "c"}


def test_a_function_that_yields_is_a_generator_and_the_one_around_it_is_not() -> None:
    text = """
        def outer():
            def inner():
                x = yield
            return lambda: (yield)
    """
    assert {each.qualname.rpartition(".")[2]: each.is_generator for each in module(text).functions} == {
        "outer": False,
        "inner": True,
        "<lambda>": True,
    }


def test_async_is_noted() -> None:
    assert [each.is_async for each in module("async def f(): pass\ndef g(): pass\n").functions] == [True, False]


def test_every_way_to_bind_makes_a_local() -> None:
    text = """
        def f(p, *args, **kw):
            a = 1
            b, (c, *d) = e.f, g[0] = x
            h: int
            i += 1
            for j in x: pass
            with x as k: pass
            try: pass
            except E as l: pass
            import m.n, o as q
            from r import s, t as u
            def v(): pass
            class w: pass
            del y
            z = (aa := 1)
            match x:
                case {"k": ab, **ac} | [ad, *ae] | C(af) as ag: pass
            type ah = int
            [ai := aj for aj in x]
    """
    bound = "p args kw a b c d h i j k l m q s u v w y z aa ab ac ad ae af ag ah ai"
    assert sorted(function(text, "f").locals) == sorted(bound.split())


def test_global_and_nonlocal_names_are_no_locals() -> None:
    text = """
        def outer():
            x = 1
            def f():
                global g
                nonlocal x
                g = x = y = 1
    """
    found = function(text, "outer.<locals>.f")
    assert show((found.locals, found.globals, found.nonlocals)) == "[{y}, {g}, {x}]"


def test_a_class_binds_its_own_names() -> None:
    text = """
        class C(Base, metaclass=Meta):
            a = 1
            b: int
            def m(self): c = 1
            xs = [y for y in a]
    """
    found = cls(text, "C")
    assert found.locals == {"a", "b", "m", "xs"}
    assert show(found.bases) == "[Argument(Name('Base'), None, ''), Argument(Name('Meta'), 'metaclass', '')]"
    assert module(text).locals == {"C"}


def test_names_declared_global_in_a_class_are_the_modules() -> None:
    program = module("class C:\n  global g\n  g = 1\n")
    assert program.locals == {"C", "g"}
    assert program.classes[0].locals == frozenset()


def test_a_lambda_in_a_comprehension_sees_its_variable_unless_it_has_its_own() -> None:
    text = "[(lambda: x, lambda x: x, lambda y=x: (x := y)) for x in xs]"
    seen, own, assigned = module(text).functions
    assert show(seen.body) == "[Return(Name('x@1'))]"
    assert show(own.body) == "[Return(Name('x'))]"
    assert show(assigned.params[0].default) == "Name('x@1')"
    assert assigned.locals == {"x", "y"}


def test_private_names_are_mangled_in_a_class_and_only_there() -> None:
    text = """
        class _C:
            __a = 1
            def __m(self, __p):
                self.__b = other.__c__
                f(__k=__p)
                import __mod
                from x import __y
        __a = 1
    """
    found = cls(text, "_C")
    assert found.locals == {"_C__a", "_C__m"}
    method = function(text, "_C.__m")
    assert method.name == "_C__m"
    assert method.locals == {"self", "_C__p", "_C__mod", "_C__y"}
    assert show(method.body[0]) == (
        "Assign([Attribute(Name('self'), '_C__b')], Attribute(Name('other'), '__c__'), None)"
    )
    assert "Argument(Name('_C__p'), '__k', '')" in show(method.body[1])
    assert module(text).locals == {"_C", "__a"}


def test_a_class_of_underscores_mangles_nothing() -> None:
    assert cls("class __:\n  __a = 1\n", "__").locals == {"__a"}


def test_names_are_what_a_definition_mentions_nested_ones_included() -> None:
    text = """
        @deco
        def f(p: Note = dflt):
            x.attr(key=1)["word"]["no word"]
            def g(): return inner
    """
    assert function(text, "f").names == tuple(
        sorted(["deco", "f", "p", "Note", "dflt", "x", "attr", "key", "word", "g", "inner"])
    )


def test_the_modules_names_are_those_of_its_top_level() -> None:
    text = """
        import a.b
        @deco
        def f(p=dflt): return body
        class C(Base): field = inside
        g = lambda: called()
    """
    names = module(text).names
    assert {"a", "b", "deco", "f", "dflt", "C", "Base", "g", "called"} <= set(names)
    assert not {"body", "field", "inside"} & set(names)


def test_names_of_private_attributes_are_noted_both_ways() -> None:
    assert {"__a", "_C__a"} <= set(cls("class C:\n  __a = 1\n", "C").names)


def test_string_annotations_are_the_expressions_they_hold() -> None:
    found = function("def f(a: 'User', b: list['User'], c: 'm.User | None', d: Literal['User'], e: 'no type'): 0", "f")
    assert [show(param.annotation) for param in found.params] == [
        "Name('User')",
        "Subscript(Name('list'), Name('User'))",
        "Binary('|', Attribute(Name('m'), 'User'), Const(None))",
        "Subscript(Name('Literal'), Const('User'))",
        "Const('no type')",
    ]


def test_a_string_in_annotated_metadata_stays_a_string() -> None:
    (found,) = module("x: Annotated['User', 'note']").body
    assert isinstance(found, facts.AnnAssign)
    assert show(found.annotation) == ("Subscript(Name('Annotated'), Sequence('tuple', [Name('User'), Const('note')]))")


def test_callable_annotations_hold_annotations_in_lists() -> None:
    found = function("def f() -> Callable[['A'], 'B']: 0", "f")
    assert show(found.returns) == (
        "Subscript(Name('Callable'), Sequence('tuple', [Sequence('list', [Name('A')]), Name('B')]))"
    )


def test_type_parameters_are_read_and_forgotten() -> None:
    text = "def f[T: (int, str), *Ts, **P = [int]](a: T) -> T: return a\nclass C[T = int](Base[T]): pass\n"
    assert [param.name for param in function(text, "f").params] == ["a"]
    assert show(cls(text, "C").bases) == "[Argument(Subscript(Name('Base'), Name('T')), None, '')]"


def test_a_definition_and_its_statement_share_a_ref() -> None:
    program = module("def f(): pass\nclass C: pass\n")
    assert [each.ref for each in program.body] == [program.functions[0].ref, program.classes[0].ref]
