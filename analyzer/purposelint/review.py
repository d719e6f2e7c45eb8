"""What a change adds: the project as git has it at a revision and as it is now, both analysed, held against each other.

Not the lines that were touched decide but the flows: one that a change opens elsewhere is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from purposelint import engine
from purposelint.errors import ConfigError
from purposelint.policy.findings import Report, Step, Use, Widening, shown_steps
from purposelint.policy.fingerprints import unqualified
from purposelint.policy.uses import new_uses
from purposelint.project.locations import Locations
from purposelint.project.program import ProjectProgram
from purposelint.project.revisions import top_at
from purposelint.project.scope import Scope


@dataclass(frozen=True, slots=True)
class Review:
    """``report`` holds what is new, and what the change widens where that is allowed.

    ``known`` is how many findings were left out since they were there at the revision. ``unknown`` says why nothing
    is known of the revision, where that is so: everything counts as new then.
    """

    report: Report
    known: int
    unknown: str | None


def review(
    project: engine.Project,
    revision: str,
    *,
    paths: Sequence[Path | str] = (),
    baseline: Path | str | bool = True,
    analyse: Callable[..., Report] = engine.analyse,
) -> Review:
    """Tell what the change since ``revision`` adds to a project, of what touches ``paths``.

    ``analyse`` is `engine.analyse`, with the options that hold for both sides. The annotations count as well: each
    side is judged by its own. Raises `ConfigError` when those of now are wrong, `PurposelintError` when git knows
    no such revision.
    """
    with top_at(project.root, revision) as (top, there):
        then = engine.Project(_counterpart(project.root, top, there), _counterpart(project.config, top, there))
        before, unknown = Report(), None
        if not then.root.is_dir() or not then.config.is_file():
            unknown = f"there was no {project.config.name} at {revision}"
        else:
            try:
                before = analyse(then.root, then.config, baseline=False)
            except ConfigError as error:
                unknown = f"the annotations at {revision} are wrong ({error.mistakes[0].message})"
    now = analyse(project.root, project.config, paths=paths, baseline=baseline)
    known = {finding.fingerprint for finding in (*before.findings, *before.errors)}
    findings = tuple(finding for finding in now.findings if finding.fingerprint not in known)
    errors = tuple(finding for finding in now.errors if finding.fingerprint not in known)
    scope = Scope(project.root, paths, whole=project.config)
    report = replace(now, findings=findings, errors=errors, widened=_widened(before, now, project.root, scope))
    left_out = len(now.findings) + len(now.errors) - len(findings) - len(errors)
    statistics = {**now.statistics, "findings known": left_out}
    return Review(replace(report, statistics=statistics), left_out, unknown)


def _counterpart(path: Path, top: Path, there: Path) -> Path:
    """Where a path of the checkout lies in the copy; what lies outside is the same for both."""
    return there / path.relative_to(top) if path.is_relative_to(top) else path


def _widened(before: Report, now: Report, root: Path, scope: Scope) -> tuple[Widening, ...]:
    """The uses that are new, but for those that a finding tells anyway."""
    told = {
        (name, finding.sink.id)
        for finding in now.findings
        if finding.source is not None and finding.sink is not None
        for name in (finding.source.id, unqualified(finding.source.id))
    }
    news = {
        use: news
        for use, news in new_uses(before.uses, now.uses).items()
        if (use.source, use.sink) not in told and scope.holds(use.path)
    }
    places = {(use.path, use.ref) for use in news}.union((path, ref) for use in news for path, ref, _ in use.way)
    locations = Locations(ProjectProgram(root, sorted({path for path, _ in places})))
    for path in sorted({path for path, _ in places}):
        locations.prepare(path, {ref for file, ref in places if file == path})

    def trace(use: Use) -> tuple[Step, ...]:
        steps = [Step(path, locations.span(path, ref), note) for path, ref, note in use.way]
        end = Step(use.path, locations.span(use.path, use.ref), use.sink)
        if not steps or (steps[-1].path, steps[-1].span.line) != (end.path, end.span.line):
            steps.append(end)
        return shown_steps(steps)

    return tuple(Widening(use, locations.span(use.path, use.ref), what, trace(use)) for use, what in news.items())
