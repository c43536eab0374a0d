"""Forms for proposing people, deciding about one, and adding patients, with their words."""

from typing import Any

from msf.base.forms import EmailField, Form, LongTextField, RadiosField, SelectChoice, TextField, WholeNumberField
from msf.instruments import Questionnaire, words
from msf.rounds.rules import MOST, NAMES, REASONS

ORIGINS = {"practitioner": "the practitioner", "organisation": "the organisation", "agreed": "both sides"}
STATUSES = {"proposed": "To be decided", "approved": "Approved", "rejected": "Rejected"}


class NomineeForm(Form):
    """One colleague to ask."""

    name = TextField("Name", limit=NAMES, required="Enter the person’s name", attributes={"autocomplete": "off"})
    address = EmailField(
        "Email address",
        hint="The letter goes only to this address. A work address is best.",
        required="Enter the person’s email address",
        attributes={"autocomplete": "off"},
    )
    group = RadiosField("How do they work with the practitioner?", required="Choose how they work together")

    @classmethod
    def of(cls, questionnaire: Questionnaire, *, own: bool) -> "NomineeForm":
        """The form with the roles that this questionnaire knows."""
        form = cls()
        form.group.choices = _groups(questionnaire)
        form.group.label.text = "How do they work with you?" if own else form.group.label.text
        return form


class DecisionForm(Form):
    """Whether one proposed person is asked."""

    decision = RadiosField(
        "Should this person be asked?",
        choices=[SelectChoice("approve", "Yes, approve"), SelectChoice("reject", "No, reject")],
        required="Choose whether this person should be asked",
    )
    reason = TextField(
        "Reason, if you reject",
        limit=REASONS,
        hint="The practitioner can read it, so that they can choose somebody else.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that a rejection has its reason."""
        good = bool(super().validate(extra_validators))
        if self.decision.data == "reject" and not self.reason.data and not self.reason.errors:
            self.reason.errors = ["Give a reason for the rejection"]
            return False
        return good


class PatientsForm(Form):
    """Patients' addresses, one a line."""

    addresses = LongTextField(
        "Email addresses of patients",
        limit=60_000,
        hint="One address a line, at most 200. Names are not needed.",
        required="Paste at least one email address",
        attributes={"autocomplete": "off", "spellcheck": "false"},
    )
    group = RadiosField("Who are they?", required="Choose who they are")

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "PatientsForm":
        """The form; where there is one group of patients only, nothing is asked about it."""
        form = cls()
        _one_or_many(form, questionnaire)
        return form


class CardsForm(Form):
    """How many more cards to make."""

    count = WholeNumberField("How many cards?", least=1, most=MOST["patients"], required="Enter a number")
    group = RadiosField("Who are they for?", required="Choose who they are for")

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "CardsForm":
        """The form; where there is one group of patients only, nothing is asked about it."""
        form = cls()
        _one_or_many(form, questionnaire)
        return form


def _one_or_many(form: "PatientsForm | CardsForm", questionnaire: Questionnaire) -> None:
    form.group.choices = _groups(questionnaire)
    if len(questionnaire.groups) == 1:
        del form.group


def _groups(questionnaire: Questionnaire) -> list[Any]:
    return [SelectChoice(group.id, words(group.label, "en")) for group in questionnaire.groups]
