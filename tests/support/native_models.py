"""Library models run as ordinary Python, so that they can be held beside the real library.

The analyser reads a model; here it is executed, with `support.native_intrinsics` in the part of
`purposelint_model`. `may_carry` runs a program again and again until all ways are tried (up to a
bound), and says whether marked data came out on any of them.
"""

from __future__ import annotations

import builtins
import heapq
import importlib
import types
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import tomli

from support.native_intrinsics import INTRINSICS, NUMBER, TEXT, Oracle, WayTooLong, ask, marked

RULES = Path(__file__).parents[2] / "rules"
_MAX_RUNS = 400


@cache
def models() -> Mapping[str, types.CodeType]:
    """The compiled code of every standard-library model, by module."""
    found: dict[str, types.CodeType] = {}
    for path in sorted(RULES.glob("stdlib_*.toml")):
        for entry in tomli.loads(path.read_text(encoding="utf-8")).get("model", []):
            assert entry["module"] not in found, f"two models of {entry['module']}"
            found[entry["module"]] = compile(entry["code"], f"{path.name}:{entry['module']}", "exec", dont_inherit=True)
    return found


class _Module(types.ModuleType):
    """A modelled module; a name that the model does not define is the real library's."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


class World:
    """Freshly loaded models, and programs that see them in place of the library."""

    def __init__(self) -> None:
        self._modules: dict[str, types.ModuleType] = {}
        self._builtins: dict[str, object] = {**vars(builtins), "__import__": self._import}
        intrinsics = types.ModuleType("purposelint_model")
        vars(intrinsics).update(INTRINSICS)
        self._modules["purposelint_model"] = intrinsics
        if "builtins" in models():
            model = self._load("builtins")
            self._builtins.update({name: value for name, value in vars(model).items() if not name.startswith("_")})
            for name in INTRINSICS:
                self._builtins.pop(name, None)

    def _load(self, name: str) -> types.ModuleType:
        if name not in self._modules:
            code = models().get(name)
            parts = name.split(".")
            inner = any(module.startswith(f"{name}.") for module in models())
            if code is None and not inner:
                return importlib.import_module(name)
            module = self._modules[name] = _Module(name)
            vars(module)["__builtins__"] = self._builtins
            if code is not None:
                exec(code, vars(module))
            if len(parts) > 1:
                setattr(self._load(".".join(parts[:-1])), parts[-1], module)
        return self._modules[name]

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> types.ModuleType:
        module = self._load(name)
        for item in fromlist or ():
            if f"{name}.{item}" in models():
                self._load(f"{name}.{item}")
        return module if fromlist else self._load(name.partition(".")[0])

    def module(self, name: str) -> types.ModuleType:
        """A model, loaded."""
        return self._load(name)

    def run(self, code: types.CodeType) -> object:
        """Execute a program and give what it left in ``out``."""
        namespace: dict[str, object] = {"__builtins__": self._builtins, "__name__": "program", "M": TEXT, "N": NUMBER}
        exec(code, namespace)
        return namespace["out"]


def carries(program: str) -> bool:
    """Whether marked data comes out when the program runs with the real library."""
    namespace: dict[str, object] = {"__name__": "program", "M": TEXT, "N": NUMBER}
    exec(compile(program, "<program>", "exec", dont_inherit=True), namespace)
    return marked(namespace["out"])


def _one_way(code: types.CodeType) -> bool | BaseException | None:
    try:
        return marked(World().run(code))
    except WayTooLong:
        return None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a cancelled task's is no Exception
        return error


def may_carry(program: str) -> bool:
    """Whether marked data comes out on any way through the program with the models.

    Raises the program's exception when no way came to its end.
    """
    code = compile(program, "<program>", "exec", dont_inherit=True)
    waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())]  # the shortest prefixes first
    ended, error, runs = False, None, 0
    while waiting and runs < _MAX_RUNS:
        runs += 1
        oracle = Oracle(heapq.heappop(waiting)[1])
        ask(oracle)
        outcome = _one_way(code)
        if outcome is True:
            return True
        if isinstance(outcome, BaseException):
            error = outcome
        elif outcome is False:
            ended = True
        for prefix in oracle.alternatives():
            heapq.heappush(waiting, (len(prefix), prefix))
    if not ended:
        raise error or AssertionError(f"no way to the end of:\n{program}")
    return False
