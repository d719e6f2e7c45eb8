"""Which file a module's name means, as Python's import would find it.

A project's files do not say where ``sys.path`` points. A file is importable under its path
from every plausible import root: the folder above its outermost package (with
``__init__.py``), the project's root, and the folders between. An absolute import is tried
from the importing file's own import root first, then from the folders above it, then from
any import root at which the name leads to exactly one file. A folder with a `manage.py`
is an import root even where it is a package too: Python puts a script's folder first.
"""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname

SCRIPT = "manage.py"
"""The script that projects are run by, and that their code leaves it to find their modules from."""


class Modules:
    """The modules of a project, by path and by name."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = frozenset(paths)
        folders: set[str] = {""}
        for path in paths:
            folder = dirname(path)
            while folder and folder not in folders:
                folders.add(folder)
                folder = dirname(folder)
        self._folders = folders
        self._run_in = frozenset(dirname(path) for path in paths if path.rpartition("/")[2] == SCRIPT)
        self._by_first: dict[str, list[str]] = {}
        for folder in sorted(folders):
            if folder:
                self._by_first.setdefault(folder.rpartition("/")[2], []).append(dirname(folder))
        for path in sorted(paths):
            self._by_first.setdefault(_stem(path), []).append(dirname(path))
        self._resolved: dict[tuple[str, str, str], str | None] = {}
        self._roots: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def root_of(self, path: str) -> str:
        """The import root of a file: the folder above its outermost package. Asked once: the paths stay the same."""
        root = self._roots.get(path)
        if root is None:
            root = dirname(path)
            while root and f"{root}/__init__.py" in self._paths:
                root = dirname(root)
            self._roots[path] = root
        return root

    def name_of(self, path: str) -> str:
        """The dotted name of a file's module, seen from its import root."""
        root = self.root_of(path)
        name = _unsuffixed(path[len(root) :].lstrip("/")).replace("/", ".")
        return name.removesuffix(".__init__") if name != "__init__" else dirname(path).replace("/", ".")

    def names_of(self, path: str) -> tuple[str, ...]:
        """Every dotted name under which a file may be known: from its import root, and from the project's.

        Asked once, for the same reason as `root_of`.
        """
        known = self._names.get(path)
        if known is None:
            known = self._names[path] = self._names_of(path)
        return known

    def _names_of(self, path: str) -> tuple[str, ...]:
        own = self.name_of(path)
        full = _unsuffixed(path).removesuffix("/__init__").replace("/", ".")
        above = (folder for folder in self._run_in if path.startswith(f"{folder}/"))
        below = [full.removeprefix(f"{folder.replace('/', '.')}.") for folder in above]
        names = [own]
        for name in (full, full.removeprefix("src."), *sorted(below)):
            if name not in names:
                names.append(name)
        return tuple(names)

    def at(self, folder: str, name: str) -> str | None:
        """The file (or ``folder/`` of a namespace package) of a dotted name below a folder."""
        base = name.replace(".", "/")
        full = f"{folder}/{base}" if folder else base
        if f"{full}/__init__.py" in self._paths:
            return f"{full}/__init__.py"
        if f"{full}.py" in self._paths:
            return f"{full}.py"
        return f"{full}/" if full in self._folders else None

    def absolute(self, importer: str, name: str) -> str | None:
        """The file that ``import name`` finds from a file; None when it is not in the project."""
        root = self.root_of(importer)
        # A file does not import itself: `import queue` in jobs/queue.py means another one. By a dotted name it may:
        # `from shop.records import guests` in shop/records/__init__.py.
        own = importer if "." not in name and _stem(importer) in ("__init__", name) else ""
        key = (root, own, name)
        if key not in self._resolved:
            self._resolved[key] = self._absolute(own, root, name)
        return self._resolved[key]

    def _absolute(self, own: str, root: str, name: str) -> str | None:
        namespace: str | None = None
        folder = root
        while True:
            found = self.at(folder, name)
            if found and found != own:
                if not found.endswith("/"):
                    return found
                namespace = namespace or found
            if not folder:
                break
            folder = dirname(folder)
        roots = sorted(
            {candidate for candidate in self._by_first.get(name.partition(".")[0], ()) if not self._inside(candidate)}
        )
        places = [place for place in (self.at(candidate, name) for candidate in roots) if place]
        files = [place for place in places if not place.endswith("/") and place != own]
        if len(files) == 1:
            return files[0]
        return namespace or (places[0] if len(places) == 1 and places[0] != own and "." in name else None)

    def _inside(self, folder: str) -> bool:
        """Whether a folder is a package, so that no import starts there."""
        return f"{folder}/__init__.py" in self._paths and folder not in self._run_in

    def relative(self, importer: str, level: int, name: str) -> str | None:
        """The file that ``from ..name import`` means."""
        folder = dirname(importer)
        for _ in range(level - 1):
            folder = dirname(folder)
        if not name:
            if f"{folder}/__init__.py" in self._paths:
                return f"{folder}/__init__.py"
            return f"{folder}/" if folder in self._folders else None
        return self.at(folder, name)

    def child(self, path: str, name: str) -> str | None:
        """The submodule ``name`` of a package, given by its ``__init__.py`` or its folder."""
        if path.endswith("/__init__.py") or path == "__init__.py":
            return self.at(dirname(path), name)
        return self.at(path.rstrip("/"), name) if path.endswith("/") else None

    def defines_top(self, name: str) -> bool:
        """Whether some import root of the project has a module or package of this name."""
        return name in self._by_first


def _stem(path: str) -> str:
    """The name of a file without its folder and ``.py``."""
    return path.rpartition("/")[2].removesuffix(".py")


def _unsuffixed(path: str) -> str:
    """A path without its suffix. A notebook has a name as a module has, though no import finds it."""
    return path.removesuffix(".py").removesuffix(".ipynb")
