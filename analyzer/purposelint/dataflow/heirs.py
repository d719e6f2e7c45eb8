"""Who inherits from a class, overrides its methods or implements them: by inheritance, a Protocol, or by being said to.

Classes are found through the identifier index: who inherits from a class names it. A class that nobody names
costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposelint.dataflow import classes
from purposelint.dataflow.values import Atom, External, Native, Ref, Some, Value, ref
from purposelint.facts import syntax as s
from purposelint.facts.walking import nodes

if TYPE_CHECKING:
    from purposelint.dataflow.frame import Frame
    from purposelint.dataflow.machine import Machine

MAX_FILES = 60
"""Files that name a class; where more do, those who inherit from it are not looked for."""
MAX_BY_NAME = 40
"""Classes that are found to inherit, by name, from one."""
MAX_OVERRIDES = 16
"""Overriding methods that one read may reach."""
MAX_HEIRS = 12
"""Implementations of one method; where there are more, the call stays unknown."""
MAX_TEMPLATES = 4
"""Heirs for which a method that leaves them several steps is run apart; where there are more, these are mixed."""
PLAIN = frozenset({"object", "ABC", "ABCMeta", "Generic", "Protocol"})
"""Bases that add nothing to what an instance is."""
HEIR = "heir"
"""Marks an instance of which only the class is known, where it is taken to be one heir's (`Obj.data`)."""


Definition = tuple[str, int]
"""The file of a class or function, and its number there."""


def base_names(cls: s.Class) -> list[str]:
    """The last names of what a class inherits from, its metaclass among them."""
    given = (argument.value for argument in cls.bases)
    named = (each.value if isinstance(each, s.Subscript) else each for each in given)
    return [
        each.name if isinstance(each, s.Name) else each.attr for each in named if isinstance(each, s.Name | s.Attribute)
    ]


def is_abstract(function: s.Function) -> bool:
    """Whether a function's body does nothing but, at most, raise `NotImplementedError`."""
    if any(_name(expr).startswith("abstract") for expr in function.decorators):
        return True
    if any(_name(expr) == "overload" for expr in function.decorators):
        return False
    return all(_says_nothing(statement) for statement in function.body)


def is_stub(function: s.Function) -> bool:
    """Whether a function has an empty body, though it is said to give something: its code is elsewhere."""
    returns = function.returns
    return not function.body and returns is not None and not (isinstance(returns, s.Const) and returns.value is None)


def _says_nothing(statement: s.Statement) -> bool:
    if isinstance(statement, s.ExprStatement):
        return isinstance(statement.value, s.Const)
    if isinstance(statement, s.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, s.Call) else statement.exc
        return _name(raised) == "NotImplementedError"
    return False


def _name(expr: s.Expr) -> str:
    expr = expr.func if isinstance(expr, s.Call) else expr
    return expr.name if isinstance(expr, s.Name) else expr.attr if isinstance(expr, s.Attribute) else ""


def _steps(function: s.Function) -> list[str]:
    """The methods of its own instance that a method calls."""
    own = function.params[0].name
    return sorted(
        {
            node.func.attr
            for node in nodes(function.body)
            if isinstance(node, s.Call)
            and isinstance(node.func, s.Attribute)
            and isinstance(node.func.value, s.Name)
            and node.func.value.name == own
        }
    )


class Heirs:
    """Finds implementations, and remembers them."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._classes: dict[int, tuple[int, ...]] = {}
        self._implementers: dict[int, list[tuple[str, int]]] = {}
        self._names: dict[str, tuple[tuple[str, Definition], ...]] = {}
        self._overrides: dict[tuple[str, str], tuple[Definition, ...]] = {}
        self._templates: dict[tuple[int, Definition], tuple[int, ...]] = {}
        # Names by which so many inherit that not all were found.
        self._incomplete: set[str] = set()

    def note(self, cls: tuple[str, int], interface: int) -> None:
        """Remember that a class (file and number) was said to implement an interface, by a decorator."""
        known = self._implementers.setdefault(interface, [])
        if cls not in known:
            known.append(cls)
            self._classes.pop(interface, None)

    def implementations(self, frame: Frame, cls: int, function: s.Function) -> list[int]:
        """The function objects that implement a method of a class; none where they are too many to mean something."""
        found: list[int] = []
        heirs = self.classes(frame, cls)
        if self._is_protocol(frame, cls):
            heirs = (*heirs, *self._followers(frame, cls, function))
        for heir in heirs:
            value = classes.lookup_in(frame, ref(heir), function.name)
            for atom in value.atoms if value is not None else ():
                if type(atom) is Ref and frame.get(atom.oid).kind == "function" and atom.oid not in found:
                    path, number = frame.get(atom.oid).data[:2]
                    facts = self._machine.facts(str(path))
                    if facts is not None and not is_abstract(facts.functions[int(str(number))]):
                        found.append(atom.oid)
        return found if len(found) <= MAX_HEIRS else []

    def classes(self, frame: Frame, cls: int) -> tuple[int, ...]:
        """The classes that inherit from one or were said to implement it; their files are run for it."""
        known = self._classes.get(cls)
        if known is not None:
            return known
        self._classes[cls] = ()
        name = str(frame.get(cls).trails[0][-1]) if frame.get(cls).trails else ""
        said = self._implementers.get(cls, [])
        found: list[int] = []
        for place in (*(place for _, place in self.of(name)), *said) if name else said:
            self._machine.loader.load(place[0])
            oid = self._machine.classes.get(place)
            if oid is not None and oid not in found and (place in said or ref(cls) in classes.mro(frame, ref(oid))):
                found.append(oid)
        self._classes[cls] = tuple(found)
        return self._classes[cls]

    def of_template(self, frame: Frame, cls: int, definition: Definition, function: s.Function) -> tuple[int, ...]:
        """The heirs that a method is run for one by one, since it leaves several steps to them."""
        key = (cls, definition)
        known = self._templates.get(key)
        if known is None:
            self._templates[key] = ()
            known = self._templates[key] = tuple(self._of_template(frame, cls, function))
        return known

    def _of_template(self, frame: Frame, cls: int, function: s.Function) -> list[int]:
        path, number = str(frame.get(cls).data[0]), frame.get(cls).data[1]
        facts = self._machine.facts(path) if isinstance(number, int) and not path.startswith("<") else None
        if facts is None or not isinstance(number, int) or not function.params:
            return []
        names = [
            name
            for name in _steps(function)
            if self.overriding(facts.classes[number].name, name) and self._is_left_open(frame, cls, name)
        ]
        if len(names) < 2:
            return []
        heirs = self.classes(frame, cls)
        found = [heir for heir in heirs if not any(self._is_left_open(frame, heir, name) for name in names)]
        if not 1 < len(found) <= MAX_TEMPLATES:
            return []
        # One that lacks a step may have it of a library; unless it is there to be inherited from, it may be the one.
        whole = {atom for heir in found for atom in classes.mro(frame, ref(heir))}
        return found if all(ref(heir) in whole for heir in heirs) else []

    def _is_left_open(self, frame: Frame, cls: int, name: str) -> bool:
        """Whether a class says nothing of a method, or only that there is one."""
        value = classes.lookup_in(frame, ref(cls), name)
        if value is None:
            return True
        for atom in value.atoms:
            if type(atom) is not Ref or frame.get(atom.oid).kind != "function":
                return False
            path, number = frame.get(atom.oid).data[:2]
            facts = self._machine.facts(str(path))
            if facts is None or not is_abstract(facts.functions[int(str(number))]):
                return False
        return True

    def _is_protocol(self, frame: Frame, cls: int) -> bool:
        order = classes.mro(frame, ref(cls))
        return any(type(each) is External and each.trail[-1] == "Protocol" for each in order)

    def _followers(self, frame: Frame, cls: int, function: s.Function) -> list[int]:
        """Classes that have all that a Protocol asks for, the method with the same number of parameters."""
        wanted = [name for name in frame.get(cls).attrs if not name.startswith(("_", "<"))]
        found = []
        for oid in self._machine.by_name.methods(function.name):
            _, _, _, owner = frame.get(oid).data[:4]
            path, number = frame.get(oid).data[:2]
            facts = self._machine.facts(str(path))
            if facts is None or not isinstance(owner, int) or owner in (-1, cls):
                continue
            params = facts.functions[int(str(number))].params
            if len(params) < len(function.params) and not any(param.kind in ("args", "kwargs") for param in params):
                continue
            if all(classes.lookup_in(frame, ref(owner), name) is not None for name in wanted):
                found.append(owner)
        return found

    def are_apart(self, frame: Frame, one: Atom, other: Atom) -> bool:
        """Whether nothing is an instance of both of two classes, the first of the project: none inherits from both."""
        if type(other) is Native:
            return self._is_apart_from_builtins(frame, one)
        families: list[set[Definition]] = []
        for cls in (one, other):
            obj = frame.get(cls.oid) if type(cls) is Ref else None
            if obj is None or obj.kind != "class" or not obj.trails or str(obj.data[0])[:1] == "<":
                return False
            if not isinstance(obj.data[1], int):  # it is made by a call: `namedtuple`, `type`
                return False
            bases = classes.mro(frame, cls)
            if any(type(each) is Some or (type(each) is Ref and frame.get(each.oid).kind != "class") for each in bases):
                return False
            name = str(obj.trails[0][-1])
            families.append({(str(obj.data[0]), obj.data[1]), *(place for _, place in self.of(name))})
            if name in self._incomplete or name.startswith("<"):
                return False
        return families[0].isdisjoint(families[1])

    def _is_apart_from_builtins(self, frame: Frame, cls: Atom) -> bool:
        """Whether neither a class nor an heir of it inherits from more than its bases and their heirs say."""
        obj = frame.get(cls.oid) if type(cls) is Ref else None
        if obj is None or obj.kind != "class" or not obj.trails or str(obj.data[0])[:1] == "<":
            return False
        if not isinstance(obj.data[1], int) or classes.has_unknown_base(frame, Value((cls,))):
            return False
        name = str(obj.trails[0][-1])
        heirs = self.of(name)
        if name in self._incomplete:
            return False
        family = {name, *(heir for heir, _ in heirs), *PLAIN}
        for _, (path, number) in heirs:
            facts = self._machine.facts(path)
            if facts is None or not family.issuperset(base_names(facts.classes[number])):
                return False
        return True

    # --- by name ----------------------------------------------------------------------

    def of(self, name: str) -> tuple[tuple[str, Definition], ...]:
        """The classes whose bases or metaclass, or those of their bases, are written by a name; each with its own."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = tuple(self._find(name))
        return found

    def _find(self, name: str) -> list[tuple[str, Definition]]:
        found: dict[Definition, str] = {}
        queue = [name]
        for each in queue:
            paths = self._machine.program.defining("base", each)
            if len(paths) > MAX_FILES:
                self._incomplete.add(name)
                continue
            for path in paths:
                facts = self._machine.facts(path)
                for number, heir in enumerate(() if facts is None else facts.classes):
                    if (path, number) not in found and each in base_names(heir):
                        if len(found) == MAX_BY_NAME:
                            self._incomplete.add(name)
                            break
                        found[(path, number)] = heir.name
                        if heir.name not in queue:
                            queue.append(heir.name)
        return [(heir, definition) for definition, heir in found.items()]

    def overriding(self, cls: str, name: str) -> tuple[Definition, ...]:
        """The functions by which heirs of a class override, or add, a method."""
        key = (cls, name)
        found = self._overrides.get(key)
        if found is None:
            rows: list[Definition] = []
            for _, (path, number) in self.of(cls):
                facts = self._machine.facts(path)
                assert facts is not None
                if name in facts.classes[number].locals:
                    rows.extend(
                        (path, index)
                        for index, function in enumerate(facts.functions)
                        if function.cls == number and function.name == name
                    )
            found = self._overrides[key] = tuple(rows)
        return found
