"""The doors of this slice: for the people who answer, for staff who open and close rounds, and for key holders."""

from msf.respond.views.desk import desk
from msf.respond.views.door import door
from msf.respond.views.holders import holders

__all__ = ["desk", "door", "holders"]
