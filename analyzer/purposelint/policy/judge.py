"""The judge: which flows are against what the data was collected for, and what is told of them.

Four steps. *Find* the cases: what arrives where it must not, by a way that neither gate nor wrapper closes.
Let *comments* end some, then *exceptions* others. *Tell* what is left, and beside it the
comments, exceptions and entries that have no use any more.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence

from purposelint.config.model import Annotations, ExceptionEntry, Origin
from purposelint.dataflow.flows import Flows
from purposelint.policy.cases import Case
from purposelint.policy.codes import severities
from purposelint.policy.duplicates import Duplicates
from purposelint.policy.exceptions import Exceptions, Excused
from purposelint.policy.findings import Finding, Report
from purposelint.policy.fingerprints import numbered
from purposelint.policy.linkage import CODE as LINKAGE
from purposelint.policy.linkage import Linkages
from purposelint.policy.places import Places, Unreadable
from purposelint.policy.staleness import stale
from purposelint.policy.suppressions import Comments, complaints
from purposelint.policy.telling import Telling
from purposelint.policy.uses import Uses
from purposelint.policy.violations import Violations
from purposelint.policy.walls import Walls
from purposelint.policy.ways import Ways


def judge(
    flows: Flows,
    annotations: Annotations,
    places: Places,
    unreadable: Sequence[Unreadable],
    today: datetime.date,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Report:
    """Judge the flows of a run.

    ``select`` and ``ignore`` hold prefixes of codes (see `codes.severities`). The report is sorted,
    and the same for the same input.
    """
    codes = severities(annotations, select, ignore)
    # What a comment or an exception is used for does not depend on what is shown.
    judged = severities(annotations) | codes
    comments = Comments(flows, places)
    duplicates = Duplicates(annotations, flows)
    uses = Uses(annotations, flows, undeclared="PUR006" in codes)
    found = duplicates.same_flow(_cases(flows, annotations, comments, judged, uses))
    found = [comments.silenced(case) for case in found]
    exceptions = Exceptions(annotations, flows, today)
    excused = exceptions.excuse([case for case in found if not case.comments])
    told = duplicates.same_place(case for case in excused.told if case.code in codes)
    ended = duplicates.same_place(case for case in found if case.comments and case.code in codes)
    covered = [(case, entry) for case, entry in excused.covered if case.code in codes]

    telling = Telling(annotations, flows, places, codes)
    telling.prepare([*told, *ended, *(case for case, _ in covered)])
    findings = [telling.case(case, note=_overrun(case, excused, exceptions)) for case in told]
    findings += [telling.case(case, suppressed=_reason(comments, case), by="comment") for case in ended]
    findings += [telling.case(case, suppressed=_answered(entry), by="exception") for case, entry in covered]
    if "PUR902" in codes:
        used = {(number, case.code) for case in found for number in case.comments}
        findings += [telling.comment(*complaint) for complaint in complaints(comments, used, judged)]
    complaints_of_entries = (*_about_exceptions(exceptions, excused), *_about_stale(annotations, flows, codes))
    findings += [telling.entry(*complaint) for complaint in complaints_of_entries if complaint[0] in codes]
    findings = numbered(sorted(findings, key=_order))
    errors = [telling.unreadable(file) for file in unreadable] if "PUR901" in codes else []
    return Report(
        findings=tuple(finding for finding in findings if finding.suppressed is None),
        errors=tuple(numbered(sorted(errors, key=_order))),
        suppressed=tuple(finding for finding in findings if finding.suppressed is not None),
        statistics={
            "source places": len(flows.sources),
            "sink places": len({row.place for row in flows.sinks}),
            "gates matched": sum(kind == "gate" for kind, _ in flows.matched),
        },
        uses=uses.found(),
    )


def _cases(
    flows: Flows, annotations: Annotations, comments: Comments, codes: Collection[str], uses: Uses
) -> Iterator[Case]:
    """Every case that gates and wrappers leave, with the comments that end it."""
    ways = Ways(flows)
    walls = Walls(annotations, flows)
    violations = Violations(annotations, flows, walls, codes)
    linkages = Linkages(annotations, flows, walls, ways, comments) if LINKAGE in codes else None
    nodes = [node for row in flows.sinks for node in row.nodes]
    if linkages is not None and annotations.linkages:
        nodes += [node for match in flows.matches for node in (*match.left, *match.right)]
    goals = frozenset(nodes)
    for number, site in enumerate(flows.sources if goals else ()):
        arrivals = flows.arrivals(site, goals)
        uses.note(number, arrivals)
        if linkages is not None:
            linkages.note(number, arrivals)
        suspicions = violations.suspicions(number, arrivals)
        first = ways.first([suspicion.question for suspicion in suspicions], arrivals)
        standing = [(each, arrival) for each, arrival in zip(suspicions, first, strict=True) if arrival is not None]
        questions = [each.question for each, _ in standing]
        outcomes = comments.outcomes(ways, questions, [arrival for _, arrival in standing])
        for (suspicion, _), outcome in zip(standing, outcomes, strict=True):
            yield suspicion.case(outcome)
    if linkages is not None:
        yield from linkages.cases()


def _about_exceptions(exceptions: Exceptions, excused: Excused) -> Iterator[tuple[str, Origin, str, str]]:
    """PUR902 and PUR903 of exceptions: the code, where the entry stands, what it is, what to say."""
    for entry in excused.unused:
        yield "PUR902", entry.origin, _flow(entry), f"the exception for {_flow(entry)} suppresses nothing; remove it"
    for entry in exceptions.expired:
        message = (
            f"the exception for {_flow(entry)} ended on {entry.expires}; "
            f"mend the flow, or have {entry.owner} decide again and set a new date"
        )
        yield "PUR903", entry.origin, _flow(entry), message


def _about_stale(
    annotations: Annotations, flows: Flows, codes: Collection[str]
) -> Iterator[tuple[str, Origin, str, str]]:
    """PUR904 in the same form."""
    if "PUR904" in codes:
        for origin, about, message in stale(annotations, flows):
            yield "PUR904", origin, about, message


def _reason(comments: Comments, case: Case) -> str:
    _, comment = comments.all[case.comments[0]]
    return comment.reason.strip() or f"noqa: {', '.join(comment.codes)}"


def _answered(entry: ExceptionEntry) -> str:
    return f"{entry.reason} (exception of {entry.owner} until {entry.expires})"


def _overrun(case: Case, excused: Excused, exceptions: Exceptions) -> str:
    for overrun in excused.overruns:
        if exceptions.concerns(overrun.entry, case):
            entry = overrun.entry
            covers = f"{entry.origin.path}:{entry.origin.line} covers {entry.flows}"
            return f" ({overrun.flows} flows, the exception at {covers})"
    return ""


def _flow(entry: ExceptionEntry) -> str:
    return f"{entry.source} -> {entry.sink}"


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.path, finding.span.line, finding.span.column, finding.code, finding.message
