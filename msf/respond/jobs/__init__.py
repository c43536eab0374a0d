"""What the door does by itself: opens and closes rounds on their dates, reminds the silent, destroys keys."""

from msf.respond.jobs.dates import SYSTEM, tick
from msf.respond.jobs.ending import finish_close
from msf.respond.jobs.holders import Alarm, tell_holder
from msf.respond.jobs.letters import remind

__all__ = ["SYSTEM", "Alarm", "finish_close", "remind", "tell_holder", "tick"]
