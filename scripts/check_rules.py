"""Check the rule packs against the packages they speak of: python scripts/check_rules.py [--keep FOLDER] [PACK ...]

Downloads each package that an entry names in `checked` (with pip, in that very version, without dependencies), into a
temporary folder or one that is kept for the next time, and looks whether what stands at `at` is what the entry says:

- a line of Python (`package/module.py:12`, or a stub) defines a name that the entry's patterns end in, or, where a
  library makes its methods when they are asked for, calls one as the pattern does;
- for an entry that is told by its address (`where` with a `url`), the line has the host of one;
- a description in JSON (`botocore/data/s3/2006-03-01/service-2.json.gz`) has the operations or actions from which a
  library makes the methods that the patterns end in.

It also looks whether the package defines the last names and the classes of all its patterns at all. Entries for the
package "python" are looked up in the standard library that runs this script, when it is of that version.

Prints what is wrong and ends with 1; prints how much was checked and ends with 0.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

RULES = Path(__file__).resolve().parents[1] / "rules"
KINDS = ("source", "sink", "gate", "transform", "passthrough")
DEFINES = r"^\s*(?:(?:async\s+)?def\s+{name}\s*[(\[]|class\s+{name}\b|(?:self\.)?{name}\s*(?::[^=]|=[^=]))"
IMPORTS = re.compile(r"(?:\bas\s+|^\s*|import\s+|,\s*)([A-Z]\w*)(?=\s*(?:,|\)|$|#))", re.MULTILINE)
STUBS = "mypy_boto3_"
"""Stub packages, by whose names the clients of boto3 are called: their classes are in no package that is looked at."""


@dataclass(frozen=True)
class Entry:
    """An entry of a pack: where it stands, the names in its patterns or the hosts of its addresses, and their place.

    ``names`` are the last names of the patterns, ``classes`` what else in them begins with a capital letter, ``calls``
    their last three names as a call. ``line`` is 0 for a file that has no lines to speak of.
    """

    pack: str
    label: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    calls: tuple[str, ...]
    hosts: tuple[str, ...]
    package: str
    version: str
    path: str
    line: int

    def fault(self, root: Path) -> str | None:
        """What is wrong with it, given the package's files."""
        file = root / self.path
        if not file.is_file():
            return f"{self.package} {self.version} has no {self.path}"
        if not self.line:
            missing = [name for name in self.names if camel_case(name) not in operations(file)]
            return f"{self.path} describes no {', '.join(missing)}" if missing else None
        lines = file.read_text("utf-8").splitlines()
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        if self.hosts:
            return None if any(host in line for host in self.hosts) else f"{self.path}:{self.line} has no such address"
        if any(call.count(".") == 2 and call in line for call in self.calls):
            return None
        if not any(defines(name, line) for name in self.names):
            return f"{self.path}:{self.line} defines none of {', '.join(self.names)}: {line.strip()}"
        known = defined_names(root)
        missing = [name for name in (*self.names, *self.classes) if name not in known]
        return f"{self.package} {self.version} nowhere defines {', '.join(missing)}" if missing else None


def main(arguments: list[str]) -> int:
    """Check the chosen packs, or all."""
    kept = Path(arguments[1]) if arguments[:1] == ["--keep"] and len(arguments) > 1 else None
    found = list(entries(arguments[2:] if kept else arguments))
    faults: list[str] = []
    packages: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in found:
        packages[entry.package, entry.version].append(entry)
    with tempfile.TemporaryDirectory() as folder:
        for (package, version), its in sorted(packages.items()):
            try:
                root = files_of(package, version, kept or Path(folder))
            except LookupError as error:
                faults.append(str(error))
                continue
            faults += [f"{each.pack}: {each.label}: {fault}" for each in its if (fault := each.fault(root))]
    print("\n".join(faults) if faults else f"{len(found)} entries of {len(packages)} packages are as they say")
    return 1 if faults else 0


def entries(chosen: Sequence[str]) -> Iterator[Entry]:
    """The entries that say where they were checked."""
    for path in sorted(RULES.glob("*.toml")):
        pack = tomli.loads(path.read_text("utf-8"))
        if chosen and path.stem not in chosen:
            continue
        for kind in KINDS:
            for table in pack.get(kind, ()):
                if "checked" in table:
                    yield entry_of(path.name, table)


def entry_of(pack: str, table: dict[str, object]) -> Entry:
    """An entry as it is written."""
    checked, where = table["checked"], table.get("where", {})
    assert isinstance(checked, dict)
    assert isinstance(where, dict)
    patterns = strings(table.get("match", []))
    path, _, line = str(checked.get("at", "")).partition(":")
    label = str(table.get("id") or patterns[0])
    names = tuple(dict.fromkeys(map(last_name, patterns)))
    classes = tuple(dict.fromkeys(name for pattern in patterns for name in class_names(pattern) if name not in names))
    calls = tuple(".".join(pattern.partition("(")[0].split(".")[-3:]) + "(" for pattern in patterns if "(" in pattern)
    hosts = tuple(host for url in strings(where.get("url", [])) for host in hosts_of(url))
    return Entry(
        pack, label, names, classes, calls, hosts, checked["package"], checked["version"], path, int(line or 0)
    )


def strings(value: object) -> list[str]:
    """A string or a list of them, as a list."""
    return [value] if isinstance(value, str) else [each for each in value if isinstance(each, str)]  # type: ignore[attr-defined]


def last_name(pattern: str) -> str:
    """The last name of a pattern, without its call or keys."""
    return re.sub(r"(\([^()]*\)|\[[^\[\]]*\]|\s*-> return)+$", "", pattern).rpartition(".")[2].lstrip("@")


def class_names(pattern: str) -> list[str]:
    """The names in a pattern that look like a class's."""
    names = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", pattern).split(".")
    return [] if pattern.startswith(STUBS) else [name for name in names if re.match(r"[A-Z]\w*[a-z]", name)]


def hosts_of(url: str) -> list[str]:
    """The host of an address, as far as it is no wildcard."""
    found = re.match(r"https?://([^/]+)", url)
    return [found[1].rpartition("*")[2]] if found else []


def camel_case(name: str) -> str:
    """The operation that a method is called after."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


@cache
def operations(file: Path) -> frozenset[str]:
    """The operations of a service, or the actions of its resources."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    described = json.loads(content)
    resources = [described.get("service", {}), *described.get("resources", {}).values()]
    return frozenset(
        [*described.get("operations", ()), *(name for each in resources for name in each.get("actions", ()))]
    )


def defines(name: str, line: str) -> bool:
    """Whether a line of code defines a name."""
    return name in line and re.match(DEFINES.format(name=re.escape(name)), line) is not None


@cache
def defined_names(root: Path) -> frozenset[str]:
    """All names that some file of Python below a folder defines; of classes, those that it imports too."""
    found: set[str] = set()
    for file in sorted([*root.rglob("*.py"), *root.rglob("*.pyi")]):
        text = file.read_text("utf-8", "replace")
        found.update(re.findall(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)", text, re.MULTILINE))
        found.update(re.findall(r"^\s*(?:self\.)?(\w+)\s*(?::[^=\n]|=[^=])", text, re.MULTILINE))
        found.update(IMPORTS.findall(text))
    return frozenset(found)


def files_of(package: str, version: str, folder: Path) -> Path:
    """The folder with a package's files; LookupError when it cannot be had."""
    if package == "python":
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        if running != version:
            raise LookupError(f"entries for Python {version} are checked by that Python; this is {running}")
        return Path(sysconfig.get_paths()["stdlib"])
    target = folder / f"{package}-{version}"
    root = target / "files"
    if not root.is_dir():
        download(package, version, target)
        (archive,) = (path for path in target.iterdir() if path.is_file())
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(root)
        else:
            with tarfile.open(archive) as source:
                source.extractall(root, filter="data")
    inner = list(root.iterdir())
    return inner[0] if len(inner) == 1 and (inner[0] / "PKG-INFO").is_file() else root


def download(package: str, version: str, target: Path) -> None:
    """Download a package's wheel or source archive; LookupError when it cannot be had."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(target)]
    run = subprocess.run([*command, f"{package}=={version}"], capture_output=True, text=True, check=False)
    if run.returncode:
        raise LookupError(f"{package} {version} cannot be downloaded: {run.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
