"""Every read of reports: who may open which, the document itself, and the benchmarks that stand in it."""

from msf.reports.queries.benchmarks import (
    BenchmarkRow,
    benchmark_row,
    benchmark_rows,
    benchmarks_of,
    candidates,
    made_already,
)
from msf.reports.queries.shelf import (
    Moderated,
    Opened,
    ReportRow,
    account_name,
    file_of,
    moderated,
    openable,
    opened,
    opened_of,
    printed,
    question_text,
    readable_comments,
    report_of,
    reports_of,
)

__all__ = [
    "BenchmarkRow",
    "Moderated",
    "Opened",
    "ReportRow",
    "account_name",
    "benchmark_row",
    "benchmark_rows",
    "benchmarks_of",
    "candidates",
    "file_of",
    "made_already",
    "moderated",
    "openable",
    "opened",
    "opened_of",
    "printed",
    "question_text",
    "readable_comments",
    "report_of",
    "reports_of",
]
