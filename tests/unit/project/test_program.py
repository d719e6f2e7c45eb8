from __future__ import annotations

from pathlib import Path

import pytest

from purposelint.facts.syntax import Module
from purposelint.project import reading
from purposelint.project.files import Contents, Unreadable
from purposelint.project.program import ProjectProgram


def write(root: Path, **files: bytes) -> list[str]:
    for name, source in files.items():
        (root / f"{name}.py").write_bytes(source)
    return sorted(f"{name}.py" for name in files)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose facts were read, in order."""
    paths: list[str] = []
    read_facts = reading.read_facts

    def counting(root: Path, path: str, contents: Contents) -> tuple[bytes, Module | None, Unreadable | None]:
        paths.append(path)
        return read_facts(root, path, contents)

    monkeypatch.setattr("purposelint.project.program.read_facts", counting)
    return paths


def test_facts_are_read_when_asked_for_and_once(tmp_path: Path, reads: list[str]) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, a=b"x = 1\n", b=b"y = 2\n"))
    assert reads == []
    first = program.facts("a.py")
    assert isinstance(first, Module)
    assert program.facts("a.py") is first
    assert reads == ["a.py"]


def test_a_file_that_does_not_parse_has_no_facts_and_the_others_have(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, bad=b"x = 1\ndef f(:\n", good=b"x = 1\n"))
    assert program.facts("bad.py") is None
    assert program.facts("good.py") is not None
    assert list(program.unreadable) == ["bad.py"]
    assert program.unreadable["bad.py"].line == 2


def test_a_file_that_does_not_decode_has_no_facts(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, bad=b"x = '\xff'\n"))
    assert program.facts("bad.py") is None
    assert "bad.py" in program.unreadable


def test_a_file_that_is_gone_has_no_facts_and_the_reason_is_told(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, ["gone.py"])
    assert program.facts("gone.py") is None
    assert "No such file" in program.unreadable["gone.py"].message


def test_a_file_that_is_generated_data_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purposelint.project.files.MAX_BYTES", 10)
    program = ProjectProgram(tmp_path, write(tmp_path, big=b"x = 1234567\n", small=b"x = 12345\n"))
    assert program.facts("big.py") is None
    assert "exclude" in program.unreadable["big.py"].message
    assert program.facts("small.py") is not None


def test_mentions_gives_the_files_that_name_it_sorted(tmp_path: Path) -> None:
    paths = write(tmp_path, b=b"user.phone\n", a=b"get('phone')\n", c=b"telephone\n")
    program = ProjectProgram(tmp_path, paths)
    assert list(program.mentions("phone")) == ["a.py", "b.py"]
    assert list(program.mentions("absent")) == []


def test_names_are_looked_up_in_any_spelling_that_python_takes_for_the_same(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, a="ｐｈｏｎｅ = 1\n".encode()))
    assert list(program.mentions("phone")) == ["a.py"]
    assert list(program.mentions("ｐｈｏｎｅ")) == ["a.py"]


def test_verify_finds_what_cannot_be_parsed_among_what_nobody_read(tmp_path: Path, reads: list[str]) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, bad=b"def f(:\n", good=b"x = 1\n", other=b"def f(:\n"))
    program.verify(["bad.py", "good.py"])
    assert list(program.unreadable) == ["bad.py"]
    assert reads == []


def test_verify_does_not_complain_of_syntax_that_only_the_host_python_does_not_know(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, new=b'x = t"{y}"\n', warned=b'x = "\\d" is 1\n'))
    program.verify(program.paths)
    assert program.unreadable == {}


def test_statistics_tell_what_was_read(tmp_path: Path) -> None:
    program = ProjectProgram(tmp_path, write(tmp_path, a=b"x = 1\n", b=b"y = 22\n"))
    assert program.statistics()["files indexed"] == 0
    program.mentions("x")
    program.facts("a.py")
    assert program.statistics() == {
        "files": 2,
        "files indexed": 2,
        "bytes indexed": 13,
        "files parsed": 1,
        "files unreadable": 0,
    }


@pytest.fixture
def many(tmp_path: Path) -> list[str]:
    return write(tmp_path, **{f"m{n:02}": f"x{n} = {n}\n".encode() for n in range(48)}, bad=b"def f(:\n")


def test_worker_processes_give_the_facts_that_one_process_gives(tmp_path: Path, many: list[str]) -> None:
    with ProjectProgram(tmp_path, many, jobs=2) as parallel, ProjectProgram(tmp_path, many) as alone:
        parallel.prefetch(many)
        assert parallel.effort()["files parsed by this run"] == len(many)
        assert {path: parallel.facts(path) for path in many} == {path: alone.facts(path) for path in many}
        assert parallel.unreadable == alone.unreadable


def test_prefetch_of_a_few_files_starts_no_process_and_reads_nothing(tmp_path: Path, reads: list[str]) -> None:
    with ProjectProgram(tmp_path, write(tmp_path, a=b"x = 1\n"), jobs=2) as program:
        program.prefetch(["a.py"])
        assert program.statistics()["files parsed"] == 0
    assert reads == []


def test_one_job_reads_in_this_process(tmp_path: Path, many: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("purposelint.project.workers.start_process", refuse)
    with ProjectProgram(tmp_path, many, jobs=1) as program:
        program.prefetch(many)
        assert program.facts("m00.py") is not None


def test_what_processes_find_out_meanwhile_is_what_one_process_finds_out(
    tmp_path: Path, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("purposelint.project.workers.WORTH_PROCESSES", {"facts": 40, "check": 2, "index": 2})
    (tmp_path / "held.py").write_bytes(b"x1 = (\n")
    paths = sorted([*many, "gone.py", "held.py"])
    held = {"held.py": b"x1 = 2\n"}
    with (
        ProjectProgram(tmp_path, paths, jobs=2, contents=held) as parallel,
        ProjectProgram(tmp_path, paths, contents=held) as alone,
    ):
        parallel.begin(verified=paths)
        for program in (parallel, alone):
            assert list(program.mentions("x1")) == ["held.py", "m01.py"]
            program.verify(paths)
            assert list(program.unreadable) == ["gone.py", "bad.py"]
        assert parallel.unreadable == alone.unreadable
        assert parallel.statistics() == alone.statistics()


def test_few_files_are_indexed_and_looked_at_in_this_process(
    tmp_path: Path, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "purposelint.project.workers.start_process",
        lambda *_args, **_options: pytest.fail("a process was started"),
    )
    with ProjectProgram(tmp_path, many, jobs=2) as program:
        program.begin(verified=many)
        program.verify(many)
        assert list(program.unreadable) == ["bad.py"]
