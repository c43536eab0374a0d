"""The form that makes a round, and its words."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msf.accounts.queries import Person
from msf.base.forms import (
    CheckboxesField,
    DatePartsField,
    Form,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
    WholeNumberField,
)
from msf.instruments import Questionnaire, words
from msf.rounds.rules import DEFAULTS, LEAST_K, MOST, field_choices

PROFESSIONS = {"doctor": "Doctor", "dentist": "Dentist", "pharmacist": "Pharmacist"}
_DAYS = re.compile(r"[0-9]{1,3}([ ,]+[0-9]{1,3})*")


class RoundForm(Form):
    """Whose round, what it asks, and when; the numbers have defaults that fit most rounds."""

    practitioner_id = SelectField("Whose feedback is it?", required="Choose the practitioner")
    colleague_questionnaire = SelectField(
        "What colleagues are asked", hint="Choose the questionnaire of the practitioner’s profession."
    )
    patient_questionnaire = SelectField("What patients are asked", hint="Leave this empty if no patients are asked.")
    field = SelectField(
        "Where do they work?",
        hint="Their report can then be compared with those of at least 20 others who work in the same kind of place.",
        choices=[SelectChoice("", "Not said"), *(SelectChoice(path, words) for path, words in field_choices())],
    )
    opens_on = DatePartsField(
        "Opening day",
        hint="The letters go out on the morning of this day, once the list of people is approved.",
        required="Enter the opening day",
    )
    closes_on = DatePartsField(
        "Last day for answers",
        hint="Four weeks after opening is usual; 26 weeks at most.",
        required="Enter the last day",
    )
    k = WholeNumberField(
        "Fewest answers shown together",
        least=LEAST_K,
        most=20,
        hint="Groups of people with fewer answers are counted together with others.",
        default=str(DEFAULTS["k"]),
        required="Enter a number",
    )
    target_colleagues = WholeNumberField(
        "Answers hoped for from colleagues",
        least=1,
        most=MOST["colleagues"],
        default=str(DEFAULTS["target_colleagues"]),
        required="Enter a number",
    )
    floor_colleagues = WholeNumberField(
        "Caution on the report under this many colleagues",
        most=MOST["colleagues"],
        default=str(DEFAULTS["floor_colleagues"]),
        required="Enter a number",
    )
    target_patients = WholeNumberField(
        "Answers hoped for from patients",
        least=1,
        most=MOST["patients"],
        default=str(DEFAULTS["target_patients"]),
        required="Enter a number",
    )
    floor_patients = WholeNumberField(
        "Caution on the report under this many patients",
        most=MOST["patients"],
        default=str(DEFAULTS["floor_patients"]),
        required="Enter a number",
    )
    reminder_days = TextField(
        "Days after opening on which reminders go out",
        hint="Numbers with commas between them. Only people who have not answered get a reminder.",
        limit=40,
        default="7, 14, 21",
    )

    key_mode = RadiosField(
        "How are the answers locked until the round closes?",
        choices=[SelectChoice("standard", "Standard"), SelectChoice("strict", "Strict")],
        hints={
            "standard": "The service’s own machine opens them on the closing date.",
            "strict": "Only key holders can open them, each with a passphrase. "
            "Choose this where copies of the whole machine are kept.",
        },
        default="standard",
        required="Choose how the answers are locked",
    )
    key_holders = CheckboxesField(
        "Key holders, if strict", hint="One or two people. Nobody who reads comments or runs the machines."
    )
    holders_needed = RadiosField(
        "With two key holders, who is needed to open the answers?",
        choices=[SelectChoice("1", "Either of them"), SelectChoice("2", "Both of them")],
        hints={"2": "If one of them forgets their passphrase, the answers are lost."},
        default="1",
    )

    @classmethod
    def of(
        cls, practitioners: Iterable[Person], questionnaires: Sequence[Questionnaire], holders: Iterable[Person] = ()
    ) -> "RoundForm":
        """The form with the practitioners, questionnaires and key holders that may be chosen."""
        form = cls()
        form.key_holders.choices = [SelectChoice(person.id, person.name) for person in holders]
        form.practitioner_id.choices = [SelectChoice("", "Choose a person"), *map(_practitioner, practitioners)]
        for family, field in (
            ("colleagues", form.colleague_questionnaire),
            ("patients", form.patient_questionnaire),
        ):
            fitting = [each for each in questionnaires if each.released and each.family == family]
            field.choices = [SelectChoice("", "None"), *map(_questionnaire, fitting)]
        return form

    def days(self) -> tuple[int, ...] | None:
        """The days for reminders, or `None` where what was typed is no list of numbers."""
        typed = (self.reminder_days.data or "").strip(" ,")
        if not typed:
            return ()
        return tuple(map(int, re.findall("[0-9]+", typed))) if _DAYS.fullmatch(typed) else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that reminders are a list of numbers."""
        good = bool(super().validate(extra_validators))
        if self.days() is None and not self.reminder_days.errors:
            self.reminder_days.errors = ["Enter numbers with commas between them, such as 7, 14, 21"]
            return False
        return good


def _practitioner(person: Person) -> Any:
    profession = PROFESSIONS.get(person.profession or "", "Practitioner")
    return SelectChoice(person.id, f"{person.name}, {profession.lower()}, {person.organisation_name}")


def _questionnaire(questionnaire: Questionnaire) -> Any:
    title = words(questionnaire.title, "en")
    return SelectChoice(questionnaire.reference_name, f"{title} (version {questionnaire.version})")
