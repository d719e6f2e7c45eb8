"""The builtins of the newest Python that is read, whatever Python runs the analysis."""

from __future__ import annotations

import builtins as host
import sys
from types import SimpleNamespace

_NEWER = (
    ("BaseExceptionGroup", ("BaseException",)),
    ("ExceptionGroup", ("BaseExceptionGroup", "Exception")),
    ("PythonFinalizationError", ("RuntimeError",)),
)
"""Builtin classes that a supported Python may not have yet, with their bases."""

_METHODS = ("derive", "split", "subgroup")


def _newest() -> SimpleNamespace:
    names: dict[str, object] = dict(vars(host))
    for name, bases in _NEWER:
        if name not in names:
            inherited = tuple(base for each in bases if isinstance(base := names[each], type))
            members = dict.fromkeys(_METHODS) if name == "BaseExceptionGroup" else {}
            names[name] = type(name, inherited, members)
    return SimpleNamespace(**names)


def has(python: type, name: str) -> bool:
    """Whether a builtin type has an attribute, in the newest Python at least."""
    return hasattr(python, name) or (name == "add_note" and issubclass(python, BaseException))


PYTHON_MODULES = frozenset(sys.stdlib_module_names) | {
    "asynchat",
    "asyncore",
    "cgi",
    "compression",
    "distutils",
    "imp",
    "smtpd",
    "telnetlib",
    "tomllib",
}
"""The modules of Python's own library, of older and newer versions too."""

builtins = _newest()
"""To be asked for a builtin by its name, as the module is."""
