"""The two doors of this slice: one for the people who answer, one for the staff who open and close rounds."""

from msf.respond.views.desk import desk
from msf.respond.views.door import door

__all__ = ["desk", "door"]
