from __future__ import annotations

import sys

import pytest

from support.command import Run


def test_without_pygls_the_command_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("purposelint.lsp.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("lsprotocol", "pygls"):
        monkeypatch.setitem(sys.modules, name, None)
    result = run("lsp")
    assert (result.status, result.out) == (2, "")
    assert result.err == "the language server needs pygls: pip install 'purposelint[lsp]'\n"
