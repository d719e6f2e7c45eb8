"""What stands at the top of a program: classes, functions, decorators, context managers, variables."""

from __future__ import annotations

from support.random_programs.scopes import (
    FLAG,
    MAPPER,
    TEXT,
    Class,
    Function,
    Scope,
    Type,
    dict_of,
    list_of,
)
from support.random_programs.statements import Statements


class Definitions(Statements):
    """Composes definitions."""

    variables_of_module: dict[str, Type]
    decorators: list[str]

    def inner_scope(self, parameters: list[tuple[str, Type]], result: Type | None) -> Scope:
        """Give the scope of a function of the module."""
        return Scope(dict(parameters), dict(self.variables_of_module), result)

    def case_scope(self) -> Scope:
        """Give the scope of a case."""
        return Scope({}, dict(self.variables_of_module), kind="case")

    def module_variable(self) -> None:
        """Write a variable of the module."""
        kind = self.choose([TEXT, list_of(TEXT), dict_of(TEXT), dict_of(MAPPER), FLAG])
        name = self.tagged("G")
        self.emit(f"{name} = {self.expression(kind, 1)}")
        self.variables_of_module[name] = kind

    def error_class(self) -> None:
        """Write an exception class."""
        name = self.tagged("E")
        with self.block(f"class {name}({self.choose(['Exception', 'ValueError', *self.errors])}):"):
            self.emit("pass")
        self.errors.append(name)

    def helper(self) -> None:
        """Write a function."""
        if self.decorators and self.chance(0.35):
            self.emit(f"@{self.choose(self.decorators)}")
            kind = "plain"
            parameters, result = [(self.name("p"), TEXT, "plain")], TEXT
        else:
            kind = self.choose(["plain"] * 6 + ["generator", "generator", "manager", "raiser", "async"])
            parameters, result = self.parameters(), self.any_type(1) if kind == "plain" else TEXT
        name = self.tagged("h")
        if kind == "manager":
            self.imports.add("contextlib")
            self.emit("@contextlib.contextmanager")
        inner = self.inner_scope([(name, at) for name, at, how in parameters if how != "star"], result)
        inner.kind = kind
        with self.function(f"{'async ' if kind == 'async' else ''}def {name}({self.header(parameters)}):", inner):
            for one, at, how in parameters:
                if how == "star":
                    self.emit(f"{one} = {self.choose([f'[*{one}]', f'list({one})'])}")
                    inner.own[one] = at
            texts = [one for one, at in self.variables_of_module.items() if at == TEXT]
            if texts and self.chance(0.4):
                one = self.choose(texts)
                self.emit(f"global {one}")
                inner.own[one] = inner.outer.pop(one)
                self.fixed = frozenset([one])
                self.emit(f"{one} = {self.expression(TEXT, 1)}")
            self.statements(self.random.randrange(4), 1)
            self.body_end(kind, result)
        self.fixed = frozenset()
        self.functions.append(Function(name, parameters, result, kind))

    def body_end(self, kind: str, result: Type) -> None:
        """Write what a function gives."""
        if kind == "generator":
            self.emit(f"yield {self.expression(result, 2)}")
            one = self.name("v")
            form = self.random.randrange(3)
            if form == 0:
                with self.block(f"for {one} in {self.expression(list_of(result), 1)}:", **{one: result}):
                    self.statements(1, 0)
                    self.emit(f"yield {one}")
            elif form == 1:
                self.emit(f"yield from {self.expression(list_of(result), 1)}")
        elif kind == "manager":
            with self.block("try:"):
                self.emit(f"yield {self.expression(result, 2)}")
            with self.block("finally:"):
                self.statements(1, 0)
        elif kind == "raiser":
            self.emit(
                f"if {self.condition()}: raise {self.choose([*self.errors, 'KeyError'])}({self.expression(TEXT, 1)})"
            )
            self.emit(f"return {self.expression(result, 1)}")
        else:
            self.emit(f"return {self.expression(result, 2)}")

    def parameters(self) -> list[tuple[str, Type, str]]:
        """Choose parameters."""
        found = [(self.name("p"), self.any_type(1), "plain") for _ in range(self.random.randrange(3))]
        if self.chance(0.3):
            found.append((self.name("p"), FLAG, "plain"))
        if self.chance(0.25):
            found.append((self.name("p"), self.choose([TEXT, FLAG]), "default"))
        if self.chance(0.15):
            found.append((self.name("p"), list_of(TEXT), "star"))
        if self.chance(0.15):
            found.append((self.name("p"), TEXT, "named"))
        if self.chance(0.15):
            found.append((self.name("p"), dict_of(TEXT), "pairs"))
        return found

    def header(self, parameters: list[tuple[str, Type, str]]) -> str:
        """Write parameters."""
        words = []
        for name, kind, how in parameters:
            if how == "named" and not any(one[2] == "star" for one in parameters):
                words.append("*")
            given = "True" if kind == FLAG else '"w"'
            default = f"={given}" if how == "default" else ""
            words.append({"star": "*", "pairs": "**"}.get(how, "") + name + default)
        return ", ".join(words)

    def decorator(self) -> None:
        """Write a decorator of functions from text to text."""
        name, function, wrapper = self.tagged("d"), self.name("f"), self.name("f")
        with self.block(f"def {name}({function}):"):
            parameter = self.name("p")
            head = self.choose(["*args, **kwargs", parameter])
            inner = self.inner_scope([] if "*" in head else [(parameter, TEXT)], TEXT)
            if self.chance(0.5):
                self.imports.add("functools")
                self.emit(f"@functools.wraps({function})")
            with self.function(f"def {wrapper}({head}):", inner):
                if self.chance(0.9):
                    result = self.name("v")
                    self.emit(f"{result} = {function}({head})")
                    inner.own[result] = TEXT
                self.statements(self.random.randrange(2), 1)
                self.emit(f"return {self.expression(TEXT, 1)}")
            self.emit(f"return {self.choose([wrapper, wrapper, wrapper, function])}")
        self.decorators.append(name)

    def class_definition(self) -> None:
        """Write a class."""
        name = self.tagged("C")
        form = self.random.randrange(8)
        if form == 0:
            self.record(name)
            return
        bases = [one for one in self.classes.values() if one.plain]
        base = self.choose(bases) if bases and self.chance(0.6) else None
        known = Class(name)
        if base is not None:
            known.fields, known.methods = list(base.fields), list(base.methods)
            known.properties, known.shared = list(base.properties), list(base.shared)
            known.special = set(base.special)
        me = Type("object", name=name)
        with self.block(f"class {name}({base.name}):" if base else f"class {name}:"):
            if self.chance(0.3):
                shared = self.tagged("s")
                self.emit(f"{shared} = {self.leaf(TEXT)}")
                known.shared.append(shared)
            self.initialiser(known, base)
            self.classes[name] = known
            for _ in range(self.random.randrange(4)):
                self.method(known, me)
            if self.chance(0.5):
                self.special_method(known, me)
            if self.chance(0.35):
                self.property(known, me)

    def record(self, name: str) -> None:
        """Write a dataclass or a named tuple."""
        fields = [(self.tagged("a"), self.choose([TEXT, TEXT, list_of(TEXT)])) for _ in range(2)]
        frozen = self.chance(0.5)
        if frozen:
            self.imports.add("typing")
        else:
            self.imports.add("dataclasses")
            self.emit("@dataclasses.dataclass")
        with self.block(f"class {name}({'typing.NamedTuple' if frozen else ''}):"):
            for field, kind in fields:
                self.emit(f"{field}: {'str' if kind == TEXT else 'list'}")
        self.classes[name] = Class(name, fields, list(fields), frozen=frozen, plain=False)

    def initialiser(self, known: Class, base: Class | None) -> None:
        """Write ``__init__``, or leave it to the base class."""
        if base is not None and self.chance(0.3):
            known.constructor = list(base.constructor)
            return
        known.constructor = [(self.name("p"), self.any_type(1)) for _ in range(self.random.randrange(3))]
        self.unfinished = known.name
        inner = self.inner_scope(known.constructor, None)
        with self.function(f"def __init__({', '.join(['self', *(name for name, _ in known.constructor)])}):", inner):
            if base is not None:
                self.emit(f"super().__init__({', '.join(self.expression(kind, 1) for _, kind in base.constructor)})")
            for _ in range(self.random.randrange(1, 3)):
                kind = self.choose([TEXT, list_of(TEXT), *(kind for _, kind in known.constructor)])
                field = self.tagged("a")
                self.emit(f"self.{field} = {self.expression(kind, 2)}")
                known.fields.append((field, kind))
                inner.own["self"] = Type("object", name=known.name)
                self.classes[known.name] = known
        self.unfinished = ""

    def method(self, known: Class, me: Type) -> None:
        """Write a method: a new one, or one that overrides."""
        inherited = [one for one in known.methods if one.kind == "plain"]
        old = self.choose(inherited) if inherited and self.chance(0.4) else None
        parameters = old.parameters if old else self.parameters()[:2]
        result = old.result if old else self.any_type(1)
        name = old.name if old else self.tagged("m")
        how = "" if old else self.choose(["", "", "", "", "@classmethod", "@staticmethod"])
        names = [(one, at) for one, at, how in parameters if how != "star"]
        inner = self.inner_scope(names if how else [*names, ("self", me)], result)
        if how:
            self.emit(how)
        if old is not None:
            known.methods.remove(old)
        first = {"": "self", "@classmethod": "cls", "@staticmethod": ""}[how]
        with self.function(f"def {name}({', '.join(filter(None, [first, self.header(parameters)]))}):", inner):
            if how == "@classmethod" and known.shared and self.chance(0.7):
                self.emit(f"cls.{self.choose(known.shared)} = {self.expression(TEXT, 1)}")
            if old is not None and name not in known.defined and self.chance(0.5):
                one = self.name("v")
                self.emit(f"{one} = {self.call(old, 1, 'super().')}")
                inner.own[one] = result
            self.statements(self.random.randrange(3), 1)
            mine = [one for one, at in inner.own.items() if at == result]
            if result == me and self.chance(0.7):
                self.emit("return self")
            elif mine and self.chance(0.3):
                self.emit(f"return {self.choose(mine)}")
            else:
                self.emit(f"return {self.expression(result, 2)}")
        known.methods.append(old or Function(name, parameters, result))
        known.defined.add(name)

    def special_method(self, known: Class, me: Type) -> None:
        """Write a method that syntax calls."""
        name = self.choose(["__call__", "__getitem__", "__str__", "__iter__", "__add__", "__getattr__"])
        parameter = {"__str__": None, "__iter__": None}.get(name, self.name("p"))
        inner = self.inner_scope([(parameter, TEXT)] if parameter else [], TEXT)
        if name != "__getattr__":
            inner.own["self"] = me
        with self.function(f"def {name}({', '.join(filter(None, ['self', parameter]))}):", inner):
            if name == "__iter__":
                inner.kind = "generator"
                self.emit(f"yield {self.expression(TEXT, 2)}")
                self.emit(f"yield {self.expression(TEXT, 1)}")
            elif name == "__getattr__":
                with self.block(f'if {parameter}.startswith("__"):'):
                    self.emit(f"raise AttributeError({parameter})")
                self.emit(f"return {self.expression(TEXT, 1)}")
            else:
                self.statements(self.random.randrange(2), 1)
                self.emit(f"return {self.expression(TEXT, 2)}")
        known.special.add(name)

    def property(self, known: Class, me: Type) -> None:
        """Write a property, with or without a setter."""
        name, parameter = self.tagged("q"), self.name("p")
        self.emit("@property")
        with self.function(f"def {name}(self):", self.inner_scope([("self", me)], TEXT)):
            self.emit(f"return {self.expression(TEXT, 2)}")
        setter = self.chance(0.5)
        if setter:
            self.emit(f"@{name}.setter")
            with self.function(
                f"def {name}(self, {parameter}):", self.inner_scope([("self", me), (parameter, TEXT)], None)
            ):
                self.store()
                self.statements(self.random.randrange(2), 0)
        known.properties.append((name, setter))

    def recursion(self) -> None:
        """Write a function that calls itself, and ends."""
        name, count, value = self.tagged("h"), self.name("n"), self.name("p")
        inner = self.inner_scope([(value, TEXT)], None)
        with self.function(f"def {name}({value}, {count}=2):", inner):
            with self.block(f"if {count} == 0:"):
                self.emit(f"return {self.expression(TEXT, 1)}")
            self.statements(self.random.randrange(3), 1)
            self.emit(f"return {name}({self.expression(TEXT, 1)}, {count} - 1)")
        self.functions.append(Function(name, [(value, TEXT, "plain")], TEXT))


def composition(draft: Definitions) -> str:
    """Compose the text of a module."""
    draft.errors, draft.variables_of_module, draft.decorators = [], {}, []
    for _ in range(draft.random.randrange(1, 7)):
        draft.emit("")
        draft.pick(
            [
                (2, draft.module_variable),
                (1, draft.error_class),
                (5, draft.helper),
                (4, draft.class_definition),
                (1, draft.decorator),
                (1, draft.recursion),
            ]
        )
    draft.emit("")
    with draft.function("def case_0():", draft.case_scope()):
        first = draft.name("v")
        value = draft.choose(["source()", "source()", '"w"'])
        draft.emit(f"{first} = {value}")
        draft.scope.own[first] = TEXT
        draft.statements(draft.random.randrange(2, 8))
        draft.sink()
        draft.sink()
    imports = "".join(f"import {name}\n" for name in sorted(draft.imports))
    coins = "".join(f"coin{number}, " for number in range(1, draft.coins + 1))
    return f"{imports}from probe import {coins}sink, source\n" + "\n".join(draft.lines) + "\n"
