"""Every write to who is asked: proposing, deciding, inviting; each under the lock of its round, audited by counts."""

from msf.invitations.operations.forgetting import forget_addresses
from msf.invitations.operations.nominating import approve_all, decide, nominate, remove_nominee
from msf.invitations.operations.patients import add_cards, add_patients, revoke_cards
from msf.invitations.operations.places import check_enough, invite_approved

__all__ = [
    "add_cards",
    "add_patients",
    "approve_all",
    "check_enough",
    "decide",
    "forget_addresses",
    "invite_approved",
    "nominate",
    "remove_nominee",
    "revoke_cards",
]
