"""Every night each chain of the record is checked, its head sent out of reach, and both noted."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msf.base import audit
from msf.base.config import current
from msf.base.db import reading, transaction

log = logging.getLogger(__name__)


def send_heads(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Check every chain and send the heads to where `MSF_AUDIT_HEADS` says; what fails is tried again as a whole."""
    with reading() as session:
        found = [audit.verify(session, each) for each in audit.chains(session)]
        heads = audit.heads(session)
    for each in found:
        if each.fault is not None:
            log.error(
                "The record of %s does not hold: entry %s %s",
                each.organisation_id,
                each.fault.sequence,
                each.fault.what,
            )
    outlet = audit.outlet_of(current().audit_heads)
    if outlet is not None and heads:
        outlet.send(audit.lines_of(heads, now), now=now)
    with transaction() as session:
        audit.note_check(session, found, sent_to=outlet.kind if outlet and heads else None, now=now)
