"""The thresholds, dates, numbers and words a round may have, and their refusals; pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msf.base.errors import Refusal
from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE

LEAST_K = 4
MOST = {"colleagues": 60, "patients": 200}
"""How many people of each family a round may ask: the pool of slots is made this large before anyone is asked."""
DEFAULTS = {
    "k": 5,
    "target_colleagues": 15,
    "target_patients": 34,
    "floor_colleagues": 8,
    "floor_patients": 20,
    "invite_colleagues": 20,
    "invite_patients": 45,
    "weeks_open": 4,
    "reminder_days": (7, 14, 21),
}


LONGEST = timedelta(weeks=26)
NAMES = 200
REASONS = 1000
_INVITE = {"colleagues": 20 / 15, "patients": 45 / 34}


def advised(family: str, target: int) -> int:
    """How many to invite for `target` answers: 20 colleagues for 15, 45 patients for 34.

    >>> advised("colleagues", 15), advised("patients", 34)
    (20, 45)
    """
    return min(MOST[family], round(target * _INVITE[family]))


class RoundRefused(Refusal):
    """A round that cannot be made or changed as asked; `field` names the box on the form that is wrong."""

    status = 422
    title = "Check the round"
    remedy = "Correct it and save again. Nothing was saved."

    def __init__(self, message: str, *, field: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.field = field


def check_dates(opens_on: date, closes_on: date, *, today: date) -> None:
    """Refuse dates in the past, the wrong way round, or more than half a year apart."""
    if opens_on < today:
        raise RoundRefused("The opening date is in the past. Choose today or a later day.", field="opens_on")
    if closes_on < opens_on:
        raise RoundRefused("The round would close before it opens. Choose a later closing date.", field="closes_on")
    if closes_on - opens_on > LONGEST:
        raise RoundRefused(
            "A round may be open for 26 weeks at most. Choose an earlier closing date.", field="closes_on"
        )


def check_extension(opens_on: date, closes_on: date, later: date, *, today: date) -> None:
    """Refuse a new closing date that is past, not later than the old one, or more than half a year after opening."""
    if later <= closes_on:
        raise RoundRefused("Choose a day later than the closing date the round has now.", field="closes_on")
    if later < today:
        raise RoundRefused("The new closing date is in the past. Choose today or a later day.", field="closes_on")
    if later - opens_on > LONGEST:
        raise RoundRefused(
            "A round may be open for 26 weeks at most. Choose an earlier closing date.", field="closes_on"
        )


def check_numbers(*, k: int, targets: Mapping[str, int], floors: Mapping[str, int]) -> None:
    """Refuse a disclosure threshold under the hard floor, and targets and floors that make no sense together."""
    if not LEAST_K <= k <= 20:
        raise RoundRefused(f"Answers are shown from {LEAST_K} to 20 people. Choose a number between them.", field="k")
    for family, target in targets.items():
        if not 1 <= target <= MOST[family]:
            raise RoundRefused(f"Choose a target from 1 to {MOST[family]}.", field=f"target_{family}")
        if not 0 <= floors[family] <= target:
            raise RoundRefused("The number for the caution cannot be above the target.", field=f"floor_{family}")


def check_reminders(days: Sequence[int]) -> tuple[int, ...]:
    """The days after opening on which reminders go out, in order; at most five, each from 1 to 182."""
    if len(days) > 5 or len(set(days)) != len(days) or any(not 1 <= day <= LONGEST.days for day in days):
        raise RoundRefused(
            "Give at most five different days, each a number from 1 to 182, such as 7, 14, 21.", field="reminder_days"
        )
    return tuple(sorted(days))


def check_reason(reason: str) -> str:
    """A reason in one to a thousand characters, tidied; refused where it is empty, too long or holds hidden signs."""
    said = plain(reason, field="reason")
    if not said:
        raise RoundRefused("Give a reason. People will read it later to understand what happened.", field="reason")
    if len(said) > REASONS:
        raise RoundRefused(f"Shorten the reason to at most {REASONS:,} characters.", field="reason")
    return said


LONGEST_LINE = 2000
"""Signs of one line before it is composed, which takes quadratic time in marks."""


def plain(text: str, *, field: str) -> str:
    """`text` as one line of visible characters; refused where it holds control characters or marks nobody can see.

    >>> plain(" Dr  Ann\\tLee ", field="name")
    'Dr Ann Lee'
    """
    if len(text) > LONGEST_LINE:
        raise RoundRefused(f"This is too long. Shorten it to at most {LONGEST_LINE:,} characters.", field=field)
    said = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co") or sign in _TURNS for sign in said):
        raise RoundRefused("This holds a character that cannot be seen. Type it again by hand.", field=field)
    return said


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_self(ratings: bytes, *, items: int, highest: int) -> None:
    """Refuse a self-assessment of the wrong length, with a rating not on the scale, or more than half left blank."""
    codes = {BLANK, NOT_APPLICABLE, CANNOT_SAY, *range(1, highest + 1)}
    if len(ratings) != items or not codes.issuperset(ratings):
        raise RoundRefused(
            "This form does not fit its questionnaire. Open the page again and start afresh.", field="form"
        )
    blank = ratings.count(BLANK)
    if 2 * blank > items:
        raise RoundRefused(
            f"Answer at least half of the questions: {items - blank} of {items} are answered so far.",
            field="form",
            remedy="Choose an answer to a few more questions and save again. What you chose is kept on this page.",
        )


def check_comments(comments: Mapping[str, str], limits: Mapping[str, int]) -> None:
    """Refuse comments to unknown questions, over their limit in UTF-8 bytes, or with characters nobody can see."""
    for prompt, text in comments.items():
        if prompt not in limits:
            raise RoundRefused("This form holds an answer to a question that was not asked.", field="form")
        if len(text.encode("utf-8", "surrogatepass")) > limits[prompt]:
            raise RoundRefused(f"Shorten the comment to at most {limits[prompt]:,} characters.", field=prompt)
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise RoundRefused("The comment holds a character that cannot be seen. Type it again.", field=prompt)
