"""The forms of the staff desk and their words."""

from msf.base.forms import DatePartsField, Form, LongTextField


class ExtendForm(Form):
    """A later last day."""

    closes_on = DatePartsField(
        "New last day for answers",
        hint="Answers are taken until 23:59 on this day. For example, 31 3 2027.",
        required="Enter the new last day",
    )


class CancelForm(Form):
    """Why a round ends without a report."""

    reason = LongTextField(
        "Why is the round cancelled?",
        limit=1000,
        hint="The practitioner and the organisation can read this.",
        required="Say why the round is cancelled",
    )
