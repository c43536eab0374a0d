"""Pages about people and organisations: the start page, accounts, and how long things are kept."""

from msf.accounts.views.people import administration, pages
from msf.accounts.views.retention import retention

__all__ = ["administration", "pages", "retention"]
