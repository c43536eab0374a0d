"""The one write of insights: an export of what may leave the site, and its note in the record."""

from msf.insights.operations.exporting import MOST, Exported, left_out, record_export, write_export
from msf.insights.operations.packing import pack
from msf.insights.operations.writing import FORMATS, available

__all__ = ["FORMATS", "MOST", "Exported", "available", "left_out", "pack", "record_export", "write_export"]
