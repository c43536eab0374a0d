"""Where a practitioner works, for comparison with their like: settings and specialties of each profession; pure.

A field is written as a path from wide to narrow, `doctor/hospital/surgery`. The table is fixed: a name that was given
once keeps its meaning, since comparisons of later years rest on it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msf.rounds.rules.limits import RoundRefused


class Setting(NamedTuple):
    """One setting: its words where it is chosen, and in a sentence; specialties by name, in words."""

    words: str
    sentence: str
    specialties: Mapping[str, str] = {}


_HOSPITAL = {
    "medicine": "medicine",
    "surgery": "surgery",
    "anaesthesia": "anaesthesia",
    "emergency": "emergency medicine",
    "obstetrics": "obstetrics and gynaecology",
    "paediatrics": "paediatrics",
    "psychiatry": "psychiatry",
    "radiology": "radiology",
    "pathology": "pathology",
}

FIELDS: Mapping[str, Mapping[str, Setting]] = {
    "doctor": {
        "general_practice": Setting("General practice", "in general practice"),
        "hospital": Setting("Hospital", "in hospitals", _HOSPITAL),
        "public_health": Setting("Public health", "in public health"),
    },
    "dentist": {
        "general_practice": Setting("General dental practice", "in general dental practice"),
        "community": Setting("Community dental service", "in community dental services"),
        "hospital": Setting("Hospital", "in hospitals"),
    },
    "pharmacist": {
        "community": Setting("Community pharmacy", "in community pharmacies"),
        "hospital": Setting("Hospital", "in hospitals"),
        "general_practice": Setting("General practice", "in general practice"),
        "other": Setting("Another setting", "in other settings"),
    },
}


def field_choices() -> Iterator[tuple[str, str]]:
    """Every field with its words, by profession, wide before narrow.

    >>> [words for path, words in field_choices()][:4]
    ['Doctor: General practice', 'Doctor: Hospital', 'Doctor: Hospital, medicine', 'Doctor: Hospital, surgery']
    """
    for profession, settings in FIELDS.items():
        for name, setting in settings.items():
            yield f"{profession}/{name}", f"{profession.capitalize()}: {setting.words}"
            for specialty, words in setting.specialties.items():
                yield f"{profession}/{name}/{specialty}", f"{profession.capitalize()}: {setting.words}, {words}"


def field_name(path: str | None) -> str:
    """The words of a field, without the profession.

    >>> field_name("doctor/hospital/surgery"), field_name(None)
    ('Hospital, surgery', 'Not said')
    """
    return dict(field_choices())[path].partition(": ")[2] if path else "Not said"


def check_field(path: str | None, profession: str | None) -> str | None:
    """The field, where it is one of this profession's; none where nothing was said.

    >>> check_field("doctor/hospital", "doctor"), check_field("", "doctor")
    ('doctor/hospital', None)
    """
    if not path:
        return None
    if path not in dict(field_choices()) or path.partition("/")[0] != profession:
        raise RoundRefused(
            "This is not where somebody of this profession works. Choose from those of their profession, or leave it.",
            field="field",
        )
    return path


def stratum_of(path: str | None, profession: str | None) -> tuple[str, ...]:
    """The field as steps from wide to narrow; the profession alone where no field was said, nothing without both.

    >>> stratum_of("doctor/hospital/surgery", "doctor"), stratum_of(None, "dentist")
    (('doctor', 'hospital', 'surgery'), ('dentist',))
    """
    return tuple((path or profession or "").split("/")) if path or profession else ()


def stratum_words(stratum: tuple[str, ...]) -> str:
    """Who belongs to a stratum, in a sentence.

    >>> stratum_words(("doctor", "hospital", "surgery")), stratum_words(("pharmacist",))
    ('doctors in hospitals (surgery)', 'pharmacists')
    """
    profession, *rest = stratum
    if not rest:
        return f"{profession}s"
    setting = FIELDS[profession][rest[0]]
    narrow = "".join(f" ({setting.specialties[name]})" for name in rest[1:])
    return f"{profession}s {setting.sentence}{narrow}"
