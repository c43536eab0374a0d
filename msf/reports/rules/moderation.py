"""What a moderator may do to a comment: release it, take exact words out, or withhold it; never rewrite it."""

import re
from collections.abc import Sequence

from msf.base.errors import Refusal

MARK = "[removed]"
DECISIONS = {"release": "Released", "redact": "Released with words removed", "withhold": "Withheld"}
LONGEST = 1000


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


def spans_of(typed: str) -> list[str]:
    """The words to take out: one span a line, as typed but for the spaces around it."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def redacted(text: str, spans: Sequence[str]) -> str:
    """`text` with every occurrence of each span replaced by one fixed mark; refused where a span is not in it.

    >>> redacted("Ask Ann Lee or Ann.", ["Ann Lee", "Ann"])
    'Ask [removed] or [removed].'
    """
    if not spans:
        raise ModerationRefused("Type the words to remove, exactly as they stand in the comment.", field="spans")
    missing = [span for span in spans if span not in text]
    if missing:
        named = ", ".join(f"“{span}”" for span in missing)
        raise ModerationRefused(f"These words are not in the comment: {named}. Copy them exactly.", field="spans")
    longest_first = sorted(spans, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), MARK, text)


def checked_reason(reason: str) -> str:
    """A reason for withholding, in one to a thousand characters."""
    said = " ".join(reason.split())
    if not said:
        raise ModerationRefused("Give a reason. It is kept with the decision and is not printed.", field="reason")
    if len(said) > LONGEST:
        raise ModerationRefused(f"Shorten the reason to at most {LONGEST:,} characters.", field="reason")
    return said
