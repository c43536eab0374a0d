"""Naming the key holders of a round, checked when it is made and again when it opens."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from msf.accounts.models import Organisation
from msf.accounts.queries import Person, person
from msf.base.errors import NotFound
from msf.rounds import rules


def check_holders(
    session: Session, holders: Sequence[str], *, organisation_id: str, practitioner_id: str, have_keys: Collection[str]
) -> None:
    """Refuse holders who are not key holders of the service that runs this organisation's rounds, or a party.

    `have_keys` names the accounts that have a key.
    """
    own = session.get_one(Organisation, organisation_id)
    for holder_id in holders:
        holder = _person(session, holder_id)
        rules.check_holder(
            holder.name if holder else "",
            holder.roles if holder and holder.organisation_id in (own.served_by, own.id) else (),
            active=holder is not None and holder.active,
            subject=holder_id == practitioner_id,
            has_key=holder_id in have_keys,
        )


def _person(session: Session, account_id: str) -> Person | None:
    try:
        return person(session, account_id)
    except NotFound:
        return None
