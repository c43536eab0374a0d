"""Tokens of invitations, which are computed and never kept, and the refusals and guidance of choosing people; pure."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msf.base.errors import Refusal
from msf.instruments import Group, words
from msf.rounds.rules import MOST, advised

TOKEN_BYTES = 16
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_TEXT_LENGTH = 26
_READ = {sign: value for value, sign in enumerate(_LETTERS)} | {"o": 0, "i": 1, "l": 1}

POOL = sum(MOST.values())
"""Places in a round: the most colleagues and the most patients it may ask."""


def token(secret: bytes, n: int) -> bytes:
    """The 128-bit token of place `n` in the pool of the round whose token secret this is."""
    return hmac.digest(secret, b"msf token 1" + n.to_bytes(4, "big"), "sha256")[:TOKEN_BYTES]


def token_text(token: bytes) -> str:
    """A token as 26 characters that are hard to misread (Crockford's base 32, lower case).

    >>> token_text(bytes(15) + b"!")
    '00000000000000000000000011'
    """
    value = int.from_bytes(token, "big")
    return "".join(_LETTERS[value >> shift & 31] for shift in range(5 * (_TEXT_LENGTH - 1), -1, -5))


def token_groups(text: str) -> str:
    """A token's text in groups of four, for typing from paper.

    >>> token_groups("abcdefghjkmnpqrstvwxyz0123")
    'abcd efgh jkmn pqrs tvwx yz01 23'
    """
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_token(text: str) -> bytes | None:
    """The token that somebody typed, or `None`: case, spaces and hyphens do not matter, O is 0, I and L are 1.

    >>> read_token("OOOO-0000 0000 0000 0000 0000 Il") == bytes(15) + b"!"
    True
    """
    signs = [sign for sign in text[:200].casefold() if not sign.isspace() and sign not in "-‐‑–—"]
    values = [_READ.get(sign) for sign in signs]
    if len(values) != _TEXT_LENGTH or None in values:
        return None
    value = 0
    for digit in values:
        value = value << 5 | (digit or 0)
    return value.to_bytes(TOKEN_BYTES, "big") if value < 1 << 8 * TOKEN_BYTES else None


def slot_hash(token: bytes) -> bytes:
    """The name of the slot that a token opens: its SHA-256."""
    return hashlib.sha256(token).digest()


class NomineeRefused(Refusal):
    """A person who cannot be proposed as asked; `field` names the box on the form that is wrong."""

    status = 422
    title = "Check the person"
    remedy = "Correct it and add the person again."

    def __init__(self, message: str, *, field: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.field = field


class NoPlaceLeft(Refusal):
    """The round has no place left for one more person of this family."""

    title = "There is no place left"
    remedy = "Remove or reject somebody who has not been asked yet, then try again."


class TooFewAsked(Refusal):
    """A side of so few people that nobody of it may be asked: a sealed answer has to be one of many people's."""

    status = 422
    title = "Too few people to ask"
    remedy = "Approve more colleagues, then open the round."

    def __init__(self, family: str, people: int, least: int, *, remedy: str | None = None) -> None:
        super().__init__(
            f"Only {people} {family if people > 1 else family.removesuffix('s')} would be asked. At least "
            f"{_number(least)} have to be: answers from fewer are never shown, and are easier to trace.",
            remedy=remedy or ("Add more patients or cards, then open the round." if family == "patients" else None),
        )


class AlreadyAsked(Refusal):
    """Somebody who has their invitation already, so that what was decided about them stays."""

    title = "This person has been invited"
    message = "The invitation of this person has been sent, so the decision cannot be changed any more."
    remedy = "They may decline by themselves: the letter says how."


class NotYoursToDecide(Refusal):
    """Something about a practitioner's own list that somebody else has to do."""

    status = 403
    title = "Somebody else has to do this"
    message = "You cannot decide about the people who are asked about your own work."
    remedy = "Your organisation looks at your list and decides."


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line that was pasted."""

    line: int
    text: str
    message: str


class LinesRefused(Refusal):
    """A pasted list with mistakes; nothing of it was stored."""

    status = 422
    title = "Check the list"
    message = "Some lines cannot be used. Nothing was added."
    remedy = "Correct these lines and add the list again."

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class GroupMix:
    """How many of one role are proposed and approved, against the least that is advised."""

    group: str
    label: str
    proposed: int
    approved: int
    least: int
    enough: bool

    @property
    def asked(self) -> int:
        """Everybody who is proposed or approved."""
        return self.proposed + self.approved


@dataclass(frozen=True, slots=True)
class Mix:
    """Whether the people of one family are enough, and of enough roles, with the words that say so.

    `advice` is for while people are chosen; it is empty where there is nothing to improve.
    """

    family: str
    asked: int
    approved: int
    target: int
    invite: int
    groups: tuple[GroupMix, ...]
    advice: tuple[str, ...]

    @property
    def short(self) -> bool:
        """Whether fewer are chosen than advised, or from too few roles."""
        return bool(self.advice)


def mix_of(
    family: str, groups: Iterable[Group], counts: Mapping[str, Mapping[str, int]], *, target: int, k: int
) -> Mix:
    """Set the people chosen (`counts[group][status]`) beside what is advised for a family of a round."""
    rows = tuple(_row(group, counts.get(group.id, {}), k) for group in groups)
    asked = sum(row.asked for row in rows)
    return Mix(
        family=family,
        asked=asked,
        approved=sum(row.approved for row in rows),
        target=target,
        invite=advised(family, target),
        groups=rows,
        advice=tuple(_advice(family, rows, asked, target, k)),
    )


def _row(group: Group, counts: Mapping[str, int], k: int) -> GroupMix:
    proposed, approved = counts.get("proposed", 0), counts.get("approved", 0)
    label = words(group.label, "en")
    return GroupMix(group.id, label, proposed, approved, group.least, proposed + approved >= k)


def _advice(family: str, rows: Sequence[GroupMix], asked: int, target: int, k: int) -> Iterable[str]:
    invite = advised(family, target)
    if asked < invite:
        yield (
            f"{_people(asked, family)} chosen so far. About {invite} are advised, because not everybody answers; "
            f"{target} answers make a report that can be relied on."
        )
    missing = [
        f"{row.least - row.asked} more from “{row.label}”" for row in rows if row.asked < row.least and len(rows) > 1
    ]
    if missing:
        yield f"To hear from a range of roles, add {_listed(missing)}."
    if 0 < asked < k:
        yield f"None of them is asked before {_number(k)} are approved."
    small = [f"“{row.label}”" for row in rows if 0 < row.asked < k and len(rows) > 1]
    if small:
        yield (
            f"{_listed(small)} cannot reach {_number(k)} answers yet. "
            f"Groups with fewer than {_number(k)} answers are counted together with others."
        )


def _people(count: int, family: str) -> str:
    one = {"colleagues": "colleague is", "patients": "patient is"}[family]
    many = {"colleagues": "colleagues are", "patients": "patients are"}[family]
    return f"{count or 'No'} {one if count == 1 else many}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _number(k: int) -> str:
    return {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}.get(k, str(k))
