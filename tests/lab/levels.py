"""What an attacker holds beside the copies, from nothing to both keys, and the guesses that follow from it."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from msf.invitations.rules import slot_hash, token
from tests.lab.case import Case
from tests.lab.clues import Clue, Label, Link, View, learn, marks_of_answers, marks_of_people
from tests.lab.oracles import boxes, places, rows, traces
from tests.lab.snapshots import Snapshot

LEVELS = {
    "nothing": "every copy, and nothing else",
    "order": "every copy, and in which order people answered",
    "times": "every copy, and at which moment each person answered",
    "token key": "every copy, and the key that tells whose slot is whose",
    "sealing key": "every copy, and the key that opens sealed answers",
    "after": "a copy from after the close, both keys (stolen before), and in which order people answered",
}
"""The knowledge at which every attack has to stay at chance."""

RESIDUALS = {
    "sealing key + order": "copies from while the round was open, the sealing key, and the order of people",
    "sealing key + token key": "copies from while the round was open, and both keys",
}
"""The knowledge at which an attack has to succeed, as the documentation says it does."""

SERVER_LOG = "server's log + sealing key + order"
"""PostgreSQL alone: its log keeps what was written until its segments are used again, whatever the product deletes."""

Oracle = Callable[[View], Iterator[Clue]]

ORACLES: Sequence[Oracle] = (
    rows.rows, rows.changes, places.places, places.appearances, traces.log_times, traces.files, traces.exports,
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Everything one round's copies yield, sorted by what has to be known to see it."""

    stored: list[Clue]
    slots: list[Clue]
    answers: list[Clue]
    boxes: list[Clue]
    remains: list[Clue]
    server_log: list[Clue]
    links: dict[str, list[Link]]


def evidence(case: Case) -> Evidence:
    """Run every attack on one round."""
    people, answers = marks_of_people(case), marks_of_answers(case)
    stored = _view(case, people)
    learn(stored)
    stored.marks |= traces.codes_in_logs(stored)
    stored.forget()
    final = _view(case, answers)
    learn(final)
    owners = _owners(case)
    slots, sealed = _view(case, owners), _view(case, boxes.marks_of_boxes(case, list(case.snapshots)))
    last = [case.snapshots[-1]]
    after = View(case, last, boxes.marks_of_boxes(case, last) | final.marks, _chance(case))
    return Evidence(
        stored=_all(stored),
        slots=_all(slots),
        answers=_all(final),
        boxes=_all(sealed),
        remains=[*(_all(after) if after.marks != final.marks else ()), *boxes.dug_up(after)],
        server_log=list(boxes.in_server_log(_view(case, answers))),
        links={
            "nothing": _links(case, stored.marks | final.marks),
            "token key": _links(case, stored.marks | owners | final.marks),
            "sealing key": _links(case, stored.marks | sealed.marks | final.marks, stored.marks),
            "sealing key + token key": _links(case, owners | sealed.marks, owners),
        },
    )


def _chance(case: Case) -> random.Random:
    return random.Random(hashlib.sha256(f"{case.engine} {case.seed}".encode()).digest())


def _view(case: Case, marks: dict[bytes, Label]) -> View:
    return View(case, list(case.snapshots), dict(marks), _chance(case))


def _all(view: View) -> list[Clue]:
    return list(chain.from_iterable(oracle(view) for oracle in ORACLES)) if view.marks else []


def _links(case: Case, marks: dict[bytes, Label], people: dict[bytes, Label] | None = None) -> list[Link]:
    """Traces that name a person and an answer; a slot that is a mark of both is the shortest of them."""
    view = _view(case, marks)
    found = [*rows.joins(view), *traces.log_links(view)]
    if people is not None:
        pairs = {people[mark][1]: label[1] for mark, label in marks.items() if mark in people and label != people[mark]}
        found += [Link("one slot is both", "slot", pairs)] if pairs else []
    return found


def _owners(case: Case) -> dict[bytes, Label]:
    """With the token key: the slots of everybody, by their places in the pool."""
    before: Snapshot = case.snapshots[0]
    return {
        slot_hash(token(case.token_secret, row["n"])): ("people", row["address"].encode())
        for row in before.tables["invitation"]
    }


@dataclass(frozen=True)
class Guess:
    """At one level of knowledge: people in one order set beside answers in another, or pairs outright."""

    level: str
    people: Clue | None
    answers: Clue | None
    link: Link | None = None


def guesses(case: Case, found: Evidence) -> Iterator[Guess]:
    """Every pairing of a trace of people with a trace of answers that some level of knowledge allows."""
    known = Clue("", "the order of people", "people", tuple(rater.address.encode() for rater in case.order))
    yield from _pairs("nothing", found.stored, found.answers)
    yield from _side_by_side(found.answers)
    yield from _pairs("order", [known, *found.slots], found.answers)
    yield from _pairs("token key", found.slots, found.answers)
    yield from _pairs("sealing key", found.stored, found.boxes)
    yield from _pairs("after", [known], found.remains)
    yield from _pairs("sealing key + order", [known], found.boxes)
    yield from _pairs("sealing key + token key", found.slots, found.boxes)
    yield from _pairs(SERVER_LOG, [known], found.server_log)
    for clue in found.answers:
        if clue.moments:
            yield Guess("times", known, clue)
    for level, links in found.links.items():
        for link in links:
            yield Guess(level, None, None, link)


def _pairs(level: str, people: Iterable[Clue], answers: Iterable[Clue]) -> Iterator[Guess]:
    ranked = [clue for clue in answers if clue.kind != "people"]
    for clue in people:
        for other in ranked:
            yield Guess(level, clue, other)


def _side_by_side(answers: Sequence[Clue]) -> Iterator[Guess]:
    """The comments to one question beside those to the other, and beside the ratings, in the same sort of trace."""
    for clue in answers:
        for other in answers:
            if (clue.kind, other.kind) in (("does_well", "could_be_better"), ("ratings", "does_well")):
                column = clue.where.rpartition(".")[2], other.where.rpartition(".")[2]
                if clue.oracle == other.oracle and (clue.where == other.where or column[0] == column[1]):
                    yield Guess("nothing", clue, other)
