"""Expressions of a wanted type."""

from __future__ import annotations

from collections.abc import Callable

from support.random_programs.scopes import ERROR, FLAG, MAPPER, TEXT, Draft, Function, Scope, Type, list_of

_TRUE = ["True", "1 + 1 == 2", 'len("ab") == 2', 'not ""', '"a" in "abc"', 'isinstance("a", str)', "3 > 2 > 1"]
_FALSE = ["False", "1 + 1 == 3", 'len("ab") > 2', "not 1", '"d" in ("a", "b")', "isinstance(1, str)", "None", "[]"]
_TEXT_ENDS = [".upper()", ".strip()", ".title()", '.replace("a", "b")', ".encode().hex()", "[1:]", "[::-1]", "[:9]"]
_Option = tuple[int, Callable[[], str]]


class Expressions(Draft):
    """Composes expressions; each is an atom, or stands in parentheses."""

    def expression(self, wanted: Type, depth: int = 2) -> str:
        """Write an expression of a type."""
        if depth <= 0:
            return self.leaf(wanted)
        options: list[_Option] = [
            (6, lambda: self.leaf(wanted)),
            (2, lambda: self.choice(wanted, depth)),
            (1, lambda: self.detour(wanted, depth)),
        ]
        paths = self.paths(wanted)
        if paths:
            options.append((6, lambda: self.choose(paths)))
        calls = self.calls(wanted, depth)
        if calls:
            options.append((6, lambda: self.one_of(calls)))
        if wanted == TEXT:
            options.append((7, lambda: self.text(depth)))
        elif wanted.kind in ("list", "dict", "tuple"):
            options.append((5, lambda: self.container(wanted, depth)))
        elif wanted.kind == "func":
            options.append((4, lambda: self.closure(wanted, depth)))
        elif wanted.kind == "object":
            options.append((4, lambda: self.construction(wanted, depth)))
        return self.pick(options)

    def one_of(self, calls: list[Callable[[], str]]) -> str:
        """Write one of several calls."""
        return self.choose(calls)()

    def leaf(self, wanted: Type) -> str:
        """Write a short expression of a type."""
        known = self.variables(wanted)
        if known and self.chance(0.75):
            return self.choose(known)
        if wanted == TEXT:
            if self.chance(self.heat):
                return "source()"
            return f'"w{self.random.randrange(9)}"'
        if wanted == FLAG:
            return self.choose(["True", "False"])
        if wanted.kind == "object":
            return self.construction(wanted, 0)
        if wanted.kind == "func":
            return self.closure(wanted, 0)
        return self.container(wanted, 0)

    def condition(self) -> str:
        """Write a condition: one that nobody knows, a constant, or a variable that is one."""
        flags = self.variables(FLAG)
        options: list[_Option] = [
            (4, self.coin),
            (2, lambda: self.choose(_TRUE)),
            (2, lambda: self.choose(_FALSE)),
        ]
        if flags:
            options.append((4, lambda: self.choose(flags)))
            options.append((1, lambda: f"not {self.choose(flags)}"))
        return self.pick(options)

    def coin(self) -> str:
        """Write a condition that goes both ways."""
        self.coins += 1
        return f"coin{self.coins}"

    def choice(self, wanted: Type, depth: int) -> str:
        """Write a conditional expression."""
        one, other = self.expression(wanted, depth - 1), self.expression(wanted, depth - 1)
        if wanted == TEXT and self.chance(0.2):
            return f"({self.condition()} and 'w' or {other})"
        return f"({one} if {self.condition()} else {other})"

    def detour(self, wanted: Type, depth: int) -> str:
        """Write an expression through something that is undone at once."""
        one = self.expression(wanted, depth - 1)
        other = self.leaf(wanted)
        forms = [
            f"(lambda: {one})()",
            f"({one}, {other})[0]",
            f"[{other}, {one}][-1]",
            f'{{"k": {one}, "j": {other}}}["k"]',
            f'{{"k": {one}}}.pop("k")',
            f"next(iter([{one}, {other}]))",
            f"[{one}].pop()",
            f'dict(a={one}, b={other}).get("a")',
            f"(lambda a, b={other}: a)({one})",
            f"(lambda *a: a[-1])({other}, {one})",
            f"(lambda **a: a['x'])(x={one}, y={other})",
            f"[a for a in [{one}]][0]",
            f"next(a for a in [{one}, {other}])",
        ]
        if wanted.kind in ("list", "dict"):
            self.imports.add("copy")
            forms += [f"copy.copy({one})", f"copy.deepcopy({one})", f"{one}.copy()"]
        if wanted == TEXT:
            self.imports.add("functools")
            forms += [
                f"functools.reduce(lambda a, b: a + b, [{one}, {other}])",
                f"functools.partial(lambda a, b: b, {other})({one})",
            ]
        return self.choose(forms)

    def text(self, depth: int) -> str:
        """Write a text that is made of others."""
        one = self.expression(TEXT, depth - 1)
        options: list[_Option] = [
            (2, lambda: f"({one} + {self.leaf(TEXT)})"),
            (2, lambda: f'f"{{{self.in_quotes(one)}}}-{{{self.in_quotes(self.leaf(TEXT))}}}"'),
            (1, lambda: f'("%s/%s" % ({self.leaf(TEXT)}, {one}))'),
            (1, lambda: f'"{{}} {{a}}".format({one}, a={self.leaf(TEXT)})'),
            (1, lambda: f'",".join([{one}, {self.leaf(TEXT)}])'),
            (1, lambda: f'" ".join({self.expression(list_of(TEXT), depth - 1)})'),
            (2, lambda: one + self.choose(_TEXT_ENDS)),
            (1, lambda: f"str({self.choose(['len', 'bool'])}({one}))"),
            (1, lambda: f"str({one} == {self.leaf(TEXT)})"),
            (1, lambda: f"type({one}).__name__"),
            (1, lambda: f"str({self.expression(self.choose([list_of(TEXT), Type('dict', (TEXT,))]), depth - 1)})"),
            (1, lambda: f"{self.expression(MAPPER, depth - 1)}({one})"),
        ]
        errors = self.variables(ERROR)
        if errors:
            options.append((4, lambda: f"str({self.choose(errors)})"))
        return self.pick(options)

    def in_quotes(self, text: str) -> str:
        """Let an expression stand in an f-string of any version of the language."""
        if '"' in text or "'" in text or "\\" in text or "{" in text or "lambda" in text:
            return self.choose(self.variables(TEXT) or ["0"])
        return text

    def container(self, wanted: Type, depth: int) -> str:
        """Write a container."""
        inner = max(depth - 1, 0)
        if wanted.kind == "tuple":
            return f"({', '.join(self.expression(part, inner) for part in wanted.parts)},)"
        element = wanted.parts[0]
        if depth == 0:
            values = [self.leaf(element), self.leaf(element)]
            return f'{{"k0": {values[0]}, "k1": {values[1]}}}' if wanted.kind == "dict" else f"[{', '.join(values)}]"
        if wanted.kind == "dict":
            first, second = self.expression(element, inner), self.expression(element, inner)
            forms = [f'{{"k0": {first}, "k1": {second}}}'] * 3
            known = self.variables(wanted)
            if known:
                one = self.choose(known)
                forms += [f'{{**{one}, "k1": {second}}}', f'{{"k0": {first}, **{one}}}', f'({one} | {{"k0": {first}}})']
                forms += [f"{{k: v for k, v in {one}.items()}}", f"dict({one}, k0={first})"]
                forms += [f'{{k: {second} if k == "k1" else v for k, v in {one}.items()}}']
            forms += [f"dict(k0={first}, k1={second})", f'dict(zip(("k0", "k1"), ({first}, {second})))']
            return self.choose(forms)
        items = [self.expression(element, inner) for _ in range(self.random.randrange(1, 4))]
        forms = [f"[{', '.join(items)}]"] * 3
        known = self.variables(wanted)
        if known:
            one = self.choose(known)
            forms += [f"[*{one}, {items[0]}]", f"({one} + [{items[0]}])", f"{one}[:]", f"list(reversed({one}))"]
            forms += [f"[a for a in {one}]", f"{one}[-1:]", f"[a for a in {one} if {self.condition()}] + [{items[0]}]"]
            if element == TEXT:
                forms += [f"[a + 'x' for a in {one}]", f"list(map({self.leaf(MAPPER)}, {one}))", f"sorted({one})"]
        dicts = self.variables(Type("dict", (element,)))
        if dicts:
            forms.append(f"list({self.choose(dicts)}.values())")
        generators = [one for one in self.functions if one.kind == "generator" and one.result == element]
        if generators:
            forms += [f"list({self.call(self.choose(generators), inner)}) + [{items[0]}]"] * 2
        return f"({self.choose(forms)})"

    def closure(self, wanted: Type, depth: int) -> str:
        """Write a function: a definition of that type, or a lambda."""
        named = [
            one.name
            for one in self.functions
            if one.kind == "plain"
            and (*(kind for _, kind, _ in one.parameters), one.result) == wanted.parts
            and all(how != "named" for _, _, how in one.parameters)
        ]
        if named and self.chance(0.5):
            return self.choose(named)
        parameters = [self.name("p") for _ in wanted.parts[:-1]]
        saved = self.scope
        self.scope = Scope(dict(zip(parameters, wanted.parts, strict=False)), saved.visible())
        body = (
            self.choose(parameters)
            if wanted == MAPPER and self.chance(0.4)
            else self.expression(wanted.parts[-1], depth)
        )
        self.scope = saved
        return f"(lambda {', '.join(parameters)}: {body})"

    def construction(self, wanted: Type, depth: int) -> str:
        """Write a call of a class."""
        if wanted.name == self.unfinished:
            return "self"
        known = self.classes[wanted.name]
        given = [self.expression(kind, max(depth - 1, 0)) for _, kind in known.constructor]
        if given and self.chance(0.3):
            given[-1] = f"{known.constructor[-1][0]}={given[-1]}"
        return f"{known.name}({', '.join(given)})"

    def calls(self, wanted: Type, depth: int) -> list[Callable[[], str]]:
        """List the calls that give a type."""
        found: list[Callable[[], str]] = []

        def add(function: Function, receiver: str = "") -> None:
            found.append(lambda: self.call(function, depth - 1, receiver))

        for one in self.functions:
            waits = one.kind == "async" and self.scope.kind == "case"  # one event loop runs no other
            if (waits or one.kind in ("plain", "generator")) and one.result == wanted:
                add(one)
        for name, kind in self.scope.visible().items():
            if kind.kind == "object":
                known = self.classes[kind.name]
                for method in known.methods:
                    if method.result == wanted and method.kind == "plain":
                        add(method, f"{name}.")
                if wanted == TEXT:
                    found += [self._special(special, name) for special in sorted(known.special)]
            elif kind.kind == "func" and kind.parts[-1] == wanted:
                parameters = [("", part, "plain") for part in kind.parts[:-1]]
                add(Function(name, parameters, wanted))
        return found

    def _special(self, special: str, name: str) -> Callable[[], str]:
        forms = {
            "__call__": lambda: f"{name}({self.leaf(TEXT)})",
            "__getitem__": lambda: f'{name}["{self.choose(["k0", "k1"])}"]',
            "__str__": lambda: self.choose([f"str({name})", f'f"{{{name}}}"']),
            "__iter__": lambda: f'" ".join({name})',
            "__add__": lambda: f"({name} + {self.leaf(TEXT)})",
            "__getattr__": lambda: f"{name}.{self.choose(['red', 'blue'])}",
        }
        return forms[special]

    def call(self, function: Function, depth: int, receiver: str = "") -> str:
        """Write a call of a function."""
        given: list[str] = []
        named: list[str] = []
        short = False
        for name, kind, how in function.parameters:
            if how in ("star", "default"):
                short = short or self.chance(0.3)
            if how == "star" and not short:
                given += [self.expression(kind.parts[0], depth) for _ in range(self.random.randrange(1, 3))]
            elif how == "pairs":
                named += [f"{key}={self.expression(kind.parts[0], depth)}" for key in ("k0", "k1")]
            elif how == "named":
                named.append(f"{name}={self.expression(kind, depth)}")
            elif how == "plain" or not short:
                given.append(self.expression(kind, depth))
        text = f"{receiver}{function.name}({', '.join(given + named)})"
        if function.kind == "async":
            self.imports.add("asyncio")
            return f"asyncio.run({text})"
        if function.kind == "generator":
            return f"next({text}, {self.leaf(function.result)})"
        return text
