"""The words that are planted in a round, and where each may stand while it is open and after its report is released."""

from collections.abc import Iterable, Mapping

from tests.canaries.search import Canaries

NAME = "Quokka Quibblethorpe"
ADDED = "Numbat Nettleworth"
HOST = "zwqperch.example"
COMMENT = "Wombat whiffles at the zinc dusk"
OWN_WORDS = "Bandicoot broods beyond the barn"
MAIL = "bilby.burrow77@example.org"
PASSWORD = "potoroo-paddles-quietly-7"

TABLES = (r"home/msf\.db.*",)
"""The files of SQLite, in which everything stands that stands in a table."""


def canaries(codes: Iterable[str] = (), receipts: Iterable[str] = ()) -> Canaries:
    """Everything that is planted, and the codes and receipts that were given out."""
    return Canaries(
        {
            "name": [NAME],
            "name added by the organisation": [ADDED],
            "address": [HOST],
            "comment": [COMMENT],
            "own words": [OWN_WORDS],
            "practitioner's address": [MAIL],
            "password": [PASSWORD],
            "code": [*codes, *(_grouped(code) for code in codes)],
            "receipt": [*receipts, *(_grouped(receipt) for receipt in receipts)],
        }
    )


def _grouped(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


WHILE_OPEN: Mapping[str, tuple[str, ...]] = {
    "name": (*TABLES, r"nominee\.name", r"invitation\.name", "page for coordinator .*", "page for case_manager .*",
             "page for practitioner .*"),
    "name added by the organisation": (*TABLES, r"nominee\.name", r"invitation\.name", "page for coordinator .*",
                                       "page for case_manager .*"),
    "address": (*TABLES, r"nominee\.address", r"invitation\.address", "page for coordinator .*",
                "page for case_manager .*", "page for practitioner .*"),
    "own words": (*TABLES, r"self_assessment\.comments", "page for practitioner .*"),
    "practitioner's address": (*TABLES, r"account\.email", "page for administrator /people.*",
                               "page for practitioner /(account|password).*"),
}  # fmt: skip
"""By kind: the columns, files and pages it may stand in. A comment, a code, a receipt or a password: nowhere at all."""

READERS = ("practitioner", "facilitator", "coordinator", "case_manager", "quality_reviewer")

RELEASED: Mapping[str, tuple[str, ...]] = {
    **WHILE_OPEN,
    "comment": (*TABLES, r"comment\.text", r"report_file\.content", "page for moderator /rounds/.*/comments.*",
                *(f"page for {role} /(reports|rounds)/.*" for role in READERS)),
    "own words": (*TABLES, r"self_assessment\.comments", r"report\.results", r"report_file\.content",
                  *(f"page for {role} /(reports|rounds)/.*" for role in READERS)),
}  # fmt: skip
"""The same after the report was released to the practitioner and to the organisation."""
