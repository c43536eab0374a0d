"""Reading programmes: those of one's own service with something to show, and one of them in a choice of periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlmodel import Session

from msf.accounts.queries import Person
from msf.base.errors import NotFound
from msf.base.shelf import known, needed
from msf.insights.rules.periods import chosen, shown
from msf.insights.rules.study import Study, study_of
from msf.instruments import words
from msf.responses.queries import BookRow, books, sums_in
from msf.rounds.queries import Page

PAGE = 25


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One version of a questionnaire with what may be shown of it."""

    name: str
    title: str
    family: str
    periods: int
    practitioners: int
    raters: int


@dataclass(frozen=True, slots=True)
class Opened:
    """One programme: the books that may be shown, those that were chosen, and the study of these."""

    offered: Sequence[BookRow]
    books: Sequence[BookRow]
    study: Study


def programmes_of(session: Session, person: Person, *, today: date, page: int = 1) -> Page[ProgrammeRow]:
    """The programmes of the service of `person` that have something to show, by name."""
    every = shown(_books(session, person), today)
    rows = [_row(name, list(found)) for name, found in groupby(every, key=lambda book: book.questionnaire)]
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, page), pages)
    return Page(rows[(number - 1) * PAGE : number * PAGE], number, pages, len(rows))


def programme(session: Session, person: Person, name: str, *, period: str, today: date) -> Opened:
    """One programme of the service of `person`; `NotFound` where it has none of this name with something to show."""
    return _opened(session, _books(session, person), name, period, today)


def programme_of(session: Session, service_id: str, name: str, *, period: str, today: date) -> Opened:
    """The same for whoever is at the machine itself, of any service."""
    return _opened(session, books(session, [service_id]), name, period, today)


def _opened(session: Session, every: Sequence[BookRow], name: str, period: str, today: date) -> Opened:
    offered = [book for book in shown(every, today) if book.questionnaire == name]
    if not offered:
        raise NotFound
    found = chosen(offered, period)
    return Opened(offered, found, study_of(needed(name), sums_in(session, found)))


def _books(session: Session, person: Person) -> list[BookRow]:
    """Those of the person's own service; people of an employer have none."""
    return books(session, [person.organisation_id]) if person.kind == "service" else []


def _named(name: str) -> tuple[str, str]:
    """Title and family; the name itself where the file is gone."""
    asked = known(name)
    if asked is None:
        return name, ""
    return words(asked.title, asked.languages[0]), asked.family


def _row(name: str, found: Sequence[BookRow]) -> ProgrammeRow:
    title, family = _named(name)
    practitioners, raters = (sum(getattr(book, part) for book in found) for part in ("practitioners", "raters"))
    return ProgrammeRow(name, title, family, len(found), practitioners, raters)
