"""Copies of keys for the day they are lost: taken, looked through, and put back where they still may be."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from msf.accounts.models import Account
from msf.base.audit import INSTALLATION, OPERATOR, record
from msf.base.keys import LASTING, KeyMissing, Keys
from msf.base.keys.backup import Kept
from msf.respond.queries import LIVE, fitting_public, fitting_token
from msf.respond.rules import NoKey, public_half
from msf.rounds.models import Round

GRACE = timedelta(days=28)
"""How long after its round's last day a copy of a key may still be put back."""
OF_ROUNDS = ("tokens", "seals")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one secret of a copy: in words, and whether all is well with it."""

    entry: Kept
    words: str
    good: bool
    restored: bool = False


def entries(session: Session, keys: Keys, *, today: date) -> list[Kept]:
    """Every secret there is that may be copied: of rounds with sealed answers, of key holders, and those that last."""
    rows = {row.id: row for row in session.exec(select(Round).where(col(Round.state).in_(LIVE)))}
    return [
        Kept(kind, name, secret, _until(rows.get(name), today), _label(session, kind, name, rows))
        for kind in keys.kinds()
        for name in keys.kind(kind).names()
        if (kind not in OF_ROUNDS or name in rows) and (secret := _secret(keys, kind, name))
    ]


def _secret(keys: Keys, kind: str, name: str) -> bytes:
    try:
        return keys.kind(kind).read(name)
    except KeyMissing:
        return b""


def _until(row: Round | None, today: date) -> date | None:
    """A round that waits for its key holders may wait for longer than its last day."""
    return max(row.closes_on, today) + GRACE if row else None


def _label(session: Session, kind: str, name: str, rows: dict[str, Round]) -> str:
    if name in rows:
        return f"round {rows[name].reference}"
    account = session.get(Account, name) if kind == "holders" else None
    return f"key holder {account.name}" if account else "the installation" if name == LASTING else name


def note_copy(session: Session, copied: Iterable[Kept], *, now: datetime) -> None:
    """Record that a copy was taken, for each organisation whose rounds are in it and for the installation."""
    _note(session, "keys.copied", Counter(_owner(session, entry) for entry in copied), now)


def verdicts(session: Session, copied: Iterable[Kept], *, now: datetime) -> Iterator[Verdict]:
    """What each secret of a copy is worth now."""
    for entry in copied:
        wrong, good = judged(session, entry, today=now.date())
        yield Verdict(entry, wrong or "fits", good and not wrong)


def judged(session: Session, entry: Kept, *, today: date) -> tuple[str, bool]:
    """Why a secret of a copy may not be put back, or nothing; and whether that is as it should be."""
    if entry.kind in OF_ROUNDS:
        return _judged_of_round(session, session.get(Round, entry.name), entry, today)
    if entry.kind == "holders":
        account = session.get(Account, entry.name)
        if account is None:
            return "there is no such account here", False
        return ("", True) if _is_holder_key(entry) else ("it is damaged", False)
    return ("", True) if len(entry.secret) == 32 else ("it is damaged", False)


def _judged_of_round(session: Session, row: Round | None, entry: Kept, today: date) -> tuple[str, bool]:
    if row is None:
        return "there is no such round here", False
    if row.state not in LIVE:
        return "the round is over: destroy this copy", False
    if entry.until is None or entry.until < today:
        return f"its time ended on {entry.until or today}: destroy this copy", False
    return ("", True) if fits(session, row, entry.kind, entry.secret) else ("it is not the key of this round", False)


def fits(session: Session, row: Round, kind: str, secret: bytes) -> bool:
    """Whether a secret is the one that this round's answers wait for."""
    if kind == "tokens":
        return fitting_token(session, row.id, secret)
    try:
        return bool(fitting_public(row.id, row.seal_public, secret))
    except KeyMissing:
        return False


def _is_holder_key(entry: Kept) -> bool:
    try:
        return bool(public_half(entry.secret, entry.name))
    except NoKey:
        return False


def restore(session: Session, keys: Keys, copied: Iterable[Kept], *, now: datetime) -> list[Verdict]:
    """Put back what is missing or wrong here and right in the copy; a good key is never replaced.

    The rounds are held until this transaction ends, so that none of them closes meanwhile.
    """
    done = [_restored(session, keys, entry, now.date()) for entry in copied]
    _note(session, "keys.restored", Counter(_owner(session, each.entry) for each in done if each.restored), now)
    return done


def _restored(session: Session, keys: Keys, entry: Kept, today: date) -> Verdict:
    if entry.kind in OF_ROUNDS:
        session.exec(select(Round).where(Round.id == entry.name).with_for_update()).first()
    wrong, _ = judged(session, entry, today=today)
    if wrong:
        return Verdict(entry, f"refused: {wrong}", False)
    store, there = keys.kind(entry.kind), _secret(keys, entry.kind, entry.name)
    if there == entry.secret:
        return Verdict(entry, "is here already", True)
    if _is_good(session, entry, there):
        return Verdict(entry, "kept: a good key is here, and the copy holds another one", True)
    store.destroy(entry.name)
    store.write(entry.name, entry.secret)
    return Verdict(entry, "put back", True, restored=True)


def _is_good(session: Session, entry: Kept, there: bytes) -> bool:
    """Whether what is here does what the secret of the copy would do."""
    now_here = Kept(entry.kind, entry.name, there, entry.until, entry.label)
    if entry.kind in OF_ROUNDS:
        row = session.get(Round, entry.name)
        return row is not None and fits(session, row, entry.kind, there)
    return _is_holder_key(now_here) if entry.kind == "holders" else len(there) == 32


def without_copy(session: Session, copied: Iterable[Kept]) -> list[str]:
    """The references of rounds with sealed answers that have no pair of keys in a copy."""
    have = {(entry.kind, entry.name) for entry in copied}
    rows = session.exec(select(Round).where(col(Round.state).in_(LIVE)).order_by(Round.reference))
    return [row.reference for row in rows if not all((kind, row.id) in have for kind in OF_ROUNDS)]


def _owner(session: Session, entry: Kept) -> str:
    row = session.get(Round, entry.name) if entry.kind in OF_ROUNDS else None
    account = session.get(Account, entry.name) if entry.kind == "holders" else None
    return (row or account).organisation_id if row or account else INSTALLATION  # type: ignore[union-attr]


def _note(session: Session, action: str, counts: Counter[str], now: datetime) -> None:
    for organisation_id, number in counts.items():
        record(
            session,
            organisation_id=organisation_id,
            actor=OPERATOR,
            action=action,
            object="keys",
            at=now,
            details={"secrets": number},
        )
