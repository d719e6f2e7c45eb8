"""The files of a project as the later stages see them: facts on demand, and who mentions what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from purposelint.facts.collector import collector_paused
from purposelint.facts.observed import Looks, ObservedModule
from purposelint.project import index
from purposelint.project.files import NO_CONTENTS, Contents, Unreadable, content_digest, notebook, read
from purposelint.project.identifiers import key
from purposelint.project.kept import Kept
from purposelint.project.notebooks import Notebook, is_notebook
from purposelint.project.questions import WHICH, Answer, Question, answer
from purposelint.project.reading import Reading, decode, encode, lower, names_in, read_facts, read_parsable
from purposelint.project.workers import Workers

if TYPE_CHECKING:
    from purposelint.facts.syntax import Module


class ProjectProgram:
    """A `purposelint.facts.program.Program` over files on disk.

    ``paths`` are relative to ``root``, with ``/``, sorted (see `purposelint.project.discovery`).
    ``jobs`` is how many processes may read files; 1 starts none. ``kept`` is what earlier runs found out.
    ``contents`` is what some of the files hold in the place of what is on disk; they are read in this process.
    Use it as a context manager, or `close` it: processes end then. ``unreadable`` grows as files are read;
    of a notebook that is there, the cells that can be parsed have facts nevertheless.
    ``asked`` are the files whose facts were asked for, ``looks`` is what was looked at in them.
    ``answers`` is what the index was asked, and said.
    """

    def __init__(
        self,
        root: Path,
        paths: Sequence[str],
        jobs: int = 1,
        kept: Kept | None = None,
        contents: Contents = NO_CONTENTS,
    ) -> None:
        self.root = root
        self.kept = kept
        self._contents = contents
        self.unreadable: dict[str, Unreadable] = {}
        self._paths = tuple(paths)
        self._texts: dict[str, Module | None] = {}
        self._facts: dict[str, Module | None] = {}
        self._encoded: dict[str, bytes] = {}
        self.asked: set[str] = set()
        self.looks = Looks()
        self._observed: dict[str, Module | None] = {}
        self.answers: dict[Question, Answer] = {}
        self._sought: set[str] = set()
        self._index: index.Index | None = None
        self._indexing: Future[index.Index] | None = None
        self._checking: Future[list[tuple[str, Reading]]] | None = None
        self._checked: dict[str, Reading] = {}
        self._parsed = 0
        self._workers = Workers(root, jobs)

    @property
    def paths(self) -> Sequence[str]:
        """Every Python file, sorted."""
        return self._paths

    def facts(self, path: str) -> Module | None:
        """The facts of a file, lowered when first asked for; None where it has none."""
        if path not in self._observed:
            self.asked.add(path)
            facts = self.lowered(path)
            self._observed[path] = None if facts is None else ObservedModule(path, facts, self.looks)
        return self._observed[path]

    def lowered(self, path: str) -> Module | None:
        """The facts of a file as they are, without noting that they were asked for, or what is looked at."""
        if path not in self._facts:
            encoded = self._known(path)
            if encoded is not None:
                self._facts[path] = decode(encoded)
                self._encoded.pop(path, None)
            else:
                self._facts[path] = None if self._is_lost(path) else self._read(path)
        return self._facts[path]

    def written(self, text: str) -> Module | None:
        """The facts of code in a string; None where it cannot be parsed."""
        if text not in self._texts:
            facts = lower(text.encode(errors="replace"))
            self._texts[text] = None if isinstance(facts, Unreadable) else facts
            if not isinstance(facts, Unreadable):
                self.looks.sought.update(facts.names, *(each.names for each in facts.functions))
                self.looks.sought.update(*(each.names for each in facts.classes))
        return self._texts[text]

    def sought(self, name: str) -> None:
        """Note a name under which something was looked for."""
        self.looks.sought.add(name)

    def replace(self, path: str, source: bytes) -> bool:
        """Take other bytes for what a file of the program holds, if they can be parsed."""
        contents = {**self._contents, path: source}
        content, facts, _ = read_facts(self.root, path, contents)
        if facts is None:
            return False
        self._contents = contents
        self._facts[path] = facts
        for known in (self._observed, self._encoded, self.unreadable):
            known.pop(path, None)
        if self.kept is not None:
            self.kept.snapshot.digests[path] = content
        indexed = index.read_indexed(self.root, path, contents).indexed
        if indexed is not None:
            self._indexed().add_names(path, indexed)
        self.answers.clear()
        return True

    def prefetch(self, paths: Collection[str]) -> None:
        """Lower these files in parallel, where that pays; else they are lowered when asked for."""
        missing = sorted(path for path in set(paths) if not self._is_at_hand(path))
        if self._workers.worth("facts", len(missing)):
            missing = [path for path in missing if self._known(path) is None]
            if self._workers.worth("facts", len(missing)):
                self._lower(missing)

    def begin(self, verified: Iterable[str] = ()) -> None:
        """Have processes index all files and then look which of ``verified`` are unreadable, while this one goes on.

        Nothing is done where that does not pay. Later calls wait for what they need of it.
        """
        paths = sorted(path for path in set(verified) if not self._is_verified(path) and path not in self._contents)
        waiting = ThreadPoolExecutor(1)
        if self._index is None and self._indexing is None and self._workers.worth("index", len(self._unindexed())):
            self._indexing = waiting.submit(self._indexed_now)
        if self._checking is None and self._workers.worth("check", len(paths)):
            self._checking = waiting.submit(lambda: list(self._workers.run("check", paths)))
        waiting.shutdown(wait=False)

    def read_all(self) -> None:
        """Lower every file, and answer `mentions` from their facts as well as from their bytes."""
        self.asked.update(self._paths)
        self._lower([path for path in self._paths if not self._is_at_hand(path) and self._known(path) is None])
        files_of = self._indexed().files_of
        for path in self._paths:
            encoded = self._known(path)
            for name in () if encoded is None else names_in(encoded):
                files = files_of.setdefault(key(name), [])
                if path not in files:
                    files.append(path)
                    files.sort()

    def mentions(self, *names: str, within: Collection[str] | None = None) -> Sequence[str]:
        """The files (of those ``within``) in which all of ``names`` stand, in code, strings or comments; a superset."""
        return self._files((tuple(map(key, names)), None if within is None else tuple(sorted(set(within))), WHICH))

    def is_mentioned(self, name: str) -> bool:
        """Whether ``name`` stands in any file."""
        return not self.is_rare(name, 0)

    def is_rare(self, name: str, most: int) -> bool:
        """Whether ``name`` stands in no more than ``most`` files."""
        return bool(self._answer(((key(name),), None, most)))

    def defining(self, kind: str, name: str) -> Sequence[str]:
        """The files in which a name is defined, inherited from or imported, or a tag; a superset."""
        return self._files(((kind.encode() + b":" + key(name),), None, WHICH))

    def smallest(self, paths: Collection[str], most: int = WHICH) -> Sequence[str]:
        """These files, the smallest first, as far as they have no more than ``most`` bytes together (-1: all)."""
        return self._files(((), tuple(sorted(set(paths))), most))

    def answers_as(self, answers: Mapping[Question, Answer]) -> bool:
        """Whether the index answers what an earlier run has asked as it did then."""
        index = self._indexed()
        return all(answer(index, question) == before for question, before in answers.items())

    def commented(self) -> Sequence[str]:
        """The files that may hold a comment that silences findings, sorted."""
        return self._indexed().commented

    def read(self, path: str) -> bytes:
        """The Python source of a file, as far as it can be parsed; none when it cannot be read any more."""
        source = read(self.root, path, self._contents)
        if self.kept is not None:
            self.kept.saw(path, content_digest(source))
        if is_notebook(path):
            self.verify((path,))
            if path in self.unreadable:
                return read_parsable(self.root, path, self._contents)
        return b"" if isinstance(source, Unreadable) else source

    def notebook(self, path: str) -> Notebook | None:
        """The notebook that a file is; None where it is none, or cannot be read."""
        found = notebook(self.root, path, self._contents) if is_notebook(path) else None
        return None if isinstance(found, Unreadable) else found

    def verify(self, paths: Iterable[str]) -> None:
        """Find which of these files are `unreadable`, also where nothing asked for their facts."""
        if self._checking is not None:
            self._checked.update(self._checking.result())
            self._checking = None
        unread = self._read_here(sorted(path for path in set(paths) if not self._is_verified(path)))
        found = [(path, self._checked.pop(path)) for path in unread if path in self._checked]
        known = {path for path, _ in found}
        for path, reading in (*found, *self._workers.run("check", [path for path in unread if path not in known])):
            self._note(path, reading.digest)
            if reading.wrong is not None:
                self.unreadable[path] = reading.wrong
            elif self.kept is not None:
                self.kept.learn(path, reading.digest, parses=True)

    def statistics(self) -> dict[str, int]:
        """How many files there are, were indexed (with their bytes), were asked for facts, and could not be read.

        The same whatever was kept of earlier runs, and however many processes read.
        """
        return {
            "files": len(self._paths),
            "files indexed": 0 if self._index is None else len(self._paths),
            "bytes indexed": 0 if self._index is None else sum(self._index.sizes.values()),
            "files parsed": len(self.asked),
            "files unreadable": len(self.unreadable),
        }

    def effort(self) -> dict[str, int]:
        """How many files this run parsed, and of how many an earlier one had kept the facts."""
        return {
            "files parsed by this run": self._parsed,
            "files taken from the cache": 0 if self.kept is None else self.kept.hits,
        }

    def close(self) -> None:
        """End the worker processes, and keep what was found out."""
        self._wait()
        self._workers.close()
        if self.kept is not None:
            self.kept.close()

    def __enter__(self) -> ProjectProgram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _is_at_hand(self, path: str) -> bool:
        return path in self._facts or path in self._encoded or self._is_lost(path)

    def _is_lost(self, path: str) -> bool:
        """Whether it is known that a file has no facts."""
        return path in self.unreadable and not is_notebook(path)

    def _is_verified(self, path: str) -> bool:
        return (
            self._is_at_hand(path)
            or path in self.unreadable
            or (self.kept is not None and self.kept.known(path).parses)
        )

    def _known(self, path: str) -> bytes | None:
        """The facts of a file, where a process has sent them or an earlier run has kept them."""
        if self.kept is not None and path not in self._sought and not self._is_at_hand(path):
            self._sought.add(path)
            found = self.kept.facts(path)
            if found is not None:
                self._encoded[path] = found
        return self._encoded.get(path)

    def _read(self, path: str) -> Module | None:
        """Lower a file in this process."""
        content, facts, wrong = read_facts(self.root, path, self._contents)
        self._parsed += 1
        self._note(path, content)
        if wrong is not None:
            self.unreadable[path] = wrong
        elif facts is not None and self.kept is not None:
            self.kept.keep_facts(content, encode(facts))
            self.kept.learn(path, content, parses=True)
        return facts

    def _lower(self, paths: Sequence[str]) -> None:
        """Lower files in as many processes as pay."""
        self._wait()
        for path, reading in self._workers.run("facts", self._read_here(paths)):
            self._parsed += 1
            self._note(path, reading.digest)
            if reading.facts is not None:
                self._encoded[path] = reading.facts
            if reading.wrong is not None:
                self.unreadable[path] = reading.wrong
            elif reading.facts is not None and self.kept is not None:
                self.kept.keep_facts(reading.digest, reading.facts)
                self.kept.learn(path, reading.digest, parses=True)

    def _wait(self) -> None:
        """Wait for what was begun: only one thread at a time has processes work."""
        begun: tuple[Future[Any] | None, ...] = (self._indexing, self._checking)
        wait([future for future in begun if future is not None])

    def _read_here(self, paths: Sequence[str]) -> list[str]:
        """Those of some files that are to be read from disk; the others are lowered in this process."""
        for path in paths:
            if path in self._contents and path not in self._facts:
                self._facts[path] = self._read(path)
        return [path for path in paths if path not in self._contents]

    def _note(self, path: str, content: bytes) -> None:
        if self.kept is not None:
            self.kept.saw(path, content)

    def _files(self, question: Question) -> Sequence[str]:
        files = self._answer(question)
        assert isinstance(files, tuple)
        return files

    def _answer(self, question: Question) -> Answer:
        found = self.answers.get(question)
        if found is None:
            found = self.answers[question] = answer(self._indexed(), question)
        return found

    def _indexed(self) -> index.Index:
        """The index; made when first asked for."""
        if self._index is None:
            self._index = self._indexed_now() if self._indexing is None else self._indexing.result()
        return self._index

    def _unindexed(self) -> list[str]:
        return [path for path in self._paths if self.kept is None or self.kept.known(path).indexed is None]

    def _indexed_now(self) -> index.Index:
        found = index.Index()
        unindexed = self._unindexed()
        missing = set(unindexed)
        read = self._workers.run("index", [path for path in unindexed if path not in self._contents])
        with collector_paused():
            for path in self._paths:
                indexed = self.kept.known(path).indexed if self.kept is not None else None
                if path in missing:
                    reading = (
                        index.read_indexed(self.root, path, self._contents) if path in self._contents else next(read)[1]
                    )
                    self._note(path, reading.digest)
                    if reading.wrong is not None:
                        self.unreadable[path] = reading.wrong
                        continue
                    indexed = reading.indexed
                    if self.kept is not None:
                        self.kept.learn(path, reading.digest, indexed=indexed)
                if indexed is not None:
                    found.add(path, indexed)
        return found
