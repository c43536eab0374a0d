"""What staff did, one row an event, chained so that nobody can change the past unseen; nothing a rater does."""

from msf.base.audit.chain import link
from msf.base.audit.checks import LastCheck, last_check, note_check, note_health, note_installation, trouble
from msf.base.audit.events import INSTALLATION, OPERATOR, AuditEvent, record
from msf.base.audit.heads import Head, HeadsUnreadable, heads, lines_of, read_heads
from msf.base.audit.key import AuditKeyMissing, fingerprint
from msf.base.audit.outlet import OutletUnknown, outlet_of
from msf.base.audit.pruning import prune
from msf.base.audit.rows import Row, entries
from msf.base.audit.sealing import begin_again, reseal
from msf.base.audit.verifying import Checked, Fault, chains, verify

__all__ = [
    "INSTALLATION",
    "OPERATOR",
    "AuditEvent",
    "AuditKeyMissing",
    "Checked",
    "Fault",
    "Head",
    "HeadsUnreadable",
    "LastCheck",
    "OutletUnknown",
    "Row",
    "begin_again",
    "chains",
    "entries",
    "fingerprint",
    "heads",
    "last_check",
    "lines_of",
    "link",
    "note_check",
    "note_health",
    "note_installation",
    "outlet_of",
    "prune",
    "read_heads",
    "record",
    "reseal",
    "trouble",
    "verify",
]
