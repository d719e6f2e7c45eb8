"""Check the rule packs against the packages they speak of: python scripts/check_rules.py [PACK ...]

Downloads each package that an entry names in `checked` (with pip, into a temporary folder, in that very version,
without dependencies), and looks whether the line at `at` defines a name that the entry's patterns end in, and whether
the package defines the last names of all its patterns at all. Entries for the package "python" are looked up in the
standard library that runs this script, when it is of that version.

Prints what is wrong and ends with 1; prints how much was checked and ends with 0.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

RULES = Path(__file__).resolve().parents[1] / "rules"
KINDS = ("source", "sink", "gate", "transform", "passthrough")
DEFINES = r"^\s*(?:(?:async\s+)?def\s+{name}\s*[(\[]|class\s+{name}\b|(?:self\.)?{name}\s*(?::[^=]|=[^=]))"


@dataclass(frozen=True)
class Entry:
    """An entry of a pack: where it stands, the last names of its patterns, where they are defined."""

    pack: str
    label: str
    names: tuple[str, ...]
    package: str
    version: str
    path: str
    line: int

    def fault(self, root: Path) -> str | None:
        """What is wrong with it, given the package's files."""
        file = root / self.path
        if not file.is_file():
            return f"{self.package} {self.version} has no {self.path}"
        lines = file.read_text("utf-8").splitlines()
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        if not any(defines(name, line) for name in self.names):
            return f"{self.path}:{self.line} defines none of {', '.join(self.names)}: {line.strip()}"
        missing = [name for name in self.names if not any(defines(name, each) for each in all_lines(root))]
        return f"{self.package} {self.version} nowhere defines {', '.join(missing)}" if missing else None


def main(chosen: list[str]) -> int:
    """Check the chosen packs, or all."""
    found = list(entries(chosen))
    faults: list[str] = []
    packages: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in found:
        packages[entry.package, entry.version].append(entry)
    with tempfile.TemporaryDirectory() as folder:
        for (package, version), its in sorted(packages.items()):
            try:
                root = files_of(package, version, Path(folder))
            except LookupError as error:
                faults.append(str(error))
                continue
            faults += [f"{each.pack}: {each.label}: {fault}" for each in its if (fault := each.fault(root))]
    print("\n".join(faults) if faults else f"{len(found)} entries of {len(packages)} packages are as they say")
    return 1 if faults else 0


def entries(chosen: list[str]) -> Iterator[Entry]:
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
    match, checked = table["match"], table["checked"]
    assert isinstance(checked, dict)
    patterns = [match] if isinstance(match, str) else match
    assert isinstance(patterns, list)
    path, _, line = str(checked.get("at", "")).partition(":")
    label = str(table.get("id") or patterns[0])
    names = tuple(dict.fromkeys(last_name(pattern) for pattern in patterns))
    return Entry(pack, label, names, checked["package"], checked["version"], path, int(line or 0))


def last_name(pattern: str) -> str:
    """The last name of a pattern, without its call or keys."""
    return re.sub(r"(\([^()]*\)|\[[^\[\]]*\]|\s*-> return)+$", "", pattern).rpartition(".")[2].lstrip("@")


def defines(name: str, line: str) -> bool:
    """Whether a line of code defines a name."""
    return name in line and re.match(DEFINES.format(name=re.escape(name)), line) is not None


@cache
def all_lines(root: Path) -> tuple[str, ...]:
    """All lines of Python below a folder that may define something."""
    files = sorted(root.rglob("*.py"))
    lines = (line for file in files for line in file.read_text("utf-8", "replace").splitlines())
    return tuple(line for line in lines if re.match(r"\s*(async|def|class|self\.|\w+\s*[:=])", line))


def files_of(package: str, version: str, folder: Path) -> Path:
    """The folder with a package's files; LookupError when it cannot be had."""
    if package == "python":
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        if running != version:
            raise LookupError(f"entries for Python {version} are checked by that Python; this is {running}")
        return Path(sysconfig.get_paths()["stdlib"])
    target = folder / f"{package}-{version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(target)]
    run = subprocess.run([*command, f"{package}=={version}"], capture_output=True, text=True, check=False)
    if run.returncode:
        raise LookupError(f"{package} {version} cannot be downloaded: {run.stderr.strip().splitlines()[-1]}")
    (archive,) = target.iterdir()
    root = target / "files"
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(root)
        return root
    with tarfile.open(archive) as source:
        source.extractall(root, filter="data")
    (inner,) = root.iterdir()
    return inner


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
