"""Pages of the people who are asked: the list, decisions about it, patients and their cards."""

from msf.invitations.views.pages import pages
from msf.invitations.views.patients import patients

__all__ = ["pages", "patients"]
