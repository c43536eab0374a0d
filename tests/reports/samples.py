"""Rounds of made-up answers from which tests build whole reports."""

from datetime import date

import numpy as np

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, Questionnaire, find
from msf.reports.rules import Part, part_of, pool, tally
from msf.reports.rules.document import document_of
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.shapes import Document
from msf.scoring.benchmarks import BenchmarkSet, Window
from msf.scoring.disclosure import partition

COLLEAGUES = "doctor-colleagues/1"
PATIENTS = "patients-in-person/1"


def ratings(questionnaire: Questionnaire, people: int, *, seed: int, level: float = 4.3) -> np.ndarray:
    """Answers of so many people, correlated within a person, with some that are no rating."""
    random = np.random.default_rng(seed)
    items = len(questionnaire.items)
    centre = level + random.normal(0, 0.35, (people, 1)) + random.normal(0, 0.25, items)
    given = np.clip(np.rint(centre + random.normal(0, 0.5, (people, items))), 1, questionnaire.scale.highest)
    chance = random.random((people, items))
    given[chance < 0.02] = BLANK
    given[(chance >= 0.02) & (chance < 0.04)] = NOT_APPLICABLE
    given[(chance >= 0.04) & (chance < 0.07)] = CANNOT_SAY
    return given.astype(np.int8)


def part(
    name: str, groups: dict[str, int], *, seed: int = 1, level: float = 4.3, own: bool = True, least: int = 5
) -> Part:
    """One questionnaire answered by so many people of each group, and by the practitioner."""
    questionnaire = find(name)
    order = [(group.id,) for group in questionnaire.groups]
    people = [groups.get(group, 0) for (group,) in order]
    index = np.repeat(np.arange(len(order)), people)
    found = tally(
        questionnaire.family,
        ratings(questionnaire, sum(people), seed=seed, level=level),
        index,
        order,
        questionnaire.scale.size,
    )
    self_ratings = ratings(questionnaire, 1, seed=seed + 100, level=level - 0.3)[0] if own else None
    return part_of(questionnaire, [pool(found, partition(found.answered, least=least))], self_ratings, least=least)


def comparable(count: int) -> BenchmarkSet:
    """A set of so many surgeons; the last of its domains is shown by too few of them."""
    window = Window(date(2024, 1, 1), date(2026, 12, 31))
    domains = [domain.id for domain in find(COLLEAGUES).domains][:-1]
    means = {name: tuple(sorted(38 + (3 * n + place) % 11 for n in range(count))) for place, name in enumerate(domains)}
    stratum = ("doctor", "hospital", "surgery")
    return BenchmarkSet("1", COLLEAGUES, "colleagues", stratum, window, count, means, {})


def facts(**more: object) -> Facts:
    """Facts of a made-up practitioner."""
    known: dict[str, object] = {
        "practitioner": "Dr Example",
        "reference": "R-7F3K2Q",
        "least": 5,
        "profession": "doctor",
        "asked_by": "Riverside Hospitals",
        "run_by": "Practitioner feedback service",
        "opened_on": date(2027, 2, 3),
        "closed_on": date(2027, 3, 3),
        "written_on": date(2027, 3, 4),
        "invited": {"colleagues": 20, "patients": 45},
    }
    return Facts(**{**known, **more})  # type: ignore[arg-type]


COMMENTS = (
    Said(
        "colleagues",
        f"{COLLEAGUES}:does_well",
        "Always calm in a crisis, and explains the plan so that everybody can follow.",
    ),
    Said("colleagues", f"{COLLEAGUES}:does_well", "Thorough notes. [removed] was grateful for the teaching."),
    Said("colleagues", f"{COLLEAGUES}:could_be_better", "Could answer messages sooner.\nSometimes I wait two days."),
    Said("patients", f"{PATIENTS}:did_well", "<script>alert(1)</script> & listened to me"),
    Said("patients", f"{PATIENTS}:did_well", "شرح لي كل شيء بهدوء وبوضوح"),
    Said("self", f"{COLLEAGUES}:does_well", "I try to keep the team informed."),
)


def usual(**more: object) -> tuple[list[Part], Facts, Document]:
    """A round of 18 colleagues and 42 patients, with the practitioner's own answers."""
    parts = [
        part(COLLEAGUES, {"doctor": 8, "nurse": 5, "allied": 3, "admin": 2}, seed=3),
        part(PATIENTS, {"patient": 42}, seed=5, level=4.5),
    ]
    told = facts(facilitator="Ms Guide", **more)
    return parts, told, document_of(parts, [find(COLLEAGUES), find(PATIENTS)], COMMENTS, told)
