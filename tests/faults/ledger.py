"""What raters know of one round, against what is stored: every receipt is one sealed answer, and nothing else is."""

import random
from collections import Counter
from dataclasses import asdict, dataclass, field, fields

import sqlalchemy as sa
from sqlmodel import col, select

from msf.base.db import reading
from msf.invitations.rules import read_token, slot_hash
from msf.responses.models import Answer, Comment, Slot
from msf.responses.rules import Sheet, unpack, unseal
from msf.rounds.models import Round
from tests.faults.children import a_receipt, form, send
from tests.respond.rounds import OpenRound


@dataclass
class Tally:
    """How often a fault was brought about on an engine, and what was counted afterwards."""

    fault: str
    engine: str
    times: int = 0
    receipts: int = 0
    withdrawals: int = 0
    filled: int = 0
    opened: int = 0
    declined: int = 0
    unreadable: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def holds(self) -> bool:
        """Receipts less withdrawals are the filled slots, and those were opened or had declined; nothing else."""
        kept = self.receipts - self.withdrawals
        ends = self.opened + self.declined
        return kept == self.filled == ends and not (self.lost or self.doubled or self.unreadable)

    def line(self) -> str:
        """One line of the table."""
        return "| " + " | ".join(str(value) for value in asdict(self).values()) + " |"


HEAD = "\n".join(
    (
        f"| {' | '.join(each.name for each in fields(Tally))} |",
        "| --- | --- |" + " ---: |" * (len(fields(Tally)) - 2),
    )
)


@dataclass
class Rater:
    """One invited person: `sure` is what they know about their slot, `None` while they wait for an answer."""

    code: str
    sure: bool | None = False
    form: dict[str, str] = field(default_factory=dict)
    page: str = ""

    @property
    def declines(self) -> bool:
        """Whether their form says that they would rather not answer."""
        return self.form["step"] == "decline"

    @property
    def mark(self) -> str:
        """The words that only this form holds."""
        return self.form.get("text.does_well", "")


class Ledger:
    """The raters of one round, what they were told, and the count of it in a tally."""

    def __init__(self, opened: OpenRound, tally: Tally, rng: random.Random) -> None:
        self.round, self.tally, self.rng = opened, tally, rng
        self.raters = [Rater(code) for code in opened.codes]

    # ---- what raters do

    def fill_in(self, rater: Rater) -> None:
        """A new form, one in six a refusal to answer."""
        receipt = a_receipt()
        rater.form = form(rater.code, receipt, rating=str(self.rng.randint(1, 5)))
        if self.rng.random() < 1 / 6:
            rater.form = {"code": rater.code, "receipt": receipt, "step": "decline"}
        else:
            rater.form["text.does_well"] = f"Mark {receipt}"

    def give(self, port: int, rater: Rater) -> int | None:
        """Send a new form, or the one that is still unanswered; the status, `None` where none came."""
        if rater.sure is False:
            self.fill_in(rater)
        was, rater.sure = rater.sure, None
        answer = send(port, rater.form)
        if answer is None:
            return None
        status, rater.page = answer
        if status == 200:
            rater.sure = True
            self.tally.receipts += 1
        elif was is False and status in (404, 503):
            # Refused by the page: a form nobody stored. A 503 may have been stored, so it stays open.
            rater.sure = None if status == 503 else False
        return status

    def again(self, port: int, rater: Rater) -> int | None:
        """Do again what was left without an answer, or give a first time."""
        if rater.sure is None and "taking" in rater.form:
            return self.take_back(port, rater)
        return self.give(port, rater)

    def take_back(self, port: int, rater: Rater) -> int | None:
        """Withdraw; refused after an earlier try without an answer means that it had been done, and so 200 too."""
        rater.sure = None
        answer = send(port, {**_pair(rater), "confirmed": "yes"}, path="/give/withdraw")
        if answer is None or answer[0] == 503:
            rater.form["taking"] = "yes"
            return answer and answer[0]
        if answer[0] == 200 or "taking" in rater.form:
            self.tally.withdrawals += 1
            rater.sure, rater.form = False, {}
            return 200
        rater.sure = True
        return answer[0]

    def settle(self, port: int) -> None:
        """Everybody who heard nothing does again what they did, as the page says."""
        for rater in self.raters:
            if rater.sure is None:
                self.again(port, rater)
            assert rater.sure is not None, rater.page

    def some(self, wanted: bool | None, count: int) -> list[Rater]:
        """At most `count` raters, at random, who are sure of this."""
        found = [rater for rater in self.raters if rater.sure is wanted]
        return self.rng.sample(found, min(count, len(found)))

    def given(self) -> int:
        """How many are sure to have given an answer, refusals aside."""
        return sum(rater.sure is True and not rater.declines for rater in self.raters)

    def reach(self, port: int, least: int) -> None:
        """More answers until there are `least`; where everybody has sent something, a refusal is taken back for one."""
        while self.given() < least:
            if not self.some(False, 1):
                refused = next(rater for rater in self.raters if rater.sure and rater.declines)
                self.take_back(port, refused)
            self.give(port, self.some(False, 1)[0])

    def make_room(self, port: int, least: int = 6) -> None:
        """Have answers taken back until so many are free to send one."""
        while len(self.some(False, least)) < least:
            assert self.take_back(port, self.some(True, 1)[0]) == 200

    # ---- what is stored

    def check(self) -> int:
        """Open every box with the key, as only the close does; whoever is sure must be right. How many are filled."""
        boxes = self._boxes()
        found = {rater.code: boxes.pop(slot_hash(read_token(rater.code) or b""), None) for rater in self.raters}
        for rater in self.raters:
            box = found[rater.code]
            if rater.sure is True:
                self.tally.lost += box is None or not _same(box, rater)
            elif rater.sure is False:
                self.tally.doubled += box is not None
            elif box is not None:
                assert _same(box, rater), "an answer that this rater did not send"
        self.tally.doubled += len(boxes)
        return sum(box is not None for box in found.values())

    def _boxes(self) -> dict[bytes, Sheet]:
        private = self.round.keys.seals.read(self.round.id)
        with reading() as session:
            query = select(Slot.h, Slot.sealed, Slot.receipt_hash).where(Slot.round_id == self.round.id)
            rows = session.exec(query).all()
        assert all((sealed is None) == (receipt is None) for _, sealed, receipt in rows), "a slot that is half filled"
        return {h: unpack(unseal(box, private), round_id=self.round.id) for h, box, _ in rows if box is not None}

    def state(self) -> str:
        """The state the round is in."""
        with reading() as session:
            return session.get_one(Round, self.round.id).state

    def slots(self) -> int:
        """How many slots the round has, filled or not."""
        with reading() as session:
            query = select(sa.func.count()).where(col(Slot.round_id) == self.round.id)
            return int(session.exec(query).one())

    def check_closed(self) -> None:
        """After the close: every answer once, every comment once, no slot and no key; added to the tally."""
        marks = Counter(rater.mark for rater in self.raters if rater.sure and not rater.declines)
        filled = sum(bool(rater.sure) for rater in self.raters)
        with reading() as session:
            row = session.get_one(Round, self.round.id)
            texts = Counter(session.exec(select(Comment.text).where(Comment.round_id == self.round.id)))
            query = select(sa.func.count()).where(col(Answer.round_id) == self.round.id)
            answers = int(session.exec(query).one())
        assert row.opened is not None, f"the round is {row.state}"
        assert row.partition and row.partition["colleagues"], "too few answered for their answers to be kept"
        self.tally.filled += filled
        self.tally.opened += answers
        self.tally.declined += row.opened - answers
        self.tally.unreadable += row.unreadable or 0
        self.tally.lost += sum((marks - texts).values())
        self.tally.doubled += sum((texts - marks).values())
        self._check_gone()

    def check_cancelled(self) -> None:
        """After a cancellation nothing of any answer is left, and no key."""
        with reading() as session:
            for table in (Answer, Comment):
                query = select(sa.func.count()).where(col(table.round_id) == self.round.id)
                assert int(session.exec(query).one()) == 0
        self._check_gone()

    def _check_gone(self) -> None:
        assert self.slots() == 0
        keys = self.round.keys
        assert not keys.seals.has(self.round.id) and not keys.tokens.has(self.round.id), "a key is left"


def _pair(rater: Rater) -> dict[str, str]:
    return {"code": rater.code, "receipt": rater.form["receipt"]}


def _same(box: Sheet, rater: Rater) -> bool:
    if box.declined or rater.declines:
        return box.declined == rater.declines
    return list(box.comments.values()) == [rater.mark]
