"""Forms of moderators, reviewers and whoever releases a report, with their words."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from msf.base.forms import CheckboxesField, Form, LongTextField, RadiosField, SelectChoice, SelectField
from msf.reports.rules.moderation import APPEALS
from msf.reports.rules.release import CHECKLIST
from msf.responses.rules.findings import KINDS, Span


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
    found = CheckboxesField(
        "Remove what was found",
        hint="A search marked these. It misses things and marks things that may stay: decide on each.",
    )
    spans = LongTextField(
        "Other words to remove",
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

    @classmethod
    def of(cls, text: str, findings: Iterable[Span], **more: Any) -> Self:
        """The form for a comment with a box for each of its findings."""
        form = cls(**more)
        choices = [
            SelectChoice(f"{span.start}-{span.end}", f"Remove “{text[span.start : span.end]}” ({KINDS[span.kind]})")
            for span in findings
        ]
        if choices:
            form.found.choices = choices
        else:
            del form.found
        return form

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """What was ticked: from which character up to which."""
        ticked = self.found.data if "found" in self else ()
        return [(int(start), int(end)) for start, _, end in (each.partition("-") for each in ticked or ())]

    def consistent(self) -> bool:
        """Whether nothing is marked to be removed where it would not be; says so where it is."""
        if self.decision.data == "redact" or not (self.stretches or self.spans.data):
            return True
        self.decision.errors = ["You marked words to remove. Choose to remove them, or clear what you marked"]
        return False


class AppealForm(Form):
    """Why somebody reads again what was taken out."""

    why = RadiosField(
        "Why do you need to read it?",
        required="Choose why you need to read it",
        choices=[SelectChoice(name, words) for name, words in APPEALS.items()],
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
