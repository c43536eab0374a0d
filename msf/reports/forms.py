"""Forms of moderators, reviewers and whoever releases a report, with their words."""

from collections.abc import Mapping
from typing import Any, Self

from msf.base.forms import CheckboxesField, Form, LongTextField, RadiosField, SelectChoice, SelectField
from msf.reports.rules.release import CHECKLIST


class DecisionForm(Form):
    """What to do with one comment."""

    decision = RadiosField(
        "What should happen to this comment?",
        required="Choose what to do with this comment",
        choices=[
            SelectChoice("release", "Release it as it is"),
            SelectChoice("redact", "Release it with words removed"),
            SelectChoice("withhold", "Withhold all of it"),
        ],
        hints={
            "redact": "For a name, a place, a date, or anything that tells who wrote it.",
            "withhold": "For abuse, or where nothing would be left.",
        },
    )
    spans = LongTextField(
        "Words to remove",
        hint="Exactly as they stand in the comment, one piece on each line. Each is replaced by “[removed]” wherever "
        "it stands. Nothing else can be changed.",
        attributes={"rows": 3},
        limit=8000,
    )
    reason = LongTextField(
        "Reason for withholding",
        hint="Kept with the decision. It is not printed in the report.",
        attributes={"rows": 2},
        limit=1000,
    )


class ReviewForm(Form):
    """The checklist of a second person."""

    checks = CheckboxesField(
        "I have read the report and confirm",
        choices=[SelectChoice(name, words) for name, words in CHECKLIST.items()],
        required="Tick each statement once you have checked it",
    )

    def complete(self) -> bool:
        """Whether every statement is ticked; says so where one is not."""
        if set(self.checks.data or ()) == set(CHECKLIST):
            return True
        self.checks.errors = [*self.checks.errors, "Tick every statement, or ask for the report to be looked at again"]
        return False


class ReleaseForm(Form):
    """Who talks the report through with the practitioner."""

    facilitator_id = SelectField(
        "Facilitator",
        required="Choose a facilitator",
        hint="They read the report with the practitioner and talk it through.",
    )

    @classmethod
    def of(cls, facilitators: Mapping[str, str], **more: Any) -> Self:
        """The form with these facilitators, by id, to choose from."""
        form = cls(**more)
        named = [SelectChoice(key, name) for key, name in facilitators.items()]
        form.facilitator_id.choices = [SelectChoice("", "Choose a person"), *named]
        return form


class VoidForm(Form):
    """Why a released report is taken back."""

    reason = LongTextField(
        "Reason",
        required="Give a reason",
        hint="Everybody who could read the report will read this reason instead.",
        attributes={"rows": 3},
        limit=1000,
    )
