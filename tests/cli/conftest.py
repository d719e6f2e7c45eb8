from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.cli import main
from support.command import Result, Run
from support.small_project import FILES, write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, as the working folder."""
    root = tmp_path / "project"
    write(root, FILES)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command in this process."""

    def command(*args: str) -> Result:
        capfdbinary.readouterr()
        analyses = not {"--version", "--help"} & set(args) and args[:1] not in (("rules",), ("cache",), ("lsp",))
        with pytest.raises(SystemExit) as end:
            main([*args, "--jobs", "1"] if analyses else args)
        out, err = capfdbinary.readouterr()
        status = end.value.code
        assert isinstance(status, int)
        return Result(status, out.decode("utf-8"), err.decode("utf-8"))

    return command
