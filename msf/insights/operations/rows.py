"""The rows of an export: cells of reports, figures and counts of programmes, and the words of questionnaires."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from random import Random

from sqlmodel import Session

from msf.insights.operations.reports import parts_of
from msf.insights.rules.export import NON_ANSWERS, Candidate, Row, Value, answers, questions
from msf.insights.rules.periods import over, shown
from msf.instruments import Questionnaire, find
from msf.reports.rules.cells import csv_rows
from msf.responses.queries import BookRow, books, sums_in
from msf.responses.rules.programme import shape_of
from msf.scoring.programme import Programme, figures_of, released


@dataclass(frozen=True, slots=True)
class _Period:
    """Some books of one questionnaire, and of these sums what may be shown."""

    asked: Questionnaire
    since: str
    until: str
    sums: Programme


def books_of(session: Session, service_id: str, day: date, left: Counter[str]) -> list[BookRow]:
    """The books that may be shown on this day; the others are counted in `left`."""
    found = books(session, [service_id])
    ended = [row for row in found if over(row.until, day)]
    kept = shown(ended, day)
    left |= {"running_periods": len(found) - len(ended), "thin_periods": len(ended) - len(kept)}
    return kept


def _periods(session: Session, chosen: Sequence[BookRow]) -> Iterator[_Period]:
    """Each book by itself, then all of a questionnaire together where there are several."""
    for name in dict.fromkeys(row.questionnaire for row in chosen):
        rows = [row for row in chosen if row.questionnaire == name]
        asked = find(name)
        shape = shape_of(asked)
        for row in rows:
            yield _Period(asked, row.since, row.until, released(shape, sums_in(session, [row])))
        if len(rows) > 1:
            parts = (sums for row in rows for sums in sums_in(session, [row]))
            yield _Period(asked, rows[0].since, rows[-1].until, released(shape, parts))


def rows_of(
    session: Session, going: Sequence[Candidate], chosen: Sequence[BookRow], shelf: Sequence[Questionnaire],
    numbers: Random,
) -> dict[str, Callable[[], Iterable[Row]]]:  # fmt: skip
    """What makes the rows of each table."""
    return {
        "cells": lambda: _cell_rows(session, going, numbers),
        "figures": lambda: (row for period in _periods(session, chosen) for row in _figure_rows(period)),
        "counts": lambda: (row for period in _periods(session, chosen) for row in _count_rows(period)),
        "questions": lambda: questions(shelf),
        "answers": lambda: answers(shelf),
    }


def _cell_rows(session: Session, going: Sequence[Candidate], numbers: Random) -> Iterator[Row]:
    drawn = numbers.sample(range(1_000_000, 10_000_000), len(going))
    for number, (each, parts) in zip(drawn, parts_of(session, going), strict=True):
        about = each.alike.quarter, each.alike.profession or None
        for part in parts:
            for questionnaire, *rest, bound in csv_rows(part):
                yield number, questionnaire, *about, *rest, bound or None


def _figure_rows(period: _Period) -> Iterator[Row]:
    asked = period.asked
    found = figures_of(
        period.sums, shape_of(asked), items=asked.item_ids, domains=[domain.id for domain in asked.domains],
        satisfactory=asked.scale.satisfactory_from, whole=asked.family == "colleagues",
    )  # fmt: skip
    about = asked.reference_name, period.since, period.until, asked.family
    for each in found:
        limits = _number(each.low), _number(each.high)
        named = each.scope, each.id, each.name, _number(each.value)
        yield *about, *named, *limits, each.n, each.unit, each.estimator, each.remark or None


def _count_rows(period: _Period) -> Iterator[Row]:
    asked, sums = period.asked, period.sums
    about = asked.reference_name, period.since, period.until, asked.family
    for at, item in enumerate(asked.item_ids):
        people = int(sums.people[at])
        given = enumerate(sums.values[at].tolist(), start=1)
        counted = [(str(value), n) for value, n in given] + list(
            zip(NON_ANSWERS, sums.nonanswers[at].tolist(), strict=True)
        )
        for answer, raters in counted if people else ():
            yield *about, item, answer, people, raters


def _number(value: float | int | None) -> Value:
    return None if value is None or not isfinite(value) else float(value)
