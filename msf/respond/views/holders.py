"""A key holder's pages: their own key, its passphrase, and the rounds that wait for them."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.accounts.guard.throttle import Counts
from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.base.keys.wrapping import WrongPassphrase
from msf.respond.forms import ChangePassphraseForm, NewPassphraseForm, UnlockForm
from msf.respond.operations import holding
from msf.respond.queries import depends_on, held_round, held_rounds
from msf.respond.rules import HasKey, KeyInUse

holders = Blueprint("holders", __name__, url_prefix="/keys")

Page = Response | tuple[str, int] | str
T = TypeVar("T")
TRIES = parse("6 per 15 minutes")
WRONG = "This passphrase does not open your key. Check capital letters and spaces, and try again"
SIZE = 25
_counts = FixedWindowRateLimiter(Counts())


def _keys() -> Keys:
    return Keys.at(current().keys)


def _tried(attempt: Callable[[], T]) -> T:
    """What `attempt` gives, unless this person has tried too often; counted in memory until one succeeds."""
    if not _counts.hit(TRIES, "passphrase", me().id):
        abort(429)
    done = attempt()
    _counts.clear(TRIES, "passphrase", me().id)
    return done


@holders.get("")
def index() -> str:
    """Whether there is a key, and which rounds are locked with it."""
    with reading() as session:
        found = held_rounds(session, me().id, keys=_keys())
    pages = max(1, -(-len(found) // SIZE))
    number = min(max(1, request.args.get("page", 1, type=_number)), pages)
    return render_template(
        "respond/keys.html",
        has_key=_keys().holders.has(me().id),
        rounds=found[(number - 1) * SIZE : number * SIZE],
        total=len(found),
        number=number,
        pages=pages,
        page_href=lambda page: url_for(".index", page=page),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@holders.route("/make", methods=["GET", "POST"])
def make() -> Page:
    """Make a key of one's own, once."""
    if _keys().holders.has(me().id):
        raise HasKey
    form = NewPassphraseForm()
    if not form.validate_on_submit():
        return render_template("respond/keys_make.html", form=form), 422 if form.errors else 200
    made = holding.fresh_key(me().id, form.passphrase.data or "")
    with transaction() as session:
        holding.make_key(session, keys=_keys(), made=made, by=me().id, now=utcnow())
    flash("You have a key. Rounds that are made from now on can be locked with it.", "success")
    return redirect(url_for(".index"), 303)


@holders.route("/passphrase", methods=["GET", "POST"])
def change() -> Page:
    """Choose another passphrase for the same key."""
    holding.kept_key(_keys(), me().id)
    form = ChangePassphraseForm()
    if not form.validate_on_submit() or not _changed(form):
        return render_template("respond/keys_change.html", form=form), 422 if form.errors else 200
    flash("Your passphrase is changed. The old one opens nothing any more.", "success")
    return redirect(url_for(".index"), 303)


def _changed(form: ChangePassphraseForm) -> bool:
    """Whether the passphrase given opened the key, so that it could be changed."""
    old, new = form.now.data or "", form.passphrase.data or ""
    try:
        changed = _tried(lambda: holding.rewrapped_key(_keys(), me().id, passphrase=old, new=new))
    except WrongPassphrase:
        form.now.errors = [WRONG]
        return False
    with transaction() as session:
        holding.change_passphrase(session, keys=_keys(), changed=changed, by=me().id, now=utcnow())
    return True


@holders.get("/forget")
def ask_forget() -> str:
    """Ask before a key goes whose passphrase is lost."""
    with reading() as session:
        if depends_on(session, me().id):
            raise KeyInUse
    return render_template("respond/keys_forget.html")


@holders.post("/forget")
def forget() -> Page:
    """Destroy the key, so that another can be made; refused while sealed answers wait for it."""
    with transaction() as session:
        holding.forget_key(session, keys=_keys(), by=me().id, now=utcnow())
    flash("Your key is destroyed. You can make another.", "success")
    return redirect(url_for(".index"), 303)


@holders.route("/<round_id>", methods=["GET", "POST"])
def unlock(round_id: str) -> Page:
    """Open the answers of a round that waits, with the passphrase; the key is in memory for that moment only."""
    form = UnlockForm()
    with reading() as session:
        held = held_round(session, me().id, round_id, keys=_keys())
    if not held.waits or not form.validate_on_submit():
        return render_template("respond/keys_round.html", form=form, held=held), 422 if form.errors else 200
    try:
        own = _tried(lambda: holding.holder_private(_keys(), me().id, form.passphrase.data or ""))
    except WrongPassphrase:
        form.passphrase.errors = [WRONG]
        return render_template("respond/keys_round.html", form=form, held=held), 422
    with transaction() as session:
        closed = holding.unlock_round(session, round_id, keys=_keys(), own=own, by=me().id, now=utcnow())
    flash(_done(held.reference, closed, held.others), "success")
    return redirect(url_for(".index"), 303)


def _done(reference: str, closed: bool, others: tuple[str, ...]) -> str:
    if closed:
        return f"Round {reference} is closed: its answers are opened and shuffled, and its keys are being destroyed."
    return f"Your share of round {reference} is given. {', '.join(others)} has to open it now."
