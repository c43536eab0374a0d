"""Answers to one questionnaire as they come from a page: read against it, never trusted, never half kept."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, Questionnaire

ITEM = "item."
TEXT = "text."
CODES = {"na": NOT_APPLICABLE, "dk": CANNOT_SAY, "": BLANK}


class Fields(Protocol):
    """What a browser sent: every name once or more (werkzeug's MultiDict is one)."""

    def __iter__(self) -> Iterator[str]: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """One person's answers: `ratings` is one int8 code an item in questionnaire order, `comments` only those written.

    `values` is what was typed, by field name, so that a page can show it again; `errors` maps a field's name to a
    sentence. Nothing may be stored while there are errors.
    """

    ratings: bytes
    comments: Mapping[str, str]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was answered or written."""
        return not any(self.ratings) and not self.comments


def read_answers(fields: Fields, questionnaire: Questionnaire) -> AnswerSheet:
    """Read the answers to `questionnaire` out of `fields` (`item.<id>` and `text.<id>`)."""
    known = {f"{ITEM}{item.id}" for item in questionnaire.items} | {f"{TEXT}{p.id}" for p in questionnaire.prompts}
    sent = {name: fields.getlist(name) for name in fields if name.startswith((ITEM, TEXT))}
    values = {name: given[0] for name, given in sent.items() if name in known}
    forged = any(name not in known or len(given) > 1 for name, given in sent.items())
    errors = {"form": _FORGED} if forged else {}
    codes = {**CODES, **{str(point.value): point.value for point in questionnaire.scale.points}}
    ratings = bytearray()
    for item in questionnaire.items:
        code = codes.get(values.get(f"{ITEM}{item.id}", ""))
        if code is None:
            errors[f"{ITEM}{item.id}"] = "Choose one of the answers shown for this question."
        ratings.append(code or BLANK)
    comments = {p.id: _tidy(values.get(f"{TEXT}{p.id}", ""), p.limit) for p in questionnaire.prompts}
    for prompt in questionnaire.prompts:
        if words := _text_error(comments[prompt.id], prompt.limit):
            errors[f"{TEXT}{prompt.id}"] = words
    return AnswerSheet(bytes(ratings), {key: text for key, text in comments.items() if text}, values, errors)


def values_of(questionnaire: Questionnaire, ratings: bytes, comments: Mapping[str, str]) -> dict[str, str]:
    """The field values that show stored answers again, the inverse of `read_answers`."""
    names = {NOT_APPLICABLE: "na", CANNOT_SAY: "dk", BLANK: ""}
    shown = {
        f"{ITEM}{item.id}": names.get(code, str(code)) for item, code in zip(questionnaire.items, ratings, strict=True)
    }
    return {**shown, **{f"{TEXT}{key}": text for key, text in comments.items()}}


_FORGED = (
    "This form holds an answer to a question that is not in this questionnaire. Open your link again and start afresh."
)


def _tidy(text: str, limit: int) -> str:
    """`text` composed and stripped; one over the limit is left alone, since composing marks takes quadratic time."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return plain if len(plain) > limit else unicodedata.normalize("NFC", plain)


def _text_error(text: str, limit: int) -> str | None:
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        return "Your comment holds characters that cannot be read, such as a null byte. Remove them and send again."
    size = len(text.encode("utf-8"))
    if size > limit:
        return (
            f"Your comment is about {size - limit:,} characters too long. Shorten it to at most {limit:,} characters."
        )
    return None
