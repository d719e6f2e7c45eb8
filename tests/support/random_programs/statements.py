"""Statements, and functions inside functions."""

from __future__ import annotations

from collections.abc import Callable

from support.random_programs.expressions import Expressions
from support.random_programs.scopes import (
    ERROR,
    FLAG,
    MAPPER,
    TEXT,
    Scope,
    Type,
    dict_of,
    func_of,
    list_of,
    tuple_of,
)

_Option = tuple[int, Callable[[], None]]


class Statements(Expressions):
    """Composes statements. ``errors`` are the names of exception classes."""

    errors: list[str]

    def any_type(self, depth: int = 2) -> Type:
        """Choose a type for a variable."""
        if depth <= 0 or self.chance(0.3):
            return TEXT
        inner = self.any_type(depth - 1)
        options = [list_of(inner), dict_of(inner), list_of(TEXT), dict_of(TEXT), tuple_of(TEXT, inner), MAPPER]
        options += [func_of(TEXT)]
        options += [Type("object", name=name) for name in self.classes if name != self.unfinished] * 2
        return self.choose(options)

    def statements(self, count: int, depth: int = 2) -> None:
        """Write some statements."""
        for _ in range(count):
            self.statement(depth)

    def statement(self, depth: int) -> None:
        """Write one statement, with others inside when ``depth`` is not 0."""
        options: list[_Option] = [(6, self.new_variable), (9, self.store), (3, self.sink), (2, self.alias)]
        options += [(3, self.change), (1, self.unpack), (1, self.call_for_effect)]
        if depth > 0:
            options += [
                (5, lambda: self.branch(depth - 1)),
                (5, lambda: self.loop(depth - 1)),
                (3, lambda: self.attempt(depth - 1)),
                (2, lambda: self.match(depth - 1)),
                (3, lambda: self.local_function(depth - 1)),
                (1, lambda: self.local_generator(depth - 1)),
                (2, lambda: self.managed(depth - 1)),
                (1, lambda: self.while_loop(depth - 1)),
            ]
        self.pick(options)

    def new_variable(self) -> None:
        """Assign to a new variable."""
        if self.chance(0.15):
            name = self.name("v")
            self.emit(f"{name} = {self.choose(['True', 'False', f'bool({self.coin()})'])}")
            self.scope.own[name] = FLAG
            return
        kind = self.any_type()
        value = self.expression(kind, 3)
        name = self.name("v")
        self.emit(f"{name} = {value}")
        self.scope.own[name] = kind

    def alias(self) -> None:
        """Give a container, an object or a part of one a second name."""
        kind = self.any_type()
        places = self.paths(kind) + self.variables(kind)
        if places:
            name = self.name("v")
            self.emit(f"{name} = {self.choose(places)}")
            self.scope.own[name] = kind

    def store(self) -> None:
        """Assign to a variable, a field or an element that is there."""
        kinds = list(dict.fromkeys(kind for kind in self.scope.own.values() if kind.kind in ("list", "dict", "object")))
        kind = self.choose([TEXT, TEXT, TEXT, *kinds])
        places = self.paths(kind, written=True) + [name for name in self.variables(kind) if name in self.scope.own] * 2
        if not places:
            return
        place = self.choose(places)
        value = self.expression(kind, 2)
        if kind == TEXT and self.chance(0.15):
            self.emit(f"{place} += {value}")
        elif "." in place and "[" not in place and self.chance(0.15):
            owner, _, field = place.rpartition(".")
            self.emit(f'setattr({owner}, "{field}", {value})')
        elif self.chance(0.1):
            self.emit(f"{place} = {self.name('v')} = {value}")
        else:
            self.emit(f"{place} = {value}")

    def change(self) -> None:
        """Call a method that changes a list or a dict."""
        element = self.choose([TEXT, TEXT, self.any_type(1)])
        lists = self.variables(list_of(element)) + self.paths(list_of(element))
        dicts = self.variables(dict_of(element)) + self.paths(dict_of(element))
        value = self.expression(element, 2)
        forms: list[str] = []
        if lists:
            one = self.choose(lists)
            forms += [f"{one}.append({value})", f"{one}.insert(0, {value})", f"{one}.extend([{value}])"]
            forms += [f"{one} += [{value}]", f"{one}[:] = [{value}]", f"{one}.reverse()"]
            forms += [f"{one}.clear(); {one}.append({value})", f"{one}.append({one}.pop())", f"del {one}[1:]"]
        if dicts:
            one = self.choose(dicts)
            key = self.choose(["k0", "k1"])
            forms += [f'{one}.update({{"{key}": {value}}})', f"{one}.update({key}={value})"]
            forms += [f'{one}.setdefault("{key}", {value})', f'{one}.pop("{key}"); {one}["{key}"] = {value}']
            forms += [f'del {one}["{key}"]; {one}.setdefault("{key}", {value})', f'{one} |= {{"{key}": {value}}}']
        if forms:
            form = self.choose(forms)
            if "=" in form and not self._assignable(form):
                return
            self.emit(form)

    def _assignable(self, form: str) -> bool:
        """Tell whether ``name += …`` names a variable of this function: others would become local."""
        name = form.split(" ", maxsplit=1)[0]
        return not name.isidentifier() or name in self.scope.own

    def unpack(self) -> None:
        """Take a sequence apart, or exchange two variables."""
        mine = [name for name in self.variables(TEXT) if name in self.scope.own]
        if len(mine) > 1 and self.chance(0.4):
            one, other = self.random.sample(mine, 2)
            self.emit(f"{one}, {other} = {other}, {one}")
            return
        first, second, third = self.name("v"), self.name("v"), self.name("v")
        values = [self.expression(TEXT, 1) for _ in range(3)]
        form = self.choose([f"{first}, *{second} = {', '.join(values)}", f"*{second}, {first} = {', '.join(values)}"])
        if self.chance(0.4):
            form = f"({first}, {third}), {second} = ({values[0]}, {values[1]}), [{values[2]}]"
            self.scope.own[third] = TEXT
        self.emit(form)
        self.scope.own |= {first: TEXT, second: list_of(TEXT)}

    def call_for_effect(self) -> None:
        """Call a function and drop what it gives."""
        kind = self.choose([one.result for one in self.functions] or [TEXT])
        calls = self.calls(kind, 2)
        if calls:
            self.emit(self.choose(calls)())

    def sink(self) -> None:
        """Call the sink."""
        kind = self.any_type()
        kind = TEXT if kind.kind == "func" else kind
        self.emit(f"sink({self.expression(kind, 2)})")

    def branch(self, depth: int) -> None:
        """Write an if statement."""
        with self.block(f"if {self.condition()}:"):
            self.statements(self.random.randrange(1, 3), depth)
            self.leave()
        if self.chance(0.3):
            with self.block(f"elif {self.condition()}:"):
                self.statements(1, depth)
        if self.chance(0.5):
            with self.block("else:"):
                self.statements(self.random.randrange(1, 3), depth)

    def leave(self) -> None:
        """Now and then end the loop or the function."""
        if self.scope.loop and self.chance(0.3):
            self.emit(self.choose(["break", "continue"]))
        elif self.scope.result is not None and self.scope.kind == "plain" and self.chance(0.3):
            self.emit(f"return {self.expression(self.scope.result, 2)}")

    def loop(self, depth: int) -> None:
        """Write a for loop."""
        element = self.choose([TEXT, TEXT, self.any_type(1)])
        one = self.expression(list_of(element), 1)
        other = self.expression(list_of(TEXT), 1)
        pairs = self.expression(dict_of(element), 1)
        a, b = self.name("v"), self.name("v")
        heads = [
            (f"for {a} in {one}:", {a: element}),
            (f"for {a} in list({one}):", {a: element}),
            (f"for {b}, {a} in enumerate({one}):", {a: element}),
            (f"for {a}, {b} in zip({one}, {other}):", {a: element, b: TEXT}),
            (f"for {b}, {a} in {pairs}.items():", {a: element, b: TEXT}),
            (f"for {a} in {pairs}.values():", {a: element}),
            (f"for {a} in {pairs}:", {a: TEXT}),
            (f"for {a} in range({self.random.randrange(4)}):", {}),
            (f"for {a} in reversed({one}):", {a: element}),
            (f"for {a} in {one}[1:]:", {a: element}),
        ]
        generators = [one for one in self.functions if one.kind == "generator"]
        if generators:
            chosen = self.choose(generators)
            call = self.call(chosen, 1).removeprefix("next(").rpartition(",")[0]
            if call.count("(") == call.count(")"):
                heads += [(f"for {a} in {call}:", {a: chosen.result})] * 3
        head, variables = self.choose(heads)
        outside = self.scope.loop
        with self.block(head, **variables):
            self.scope.loop = True
            self.statements(self.random.randrange(1, 3), depth)
            if self.chance(0.3):
                with self.block(f"if {self.condition()}:"):
                    self.statements(1, 0)
                    self.leave()
        self.scope.loop = outside
        if self.chance(0.15):
            with self.block("else:"):
                self.statements(1, depth)

    def while_loop(self, depth: int) -> None:
        """Write a while loop that counts."""
        count = self.name("n")
        self.emit(f"{count} = {self.random.randrange(3)}")
        outside = self.scope.loop
        with self.block(f"while {count} < {self.random.randrange(1, 4)}:"):
            self.scope.loop = True
            self.emit(f"{count} += 1")
            self.statements(self.random.randrange(1, 3), depth)
            self.leave()
        self.scope.loop = outside

    def attempt(self, depth: int) -> None:
        """Write a try statement."""
        error = self.choose([*self.errors, "ValueError", "KeyError"])
        raisers = [one for one in self.functions if one.kind == "raiser"]
        with self.block("try:"):
            self.statements(1, depth)
            if raisers and self.chance(0.5):
                self.emit(self.call(self.choose(raisers), 1))
            elif self.chance(0.4):
                with self.block(f"if {self.condition()}:"):
                    self.emit(f"raise {error}({self.expression(TEXT, 2)})")
            elif self.chance(0.7):
                self.emit(f"raise {error}({self.expression(TEXT, 2)})")
            self.statements(self.random.randrange(2), 0)
        name = self.name("e")
        caught = self.choose([error, error, "Exception", "(KeyError, ValueError)"])
        with self.block(f"except {caught} as {name}:"):
            if raisers or caught == error:
                self.scope.own[name] = ERROR
            self.statements(self.random.randrange(1, 3), depth)
            self.leave()
        if caught != "Exception" and self.chance(0.3):
            with self.block("except Exception:"):
                self.statements(1, 0)
        if self.chance(0.2):
            with self.block("else:"):
                self.statements(1, depth)
        if self.chance(0.3):
            inside, self.scope.loop = self.scope.loop, False
            with self.block("finally:"):
                self.statements(1, 0)
            self.scope.loop = inside

    def match(self, depth: int) -> None:
        """Write a match statement."""
        element = self.any_type(1)
        a, b = self.name("v"), self.name("v")
        subjects: list[tuple[str, list[tuple[str, dict[str, Type]]]]] = [
            (
                self.expression(dict_of(element), 1),
                [(f'{{"k0": {a}}}', {a: element}), (f'{{"k1": {a}, **{b}}}', {a: element}), ('{"k2": _}', {})],
            ),
            (
                self.expression(list_of(element), 1),
                [
                    (f"[{a}]", {a: element}),
                    (f"[{a}, *{b}]", {a: element, b: list_of(element)}),
                    (f"[*_, {a}]", {a: element}),
                    ("[]", {}),
                ],
            ),
            (
                self.expression(tuple_of(TEXT, element), 1),
                [(f"({a}, {b})", {a: TEXT, b: element}), (f"(str() as {a}, _)", {a: TEXT}), ("(1, _)", {})],
            ),
            (f'"{self.choose(["a", "b", "c"])}"', [('"a"', {}), ('"b" | "d"', {}), ("str()", {})]),
        ]
        subject, cases = self.choose(subjects)
        with self.block(f"match {subject}:"):
            self.random.shuffle(cases)
            for pattern, variables in cases[: self.random.randrange(1, 4)]:
                guard = f" if {self.condition()}" if self.chance(0.3) else ""
                with self.block(f"case {pattern}{guard}:", **variables):
                    self.statements(1, depth)
            if self.chance(0.5):
                with self.block("case _:"):
                    self.statements(1, depth)

    def local_function(self, depth: int) -> None:
        """Write a function inside this one, which may assign its variables."""
        kind = self.choose([MAPPER, func_of(TEXT), func_of(TEXT, TEXT, TEXT), func_of(list_of(TEXT), TEXT)])
        name = self.name("f")
        parameters = [self.name("p") for _ in kind.parts[:-1]]
        inner = Scope(dict(zip(parameters, kind.parts, strict=False)), self.scope.visible(), kind.parts[-1])
        mine = [one for one, at in self.scope.own.items() if at == TEXT and one not in self.fixed]
        with self.function(f"def {name}({', '.join(parameters)}):", inner):
            if mine and self.chance(0.5):
                taken = self.choose(mine)
                self.emit(f"nonlocal {taken}")
                inner.own[taken] = TEXT
                del inner.outer[taken]
                self.emit(f"{taken} = {self.expression(TEXT, 2)}")
            self.statements(self.random.randrange(3), depth)
            self.emit(f"return {self.expression(kind.parts[-1], 2)}")
        self.scope.own[name] = kind

    fixed: frozenset[str] = frozenset()

    def local_generator(self, depth: int) -> None:
        """Write a generator inside this function, and step through it."""
        name, one, got = self.name("g"), self.name("v"), self.name("v")
        inner = Scope({}, self.scope.visible(), kind="generator")
        with self.function(f"def {name}():", inner):
            self.emit(f"{got} = yield {self.expression(TEXT, 2)}")
            inner.own[got] = TEXT
            self.statements(1, depth)
            self.emit(self.choose([f"yield {got}", f"yield {self.expression(TEXT, 2)}", f"yield from [{got}]"]))
        self.emit(f"{one} = {name}()")
        self.emit(self.choose([f"next({one})", f"sink(next({one}))"]))
        self.emit(f"{got} = {one}.send({self.expression(TEXT, 1)})")
        self.scope.own[got] = TEXT

    def managed(self, depth: int) -> None:
        """Write a with statement."""
        managers = [one for one in self.functions if one.kind == "manager"]
        if managers:
            chosen = self.choose(managers)
            name = self.name("v")
            with self.block(f"with {self.call(chosen, 1)} as {name}:", **{name: chosen.result}):
                self.statements(self.random.randrange(1, 3), depth)
                self.leave()
