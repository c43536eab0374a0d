"""What a moderator may do to a comment: release it, take exact words out, or withhold it; never rewrite it."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msf.base.errors import Refusal
from msf.reports.rules.release import RELEASED
from msf.responses.rules.findings import Span

MARK = "[removed]"
DECISIONS = {"release": "Released", "redact": "Released with words removed", "withhold": "Withheld"}
LONGEST = 1000
URGENT = "safeguarding"
"""The kind of finding that is read first."""

APPEALS = {
    "practitioner": "The practitioner asks why words are missing.",
    "author": "Somebody says that what they wrote was cut or withheld wrongly.",
    "safety": "Somebody may be in danger.",
    "law": "A court, a regulator or the law asks for it.",
}
"""Why somebody may read again what was taken out, by short name."""


class ModerationRefused(Refusal):
    """A decision that cannot be kept as it was sent; `field` is the box it is about."""

    status = 422
    title = "Check your decision"
    message = "This decision cannot be kept."

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotForYou(Refusal):
    """Somebody who has a part in the round, or has already done another step of it, may not do this one."""

    status = 403
    title = "Somebody else has to do this"
    message = "You have a part in this round, so somebody else has to do this step."


class Unfinished(Refusal):
    """Comments are left to decide on."""

    title = "Not every comment is decided"
    message = "Some comments have no decision yet."
    remedy = "Go back and decide on each of them."


class Unconfirmed(Refusal):
    """Comments were withheld on one person’s word."""

    title = "Withheld comments need a second person"
    message = "Some comments are withheld and nobody but the moderator has looked at them."
    remedy = "Read each of them, then agree or send it back."


class NothingKept(Refusal):
    """A comment of which nothing was taken out, or whose original is gone."""

    status = 410
    title = "There is no original to read"
    message = "Nothing was taken out of this comment, or its original was deleted when the time for appeals was over."


class AppealsKeyMissing(Refusal):
    """Originals were sealed, but the key that opens them is gone, or is another one."""

    status = 503
    title = "Originals cannot be read or kept just now"
    message = "The key that seals what was taken out of comments is missing or wrong. Nothing was changed."
    remedy = "Tell the team that runs the service: the key may be in their copy of the keys."


def spans_of(typed: str) -> list[str]:
    """The words to take out: one span a line, as typed but for the spaces around it."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def redacted(text: str, spans: Sequence[str], stretches: Iterable[tuple[int, int]] = ()) -> str:
    """`text` with one fixed mark for every stretch, and for each of `spans` wherever it stands; nothing else changes.

    Stretches are from a character up to another; what overlaps or touches becomes one mark.

    >>> redacted("Ask Ann Lee or Ann.", ["Ann Lee"], [(15, 18)])
    'Ask [removed] or [removed].'
    """
    wanted = list(stretches)
    if not spans and not wanted:
        raise ModerationRefused("Mark what to remove, or type the words exactly as they stand.", field="spans")
    if any(not 0 <= start < end <= len(text) for start, end in wanted):
        raise ModerationRefused("What was marked is not in this comment. Mark it again.", field="spans")
    missing = [span for span in spans if span not in text]
    if missing:
        named = ", ".join(f"“{span}”" for span in missing)
        raise ModerationRefused(f"These words are not in the comment: {named}. Copy them exactly.", field="spans")
    shown, end = "", 0
    for start, stop in _together([*wanted, *(place for span in spans for place in _places(text, span))]):
        shown, end = shown + text[end:start] + MARK, stop
    return shown + text[end:]


def check_left(shown: str) -> None:
    """Refuse a cut that leaves no word: taking everything out is withholding, which a second person has to agree to."""
    if not any(sign.isalnum() for sign in shown.replace(MARK, "")):
        raise ModerationRefused("Nothing of this comment would be left. Withhold it instead.", field="decision")


def _places(text: str, span: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(span), text))


def _together(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    return joined


def check_released(state: str) -> None:
    """Refuse originals of a round whose report is not released: until then the comments themselves are there."""
    if state not in RELEASED | {"void"}:
        raise NothingKept("The report is not released yet.", remedy="Read the comment on the page of comments.")


def urgent(findings: Iterable[Span]) -> bool:
    """Whether somebody may be in danger, so that this comment is read first."""
    return any(span.kind == URGENT for span in findings)


def checked_reason(reason: str) -> str:
    """A reason for withholding, in one to a thousand characters."""
    said = " ".join(reason.split())
    if not said:
        raise ModerationRefused("Give a reason. It is kept with the decision and is not printed.", field="reason")
    if len(said) > LONGEST:
        raise ModerationRefused(f"Shorten the reason to at most {LONGEST:,} characters.", field="reason")
    return said
