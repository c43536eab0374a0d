"""What the installation does every night: the record is checked and its heads sent out, then what is due is deleted."""

from msf.accounts.jobs.forgetting import forgetting, scrub
from msf.accounts.jobs.heads import send_heads
from msf.accounts.jobs.nights import tick

__all__ = ["forgetting", "scrub", "send_heads", "tick"]
