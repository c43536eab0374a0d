"""Pages about people and organisations: the start page, accounts, how long things are kept, and the record."""

from msf.accounts.views.people import administration, pages
from msf.accounts.views.retention import retention
from msf.accounts.views.trail import audit

__all__ = ["administration", "audit", "pages", "retention"]
