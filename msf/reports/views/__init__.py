"""Pages of reports: reading comments, checking, releasing, and the report itself with its files."""

import msf.reports.views.appeals  # noqa: F401  (more routes of two blueprints)
from msf.reports.views.benchmarks import benchmarks
from msf.reports.views.moderation import moderation
from msf.reports.views.reading import pages
from msf.reports.views.release import release
from msf.reports.views.review import review

__all__ = ["benchmarks", "moderation", "pages", "release", "review"]
