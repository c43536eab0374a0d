"""The wording of items in English: one thing each, nothing that tells who answers, and easy to read."""

import re
from collections.abc import Iterator

from msf.instruments.fields import Entry, Sheet

MAX_GRADE = 7.0
MAX_GRADE_OF_ALL = 6.0
_FEWEST_WORDS = 6

# Pairs that are one thing to everybody who reads them.
_ONE_THING = re.compile(
    r"\b(?:health and safety|again and again|now and then|day and night|more or less)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\b(?:and|or|as well as|and/or)\b|[/&;+]", re.IGNORECASE)

_FACT = (
    r"(?:name|first name|surname|full name|initials|signature|age|age group|gender|sex|ethnicity|ethnic group|"
    r"ethnic background|religion|occupation|"
    r"nationality|job title|role|post|grade|specialty|employer|workplace|ward|clinic|department|shift|address|"
    r"home address|postcode|phone|phone number|telephone|telephone number|mobile|mobile number|e-?mail|"
    r"e-?mail address|contact details|date of birth|birthday|nhs number|hospital number|staff number|"
    r"registration number)"
)
_PLACE = r"(?:ward|team|clinic|department|unit|site|shift|surgery|practice|hospital|pharmacy|branch)"
_IDENTIFYING = (
    rf"\b(?:your|rater.?s?|respondent.?s?)(?: own)? {_FACT}\b",
    rf"^(?:please )?(?:give|state|write|enter|tell us|add)? ?(?:the )?(?:patient.?s? )?{_FACT}$",
    r"\b(?:job title|date of birth|post ?code|nhs number|e-?mail address|phone number)\b",
    r"\b(?:what|which) (?:date|day|time) (?:was|were|did|do|is)\b",
    r"\b(?:date|day|time) you (?:were|had|saw|came|called|worked)\b",
    r"\b(?:date|day|time) of (?:your |the |this )?(?:appointment|visit|call|birth|treatment|shift|operation)\b",
    r"\bwhen (?:was|is|were|did|do) (?:you|your|the) ?(?:appointment|visit|call|seen|treated|born|see|speak|work)\b",
    rf"\b(?:which|what) {_PLACE} (?:do|did|are|were|is|was|you)\b|\bname of (?:the|your) {_PLACE}\b",
    r"\bwhere (?:do|did|are) you (?:work|live|based|from|see|seen)\b",
    r"\bwho (?:are you|you are)\b|\bhow old (?:are you|you are)\b|\bsign (?:here|below|your)\b",
    r"\bare you (?:an? )?(?:male|female|man|woman|doctor|nurse|relative|carer|married|disabled|under|over)\b",
    r"\bhow long have you\b|\b(?:contact|phone|call|write to|reach) you (?:back|about|on)\b",
)
_IDENTIFIES = re.compile("|".join(_IDENTIFYING), re.IGNORECASE)


def check_wording(sheet: Sheet, entry: Entry) -> None:
    """Note items that ask two things, ask who answers, or are hard to read; `lint_ok` on an item excuses its own."""
    items, prompts = entry.get("items") or (), entry.get("prompts") or ()
    for item in items:
        _excused(sheet, item, [*_identifying(item), *_two_things(item), *_hard_to_read(item)])
    for prompt in prompts:
        _excused(sheet, prompt, list(_identifying(prompt)))
    together = [said for item in items for _, said in _english(item, "text")]
    if together and grade(*together) > MAX_GRADE_OF_ALL:
        message = f"the items together need a reading age of about {grade(*together) + 5:.0f}"
        sheet.note(entry.line_of("items"), message, "use shorter words and shorter sentences", "warning")


_Remark = tuple[int, str, str, bool]
"""Line, message, remedy, and whether it is an error."""


def _excused(sheet: Sheet, entry: Entry, remarks: list[_Remark]) -> None:
    if "lint_ok" not in entry.lines:
        for line, message, remedy, grave in remarks:
            sheet.note(line, message, remedy, "error" if grave else "warning")
    elif not remarks:
        sheet.note(entry.line_of("lint_ok"), "`lint_ok` excuses nothing here", "take it out", "warning")


def _english(entry: Entry, *fields: str) -> Iterator[tuple[int, str]]:
    for field in fields:
        for language, said in (entry.get(field) or {}).items():
            if language.partition("-")[0] == "en":
                yield entry.line_of(field), said


def _identifying(entry: Entry) -> Iterator[_Remark]:
    for line, said in _english(entry, "text", "self_text"):
        if found := _IDENTIFIES.search(said.strip(" .:?!")):
            message = f'"{found.group().strip()}" may tell who answers'
            yield line, message, "ask about the practitioner only, never about the person who answers", True


def _two_things(item: Entry) -> Iterator[_Remark]:
    for line, said in _english(item, "text", "self_text"):
        if found := _JOINED.search(_ONE_THING.sub("", said)):
            message = f'"{said}" asks more than one thing ("{found.group()}")'
            yield line, message, "make two items of it, or keep the one that matters", False


def _hard_to_read(item: Entry) -> Iterator[_Remark]:
    for line, said in _english(item, "text", "self_text"):
        if grade(said) > MAX_GRADE:
            message = f'"{said}" needs a reading age of about {grade(said) + 5:.0f}'
            yield line, message, "use shorter words or a shorter sentence", False


def grade(*sentences: str) -> float:
    """School year (US grade: age less five) in which most pupils can read these sentences, by Kincaid's formula.

    Kincaid, Fishburne, Rogers and Chissom (1975). The formula is for running text and one long word would decide on a
    statement of three, so a sentence under six words counts as filled up to six with short ones. A guide and no more.

    >>> round(grade("Listens to what patients say"), 1), round(grade("Demonstrates interprofessional collegiality"), 1)
    (2.5, 20.2)
    """
    spoken = [words for each in sentences if (words := re.findall(r"[a-z']+", each.lower()))]
    if not spoken:
        return 0.0
    missing = sum(max(0, _FEWEST_WORDS - len(words)) for words in spoken)
    count = missing + sum(map(len, spoken))
    syllables = missing + sum(_syllables(word) for words in spoken for word in words)
    return 0.39 * count / len(spoken) + 11.8 * syllables / count - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, less the endings that are written but not spoken."""
    spoken = re.sub(r"(?<=[^aeiouytd])ed$|(?<=[^aeiouylsxzcgh])es$|(?<=[^aeiouyl])e$", "", word.replace("'", ""))
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))
