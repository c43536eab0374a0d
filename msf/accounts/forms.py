"""The forms for a new account, for how long things are kept, and for what of the record to show; and their words."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.validators import ValidationError

from msf.accounts.models import Organisation
from msf.accounts.rules import ROLES
from msf.accounts.rules.trail import ACTIONS
from msf.base.forms import (
    CheckboxesField,
    DatePartsField,
    EmailField,
    Form,
    SelectChoice,
    SelectField,
    TextField,
    WholeNumberField,
)
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


class TrailForm(Form):
    """Which entries of the record to show; it changes nothing, so it travels in the address."""

    organisation = SelectField("Organisation")
    person = SelectField("Person")
    action = SelectField("What was done")
    thing = TextField("Reference of a round", hint="Such as R-7F3K2Q. Its report is meant as well.", limit=20)
    since = DatePartsField("From")
    until = DatePartsField("To")

    @classmethod
    def of(cls, asked: Any, chains: Mapping[str, str], people: Mapping[str, str]) -> "TrailForm":
        """The form as it was `asked`, with these organisations and people to choose from."""
        form = cls(asked, meta={"csrf": False})
        form.organisation.choices = _any("All", chains)
        form.person.choices = _any("Everybody", people)
        form.action.choices = _any("Everything", dict(sorted(ACTIONS.items(), key=lambda each: each[1])))
        return form

    def validate_since(self, field: DatePartsField) -> None:
        """Refuse years that no entry can be of."""
        if field.data and not 2000 <= field.data.year < 2200:
            raise ValidationError("Enter a year between 2000 and 2199")

    validate_until = validate_since


def _any(words: str, found: Mapping[str, str]) -> list[Any]:
    return [SelectChoice("", words), *(SelectChoice(value, label) for value, label in found.items())]
