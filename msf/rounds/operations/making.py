"""Making a round: whose it is, what it asks and when, each checked before anything is stored."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session, select

from msf.accounts.models import Account, Organisation
from msf.accounts.queries import person, tenants
from msf.base.clock import today
from msf.base.tables import new_reference
from msf.instruments import Questionnaire, UnknownQuestionnaire, find
from msf.rounds import rules
from msf.rounds.models import Round
from msf.rounds.operations.deeds import record_deed
from msf.rounds.operations.locks import check_holders


def create_round(
    session: Session,
    *,
    organisation_id: str,
    practitioner_id: str,
    colleague_questionnaire: str | None,
    patient_questionnaire: str | None,
    opens_on: date,
    closes_on: date,
    by: str,
    now: datetime,
    k: int = 5,
    target_colleagues: int = 15,
    target_patients: int = 34,
    floor_colleagues: int = 8,
    floor_patients: int = 20,
    reminder_days: Sequence[int] = (7, 14, 21),
    key_mode: str = "standard",
    key_holders: Sequence[str] = (),
    holders_needed: int = 1,
    have_keys: Collection[str] = (),
    field: str | None = None,
) -> Round:
    """Make a draft round for a practitioner of `organisation_id`, an organisation that `by` works for or serves.

    `have_keys` names the accounts that have a key, of which strict rounds choose their holders. `field` is where the
    practitioner works, a path of `rules.FIELDS`.
    """
    practitioner = _practitioner(session, organisation_id, practitioner_id, by)
    zone = session.exec(select(Organisation.zone).where(Organisation.id == organisation_id)).one()
    rules.check_dates(opens_on, closes_on, today=today(now, zone))
    rules.check_numbers(
        k=k,
        targets={"colleagues": target_colleagues, "patients": target_patients},
        floors={"colleagues": floor_colleagues, "patients": floor_patients},
    )
    rules.check_lock(key_mode, key_holders, holders_needed)
    check_holders(
        session,
        key_holders,
        organisation_id=organisation_id,
        practitioner_id=practitioner_id,
        have_keys=have_keys,
    )
    made = Round(
        organisation_id=organisation_id,
        practitioner_id=practitioner_id,
        reference=_free_reference(session),
        colleague_questionnaire=_fitting(colleague_questionnaire, "colleagues", practitioner),
        patient_questionnaire=_fitting(patient_questionnaire, "patients", practitioner),
        field=rules.check_field(field, practitioner.profession),
        opens_on=opens_on,
        closes_on=closes_on,
        k=k,
        target_colleagues=target_colleagues,
        target_patients=target_patients,
        floor_colleagues=floor_colleagues,
        floor_patients=floor_patients,
        reminder_days=list(rules.check_reminders(reminder_days)),
        key_mode=key_mode,
        key_holders=list(key_holders),
        holders_needed=holders_needed,
        created_at=now,
    )
    if made.colleague_questionnaire is None and made.patient_questionnaire is None:
        raise rules.RoundRefused("Choose at least one questionnaire.", field="colleague_questionnaire")
    session.add(made)
    session.flush()
    record_deed(session, made, "round.made", by, now, {"k": k, "key_mode": key_mode})
    return made


def _practitioner(session: Session, organisation_id: str, practitioner_id: str, by: str) -> Account:
    """The practitioner, if they are one, of this organisation, and `by` may act for it; all else looks alike."""
    found = session.get(Account, practitioner_id)
    right = found and found.active and found.organisation_id == organisation_id and "practitioner" in found.role_names
    if found is None or not right or organisation_id not in tenants(session, person(session, by)):
        raise rules.RoundRefused("Choose a practitioner of an organisation you work with.", field="practitioner_id")
    return found


def _fitting(name: str | None, family: str, practitioner: Account) -> str | None:
    """The full name of a questionnaire that is released and meant for this family and profession."""
    if not name:
        return None
    field = {"colleagues": "colleague_questionnaire", "patients": "patient_questionnaire"}[family]
    try:
        found = find(name)
    except UnknownQuestionnaire:
        raise rules.RoundRefused("There is no such questionnaire. Choose one from the list.", field=field) from None
    if not fits(found, family, practitioner.profession):
        raise rules.RoundRefused(
            "This questionnaire is not meant for this practitioner. Choose another from the list.", field=field
        )
    return found.reference_name


def fits(questionnaire: Questionnaire, family: str, profession: str | None) -> bool:
    """Whether a questionnaire may be used in this family for somebody of this profession."""
    return questionnaire.released and questionnaire.family == family and profession in questionnaire.professions


def _free_reference(session: Session) -> str:
    while True:
        reference = new_reference("R")
        if session.exec(select(Round.id).where(Round.reference == reference)).first() is None:
            return reference
