"""Pages of insights: programmes with their figures, and the analyst's export."""

from msf.insights.views.exports import exports
from msf.insights.views.pages import pages

__all__ = ["exports", "pages"]
