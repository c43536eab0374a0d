"""One recorded round: what was copied, what the attackers may be given, and the truth, which no attack may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.lab.snapshots import PEOPLE, Snapshot

PROMPTS = ("does_well", "could_be_better")
KINDS = ("ratings", *PROMPTS)

__all__ = ["KINDS", "PEOPLE", "PROMPTS", "Case", "Rater"]


@dataclass(frozen=True)
class Rater:
    """One colleague: who they are, and what they will answer."""

    address: str
    name: str
    ratings: bytes
    comments: Mapping[str, str]

    def answer(self, kind: str) -> bytes:
        """The ratings, or the comment to one question, as bytes."""
        return self.ratings if kind == "ratings" else self.comments[kind].encode()


@dataclass(frozen=True)
class Case:
    """A round from its opening to after its close.

    `order` holds the raters in the order in which they answered and `times` when (seconds); with `token_secret` and
    `seal_private` they are what an attacker holds at one level of knowledge or another. `exports` are the texts that
    readers are given after the close.
    """

    engine: str
    seed: int
    round_id: str
    order: Sequence[Rater]
    times: Sequence[float]
    token_secret: bytes
    seal_private: bytes
    box_size: int
    pool: int
    snapshots: Sequence[Snapshot]
    exports: Mapping[str, str]
