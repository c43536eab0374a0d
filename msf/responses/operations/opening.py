"""Opening: every sealed answer at once, shuffled, pooled, written apart, and the slots gone."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.tables import new_id
from msf.responses.models import Answer, Comment, Finding, Slot
from msf.responses.operations.slots import destroy_slots
from msf.responses.operations.sums import write_sums
from msf.responses.rules import Sheet, Unreadable, unpack, unseal
from msf.responses.rules.findings import RoundNames, find_in
from msf.responses.rules.programme import Books
from msf.scoring.disclosure import partition


@dataclass(frozen=True, slots=True)
class Opened:
    """What the close found: how many answers, refusals and unreadable boxes, and the frozen partition by family."""

    answers: int
    declined: int
    unreadable: int
    partition: dict[str, list[list[str]]]


def open_slots(
    session: Session,
    round_id: str,
    *,
    private: bytes,
    groups: Mapping[str, Sequence[str]],
    pools: Mapping[str, Sequence[Sequence[str]]],
    items: Mapping[str, int],
    least: int,
    names: RoundNames,
    books: Books,
) -> Opened:
    """Open every slot of the round, write answers and comments apart in random order, and delete the slots.

    `groups` names the groups of each family that were asked, in configured order; `pools`, which of them answers name
    together (a group in none of them stands by itself); `items`, how many ratings an answer to each questionnaire has;
    `names`, who may be named in a comment; `books`, where the sums are entered. The finer group is replaced by its
    block before anything is written; a family under `least` keeps none. The caller holds the lock on the round.
    """
    opened, unreadable = _opened(session, round_id, private)
    sheets = [sheet for sheet in opened if _fits(sheet, groups, items)]
    unreadable += len(opened) - len(sheets)
    named = {family: _named(order, pools.get(family, ())) for family, order in groups.items()}
    given = [_renamed(sheet, named[sheet.family]) for sheet in sheets if not sheet.declined]
    blocks = {family: _blocks(given, family, order, named[family], least) for family, order in groups.items()}
    kept = [sheet for sheet in given if blocks.get(sheet.family)]
    _write_answers(session, round_id, kept, blocks)
    _write_comments(session, round_id, kept, names)
    write_sums(session, round_id, kept, blocks, least=least, books=books)
    destroy_slots(session, round_id)
    return Opened(len(given), len(sheets) - len(given), unreadable, blocks)


def _opened(session: Session, round_id: str, private: bytes) -> tuple[list[Sheet], int]:
    query = select(Slot.sealed).where(col(Slot.round_id) == round_id, col(Slot.sealed).is_not(None))
    sheets, unreadable = [], 0
    for sealed in session.exec(query):
        assert sealed is not None
        try:
            sheets.append(unpack(unseal(sealed, private), round_id=round_id))
        except Unreadable:
            unreadable += 1
    secrets.SystemRandom().shuffle(sheets)
    return sheets, unreadable


def _fits(sheet: Sheet, groups: Mapping[str, Sequence[str]], items: Mapping[str, int]) -> bool:
    """Whether an opened box holds an answer to what this round asks, whoever sealed it."""
    return sheet.family in groups and (sheet.declined or items.get(sheet.questionnaire) == len(sheet.ratings))


def _named(order: Sequence[str], pools: Iterable[Sequence[str]]) -> dict[str, str]:
    """What each group's answers are counted as: the first group of its pool of which somebody was asked."""
    first = {group: next((each for each in pool if each in order), group) for pool in pools for group in pool}
    return {group: group for group in order} | first


def _renamed(sheet: Sheet, named: Mapping[str, str]) -> Sheet:
    return replace(sheet, group=named.get(sheet.group, sheet.group))


def _blocks(
    sheets: Sequence[Sheet], family: str, order: Sequence[str], named: Mapping[str, str], least: int
) -> list[list[str]]:
    """The groups of each block in configured order; those of one pool are always in the same block."""
    present = Counter(sheet.group for sheet in sheets if sheet.family == family)
    asked = {name: present.get(name, 0) for name in dict.fromkeys(named[group] for group in order)}
    found = partition({**asked, **present}, least=least, asked=True)
    groups = [*order, *sorted(set(present) - set(order))]
    return [[group for group in groups if named.get(group, group) in block] for block in found]


def _write_answers(
    session: Session, round_id: str, sheets: Iterable[Sheet], blocks: Mapping[str, Sequence[Sequence[str]]]
) -> None:
    rows = [
        {"id": new_id(), "round_id": round_id, "block": _block_of(sheet, blocks), "ratings": sheet.ratings}
        for sheet in sheets
    ]
    if rows:
        session.execute(sa.insert(Answer), sorted(rows, key=lambda row: str(row["id"])))


def _block_of(sheet: Sheet, blocks: Mapping[str, Sequence[Sequence[str]]]) -> str:
    for block in blocks.get(sheet.family, ()):
        if sheet.group in block:
            return f"{sheet.family}:{'+'.join(block)}"
    return f"{sheet.family}:"


def _write_comments(session: Session, round_id: str, sheets: Iterable[Sheet], names: RoundNames) -> None:
    rows = [
        {
            "id": new_id(),
            "round_id": round_id,
            "question": f"{sheet.questionnaire}:{prompt}",
            "family": sheet.family,
            "text": text,
        }
        for sheet in sheets
        for prompt, text in sheet.comments.items()
    ]
    rows.sort(key=lambda row: row["id"])
    found = [
        {"comment_id": row["id"], "starts": span.start, "ends": span.end, "kind": span.kind}
        for row in rows
        for span in find_in(row["text"], names)
    ]
    if rows:
        session.execute(sa.insert(Comment), rows)
    if found:
        session.execute(sa.insert(Finding), found)
