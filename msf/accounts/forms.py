"""The forms for a new account and for how long things are kept, and their words."""

from collections.abc import Sequence

from msf.accounts.models import Organisation
from msf.accounts.rules import ROLES
from msf.base.forms import CheckboxesField, EmailField, Form, SelectChoice, SelectField, TextField, WholeNumberField
from msf.base.retention import PERIODS

PROFESSIONS = {"": "Does not matter", "doctor": "Doctor", "dentist": "Dentist", "pharmacist": "Pharmacist"}


class AccountForm(Form):
    """Who the new person is, where they belong and what they do."""

    name = TextField("Full name", required="Enter the person's name", attributes={"autocomplete": "off"})
    email = EmailField("Email address", required="Enter the person's email address", attributes={"autocomplete": "off"})
    organisation = SelectField("Organisation", required="Choose an organisation")
    roles = CheckboxesField(
        "Roles",
        hint="Practitioners and case managers belong to an employer, every other role to a service.",
        required="Choose at least one role",
        choices=[SelectChoice(value, label) for value, label in ROLES.items()],
    )
    profession = SelectField(
        "Profession",
        hint="For practitioners: it decides which questionnaires fit.",
        choices=[SelectChoice(value, label) for value, label in PROFESSIONS.items()],
    )

    @classmethod
    def of(cls, organisations: Sequence[Organisation]) -> "AccountForm":
        """The form with these organisations to choose from."""
        form = cls()
        form.organisation.choices = [SelectChoice(each.id, each.name) for each in organisations]
        return form


def _days(name: str) -> WholeNumberField:
    period = PERIODS[name]
    return WholeNumberField(
        period.label,
        least=period.least,
        most=period.days,
        hint=f"Days after {period.since}. From {period.least:,} to {period.days:,}.",
        required="Enter a number of days",
    )


class RetentionForm(Form):
    """For how many days an organisation keeps things."""

    addresses = _days("addresses")
    ratings = _days("ratings")
    originals = _days("originals")
    reports = _days("reports")
    audit = _days("audit")

    def days(self) -> dict[str, int]:
        """The days by period."""
        return {name: self[name].number or 0 for name in PERIODS}
