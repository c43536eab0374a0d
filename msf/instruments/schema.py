"""The fields of a questionnaire file, and the questionnaire made of them once nothing is wrong."""

from typing import Any

from yaml.nodes import Node

from msf.instruments.fields import Entry, Field, Reader, Sheet, line_of, record, several
from msf.instruments.shapes import Domain, Group, Item, Point, Prompt, Questionnaire, Reference, Scale
from msf.instruments.values import (
    in_every_language,
    matching,
    number,
    one_of,
    plain_name,
    text,
    whole,
    yes_or_no,
)

MAX_POINTS = 10
# The columns every file of answers has; and what a block or a family may be called besides a group.
_COLUMNS = ("practitioner", "family", "group", "questionnaire", "mode")
_BLOCKS = ("all", "self", "colleagues", "patients")

_language = matching(
    r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", 'give a language code in quotes, such as "en" or "cy"', is_text=True
)


def _languages(sheet: Sheet, node: Node, what: str) -> tuple[str, ...] | None:
    languages: tuple[str, ...] | None = several(_language, least=1, most=30)(sheet, node, what)
    for language in _repeated(languages or ()):
        sheet.note(line_of(node), f"{what} names `{language}` twice", "keep one of the two")
    sheet.languages = tuple(dict.fromkeys(languages or ()))
    return languages


def _professions(sheet: Sheet, node: Node, what: str) -> tuple[str, ...] | None:
    read = several(one_of("doctor", "dentist", "pharmacist"), least=1, most=3)
    professions: tuple[str, ...] | None = read(sheet, node, what)
    for profession in _repeated(professions or ()):
        sheet.note(line_of(node), f"{what} names `{profession}` twice", "keep one of the two")
    return professions


def _repeated(names: tuple[str, ...]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


_reason = Field(text(300), 'lint_ok: "why this wording has to stay"', required=False)

_point = record(
    {
        "value": Field(whole(1, MAX_POINTS), "value: 1"),
        "label": Field(in_every_language(60), 'label: {en: "Poor"}'),
    }
)
_scale = record(
    {
        "points": Field(several(_point, least=2, most=MAX_POINTS), "points: with one value and label for each step"),
        "satisfactory_from": Field(whole(2, MAX_POINTS), "satisfactory_from: 3, the lowest satisfactory value"),
        "does_not_apply": Field(in_every_language(60), 'does_not_apply: {en: "Does not apply"}'),
        "cannot_say": Field(in_every_language(60), 'cannot_say: {en: "Cannot say"}'),
    }
)
_domain = record(
    {
        "id": Field(plain_name(), "id: teamwork"),
        "title": Field(in_every_language(80), 'title: {en: "Working with others"}'),
        "standards": Field(several(text(120), least=1, most=12), 'standards: ["GMC GMP 2024 domain 3"]'),
    }
)
_item = record(
    {
        "id": Field(plain_name(reserved=_COLUMNS), "id: listens"),
        "domain": Field(plain_name(), "domain: teamwork"),
        "text": Field(in_every_language(200), 'text: {en: "Listens to what patients say"}'),
        "self_text": Field(in_every_language(200), 'self_text: {en: "I listen to what patients say"}'),
        "lint_ok": _reason,
    }
)
_prompt = record(
    {
        "id": Field(plain_name(reserved=_COLUMNS), "id: does_well"),
        "text": Field(in_every_language(300), 'text: {en: "What does this person do well?"}'),
        "self_text": Field(in_every_language(300), 'self_text: {en: "What do I do well?"}'),
        "limit": Field(whole(200, 8000), "limit: 8000, the most bytes an answer may have"),
        "lint_ok": _reason,
    }
)
_group = record(
    {
        "id": Field(plain_name(reserved=_BLOCKS), "id: nurse"),
        "label": Field(in_every_language(80), 'label: {en: "Nurses"}'),
        "least": Field(whole(0, 100), "least: 3, how many to ask at least"),
    }
)
_reference = record(
    {
        "item": Field(number(0, 5), "item: 0.75"),
        "domain": Field(number(0, 5), "domain: 0.60"),
    }
)

# `languages` comes first: every text after it is compared with it.
FIELDS = {
    "languages": Field(_languages, 'languages: ["en"]'),
    "key": Field(plain_name(), "key: doctor-colleagues"),
    "version": Field(matching(r"[1-9][0-9]{0,3}", "give a whole number from 1, such as 1"), "version: 1"),
    "title": Field(in_every_language(120), 'title: {en: "Colleague feedback"}'),
    "family": Field(one_of("colleagues", "patients"), "family: colleagues"),
    "professions": Field(_professions, "professions: [doctor]"),
    "mode": Field(one_of("in-person", "remote"), "mode: in-person", required=False),
    "minutes": Field(whole(1, 60), "minutes: 5"),
    "introduction": Field(in_every_language(1500), 'introduction: {en: "…"}'),
    "self_introduction": Field(in_every_language(1500), 'self_introduction: {en: "…"}', required=False),
    "scale": Field(_scale, "scale: with points, satisfactory_from, does_not_apply and cannot_say"),
    "domains": Field(several(_domain, least=1, most=20), "domains: with an id, title and standards each"),
    "items": Field(several(_item, least=1, most=100), "items: with an id, domain, text and self_text each"),
    "prompts": Field(several(_prompt, least=0, most=10), "prompts: []"),
    "groups": Field(several(_group, least=1, most=12), "groups: with an id, label and least each"),
    "reference": Field(_reference, "reference: {item: 0.75, domain: 0.60}"),
    "provenance": Field(text(3000), 'provenance: "who wrote it, when, from what, and how it was tested"'),
    "released": Field(yes_or_no, "released: false"),
}
read_file: Reader = record(FIELDS)


def made_of(entry: Entry, digest: str) -> Questionnaire:
    """The questionnaire a file without errors describes."""
    scale = entry["scale"]
    points = tuple(Point(point["value"], point["label"]) for point in scale["points"])
    return Questionnaire(
        key=entry["key"],
        version=entry["version"],
        title=entry["title"],
        family=entry["family"],
        professions=entry["professions"],
        mode=entry.get("mode"),
        languages=entry["languages"],
        minutes=entry["minutes"],
        introduction=entry["introduction"],
        scale=Scale(points, scale["satisfactory_from"], scale["does_not_apply"], scale["cannot_say"]),
        domains=tuple(Domain(each["id"], each["title"], each["standards"]) for each in entry["domains"]),
        items=tuple(Item(**_of(each, "id", "domain", "text", "self_text")) for each in entry["items"]),
        prompts=tuple(Prompt(**_of(each, "id", "text", "self_text", "limit")) for each in entry["prompts"]),
        groups=tuple(Group(**_of(each, "id", "label", "least")) for each in entry["groups"]),
        reference=Reference(**_of(entry["reference"], "item", "domain")),
        provenance=entry["provenance"],
        released=entry["released"],
        digest=digest,
        self_introduction=entry.get("self_introduction"),
    )


def _of(entry: Entry, *fields: str) -> dict[str, Any]:
    return {field: entry[field] for field in fields}
