"""The pipeline on one screen: discover, read, follow the data, judge."""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from purposelint.cache import Store, digest, tool
from purposelint.config import Annotations, applicable, extends, find, find_below, load
from purposelint.errors import PurposelintError
from purposelint.facts.span import Span
from purposelint.policy.baseline import Baseline, without
from purposelint.policy.findings import Finding, Report
from purposelint.policy.packing import pack, unpack
from purposelint.policy.reports import joined, outside
from purposelint.project.baselines import FILE_NAME as BASELINE
from purposelint.project.baselines import read_baseline
from purposelint.project.discovery import discover
from purposelint.project.files import Contents, Snapshot
from purposelint.project.kept import Kept
from purposelint.project.roots import common_folder, git_top, path_in
from purposelint.project.scope import Scope

if TYPE_CHECKING:
    from purposelint.dataflow.flows import Failure, Place
    from purposelint.dataflow.solve import GraphFlows
    from purposelint.policy.places import Places, Suppression, Unreadable
    from purposelint.project.locations import Locations
    from purposelint.project.models import ModelledProgram
    from purposelint.project.program import ProjectProgram


class Watch(Protocol):
    """Who is told how far a run is. It decides nothing."""

    def begin(self, stage: str) -> None:
        """A stage of the run begins."""

    def count(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """What has been read so far can be asked from now on, from any thread."""


def analyse(
    root: Path | str,
    config: Path | str | None = None,
    *,
    paths: Sequence[Path | str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    whole_program: bool = False,
    jobs: int = 1,
    today: datetime.date | None = None,
    baseline: Path | str | bool = True,
    watch: Watch | None = None,
    cache: Store | None = None,
    contents: Mapping[Path | str, bytes] | None = None,
) -> Report:
    """Analyse the project at ``root`` and tell what touches ``paths`` (none: everything).

    ``config`` is the annotation file; by default the nearest of ``root`` and the folders above.
    ``select`` and ``ignore`` are prefixes of codes. ``whole_program`` parses every file, not only
    those a flow can pass through; the findings are the same. ``jobs`` is how many processes may read
    files. ``today`` decides which exceptions have expired. ``baseline`` is the file of findings that were accepted;
    True: the project's own, where it has one, False: none. ``watch`` is told how far the run is. ``cache`` is where
    runs keep what later ones can use: it changes how long a run takes, and nothing that is told. ``contents`` is
    what Python files of the project hold in the place of what is on disk; such a file need not be there.

    Raises `ConfigError` when the annotation file is wrong, `PurposelintError` when there is none.
    """
    root = Path(root).resolve()
    config = _real_place(config) if config is not None else _found(root)
    today = today or datetime.date.today()
    clock = _Clock(watch)
    with clock("annotations"):
        annotations = load(config, root=root, today=today)
    scope = Scope(root, paths, whole=config)
    unlisted: dict[str, OSError] = {}
    with clock("discovery"):
        there = held(root, contents or {})
        files = listed(root, annotations, unlisted, there)
    choice = _Choice(tuple(select), tuple(ignore), whole_program, jobs, today)
    kept, key = None, b""
    if cache is not None:
        with clock("hashing"):
            kept = Kept(cache, Snapshot.of(root, files, there))
            key = _key(kept.snapshot, unlisted, annotations, scope, choice)
    found = cache.get("report", key) if cache is not None else None
    if found is not None:
        report = replace(unpack(found), effort={"reports taken from the cache": 1, **clock.seconds})
    else:
        report = _run(root, files, unlisted, annotations, scope, choice, kept, there, clock, watch).report
        if cache is not None and kept is not None and not kept.disturbed:
            cache.put("report", key, pack(replace(report, effort={})))
    accepted = _baseline(root, baseline)
    report = replace(report, unmet=scope.unmet(files))
    return without(report, accepted, whole=scope.is_everything and not select and not ignore)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the caller asked for, as in `analyse`."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    whole_program: bool
    jobs: int
    today: datetime.date


@dataclass(frozen=True, slots=True)
class Study:
    """A run that can still be asked: what was judged, and by what it was judged.

    ``declared`` are the annotations as they were loaded, ``annotations`` those that the code can concern: what
    names nothing in the code is left out of packs.
    """

    root: Path
    declared: Annotations
    annotations: Annotations
    program: ProjectProgram
    flows: GraphFlows
    places: Places
    report: Report


def study(
    project: Project,
    *,
    jobs: int = 1,
    watch: Watch | None = None,
    cache: Store | None = None,
    contents: Mapping[Path | str, bytes] | None = None,
    today: datetime.date | None = None,
    asked: Path | None = None,
) -> Study:
    """Analyse a project as `analyse` does, all of it, and keep what was found out for questions.

    ``asked`` is a file of the project whose values and patterns are asked for: what is tried there is recorded.

    Raises `ConfigError` when the annotation file is wrong.
    """
    today = today or datetime.date.today()
    clock = _Clock(watch)
    with clock("annotations"):
        annotations = load(project.config, root=project.root, today=today)
    unlisted: dict[str, OSError] = {}
    with clock("discovery"):
        there = held(project.root, contents or {})
        files = listed(project.root, annotations, unlisted, there)
    kept = None
    if cache is not None:
        with clock("hashing"):
            kept = Kept(cache, Snapshot.of(project.root, files, there))
    scope = Scope(project.root, (), whole=project.config)
    path = path_in(project.root, asked, files) if asked is not None else None
    path = path if path in files else None
    choice = _Choice((), (), False, jobs, today)
    done = _run(project.root, files, unlisted, annotations, scope, choice, kept, there, clock, watch, path)
    return replace(done, report=without(done.report, _baseline(project.root, True), whole=True))


def _run(
    root: Path,
    files: Sequence[str],
    unlisted: Mapping[str, OSError],
    declared: Annotations,
    scope: Scope,
    choice: _Choice,
    kept: Kept | None,
    contents: Contents,
    clock: _Clock,
    watch: Watch | None,
    asked: str | None = None,
) -> Study:
    """The stages that a kept report saves. They import much, so they do it here, while processes read."""
    from purposelint.project.program import ProjectProgram  # noqa: PLC0415

    with ProjectProgram(root, files, choice.jobs, kept, contents) as program:
        if watch is not None:
            watch.count(program.statistics)
        if choice.whole_program:
            with clock("reading"):
                program.read_all()
        with clock("indexing"):
            program.begin(verified=() if choice.whole_program else filter(scope.holds, files))
            from purposelint.dataflow import analyse as follow  # noqa: PLC0415
            from purposelint.policy.judge import judge  # noqa: PLC0415
            from purposelint.policy.places import Unreadable  # noqa: PLC0415
            from purposelint.project.locations import Locations  # noqa: PLC0415
            from purposelint.project.models import ModelledProgram  # noqa: PLC0415
            from purposelint.syntax import run_deep  # noqa: PLC0415

            annotations = applicable(declared, program.is_mentioned)
        with clock("dataflow"):
            modelled = ModelledProgram(program, annotations.models, kept)
            earlier = None if kept is None or asked is not None or choice.whole_program else Earlier(kept, annotations)
            flows = earlier.flows(program, modelled) if earlier is not None else None
            taken = {} if flows is None else {"flows taken from an earlier run": 1}
            if flows is None:
                flows = run_deep(follow, modelled, annotations, asked)
                if earlier is not None and not flows.failures:
                    earlier.keep(program, flows)
        with clock("verification"):
            program.verify(filter(scope.holds, files))
        with clock("judgement"):
            unreadable = [Unreadable(path, 1, 1, f"cannot be listed: {error}") for path, error in unlisted.items()]
            unreadable += [
                Unreadable(path, at.line, at.column, at.message)
                for path, wrong in program.unreadable.items()
                for at in wrong.each()
            ]
            locations = Locations(program)
            places = ProjectPlaces(locations)
            unreadable += [_failed(failure, places) for failure in flows.failures]
            report = judge(
                flows,
                annotations,
                places,
                sorted(unreadable, key=lambda file: file.path),
                choice.today,
                select=choice.select,
                ignore=choice.ignore,
            )
            locations.close()
        statistics = {**program.statistics(), **flows.statistics, **report.statistics}
        effort = {**program.effort(), **taken, **clock.seconds}
    report = _narrowed(replace(report, statistics=statistics, effort=effort), scope)
    return Study(root, declared, annotations, program, flows, places, report)


def _failed(failure: Failure, places: Places) -> Unreadable:
    """A function that could not be analysed, told as what cannot be read is."""
    from purposelint.policy.places import Unreadable  # noqa: PLC0415

    span = places.span(failure.place)
    where = f"in {failure.function}" if failure.function else "at the top level"
    message = f"cannot be analysed {where}, by a mistake in purposelint itself ({failure.error}); please report it"
    return Unreadable(failure.place.path, span.line, span.column, message)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the last run that followed data in a project with these annotations has found."""

    kept: Kept
    annotations: Annotations

    def flows(self, program: ProjectProgram, modelled: ModelledProgram) -> GraphFlows | None:
        """Its flows, with their places as they are now; None where today's code may have others."""
        from purposelint.dataflow import restored  # noqa: PLC0415
        from purposelint.project import ledger  # noqa: PLC0415

        packed = self.kept.store.get("ledger", self._key())
        if packed is None:
            return None
        last = ledger.read(packed)
        refs = ledger.moved(last, program, self.kept, [model.code for model in self.annotations.models])
        flows = restored(last.result, modelled, self.annotations, refs) if refs is not None else None
        if flows is not None:
            program.asked.update(last.asked)
        return flows

    def keep(self, program: ProjectProgram, flows: GraphFlows) -> None:
        """Keep the flows of a run that has followed the data."""
        from purposelint.dataflow.keeping import pack as packed  # noqa: PLC0415
        from purposelint.project import ledger  # noqa: PLC0415

        if not self.kept.disturbed:
            self.kept.store.put("ledger", self._key(), ledger.written(program, self.kept, packed(flows)))

    def _key(self) -> bytes:
        return digest("ledger", tool(), self.annotations.digest)


def listed(root: Path, annotations: Annotations, unlisted: dict[str, OSError], contents: Contents) -> tuple[str, ...]:
    """The project's files, those among them that an editor holds and has not saved."""
    files = discover(root, annotations.exclude, unlisted.__setitem__)
    return tuple(sorted({*files, *(path for path in contents if not (root / path).exists())}))


def held(root: Path, contents: Mapping[Path, bytes] | Mapping[Path | str, bytes]) -> dict[str, bytes]:
    """What files below ``root`` hold, by their path there."""
    real = {Path(path).resolve(): source for path, source in contents.items()}
    return {path.relative_to(root).as_posix(): real[path] for path in sorted(real) if path.is_relative_to(root)}


def _key(
    snapshot: Snapshot, unlisted: Mapping[str, OSError], annotations: Annotations, scope: Scope, choice: _Choice
) -> bytes:
    """A digest of all that decides what a report says; how many processes read does not."""
    return digest(
        tool(),
        annotations.digest,
        snapshot.key(),
        repr(sorted((path, str(error)) for path, error in unlisted.items())),
        repr((scope.parts(), choice.select, choice.ignore, choice.whole_program)),
        str(choice.today) if annotations.exceptions else "",
    )


def _baseline(root: Path, named: Path | str | bool) -> Baseline:
    if named is True:
        own = root / BASELINE
        return read_baseline(own) if own.is_file() else {}
    return read_baseline(Path(named)) if named is not False else {}


def _narrowed(report: Report, scope: Scope) -> Report:
    """What touches the scope: a finding by its own place, its source's, or a step of its way."""

    def touches(finding: Finding) -> bool:
        source = [finding.source.path] if finding.source else []
        return any(map(scope.holds, [finding.path, *source, *(step.path for step in finding.trace)]))

    return replace(
        report,
        findings=tuple(filter(touches, report.findings)),
        errors=tuple(filter(touches, report.errors)),
        suppressed=tuple(filter(touches, report.suppressed)),
    )


@dataclass(frozen=True, slots=True)
class Project:
    """Where the code lies and what is said of it."""

    root: Path
    config: Path


def project_of(paths: Sequence[Path | str], config: Path | str | None = None) -> Project:
    """The project around ``paths``: the folder of the annotation file that is found there or above.

    With ``config`` it is the folder of that file where ``paths`` lie below it, else the git checkout
    around them, else the folder they share. Raises `PurposelintError` where there is no such file.
    """
    start = common_folder(paths)
    if config is None:
        found = _found(start)
        return Project(found.parent, found)
    file = _real_place(config)
    return Project(file.parent if start.is_relative_to(file.parent) else git_top(start) or start, file)


def projects_around(paths: Sequence[Path]) -> dict[Project, list[Path]]:
    """The projects of ``paths``, in the order in which they are met, each with the paths that belong to it.

    A path belongs to the project whose annotation file is nearest. A folder stands for the projects below it, too:
    where there is no such file, for all of them, else for those whose annotations extend the nearest.
    """
    found: dict[Project, list[Path]] = {}
    looked: dict[Path, Path | None] = {}  # a hook hands over a thousand files of few folders
    for path in paths:
        folder = (path if path.is_dir() else path.parent).resolve()
        if folder not in looked:
            looked[folder] = find(folder)
        nearest = looked[folder]
        for file in (*([nearest] if nearest is not None else ()), *(_below(folder, nearest) if path.is_dir() else ())):
            found.setdefault(Project(file.parent, file), []).append(path)
    return found


def _below(folder: Path, nearest: Path | None) -> Iterator[Path]:
    """The annotation files below a folder that rule there when it is named; ``nearest`` is that of the folder."""
    for file in find_below(folder):
        if nearest is None or extends(file, nearest):
            yield file
            yield from _below(file.parent, file)


def apart(reports: Mapping[Project, Report]) -> dict[Project, Report]:
    """Reports in which each project keeps what the annotations nearest to it say.

    A project inside another one tells of its own files; the outer one tells what does not lie wholly in one of those.
    """
    return {
        project: outside(
            report,
            [
                other.root.relative_to(project.root).as_posix()
                for other in reports
                if other.root != project.root and other.root.is_relative_to(project.root)
            ],
        )
        for project, report in reports.items()
    }


def root_of(projects: Collection[Project]) -> Path:
    """Where the paths begin that are told of these projects: at the root of one, else at the top of the checkout."""
    root = common_folder([project.root for project in projects])
    # Where there are several, they must not hang on which files were named.
    return root if len(projects) == 1 else git_top(root) or root


def together(reports: Mapping[Project, Report]) -> Report:
    """The reports of projects as one, each keeping what is its own, with paths from `root_of` them."""
    root = root_of(reports.keys())
    return joined((project.root.relative_to(root).as_posix(), report) for project, report in apart(reports).items())


def _real_place(file: Path | str) -> Path:
    """The file by the real path of its folder. A link to a file keeps its name: the file stands where the link is."""
    return Path(file).parent.resolve() / Path(file).name


def _found(start: Path) -> Path:
    found = find(start)
    if found is None:
        raise PurposelintError(
            f"no annotations: looked for purposes.toml, and for [tool.purposelint] in pyproject.toml, in {start} and"
            " the folders above; write purposes.toml at the root of the project, or name the file with --config"
        )
    return found


class ProjectPlaces:
    """The project's files as the judge asks for them (`purposelint.policy.places.Places`)."""

    def __init__(self, locations: Locations) -> None:
        self._locations = locations

    def prepare(self, places: Iterable[Place]) -> None:
        """See `purposelint.policy.places.Places`."""
        refs: defaultdict[str, set[int]] = defaultdict(set)
        for place in places:
            refs[place.path].add(place.ref)
        for path in sorted(refs):
            self._locations.prepare(path, refs[path])

    def span(self, place: Place) -> Span:
        """See `purposelint.policy.places.Places`."""
        return self._locations.span(place.path, place.ref)

    def placed(self, path: str, span: Span) -> Span:
        """See `purposelint.policy.places.Places`."""
        return self._locations.placed(path, span)

    def statement(self, path: str, line: int) -> tuple[int, int]:
        """See `purposelint.policy.places.Places`."""
        return self._locations.statement(path, line)

    def definition(self, place: Place) -> str:
        """See `purposelint.policy.places.Places`."""
        return self._locations.definition(place.path, place.ref)

    def suppressions(self, path: str) -> Sequence[Suppression]:
        """See `purposelint.policy.places.Places`."""
        from purposelint.policy.places import Suppression  # noqa: PLC0415

        return [
            Suppression(
                "allow" if found.kind == "allow" else "noqa",
                found.codes,
                found.reason,
                found.line,
                found.column,
                found.malformed,
                found.alone,
            )
            for found in self._locations.comments(path)
        ]

    def suppressed_paths(self) -> Sequence[str]:
        """See `purposelint.policy.places.Places`."""
        return self._locations.commented_paths()


@dataclass(frozen=True, slots=True)
class _Clock:
    """How long each stage took, in seconds."""

    watch: Watch | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        if self.watch is not None:
            self.watch.begin(stage)
        start = time.perf_counter()
        yield
        self.seconds[f"seconds for {stage}"] = time.perf_counter() - start
