"""Projects of many modules, made by a seed: data that wanders from module to module in every way an import allows.

Every module hands what it is given to others: by a function, a method of a class, a global variable, a list, an
attribute that is set by its name, a decorator, a callback. Some of it begins at a source and some of it ends at a sink.
Names are taken from a small stock, so that the index finds many modules that have nothing to do with each other, and
are spelled in ways that the index must see through.
"""

from __future__ import annotations

import random
from collections.abc import Callable

ANNOTATIONS = """\
[purposes]
security = "Protect accounts"
advertising = "Choose adverts"

[[source]]
id = "phone"
match = "people.Person.phone"
purposes = ["security"]

[[sink]]
id = "adverts"
match = "adverts.send()"
purpose = "advertising"
"""

_VERBS = ("load", "push", "handle", "render", "notify")
_NOUNS = ("order", "ticket", "basket", "journal")


def project(seed: int, modules: int) -> dict[str, str]:
    """The files of a project with so many modules, the annotations too."""
    chance = random.Random(seed)
    files = {
        "purposes.toml": ANNOTATIONS,
        "people.py": "class Person:\n    phone: str\n    name: str\n",
        "adverts.py": "def send(value):\n    pass\n",
    }
    names = [_path(chance, number) for number in range(modules)]
    for number, name in enumerate(names):
        files[name] = _module(chance, number, names)
    for name in names:
        folder = name.rpartition("/")[0]
        while folder:
            files.setdefault(f"{folder}/__init__.py", "")
            folder = folder.rpartition("/")[0]
    return files


def _path(chance: random.Random, number: int) -> str:
    folder = chance.choice(("", "shop/", "shop/stock/", "jobs/"))
    return f"{folder}{chance.choice(_NOUNS)}{number}.py"


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _function(number: int) -> str:
    """What module ``number`` calls its way in: the same names come back in other modules."""
    return f"{_VERBS[number % len(_VERBS)]}_{_NOUNS[number % len(_NOUNS)]}"


def _module(chance: random.Random, number: int, names: list[str]) -> str:
    """One module: it defines its way in, which hands on to modules with larger numbers."""
    later = list(range(number + 1, len(names)))
    following = sorted(chance.sample(later, min(len(later), chance.choice((0, 1, 1, 2)))))
    lines = ["from __future__ import annotations", "import adverts", "from people import Person"]
    for other in following:
        lines.append(f"from {_dotted(names[other])} import {_function(other)} as next_{other}")
        lines.append(f"import {_dotted(names[other])} as module_{other}")
    lines += ["", "kept = []", "current = None", ""]
    lines += ["", "class Carrier:", "    def __init__(self, load):", "        self.load = load", "", "", "def same(f):"]
    lines += ["    return lambda value: f(value)", "", ""]
    name = _function(number)
    if chance.random() < 0.2:
        lines.append("@same")
    lines.append(f"def {name}(value):")
    body: list[str] = []
    for other in following:
        body += chance.choice(_WAYS)(other, _function(other))
    if chance.random() < 0.25:
        body.append("    adverts.send(value)")
    if chance.random() < 0.25:
        body += ["    global current", "    current = value", "    kept.append(value)"]
    lines += [*(body or ["    pass"]), "    return value", ""]
    if chance.random() < 0.3:
        first = chance.choice(("person.phone", "person.phone", "person.name", "getattr(person, 'pho' 'ne')"))
        lines += ["", f"def begin_{number}(person: Person):", f"    {name}({first})", ""]
    if chance.random() < 0.2:
        lines += ["", f"def read_{number}():", "    adverts.send(current)", "    adverts.send(kept[0])", ""]
    if following and chance.random() < 0.3:
        other = following[0]
        lines += ["", f"def peek_{number}():", f"    adverts.send(module_{other}.current)", ""]
    return "\n".join(lines)


def _call(other: int, _name: str) -> list[str]:
    return [f"    next_{other}(value)"]


def _through_an_object(other: int, _name: str) -> list[str]:
    return ["    carrier = Carrier(value)", f"    next_{other}(carrier.load)"]


def _by_name(other: int, name: str) -> list[str]:
    return [f"    getattr(module_{other}, '\\x{ord(name[0]):02x}' '{name[1:]}')(value)"]


def _in_a_list(other: int, _name: str) -> list[str]:
    return [f"    for each in [value]:\n        next_{other}(each)"]


def _as_an_argument(other: int, _name: str) -> list[str]:
    return [f"    list(map(next_{other}, [value]))"]


def _result(other: int, name: str) -> list[str]:
    return [f"    value = module_{other}.{name}(value)"]


_WAYS: tuple[Callable[[int, str], list[str]], ...] = (
    _call,
    _through_an_object,
    _by_name,
    _in_a_list,
    _as_an_argument,
    _result,
)
