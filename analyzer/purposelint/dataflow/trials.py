"""What `why` wants to know of a file: what its expressions may be, and which patterns were tried on them.

Nothing is recorded unless somebody asks, and what is recorded decides nothing. An expression that is run several times
(by several callers, in several states) has all that was seen of it, in the order in which it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Trial:
    """A pattern of an entry that was tried at a node: whether it matched, and why it did or did not.

    ``id`` is the entry's; a passthrough has none. ``packed``: it comes from a rule pack.
    """

    ref: int
    kind: str
    id: str
    pattern: str
    matched: bool
    why: str
    packed: bool


@dataclass(slots=True)
class Trials:
    """What is recorded of the file ``path``. ``seen``: what the value of a node may be, in words."""

    path: str
    tried: dict[Trial, None] = field(default_factory=dict)
    seen: dict[int, dict[str, None]] = field(default_factory=dict)

    def note(self, trial: Trial) -> None:
        """Record that a pattern was tried."""
        self.tried[trial] = None

    def saw(self, at: int, words: str) -> None:
        """Record what a value may be."""
        self.seen.setdefault(at, {})[words] = None
