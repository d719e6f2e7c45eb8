"""What no analyser gets below: python benchmarks/floors.py hash|index|parse FOLDER [FILES]

Reads every Python file of FOLDER (or those that the file FILES lists) in one process, and does nothing else with it
than its name says.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(what: str, folder: Path, listed: Path | None) -> int:
    """Do it."""
    paths = [folder / line for line in listed.read_text("utf-8").splitlines()] if listed else _python_files(folder)
    sources = (path.read_bytes() for path in paths)
    if what == "hash":
        import hashlib  # noqa: PLC0415

        for source in sources:
            hashlib.blake2b(source).digest()
    elif what == "index":
        from purposelint.project.identifiers import identifiers  # noqa: PLC0415

        files_of: dict[bytes, list[int]] = {}
        for number, source in enumerate(sources):
            for identifier in identifiers(source):
                files_of.setdefault(identifier, []).append(number)
    else:
        import libcst  # noqa: PLC0415

        for source in sources:
            try:
                libcst.parse_module(source)
            except Exception as error:  # as an analyser it would go on
                print(type(error).__name__, file=sys.stderr)
    return 0


def _python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None))
