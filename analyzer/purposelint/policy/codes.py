"""The codes: what each finding is called, how severe it is by default, what it means and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from purposelint.config.model import Annotations


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. default: ``error``, ``warning`` or ``off``.

    ``summary`` says in a line when it is reported; ``why`` and ``mend`` are sentences for
    ``explain``, SARIF and the documentation.
    """

    code: str
    name: str
    default: str
    summary: str
    why: str
    mend: str


CODES: tuple[Code, ...] = (
    Code(
        "PUR001",
        "purpose-violation",
        "error",
        "Data reaches a sink whose purpose is not one it was collected for, nor below one.",
        "People gave the data for a purpose they were told. Using it for another needs a ground of its own "
        "(GDPR Art. 5(1)(b) and 6(4)).",
        "End the flow, ask for consent and declare the check as a gate with `permits`, or declare the purpose "
        "at the source when the data really was collected for it.",
    ),
    Code(
        "PUR002",
        "external-sharing",
        "error",
        "Data reaches a third party that the source does not name in `share_with`.",
        "Whoever receives data decides what becomes of it, unless they process it on your behalf; people must be "
        "told who that is (GDPR Art. 13(1)(e) and 28).",
        "End the flow, name the recipient in `share_with`, or give it the role `processor` when a contract "
        "makes it one.",
    ),
    Code(
        "PUR003",
        "retention-exceeded",
        "error",
        "Data with a `retention` reaches storage that keeps it longer, or for a time that cannot be told.",
        "Data may be kept no longer than its purpose needs (GDPR Art. 5(1)(e)).",
        "Give the storage a time to live that is no longer than the retention, written where it can be "
        "read off the call.",
    ),
    Code(
        "PUR004",
        "unguarded-exposure",
        "error",
        "Data with `requires` reaches an exposure without the gate that provides it.",
        "Whoever asks gets what an exposure returns; the data was to be seen only behind a check.",
        "Put the check before the exposure (or on any step of the way), and declare it as a gate with `provides`.",
    ),
    Code(
        "PUR005",
        "profile-linkage",
        "error",
        "Categories of a `linkage` come together: in one call, in one record, or by matching one against the other.",
        "Categories that are harmless apart make a profile together; matching people against a list uses their data "
        "even where none of it moves.",
        "Keep the categories apart, or take one through a declared `transform` first.",
    ),
    Code(
        "PUR006",
        "undeclared-recipient",
        "off",
        "Tagged data leaves by a known way out (HTTP, socket, SDK) with no declared purpose.",
        "A flow that nobody described cannot be judged.",
        "Declare the call as a sink with its purpose and recipient; `where` and `within` tell calls apart.",
    ),
    Code(
        "PUR901",
        "unreadable-file",
        "error",
        "A file, or a cell of a notebook, cannot be decoded or parsed, or purposelint itself fails at a function;"
        " the rest is analysed all the same.",
        "Flows through it are not seen.",
        "Mend it, or exclude the file; report what the message calls a mistake in purposelint itself.",
    ),
    Code(
        "PUR902",
        "unused-suppression",
        "warning",
        "A suppression or exception suppresses nothing, or cannot be honoured.",
        "It would hide the next flow that comes by.",
        "Remove it; an `allow[...]` that is needed must give a reason.",
    ),
    Code(
        "PUR903",
        "expired-exception",
        "error",
        "An exception is past its date; its flow is reported again.",
        "Somebody answered for the flow until that day, and no longer.",
        "Mend the flow, or have the owner decide again and set a new date.",
    ),
    Code(
        "PUR904",
        "stale-annotation",
        "warning",
        "An entry of the annotation file matched nothing.",
        "What it was to watch has moved or was renamed, and is no longer watched.",
        "Correct the pattern, or remove the entry.",
    ),
)

BY_CODE: Mapping[str, Code] = {code.code: code for code in CODES}


def severities(annotations: Annotations, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> dict[str, str]:
    """The severity (``error`` or ``warning``) of each code in force; a code that is off is absent.

    ``select`` and ``ignore`` hold prefixes of codes. The longer prefix wins, ``ignore`` where they are
    as long. A code that is off is switched on where ``select`` names it in full. PUR901 is no choice
    of ``select``: what was not read is always told, unless it is ignored or off.
    """
    result: dict[str, str] = {}
    for code in CODES:
        configured = annotations.codes.get(code.code, code.default)
        if configured == "off":
            if code.code not in select:
                continue
            configured = code.default if code.default != "off" else "error"
        chosen = _longest(select, code.code) if select else 0
        if code.code == "PUR901":
            chosen = max(chosen, 0)
        ignored = _longest(ignore, code.code)
        if chosen < 0 or ignored >= max(chosen, 0):
            continue
        result[code.code] = configured
    return result


def _longest(prefixes: Sequence[str], code: str) -> int:
    """The length of the longest prefix of ``code`` among ``prefixes``; -1 when there is none."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)
